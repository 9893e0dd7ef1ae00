"""What changed in the topology: version by version since an instant, or between two instants whatever happened in between."""

from collections.abc import Iterator
from typing import Any

import msgspec

from headwater.model.entities import Entity
from headwater.model.objects import ObjectVersion
from headwater.model.times import format_time
from headwater.service.topology_view import describe
from headwater.topology.graph import TopologyGraph

_PATHS_MAX = 8
_DEPTH_MAX = 5
_IGNORED = frozenset({"metadata.resourceVersion", "metadata.generation", "status.observedGeneration"})

APPEARED, CHANGED, GONE = "appeared", "changed", "gone"


class ChangeRow(msgspec.Struct, frozen=True):
    """One change of one entity."""

    at: str  # "" between two instants, where it is not one moment
    change: str  # appeared, changed or gone
    entity: str
    what: list[str]  # fields by path, or relations in words


def changes_since(graph: TopologyGraph, since: int, until: int) -> list[ChangeRow]:
    """Every version of every object from `since` to `until`, the oldest first."""
    found: list[tuple[int, str, ChangeRow]] = []
    for entity in graph.entities():
        previous: ObjectVersion | None = None
        for version in graph.versions_of(entity):
            at = version.valid_from
            row = _row(entity, version, previous)
            # The end of an object that was made again meanwhile ends nothing.
            if row is None:
                continue
            if since <= at <= until:
                found.append((at, str(entity), row))
            previous = version
    return [row for _at, _name, row in sorted(found, key=lambda each: each[:2])]


def _row(entity: Entity, version: ObjectVersion, previous: ObjectVersion | None) -> ChangeRow | None:
    at = format_time(version.valid_from) if version.valid_from else ""
    is_new = previous is None or previous.deleted
    if version.deleted:
        if previous is None or previous.deleted or (previous.uid and version.uid and previous.uid != version.uid):
            return None
        return ChangeRow(at, GONE, str(entity), [])
    if is_new:
        return ChangeRow(at, APPEARED, str(entity), [])
    assert previous is not None
    if previous.uid and version.uid and previous.uid != version.uid:
        return ChangeRow(at, APPEARED, str(entity), ["made again under the same name"])
    paths = list(_differences(previous.object, version.object, ""))
    shown = paths[:_PATHS_MAX] + ([f"{len(paths) - _PATHS_MAX} more"] if len(paths) > _PATHS_MAX else [])
    return ChangeRow(at, CHANGED, str(entity), shown) if paths else None


def difference(graph: TopologyGraph, start: int, end: int) -> list[ChangeRow]:
    """Which entities and relations are there at one of two instants and not at the other."""
    rows: list[ChangeRow] = []
    for entity in sorted(graph.entities()):
        before, after = describe(graph, entity, start), describe(graph, entity, end)
        if before.exists != after.exists:
            rows.append(ChangeRow("", APPEARED if after.exists else GONE, str(entity), []))
            continue
        had = {f"{row.relation} {row.entity}" for row in before.relations}
        has = {f"{row.relation} {row.entity}" for row in after.relations}
        what = [f"+ {each}" for each in sorted(has - had)] + [f"- {each}" for each in sorted(had - has)]
        if before.owner != after.owner:
            what.append(f"owner: {before.owner or 'none'} → {after.owner or 'none'}")
        if what and (before.exists or after.exists):
            rows.append(ChangeRow("", CHANGED, str(entity), what))
    return rows


def _differences(before: Any, after: Any, path: str, depth: int = 0) -> Iterator[str]:
    """The paths at which two objects differ; lists whose items have names or types are compared by them."""
    if before == after or path in _IGNORED:
        return
    old, new = _by_key(before), _by_key(after)
    if old is None or new is None or depth == _DEPTH_MAX:
        yield path
        return
    for key in sorted({*old, *new}):
        yield from _differences(old.get(key), new.get(key), f"{path}.{key}" if path else key, depth + 1)


def _by_key(value: Any) -> dict[str, Any] | None:
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for name in ("name", "type", "uid"):
            if all(isinstance(item.get(name), str) for item in value):
                return {f"[{item[name]}]": item for item in value}
    return None
