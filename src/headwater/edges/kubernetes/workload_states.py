"""State transitions of workloads, claims and services: rollouts that stick, replicas and endpoints that are not there."""

from collections.abc import Iterator
from typing import Any

from headwater.edges.kubernetes.changes import ADDED, DELETED, ObjectChanged
from headwater.edges.kubernetes.content import conditions, instant, mapping, mappings, number, text
from headwater.edges.kubernetes.events import STATE, make_event, state_event
from headwater.model.events import UnifiedEvent
from headwater.model.times import seconds

_BAD_CONDITIONS = {
    # kind: (condition, status that is bad, whether it must have been good before)
    "Deployment": (("Progressing", "False", False), ("Available", "False", True), ("ReplicaFailure", "True", False)),
    "ReplicaSet": (("ReplicaFailure", "True", False),),
    "Job": (("Failed", "True", False),),
}
_PENDING_AFTER = seconds(60)
_SERVICES_MAX = 50_000


def workload_states(change: ObjectChanged, cluster: str) -> Iterator[UnifiedEvent]:
    """What this version of a workload tells that the one before did not."""
    now, before = change.now.object, change.before.object if change.before is not None else {}
    has, had = conditions(now), conditions(before)
    for kind, bad, must_be_lost in _BAD_CONDITIONS.get(change.kind, ()):
        status, old = text(has.get(kind), "status"), text(had.get(kind), "status")
        if status != bad or old == bad or (must_be_lost and old in ("", bad)):
            continue
        yield _condition(change, cluster, has[kind], is_warning=True)
    progress, old_progress = has.get("Progressing", {}), had.get("Progressing", {})
    is_done = text(progress, "reason") == "NewReplicaSetAvailable"
    if before and is_done and text(old_progress, "reason") != "NewReplicaSetAvailable":
        yield _condition(change, cluster, progress, is_warning=False)
    if change.kind in ("StatefulSet", "DaemonSet") and before:
        wanted, available, was = _replicas(now), _available(now), _available(before)
        if wanted and not available and was:
            yield state_event(change, cluster, "ReplicasUnavailable", f"none of {wanted} replicas is available")


def _condition(change: ObjectChanged, cluster: str, condition: dict[str, Any], *, is_warning: bool) -> UnifiedEvent:
    since = text(condition, "lastTransitionTime")
    # Progress is kept up to date in place: what changes it is the update, not the transition.
    moment = text(condition, "lastUpdateTime") if text(condition, "type") == "Progressing" else since
    return state_event(
        change,
        cluster,
        text(condition, "reason"),
        text(condition, "message"),
        identity=(text(condition, "type"), text(condition, "status"), moment or since),
        occurred_at=instant(condition, "lastUpdateTime") if moment != since else instant(condition, "lastTransitionTime"),
        is_warning=is_warning,
        # A Job that failed is over; who finds it long after has nothing to tell.
        holds=is_warning and change.kind != "Job",
    )


def _replicas(content: dict[str, Any]) -> int:
    return number(content, "spec", "replicas") or number(content, "status", "desiredNumberScheduled")


def _available(content: dict[str, Any]) -> int:
    return number(content, "status", "readyReplicas") or number(content, "status", "numberReady")


def claim_states(change: ObjectChanged, cluster: str) -> Iterator[UnifiedEvent]:
    """A claim that lost its volume, or waits for one for long."""
    phase = text(change.now.object, "status", "phase")
    old = text(change.before.object, "status", "phase") if change.before is not None else ""
    created = instant(change.now.object, "metadata", "creationTimestamp")
    waits_long = change.action == ADDED and change.is_listed and change.seen_at - created > _PENDING_AFTER
    if phase == "Lost" and old != phase:
        yield state_event(change, cluster, "PersistentVolumeClaimLost", "lost its volume", identity=("Lost",))
    elif phase == "Pending" and old == "Bound":
        yield state_event(change, cluster, "PersistentVolumeClaimPending", "waits for a volume again", identity=("Pending", old))
    elif phase == "Pending" and waits_long:
        # A claim without a pod may wait for its first consumer in good health, so a list is told as what it is.
        yield state_event(change, cluster, "Pending", "waits for a volume", identity=("Pending", old), is_warning=False)


class Endpoints:
    """Ready endpoints by Service, over all of its slices."""

    def __init__(self) -> None:
        self._slices: dict[tuple[str, str], dict[str, int]] = {}

    def states(self, change: ObjectChanged, cluster: str) -> Iterator[UnifiedEvent]:
        """A Service whose last ready endpoint went, or whose first came back."""
        service = text(change.now.object, "metadata", "labels", "kubernetes.io/service-name")
        if not service:
            return
        key = (change.namespace, service)
        if key not in self._slices and len(self._slices) >= _SERVICES_MAX:
            return
        slices = self._slices.setdefault(key, {})
        was = sum(slices.values())
        is_known = bool(slices)
        if change.action == DELETED:
            slices.pop(change.now.uid, None)
            if not slices:
                del self._slices[key]
            return  # the slices of a Service go with it
        if change.before is not None and change.now.uid not in slices:
            # Another process saw the slice before.
            was, is_known = was + _ready(change.before.object), True
        slices[change.now.uid] = _ready(change.now.object)
        ready = sum(slices.values())
        if is_known and bool(was) != bool(ready):
            yield _endpoints_event(change, cluster, service, is_empty=not ready)


def _ready(content: dict[str, Any]) -> int:
    # The API says that an unknown readiness counts as ready.
    return sum(1 for endpoint in mappings(content, "endpoints") if mapping(endpoint, "conditions").get("ready") is not False)


def _endpoints_event(change: ObjectChanged, cluster: str, service: str, *, is_empty: bool) -> UnifiedEvent:
    reason = "EndpointsEmpty" if is_empty else "EndpointsReady"
    return make_event(
        identity=(change.now.uid, STATE, reason, change.now.resource_version),
        occurred_at=change.occurred_at,
        action=STATE,
        reason=reason,
        message="has no ready endpoint" if is_empty else "has ready endpoints again",
        kind="Service",
        name=service,
        namespace=change.namespace,
        uid="",
        cluster=cluster,
        is_warning=is_empty,
        trace_id=change.now.trace_id,
    )
