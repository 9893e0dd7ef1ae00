"""Finds the recorded cases of a folder and reads what a live system would have been told of them. Knows nothing of any truth."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from headwater.model.errors import InvalidEventError
from headwater.model.objects import ObjectVersion
from headwater.model.times import format_time, seconds
from headwater.service.event_lines import EventLine, event_line
from headwater.topology.limits import CALL_OBSERVATIONS_MIN
from headwater.topology.loader import K8sRelationshipLoader

EVENTS, OBJECTS, CALLS, LABELS = "events.jsonl.gz", "objects.json", "calls.json", "labels.jsonl"

CALLS_SEEN_BEFORE = seconds(60)
"""A live system has learned who calls whom before anything breaks; here that long before the first event."""


class CaseFolder(msgspec.Struct, frozen=True):
    """Where one case lies."""

    set_name: str
    name: str
    path: Path


class CaseSet(msgspec.Struct, frozen=True):
    """A folder of cases; without a truth file it is a set of fault-free windows."""

    name: str
    path: Path
    cases: tuple[CaseFolder, ...]


class Case(msgspec.Struct, frozen=True):
    """What is told: objects, then the calls learned, then the events."""

    folder: CaseFolder
    versions: Sequence[ObjectVersion]
    lines: Sequence[EventLine]
    events: int  # of the recording, without the spans that teach calls
    invalid: int
    minutes: float  # from the first event to the last


def find_sets(folder: Path) -> list[CaseSet]:
    """Every folder, the given one included, whose folders are cases; sorted by path."""
    sets: dict[Path, list[CaseFolder]] = {}
    for events in sorted(folder.rglob(EVENTS)):
        path = events.parent
        if (path / OBJECTS).is_file():
            sets.setdefault(path.parent, []).append(CaseFolder(path.parent.name, path.name, path))
    names = Counter(parent.name for parent in sets)
    found: list[CaseSet] = []
    for parent, cases in sorted(sets.items()):
        name = parent.name if names[parent.name] == 1 else f"{parent.parent.name}-{parent.name}"
        found.append(CaseSet(name, parent, tuple(msgspec.structs.replace(case, set_name=name) for case in cases)))
    return found


def read_case(folder: CaseFolder) -> Case:
    """The case, with events in the order of the file."""
    objects = json.loads((folder.path / OBJECTS).read_bytes())
    versions = K8sRelationshipLoader().versions(objects if isinstance(objects, list) else [objects], observed_at=None)
    lines: list[EventLine] = []
    invalid = 0
    with gzip.open(folder.path / EVENTS, "rb") as file:
        for data in file:
            try:
                lines.append(event_line(data.strip(), now=0))
            except InvalidEventError:
                invalid += 1
    calls = folder.path / CALLS
    taught = call_lines(json.loads(calls.read_bytes()), lines[0].occurred_at - CALLS_SEEN_BEFORE) if calls.is_file() and lines else []
    minutes = (lines[-1].occurred_at - lines[0].occurred_at) / seconds(60) if lines else 0.0
    return Case(folder, versions, [*taught, *lines], len(lines) + invalid, invalid, minutes)


def call_lines(calls: Sequence[dict[str, str]], at: int) -> list[EventLine]:
    """Healthy spans, as many of each call as make it a relation: the way in which a live system learns who calls whom."""
    return [event_line(json.dumps(span).encode(), now=at) for call in calls for span in _spans(call, at)]


def _spans(call: dict[str, str], at: int) -> Iterator[dict[str, object]]:
    for number in range(CALL_OBSERVATIONS_MIN):
        yield {
            "id": f"call.{call.get('namespace', '')}.{call['caller']}.{call['callee']}.{number}",
            "timestamp": format_time(at),
            "type": "service",
            "source": "otel",
            "severity": "info",
            "message": "",
            "k8s_context": {"namespace": call.get("namespace", "")},
            "attributes": {"service.name": call["caller"], "peer.service": call["callee"], "otel.status_code": "OK"},
        }
