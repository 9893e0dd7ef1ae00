"""Which objects are read, and where the API has them."""

from typing import NamedTuple


class Resource(NamedTuple):
    """One kind, with the places where servers of different ages serve it, best first."""

    kind: str
    plural: str
    groups: tuple[str, ...]  # `api/v1`, `apis/apps/v1`, …
    is_namespaced: bool = True
    is_metadata_only: bool = False  # the server leaves everything but metadata out

    def path(self, group: str, namespace: str = "") -> str:
        """Where to list it, in one namespace or in all."""
        return f"/{group}/namespaces/{namespace}/{self.plural}" if namespace and self.is_namespaced else f"/{group}/{self.plural}"


_CORE = ("api/v1",)
_APPS = ("apis/apps/v1",)
_NETWORK = ("apis/networking.k8s.io/v1",)
_HOOKS = ("apis/admissionregistration.k8s.io/v1",)


def _istio(group: str) -> tuple[str, ...]:
    return tuple(f"apis/{group}.istio.io/{version}" for version in ("v1", "v1beta1"))


EVENT_KIND = "Event"

RESOURCES: tuple[Resource, ...] = (
    Resource("Node", "nodes", _CORE, is_namespaced=False),
    Resource("Namespace", "namespaces", _CORE, is_namespaced=False),
    Resource("Deployment", "deployments", _APPS),
    Resource("StatefulSet", "statefulsets", _APPS),
    Resource("DaemonSet", "daemonsets", _APPS),
    Resource("ReplicaSet", "replicasets", _APPS),
    Resource("ControllerRevision", "controllerrevisions", _APPS, is_metadata_only=True),
    Resource("Job", "jobs", ("apis/batch/v1",)),
    Resource("CronJob", "cronjobs", ("apis/batch/v1", "apis/batch/v1beta1")),
    Resource("Pod", "pods", _CORE),
    Resource("Service", "services", _CORE),
    Resource("EndpointSlice", "endpointslices", ("apis/discovery.k8s.io/v1", "apis/discovery.k8s.io/v1beta1")),
    Resource("Ingress", "ingresses", (*_NETWORK, "apis/networking.k8s.io/v1beta1")),
    Resource("HTTPRoute", "httproutes", ("apis/gateway.networking.k8s.io/v1", "apis/gateway.networking.k8s.io/v1beta1")),
    Resource("NetworkPolicy", "networkpolicies", _NETWORK),
    Resource("CiliumNetworkPolicy", "ciliumnetworkpolicies", ("apis/cilium.io/v2",)),
    Resource("VirtualService", "virtualservices", _istio("networking")),
    Resource("DestinationRule", "destinationrules", _istio("networking")),
    Resource("AuthorizationPolicy", "authorizationpolicies", _istio("security")),
    Resource("PeerAuthentication", "peerauthentications", _istio("security")),
    Resource("RequestAuthentication", "requestauthentications", _istio("security")),
    Resource("Server", "servers", tuple(f"apis/policy.linkerd.io/{version}" for version in ("v1beta3", "v1beta2", "v1beta1"))),
    Resource("HorizontalPodAutoscaler", "horizontalpodautoscalers", ("apis/autoscaling/v2", "apis/autoscaling/v2beta2")),
    Resource("PodDisruptionBudget", "poddisruptionbudgets", ("apis/policy/v1", "apis/policy/v1beta1")),
    Resource("ConfigMap", "configmaps", _CORE),
    Resource("Secret", "secrets", _CORE, is_metadata_only=True),
    Resource("ServiceAccount", "serviceaccounts", _CORE, is_metadata_only=True),
    Resource("ResourceQuota", "resourcequotas", _CORE),
    Resource("LimitRange", "limitranges", _CORE),
    Resource("PersistentVolumeClaim", "persistentvolumeclaims", _CORE),
    Resource("PersistentVolume", "persistentvolumes", _CORE, is_namespaced=False),
    Resource("StorageClass", "storageclasses", ("apis/storage.k8s.io/v1",), is_namespaced=False),
    Resource("ValidatingWebhookConfiguration", "validatingwebhookconfigurations", _HOOKS, is_namespaced=False),
    Resource("MutatingWebhookConfiguration", "mutatingwebhookconfigurations", _HOOKS, is_namespaced=False),
    # Both APIs show the same objects; the older one is the one most accounts may read.
    Resource(EVENT_KIND, "events", ("api/v1", "apis/events.k8s.io/v1")),
)
"""In the order in which they are listed: what others refer to comes first, Events last."""
