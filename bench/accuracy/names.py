"""
What people call the thing that a result names, in the words in which truths are written: an app, a node or a namespace.

Read off the objects of the case, as anyone with `kubectl` could; nothing of the engine's state is used.
"""

from collections.abc import Sequence
from re import compile as compile_pattern

from headwater.model.entities import WORKLOAD_KINDS, Entity, Reference, parse_entity
from headwater.model.objects import ObjectVersion
from headwater.model.relations import Relation
from headwater.topology.graph import TopologyGraph

NAMESPACE_KINDS = frozenset({"Namespace", "ResourceQuota", "LimitRange"})
OF_WHOM = {
    **dict.fromkeys(("ConfigMap", "Secret", "PersistentVolumeClaim", "PersistentVolume"), Relation.MOUNTED_BY),
    **dict.fromkeys(
        (
            "ServiceAccount", "NetworkPolicy", "CiliumNetworkPolicy", "AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication",
            "PodDisruptionBudget",
        ),
        Relation.LIMITS,
    ),
    "HorizontalPodAutoscaler": Relation.SCALES,
}  # fmt: skip
"""Things that one app uses, or that bind it: what is wrong with them is said of the app."""

EVER = (0, 2**62)

_GENERATED = {
    "Pod": compile_pattern(r"(.+?)(?:-[a-z0-9]{6,10})?-(?:[a-z0-9]{5}|\d+)").fullmatch,
    "ReplicaSet": compile_pattern(r"(.+)-[a-z0-9]{6,10}").fullmatch,
}


class Names:
    """Names of the things of one case."""

    def __init__(self, versions: Sequence[ObjectVersion]) -> None:
        self._topology = TopologyGraph()
        for version in versions:
            self._topology.observe(version)
        self._at = max((version.valid_from for version in versions), default=0)

    def name_of(self, text: str) -> str:
        """The app, node or namespace of an entity as results write it."""
        return self._name(parse_entity(text))

    def name_of_reference(self, reference: Reference, at: int) -> str:
        """The app, node or namespace that an event means."""
        return self._name(self._topology.resolve(reference, at))

    def _name(self, entity: Entity) -> str:
        if entity.kind in NAMESPACE_KINDS:
            return entity.namespace or entity.name
        if entity.kind in OF_WHOM:
            return self._name_of_used(entity, OF_WHOM[entity.kind])
        unit = self._topology.unit_of(entity, self._at)
        if unit.kind in _GENERATED and (found := _GENERATED[unit.kind](unit.name)) and not self._topology.versions_of(unit):
            return self._name_of_gone(unit, found[1])
        return self._topology.display_name(unit, self._at)

    def _name_of_gone(self, pod: Entity, workload: str) -> str:
        """A pod or ReplicaSet that only events know was made by a workload whose name its own begins with."""
        for kind in sorted(WORKLOAD_KINDS - {"ReplicaSet"}):
            owner = Entity(pod.cluster, kind, pod.namespace, workload)
            if self._topology.versions_of(owner):
                return self._topology.display_name(owner, self._at)
        return workload

    def _name_of_used(self, entity: Entity, relation: Relation) -> str:
        """The app that alone uses it, or that it alone binds, else its own name."""
        claims = self._topology.related(entity, Relation.CLAIMED_BY, *EVER) if entity.kind == "PersistentVolume" else (entity,)
        users = {user for claim in claims for user in self._topology.related(claim, relation, *EVER)}
        return self._topology.display_name(users.pop(), self._at) if len(users) == 1 else entity.name
