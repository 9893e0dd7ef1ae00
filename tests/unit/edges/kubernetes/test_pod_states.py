"""What two versions of a pod tell: ends and waits of containers, readiness, scheduling, disruption."""

from typing import Any

from tests.unit.edges.kubernetes.states import Document, deleted, document, events, reasons

OOM = {"terminated": {"exitCode": 137, "reason": "OOMKilled", "containerID": "c1", "finishedAt": "2026-01-05T09:59:57Z"}}
SINCE = "2026-01-05T09:59:58Z"


def pod(*, version: int = 1, ready: str = "True", phase: str = "Running", metadata: Document | None = None, **container: Any) -> Document:
    conditions = [{"type": "Ready", "status": ready, "lastTransitionTime": SINCE}]
    status = {"phase": phase, "conditions": conditions, "containerStatuses": [{"name": "main", **container}], "startTime": SINCE}
    return document(version=version, metadata=metadata, spec={"nodeName": "node-a"}, status=status)


RUNNING = pod(state={"running": {}})


def test_a_container_killed_for_memory_is_told_with_its_own_time_and_node() -> None:
    (event,) = events("Pod", RUNNING, pod(version=2, state=OOM))
    assert reasons([event]) == ["OOMKilled"]
    assert event.timestamp == "2026-01-05T09:59:57.000Z"
    assert event.attributes is not None
    assert event.attributes["exit_code"] == 137
    assert event.k8s_context is not None
    assert event.k8s_context.node_name == "node-a"


def test_the_same_end_seen_as_state_and_as_last_state_is_one_event() -> None:
    killed, restarted = pod(version=2, state=OOM), pod(version=3, state={"running": {}}, lastState=OOM)
    (first,) = events("Pod", RUNNING, killed)
    assert events("Pod", killed, restarted) == []
    # Whoever missed the version in between tells the same, with the same id.
    assert events("Pod", RUNNING, restarted) == [first]


def test_a_container_that_did_its_work_tells_nothing() -> None:
    done = {"terminated": {"exitCode": 0, "reason": "Completed", "containerID": "c1", "finishedAt": SINCE}}
    assert events("Pod", RUNNING, pod(version=2, state=done)) == []


def test_waiting_is_told_when_its_reason_changes_and_not_while_it_lasts() -> None:
    waiting = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s"}}
    creating = {"waiting": {"reason": "ContainerCreating"}}
    assert reasons(events("Pod", RUNNING, pod(version=2, state=waiting))) == ["CrashLoopBackOff"]
    assert events("Pod", pod(state=waiting), pod(version=2, state=waiting, restartCount=3)) == []
    assert events("Pod", RUNNING, pod(version=2, state=creating)) == []


def init_pod(*, version: int, restart_policy: str = "", **container: Any) -> Document:
    spec = {"nodeName": "node-a", "initContainers": [{"name": "migrate", "restartPolicy": restart_policy}]}
    return document(version=version, spec=spec, status={"phase": "Pending", "initContainerStatuses": [{"name": "migrate", **container}]})


def test_an_init_container_that_fails_is_told_as_kubectl_shows_it_and_a_sidecar_as_any_other() -> None:
    failed = {"terminated": {"exitCode": 1, "reason": "Error", "containerID": "c1", "finishedAt": SINCE}}
    waiting = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s"}}
    began = init_pod(version=1, state={"running": {}})
    (event,) = events("Pod", began, init_pod(version=2, state=failed))
    assert (reasons([event]), event.message) == (["Init:Error"], "init container migrate terminated: Error, exit code 1")
    assert reasons(events("Pod", began, init_pod(version=2, state=waiting, lastState=failed))) == ["Init:Error", "Init:CrashLoopBackOff"]
    assert reasons(events("Pod", began, init_pod(version=2, restart_policy="Always", state=failed))) == ["Error"]


def test_readiness_lost_and_won() -> None:
    lost = pod(version=2, ready="False", state={"running": {}})
    assert reasons(events("Pod", RUNNING, lost)) == ["Unready"]
    assert reasons(events("Pod", lost, pod(version=3, state={"running": {}}))) == ["Ready"]


def test_a_pod_that_is_starting_is_not_unready() -> None:
    assert events("Pod", None, pod(ready="False", phase="Pending")) == []
    assert events("Pod", None, pod(ready="False")) == []


def test_what_happens_to_a_pod_that_is_being_deleted_was_asked_for() -> None:
    going = {"deletionTimestamp": "2026-01-05T10:00:30Z"}
    assert events("Pod", RUNNING, pod(version=2, ready="False", state=OOM, metadata=going)) == []
    assert deleted("Pod", RUNNING) == []


def test_an_eviction_is_told_although_it_deletes_the_pod() -> None:
    evicted = pod(version=2, metadata={"deletionTimestamp": "2026-01-05T10:00:30Z"})
    evicted["status"]["conditions"].append(
        {"type": "DisruptionTarget", "status": "True", "reason": "EvictionByEvictionAPI", "lastTransitionTime": SINCE}
    )
    assert reasons(events("Pod", RUNNING, evicted)) == ["EvictionByEvictionAPI"]


def test_a_pod_that_fits_nowhere() -> None:
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes", "lastTransitionTime": SINCE}
    waiting = document(status={"phase": "Pending", "conditions": [condition]})
    (event,) = events("Pod", None, waiting)
    assert (reasons([event]), event.message, event.timestamp) == (["Unschedulable"], "0/3 nodes", "2026-01-05T09:59:58.000Z")


def test_a_state_that_lasts_for_hours_is_told_as_of_when_it_is_found() -> None:
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "lastTransitionTime": "2026-01-05T06:00:00Z"}
    (event,) = events("Pod", None, document(status={"phase": "Pending", "conditions": [condition]}), is_listed=True)
    assert event.timestamp == "2026-01-05T10:00:00.000Z"
    assert event.attributes is not None
    assert event.attributes["lastTransitionTime"] == "2026-01-05T06:00:00Z"


def test_malformed_parts_say_nothing() -> None:
    assert (
        events("Pod", document(status=7), document(version=2, status={"containerStatuses": [3, {"state": "x"}], "conditions": "y"})) == []
    )
