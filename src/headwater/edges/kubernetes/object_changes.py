"""Changes that somebody made to an object: which of its parts changed, by name, never by value."""

from collections.abc import Iterator

from headwater.edges.kubernetes.changes import ADDED, DELETED, MODIFIED, ObjectChanged
from headwater.edges.kubernetes.content import mappings, text
from headwater.edges.kubernetes.events import state_event
from headwater.model.events import UnifiedEvent

_WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
_CONFIGURATION = {"ConfigMap": "config", "Secret": "secret"}
_TOLD_WHOLE = frozenset({"NetworkPolicy", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"})
"""Kinds whose coming and going changes what others may do."""
_NAMES_SHOWN_MAX = 20


def object_changes(change: ObjectChanged, cluster: str) -> Iterator[UnifiedEvent]:
    """What somebody did to the object, if anything."""
    if change.action == MODIFIED and change.before is not None:
        before, now = change.before.parts, change.now.parts
        if change.kind in _WORKLOADS:
            yield from _workload_change(change, cluster, {name for name in before if name in now and before[name] != now[name]})
            return
        # Of a Secret that another process remembered no keys are known, so that nothing can be said to have changed.
        if change.kind == "Secret" and not before:
            return
        names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
        if names:
            what = _CONFIGURATION.get(change.kind, "spec")
            yield _change(change, cluster, f"changed: {_listed(names)}", what, names)
    elif change.kind in _TOLD_WHOLE and (change.action == DELETED or (change.action == ADDED and not change.is_listed)):
        yield _change(change, cluster, change.action.lower(), change.action.lower(), [])
    elif change.kind in _CONFIGURATION and change.action == DELETED and not _is_owned(change):
        yield _change(change, cluster, "deleted", "deleted", [])


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
