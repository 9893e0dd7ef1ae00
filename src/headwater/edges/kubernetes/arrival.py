"""
What becomes of an object as it arrives: times are taken from its managed fields, then they and the annotations are dropped.

Values that may be confidential are kept as digests only; of a Secret the server sends us metadata alone.
"""

from typing import Any

import msgspec

from headwater.edges.kubernetes.content import instant, mapping, mappings, text
from headwater.model.identity import digest

TRACE_ANNOTATIONS = ("headwater.dev/trace-id", "traceparent")
_ANNOTATIONS_KEPT = frozenset({"deployment.kubernetes.io/revision", "kubernetes.io/config.hash"})
_WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
_SPEC_KINDS = frozenset(
    {
        "NetworkPolicy",
        "CiliumNetworkPolicy",
        "VirtualService",
        "DestinationRule",
        "AuthorizationPolicy",
        "PeerAuthentication",
        "RequestAuthentication",
        "Server",
        "Ingress",
        "HTTPRoute",
        "Service",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
        "ResourceQuota",
        "LimitRange",
    }
)
_HOOK_KINDS = frozenset({"ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"})
_HEAD_FIELDS = frozenset({"metadata", "kind", "apiVersion", "status"})


class Arrived(msgspec.Struct, frozen=True, gc=False):
    """An object as it was told, pruned; and the digests of those of its parts whose change is news, by the part's name."""

    object: dict[str, Any]
    parts: dict[str, str] = {}
    changed_at: int = 0  # the newest of the managed fields' times
    trace_id: str = ""

    @property
    def uid(self) -> str:
        """The object's uid."""
        return text(self.object, "metadata", "uid")

    @property
    def resource_version(self) -> str:
        """The version the server gave it."""
        return text(self.object, "metadata", "resourceVersion")


def arrived(kind: str, content: dict[str, Any]) -> Arrived:
    """The object of a list or a watch, of this kind."""
    metadata = mapping(content, "metadata")
    fields, annotations = mappings(metadata, "managedFields"), mapping(metadata, "annotations")
    parts = _parts_of(kind, content, fields)
    plain = {key: value for key, value in metadata.items() if key not in ("managedFields", "selfLink", "annotations")}
    kept = {key: value for key, value in annotations.items() if key in _ANNOTATIONS_KEPT}
    if kept:
        plain["annotations"] = kept
    shown = {"kind": kind, "metadata": plain}
    if kind == "Node":
        content = content | {"status": _without_heartbeats(mapping(content, "status"))}
    if kind != "Secret":
        shown |= {key: value for key, value in content.items() if key not in ("kind", "metadata")}
    return Arrived(shown, parts, max((instant(field, "time") for field in fields), default=0), _trace_of(annotations))


def _without_heartbeats(status: dict[str, Any]) -> dict[str, Any]:
    """A node's status without what changes all the time and means nothing."""
    conditions = [{key: value for key, value in each.items() if key != "lastHeartbeatTime"} for each in mappings(status, "conditions")]
    return {key: value for key, value in status.items() if key != "images"} | {"conditions": conditions}


def kept(seen: Arrived) -> Arrived:
    """What is remembered of it: no values of configuration, which only their digests need."""
    content = {key: value for key, value in seen.object.items() if key not in ("data", "binaryData")}
    return msgspec.structs.replace(seen, object=content)


def remembered(kind: str, content: dict[str, Any], *, since: int = 0) -> Arrived:
    """
    An object as another process stored it, which held since an instant: without the parts that were not stored.

    Configuration was stored as digests, which are its parts.
    """
    if kind == "ConfigMap":
        parts = {key: str(value) for group in ("data", "binaryData") for key, value in mapping(content, group).items()}
    else:
        parts = {name: value for name, value in _parts_of(kind, content, []).items() if name not in ("values", "template")}
    return kept(Arrived(content, parts, since))


def _trace_of(annotations: dict[str, Any]) -> str:
    for name in TRACE_ANNOTATIONS:
        said = annotations.get(name)
        if isinstance(said, str) and 0 < len(said) <= 256:
            # A traceparent is version-trace-span-flags.
            parts = said.split("-")
            return parts[1] if name == "traceparent" and len(parts) == 4 else said
    return ""


def _parts_of(kind: str, content: dict[str, Any], fields: list[dict[str, Any]]) -> dict[str, str]:
    if kind == "ConfigMap":
        # The same digests as the topology keeps, so that a restart compares with what is stored.
        return {
            str(key): digest(value if isinstance(value, str) else str(value), size=8)
            for group in ("data", "binaryData")
            for key, value in mapping(content, group).items()
        }
    if kind == "Secret":
        return _secret_keys(fields)
    if kind in _WORKLOADS:
        return _workload_parts(content)
    if kind in _SPEC_KINDS:
        return {key: _digest_of(value) for key, value in mapping(content, "spec").items()}
    if kind == "StorageClass":
        return {key: _digest_of(value) for key, value in content.items() if key not in _HEAD_FIELDS}
    return _webhook_parts(content) if kind in _HOOK_KINDS else {}


def _webhook_parts(content: dict[str, Any]) -> dict[str, str]:
    """Each webhook by its name. Its certificate is renewed by machines, and not stored."""
    parts: dict[str, str] = {}
    for webhook in mappings(content, "webhooks"):
        client = {key: value for key, value in mapping(webhook, "clientConfig").items() if key != "caBundle"}
        parts[text(webhook, "name")] = _digest_of(webhook | {"clientConfig": client})
    return parts


def _secret_keys(fields: list[dict[str, Any]]) -> dict[str, str]:
    """When the keys of a Secret were last written: all that is known of its content."""
    keys: dict[str, str] = {}
    for field in fields:
        time = text(field, "time")
        for name in mapping(field, "fieldsV1", "f:data"):
            if name.startswith("f:"):
                keys[name[2:]] = max(keys.get(name[2:], ""), time)
    return keys


def _workload_parts(content: dict[str, Any]) -> dict[str, str]:
    template = mapping(content, "spec", "template")
    containers = [*mappings(template, "spec", "initContainers"), *mappings(template, "spec", "containers")]
    names = [
        [
            text(each, "name"),
            each.get("envFrom"),
            [{key: item for key, item in one.items() if key != "value"} for one in mappings(each, "env")],
        ]
        for each in containers
    ]
    values = [[one.get("value") for one in mappings(each, "env")] for each in containers]
    parts = {
        "image": ", ".join(f"{text(each, 'name')}={text(each, 'image')}" for each in containers),
        "resources": _digest_of([each.get("resources") for each in containers]),
        "environment": _digest_of(names),
        "values": _digest_of(values),
        "template": _digest_of(template),
    }
    replicas = mapping(content, "spec").get("replicas")
    if isinstance(replicas, int):
        parts["replicas"] = str(replicas)
    return parts


def _digest_of(value: Any) -> str:
    return digest(msgspec.json.encode(value, order="sorted").decode(), size=8)
