"""What changes of nodes, workloads, services, configuration and policies tell."""

from typing import Any

import pytest
from tests.unit.edges.kubernetes.states import Document, change, deleted, document, events, reasons

from headwater.edges.kubernetes.transitions import Transitions

SINCE = "2026-01-05T09:59:58Z"


def node(*, version: int = 1, boot: str = "b1", unschedulable: bool = False, **conditions: str) -> Document:
    listed = [{"type": kind, "status": status, "lastTransitionTime": SINCE, "message": kind} for kind, status in conditions.items()]
    spec = {"unschedulable": True} if unschedulable else {}
    return document("node-a", version=version, spec=spec, status={"conditions": listed, "nodeInfo": {"bootID": boot}})


def deployment(*, version: int = 1, image: str = "web:1", replicas: int = 3, value: str = "x", memory: str = "1Gi") -> Document:
    container = {"name": "web", "image": image, "env": [{"name": "MODE", "value": value}], "resources": {"limits": {"memory": memory}}}
    return document("web", version=version, spec={"replicas": replicas, "template": {"spec": {"containers": [container]}}})


def test_a_node_that_fell_silent_and_came_back() -> None:
    good, bad = node(Ready="True", MemoryPressure="False"), node(version=2, Ready="Unknown", MemoryPressure="Unknown")
    assert reasons(events("Node", good, bad)) == ["NodeNotReady"]
    assert reasons(events("Node", bad, node(version=3, boot="b2", Ready="True"))) == ["NodeReady", "NodeRebooted"]


def test_pressure_and_the_conditions_of_detectors_are_told_by_their_names() -> None:
    good = node(Ready="True", DiskPressure="False", KernelDeadlock="False")
    assert reasons(events("Node", good, node(version=2, Ready="True", DiskPressure="True", KernelDeadlock="True"))) == [
        "NodeHasDiskPressure",
        "KernelDeadlock",
    ]


def test_a_cordon_is_a_change() -> None:
    assert reasons(events("Node", node(Ready="True"), node(version=2, unschedulable=True, Ready="True"))) == ["cordon: cordoned"]


def test_heartbeats_are_no_news() -> None:
    assert events("Node", node(Ready="True"), node(version=2, Ready="True")) == []


def test_a_new_image_is_a_rollout_and_more_replicas_are_not() -> None:
    assert reasons(events("Deployment", deployment(), deployment(version=2, image="web:2"))) == [
        "rollout: Deployment web image changed from web=web:1 to web=web:2"
    ]
    assert reasons(events("Deployment", deployment(), deployment(version=2, replicas=5))) == ["scale: Deployment web scaled from 3 to 5"]
    assert events("Deployment", deployment(), deployment(version=2)) == []


def test_a_changed_variable_is_named_by_its_part_and_its_value_is_not_told() -> None:
    (event,) = events("Deployment", deployment(value="hunter2"), deployment(version=2, value="hunter3"))
    assert reasons([event]) == ["environment: Deployment web environment changed: values"]
    assert "hunter" not in repr(event)


def test_resources_are_named() -> None:
    told = events("StatefulSet", deployment(), deployment(version=2, memory="2Gi"))
    assert reasons(told) == ["resources: StatefulSet web resources changed: resources"]


def test_a_rollout_that_stuck_and_one_that_was_done() -> None:
    def progressing(status: str, reason: str, version: int) -> Document:
        condition = {"type": "Progressing", "status": status, "reason": reason, "lastTransitionTime": SINCE, "lastUpdateTime": SINCE}
        return document("web", version=version, status={"conditions": [condition]})

    under_way = progressing("True", "ReplicaSetUpdated", 1)
    assert reasons(events("Deployment", under_way, progressing("False", "ProgressDeadlineExceeded", 2))) == ["ProgressDeadlineExceeded"]
    (done,) = events("Deployment", under_way, progressing("True", "NewReplicaSetAvailable", 2))
    assert done.kubernetes is not None
    assert (done.kubernetes.reason, done.kubernetes.event_type) == ("NewReplicaSetAvailable", "Normal")


