"""One connected set of occurrences, weighed and attributed: shares by occurrence and by fault unit, and the tree of best causes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import fsum, log2, sqrt

import msgspec

from headwater.causes.attribution import Attribution, WeightedCause, attribute, local_roots
from headwater.causes.support import with_support
from headwater.correlation import revisions, temporal
from headwater.correlation.anchors import anchored
from headwater.correlation.expectations import NO_DOUBTS
from headwater.correlation.inferred_news import with_inferred
from headwater.correlation.network_sides import evenness_of, factor_of
from headwater.correlation.vertices import Edge, Vertex, VertexKey
from headwater.model.entities import Entity
from headwater.model.times import seconds

ONSET_TIE = seconds(2)
"""Onsets within this time are one to a tie-break: clocks of nodes differ by as much."""

REPLICAS_TOGETHER = seconds(10)
"""Replicas whose onsets are no further apart failed alike."""

ORDINARY_BELOW = 0.5
"""What the usual rate alone explains more likely than not is no news."""

_REPEATS_COUNTED_MAX = 64
_MEASURED_COUNTED_MAX = 4_096

ShareOf = Callable[[Edge], float]
"""What of a step holds for its effect, 0 to 1."""

NewsOf = Callable[[Vertex], float]
"""How little of a vertex is what its cluster shows all the time, 0 to 1."""


class Weighed(msgspec.Struct, eq=False):
    """The attribution of one set of vertices. Indices are into `vertices`, which are in their total order."""

    vertices: list[Vertex]
    news: list[float]  # of each
    evidence: list[float]  # of each
    edges: list[dict[int, tuple[float, Edge]]]  # for each effect, for each cause, the strongest edge and its weight
    causes: list[list[WeightedCause]]  # of each effect, how strongly each is believed to be it beside its rivals, strongest first
    attribution: Attribution
    local_roots: list[int]
    units: list[Entity]  # ranked, strongest first
    unit_shares: dict[Entity, float]
    root_of_unit: dict[Entity, int]
    doubted: Mapping[int, float] = NO_DOUBTS.left  # by number of a vertex
    carried: Mapping[int, float] = NO_DOUBTS.left  # by number of a rollout
    chains: dict[int, list[int]] = {}  # a cache of `ancestors`

    def is_ordinary(self, v: int) -> bool:
        """Whether an occurrence is no news: what its cluster shows all the time, or what has passed by itself."""
        return self.news[v] < ORDINARY_BELOW

    def is_innocent(self, v: int) -> bool:
        """Whether it is a rollout whose new pods fail no more than the old ones: it names no failure."""
        return not revisions.is_carried(self.vertices[v], self.carried)

    def parent(self, effect: int) -> int | None:
        """The best cause of an occurrence."""
        return self.attribution.best_causes[effect]

    def ancestors(self, effect: int) -> list[int]:
        """The chain of best causes from an occurrence, nearest first, each once."""
        known = self.chains.get(effect)
        if known is None:
            chain: dict[int, None] = {}
            at = self.parent(effect)
            while at is not None and at not in chain and at != effect:
                chain[at] = None
                at = self.parent(at)
            known = self.chains[effect] = list(chain)
        return known


def always_news(_: Vertex) -> float:
    """Where no history is known."""
    return 1.0


def whole(_: Edge) -> float:
    """Where nothing more is known of a step."""
    return 1.0


def weigh(
    vertices: Sequence[Vertex],
    news_of: NewsOf = always_news,
    doubted: Mapping[int, float] = NO_DOUBTS.left,
    carried: Mapping[int, float] = NO_DOUBTS.left,
    share_of: ShareOf = whole,
) -> Weighed:
    """
    Attribute the evidence of these vertices among them; edges from outside are left out.

    `doubted` says, by the number of a vertex, what is left of what it explains, and `carried` of a rollout what its new pods carry;
    `share_of` says what of a step holds for its effect.
    """
    ordered = sorted(vertices, key=lambda vertex: vertex.sort_key)
    place = {vertex.number: index for index, vertex in enumerate(ordered)}
    failures = _failures_of(ordered)
    news = with_inferred(ordered, [news_of(vertex) for vertex in ordered])
    totals = _times_seen(ordered)
    evidence = [evidence_of(vertex, totals[vertex.key]) * known * known for vertex, known in zip(ordered, news, strict=True)]
    evenness = evenness_of(ordered)
    edges = [_strongest(vertex, place, failures, news, evenness, doubted, carried, share_of) for vertex in ordered]
    evidence = anchored(ordered, evidence, edges)
    causes = [
        [WeightedCause(cause, weight) for cause, (weight, _) in sorted(found.items(), key=lambda item: (-item[1][0], item[0]))]
        for found in edges
    ]
    # What is ordinary needs no cause.
    spontaneity = [max(vertex.symptom_class.spontaneity, 1.0 - known) for vertex, known in zip(ordered, news, strict=True)]
    effects_first = sorted(range(len(ordered)), key=lambda v: (-ordered[v].onset, -ordered[v].symptom_class.layer, v))
    attribution = attribute(evidence=evidence, spontaneity=spontaneity, causes=causes, effects_first=effects_first)
    if any(len(rivals) > 1 for rivals in causes):
        causes = with_support(causes, spontaneity=spontaneity, attribution=attribution)
        attribution = attribute(evidence=evidence, spontaneity=spontaneity, causes=causes, effects_first=effects_first)
    units, shares, roots = _rank_units(ordered, attribution, carried)
    return Weighed(
        ordered, news, evidence, edges, causes, attribution, local_roots(attribution.best_causes), units, shares, roots, doubted, carried
    )


def _failures_of(vertices: list[Vertex]) -> Counter[Entity]:
    """How many failed calls blame each service or, where that is more, how many failures of one class it shows of itself."""
    failures: Counter[Entity] = Counter()
    own: Counter[tuple[Entity, str]] = Counter()
    for vertex in vertices:
        if vertex.is_real and vertex.symptom_class.is_service:
            for service in vertex.peer_services:
                failures[service] += vertex.count
            if vertex.key.peer is None:
                for service in vertex.services:
                    own[service, vertex.key.symptom_class] += vertex.count
    for (service, _), count in own.items():
        failures[service] = max(failures[service], count)
    return failures


def _volume_factor(edge: Edge, failures: Counter[Entity]) -> float:
    """
    One failed call does not explain that ten calls to its caller fail, nor that it fails in ten other ways.

    Where a service's own failed calls are to explain its degradation, they count as far as there are as many as failed calls to it, or
    failures of one class that it shows; by the square root, since either side may be sampled.
    """
    if edge.effect.is_real or edge.cause.key.peer is None or not edge.cause.symptom_class.is_service:
        return 1.0
    failed = failures[edge.effect.entity]
    return sqrt(min(1.0, edge.cause.count / failed)) if failed else 1.0


def _strongest(
    vertex: Vertex,
    place: dict[int, int],
    failures: Counter[Entity],
    news: list[float],
    evenness: Mapping[Entity, float],
    doubted: Mapping[int, float],
    carried: Mapping[int, float],
    share_of: ShareOf,
) -> dict[int, tuple[float, Edge]]:
    found: dict[int, tuple[float, Edge]] = {}
    for edge in vertex.causes:
        cause = place.get(edge.cause.number)
        if cause is None:
            continue
        # What happens all the time explains less.
        weight = temporal.weight_of(edge) * _volume_factor(edge, failures) * factor_of(edge, evenness) * sqrt(news[cause])
        weight *= doubted.get(edge.cause.number, 1.0) * revisions.factor_of(edge, carried) * share_of(edge)
        before = found.get(cause)
        if before is None or (weight, edge.rule) > (before[0], before[1].rule):
            found[cause] = (weight, edge)
    return found


def _times_seen(vertices: list[Vertex]) -> Counter[VertexKey]:
    seen: Counter[VertexKey] = Counter()
    for vertex in vertices:
        if vertex.is_real:
            seen[vertex.key] += vertex.count
    return seen


def evidence_of(vertex: Vertex, seen: int = 0) -> float:
    """
    What the observation of an occurrence weighs; nothing where it is inferred, or a change that need not be wrong.

    `seen` counts the observations of all sessions of its key: one trouble that comes and goes is no more than one that stays.
    """
    if not vertex.occurrences or not vertex.symptom_class.evidence:
        return 0.0
    count = vertex.count
    seen = max(seen, count)
    return vertex.symptom_class.evidence * vertex.weight * _volume(seen, vertex.symptom_class.usual) * count / seen


def _volume(count: int, usual: float) -> float:
    """
    What the number of observations adds. Repeats of one failure say little more than the first.

    Where single ones say nothing, because some are always there, it is the number that speaks: each doubling counts alike.
    """
    if usual:
        return 1 + log2(max(1.0, min(count, _MEASURED_COUNTED_MAX) / usual))
    return sqrt(1 + log2(min(count, _REPEATS_COUNTED_MAX)))


def _rank_units(
    vertices: list[Vertex], attribution: Attribution, carried: Mapping[int, float]
) -> tuple[list[Entity], dict[Entity, float], dict[Entity, int]]:
    ranked = sorted(range(len(vertices)), key=lambda v: _rank(vertices[v], attribution.shares[v], v))
    of_unit: dict[Entity, list[int]] = {}
    for v in ranked:
        of_unit.setdefault(vertices[v].unit, []).append(v)
    shares = {unit: round(fsum(attribution.shares[v] for v in sorted(members)), 6) for unit, members in of_unit.items()}
    guilty = {unit: [v for v in members if revisions.is_carried(vertices[v], carried)] or members for unit, members in of_unit.items()}
    roots = {unit: _name_of_unit(vertices, attribution, members) for unit, members in guilty.items()}
    units = sorted(shares, key=lambda unit: (-shares[unit], vertices[roots[unit]].onset, vertices[roots[unit]].symptom_class.layer, unit))
    return units, shares, roots


def _rank(vertex: Vertex, share: float, index: int) -> tuple[float, int, int, int]:
    return (-round(share, 6), vertex.onset // ONSET_TIE, vertex.symptom_class.layer, index)


def _name_of_unit(vertices: list[Vertex], attribution: Attribution, members: list[int]) -> int:
    """
    The occurrence that names the unit's fault: the one with the largest share.

    Where that is an inferred state, the strongest observed one that blames nobody else says it better. Of replicas that fail alike
    within seconds it is the first by name: which of their nodes' clocks runs ahead must not decide.
    """
    strongest = members[0]
    if not vertices[strongest].is_real:
        own = (member for member in members if vertices[member].is_real and vertices[member].key.peer is None)
        strongest = next((member for member in own if attribution.shares[member] > 0), strongest)
    alike = [v for v in members if vertices[v].is_real and _is_alike(vertices[v], vertices[strongest])]
    return min(alike, key=lambda v: (vertices[v].entity, v), default=strongest)


def _is_alike(one: Vertex, other: Vertex) -> bool:
    return (one.key.symptom_class, one.key.peer) == (other.key.symptom_class, other.key.peer) and (
        abs(one.onset - other.onset) <= REPLICAS_TOGETHER
    )
