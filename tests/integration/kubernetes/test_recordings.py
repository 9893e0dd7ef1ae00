"""A real API server's recordings through the whole: list, watch, versions, events, and the incidents that the engine finds in them."""

import pytest
from tests.integration.kubernetes.collecting import Published
from tests.integration.kubernetes.recordings import play

from headwater.correlation.limits import Settings
from headwater.correlation.system import CorrelationSystem
from headwater.model.entities import Entity
from headwater.model.relations import Relation
from headwater.model.results import CorrelationResult
from headwater.model.times import parse_time
from headwater.service.engine import load_knowledge
from headwater.service.replay import Replay
from headwater.service.topology_view import graph_of, rows_of

pytestmark = pytest.mark.slow

FAILURES_BEGAN_AT = "2026-11-23T08:22:49.5Z"
NODE_RETURNED_AT = "2026-11-23T08:26:27.5Z"
REDIS_CRASHED_AT = "2026-11-23T08:47:16.5Z"


def incidents_of(published: Published) -> list[CorrelationResult]:
    replay = Replay(CorrelationSystem(load_knowledge(""), Settings(domain="default")))
    replay.feed(published.inputs)
    replay.settle()
    assert replay.rejected == []
    return replay.incidents()


def told(incidents: list[CorrelationResult]) -> set[tuple[str, str]]:
    """Type, and the service that it began in."""
    return {(each.type, each.impact.services[0] if each.impact.services else "") for each in incidents}


def entity(kind: str, name: str, namespace: str = "shop") -> Entity:
    return Entity("default", kind, namespace, name)


async def test_a_shop_that_breaks_in_six_ways_has_an_incident_for_each() -> None:
    published, _ = await play("", began_at=FAILURES_BEGAN_AT)
    incidents = incidents_of(published)
    roots = {each.type: each for each in incidents}
    assert "mysql-0" in roots["oom_loop"].root_cause
    assert roots["oom_loop"].remediation == "increase mysql memory limits"
    assert roots["image_pull_failure"].root_cause.startswith("api rolled out")
    assert roots["scheduling_failure"].root_cause.startswith("batch-huge")
    assert roots["quota_exceeded"].root_cause.startswith("tight quota used up in pods")
    assert roots["node_failure"].root_cause.startswith("node-c not ready")
    assert len(incidents) <= 7, [each.root_cause for each in incidents]


async def test_the_topology_of_the_recording_is_right_as_of_any_time() -> None:
    published, api = await play("", began_at=FAILURES_BEGAN_AT)
    graph = graph_of(published.versions)
    before, during = parse_time("2026-11-23T08:22:50Z"), parse_time("2026-11-23T08:24:00Z")
    assert graph.unit_of(entity("Pod", "mysql-0"), before) == entity("StatefulSet", "mysql")
    assert graph.related(entity("Pod", "mysql-0"), Relation.BACKS, before, before) == (entity("Service", "mysql"),)
    assert entity("StatefulSet", "mysql") in graph.related(entity("ConfigMap", "mysql-config"), Relation.MOUNTED_BY, before, before)
    broken = entity("Pod", "api-85694f7f46-6nn4d")
    assert broken not in graph.pods_of(entity("Deployment", "api"), before)
    assert broken in graph.pods_of(entity("Deployment", "api"), during)
    assert "node-c" in {each.name for each in graph.entities("Node")}
    at_end = parse_time("2026-11-23T09:00:00Z")
    pods = {content["metadata"]["name"] for content in api.kinds["Pod"].objects.values() if content["metadata"]["namespace"] == "shop"}
    assert {row.name for row in rows_of(graph, at_end) if row.kind == "Pod" and row.namespace == "shop"} == pods
    assert graph.pods_of(entity("StatefulSet", "mysql"), at_end) == (entity("Pod", "mysql-0"), entity("Pod", "mysql-1"))


async def test_the_container_that_no_event_tells_of_is_told_by_its_status() -> None:
    published, _ = await play("", began_at=FAILURES_BEGAN_AT)
    kills = [event for event in published.events if event.kubernetes is not None and event.kubernetes.reason == "OOMKilled"]
    assert [event.timestamp for event in kills] == [
        f"2026-11-23T08:{clock}.000Z" for clock in ("22:57", "23:01", "23:08", "23:19", "23:36", "24:07")
    ]
    changes = [event for event in published.events if event.kubernetes is not None and event.kubernetes.action == "MODIFIED"]
    assert changes[0].message == "ConfigMap mysql-config changed: my.cnf"
    assert len({event.id for event in published.events}) == len(published.events)


async def test_values_of_configuration_are_nowhere_in_what_is_published() -> None:
    published, api = await play("", began_at=FAILURES_BEGAN_AT)
    assert any("innodb_buffer_pool_size" in str(content) for content in api.kinds["ConfigMap"].objects.values())
    assert "innodb_buffer_pool_size" not in repr(published.inputs)


async def test_a_drained_node_and_a_volume_that_is_not_there() -> None:
    published, _ = await play("scenario2", began_at=NODE_RETURNED_AT)
    incidents = incidents_of(published)
    assert any(each.root_cause.startswith("node-b cordoned") and each.type == "pod_eviction" for each in incidents)
    # It was made within a minute of the first failed mount, so that it is told beside the drain and not as an incident of its own.
    missing = [member for each in incidents for member in each.members if member.symptom_class == "pod.mountfail"]
    assert {member.text for member in missing} == {"cannot mount config map mailer-config, which is not there"}


async def test_a_crash_loop_takes_its_service_along_in_one_incident() -> None:
    published, _ = await play("scenario3", began_at=REDIS_CRASHED_AT)
    # The recorded cluster has no metrics server, which its autoscaler's incident says.
    incidents = [each for each in incidents_of(published) if each.type != "autoscaling_failure"]
    assert len(incidents) == 1
    assert incidents[0].impact.services == ["redis"]
    assert "redis has no endpoints" in incidents[0].related_events
