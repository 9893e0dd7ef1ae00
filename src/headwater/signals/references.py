"""What an event is about, as it names it; which entity that is, is decided later and as of the event's time."""

from re import compile as compile_pattern
from typing import Any

from headwater.model.entities import (
    CLUSTER_SCOPED_KINDS,
    DEFAULT_CLUSTER,
    SCHEME_CONTAINER,
    SCHEME_SERVICE_NAME,
    SCHEME_UID,
    Reference,
)
from headwater.model.heads import EventHead, KubernetesContextHead
from headwater.signals.words import clean_name

NOTHING: dict[str, Any] = {}
"""The attributes of an event that has none; never written to."""

KIND_BY_TYPE = {
    kind.lower(): kind
    for kind in (
        "Pod", "Service", "Node", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob",
        "Namespace", "ConfigMap", "Secret",
        "PersistentVolumeClaim", "PersistentVolume", "StorageClass", "Ingress", "HorizontalPodAutoscaler", "NetworkPolicy", "EndpointSlice",
        "ResourceQuota", "ServiceAccount", "Lease", "LimitRange", "PodDisruptionBudget",
        "Certificate", "HTTPRoute", "Gateway", "Registry", "Zone",
    )
}  # fmt: skip
"""entity.type, and the kinds in kubernetes.object, as they are written in lower case."""

_POD_TEMPLATE_HASH = compile_pattern(r"(?P<workload>.{1,230})-[bcdfghjklmnpqrstvwxz2456789]{8,10}").fullmatch
_SUBJECT_ATTRIBUTES = {"k8s.pod.name": "Pod", "k8s.pod.uid": SCHEME_UID, "container.id": SCHEME_CONTAINER}


def cluster_of(event: EventHead) -> str:
    """The cluster an event says it is from."""
    context, kubernetes = event.k8s_context, event.kubernetes
    name = (context.cluster_name if context is not None else "") or (kubernetes.cluster_name if kubernetes is not None else "")
    return clean_name(name) if name else DEFAULT_CLUSTER


def namespace_of(event: EventHead) -> str:
    """The namespace an event speaks from, empty if it does not say."""
    if event.k8s_context is not None and event.k8s_context.namespace:
        return clean_name(event.k8s_context.namespace)
    if event.entity is not None and event.entity.namespace:
        return clean_name(event.entity.namespace)
    attributes = event.attributes or NOTHING
    name = text_at(attributes, "k8s.namespace.name") or text_at(attributes, "namespace")
    return clean_name(name) if name else ""


def about_of(event: EventHead) -> Reference:
    """What an event is about: k8s_context, else entity, else the Kubernetes object, else service.name, else its source."""
    cluster, namespace = cluster_of(event), namespace_of(event)
    context = event.k8s_context
    if context is not None:
        if context.name:
            return object_reference(cluster, context.kind or _kind_of_object(event) or "Pod", namespace, context.name)
        if context.uid:
            return Reference(cluster, SCHEME_UID, "", clean_name(context.uid))
    entity = event.entity
    if entity is not None:
        kind = KIND_BY_TYPE.get(entity.type.lower())
        if entity.name and kind:
            return object_reference(cluster, kind, namespace, entity.name)
        if entity.name and entity.type.lower() == "container":
            return Reference(cluster, SCHEME_CONTAINER, "", clean_name(entity.name.rpartition("/")[2]))
        if entity.uid:
            return Reference(cluster, SCHEME_UID, "", clean_name(entity.uid))
        if entity.name:
            return Reference(cluster, SCHEME_SERVICE_NAME, namespace, clean_name(entity.name))
    if event.kubernetes is not None and event.kubernetes.object:
        name = event.kubernetes.object.rpartition("/")[2]
        return object_reference(cluster, _kind_of_object(event) or "Pod", namespace, name)
    return _about_by_attributes(event, cluster, namespace)


def is_stated(event: EventHead) -> bool:
    """Whether an event says more of what it is about than who sent it."""
    context, entity = event.k8s_context, event.entity
    return bool(
        (context is not None and (context.name or context.uid))
        or (entity is not None and (entity.name or entity.uid))
        or (event.kubernetes is not None and event.kubernetes.object)
        or any(text_at(event.attributes or NOTHING, name) for name in ("service.name", *_SUBJECT_ATTRIBUTES))
    )


def _about_by_attributes(event: EventHead, cluster: str, namespace: str) -> Reference:
    attributes = event.attributes or NOTHING
    service = text_at(attributes, "service.name")
    if service:
        return Reference(cluster, SCHEME_SERVICE_NAME, namespace, clean_name(service))
    for name, scheme in _SUBJECT_ATTRIBUTES.items():
        value = text_at(attributes, name)
        if value and scheme == "Pod":
            return object_reference(cluster, scheme, namespace, value)
        if value:
            return Reference(cluster, scheme, "", clean_name(value.rpartition("/")[2] or value))
    return Reference(cluster, SCHEME_SERVICE_NAME, namespace, clean_name(event.source or "unknown"))


def object_reference(cluster: str, kind: str, namespace: str, name: str) -> Reference:
    """A reference to a Kubernetes object; a cluster-scoped kind has no namespace."""
    kind = KIND_BY_TYPE.get(kind.lower()) or clean_name(kind)
    return Reference(cluster, kind, "" if kind in CLUSTER_SCOPED_KINDS or not namespace else clean_name(namespace), clean_name(name))


def node_of(event: EventHead) -> Reference | None:
    """The node an event happened on."""
    name = event.k8s_context.node_name if event.k8s_context is not None else ""
    name = name or text_at(event.attributes or NOTHING, "k8s.node.name") or text_at(event.attributes or NOTHING, "node")
    return object_reference(cluster_of(event), "Node", "", name) if name else None


def workload_of(event: EventHead, about: Reference) -> Reference:
    """
    The workload behind what an event is about, as far as the event says.

    A ReplicaSet that names no owner is its Deployment's if its name ends like a pod template's hash; else things stay what they are.
    """
    context = event.k8s_context
    if context is not None:
        if context.workload_kind and context.workload_name and context.workload_kind != "ReplicaSet":
            return object_reference(about.cluster, context.workload_kind, about.namespace, context.workload_name)
        owner = _controller(context)
        if owner is not None:
            about = object_reference(about.cluster, owner[0], about.namespace, owner[1])
    if about.scheme == "ReplicaSet" and (match := _POD_TEMPLATE_HASH(about.name)):
        return about._replace(scheme="Deployment", name=match["workload"])
    return about


def text_at(attributes: dict[str, Any], name: str) -> str:
    """The text under a name, empty where there is none or something else."""
    value = attributes.get(name)
    return value if isinstance(value, str) else ""


def _controller(context: KubernetesContextHead) -> tuple[str, str] | None:
    owners = [owner for owner in context.owner_references or () if owner.kind and owner.name and owner.kind != "Node"]
    owners.sort(key=lambda owner: (owner.controller is not True, owner.kind, owner.name))
    return (owners[0].kind, owners[0].name) if owners else None


def _kind_of_object(event: EventHead) -> str:
    kubernetes = event.kubernetes
    if kubernetes is None:
        return ""
    return kubernetes.object_kind or KIND_BY_TYPE.get(kubernetes.object.partition("/")[0].lower(), "")
