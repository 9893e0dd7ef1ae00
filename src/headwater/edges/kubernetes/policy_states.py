"""State transitions of what limits others: quotas that are used up, budgets that allow nothing, autoscalers at their end or blind."""

from collections.abc import Iterator
from typing import Any

from headwater.edges.kubernetes.changes import ObjectChanged
from headwater.edges.kubernetes.content import conditions, instant, mapping, number, text
from headwater.edges.kubernetes.events import state_event
from headwater.edges.kubernetes.quantities import amount
from headwater.model.events import UnifiedEvent

_NAMES_SHOWN_MAX = 20
_HEALTHY_ENDS = frozenset({"TooFewReplicas", "ScalingDisabled", "ScaleUpLimit", "ScaleDownLimit"})
"""An idle workload has as few replicas as it may, one with none was switched off, and whoever scales at the highest rate does scale."""


def quota_states(change: ObjectChanged, cluster: str) -> Iterator[UnifiedEvent]:
    """A quota that is used up."""
    reached = _used_up(change.now.object)
    fresh = sorted(reached - (_used_up(change.before.object) if change.before is not None else set()))[:_NAMES_SHOWN_MAX]
    if fresh:
        message = f"used up: {', '.join(fresh)}"
        yield state_event(change, cluster, "QuotaReached", message, holds=True, attributes={"k8s.resources": fresh})


def _used_up(content: dict[str, Any]) -> set[str]:
    hard, used = mapping(content, "status", "hard"), mapping(content, "status", "used")
    limits = {name: amount(limit) for name, limit in hard.items()}
    # A quota of nothing forbids something, and is always used up.
    return {name for name, limit in limits.items() if limit and (taken := amount(used.get(name))) is not None and taken >= limit}


def budget_states(change: ObjectChanged, cluster: str) -> Iterator[UnifiedEvent]:
    """A budget that allows no eviction because pods it counts on are not healthy."""
    status = mapping(change.now.object, "status")
    if _is_blocking(status) and not (change.before is not None and _is_blocking(mapping(change.before.object, "status"))):
        healthy, expected = number(status, "currentHealthy"), number(status, "expectedPods")
        message = f"allows no eviction: {healthy} of {expected} pods are healthy, {number(status, 'desiredHealthy')} must be"
        yield state_event(change, cluster, "InsufficientPods", message, holds=True)


def _is_blocking(status: dict[str, Any]) -> bool:
    expected = number(status, "expectedPods")
    return expected > 0 and not number(status, "disruptionsAllowed") and number(status, "currentHealthy") < expected


def autoscaler_states(change: ObjectChanged, cluster: str) -> Iterator[UnifiedEvent]:
    """An autoscaler that would scale further than it may, sees no metrics, or cannot scale."""
    now, was = _troubles(change.now.object), _troubles(change.before.object) if change.before is not None else {}
    for kind, condition in now.items():
        reason, since = text(condition, "reason") or kind, text(condition, "lastTransitionTime")
        if text(was.get(kind), "reason") == text(condition, "reason") and kind in was:
            continue
        yield state_event(
            change,
            cluster,
            reason,
            text(condition, "message") or reason,
            identity=(kind, reason, since),
            occurred_at=instant(condition, "lastTransitionTime"),
            holds=True,
            attributes={"lastTransitionTime": since},
        )


def _troubles(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    bad = {"ScalingLimited": "True", "ScalingActive": "False", "AbleToScale": "False"}
    told = conditions(content)
    return {
        kind: told[kind]
        for kind, status in bad.items()
        if text(told.get(kind), "status") == status and text(told[kind], "reason") not in _HEALTHY_ENDS
    }
