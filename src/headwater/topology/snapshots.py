"""The graph as builtin values and back: only what was told is kept, everything else follows from it."""

from typing import Any

import msgspec

from headwater.model.entities import Entity, Reference
from headwater.topology.call_graph import Call, CallGraph
from headwater.topology.history import History
from headwater.topology.structure import Structure

SNAPSHOT_VERSION = 2


class SnapshotError(ValueError):
    """A snapshot was made by another, unknown version of Headwater, or is damaged."""


class _ObjectSnapshot(msgspec.Struct, array_like=True):
    entity: Entity
    floor: int
    known_since: int
    versions: list[tuple[int, int, int, str]]  # valid_from, holds_from, told_at, and the rest as JSON
    sayings: list[tuple[int, str]]  # the latest hour of each, and the version as JSON


class _CallSnapshot(msgspec.Struct, array_like=True):
    caller: Reference
    called: Reference
    first_at: int
    last_at: int
    observations: list[int]


class _Snapshot(msgspec.Struct):
    version: int
    objects: list[_ObjectSnapshot]
    calls: list[_CallSnapshot]
    counters: dict[str, int]


def snapshot_of(structure: Structure, calls: CallGraph, counters: dict[str, int]) -> Any:
    """What was told, in builtin values and in one order."""
    objects = [
        _ObjectSnapshot(
            entity,
            history.floor,
            history.known_since,
            [(record.valid_from, record.holds_from, record.told_at, record.content.decode()) for record in history.records],
            [(saying.hour, saying.record.content.decode()) for saying in history.sayings.kept],
        )
        for entity, history in sorted(structure.histories.items(), key=lambda each: each[0])
    ]
    made = [
        _CallSnapshot(caller, called, call.first_at, call.last_at, list(call.observations))
        for (caller, called), call in sorted(calls.calls.items(), key=lambda each: each[0])
    ]
    return msgspec.to_builtins(_Snapshot(SNAPSHOT_VERSION, objects, made, dict(sorted(counters.items()))))


def restore_into(snapshot: Any, structure: Structure, calls: CallGraph, counters: dict[str, int]) -> None:
    """
    Know what a snapshot says was told.

    Raises SnapshotError where it is not one of this version.
    """
    try:
        parsed = msgspec.convert(snapshot, _Snapshot)
        if parsed.version != SNAPSHOT_VERSION:
            raise SnapshotError(f"topology snapshot has version {parsed.version}, this Headwater reads {SNAPSHOT_VERSION}")
        for each in parsed.objects:
            history = structure.histories[each.entity] = History()
            history.restore(each.floor, each.known_since, each.versions, each.sayings)
    except (msgspec.MsgspecError, ValueError) as error:
        raise SnapshotError(f"topology snapshot cannot be read: {error}") from error
    for call in parsed.calls:
        pair = (call.caller, call.called)
        calls.put(pair, Call(call.first_at, call.last_at, tuple(call.observations)))
    counters.update(parsed.counters)
