"""State transitions of nodes: conditions that became bad or good again, a cordon, a reboot."""

from collections.abc import Iterator

from headwater.edges.kubernetes.changes import MODIFIED, ObjectChanged
from headwater.edges.kubernetes.content import conditions, instant, mapping, text
from headwater.edges.kubernetes.events import state_event
from headwater.model.events import UnifiedEvent

_REASONS = {
    "MemoryPressure": "NodeHasInsufficientMemory",
    "DiskPressure": "NodeHasDiskPressure",
    "PIDPressure": "NodeHasInsufficientPID",
    "NetworkUnavailable": "NodeNetworkUnavailable",
}
"""What a condition that holds is called; others, such as the node problem detector's, are called by their type."""


def node_states(change: ObjectChanged, cluster: str) -> Iterator[UnifiedEvent]:
    """What this version of a node tells that the one before did not."""
    now, before = change.now.object, change.before.object if change.before is not None else {}
    was = conditions(before)
    for kind, condition in sorted(conditions(now).items()):
        status, old = text(condition, "status"), text(was.get(kind), "status")
        if status == old:
            continue
        since = text(condition, "lastTransitionTime")
        is_bad = status != "True" if kind == "Ready" else status == "True"
        was_bad = bool(old) and (old != "True" if kind == "Ready" else old == "True")
        if is_bad == was_bad:
            continue
        reason = ("NodeNotReady" if is_bad else "NodeReady") if kind == "Ready" else _REASONS.get(kind, kind) if is_bad else f"{kind}Ended"
        yield state_event(
            change,
            cluster,
            reason,
            text(condition, "message") or text(condition, "reason") or reason,
            identity=(kind, status, since),
            occurred_at=instant(condition, "lastTransitionTime"),
            is_warning=is_bad,
            holds=True,
            attributes={"lastTransitionTime": since},
        )
    if not before:
        return
    is_cordoned, was_cordoned = mapping(now, "spec").get("unschedulable") is True, mapping(before, "spec").get("unschedulable") is True
    if is_cordoned != was_cordoned:
        word = "cordon" if is_cordoned else "uncordon"
        yield state_event(change, cluster, "", f"{word}ed", action=MODIFIED, is_warning=False, attributes={"k8s.change": word})
    boot, old_boot = text(now, "status", "nodeInfo", "bootID"), text(before, "status", "nodeInfo", "bootID")
    if boot and old_boot and boot != old_boot:
        yield state_event(change, cluster, "NodeRebooted", "rebooted", identity=("boot", boot))
