"""From what an observation names to one entity, as of an instant. Never fails: an unknown thing gets an entity made from its reference."""

from headwater.model.entities import (
    SCHEME_ADDRESS,
    SCHEME_CONTAINER,
    SCHEME_SERVICE_NAME,
    SCHEME_UID,
    WORKLOAD_KINDS,
    Entity,
    Reference,
)
from headwater.model.relations import Relation
from headwater.topology.aliases import SCHEME_NAME, AliasKey
from headwater.topology.hosts import Host, parse_host
from headwater.topology.intervals import BEGINNING, FOREVER, overlaps
from headwater.topology.kinds import is_cluster_scoped, kind_named
from headwater.topology.structure import Structure
from headwater.topology.views import services_of

DEFAULT_NAMESPACE = "default"
_NAME_LENGTH_MAX = 1_024
_HEADLESS = "-headless"
"""By convention the end of the name of a service's twin without an address, by which its pods are found one by one."""
_EXACT_SCHEMES = frozenset({SCHEME_UID, SCHEME_ADDRESS, SCHEME_CONTAINER})


def keys_for(reference: Reference) -> list[AliasKey]:
    """The alias keys whose meaning decides what a reference means."""
    cluster, scheme, _namespace, name = reference
    if scheme in _EXACT_SCHEMES:
        return [(cluster, scheme, name.lower())]
    if scheme == SCHEME_SERVICE_NAME or kind_named(scheme) == "Service":
        host = parse_host(name)
        keys: list[AliasKey] = [
            (cluster, SCHEME_NAME, each) for each in sorted({host.full, host.service, _twin(host.service), host.pod} - {""})
        ]
        keys += [(cluster, SCHEME_ADDRESS, each) for each in sorted({host.full, host.address} - {""})]
        return keys
    return [(cluster, SCHEME_NAME, name.lower())]


def resolve(structure: Structure, reference: Reference, at: int) -> Entity:
    """The entity a reference meant at an instant."""
    cluster, scheme, namespace, name = reference
    if scheme == SCHEME_SERVICE_NAME:
        return _resolve_host(structure, cluster, namespace, parse_host(name), at)
    if scheme in _EXACT_SCHEMES:
        found = structure.aliases.holder((cluster, scheme, name.lower()), at)
        # An address nobody holds is a host like any other; an unknown uid is kept apart from hosts by its scheme.
        return found or _external(cluster, name if scheme == SCHEME_ADDRESS else f"{scheme}:{name}")
    return _resolve_object(structure, Reference(cluster, kind_named(scheme), namespace, name), at)


def _twin(service: str) -> str:
    return service.removesuffix(_HEADLESS)


def _resolve_object(structure: Structure, reference: Reference, at: int) -> Entity:
    cluster, kind, namespace, name = reference
    if is_cluster_scoped(kind):
        return Entity(cluster, kind, "", name)
    if kind == "Endpoints":
        kind = "Service"
    if not namespace:
        namespaces = {each.namespace for each in structure.aliases.named(cluster, name.lower()) if each.kind == kind and each.name == name}
        namespace = next(iter(namespaces)) if len(namespaces) == 1 else ""
    entity = Entity(cluster, kind, namespace or DEFAULT_NAMESPACE, name)
    if kind == "EndpointSlice":
        return _service_of_slice(structure, entity, at)
    if kind == "Service" and not structure.segments(entity):
        # People call a service by the name of its workload, too.
        return _resolve_host(structure, cluster, namespace, parse_host(name), at)
    return entity


def _service_of_slice(structure: Structure, entity: Entity, at: int) -> Entity:
    history = structure.histories.get(entity)
    facts = history.facts_at(at) if history else None
    if facts is not None and facts.service is not None:
        return facts.service
    # Kubernetes names a slice after its service and adds a dash and five characters.
    stem, dash, suffix = entity.name.rpartition("-")
    return entity._replace(kind="Service", name=stem if dash and len(suffix) == 5 else entity.name)


