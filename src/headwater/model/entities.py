"""What things are, and what observations call them: an entity is resolved, a reference is as it was observed."""

from typing import NamedTuple

DEFAULT_CLUSTER = "default"

WORKLOAD_KINDS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet"})
CLUSTER_SCOPED_KINDS = frozenset(
    {
        "Node",
        "Namespace",
        "PersistentVolume",
        "ClusterRole",
        "ClusterRoleBinding",
        "StorageClass",
        "CSIDriver",
        "ValidatingWebhookConfiguration",
        "MutatingWebhookConfiguration",
        "External",
        "Zone",
        "Registry",
    }
)


class Entity(NamedTuple):
    """One thing of one cluster; written `cluster/Kind/namespace/name`, the namespace empty for cluster-scoped kinds."""

    cluster: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.cluster}/{self.kind}/{self.namespace}/{self.name}"

    @property
    def short(self) -> str:
        """`Kind/name`, as people write it."""
        return f"{self.kind}/{self.name}"


def parse_entity(text: str) -> Entity:
    """The entity written so. Raises ValueError where the text has not four parts."""
    cluster, kind, namespace, name = text.split("/", 3)
    return Entity(cluster, kind, namespace, name)


class Reference(NamedTuple):
    """
    What an observation names, before it is known what that is.

    `scheme` is a Kubernetes kind (then `namespace` and `name` are the object's), or one of the schemes below (then `name` is the
    uid, address, container id or service name, and `namespace` is where it was said, empty if unknown).
    """

    cluster: str
    scheme: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.cluster}/{self.scheme}/{self.namespace}/{self.name}"


SCHEME_UID = "uid"
SCHEME_ADDRESS = "address"  # an IP address
SCHEME_CONTAINER = "container"  # a container id, without its runtime's prefix
SCHEME_SERVICE_NAME = "service.name"  # OpenTelemetry's service.name, peer.service, a DNS name, host or host:port
SCHEMES = frozenset({SCHEME_UID, SCHEME_ADDRESS, SCHEME_CONTAINER, SCHEME_SERVICE_NAME})
