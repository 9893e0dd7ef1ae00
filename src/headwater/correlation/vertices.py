"""
Vertices of the evidence graph: what occurrences mean once their references are resolved.

All of this is derived from occurrences and topology, never stored: it is rebuilt from them after a restart, and must then be the same.
"""

from collections.abc import Iterable
from math import fsum

import msgspec

from headwater.correlation.occurrences import Occurrence
from headwater.model.entities import Entity
from headwater.model.severity import Severity
from headwater.signals.classes import SymptomClass


class VertexKey(msgspec.Struct, frozen=True, order=True):
    """What occurrences must mean alike to be one vertex: entity, class and whom they blame."""

    entity: Entity
    symptom_class: str
    peer: Entity | None = None


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
    number: int = 0  # of this run only: never leaves the process, never orders anything
    is_gone: bool = False
    details: tuple[str, ...] = ()  # the kinds of its class that its occurrences told, ascending

    @property
    def entity(self) -> Entity:
        """Whom it is about."""
        return self.key.entity

    @property
    def is_real(self) -> bool:
        """Whether observations say so, and not only inference."""
        return bool(self.occurrences)

    @property
    def count(self) -> int:
        """How many observations."""
        return sum(occurrence.count for occurrence in self.occurrences)

    @property
    def onset_spread(self) -> int:
        """How much earlier it may have begun, in nanoseconds."""
        return min(occurrence.earliest for occurrence in self.occurrences).onset_spread if self.occurrences else 0

    @property
    def weight(self) -> float:
        """How strongly its observations were measured, on average."""
        occurrences = self.occurrences
        if len(occurrences) == 1:
            return occurrences[0].weight
        counted = sum(occurrence.count for occurrence in occurrences)
        return fsum(occurrence.weight * occurrence.count for occurrence in occurrences) / counted if counted else 1.0

    @property
    def severity(self) -> Severity:
        """The worst of its occurrences, its class's own for a virtual one."""
        return max((occurrence.severity for occurrence in self.occurrences), default=self.symptom_class.severity)

    @property
    def traces(self) -> dict[int, str]:
        """Trace ids by their hash."""
        if len(self.occurrences) == 1:
            return self.occurrences[0].traces
        return {number: trace for occurrence in self.occurrences for number, trace in occurrence.traces.items()}


def details_of(occurrences: Iterable[Occurrence]) -> tuple[str, ...]:
    """The kinds of a class that these told."""
    found = [occurrence.details for occurrence in occurrences if occurrence.details]
    return tuple(found[0]) if len(found) == 1 else tuple(sorted({detail for details in found for detail in details}))


def sort_key_of(key: VertexKey, onset: int, first: int) -> tuple[int, int, tuple[str, str, str]]:
    """A total order of vertices: onset, first time, key."""
    return (onset, first, (str(key.entity), key.symptom_class, str(key.peer or "")))


def sessions_within(spans: Iterable[tuple[int, int, int, Occurrence | None]], gap: int) -> list[tuple[int, int, int, list[Occurrence]]]:
    """
    Unite (onset, first, last, occurrence) whose times lie within the gap of each other.

    The result is that of any order of the spans; occurrences come in their total order.
    """
    united: list[tuple[int, int, int, list[Occurrence]]] = []
    for onset, first, last, occurrence in sorted(spans, key=lambda span: (span[1], span[2], span[0])):
        members = [occurrence] if occurrence is not None else []
        if united and first - united[-1][2] <= gap:
            before = united[-1]
            united[-1] = (min(before[0], onset), before[1], max(before[2], last), before[3] + members)
        else:
            united.append((onset, first, last, members))
    return [(onset, first, last, sorted(members, key=lambda member: member.sort_key)) for onset, first, last, members in united]
