"""The entity graph as people ask for it: all entities, or one with its relations and its past, as of an instant."""

from collections.abc import Iterable

import msgspec

from headwater.model.entities import Entity
from headwater.model.objects import ObjectVersion
from headwater.model.relations import Relation
from headwater.model.times import format_time
from headwater.topology.graph import TopologyGraph

_WORDS = {
    Relation.OWNS: ("owns", "owned by"),
    Relation.HOSTS: ("hosts", "runs on"),
    Relation.BACKS: ("backs", "backed by"),
    Relation.MOUNTED_BY: ("mounted by", "mounts"),
    Relation.CLAIMED_BY: ("claimed by", "claims"),
    Relation.SCALES: ("scales", "scaled by"),
    Relation.ROUTED_BY: ("routed by", "routes to"),
    Relation.CALLED_BY: ("called by", "calls"),
    Relation.LIMITS: ("limits", "limited by"),
    Relation.GRANTS: ("grants", "granted by"),
    Relation.PROVISIONS: ("provisions", "provisioned by"),
    Relation.ZONE_OF: ("zone of", "in zone"),
    Relation.PULLED_BY: ("pulled by", "pulls from"),
}


class EntityRow(msgspec.Struct, frozen=True):
    """One line of the list."""

    id: str
    kind: str
    namespace: str
    name: str
    service_name: str  # what impact.services calls it
    owner: str  # the fault unit, "" where it is the entity itself
    pods: int
    since: str  # "" where nobody knows a beginning


class RelationRow(msgspec.Struct, frozen=True):
    """One relation, from the entity's side."""

    relation: str  # in words: "runs on"
    entity: str


class VersionRow(msgspec.Struct, frozen=True):
    """One version of the object."""

    valid_from: str
    deleted: bool
    resource_version: str


class EntityDescription(msgspec.Struct, frozen=True):
    """One entity as of an instant."""

    id: str
    at: str
    exists: bool
    service_name: str
    owner: str
    relations: list[RelationRow]
    versions: list[VersionRow]


def graph_of(versions: Iterable[ObjectVersion]) -> TopologyGraph:
    """The graph of these versions."""
    graph = TopologyGraph()
    for version in versions:
        graph.observe(version)
    return graph


def rows_of(graph: TopologyGraph, at: int) -> list[EntityRow]:
    """All entities that exist at the instant, by kind, namespace and name."""
    rows = []
    for entity in sorted(graph.entities()):
        version = _version_at(graph, entity, at)
        if version is None or version.deleted:
            continue
        rows.append(
            EntityRow(
                id=str(entity),
                kind=entity.kind,
                namespace=entity.namespace,
                name=entity.name,
                service_name=graph.display_name(entity, at),
                owner=_owner(graph, entity, at),
                pods=0 if entity.kind == "Pod" else len(graph.pods_of(entity, at)),
                since=format_time(version.valid_from) if version.valid_from else "",
            )
        )
    return rows


def find_entity(graph: TopologyGraph, text: str, at: int) -> list[Entity]:
    """
    The entities meant by `cluster/Kind/namespace/name`, `Kind/namespace/name`, `Kind/name` or a name.

    Where none has the name, those that incidents call so at the instant are meant: the workload rather than its pods and Services.
    """
    parts = text.split("/")

    def is_in_place(entity: Entity) -> bool:
        if len(parts) == 4:
            return list(entity) == parts
        if len(parts) > 1 and entity.kind.lower() != parts[0].lower():
            return False
        return len(parts) != 3 or entity.namespace == parts[1]

    candidates = sorted(entity for entity in graph.entities() if is_in_place(entity))
    named = [entity for entity in candidates if entity.name == parts[-1]]
    if named:
        return named
    called = [entity for entity in candidates if graph.display_name(entity, at) == parts[-1]]
    units = [entity for entity in called if entity in {graph.unit_of(other, at) for other in called}]
    return units or called


def describe(graph: TopologyGraph, entity: Entity, at: int) -> EntityDescription:
    """The entity's relations at the instant, and its versions of all times."""
    relations: list[RelationRow] = []
    for relation, (forward, backward) in _WORDS.items():
        relations += [RelationRow(forward, str(other)) for other in graph.related(entity, relation, at, at)]
        relations += [RelationRow(backward, str(other)) for other in graph.related_back(entity, relation, at, at)]
    version = _version_at(graph, entity, at)
    return EntityDescription(
        id=str(entity),
        at=format_time(at),
        exists=version is not None and not version.deleted,
        service_name=graph.display_name(entity, at),
        owner=_owner(graph, entity, at),
        relations=relations,
        versions=[
            VersionRow(format_time(each.valid_from) if each.valid_from else "", each.deleted, each.resource_version)
            for each in graph.versions_of(entity)
        ],
    )


def _version_at(graph: TopologyGraph, entity: Entity, at: int) -> ObjectVersion | None:
    """The version that holds at the instant; the end of an object does not end the one made after it under the same name."""
    holding: ObjectVersion | None = None
    for version in graph.versions_of(entity):
        if version.valid_from > at:
            break
        if not (version.deleted and holding is not None and holding.uid and version.uid and holding.uid != version.uid):
            holding = version
    return holding


def _owner(graph: TopologyGraph, entity: Entity, at: int) -> str:
    unit = graph.unit_of(entity, at)
    return "" if unit == entity else str(unit)
