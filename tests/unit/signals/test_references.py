"""What an event is about and whom it blames, by the order in which it may say so."""

from typing import Any

import msgspec
import pytest

from headwater.model.entities import Reference
from headwater.model.heads import EventHead
from headwater.signals.peers import host_reference, peer_of
from headwater.signals.references import about_of, is_stated, node_of, workload_of

ABOUT = Reference("default", "service.name", "shop", "cart")


def head(event: dict[str, Any]) -> EventHead:
    return msgspec.convert({"id": "e", **event}, EventHead)


@pytest.mark.parametrize(
    ("event", "about"),
    [
        (
            {"k8s_context": {"kind": "Pod", "name": "a", "namespace": "n", "uid": "u"}, "entity": {"type": "service", "name": "b"}},
            "default/Pod/n/a",
        ),
        ({"k8s_context": {"name": "a", "namespace": "n"}}, "default/Pod/n/a"),
        ({"k8s_context": {"name": "a"}, "kubernetes": {"object_kind": "Job"}}, "default/Job//a"),
        ({"k8s_context": {"kind": "Node", "name": "a", "namespace": "n"}}, "default/Node//a"),
        ({"k8s_context": {"kind": "pod", "name": "a", "cluster_name": "east"}}, "east/Pod//a"),
        ({"k8s_context": {"kind": "Widget", "name": "a", "namespace": "n"}}, "default/Widget/n/a"),
        ({"k8s_context": {"kind": "Pod", "uid": "u-1", "namespace": "n"}}, "default/uid//u-1"),
        ({"k8s_context": {"namespace": "n"}, "entity": {"type": "Service", "name": "b"}}, "default/Service/n/b"),
        ({"entity": {"type": "pod", "name": "a", "namespace": "n"}}, "default/Pod/n/a"),
        ({"entity": {"type": "container", "name": "docker://0a1b"}}, "default/container//0a1b"),
        ({"entity": {"type": "process", "uid": "u-2"}}, "default/uid//u-2"),
        ({"entity": {"type": "database", "name": "mysql", "namespace": "n"}}, "default/service.name/n/mysql"),
        ({"kubernetes": {"object": "replicaset/a", "cluster_name": "east"}, "attributes": {"namespace": "n"}}, "east/ReplicaSet/n/a"),
        ({"kubernetes": {"object": "thing/a"}}, "default/Pod//a"),
        ({"attributes": {"service.name": "cart", "k8s.namespace.name": "n", "k8s.pod.name": "a"}}, "default/service.name/n/cart"),
        ({"attributes": {"k8s.pod.name": "a", "k8s.namespace.name": "n"}}, "default/Pod/n/a"),
        ({"attributes": {"k8s.pod.uid": "u-3"}}, "default/uid//u-3"),
        ({"attributes": {"container.id": "containerd://0a1b"}}, "default/container//0a1b"),
        ({"source": "api"}, "default/service.name//api"),
        ({}, "default/service.name//unknown"),
        ({"k8s_context": {"kind": "Pod", "name": "a/b\x00", "namespace": "n/m"}}, "default/Pod/n_m/a_b"),
    ],
)
def test_what_an_event_is_about(event: dict[str, Any], about: str) -> None:
    assert str(about_of(head(event))) == about
    assert is_stated(head(event)) is not about.endswith(("/api", "/unknown"))


@pytest.mark.parametrize(
    ("event", "peer"),
    [
        ({"attributes": {"peer.service": "stock", "server.address": "10.0.0.1"}}, "default/service.name/shop/stock"),
        ({"attributes": {"server.address": "10.0.0.1"}, "network": {"dest_ip": "10.0.0.2"}}, "default/address//10.0.0.1"),
        ({"network": {"dest_ip": "10.0.0.2"}}, "default/address//10.0.0.2"),
        ({"network": {"dest_ip": "10.0.0.2"}, "attributes": {"span.kind": "SERVER"}}, None),
        ({"attributes": {"server.address": "cart", "kind": "server"}}, None),
        ({"attributes": {"peer.service": "stock", "kind": "server"}}, "default/service.name/shop/stock"),
        ({"attributes": {"peer.service": "cart"}}, None),
        ({"attributes": {"peer.service": ""}}, None),
        ({}, None),
    ],
)
def test_whom_an_event_blames(event: dict[str, Any], peer: str | None) -> None:
    found = peer_of(head(event), ABOUT)
    assert (str(found) if found else None) == peer


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("stock:8080", "service.name/shop/stock"),
        ("http://user:secret@stock.shop.svc.cluster.local.:8080/a?b", "service.name/shop/stock.shop.svc.cluster.local"),
        ("redis:6379/Interactive", "service.name/shop/redis"),
        ("[fd00::1]:80", "address//fd00::1"),
        ("fd00::1", "address//fd00::1"),
        ("10.0.0.1:80", "address//10.0.0.1"),
        ("127.0.0.1:80", None),
        ("LOCALHOST", None),
        ("...", None),
        ("http://", None),
    ],
)
def test_hosts_are_read_as_people_write_them(host: str, name: str | None) -> None:
    found = host_reference(host, ABOUT)
    assert (str(found) if found else None) == (f"default/{name}" if name else None)


def test_a_pods_node_is_where_it_says() -> None:
    assert str(node_of(head({"k8s_context": {"name": "a", "node_name": "n1"}}))) == "default/Node//n1"
    assert str(node_of(head({"attributes": {"k8s.node.name": "n2"}}))) == "default/Node//n2"
    assert node_of(head({})) is None


@pytest.mark.parametrize(
    ("context", "workload"),
    [
        ({"kind": "ReplicaSet", "name": "cart-64ddc5c766"}, "Deployment/shop/cart"),
        ({"kind": "ReplicaSet", "name": "cart-aeiou12345"}, "ReplicaSet/shop/cart-aeiou12345"),
        ({"kind": "Pod", "name": "cart-1", "workload_kind": "StatefulSet", "workload_name": "cart"}, "StatefulSet/shop/cart"),
        (
            {"kind": "Pod", "name": "cart-64ddc5c766-x", "owner_references": [{"kind": "ReplicaSet", "name": "cart-64ddc5c766"}]},
            "Deployment/shop/cart",
        ),
        (
            {
                "kind": "ReplicaSet",
                "name": "a",
                "owner_references": [{"kind": "X", "name": "x"}, {"kind": "Deployment", "name": "b", "controller": True}],
            },
            "Deployment/shop/b",
        ),
        ({"kind": "Pod", "name": "static", "owner_references": [{"kind": "Node", "name": "n1"}]}, "Pod/shop/static"),
        ({"kind": "StatefulSet", "name": "mysql"}, "StatefulSet/shop/mysql"),
    ],
)
def test_the_workload_behind_a_subject(context: dict[str, Any], workload: str) -> None:
    event = head({"k8s_context": {"namespace": "shop", **context}})
    assert str(workload_of(event, about_of(event))) == f"default/{workload}"
