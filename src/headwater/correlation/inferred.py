"""
What nobody observed but the observations imply: that a service is degraded, or that a node is suspect.

A service is degraded while it has, or is blamed for, a symptom: that joins a chain across services that say nothing themselves. A
latent common cause stands where enough of what hangs on one entity turned bad together. The cluster's DNS is degraded while several
units cannot resolve names: one alone has more likely misspelt them.
"""

from collections import Counter
from collections.abc import Callable, Iterable

from headwater.causes.rules import DNS, LatentRule, RuleSet
from headwater.correlation.limits import RELATION_SLACK
from headwater.correlation.occurrences import Occurrence
from headwater.correlation.vertices import Vertex, VertexKey
from headwater.model.entities import Entity
from headwater.model.times import seconds
from headwater.signals.catalogue import Catalogue
from headwater.topology.graph import TopologyGraph

DEGRADED = "svc.degraded"

ALWAYS = 2**63 - 1
DNS_UNITS_MIN = 3
DNS_WINDOW = seconds(120)
"""So many units must fail to resolve names within this time before the cluster's DNS is held to be degraded."""

Span = tuple[int, int, int, Occurrence | None]


class InferredStates:
    """Which vertices imply which inferred ones."""

    def __init__(self, *, catalogue: Catalogue, rules: RuleSet, topology: TopologyGraph) -> None:
        self._topology = topology
        self._degraded = DEGRADED if DEGRADED in catalogue.classes else None
        self.shows_dns = tuple(sorted({rule.effect for rule in rules.rules if rule.path == (DNS,) and rule.cause == DEGRADED}))
        """Classes of those that cannot resolve names."""
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

    def reconsider(self, entities: Iterable[Entity]) -> None:
        """More or less may hang on these than before, so that another share of it turned bad."""
        for entity in entities:
            for name in self._latent:
                key = VertexKey(entity, name)
                if key in self._implied_by:
                    self._touched[key] = None

    def take_touched(self) -> list[VertexKey]:
        """The inferred vertices that may differ since the last call."""
        touched, self._touched = list(self._touched), {}
        return touched

    def spans(self, key: VertexKey) -> list[Span]:
        """When the inferred state held."""
        members = self._implied_by.get(key, {})
        rule = self._latent.get(key.symptom_class)
        if rule is None:
            own = [(vertex.onset, vertex.first, vertex.last, None) for vertex in members if _concerns(vertex, key.entity)]
            return own + self._dns_spans([vertex for vertex in members if not _concerns(vertex, key.entity)])
        return self._latent_spans(key.entity, rule, list(members))

    def concerns_dns(self, entities: Iterable[Entity]) -> bool:
        """Whether one of these was ever a Service of its cluster's DNS."""
        services = [entity for entity in entities if entity.kind == "Service"]
        return any(service in self._topology.cluster_dns(service.cluster, 0, ALWAYS) for service in services)

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
            for service in (*vertex.services, *vertex.peer_services, *self._dns_services(vertex)):
                keys[VertexKey(service, self._degraded)] = None
        for rule in self._latent_by_symptom.get(vertex.key.symptom_class, ()):
            start, end = vertex.onset - RELATION_SLACK, vertex.onset + RELATION_SLACK
            if rule.through is None:
                suspects = (*vertex.services, *vertex.peer_services) if vertex.key.peer is not None else ()
            else:
                suspects = self._topology.related_back(vertex.entity, rule.through, start, end)
            for entity in suspects:
                keys[VertexKey(entity, rule.symptom_class)] = None
        return tuple(keys)

    def _dns_services(self, vertex: Vertex) -> tuple[Entity, ...]:
        if vertex.key.symptom_class not in self.shows_dns:
            return ()
        return self._topology.cluster_dns(vertex.entity.cluster, vertex.onset - RELATION_SLACK, vertex.onset + RELATION_SLACK)

    def _dns_spans(self, members: list[Vertex]) -> list[Span]:
        """The windows that hold failed resolutions of enough units."""
        return _crowded(members, DNS_WINDOW, lambda _, units, __: units >= DNS_UNITS_MIN)

    def _latent_spans(self, suspect: Entity, rule: LatentRule, members: list[Vertex]) -> list[Span]:
        """The windows that hold enough of what hangs on the suspect, or calls between it and enough others."""
        through = rule.through
        if through is None:
            return _crowded(
                members, rule.window, lambda _, others, __: others >= rule.units_min, lambda vertex: _other_end(vertex, suspect)
            )

        def is_enough(entities: int, units: int, at: int) -> bool:
            if entities < rule.entities_min or units < rule.units_min:
                return False
            hanging = self._topology.related(suspect, through, at - RELATION_SLACK, at + RELATION_SLACK)
            return entities >= rule.share_min * len(hanging)

        return _crowded(members, rule.window, is_enough)

    def _drop(self, key: VertexKey, vertex: Vertex) -> None:
        self._touched[key] = None
        held = self._implied_by.get(key)
        if held is not None:
            held.pop(vertex, None)
            if not held:
                del self._implied_by[key]


def _concerns(vertex: Vertex, service: Entity) -> bool:
    return service in vertex.services or service in vertex.peer_services


def _other_end(vertex: Vertex, service: Entity) -> Entity:
    """Of a call that turned bad, who is at the end that is not this service."""
    if service in vertex.services or vertex.key.peer is None:
        return vertex.peer_services[0] if vertex.peer_services else vertex.unit
    return vertex.unit


def _unit_of(vertex: Vertex) -> Entity:
    return vertex.unit


def _crowded(
    members: Iterable[Vertex], window: int, is_enough: Callable[[int, int, int], bool], unit_of: Callable[[Vertex], Entity] = _unit_of
) -> list[Span]:
    """
    The united windows, each starting with a member, that hold enough entities and units at the onset of the first.

    Windows are of the observers' times, so that what is final stays so.
    """
    ordered = sorted(members, key=lambda vertex: (vertex.first, vertex.sort_key))
    entities: Counter[Entity] = Counter()
    units: Counter[Entity] = Counter()
    ranges: list[tuple[int, int]] = []
    end = 0
    for index, start in enumerate(ordered):
        while end < len(ordered) and ordered[end].first - start.first <= window:
            entities[ordered[end].entity] += 1
            units[unit_of(ordered[end])] += 1
            end += 1
        if is_enough(len(entities), len(units), start.onset):
            if ranges and index < ranges[-1][1]:
                ranges[-1] = (ranges[-1][0], end)
            else:
                ranges.append((index, end))
        _uncount(entities, start.entity)
        _uncount(units, unit_of(start))
    return [(min(m.onset for m in ordered[a:b]), ordered[a].first, ordered[b - 1].first, None) for a, b in ranges]


def _uncount(counted: Counter[Entity], entity: Entity) -> None:
    counted[entity] -= 1
    if not counted[entity]:
        del counted[entity]
