"""Impact: who is affected, by walking the topology from what the root explains, as of the time it happened."""

from headwater.correlation.vertices import Vertex
from headwater.model.entities import CLUSTER_SCOPED_KINDS, WORKLOAD_KINDS, Entity
from headwater.model.relations import Relation
from headwater.model.results import Impact
from headwater.topology.graph import TopologyGraph

_SERVING_KINDS = WORKLOAD_KINDS | {"Pod", "Service"}
LISTED_MAX = 256
"""Longer lists are cut there; `pods` counts all."""


def impact_of(explained: list[Vertex], topology: TopologyGraph) -> Impact:
    """Impact of the explained vertices: services keep their order, which is the root and then causal order."""
    services: dict[str, None] = {}
    workloads: dict[Entity, None] = {}
    pods: dict[Entity, None] = {}
    nodes: dict[str, None] = {}
    for vertex in explained:
        unit, at = vertex.unit, vertex.onset
        if vertex.entity.kind == "Node":
            nodes[vertex.entity.name] = None
            if vertex.symptom_class.stops_hosted:
                _add_hosted(vertex, topology, services, workloads, pods)
        if vertex.entity.kind == "Pod":
            nodes.update({node.name: None for node in topology.related_back(vertex.entity, Relation.HOSTS, at, at)})
        if unit.kind not in _SERVING_KINDS:
            continue
        services[topology.display_name(unit, at)] = None
        if unit.kind != "Service":
            workloads[unit] = None
        pods.update(dict.fromkeys(topology.pods_of(unit, at)))
    named = (*workloads, *(vertex.entity for vertex in explained))
    namespaces = {entity.namespace for entity in named if entity.namespace and entity.kind not in CLUSTER_SCOPED_KINDS}
    return Impact(
        services=list(services)[:LISTED_MAX],
        pods=len(pods),
        workloads=[str(workload) for workload in workloads][:LISTED_MAX],
        nodes=sorted(nodes)[:LISTED_MAX],
        namespaces=sorted(namespaces)[:LISTED_MAX],
    )


def _add_hosted(
    node: Vertex, topology: TopologyGraph, services: dict[str, None], workloads: dict[Entity, None], pods: dict[Entity, None]
) -> None:
    """What such a node hosts is affected, whether or not it has complained yet; a node under pressure picks its victims, which say so."""
    for pod in topology.pods_of(node.entity, node.onset):
        unit = topology.unit_of(pod, node.onset)
        pods[pod] = None
        workloads[unit] = None
        services[topology.display_name(unit, node.onset)] = None
