"""The kinds the graph relates, and how else they are written."""

from headwater.model.entities import CLUSTER_SCOPED_KINDS
from headwater.model.relations import Relation

KINDS = (
    "Pod", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController",
    "Service", "EndpointSlice", "Endpoints", "Ingress", "HTTPRoute", "HorizontalPodAutoscaler",
    "Node", "Namespace", "ConfigMap", "Secret", "PersistentVolumeClaim", "PersistentVolume", "StorageClass", "CSIDriver",
    "ControllerRevision", "ServiceAccount", "ResourceQuota", "LimitRange", "NetworkPolicy", "PodDisruptionBudget",
    "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration",
    "VirtualService", "DestinationRule", "AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication", "Sidecar", "Server",
    "CiliumNetworkPolicy", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding",
)  # fmt: skip

_SHORT_NAMES = {
    "po": "Pod", "rs": "ReplicaSet", "deploy": "Deployment", "sts": "StatefulSet", "ds": "DaemonSet", "cj": "CronJob",
    "rc": "ReplicationController", "svc": "Service", "ep": "Endpoints", "endpoint": "Endpoints", "ing": "Ingress",
    "hpa": "HorizontalPodAutoscaler", "no": "Node", "host": "Node", "ns": "Namespace", "cm": "ConfigMap",
    "pvc": "PersistentVolumeClaim", "pv": "PersistentVolume", "sc": "StorageClass", "sa": "ServiceAccount", "quota": "ResourceQuota",
    "limits": "LimitRange", "netpol": "NetworkPolicy", "pdb": "PodDisruptionBudget",
}  # fmt: skip

_BY_WRITING = {
    **{kind.lower(): kind for kind in (*KINDS, "External")},
    **{f"{kind.lower()}s": kind for kind in KINDS if not kind.endswith("s")},
    **_SHORT_NAMES,
}

COLLAPSED_KINDS = frozenset({"ReplicaSet", "Job"})
"""Owners that mostly have an owner themselves, who is meant."""

HUB_RELATIONS = frozenset({Relation.PROVISIONS, Relation.ZONE_OF, Relation.PULLED_BY})
"""Relations of what nearly everything hangs on: walks over the neighbourhood stop before them."""

LONG_RUNNING_KINDS = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
"""Workloads that serve, and stand for their own service where no Service selects them."""


def kind_named(text: str) -> str:
    """The kind as Kubernetes writes it; a kind nobody knows stays as it is."""
    return text if text in CLUSTER_SCOPED_KINDS else _BY_WRITING.get(text.lower(), text)


def is_cluster_scoped(kind: str) -> bool:
    """Whether its objects have no namespace."""
    return kind in CLUSTER_SCOPED_KINDS
