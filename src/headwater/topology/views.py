"""Questions about the graph that take more than one step: services, pods, fault units, names, the neighbourhood."""

from collections.abc import Iterable, Mapping

from headwater.model.entities import WORKLOAD_KINDS, Entity
from headwater.model.relations import Relation
from headwater.topology.edges import during
from headwater.topology.facts import DNS_LABEL, Facts, app_name
from headwater.topology.intervals import Spans, distance
from headwater.topology.kinds import COLLAPSED_KINDS, LONG_RUNNING_KINDS
from headwater.topology.structure import Structure

_DNS_NAMES = ("coredns", "kube-dns")


def services_of(structure: Structure, entity: Entity, start: int, end: int) -> tuple[Entity, ...]:
    """The services an entity is behind; a long-running workload that no Service ever selected stands for its own service."""
    if entity.kind == "Service":
        return (entity,)
    if entity.kind == "Pod":
        backed = structure.edges.related(entity, Relation.BACKS, start, end)
        return backed or tuple(
            owner for owner in structure.edges.related_back(entity, Relation.OWNS, start, end) if _is_own_service(structure, owner)
        )
    if entity.kind in COLLAPSED_KINDS:
        entity = unit_of(structure, entity, end)
    if _is_own_service(structure, entity):
        return (entity,)
    return during(structure.serving.services(entity), start, end)


def served_by(structure: Structure, service: Entity, start: int, end: int) -> tuple[Entity, ...]:
    """Whose service this is, sorted: the inverse of `services_of`, and the service itself."""
    pods = structure.edges.related_back(service, Relation.BACKS, start, end)
    if service.kind != "Service" and _is_own_service(structure, service):
        pods += structure.edges.related(service, Relation.OWNS, start, end)
    found = {service, *pods, *structure.template_edges.related_back(service, Relation.BACKS, start, end)}
    for pod in pods:
        revision = revision_of(structure, pod, end)
        owners = structure.edges.related_back(pod, Relation.OWNS, start, end)
        found.update(owners if revision is None else (*owners, revision))
    for workload in sorted(found):
        found.update(each for each in structure.children(workload) if each.kind in COLLAPSED_KINDS)
    # Of a pod that changed hands, each owner has only its own time.
    others = [each for each in found if each.kind != "Pod" and each != service and service not in services_of(structure, each, start, end)]
    found.difference_update(others)
    return tuple(sorted(found))


def _is_own_service(structure: Structure, workload: Entity) -> bool:
    """Whether a workload serves without a Service: a queue worker, a load generator."""
    return workload.kind in LONG_RUNNING_KINDS and not structure.serving.services(workload)


def pods_of(structure: Structure, entity: Entity, at: int) -> tuple[Entity, ...]:
    """The pods of a workload, service or node at an instant, without those that finished; the pod itself of a pod."""
    edges = structure.edges
    if entity.kind == "Pod":
        return (entity,)
    if entity.kind == "Service":
        pods = edges.related_back(entity, Relation.BACKS, at, at)
    elif entity.kind == "Node":
        pods = edges.related(entity, Relation.HOSTS, at, at)
    elif entity.kind in COLLAPSED_KINDS and (owner := unit_of(structure, entity, at)) != entity:
        pods = tuple(pod for pod in edges.related(owner, Relation.OWNS, at, at) if _facts_at(structure, pod, at).owner == entity)
    else:
        pods = edges.related(entity, Relation.OWNS, at, at)
    if entity.kind in ("Job", "CronJob"):
        return pods
    return tuple(pod for pod in pods if not _facts_at(structure, pod, at).is_finished)


