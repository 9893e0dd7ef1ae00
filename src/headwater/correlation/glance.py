"""A glance at a connected set: whether anything of it can possibly be told. Most of what happens in a cluster ends here."""

from collections import deque
from collections.abc import Iterable, Sequence

from headwater.correlation.attribution_view import ORDINARY_BELOW, NewsOf
from headwater.correlation.pattern import compared_by
from headwater.correlation.scene import details_of
from headwater.correlation.vertices import Vertex
from headwater.model.times import seconds
from headwater.patterns.pattern_library import PatternLibrary
from headwater.patterns.scene import names_of
from headwater.topology.graph import TopologyGraph

ENTITIES_TO_TELL_MIN = 3
SYMPTOMS_TO_TELL_MIN = 4
TOGETHER = seconds(120)
"""So far apart symptoms may begin and still be more than what comes one by one."""


def may_be_told(component: Sequence[Vertex], library: PatternLibrary, topology: TopologyGraph, news_of: NewsOf) -> bool:
    """
    Whether a judgement of this set can find anything to tell, at a fraction of its price; never false where it can.

    It cannot where nothing stands for itself, too few say that they fail, and no pattern finds its anchor and all it requires: of no
    part of the set can more be said than of the whole.
    """
    fresh = [vertex for vertex in component if vertex.is_real and news_of(vertex) >= ORDINARY_BELOW]
    if any(vertex.is_told_alone for vertex in fresh) or is_widespread(fresh):
        return True
    compared = compared_by(library)
    names = (name for vertex in fresh for name in names_of(vertex.key.symptom_class, details_of(vertex, topology, compared)))
    return bool(library.possible(frozenset(names)))


def is_widespread(vertices: Iterable[Vertex]) -> bool:
    """
    Four symptoms of three entities, showing or blamed, are worth telling whatever they are called.

    Not those that come one by one: a line that something logs every other minute, and a call that fails beside it, are everyday life.
    """
    symptoms = [vertex for vertex in vertices if vertex.symptom_class.evidence > 0]
    named = {vertex.entity for vertex in symptoms} | {vertex.key.peer for vertex in symptoms if vertex.key.peer is not None}
    return len(named) >= ENTITIES_TO_TELL_MIN and _most_together(symptoms) >= SYMPTOMS_TO_TELL_MIN


def _most_together(symptoms: Iterable[Vertex]) -> int:
    """How many observations of sessions that began within two minutes of each other there are at most."""
    most = held = 0
    together: deque[Vertex] = deque()
    for vertex in sorted(symptoms, key=lambda vertex: vertex.first):
        together.append(vertex)
        held += vertex.count
        while vertex.first - together[0].first > TOGETHER:
            held -= together.popleft().count
        most = max(most, held)
    return most
