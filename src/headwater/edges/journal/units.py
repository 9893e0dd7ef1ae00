"""
What systemd says of a unit, as an event about its node: it failed, was killed for memory, or runs again.

Only what the manager itself wrote counts: a program that logs "Failed with result" under the name of the kubelet changes nothing.
"""

from collections.abc import Collection
from enum import Enum
from re import compile as compile_pattern

import msgspec

from headwater.edges.journal.entries import JournalEntry
from headwater.model.event_contexts import KubernetesContext
from headwater.model.event_layers import EntityContext, SemanticContext
from headwater.model.event_parts import EventSeverity
from headwater.model.events import UnifiedEvent
from headwater.model.identity import digest
from headwater.model.times import MILLENNIUM_NS, format_time

SOURCE = "systemd"
WATCHED_UNITS = (
    "containerd", "crio", "docker", "cri-docker", "kubelet", "kube-proxy", "kube-apiserver", "kube-controller-manager", "kube-scheduler",
    "etcd", "k3s", "k3s-agent", "rke2-server", "rke2-agent", "k0scontroller", "k0sworker", "snap.microk8s.daemon-kubelite",
)  # fmt: skip
"""Services that a node of a cluster stands on, under the names that distributions give them."""

# systemd's catalogue of messages: https://github.com/systemd/systemd/blob/main/src/systemd/sd-messages.h
_FAILED = frozenset({"d9b373ed55a64feb8242e02dbe79a49c", "be02cf6855d2428ba40df7e9d022f03d"})  # failure result, start failed
_OUT_OF_MEMORY = "fe6faa94e7774663a0da52717891d8ef"
_STARTED = "39f53479d3a045ac8e11786248231fbf"
_STOPPED = "9d1aaa27d60140bd96365438aad20286"
_RESULT = compile_pattern(r"Failed with result '([a-z-]{1,40})'").search
_STARTS_TOO_OFTEN = "start-limit-hit"


class UnitState(Enum):
    """What happened to a unit."""

    FAILED = "host.unit.failed"
    STOPPED = "host.unit.stopped"
    STARTED = "host.unit.started"


class UnitChange(msgspec.Struct, frozen=True):
    """A unit went into a state."""

    unit: str  # without `.service`
    state: UnitState
    result: str


def unit_change(entry: JournalEntry, watched: Collection[str]) -> UnitChange | None:
    """What an entry says of a watched unit; None where it says nothing."""
    unit = entry.unit.removesuffix(".service")
    if unit not in watched or not entry.is_of_manager:
        return None
    if entry.message_id == _OUT_OF_MEMORY:
        return UnitChange(unit, UnitState.FAILED, "oom-kill")
    match = _RESULT(entry.message)
    if entry.message_id in _FAILED or match is not None:
        result = match[1] if match is not None else entry.result
        # The job's own end; the unit's follows with a reason, or came before.
        return None if result in ("done", "dependency", "canceled") else UnitChange(unit, UnitState.FAILED, result or "failed")
    if entry.message_id == _STARTED:
        return UnitChange(unit, UnitState.STARTED, "")
    return UnitChange(unit, UnitState.STOPPED, "") if entry.message_id == _STOPPED else None


def event_of(entry: JournalEntry, change: UnitChange, *, node: str, received_at: int) -> UnifiedEvent:
    """The observation. Its id comes from what was said and when, so that reading a journal twice tells nothing twice."""
    occurred_at = entry.occurred_at if entry.occurred_at >= MILLENNIUM_NS else received_at
    name = node or entry.host or "unknown"
    is_failed = change.state is UnitState.FAILED
    attributes = {"unit": change.unit, "state": change.state.value.rpartition(".")[2], "result": change.result}
    return UnifiedEvent(
        id=digest(name, change.unit, change.state.value, change.result, str(entry.occurred_at), entry.cursor, size=16),
        timestamp=format_time(occurred_at),
        type="systemd",
        source=SOURCE,
        severity=EventSeverity.HIGH if is_failed else EventSeverity.INFO,
        message=entry.message or f"{change.unit} {attributes['state']}",
        semantic=SemanticContext(intent=change.state.value),
        entity=EntityContext(type="node", name=name),
        k8s_context=KubernetesContext(kind="Node", name=name),
        attributes={key: value for key, value in attributes.items() if value},
    )
