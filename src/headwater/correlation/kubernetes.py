"""
The Kubernetes-native correlator: along which relations one thing can have caused another, as of the time it happened.

It proposes; lags and weights are the temporal correlator's. Edges are always computed from the effect's side, so that an edge does not
depend on which end was seen first; the walk from the cause's side only finds effects that must look again.
"""

from collections.abc import Iterable

from headwater.causes.rules import DNS, PEER, SERVED_BY, SERVICE, Rule
from headwater.correlation.limits import HORIZON, RELATION_SLACK, Limits
from headwater.correlation.vertices import Vertex
from headwater.model.entities import Entity
from headwater.model.relations import Relation
from headwater.topology.graph import TopologyGraph

_STEPS: dict[str, tuple[Relation, bool]] = {
    **{relation.value: (relation, True) for relation in Relation},
    **{f"^{relation.value}": (relation, False) for relation in Relation},
}


class KubernetesCorrelator:
    """Walks rule paths over the entity graph."""

    def __init__(self, topology: TopologyGraph, limits: Limits) -> None:
        self.topology = topology
        self._limits = limits
        self.left_out = 0
        """Entities left out at `candidates_per_rule_max`."""

    def causes(self, effect: Vertex, rule: Rule) -> tuple[Entity, ...]:
        """The entities that the rule's path leads to, backwards from the effect, at the time the cause may lie."""
        return self.backwards(effect, rule.path, effect.onset - rule.lag_max - RELATION_SLACK, effect.onset - rule.lag_min + RELATION_SLACK)

    def backwards(self, effect: Vertex, path: tuple[str, ...], start: int, end: int) -> tuple[Entity, ...]:
        """The entities that a path leads to, backwards from the effect, at some instant of the closed interval."""
        entities: tuple[Entity, ...] = (effect.entity,)
        if path == (DNS,):
            return self.topology.cluster_dns(effect.entity.cluster, start, end)
        if path and path[-1] == PEER:
            entities, path = effect.peer_services, path[:-1]
        for step in reversed(path):
            entities = self._step(entities, step, start, end, backwards=True)
        return entities

    def share(self, cause: Vertex, effect: Vertex, rule: Rule) -> float:
        """What of the rule's probability holds for this effect: a pod that was there before a rollout does not carry it."""
        if rule.to_older < 1.0 and self.topology.was_there(effect.entity, cause.onset - RELATION_SLACK):
            return rule.to_older
        return 1.0

    def effects(self, cause: Vertex, rule: Rule) -> tuple[Entity, ...]:
        """
        The entities that the rule's path leads to, forwards; a superset in time. For a path that ends with `peer`: the services blamed.

        Not for the path `dns`, whose effects are anywhere in the cluster.
        """
        width = rule.lag_max - rule.lag_min + RELATION_SLACK
        # Either may have begun before it was seen, an effect by up to the horizon.
        start, end = cause.onset - cause.onset_spread - width, cause.onset + HORIZON + width
        return self.forwards(cause, rule.path, start, end)

    def forwards(self, cause: Vertex, path: tuple[str, ...], start: int, end: int) -> tuple[Entity, ...]:
        """The entities that a path leads to, forwards from the cause, at some instant of the closed interval; without its `peer`."""
        entities: tuple[Entity, ...] = (cause.entity,)
        for step in path[:-1] if path and path[-1] == PEER else path:
            entities = self._step(entities, step, start, end, backwards=False)
        return entities

    def _step(self, entities: Iterable[Entity], step: str, start: int, end: int, *, backwards: bool) -> tuple[Entity, ...]:
        found: dict[Entity, None] = {}
        for entity in entities:
            found.update(dict.fromkeys(self._step_from(entity, step, start, end, backwards=backwards)))
        if len(found) <= 1:
            return tuple(found)
        ordered = sorted(found)
        if len(ordered) > self._limits.candidates_per_rule_max:
            self.left_out += len(ordered) - self._limits.candidates_per_rule_max
            ordered = ordered[: self._limits.candidates_per_rule_max]
        return tuple(ordered)

    def _step_from(self, entity: Entity, step: str, start: int, end: int, *, backwards: bool) -> tuple[Entity, ...]:
        if step in (SERVICE, SERVED_BY):
            if (step == SERVICE) is backwards:
                return self.topology.served_by(entity, start, end)
            services = self.topology.services_of(entity, start, end)
            # What is blamed and has no service stands for its own.
            return services if backwards or entity in services else (*services, entity)
        relation, is_forward = _STEPS[step]
        if is_forward is not backwards:
            return self.topology.related(entity, relation, start, end)
        return self.topology.related_back(entity, relation, start, end)
