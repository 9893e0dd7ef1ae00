"""
What nobody observed but the observations imply: that a service is degraded, or that a node is suspect.

A service is degraded while it has, or is blamed for, a symptom: that joins a chain across services that say nothing themselves. A
latent common cause stands where enough of what hangs on one entity turned bad together.
"""

from headwater.causes.rules import LatentRule, RuleSet
from headwater.correlation.limits import RELATION_SLACK
from headwater.correlation.occurrences import Occurrence
from headwater.correlation.vertices import Vertex, VertexKey
from headwater.model.entities import Entity
from headwater.signals.catalogue import Catalogue
from headwater.topology.graph import TopologyGraph

DEGRADED = "svc.degraded"

Span = tuple[int, int, int, Occurrence | None]


class InferredStates:
    """Which vertices imply which inferred ones."""

    def __init__(self, *, catalogue: Catalogue, rules: RuleSet, topology: TopologyGraph) -> None:
        self._topology = topology
        self._degraded = DEGRADED if DEGRADED in catalogue.classes else None
        self._latent = {rule.symptom_class: rule for rule in rules.latent}
        self._latent_by_symptom: dict[str, list[LatentRule]] = {}
        for rule in rules.latent:
            for name in rule.because_of:
                self._latent_by_symptom.setdefault(name, []).append(rule)
        self._implied_by: dict[VertexKey, dict[Vertex, None]] = {}
        self._implies: dict[Vertex, tuple[VertexKey, ...]] = {}
        self._touched: dict[VertexKey, None] = {}

    def index(self, vertex: Vertex) -> None:
        """Take over what a vertex implies now."""
        if vertex.symptom_class.is_virtual:
            return
        keys = self._keys(vertex)
        for key in self._implies.get(vertex, ()):
            if key not in keys:
                self._drop(key, vertex)
        for key in keys:
            self._implied_by.setdefault(key, {})[vertex] = None
            self._touched[key] = None
        if keys:
            self._implies[vertex] = keys
        else:
            self._implies.pop(vertex, None)

    def extend(self, vertex: Vertex) -> None:
        """A vertex lasts longer than before."""
        self._touched.update(dict.fromkeys(self._implies.get(vertex, ())))

    def remove(self, vertex: Vertex) -> None:
        """Forget a vertex."""
        for key in self._implies.pop(vertex, ()):
            self._drop(key, vertex)

    def take_touched(self) -> list[VertexKey]:
        """The inferred vertices that may differ since the last call."""
        touched, self._touched = list(self._touched), {}
        return touched

    def spans(self, key: VertexKey) -> list[Span]:
        """When the inferred state held."""
        members = self._implied_by.get(key, {})
        rule = self._latent.get(key.symptom_class)
        if rule is None:
            return [(vertex.onset, vertex.first, vertex.last, None) for vertex in members]
        return self._latent_spans(key.entity, rule, sorted(members, key=lambda vertex: (vertex.first, vertex.sort_key)))

    def implied_by(self, vertex: Vertex) -> tuple[VertexKey, ...]:
        """The keys of the inferred states that a vertex implies."""
        return self._implies.get(vertex, ())

    def members(self, inferred: Vertex) -> list[Vertex]:
        """The vertices that imply this inferred one."""
        implying = self._implied_by.get(inferred.key, ())
        return [vertex for vertex in implying if inferred.first <= vertex.first <= inferred.last]

    def _keys(self, vertex: Vertex) -> tuple[VertexKey, ...]:
        keys: dict[VertexKey, None] = {}
        if vertex.symptom_class.is_service and self._degraded:
            for service in (*vertex.services, *vertex.peer_services):
                keys[VertexKey(service, self._degraded)] = None
        for rule in self._latent_by_symptom.get(vertex.key.symptom_class, ()):
            start, end = vertex.onset - RELATION_SLACK, vertex.onset + RELATION_SLACK
            for entity in self._topology.related_back(vertex.entity, rule.through, start, end):
                keys[VertexKey(entity, rule.symptom_class)] = None
        return tuple(keys)

    def _latent_spans(self, suspect: Entity, rule: LatentRule, members: list[Vertex]) -> list[Span]:
        """Every window that starts with a member and holds enough of them; times are the observers', so that what is final stays so."""
        spans: list[Span] = []
        for index, start in enumerate(members):
            window = [member for member in members[index:] if member.first - start.first <= rule.window]
            affected = {member.entity for member in window}
            if len(affected) < rule.entities_min or len({member.unit for member in window}) < rule.units_min:
                continue
            at, slack = start.onset, RELATION_SLACK
            hanging = self._topology.related(suspect, rule.through, at - slack, at + slack)
            if len(affected) >= rule.share_min * len(hanging):
                spans.append((min(member.onset for member in window), start.first, window[-1].first, None))
        return spans

    def _drop(self, key: VertexKey, vertex: Vertex) -> None:
        self._touched[key] = None
        held = self._implied_by.get(key)
        if held is not None:
            held.pop(vertex, None)
            if not held:
                del self._implied_by[key]
