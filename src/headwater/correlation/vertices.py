"""
Vertices of the evidence graph: what occurrences mean once their references are resolved.

All of this is derived from occurrences and topology, never stored: it is rebuilt from them after a restart, and must then be the same.
"""

from collections.abc import Iterable, Mapping
from math import fsum

import msgspec

from headwater.correlation.occurrences import USUAL_MARK, Occurrence, Sample
from headwater.model.entities import Entity
from headwater.model.severity import Severity
from headwater.signals.classes import SymptomClass

NOBODY = Entity("", "", "", "")

Session = tuple[int, int, int, list[Occurrence]]
"""Onset, first and last observation, and the occurrences, of what is one vertex."""


class VertexKey(msgspec.Struct, frozen=True, order=True):
    """What occurrences must mean alike to be one vertex: entity, class and whom they blame."""

    entity: Entity
    symptom_class: str
    peer: Entity | None = None
    is_usual: bool = False  # whether log lines tell it that its workload always writes


class NewLine(msgspec.Struct, frozen=True):
    """A log line that its workload has not written before."""

    sample: Sample  # its earliest observation
    unseen_since: int  # nanoseconds: the log is known from there on


class Edge(msgspec.Struct, eq=False):
    """A possible step from a cause to an effect: which rule says so, and its weight before evidence that traces add."""

    cause: "Vertex"
    effect: "Vertex"
    rule: str
    path: tuple[str, ...]
    base_weight: float
    lag: int


class Vertex(msgspec.Struct, eq=False):
    """
    One thing that was wrong (or changed) with one entity in one session.

    Virtual vertices have no occurrences of their own: the inferred state of a service, or of a node that is suspect.
    """

    key: VertexKey
    symptom_class: SymptomClass
    onset: int
    first: int
    last: int
    occurrences: list[Occurrence]
    services: tuple[Entity, ...]  # the services of the entity, at the onset
    peer_services: tuple[Entity, ...]  # the services of the peer, at the onset
    unit: Entity  # the fault unit, at the onset
    sort_key: tuple[int, int, tuple[str, str, str]]
    causes: list[Edge] = []
    effects: dict[int, "Vertex"] = {}  # by number
    joined: dict[int, "Vertex"] = {}  # those of the effects whose edge is strong enough to make them of one incident
    outlasting: dict[int, "Vertex"] = {}  # by number: effects that began after it was last seen, to be linked anew should it last
    outlasted: dict[int, "Vertex"] = {}  # by number: those among whose `outlasting` it is
    number: int = 0  # of this run only: never leaves the process, never orders anything
    is_gone: bool = False
    # Derived from the key and the occurrences by `refresh`: read far more often than they change.
    entity: Entity = NOBODY
    is_real: bool = False  # whether observations say so, and not only inference
    count: int = 0  # observations
    severity: Severity = Severity.INFO  # the worst of its occurrences, its class's own for a virtual one
    weight: float = 1.0  # how strongly its observations were measured, on average
    onset_spread: int = 0  # nanoseconds: how much earlier it may have begun
    resumes: int = 0  # nanoseconds: how long before its onset the same trouble began, that only paused
    details: tuple[str, ...] = ()  # the kinds of its class that its occurrences told, ascending
    traces: Mapping[int, str] = {}  # trace ids by their hash
    is_user_visible: bool = False  # whether one of these kinds is what users feel
    is_background: bool = False  # no part of the evidence graph: what is always written
    new_line: NewLine | None = None  # the earliest that is news, as of the last judgement

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Take over what its key and its occurrences hold now."""
        occurrences = self.occurrences
        self.entity, self.is_real = self.key.entity, bool(occurrences)
        if len(occurrences) == 1:
            (only,) = occurrences
            self.count, self.severity, self.weight, self.traces = only.count, only.severity, only.weight, only.traces
            self.onset_spread, self.details = only.earliest.onset_spread, tuple(only.details)
            self.resumes = self.onset - only.began
            self.is_user_visible = self._is_felt()
            return
        counts = [occurrence.count for occurrence in occurrences]
        self.count = sum(counts)
        weighed = zip(occurrences, counts, strict=True)
        self.weight = fsum(occurrence.weight * count for occurrence, count in weighed) / self.count if self.count else 1.0
        self.severity = max((occurrence.severity for occurrence in occurrences), default=self.symptom_class.severity)
        self.onset_spread = min(occurrence.earliest for occurrence in occurrences).onset_spread if occurrences else 0
        self.resumes = self.onset - min((occurrence.began for occurrence in occurrences), default=self.onset)
        self.details = tuple(sorted({detail for occurrence in occurrences for detail in occurrence.details}))
        self.traces = {number: trace for occurrence in occurrences for number, trace in occurrence.traces.items()}
        self.is_user_visible = self._is_felt()

    @property
    def is_told_alone(self) -> bool:
        """Whether one would be woken for it alone."""
        return self.symptom_class.tell_alone or self.is_user_visible

    def _is_felt(self) -> bool:
        kinds = self.symptom_class.user_visible
        return bool(kinds) and not frozenset(kinds).isdisjoint(self.details)


def sort_key_of(key: VertexKey, onset: int, first: int) -> tuple[int, int, tuple[str, str, str]]:
    """A total order of vertices: onset, first time, key."""
    return (onset, first, (str(key.entity), key.symptom_class, str(key.peer or "") + USUAL_MARK * key.is_usual))


def sessions_within(spans: Iterable[tuple[int, int, int, Occurrence | None]], gap: int) -> list[Session]:
    """
    Unite (onset, first, last, occurrence) whose times lie within the gap of each other.

    The result is that of any order of the spans; occurrences come in their total order.
    """
    united: list[Session] = []
    for onset, first, last, occurrence in sorted(spans, key=lambda span: (span[1], span[2], span[0])):
        members = [occurrence] if occurrence is not None else []
        if united and first - united[-1][2] <= gap:
            before = united[-1]
            united[-1] = (min(before[0], onset), before[1], max(before[2], last), before[3] + members)
        else:
            united.append((onset, first, last, members))
    return [(onset, first, last, sorted(members, key=lambda member: member.sort_key)) for onset, first, last, members in united]
