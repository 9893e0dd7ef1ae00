"""
One incident per cause: a connected set of occurrences, cut where one fault's explanation ends and another's begins.

Faults that merely meet (a caller of both, a node of both) stay apart; what one cause, one trace, or real doubt holds together stays
together.
"""

from collections.abc import Callable
from math import fsum

from headwater.correlation.attribution_view import Weighed
from headwater.correlation.vertices import Vertex
from headwater.model.entities import Entity

DOUBT_MIN = 0.4
"""What has a cause elsewhere with at least this probability stays with it: of two candidates, one that is almost as likely."""

Tied = Callable[[Vertex], list[Vertex]]
"""The vertices that a trace ties to a vertex."""


def partition(weighed: Weighed, tied: Tied) -> list[list[Vertex]]:
    """The parts of a set, the one with most evidence first."""
    vertices = weighed.vertices
    units = [vertices[root].unit for root in weighed.local_roots]
    merged = _Units()
    place = {vertex.number: v for v, vertex in enumerate(vertices)}
    for v, vertex in enumerate(vertices):
        for cause in _plausible_causes(weighed, v):
            merged.unite(units[v], units[cause])
        for other in tied(vertex):
            if other.number in place:
                merged.unite(units[v], units[place[other.number]])
    parts: dict[Entity, list[Vertex]] = {}
    for v, vertex in enumerate(vertices):
        parts.setdefault(merged.of(units[v]), []).append(vertex)
    evidence = {vertex.number: weighed.evidence[v] for v, vertex in enumerate(vertices)}
    weights = {unit: fsum(evidence[vertex.number] for vertex in part) for unit, part in parts.items()}
    return [parts[unit] for unit in sorted(parts, key=lambda unit: (-round(weights[unit], 6), parts[unit][0].sort_key))]


def _plausible_causes(weighed: Weighed, v: int) -> list[int]:
    """
    The causes that a vertex may well have: rivals for one symptom stay in one incident, with the loser as an alternative.

    An inferred state has as many causes as it has: a service that two faults degrade does not make them one, unless it may have begun
    by itself. What is no news holds nothing together.
    """
    if (not weighed.vertices[v].is_real and weighed.parent(v) is not None) or weighed.is_ordinary(v):
        return []
    rivals = weighed.causes[v]
    total = max(weighed.vertices[v].symptom_class.spontaneity, 1.0 - weighed.news[v]) + fsum(rival.weight for rival in rivals)
    return sorted(rival.cause for rival in rivals if rival.weight >= DOUBT_MIN * total)


class _Units:
    """Units that belong together, each set known by its smallest."""

    def __init__(self) -> None:
        self._above: dict[Entity, Entity] = {}

    def of(self, unit: Entity) -> Entity:
        while unit in self._above:
            unit = self._above[unit]
        return unit

    def unite(self, one: Entity, another: Entity) -> None:
        smaller, larger = sorted((self.of(one), self.of(another)))
        if smaller != larger:
            self._above[larger] = smaller
