"""One attributed incident as patterns see it: where a sighting stands to another is asked of the topology, as of their time."""

from collections.abc import Callable
from re import compile as compile_pattern

from headwater.correlation.attribution_view import Weighed
from headwater.correlation.limits import RELATION_SLACK
from headwater.correlation.vertices import Vertex
from headwater.model.entities import Entity
from headwater.model.relations import Relation
from headwater.patterns.scene import Place, Sighting
from headwater.signals.details import CONTAINER_MARK
from headwater.topology.graph import TopologyGraph

INIT = "init"
"""The kind of what happens to a container that runs before the others of its pod, where the pod's object says so and the event does not."""


class IncidentScene:
    """The Scene of a set of vertices."""

    def __init__(self, weighed: Weighed, topology: TopologyGraph, *, compared: frozenset[str] = frozenset()) -> None:
        # `compared` are classes of which patterns ask what objects tell when they are held against each other.
        self._weighed, self._topology = weighed, topology
        self._index: dict[str, int] = {}
        sightings = []
        for index, vertex in enumerate(weighed.vertices):
            if vertex.is_real and not weighed.is_ordinary(index) and not weighed.is_innocent(index):
                key = f"{index:06d}"  # the vertices come in their total order
                self._index[key] = index
                sightings.append(_sighting(key, vertex, details_of(vertex, topology, compared)))
        self.sightings: tuple[Sighting, ...] = tuple(sightings)
        # What is asked of each sighting again and again, by its key.
        self._services_of: dict[str, frozenset[Entity]] = {}
        self._nodes_of: dict[str, frozenset[Entity]] = {}
        self._concern_of: dict[str, frozenset[Entity]] = {}
        self._above: dict[str, list[int]] = {}

    def index_of(self, sighting: Sighting) -> int:
        """The vertex behind a sighting."""
        return self._index[sighting.key]

    def is_at(self, place: str, anchor: Sighting, other: Sighting) -> bool:
        """Whether `other` stands at this place of `anchor`."""
        return _PLACES[place](self, anchor, other)

    def blames(self, other: Sighting, blamed: Sighting) -> bool:
        """Whether the peer of `other` is the blamed entity, its unit, or a service that it, its unit or one of its pods backs."""
        if other.peer is None:
            return False
        if other.peer in (blamed.entity, blamed.unit):
            return True
        return not self._services(blamed).isdisjoint(self._weighed.vertices[self._index[other.key]].peer_services)

    def follows(self, cause: Sighting, effect: Sighting) -> bool:
        """Whether `effect` descends, in the tree of best causes, from `cause` or from an inferred state of its unit."""
        index, vertices = self._index[cause.key], self._weighed.vertices
        above = self._above.get(effect.key)
        if above is None:
            above = self._above[effect.key] = self._weighed.ancestors(self._index[effect.key])
        # What a service shows of itself is not what brings its callers down: both come of its being degraded.
        return any(step == index or (not vertices[step].is_real and vertices[step].unit == cause.unit) for step in above)

    def _services(self, sighting: Sighting) -> frozenset[Entity]:
        found = self._services_of.get(sighting.key)
        if found is None:
            vertex = self._weighed.vertices[self._index[sighting.key]]
            services = vertex.services
            if vertex.entity.kind == "Node":
                start, end = _around(sighting)
                pods = self._topology.related(vertex.entity, Relation.HOSTS, start, end)
                services = tuple(service for pod in pods for service in self._topology.services_of(pod, start, end))
            found = self._services_of[sighting.key] = frozenset(services)
        return found

    def _nodes(self, sighting: Sighting) -> frozenset[Entity]:
        found = self._nodes_of.get(sighting.key)
        if found is None:
            found = self._nodes_of[sighting.key] = self._nodes_at(sighting)
        return found

    def _nodes_at(self, sighting: Sighting) -> frozenset[Entity]:
        if sighting.entity.kind == "Node":
            return frozenset((sighting.entity,))
        start, end = _around(sighting)
        pods = dict.fromkeys(self._topology.pods_of(sighting.entity, sighting.onset))
        return frozenset(node for pod in pods for node in self._topology.related_back(pod, Relation.HOSTS, start, end))

    def _is_mounted_by(self, mounted: Sighting, mounting: Sighting) -> bool:
        start, end = _around(mounted, mounting)
        return mounting.unit in self._topology.related(mounted.entity, Relation.MOUNTED_BY, start, end)

    def _concerned(self, sighting: Sighting) -> frozenset[Entity]:
        found = self._concern_of.get(sighting.key)
        if found is None:
            vertex = self._weighed.vertices[self._index[sighting.key]]
            found = self._concern_of[sighting.key] = frozenset((*vertex.services, *vertex.peer_services))
        return found

    def _is_cluster_dns(self, other: Sighting) -> bool:
        start, end = _around(other)
        services = self._topology.cluster_dns(other.entity.cluster, start, end)
        return other.entity in services or not self._services(other).isdisjoint(services)


