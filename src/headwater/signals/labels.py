"""What an alert is about, by its labels: the object nearest to the trouble, never the exporter that measured it or who told of it."""

from collections.abc import Iterator
from typing import Any

from headwater.model.entities import SCHEME_SERVICE_NAME, Reference
from headwater.model.heads import EventHead
from headwater.signals.peers import host_reference
from headwater.signals.references import NOTHING, about_of, cluster_of, is_stated, object_reference, text_at
from headwater.signals.words import clean_name

OBJECT_LABELS = (
    ("persistentvolumeclaim", "PersistentVolumeClaim"), ("horizontalpodautoscaler", "HorizontalPodAutoscaler"),
    ("hpa", "HorizontalPodAutoscaler"),
    ("poddisruptionbudget", "PodDisruptionBudget"), ("resourcequota", "ResourceQuota"), ("job_name", "Job"), ("cronjob", "CronJob"),
    ("exported_pod", "Pod"), ("pod", "Pod"), ("pod_name", "Pod"), ("kubernetes_pod_name", "Pod"), ("k8s_pod_name", "Pod"),
    ("statefulset", "StatefulSet"), ("deployment", "Deployment"), ("daemonset", "DaemonSet"), ("replicaset", "ReplicaSet"),
    ("ingress", "Ingress"), ("persistentvolume", "PersistentVolume"),
)  # fmt: skip
"""Objects by the labels that kube-state-metrics, the kubelet and service discovery give them; the first that an alert has is meant."""

SERVICE_LABELS = (
    "exported_service", "service", "service_name", "destination_service_name", "destination_workload", "destination_canonical_service",
    "sloth_service", "app_kubernetes_io_name", "app", "application", "k8s_app", "consumergroup", "consumer_group", "target",
)  # fmt: skip
"""Services, as meshes, proxies, brokers and objectives label them."""

NODE_LABELS = ("node", "kubernetes_node", "k8s_node_name", "nodename", "node_name")
HOST_LABELS = ("instance", "hostname", "host", "url", "domain")
NAMESPACE_LABELS = ("exported_namespace", "namespace", "destination_service_namespace", "destination_workload_namespace",
    "k8s_namespace_name",
    "kubernetes_namespace")  # fmt: skip

MEASURING_NODES = (
    "node-exporter",
    "node_exporter",
    "nodeexporter",
    "windows-exporter",
    "windows_exporter",
    "smartctl",
    "node-problem-detector",
)
"""Who runs on each node and measures the node, not himself."""

MEASURING = (*MEASURING_NODES, "exporter", "kube-state-metrics", "kubelet", "cadvisor", "kubernetes-pods", "kubernetes-service-endpoints",
    "prometheus", "alertmanager", "scrape")  # fmt: skip
"""Who measures others, or only names a way of measuring: no subject of an alert."""


def labelled(event: EventHead) -> Reference | None:
    """What the labels name; where the collector itself says it, that; None where nobody does."""
    if is_stated(event):
        return about_of(event)
    labels, cluster = _labels_of(event), cluster_of(event)
    namespace = next(_texts(labels, NAMESPACE_LABELS), "")
    if _measures_nodes(labels):
        return _node(labels, cluster) or _host(labels, cluster, namespace, is_node=True)
    return (
        _object(labels, cluster, namespace)
        or _service(labels, cluster, namespace, SERVICE_LABELS)
        or _node(labels, cluster)
        or _host(labels, cluster, namespace, is_node=False)
        or _service(labels, cluster, namespace, ("job",))
    )


def _labels_of(event: EventHead) -> dict[str, Any]:
    attributes = event.attributes or NOTHING
    nested = attributes.get("labels")
    return {**nested, **attributes} if isinstance(nested, dict) else attributes


def _object(labels: dict[str, Any], cluster: str, namespace: str) -> Reference | None:
    for label, kind in OBJECT_LABELS:
        name = text_at(labels, label)
        if name and not (kind == "Pod" and _measures(name)):
            return object_reference(cluster, kind, namespace, name)
    return None


def _service(labels: dict[str, Any], cluster: str, namespace: str, names: tuple[str, ...]) -> Reference | None:
    for name in _texts(labels, names):
        if not _measures(name):
            return host_reference(name, Reference(cluster, SCHEME_SERVICE_NAME, namespace and clean_name(namespace), ""))
    return None


def _node(labels: dict[str, Any], cluster: str) -> Reference | None:
    name = next(_texts(labels, NODE_LABELS), "")
    return object_reference(cluster, "Node", "", name) if name else None


def _host(labels: dict[str, Any], cluster: str, namespace: str, *, is_node: bool) -> Reference | None:
    for name in _texts(labels, HOST_LABELS):
        found = host_reference(name, Reference(cluster, SCHEME_SERVICE_NAME, namespace and clean_name(namespace), ""))
        if found is not None and is_node and found.scheme == SCHEME_SERVICE_NAME:
            return object_reference(cluster, "Node", "", found.name)
        if found is not None:
            return found
    return None


def _measures(name: str) -> bool:
    return any(word in name.lower() for word in MEASURING)


def _measures_nodes(labels: dict[str, Any]) -> bool:
    return any(word in name.lower() for name in _texts(labels, ("job", "service", "app", "container")) for word in MEASURING_NODES)


def _texts(labels: dict[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    return (value for name in names if (value := text_at(labels, name)))
