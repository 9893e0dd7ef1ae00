"""
Who limits whom, found when asked: a quota of a namespace is related to all in it, which nobody should store pod by pod.

Limited are workloads by the pods they make, other owners by the pods they have, and pods that nobody owns.
"""

from collections.abc import Callable, Iterable, Iterator

from headwater.model.entities import Entity
from headwater.model.relations import Relation
from headwater.topology.edges import EdgeStore
from headwater.topology.facts import Facts
from headwater.topology.history import Segment
from headwater.topology.intervals import BEGINNING, FOREVER
from headwater.topology.label_selectors import selects
from headwater.topology.targets import Target, holds_of_pods, holds_of_workload

_Place = tuple[str, str]
"""Cluster and namespace; the namespace is empty for what limits everywhere."""

_Carrier = tuple[int, int, Entity, Facts]
"""From when to when whose labels speak for somebody."""

_NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""Kubernetes gives it to every namespace."""


class Limiting:
    """What limits, and what may be limited, by their places."""

    def __init__(self, segments: Callable[[Entity], list[Segment]], edges: EdgeStore) -> None:
        self._segments = segments
        self._edges = edges
        self._policies: dict[_Place, dict[Entity, None]] = {}
        self._workloads: dict[_Place, dict[Entity, None]] = {}  # whose template is known
        self._pods: dict[_Place, dict[Entity, None]] = {}

    def update(self, entity: Entity, after: Iterable[Segment]) -> list[Entity]:
        """Know an entity by what it is now. Returns whatever may limit others than before."""
        segments = tuple(after)
        place = (entity.cluster, entity.namespace)
        _keep(self._policies, place, entity, is_one=any(facts.targets for *_, facts in segments))
        if entity.kind == "Pod":
            _keep(self._pods, place, entity, is_one=bool(segments))
            # The template has said all already; of the relation to it the owner is told anyway.
            owners = self._edges.predecessors(entity, Relation.OWNS)
            return [] if owners and all(self._has_template(each) for each in owners) else self._policies_for(place)
        if entity.kind == "Namespace":
            return list(self._policies.get((entity.cluster, ""), ()))
        had_template = entity in self._workloads.get(place, ())
        has_template = any(_is_template(facts) for *_, facts in segments)
        _keep(self._workloads, place, entity, is_one=has_template)
        return self._policies_for(place) if had_template or has_template else []

    def _policies_for(self, place: _Place) -> list[Entity]:
        return [*self._policies.get(place, ()), *self._policies.get((place[0], ""), ())]

    def _has_template(self, owner: Entity) -> bool:
        return owner in self._workloads.get((owner.cluster, owner.namespace), ())

    def limited(self, policy: Entity, start: int, end: int) -> tuple[Entity, ...]:
        """Whom something limits at some instant of the closed interval, sorted."""
        if policy not in self._policies.get((policy.cluster, policy.namespace), ()):
            return ()
        places = [place for place in (self._workloads | self._pods) if place[0] == policy.cluster and policy.namespace in ("", place[1])]
        candidates = {unit: None for place in places for unit in self._units(place)}
        return tuple(sorted(unit for unit in candidates if self._binds(policy, tuple(self._carriers(unit)), start, end)))

    def _units(self, place: _Place) -> Iterator[Entity]:
        yield from self._workloads.get(place, ())
        for pod in self._pods.get(place, ()):
            owners = self._edges.predecessors(pod, Relation.OWNS)
            yield from (owner for owner in owners if not self._has_template(owner))
            if not owners:
                yield pod

    def limiting(self, unit: Entity, start: int, end: int) -> tuple[Entity, ...]:
        """What limits a workload, or a pod that nobody owns, at some instant of the closed interval; sorted."""
        policies = self._policies_for((unit.cluster, unit.namespace)) if unit.namespace else []
        carriers = tuple(self._carriers(unit)) if policies else ()
        return tuple(sorted(policy for policy in policies if self._binds(policy, carriers, start, end))) if carriers else ()

    def _binds(self, policy: Entity, carriers: tuple[_Carrier, ...], start: int, end: int) -> bool:
        for begins, ends, facts in self._segments(policy):
            if not facts.targets or begins > end or ends <= start:
                continue
            for first, last, carrier, carried in carriers:
                low, high = max(begins, first, start), min(ends - 1, last - 1, end)
                if low <= high and any(self._holds(target, policy, carrier, carried, low, high) for target in facts.targets):
                    return True
        return False

    def _carriers(self, unit: Entity) -> Iterator[_Carrier]:
        """Whose labels speak for a unit, and when."""
        if self._has_template(unit):
            yield from ((start, end, unit, facts) for start, end, facts in self._segments(unit))
            return
        if unit.kind == "Pod":
            if not self._edges.predecessors(unit, Relation.OWNS):
                yield from ((start, end, unit, facts) for start, end, facts in self._segments(unit) if not facts.is_finished)
            return
        for pod, owned in self._edges.successors(unit, Relation.OWNS).items():
            for begins, ends in owned:
                for start, end, facts in self._segments(pod):
                    if not facts.is_finished:
                        yield max(start, begins), min(end, ends), pod, facts

    def _holds(self, target: Target, policy: Entity, carrier: Entity, facts: Facts, start: int, end: int) -> bool:
        is_pod = carrier.kind == "Pod"
        holds = holds_of_pods(target, facts.labels if is_pod else facts.template_labels, facts.traits)
        if not holds and (is_pod or not holds_of_workload(target, carrier.kind, facts.labels)):
            return False
        if target.namespaces is None:
            return policy.namespace == carrier.namespace
        return not target.namespaces or self._is_in_namespace(target, carrier, start, end)

    def _is_in_namespace(self, target: Target, carrier: Entity, start: int, end: int) -> bool:
        namespace = Entity(carrier.cluster, "Namespace", "", carrier.namespace)
        given = {_NAMESPACE_LABEL: carrier.namespace}
        known = self._segments(namespace) or [(BEGINNING, FOREVER, Facts())]
        assert target.namespaces is not None
        return any(begins <= end and ends > start and selects(target.namespaces, given | facts.labels) for begins, ends, facts in known)


def _is_template(facts: Facts) -> bool:
    return facts.traits is not None or bool(facts.template_labels)


def _keep(index: dict[_Place, dict[Entity, None]], place: _Place, entity: Entity, *, is_one: bool) -> None:
    if is_one:
        index.setdefault(place, {})[entity] = None
        return
    held = index.get(place, {})
    if entity in held:
        del held[entity]
        if not held:
            del index[place]
