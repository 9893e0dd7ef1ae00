"""From a change of an object to the events that tell of it: the one place that knows which kind is read how."""

from collections.abc import Iterator

from headwater.edges.kubernetes.changes import DELETED, ObjectChanged
from headwater.edges.kubernetes.event_objects import event_of
from headwater.edges.kubernetes.node_states import node_states
from headwater.edges.kubernetes.object_changes import object_changes
from headwater.edges.kubernetes.pod_states import pod_states
from headwater.edges.kubernetes.policy_states import autoscaler_states, budget_states, quota_states
from headwater.edges.kubernetes.resources import EVENT_KIND
from headwater.edges.kubernetes.standing_states import namespace_states, route_states
from headwater.edges.kubernetes.workload_states import Endpoints, claim_states, workload_states
from headwater.model.events import UnifiedEvent

_STATES = {
    "Pod": pod_states,
    "Node": node_states,
    "Deployment": workload_states,
    "StatefulSet": workload_states,
    "DaemonSet": workload_states,
    "ReplicaSet": workload_states,
    "Job": workload_states,
    "PersistentVolumeClaim": claim_states,
    "ResourceQuota": quota_states,
    "PodDisruptionBudget": budget_states,
    "HTTPRoute": route_states,
    "Namespace": namespace_states,
    "HorizontalPodAutoscaler": autoscaler_states,
}


class Transitions:
    """Of one cluster. Equal changes give equal events, with equal ids."""

    def __init__(self, cluster: str) -> None:
        self._cluster = cluster
        self._endpoints = Endpoints()

    def events_of(self, change: ObjectChanged) -> Iterator[UnifiedEvent]:
        """What the change tells, in the order of causes."""
        if change.kind == EVENT_KIND:
            event = event_of(change, self._cluster)
            if event is not None:
                yield event
            return
        yield from object_changes(change, self._cluster)
        if change.kind == "EndpointSlice":
            yield from self._endpoints.states(change, self._cluster)
        states = _STATES.get(change.kind)
        if states is not None and change.action != DELETED:
            yield from states(change, self._cluster)
