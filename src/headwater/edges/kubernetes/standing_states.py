"""State transitions of what stands or falls as a whole: routes that a gateway does not take, namespaces that do not go."""

from collections.abc import Iterator
from typing import Any

from headwater.edges.kubernetes.changes import ObjectChanged
from headwater.edges.kubernetes.content import conditions, instant, mappings, text
from headwater.edges.kubernetes.events import state_event
from headwater.model.events import UnifiedEvent
from headwater.model.times import seconds

_ROUTE_CONDITIONS = frozenset({"Accepted", "ResolvedRefs"})
_NOT_YET = frozenset({"", "Pending"})
_GOES_AFTER = seconds(60)
"""A namespace that goes says for some moments what is still in it."""


def route_states(change: ObjectChanged, cluster: str) -> Iterator[UnifiedEvent]:
    """A route that one of its gateways no longer takes, or takes without its back ends."""
    now, was = _refusals(change.now.object), _refusals(change.before.object) if change.before is not None else {}
    for key, condition in now.items():
        if key in was:
            continue
        since = text(condition, "lastTransitionTime")
        yield state_event(
            change,
            cluster,
            text(condition, "reason"),
            text(condition, "message") or f"{text(condition, 'type')}: {text(condition, 'reason')}",
            identity=(*key, since),
            occurred_at=instant(condition, "lastTransitionTime"),
            holds=True,
            attributes={"k8s.parent": key[0], "lastTransitionTime": since},
        )


def _refusals(content: dict[str, Any]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What each parent refuses, by its name, the condition and the reason."""
    return {
        (text(parent, "parentRef", "name"), text(condition, "type"), text(condition, "reason")): condition
        for parent in mappings(content, "status", "parents")
        for condition in mappings(parent, "conditions")
        if text(condition, "type") in _ROUTE_CONDITIONS
        and text(condition, "status") == "False"
        and text(condition, "reason") not in _NOT_YET
    }


def namespace_states(change: ObjectChanged, cluster: str) -> Iterator[UnifiedEvent]:
    """A namespace that was to go long ago, and what holds it."""
    wanted = instant(change.now.object, "metadata", "deletionTimestamp")
    if not wanted or change.seen_at - wanted < _GOES_AFTER:
        return
    # Whether it was told before is not asked of the version before, which may have been too young for it: the id is the same.
    for kind, condition in sorted(conditions(change.now.object).items()):
        if text(condition, "status") != "True":
            continue
        since = text(condition, "lastTransitionTime")
        yield state_event(
            change,
            cluster,
            text(condition, "reason") or kind,
            text(condition, "message") or kind,
            identity=(kind, since),
            holds=True,
            attributes={"lastTransitionTime": since},
        )
