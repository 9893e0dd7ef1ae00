"""
Which workload serves as which service, and when: the relation owns, then backs, followed once and remembered.

Remembered per workload and service until a change touches it, so that an answer does not walk over every pod.
"""

from headwater.model.entities import Entity
from headwater.model.relations import Relation
from headwater.topology.edges import EdgeStore
from headwater.topology.intervals import Span, Spans, distance, holds_at, intersection, merged


class Serving:
    """Services of workloads, and workloads of services."""

    def __init__(self, edges: EdgeStore, template_edges: EdgeStore) -> None:
        self._edges = edges
        self._template_edges = template_edges
        self._services: dict[Entity, list[tuple[Entity, Spans]]] = {}
        self._workloads: dict[Entity, dict[Entity, list[Spans]]] = {}

    def forget(self, entity: Entity) -> None:
        """Find the answers for an entity anew."""
        self._services.pop(entity, None)
        self._workloads.pop(entity, None)

    def services(self, workload: Entity) -> list[tuple[Entity, Spans]]:
        """The services a workload is behind through its pods or would be through its template, at any time; sorted."""
        known = self._services.get(workload)
        if known is None:
            found: dict[Entity, list[Span]] = {}
            for service, spans in self._template_edges.successors(workload, Relation.BACKS).items():
                found.setdefault(service, []).extend(spans)
            for pod, owned in self._edges.successors(workload, Relation.OWNS).items():
                for service, backed in self._edges.successors(pod, Relation.BACKS).items():
                    found.setdefault(service, []).extend(intersection(owned, backed))
            united = [(service, merged(found[service])) for service in sorted(found)]
            known = self._services[workload] = [(service, spans) for service, spans in united if spans]
        return known

    def workload(self, service: Entity, at: int) -> Entity | None:
        """The workload with the most pods behind a service, else the one nearest in time; of equals the first by name."""
        by_workload = self._workloads.get(service)
        if by_workload is None:
            by_workload = self._workloads[service] = self._workloads_behind(service)
        if len(by_workload) == 1:
            return next(iter(by_workload))
        best: tuple[int, tuple[int, int], Entity] | None = None
        for workload, backing in by_workload.items():
            count = sum(holds_at(spans, at) for spans in backing)
            rank = (-count, (0, 0) if count else min(distance(spans, at) for spans in backing), workload)
            if best is None or rank < best:
                best = rank
        return None if best is None else best[2]

    def _workloads_behind(self, service: Entity) -> dict[Entity, list[Spans]]:
        """Of each workload behind a service, for each of its pods, when it was so; a pod without owner is its own workload."""
        found: dict[Entity, list[Spans]] = {}
        for pod, backed in self._edges.predecessors(service, Relation.BACKS).items():
            owners = self._edges.predecessors(pod, Relation.OWNS)
            if not owners:
                found.setdefault(pod, []).append(backed)
            for owner, owned in owners.items():
                both = intersection(owned, backed)
                if both:
                    found.setdefault(owner, []).append(both)
        if not found:
            for workload, spans in self._template_edges.predecessors(service, Relation.BACKS).items():
                found[workload] = [spans]
        return found
