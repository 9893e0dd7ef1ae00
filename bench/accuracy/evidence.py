"""What the events of a case say of each app, node or namespace, and what the catalogue makes of it: read for tables of misses only."""

import gzip
import json
from collections import Counter, defaultdict

import msgspec
from bench.accuracy.cases import EVENTS, Case
from bench.accuracy.floors import entity_of, kind_of
from bench.accuracy.names import Names
from bench.accuracy.playing import knowledge

from headwater.model.errors import InvalidEventError
from headwater.model.observations import decode_observation, occurred_at_of

NO_SYMPTOM = ""


class Said(msgspec.Struct, frozen=True):
    """One kind of event and the class that the catalogue gives it, if any."""

    kind: str
    severity: str
    symptom_class: str
    example: str


class Evidence(msgspec.Struct, frozen=True):
    """Counts, by app, node or namespace."""

    about: dict[str, Counter[Said]]
    blaming: dict[str, Counter[tuple[str, str]]]  # who blames it with a symptom of which class


def evidence_of(case: Case, names: Names) -> Evidence:
    """Count what is said of whom."""
    found = Evidence(defaultdict(Counter), defaultdict(Counter))
    examples: dict[tuple[str, str, str], str] = {}
    with gzip.open(case.folder.path / EVENTS, "rb") as lines:
        for data in lines:
            try:
                _count(data.strip(), names, found, examples)
            except InvalidEventError:
                continue
    return found


def _count(data: bytes, names: Names, found: Evidence, examples: dict[tuple[str, str, str], str]) -> None:
    head = decode_observation(data)
    at = occurred_at_of(head, 0)
    event = json.loads(data)
    trace_id = head.trace_context.trace_id if head.trace_context else ""
    abouts: list[tuple[str, str]] = []
    for symptom in knowledge().catalogue.symptoms_of(head, data, occurred_at=at, trace_id=trace_id):
        name = names.name_of_reference(symptom.about, at)
        abouts.append((name, symptom.symptom_class))
        if symptom.peer is not None:
            found.blaming[names.name_of_reference(symptom.peer, at)][name, symptom.symptom_class] += 1
    for name, symptom_class in abouts or [(entity_of(event) or "?", NO_SYMPTOM)]:
        key = (kind_of(event), str(event.get("severity")), symptom_class)
        example = examples.setdefault(key, " ".join(str(event.get("message", "")).split())[:160])
        found.about[name][Said(*key, example)] += 1
