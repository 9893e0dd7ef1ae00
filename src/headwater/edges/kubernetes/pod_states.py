"""State transitions of pods, found by comparing two versions: how containers ended, what they wait for, whether they are ready."""

from collections.abc import Iterator
from typing import Any

from headwater.edges.kubernetes.changes import ObjectChanged
from headwater.edges.kubernetes.content import conditions, instant, mapping, mappings, number, text
from headwater.edges.kubernetes.events import state_event
from headwater.model.events import UnifiedEvent
from headwater.model.times import format_time, seconds

_INIT = "initContainerStatuses"
_GROUPS = (_INIT, "containerStatuses", "ephemeralContainerStatuses")
_OF_INIT_CONTAINERS = frozenset({"CrashLoopBackOff", "Error"})
"""Reasons that say something else of a container that its pod waits for: as `Init:…`, as kubectl shows them."""

_WAITS_HEALTHILY = frozenset({"", "ContainerCreating", "PodInitializing"})
_UNREADY_AFTER = seconds(30)
"""A pod that is seen for the first time and was not ready for so long after its start has lost its readiness, or never got it."""


def pod_states(change: ObjectChanged, cluster: str) -> Iterator[UnifiedEvent]:
    """What this version of a pod tells that the one before did not."""
    now, before = change.now.object, change.before.object if change.before is not None else {}
    # Whatever becomes of the containers of a pod that is being deleted was asked for.
    if text(now, "metadata", "deletionTimestamp"):
        yield from _disrupted(change, cluster, now, before)
        return
    # An init container that is always restarted stays beside the others.
    sidecars = {text(each, "name") for each in mappings(now, "spec", "initContainers") if text(each, "restartPolicy") == "Always"}
    for group in _GROUPS:
        old = {text(each, "name"): each for each in mappings(before, "status", group)}
        for status in mappings(now, "status", group):
            name = text(status, "name")
            yield from _container(change, cluster, status, old.get(name, {}), is_init=group == _INIT and name not in sidecars)
    yield from _readiness(change, cluster, now, before)
    yield from _scheduling(change, cluster, now, before)
    yield from _disrupted(change, cluster, now, before)
    reason = text(now, "status", "reason")
    if text(now, "status", "phase") == "Failed" and reason and text(before, "status", "reason") != reason:
        yield state_event(change, cluster, reason, text(now, "status", "message") or f"failed: {reason}", identity=("phase",))


def _container(
    change: ObjectChanged, cluster: str, status: dict[str, Any], old: dict[str, Any], *, is_init: bool
) -> Iterator[UnifiedEvent]:
    name = text(status, "name")
    known = {_end_of(mapping(old, place, "terminated")) for place in ("state", "lastState")}
    for place in ("lastState", "state"):
        ended = mapping(status, place, "terminated")
        end = _end_of(ended)
        # A process that ended with 0 did what it was to do.
        if ended and end not in known and (number(ended, "exitCode") or text(ended, "reason") == "OOMKilled"):
            known.add(end)
            yield _terminated(change, cluster, name, ended, is_init=is_init)
    waits_for = text(status, "state", "waiting", "reason")
    if waits_for not in _WAITS_HEALTHILY and waits_for != text(old, "state", "waiting", "reason"):
        message = text(status, "state", "waiting", "message") or f"container {name} waits: {waits_for}"
        restarts = number(status, "restartCount")
        yield state_event(
            change,
            cluster,
            _reason(waits_for, is_init=is_init),
            message,
            identity=(name, change.now.resource_version),
            # The kubelet does not say since when it waits.
            occurred_at=min(change.now.changed_at, change.seen_at),
            holds=True,
            attributes={"container": name, "restart_count": restarts},
        )


def _end_of(terminated: dict[str, Any]) -> tuple[str, str, int]:
    return text(terminated, "containerID"), text(terminated, "finishedAt"), number(terminated, "exitCode")


def _reason(reason: str, *, is_init: bool) -> str:
    return f"Init:{reason}" if is_init and reason in _OF_INIT_CONTAINERS else reason


def _terminated(change: ObjectChanged, cluster: str, name: str, ended: dict[str, Any], *, is_init: bool) -> UnifiedEvent:
    """The same end is told by `state` and, after the restart, by `lastState`: nothing here may differ between the two."""
    reason, code = text(ended, "reason") or "Error", number(ended, "exitCode")
    finished_at = instant(ended, "finishedAt")
    said = text(ended, "message")
    return state_event(
        change,
        cluster,
        _reason(reason, is_init=is_init),
        f"{'init ' * is_init}container {name} terminated: {reason}, exit code {code}" + (f": {said}" if said else ""),
        identity=(name, *map(str, _end_of(ended))),
        occurred_at=finished_at,
        attributes={
            "container": name,
            "exit_code": code,
            "finishedAt": format_time(finished_at) if finished_at else "",
            "startedAt": text(ended, "startedAt"),
        },
    )


def _readiness(change: ObjectChanged, cluster: str, now: dict[str, Any], before: dict[str, Any]) -> Iterator[UnifiedEvent]:
    ready, old = conditions(now).get("Ready", {}), conditions(before).get("Ready", {})
    status, since = text(ready, "status"), instant(ready, "lastTransitionTime")
    if status == text(old, "status") or text(now, "status", "phase") != "Running":
        return
    identity = ("Ready", status, text(ready, "lastTransitionTime"))
    if status == "True" and old:
        yield state_event(change, cluster, "Ready", "ready", identity=identity, occurred_at=since, is_warning=False)
    elif status in ("False", "Unknown"):
        started = instant(now, "status", "startTime")
        if text(old, "status") == "True" or (not before and since - started > _UNREADY_AFTER):
            message = text(ready, "message") or text(ready, "reason") or "not ready"
            yield state_event(
                change,
                cluster,
                "Unready",
                f"not ready: {message}",
                identity=identity,
                occurred_at=since,
                holds=True,
                attributes={"lastTransitionTime": text(ready, "lastTransitionTime")},
            )


def _scheduling(change: ObjectChanged, cluster: str, now: dict[str, Any], before: dict[str, Any]) -> Iterator[UnifiedEvent]:
    scheduled, old = conditions(now).get("PodScheduled", {}), conditions(before).get("PodScheduled", {})
    if text(scheduled, "status") == "False" and text(old, "status") != "False" and text(scheduled, "reason") == "Unschedulable":
        since = text(scheduled, "lastTransitionTime")
        yield state_event(
            change,
            cluster,
            "Unschedulable",
            text(scheduled, "message") or "cannot be scheduled",
            identity=("PodScheduled", since),
            occurred_at=instant(scheduled, "lastTransitionTime"),
            holds=True,
            attributes={"lastTransitionTime": since},
        )


def _disrupted(change: ObjectChanged, cluster: str, now: dict[str, Any], before: dict[str, Any]) -> Iterator[UnifiedEvent]:
    target, old = conditions(now).get("DisruptionTarget", {}), conditions(before).get("DisruptionTarget", {})
    if text(target, "status") == "True" and text(old, "status") != "True":
        since = text(target, "lastTransitionTime")
        yield state_event(
            change,
            cluster,
            text(target, "reason") or "Disrupted",
            text(target, "message"),
            identity=("DisruptionTarget", since),
            occurred_at=instant(target, "lastTransitionTime"),
        )
