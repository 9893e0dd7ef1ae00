"""
The evidence graph: vertices and the possible causal steps between them, kept up to date as occurrences and topology change.

It is a cache of a pure function of (occurrences, topology): whatever came in whatever order, the same sets give the same graph.
"""

from collections.abc import Callable, Iterable

from headwater.causes.rules import RuleSet
from headwater.correlation.inferred import InferredStates
from headwater.correlation.kubernetes import KubernetesCorrelator
from headwater.correlation.limits import JOIN_WEIGHT_MIN, RELATION_SLACK, Limits
from headwater.correlation.linking import Linking
from headwater.correlation.occurrences import Occurrence
from headwater.correlation.ties import Ties
from headwater.correlation.vertex_index import VertexIndex
from headwater.correlation.vertices import Edge, Session, Vertex, VertexKey, sessions_within, sort_key_of
from headwater.model.entities import Entity, Reference
from headwater.signals.catalogue import Catalogue
from headwater.topology.graph import TopologyGraph

NEIGHBOURHOOD_HOPS = 3
"""No rule's path is longer, so a changed relation concerns nothing further away."""

NEIGHBOURHOOD_MAX = 2_000
"""Around a larger neighbourhood every vertex is linked anew instead."""


class EvidenceGraph:
    """
    Owns every vertex and edge.

    `dirty` collects vertices whose incident must be judged again, `touched` those of which only counts and last times changed.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        rules: RuleSet,
        topology: TopologyGraph,
        limits: Limits,
        reach: int,
        is_background: Callable[[Vertex], bool] = lambda _: False,
    ) -> None:
        self.kubernetes = KubernetesCorrelator(topology, limits)
        self.dirty: dict[Vertex, None] = {}
        self.touched: dict[Vertex, None] = {}
        self._catalogue, self._topology = catalogue, topology
        self._is_background = is_background
        self._key_of: dict[Occurrence, VertexKey] = {}
        self._members: dict[VertexKey, dict[Occurrence, None]] = {}
        self._vertices: dict[VertexKey, list[Vertex]] = {}
        self._by_reference: dict[Reference, dict[Occurrence, None]] = {}
        self._index = VertexIndex()
        self._linking = Linking(rules=rules, index=self._index, kubernetes=self.kubernetes, reach=reach)
        self._ties = Ties()
        self._grown: dict[Occurrence, None] = {}  # by the update under way
        self._inferred = InferredStates(catalogue=catalogue, rules=rules, topology=topology)
        self._numbers = 0

    def vertex_of(self, occurrence: Occurrence) -> Vertex | None:
        """The vertex an occurrence is part of."""
        key = self._key_of.get(occurrence)
        for vertex in self._vertices.get(key, ()) if key is not None else ():
            if occurrence in vertex.occurrences:
                return vertex
        return None

    def naming(self, reference: Reference) -> list[Occurrence]:
        """The occurrences that are about, or blame, what is called so."""
        return list(self._by_reference.get(reference, ()))

    def update(
        self,
        *,
        changed: Iterable[Occurrence] = (),
        gone: Iterable[Occurrence] = (),
        entities: Iterable[Entity] = (),
        references: Iterable[Reference] = (),
    ) -> None:
        """Take over occurrences that changed or went, and entities and references about which the topology knows more now."""
        entities = tuple(entities)
        self._grown = dict.fromkeys(changed)
        groups: dict[VertexKey, None] = {}
        for occurrence in gone:
            self._leave(occurrence, groups)
        resolved_anew = {o: None for reference in references for o in self._by_reference.get(reference, ())}
        around = self._around(entities)
        # Vertices still hold what has just gone, until they are rebuilt below.
        resolved_anew.update({o: None for vertex in around for o in vertex.occurrences if o in self._key_of})
        for occurrence in (*self._grown, *resolved_anew):
            self._join(occurrence, groups)
        moved: dict[Vertex, None] = {vertex: None for vertex in around if not vertex.is_gone}
        for vertex in around:
            self._place(vertex)
            self.dirty[vertex] = None
        for key in groups:
            self._rebuild(key, moved)
        self._inferred.reconsider(entities)
        touched = self._inferred.take_touched()
        while touched:
            for key in touched:
                self._rebuild(key, moved)
            touched = self._inferred.take_touched()
        self._link_anew(moved)

    def components(self, starts: Iterable[Vertex]) -> list[list[Vertex]]:
        """The connected sets that these vertices are in, each once, in the total order of their first members."""
        found: list[list[Vertex]] = []
        seen: dict[Vertex, None] = {}
        for vertex in starts:
            if vertex not in seen:
                component = self.component(vertex)
                seen.update(dict.fromkeys(component))
                found.append(component)
        return sorted(found, key=lambda members: members[0].sort_key)

    def component(self, start: Vertex) -> list[Vertex]:
        """All vertices connected with this one, in their total order."""
        seen = {start: None}
        waiting = [start]
        while waiting:
            vertex = waiting.pop()
            neighbours = [edge.cause for edge in vertex.causes if edge.base_weight >= JOIN_WEIGHT_MIN]
            neighbours += vertex.joined.values()
            neighbours += self._ties.neighbours(vertex)
            neighbours += self._inferred_with(vertex)
            for neighbour in neighbours:
                if neighbour not in seen:
                    seen[neighbour] = None
                    waiting.append(neighbour)
        return sorted(seen, key=lambda vertex: vertex.sort_key)

    def _inferred_with(self, vertex: Vertex) -> list[Vertex]:
        """What implies an inferred vertex belongs to its incident, so that neither is forgotten without the other."""
        if vertex.symptom_class.is_virtual:
            return self._inferred.members(vertex)
        implied = (inferred for key in self._inferred.implied_by(vertex) for inferred in self._vertices.get(key, ()))
        return [inferred for inferred in implied if inferred.first <= vertex.first <= inferred.last]

    def tied_by_trace(self, vertex: Vertex) -> list[Vertex]:
        """The vertices next to this one in a trace they share."""
        return self._ties.neighbours_in_trace(vertex)

    def all_vertices(self) -> list[Vertex]:
        """Every vertex, in no order that may reach a finding."""
        return [vertex for vertices in self._vertices.values() for vertex in vertices]

    def forget(self, vertices: Iterable[Vertex]) -> list[Occurrence]:
        """Drop a whole component; return its occurrences."""
        occurrences: list[Occurrence] = []
        groups: dict[VertexKey, None] = {}
        for vertex in vertices:
            for occurrence in vertex.occurrences:
                occurrences.append(occurrence)
                self._leave(occurrence, groups)
        moved: dict[Vertex, None] = {}
        for key in (*groups, *self._inferred.take_touched()):
            self._rebuild(key, moved)
        for key in self._inferred.take_touched():
            self._rebuild(key, moved)
        self._link_anew(moved)
        return occurrences

    def _around(self, entities: tuple[Entity, ...]) -> list[Vertex]:
        if not entities or not self._vertices:
            return []
        near = self._topology.neighbourhood(entities, NEIGHBOURHOOD_HOPS, NEIGHBOURHOOD_MAX)
        if near is None:
            return self.all_vertices()
        # Whoever cannot resolve names depends on the DNS without a relation that says so.
        by_dns = self._inferred.shows_dns if self._inferred.concerns_dns(entities) else ()
        found = {vertex: None for name in by_dns for vertex in self._index.of_class(name)}
        return list(found | dict.fromkeys(self._index.about_any(near)))

    def _join(self, occurrence: Occurrence, groups: dict[VertexKey, None]) -> None:
        """Resolve an occurrence and put it among those that mean the same."""
        at = occurrence.onset
        peer = occurrence.key.peer
        key = VertexKey(
            self._topology.resolve(occurrence.key.about, at),
            occurrence.key.symptom_class,
            self._topology.resolve(peer, at) if peer is not None else None,
            occurrence.key.is_usual,
        )
        before = self._key_of.get(occurrence)
        if before != key:
            if before is not None:
                self._leave(occurrence, groups)
            self._key_of[occurrence] = key
            self._members.setdefault(key, {})[occurrence] = None
            for reference in (occurrence.key.about, peer):
                if reference is not None:
                    self._by_reference.setdefault(reference, {})[occurrence] = None
        groups[key] = None

    def _leave(self, occurrence: Occurrence, groups: dict[VertexKey, None]) -> None:
        key = self._key_of.pop(occurrence, None)
        if key is None:
            return
        groups[key] = None
        members = self._members[key]
        del members[occurrence]
        if not members:
            del self._members[key]
        for reference in (occurrence.key.about, occurrence.key.peer):
            held = self._by_reference.get(reference) if reference is not None else None
            if held is not None and reference is not None:
                held.pop(occurrence, None)
                if not held:
                    del self._by_reference[reference]

    def _rebuild(self, key: VertexKey, moved: dict[Vertex, None]) -> None:
        """Make the vertices of a key what its occurrences, or its inferred spans, say now."""
        symptom_class = self._catalogue.classes[key.symptom_class]
        if symptom_class.is_virtual:
            sessions = sessions_within(self._inferred.spans(key), symptom_class.gap)
        else:
            members = self._members.get(key, {})
            sessions = sessions_within(((o.onset, o.first, o.last, o) for o in members), symptom_class.gap)
        before = self._vertices.get(key, [])
        if before and len(before) == len(sessions):
            for vertex, session in zip(before, sessions, strict=True):
                self._renew(vertex, session, moved)
            return
        for vertex in before:
            self._remove(vertex)
            moved.pop(vertex, None)
        vertices = [self._create(key, session) for session in sessions]
        moved.update(dict.fromkeys(vertices))
        if vertices:
            self._vertices[key] = vertices
        else:
            self._vertices.pop(key, None)

    def _create(self, key: VertexKey, session: Session) -> Vertex:
        onset, first, last, occurrences = session
        self._numbers += 1
        vertex = Vertex(
            key=key, symptom_class=self._catalogue.classes[key.symptom_class], onset=onset, first=first, last=last, occurrences=occurrences,
            services=(), peer_services=(), unit=key.entity, sort_key=sort_key_of(key, onset, first), number=self._numbers,
        )  # fmt: skip
        vertex.is_background = self._is_background(vertex)
        self._place(vertex)
        self.dirty[vertex] = None
        return vertex

    def _renew(self, vertex: Vertex, session: Session, moved: dict[Vertex, None]) -> None:
        onset, first, last, occurrences = session
        before = (vertex.onset, vertex.first, vertex.details, vertex.onset_spread, vertex.resumes, vertex.is_background)
        has_grown = last != vertex.last or occurrences != vertex.occurrences or any(o in self._grown for o in occurrences)
        vertex.onset, vertex.first, vertex.last, vertex.occurrences = onset, first, last, occurrences
        vertex.refresh()
        vertex.is_background = self._is_background(vertex)
        # What more is told of its kind may open or close a rule's path, as another onset may.
        has_moved = (onset, first, vertex.details, vertex.onset_spread, vertex.resumes, vertex.is_background) != before
        if has_moved:
            vertex.sort_key = sort_key_of(vertex.key, onset, first)
            self._place(vertex)
            moved[vertex] = None
            self.dirty[vertex] = None
        elif has_grown:
            # Of what began after it was last seen, some began while it lasted, as is known now.
            moved.update({effect: None for effect in vertex.outlasting.values() if effect.onset <= vertex.last})
            self._inferred.extend(vertex)
            if not vertex.is_background:
                self._ties.index(vertex, has_moved=False)
            self.touched[vertex] = None

    def _place(self, vertex: Vertex) -> None:
        """Find a vertex's services and unit as of its onset, and index it by them."""
        if vertex.is_gone:
            return
        self._index.remove(vertex)
        if vertex.is_background:
            # It neither causes nor follows from anything, and holds nothing together: where it stands makes no difference.
            self._ties.remove(vertex)
            self._inferred.remove(vertex)
            vertex.services, vertex.peer_services, vertex.unit = (), (), vertex.entity
            return
        start, end = vertex.onset - RELATION_SLACK, vertex.onset + RELATION_SLACK
        peer = vertex.key.peer
        vertex.services = self._topology.services_of(vertex.entity, start, end)
        vertex.peer_services = (self._topology.services_of(peer, start, end) or (peer,)) if peer is not None else ()
        vertex.unit = self._topology.unit_of(vertex.entity, vertex.onset)
        self._index.add(vertex)
        self._ties.index(vertex)
        self._inferred.index(vertex)

    def _remove(self, vertex: Vertex) -> None:
        vertex.is_gone = True
        self._index.remove(vertex)
        self._ties.remove(vertex)
        self._inferred.remove(vertex)
        for edge in vertex.causes:
            edge.cause.effects.pop(vertex.number, None)
            edge.cause.joined.pop(vertex.number, None)
            self.dirty[edge.cause] = None
        for effect in vertex.effects.values():
            effect.causes = [edge for edge in effect.causes if edge.cause is not vertex]
            self.dirty[effect] = None
        vertex.causes, vertex.effects, vertex.joined = [], {}, {}
        _leave_outlasted(vertex)
        for effect in vertex.outlasting.values():
            effect.outlasted.pop(vertex.number, None)
        vertex.outlasting = {}
        self.dirty.pop(vertex, None)
        self.touched.pop(vertex, None)
        for neighbour in self._ties.take_parted():
            if not neighbour.is_gone:
                self.dirty[neighbour] = None

    def _link_anew(self, moved: dict[Vertex, None]) -> None:
        """Find the causes of every moved vertex, and of every vertex that one of them may be a cause of."""
        effects = {effect: None for vertex in moved for effect in (*self._linking.possible_effects(vertex), *vertex.effects.values())}
        for vertex in {**moved, **effects}:
            if not vertex.is_gone:
                self._link(vertex)
        for vertex in self._ties.take_parted():
            if not vertex.is_gone:
                self.dirty[vertex] = None

    def _link(self, effect: Vertex) -> None:
        edges, outlasted = self._linking.steps_into(effect)
        _leave_outlasted(effect)
        for cause in outlasted:
            cause.outlasting[effect.number] = effect
            effect.outlasted[cause.number] = cause
        if _same_edges(edges, effect.causes):
            return
        for edge in effect.causes:
            edge.cause.effects.pop(effect.number, None)
            edge.cause.joined.pop(effect.number, None)
            self.dirty[edge.cause] = None
        effect.causes = edges
        for edge in edges:
            edge.cause.effects[effect.number] = effect
            if edge.base_weight >= JOIN_WEIGHT_MIN:
                edge.cause.joined[effect.number] = effect
            self.dirty[edge.cause] = None
        self.dirty[effect] = None


def _leave_outlasted(effect: Vertex) -> None:
    for cause in effect.outlasted.values():
        cause.outlasting.pop(effect.number, None)
    effect.outlasted = {}


def _same_edges(edges: list[Edge], others: list[Edge]) -> bool:
    if len(edges) != len(others):
        return False
    mine = sorted((edge.cause.number, edge.rule, edge.lag, edge.base_weight) for edge in edges)
    return mine == sorted((edge.cause.number, edge.rule, edge.lag, edge.base_weight) for edge in others)