def unit_of(structure: Structure, entity: Entity, at: int) -> Entity:
    """The fault unit at an instant or, where nothing is known of that, at the nearest one."""
    if entity.kind == "Pod":
        return _nearest(structure.edges.predecessors(entity, Relation.OWNS), at) or entity
    if entity.kind in COLLAPSED_KINDS:
        facts = _facts_at(structure, entity, at)
        if facts.owner is not None:
            return facts.owner
        # Of a ReplicaSet nobody has seen, its pods still know whose it is.
        pods = structure.children(entity)
        return (_nearest(structure.edges.predecessors(pods[0], Relation.OWNS), at) if pods else None) or entity
    if entity.kind == "Service":
        return structure.serving.workload(entity, at) or entity
    return entity


def _nearest(neighbours: Mapping[Entity, Spans], at: int) -> Entity | None:
    """The neighbour related at an instant, else the one related nearest to it; of equals the first by name."""
    if not neighbours:
        return None
    if len(neighbours) == 1:
        return next(iter(neighbours))
    return min(neighbours, key=lambda entity: (distance(neighbours[entity], at), entity))


_NO_FACTS = Facts()


def _facts_at(structure: Structure, entity: Entity, at: int) -> Facts:
    history = structure.histories.get(entity)
    return (history.facts_at(at) if history else None) or _NO_FACTS


def revision_of(structure: Structure, pod: Entity, at: int) -> Entity | None:
    """The ReplicaSet a pod came from."""
    owner = _facts_at(structure, pod, at).owner
    return owner if owner is not None and owner.kind == "ReplicaSet" else None


def display_name(structure: Structure, entity: Entity, at: int) -> str:
    """The name people give to the service that an entity is part of."""
    unit = unit_of(structure, entity, at)
    facts = _facts_at(structure, unit, at)
    if unit.kind == "Service":
        return app_name(facts.labels) or app_name(dict(facts.selector)) or unit.name
    if unit.kind not in WORKLOAD_KINDS and unit.kind != "Pod" and not structure.edges.successors(unit, Relation.OWNS):
        return unit.name
    name = app_name(facts.labels) or app_name(facts.template_labels)
    if not name:
        pods = structure.edges.successors(unit, Relation.OWNS)
        nearest = sorted(pods, key=lambda pod: (distance(pods[pod], at), pod))[:1]
        name = next((app_name(_facts_at(structure, pod, at).labels) for pod in nearest), "")
    return name or unit.name


def cluster_dns(structure: Structure, cluster: str, start: int, end: int) -> tuple[Entity, ...]:
    """The Services of a cluster's DNS that existed at some instant of the interval, sorted."""
    candidates = {entity for name in _DNS_NAMES for entity in structure.aliases.named(cluster, name)}
    return tuple(
        service
        for service in sorted(candidates)
        if service.kind == "Service"
        and any(
            begins <= end and ends > start and (_is_dns_name(service) or facts.labels.get(DNS_LABEL[0]) == DNS_LABEL[1])
            for begins, ends, facts in structure.segments(service)
        )
    )


def _is_dns_name(service: Entity) -> bool:
    return service.namespace == "kube-system" and service.name in _DNS_NAMES


def neighbourhood(structure: Structure, entities: Iterable[Entity], hops: int, entities_max: int) -> frozenset[Entity] | None:
    """
    Whatever is within so many relations of any time, either way; None where that is more than `entities_max`.

    Relations of hubs are left out, and what limits others: a change of one is told of both ends of it, or of the one that limits.
    """
    found = set(entities)
    # Sets are walked in any order here: what is reached, and whether it is too much, does not depend on it.
    frontier = set(found)
    for _ in range(hops):
        if len(found) > entities_max:
            return None
        reached: set[Entity] = set()
        for entity in frontier:
            reached |= structure.edges.adjacent(entity) | structure.template_edges.adjacent(entity)
        frontier = reached - found
        found |= reached
    return frozenset(found) if len(found) <= entities_max else None


def known_entities(structure: Structure, kind: str | None) -> list[Entity]:
    """Everything that has versions or relations, sorted; of one kind where one is given."""
    everything = {*structure.histories, *structure.edges.entities(), *structure.hub_edges.entities()}
    return sorted(entity for entity in everything if kind is None or entity.kind == kind)
