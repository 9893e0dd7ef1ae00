"""The parts that objects of one kind have in common."""

from typing import Any

import msgspec
from bench.unseen.clusters import Workload

Content = dict[str, Any]
API_VERSIONS = {
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "ReplicaSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "EndpointSlice": "discovery.k8s.io/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "Ingress": "networking.k8s.io/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "PodDisruptionBudget": "policy/v1",
    "StorageClass": "storage.k8s.io/v1",
    "ValidatingWebhookConfiguration": "admissionregistration.k8s.io/v1",
    "VirtualService": "networking.istio.io/v1",
    "DestinationRule": "networking.istio.io/v1",
    "AuthorizationPolicy": "security.istio.io/v1",
    "RoleBinding": "rbac.authorization.k8s.io/v1",
    "ClusterRole": "rbac.authorization.k8s.io/v1",
}
LONG_AGO = "2026-01-14T08:00:00Z"
CLUSTER_WIDE = frozenset({"Node", "Namespace", "PersistentVolume", "StorageClass", "ValidatingWebhookConfiguration", "ClusterRole"})


class Thing(msgspec.Struct, frozen=True):
    """An object that an event is about."""

    kind: str
    name: str
    namespace: str = ""
    uid: str = ""
    node: str = ""
    app: str = ""
    address: str = ""


def owner_of(thing: Thing) -> Content:
    """The reference of what is owned to its owner."""
    return {"apiVersion": API_VERSIONS.get(thing.kind, "v1"), "kind": thing.kind, "name": thing.name, "uid": thing.uid, "controller": True}


def labels_of(workload: Workload) -> dict[str, str]:
    """Of its pods, and of itself."""
    return {"app.kubernetes.io/name": workload.name, **workload.labels}


def containers_of(workload: Workload) -> list[Content]:
    """Of its pods."""
    resources = {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"cpu": workload.cpu, "memory": workload.memory}}
    main: Content = {"name": workload.name, "image": workload.image, "resources": resources}
    if workload.port:
        main["ports"] = [{"containerPort": workload.port, "protocol": "TCP"}]
        probe = (
            {"httpGet": {"path": workload.probe_path, "port": workload.port}}
            if workload.probe_path
            else {"tcpSocket": {"port": workload.port}}
        )
        main |= {
            "readinessProbe": {**probe, "periodSeconds": 5, "failureThreshold": 3},
            "livenessProbe": {**probe, "periodSeconds": 10, "failureThreshold": 3},
        }
    main["env"] = [{"name": name, "value": ""} for name in workload.environment]
    main["envFrom"] = [{"configMapRef": {"name": name}} for name in workload.configs] + [
        {"secretRef": {"name": name}} for name in workload.secrets
    ]
    sidecar = (
        [{"name": "istio-proxy", "image": "docker.io/istio/proxyv2:1.24.2", "ports": [{"containerPort": 15090}]}]
        if workload.has_sidecar
        else []
    )
    return [main, *sidecar, *({"name": name, "image": image} for name, image in workload.beside.items())]


def pod_spec_of(workload: Workload, pod: str) -> Content:
    """Of a pod of this name, or of a template where that is empty."""
    spec: Content = {"containers": containers_of(workload), "serviceAccountName": "default"}
    if workload.claim and pod:
        spec["volumes"] = [{"name": "data", "persistentVolumeClaim": {"claimName": f"data-{pod}"}}]
    return spec


def node_labels_of(node: str, zone: str) -> dict[str, str]:
    """As a cloud sets them."""
    return {
        "kubernetes.io/hostname": node,
        "topology.kubernetes.io/zone": zone,
        "topology.kubernetes.io/region": zone[:-1],
        "kubernetes.io/os": "linux",
    }


def node_status_of(place: int) -> Content:
    """Of a node that is well."""
    good = {
        "Ready": ("True", "KubeletReady"),
        "MemoryPressure": ("False", "KubeletHasSufficientMemory"),
        "DiskPressure": ("False", "KubeletHasNoDiskPressure"),
        "PIDPressure": ("False", "KubeletHasSufficientPID"),
    }
    conditions = [
        {"type": kind, "status": status, "reason": reason, "lastTransitionTime": LONG_AGO} for kind, (status, reason) in good.items()
    ]
    return {
        "conditions": conditions,
        "addresses": [{"type": "InternalIP", "address": f"10.20.{place}.17"}],
        "capacity": {"cpu": "8", "memory": "32Gi", "pods": "110"},
        "allocatable": {"cpu": "7910m", "memory": "30Gi", "pods": "110"},
    }