def _resolve_host(structure: Structure, cluster: str, namespace: str, host: Host, at: int) -> Entity:
    if host.address:
        return structure.aliases.holder((cluster, SCHEME_ADDRESS, host.address), at) or _external(cluster, host.address)
    if host.is_cluster_name:
        pod = Entity(cluster, "Pod", host.namespace, host.pod)
        if host.pod and structure.segments(pod):
            return pod
        service = Entity(cluster, "Service", host.namespace, host.service)
        twin = service._replace(name=_twin(host.service))
        # Only where nobody is called so; collectors leave out some of the objects of a cluster.
        return _named(structure, service, at) or (_named(structure, twin, at) if twin != service else None) or service
    found = None
    if host.namespace:
        found = _named(structure, Entity(cluster, "Service", host.namespace, host.service), at)
    found = found or _named_anywhere(structure, cluster, namespace, host.full, at)
    found = found or structure.aliases.holder((cluster, SCHEME_ADDRESS, host.full), at)
    if found:
        return found
    if "." in host.full:
        return _external(cluster, host.full)
    return Entity(cluster, "Service", namespace or DEFAULT_NAMESPACE, host.full or "unknown")


def _named_anywhere(structure: Structure, cluster: str, namespace: str, name: str, at: int) -> Entity | None:
    """What has a name in the namespace where it was said, else the only one of any namespace; as of the instant, else ever."""
    namespaces = sorted({each.namespace for each in structure.aliases.named(cluster, name) if each.namespace})
    for start, end in ((at, at), (BEGINNING, FOREVER)):
        if namespace in namespaces and (found := _match(structure, Entity(cluster, "Service", namespace, name), start, end)):
            return found
        matches = [_match(structure, Entity(cluster, "Service", each, name), start, end) for each in namespaces if each != namespace]
        known = [match for match in matches if match]
        if len(known) == 1:
            return known[0]
        if known:
            return None
    return None


def _named(structure: Structure, service: Entity, at: int) -> Entity | None:
    """What has a service's name in its namespace, at the instant or else at any time."""
    return _match(structure, service, at, at) or _match(structure, service, BEGINNING, FOREVER)


def _match(structure: Structure, service: Entity, start: int, end: int) -> Entity | None:
    """
    Who is meant by a service's name in its namespace.

    The Service of that name, else the one that backs the workload of that name, or of that app label, else a Service with that
    app label, else the workload itself where it has no Service, else the pod of that name.
    """
    if _existed(structure, service, start, end):
        return service
    called_so = structure.aliases.named(service.cluster, service.name.lower())
    named = sorted(each for each in called_so if each.namespace == service.namespace)
    pods = [each for each in named if each.kind == "Pod" and each.name == service.name and _existed(structure, each, start, end)]
    workloads = [each for each in named if _is_workload(structure, each) and _worked(structure, each, start, end)]
    alone: list[Entity] = []
    for tier in ([each for each in workloads if each.name == service.name], [each for each in workloads if each.name != service.name]):
        behind = {found for workload in tier for found in services_of(structure, workload, start, end)}
        services = [each for each in behind if each.kind == "Service"]
        if services:
            return _preferred(structure, services, end)
        alone += sorted(behind) or tier
    services = [each for each in named if each.kind == "Service" and _existed(structure, each, start, end)]
    if services:
        return _preferred(structure, services, end)
    return next(iter(alone + pods), None)


def _is_workload(structure: Structure, entity: Entity) -> bool:
    if entity.kind == "Pod":
        return not structure.edges.predecessors(entity, Relation.OWNS)
    return entity.kind in WORKLOAD_KINDS or bool(structure.edges.successors(entity, Relation.OWNS))


def _worked(structure: Structure, workload: Entity, start: int, end: int) -> bool:
    """Whether a workload existed, or pods of it where nobody told of itself."""
    if structure.segments(workload):
        return _existed(structure, workload, start, end)
    return any(overlaps(spans, start, end) for spans in structure.edges.successors(workload, Relation.OWNS).values())


def _existed(structure: Structure, entity: Entity, start: int, end: int) -> bool:
    for begins, ends, _facts in structure.segments(entity):  # noqa: SIM110  (a generator would double the cost of an answer)
        if begins <= end and ends > start:
            return True
    return False


def _preferred(structure: Structure, services: list[Entity], at: int) -> Entity:
    """Of several services of one workload the one its callers use: with an address of its own, then by the shortest name."""

    if len(services) == 1:
        return services[0]

    def preference(service: Entity) -> tuple[bool, int, Entity]:
        history = structure.histories.get(service)
        facts = history.facts_at(at) if history else None
        return facts is not None and facts.is_headless, len(service.name), service

    return min(services, key=preference)


def _external(cluster: str, name: str) -> Entity:
    return Entity(cluster, "External", "", name[:_NAME_LENGTH_MAX])