def details_of(vertex: Vertex, topology: TopologyGraph, compared: frozenset[str]) -> tuple[str, ...]:
    """The kinds of its class that a vertex shows; of the compared classes also what objects tell when they are held against each other."""
    told = topology.checks_of(vertex.entity, vertex.onset) if vertex.key.symptom_class in compared else ()
    if any(
        detail.startswith(CONTAINER_MARK) and topology.is_init_container(vertex.entity, detail.removeprefix(CONTAINER_MARK), vertex.onset)
        for detail in vertex.details
    ):
        told = (*told, INIT)
    return vertex.details + told


def _sighting(key: str, vertex: Vertex, details: tuple[str, ...]) -> Sighting:
    return Sighting(
        key=key, entity=vertex.entity, unit=vertex.unit, symptom_class=vertex.key.symptom_class, peer=vertex.key.peer,
        onset=vertex.onset, last=vertex.last, count=vertex.count, details=details,
    )  # fmt: skip


def _around(*sightings: Sighting) -> tuple[int, int]:
    return min(s.onset for s in sightings) - RELATION_SLACK, max(s.onset for s in sightings) + RELATION_SLACK


_PRIVATE_ADDRESS = compile_pattern(
    r"(?:10|127)\.[0-9.]{5,11}|192\.168\.[0-9.]{3,7}|172\.(?:1[6-9]|2[0-9]|3[01])\.[0-9.]{3,7}|169\.254\.[0-9.]{3,7}|f[cd][0-9a-f:]{2,45}"
).fullmatch
"""Of pods that are gone, or that the topology does not know: somewhere here, not with somebody else."""


def _is_outside(peer: Entity) -> bool:
    return peer.kind == "External" and _PRIVATE_ADDRESS(peer.name) is None


# Set operations below leave only their emptiness.
_PLACES: dict[str, Callable[[IncidentScene, Sighting, Sighting], bool]] = {
    Place.SELF: lambda _, here, other: other.entity == here.entity,
    Place.SAME_UNIT: lambda _, here, other: other.unit == here.unit,
    Place.OTHER_UNIT: lambda _, here, other: other.unit != here.unit,
    Place.BLAMES_OUTSIDE: lambda _scene, _here, other: other.peer is not None and _is_outside(other.peer),
    Place.SERVICE_OF: lambda scene, here, other: not scene._services(other).isdisjoint(scene._services(here)),
    Place.NODE_OF: lambda scene, here, other: other.entity.kind == "Node" and other.entity in scene._nodes(here),
    Place.ON_NODE: lambda scene, here, other: here.entity.kind == "Node" and here.entity in scene._nodes(other),
    Place.SAME_NODE: lambda scene, here, other: not scene._nodes(here).isdisjoint(scene._nodes(other)),
    Place.MOUNTED_BY: lambda scene, here, other: scene._is_mounted_by(here, other),
    Place.MOUNTS: lambda scene, here, other: scene._is_mounted_by(other, here),
    Place.LINKED: lambda scene, here, other: not scene._concerned(here).isdisjoint(scene._concerned(other)),
    Place.CLUSTER_DNS: lambda scene, _, other: scene._is_cluster_dns(other),
    Place.SAME_NAMESPACE: lambda _, here, other: (
        (other.entity.cluster, other.entity.namespace) == (here.entity.cluster, here.entity.namespace)
    ),
    Place.ANY: lambda _scene, _here, _other: True,
}
