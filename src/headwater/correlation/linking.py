"""
Which vertices may have brought each other about: the rules of a class, followed along their paths.

Many rules take the same path. It is walked once for all that ask about the same time; for effects, which need only be found to look
again themselves, once for all of a class.
"""

from collections.abc import Iterable

from headwater.causes.rules import CLUSTER, DNS, LAG_MAX, NAMESPACE, PEER, Rule, RuleSet
from headwater.correlation import temporal
from headwater.correlation.kubernetes import KubernetesCorrelator
from headwater.correlation.limits import HORIZON, RELATION_SLACK
from headwater.correlation.vertex_index import VertexIndex
from headwater.correlation.vertices import Edge, Vertex
from headwater.model.entities import Entity

_EVERYWHERE = ((DNS,), (CLUSTER,), (NAMESPACE,))
"""Paths that lead from one thing to any of its cluster, or to more than can be walked."""


class Linking:
    """Finds the possible steps between the vertices of an index."""

    def __init__(self, *, rules: RuleSet, index: VertexIndex, kubernetes: KubernetesCorrelator, reach: int) -> None:
        self._rules, self._index, self._kubernetes, self._reach = rules, index, kubernetes, reach

    def steps_into(self, effect: Vertex) -> tuple[list[Edge], list[Vertex]]:
        """The steps from every possible cause of a vertex, and the causes that would explain it better had they been seen for longer."""
        edges: list[Edge] = []
        outlasted: list[Vertex] = []
        if effect.is_background:
            return edges, outlasted
        known = self._index.classes
        for walk in self._rules.walks_to.get(effect.key.symptom_class, ()):
            rules = [rule for rule in walk.rules if rule.cause in known]
            for rule, cause in self._possible_causes(effect, walk.path, rules) if rules else ():
                if temporal.may_yet_last(cause, effect, rule):
                    outlasted.append(cause)
                factor = self._kubernetes.share(cause, effect, rule)
                edge = temporal.propose(cause, effect, rule, factor, reach=self._reach)
                if edge is not None:
                    edges.append(edge)
        return edges, outlasted

    def _possible_causes(self, effect: Vertex, path: tuple[str, ...], rules: list[Rule]) -> list[tuple[Rule, Vertex]]:
        if path in ((CLUSTER,), (NAMESPACE,)):
            return [(rule, cause) for rule in rules for cause in self._index.of_class(rule.cause) if _are_together(cause, effect, path)]
        found: list[tuple[Rule, Vertex]] = []
        for entity in self._kubernetes.causes(effect, rules[0]) if path else (effect.entity,):
            held = self._index.by_class_about(entity)
            for rule in rules if held else ():
                found += [(rule, cause) for cause in held.get(rule.cause, ())]
        return found

    def possible_effects(self, cause: Vertex) -> list[Vertex]:
        """Every vertex that this one may have brought about, and perhaps others."""
        found: list[Vertex] = []
        if cause.is_background:
            return found
        known = self._index.classes
        for walk in self._rules.walks_from.get(cause.key.symptom_class, ()):
            path = walk.path
            rules = [rule for rule in walk.rules if rule.effect in known]
            if rules and path in _EVERYWHERE:
                for rule in rules:
                    found += self._index.of_class(rule.effect)
            elif rules:
                by_class = self._index.by_class_blaming if path and path[-1] == PEER else self._index.by_class_about
                for entity in self._entities_at_end(cause, path, rules):
                    held = by_class(entity)
                    for rule in rules if held else ():
                        found += held.get(rule.effect, ())
        return found

    def _entities_at_end(self, cause: Vertex, path: tuple[str, ...], rules: list[Rule]) -> Iterable[Entity]:
        """Where a path leads at any time that a rule may ask about, walked rule by rule where that is too much at once."""
        if not path:
            return (cause.entity,)
        width = 2 * LAG_MAX + RELATION_SLACK
        left_out = self._kubernetes.left_out
        entities = self._kubernetes.forwards(cause, path, cause.onset - cause.onset_spread - width, cause.onset + HORIZON + width)
        if left_out == self._kubernetes.left_out:
            return entities
        return dict.fromkeys((*entities, *(entity for rule in rules for entity in self._kubernetes.effects(cause, rule))))


def _are_together(cause: Vertex, effect: Vertex, path: tuple[str, ...]) -> bool:
    one, other = cause.entity, effect.entity
    return one.cluster == other.cluster and (path == (CLUSTER,) or (one.namespace == other.namespace != ""))
