"""Makes the UnifiedEvents of this edge: one shape for Event objects, states and changes, with ids that a restart gives again."""

from collections.abc import Mapping
from typing import Any

from headwater.edges.kubernetes.changes import ObjectChanged
from headwater.edges.kubernetes.content import text
from headwater.model.entities import DEFAULT_CLUSTER
from headwater.model.event_contexts import KubernetesContext
from headwater.model.event_layers import EntityContext, KubernetesData, TraceContext
from headwater.model.event_parts import EventSeverity
from headwater.model.events import UnifiedEvent
from headwater.model.identity import digest
from headwater.model.times import format_time, seconds

SOURCE = "kubernetes"
MESSAGE_CHARACTERS_MAX = 1_024
EVENT, STATE = "EVENT", "STATE"
_HELD_SINCE_MAX = seconds(600)
"""Older observations would come too late to be admitted."""


def make_event(
    *,
    identity: tuple[str, ...],
    occurred_at: int,
    action: str,
    reason: str,
    message: str,
    kind: str,
    name: str,
    namespace: str,
    uid: str,
    cluster: str,
    is_warning: bool,
    node: str = "",
    trace_id: str = "",
    attributes: dict[str, Any] | None = None,
) -> UnifiedEvent:
    """The event; `identity` is what makes it this one and no other, over all restarts."""
    message = message[:MESSAGE_CHARACTERS_MAX]
    named_cluster = cluster if cluster != DEFAULT_CLUSTER else None
    return UnifiedEvent(
        id=f"k8s-{digest(cluster, *identity, size=16)}",
        timestamp=format_time(occurred_at),
        type="kubernetes",
        source=SOURCE,
        severity=EventSeverity.WARNING if is_warning else EventSeverity.INFO,
        message=message,
        trace_context=TraceContext(trace_id=trace_id) if trace_id else None,
        entity=EntityContext(type=kind.lower(), name=name, namespace=namespace or None, uid=uid or None),
        kubernetes=KubernetesData(
            event_type="Warning" if is_warning else "Normal",
            reason=reason or None,
            object=f"{kind.lower()}/{name}",
            object_kind=kind,
            message=message,
            action=action,
            cluster_name=named_cluster,
        ),
        attributes=attributes or None,
        k8s_context=KubernetesContext(
            kind=kind, name=name, namespace=namespace or None, uid=uid or None, node_name=node or None, cluster_name=named_cluster
        ),
    )


def state_event(
    change: ObjectChanged,
    cluster: str,
    reason: str,
    message: str,
    *,
    identity: tuple[str, ...] = (),
    occurred_at: int = 0,
    is_warning: bool = True,
    action: str = STATE,
    holds: bool = False,
    attributes: Mapping[str, Any] | None = None,
) -> UnifiedEvent:
    """
    What an object went into. Without `identity` it is this version of it; without `occurred_at` the change's own time.

    A state that still `holds` when it is first found, long after it began, is told as of when it was found.
    """
    uid = change.now.uid
    said = {key: value for key, value in (attributes or {}).items() if value not in ("", None)}
    occurred_at = occurred_at or change.occurred_at
    if holds and change.is_listed and occurred_at < change.seen_at - _HELD_SINCE_MAX:
        said = {"lastTransitionTime": format_time(occurred_at), **said, "snapshot": True}
        occurred_at = change.seen_at
    return make_event(
        identity=(uid, action, reason, *(identity or (change.now.resource_version,))),
        occurred_at=occurred_at,
        action=action,
        reason=reason,
        message=message,
        kind=change.kind,
        name=change.name,
        namespace=change.namespace,
        uid=uid,
        cluster=cluster,
        is_warning=is_warning,
        node=text(change.now.object, "spec", "nodeName") if change.kind == "Pod" else "",
        trace_id=change.now.trace_id,
        attributes=said,
    )
