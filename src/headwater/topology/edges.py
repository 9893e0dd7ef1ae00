"""
Relations with their validity, both ways round.

A relation may be stated by several claimants (a pod's labels, an EndpointSlice, …); it holds when any of them says so.
"""

from collections.abc import Hashable, Iterable, Mapping

from headwater.model.entities import Entity
from headwater.model.relations import Relation
from headwater.topology.facts import Edge
from headwater.topology.intervals import Span, Spans, merged, overlaps

Neighbours = dict[Relation, dict[Entity, Spans]]
NO_NEIGHBOURS: Mapping[Entity, Spans] = {}


class EdgeStore:
    """The adjacency of the graph, kept current claim by claim."""

    def __init__(self) -> None:
        self._claims: dict[Hashable, dict[Edge, Spans]] = {}
        self._claimants: dict[Edge, dict[Hashable, Spans]] = {}
        self._forward: dict[Entity, Neighbours] = {}
        self._backward: dict[Entity, Neighbours] = {}
        # Neighbours in order, made when first asked for: a node has a hundred pods, and sorting them is the whole cost of an answer.
        self._forward_sorted: dict[tuple[Entity, Relation], list[tuple[Entity, Spans]]] = {}
        self._backward_sorted: dict[tuple[Entity, Relation], list[tuple[Entity, Spans]]] = {}

    def replace(self, claimant: Hashable, claimed: dict[Edge, Spans]) -> list[Edge]:
        """Let a claimant state these relations and no others. Returns the relations that changed."""
        before = self._claims.get(claimant, {})
        if before == claimed:
            return []
        if claimed:
            self._claims[claimant] = claimed
        else:
            del self._claims[claimant]
        changed = [edge for edge in before if edge not in claimed and self._withdraw(edge, claimant)]
        changed += [edge for edge, spans in claimed.items() if before.get(edge) != spans and self._state(edge, claimant, spans)]
        return changed

    def is_claimant(self, claimant: Hashable) -> bool:
        """Whether it states any relation."""
        return claimant in self._claims

    def _state(self, edge: Edge, claimant: Hashable, spans: Spans) -> bool:
        claimants = self._claimants.setdefault(edge, {})
        is_new = claimant not in claimants
        claimants[claimant] = spans
        if len(claimants) == 1:
            return self._settle(edge, spans)
        # A further claimant only adds; one that changes its mind may take away, so that all must be asked.
        if is_new:
            return self._settle(edge, merged((*self.successors(edge[1], edge[0])[edge[2]], *spans)))
        return self._settle(edge, merged(span for each in claimants.values() for span in each))

    def _withdraw(self, edge: Edge, claimant: Hashable) -> bool:
        claimants = self._claimants[edge]
        del claimants[claimant]
        if claimants:
            return self._settle(edge, merged(span for each in claimants.values() for span in each))
        del self._claimants[edge]
        relation, source, sink = edge
        _remove(self._forward, source, relation, sink)
        _remove(self._backward, sink, relation, source)
        self._unsort(edge)
        return True

    def _settle(self, edge: Edge, spans: Spans) -> bool:
        """Give an edge its validity. Returns whether that is another one than before."""
        relation, source, sink = edge
        if self.successors(source, relation).get(sink) == spans:
            return False
        self._forward.setdefault(source, {}).setdefault(relation, {})[sink] = spans
        self._backward.setdefault(sink, {}).setdefault(relation, {})[source] = spans
        self._unsort(edge)
        return True

    def _unsort(self, edge: Edge) -> None:
        relation, source, sink = edge
        self._forward_sorted.pop((source, relation), None)
        self._backward_sorted.pop((sink, relation), None)

    def related(self, entity: Entity, relation: Relation, start: int, end: int) -> tuple[Entity, ...]:
        """Where a relation leads from an entity, valid at some instant of the closed interval; sorted."""
        neighbours = self._forward_sorted.get((entity, relation))
        if neighbours is None:
            found = self.successors(entity, relation)
            if not found:
                return ()  # not remembered: names that nobody knows are without end
            neighbours = self._forward_sorted[entity, relation] = sorted(found.items())
        return during(neighbours, start, end)

    def related_back(self, entity: Entity, relation: Relation, start: int, end: int) -> tuple[Entity, ...]:
        """From where a relation leads to an entity, valid at some instant of the closed interval; sorted."""
        neighbours = self._backward_sorted.get((entity, relation))
        if neighbours is None:
            found = self.predecessors(entity, relation)
            if not found:
                return ()  # not remembered: names that nobody knows are without end
            neighbours = self._backward_sorted[entity, relation] = sorted(found.items())
        return during(neighbours, start, end)

    def successors(self, entity: Entity, relation: Relation) -> Mapping[Entity, Spans]:
        """Where a relation leads from an entity, at any time."""
        neighbours = self._forward.get(entity)
        return NO_NEIGHBOURS if neighbours is None else neighbours.get(relation, NO_NEIGHBOURS)

    def predecessors(self, entity: Entity, relation: Relation) -> Mapping[Entity, Spans]:
        """From where a relation leads to an entity, at any time."""
        neighbours = self._backward.get(entity)
        return NO_NEIGHBOURS if neighbours is None else neighbours.get(relation, NO_NEIGHBOURS)

    def adjacent(self, entity: Entity) -> set[Entity]:
        """Whatever an entity is related to, at any time, either way."""
        found: set[Entity] = set()
        for neighbours in (self._forward.get(entity), self._backward.get(entity)):
            for others in (neighbours or {}).values():
                found.update(others)
        return found

    def entities(self) -> set[Entity]:
        """Every end of a relation."""
        return {*self._forward, *self._backward}


def _remove(adjacency: dict[Entity, Neighbours], entity: Entity, relation: Relation, other: Entity) -> None:
    neighbours = adjacency[entity]
    del neighbours[relation][other]
    if not neighbours[relation]:
        del neighbours[relation]
        if not neighbours:
            del adjacency[entity]


def during(neighbours: Iterable[tuple[Entity, Spans]], start: int, end: int) -> tuple[Entity, ...]:
    """Those related at an instant of the closed interval, in the order given."""
    return tuple(
        [
            entity
            for entity, spans in neighbours
            # Nearly all have one span; only of those with more must each be looked at.
            if spans[0][0] <= end and spans[-1][1] > start and (len(spans) == 1 or overlaps(spans, start, end))
        ]
    )


def collected(claims: Iterable[tuple[Edge, Span]]) -> dict[Edge, Spans]:
    """Each relation once, with the union of its spans; those that never hold are left out."""
    spans_by_edge: dict[Edge, list[Span]] = {}
    for edge, span in claims:
        spans_by_edge.setdefault(edge, []).append(span)
    if not spans_by_edge:
        return {}
    united = {edge: merged(spans) for edge, spans in spans_by_edge.items()}
    return {edge: spans for edge, spans in united.items() if spans}
