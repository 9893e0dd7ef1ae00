"""Changes that somebody made to an object: which of its parts changed, by name, never by value."""

from collections.abc import Iterator

from headwater.edges.kubernetes.changes import ADDED, DELETED, MODIFIED, ObjectChanged
from headwater.edges.kubernetes.content import instant, mappings, text
from headwater.edges.kubernetes.events import state_event
from headwater.model.events import UnifiedEvent

_WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
_CONFIGURATION = {"ConfigMap": "config", "Secret": "secret"}
_TOLD_WHOLE = frozenset(
    {
        "NetworkPolicy", "ResourceQuota", "LimitRange", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration",
        "CiliumNetworkPolicy", "VirtualService", "DestinationRule", "AuthorizationPolicy", "PeerAuthentication",
        "RequestAuthentication", "Server",
    }
)  # fmt: skip
"""Kinds whose coming and going changes what others may do."""
_TOLD_GONE = _TOLD_WHOLE | {"ServiceAccount", "Service", "Ingress", "HTTPRoute", "HorizontalPodAutoscaler", "StorageClass"}
"""Kinds that others miss when they are gone."""
_NAMES_SHOWN_MAX = 20


def object_changes(change: ObjectChanged, cluster: str) -> Iterator[UnifiedEvent]:
    """What somebody did to the object, if anything."""
    if change.action == MODIFIED and change.before is not None:
        before, now = change.before.parts, change.now.parts
        if change.kind in _WORKLOADS:
            yield from _workload_change(change, cluster, {name for name in before if name in now and before[name] != now[name]})
            return
        if change.kind == "Secret" and not before:
            before = _as_remembered(change)
        names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
        if names:
            what = _CONFIGURATION.get(change.kind, "spec")
            yield _change(change, cluster, f"changed: {_listed(names)}", what, names)
    elif (change.kind in _TOLD_GONE and change.action == DELETED) or (change.kind in _TOLD_WHOLE and _is_new(change)):
        yield _change(change, cluster, change.action.lower(), change.action.lower(), [])
    elif change.kind in _CONFIGURATION and change.action == DELETED and not _is_owned(change):
        yield _change(change, cluster, "deleted", "deleted", [])


def _is_new(change: ObjectChanged) -> bool:
    """Whether an object was made now or, where it is first found by a list, when it says that it was made."""
    is_dated = not change.is_listed or bool(instant(change.now.object, "metadata", "creationTimestamp"))
    return change.action == ADDED and change.before is None and is_dated


def _as_remembered(change: ObjectChanged) -> dict[str, str]:
    """The keys of a Secret that another process remembered: only since when it was as it was, so that later written ones are new."""
    assert change.before is not None
    since = change.before.changed_at
    return {name: time for name, time in change.now.parts.items() if not since or instant({"time": time}, "time") <= since}


def _workload_change(change: ObjectChanged, cluster: str, parts: set[str]) -> Iterator[UnifiedEvent]:
    if not parts:
        return
    assert change.before is not None
    replicas = change.now.parts.get("replicas", "")
    if parts == {"replicas"}:
        message = f"scaled from {change.before.parts['replicas']} to {replicas}"
        yield _change(change, cluster, message, "scale", ["replicas"], replicas=int(replicas))
        return
    names = sorted(parts - {"template"}) or ["template"]
    if "image" in parts:
        message, what = f"image changed from {change.before.parts['image']} to {change.now.parts['image']}", "rollout"
    elif parts & {"environment", "values"}:
        message, what = f"environment changed: {_listed(names)}", "environment"
    elif "resources" in parts:
        message, what = f"resources changed: {_listed(names)}", "resources"
    else:
        message, what = f"template changed: {_listed(names)}", "rollout"
    yield _change(change, cluster, message, what, names)


def _change(change: ObjectChanged, cluster: str, message: str, what: str, names: list[str], **attributes: object) -> UnifiedEvent:
    return state_event(
        change,
        cluster,
        "",
        f"{change.kind} {change.name} {message}",
        action=change.action,
        is_warning=False,
        # An object comes and goes once, whether that is seen or found by a list.
        identity=(change.action,) if change.action in (ADDED, DELETED) else (),
        attributes={"k8s.change": what, "k8s.changed": names[:_NAMES_SHOWN_MAX] or None, **attributes},
    )


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMES_SHOWN_MAX
    return ", ".join(names[:_NAMES_SHOWN_MAX]) + (f" and {more} more" if more > 0 else "")


def _is_owned(change: ObjectChanged) -> bool:
    """Whether the object goes because its owner does."""
    return bool(mappings(change.now.object, "metadata", "ownerReferences")) or text(change.now.object, "metadata", "name").startswith(
        "sh.helm."
    )
