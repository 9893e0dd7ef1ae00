"""What alerts are about: the object nearest to the trouble among their labels, never who measured it."""

from typing import Any

import pytest

from headwater.model.heads import EntityHead, EventHead
from headwater.signals.labels import labelled


def named(**labels: Any) -> str:
    found = labelled(EventHead(id="e", source="alertmanager", attributes={"alertname": "Anything", **labels}))
    return "" if found is None else f"{found.scheme}/{found.namespace}/{found.name}"


@pytest.mark.parametrize(
    ("labels", "meant"),
    [
        ({"pod": "cart-1", "namespace": "shop", "service": "cart", "node": "a"}, "Pod/shop/cart-1"),
        ({"persistentvolumeclaim": "data-0", "namespace": "shop", "node": "a", "job": "kubelet"}, "PersistentVolumeClaim/shop/data-0"),
        ({"deployment": "cart", "namespace": "shop", "pod": "kube-state-metrics-5d9"}, "Deployment/shop/cart"),
        (
            {"exported_pod": "cart-1", "exported_namespace": "shop", "pod": "kube-state-metrics-5d9", "namespace": "monitoring"},
            "Pod/shop/cart-1",
        ),
        ({"job_name": "report-1", "namespace": "shop"}, "Job/shop/report-1"),
        ({"service": "cart", "namespace": "shop"}, "service.name/shop/cart"),
        ({"destination_workload": "cart", "destination_workload_namespace": "shop"}, "service.name/shop/cart"),
        ({"instance": "node-a:9100", "job": "node-exporter", "pod": "node-exporter-x7", "namespace": "monitoring"}, "Node//node-a"),
        ({"instance": "10.0.0.7:9100", "job": "node-exporter"}, "address//10.0.0.7"),
        ({"node": "node-a", "instance": "10.0.0.7:9100"}, "Node//node-a"),
        ({"instance": "https://cart.example/health", "job": "blackbox-exporter"}, "service.name//cart.example"),
        ({"job": "kube-dns"}, "service.name//kube-dns"),
        ({"labels": {"pod": "cart-1", "namespace": "shop"}}, "Pod/shop/cart-1"),
    ],
)
def test_the_object_nearest_to_the_trouble_is_meant(labels: dict[str, Any], meant: str) -> None:
    assert named(**labels) == meant


@pytest.mark.parametrize(
    "labels",
    [
        {},
        {"job": "kubelet", "service": "kubelet", "namespace": "kube-system"},
        {"pod": "postgres-exporter-1", "job": "prometheus"},
        {"pod": 7},
    ],
)
def test_who_only_measures_is_never_meant(labels: dict[str, Any]) -> None:
    assert named(**labels) == ""


def test_what_the_collector_says_itself_comes_before_labels() -> None:
    event = EventHead(id="e", entity=EntityHead(type="pod", name="cart-1", namespace="shop"), attributes={"pod": "other-1"})
    found = labelled(event)
    assert found is not None
    assert found.name == "cart-1"