def test_a_workload_without_any_replica_left() -> None:
    def stateful(ready: int, version: int) -> Document:
        return document("mysql", version=version, spec={"replicas": 2}, status={"readyReplicas": ready})

    assert reasons(events("StatefulSet", stateful(1, 1), stateful(0, 2))) == ["ReplicasUnavailable"]
    assert events("StatefulSet", stateful(2, 1), stateful(1, 2)) == []


def endpoint_slice(name: str, ready: list[bool], version: int) -> Document:
    endpoints = [{"conditions": {"ready": each}} for each in ready]
    return document(name, version=version, metadata={"labels": {"kubernetes.io/service-name": "mysql"}}, endpoints=endpoints)


def test_a_service_is_empty_when_the_last_of_all_its_slices_is() -> None:
    transitions = Transitions("default")

    def told(before: Any, now: Any) -> list[str]:
        return reasons(list(transitions.events_of(change("EndpointSlice", before, now))))

    one, other = endpoint_slice("a", [True], 1), endpoint_slice("b", [True, False], 1)
    assert told(None, one) == []
    assert told(None, other) == []
    gone = endpoint_slice("a", [False], 2)
    assert told(one, gone) == []
    assert told(other, endpoint_slice("b", [False, False], 2)) == ["EndpointsEmpty"]
    assert told(gone, endpoint_slice("a", [True], 3)) == ["EndpointsReady"]


def test_a_service_that_was_emptied_while_nobody_looked() -> None:
    assert reasons(events("EndpointSlice", endpoint_slice("a", [True], 1), endpoint_slice("a", [], 2), is_listed=True)) == [
        "EndpointsEmpty"
    ]


def test_policies_are_told_when_they_come_change_and_go() -> None:
    policy = document("deny", spec={"podSelector": {}})
    assert reasons(events("NetworkPolicy", None, policy)) == ["added: NetworkPolicy deny added"]
    assert events("NetworkPolicy", None, policy, is_listed=True) == []
    assert reasons(events("NetworkPolicy", policy, document("deny", version=2, spec={"podSelector": {"a": "b"}}))) == [
        "spec: NetworkPolicy deny changed: podSelector"
    ]
    assert reasons(deleted("NetworkPolicy", policy)) == ["deleted: NetworkPolicy deny deleted"]


def test_a_claim_that_lost_its_volume() -> None:
    before, now = document("data", status={"phase": "Bound"}), document("data", version=2, status={"phase": "Lost"})
    assert reasons(events("PersistentVolumeClaim", before, now)) == ["PersistentVolumeClaimLost"]


def test_a_claim_that_had_a_volume_and_waits_again() -> None:
    before, now = document("data", status={"phase": "Bound"}), document("data", version=2, status={"phase": "Pending"})
    assert reasons(events("PersistentVolumeClaim", before, now)) == ["PersistentVolumeClaimPending"]


def job(reason: str = "", *, version: int = 2) -> Document:
    condition = {"type": "Failed", "status": "True", "reason": reason, "lastTransitionTime": SINCE, "message": "it failed"}
    return document("import", version=version, status={"conditions": [condition] if reason else []})


@pytest.mark.parametrize("reason", ["BackoffLimitExceeded", "DeadlineExceeded"])
def test_a_job_that_failed_says_why_and_when(reason: str) -> None:
    (event,) = events("Job", job(version=1), job(reason))
    assert reasons([event]) == [reason]
    assert event.timestamp == "2026-01-05T09:59:58.000Z"


def test_a_job_that_failed_long_ago_is_told_as_of_then() -> None:
    failed = job("BackoffLimitExceeded")
    failed["status"]["conditions"][0]["lastTransitionTime"] = "2025-12-24T00:00:00Z"
    (event,) = events("Job", None, failed, is_listed=True)
    assert event.timestamp == "2025-12-24T00:00:00.000Z"


def test_another_cluster_gives_other_ids_and_its_name() -> None:
    here, there = Transitions("east"), Transitions("west")
    told = change("Node", node(Ready="True"), node(version=2, Ready="False"))
    (east,), (west,) = list(here.events_of(told)), list(there.events_of(told))
    assert east.id != west.id
    assert east.k8s_context is not None
    assert east.k8s_context.cluster_name == "east"
