"""What people see of the entity graph, as of an instant."""

from headwater.model.times import parse_time, seconds
from headwater.service.topology_view import describe, find_entity, graph_of, rows_of
from headwater.testing.demo_shop import demo_cluster
from headwater.testing.kubernetes_objects import cluster_objects
from headwater.topology.loader import K8sRelationshipLoader

NOW = parse_time("2026-01-05T10:00:00Z")
VERSIONS = K8sRelationshipLoader().versions(cluster_objects(demo_cluster()))
GRAPH = graph_of(VERSIONS)


def test_all_entities_are_listed_once_with_their_owners() -> None:
    rows = {row.id: row for row in rows_of(GRAPH, NOW)}
    assert len(rows) == len({version.entity for version in VERSIONS})
    pod = rows["default/Pod/production/mysql-pod-abc"]
    assert (pod.service_name, pod.owner) == ("mysql", "default/StatefulSet/production/mysql-statefulset")
    assert rows["default/StatefulSet/production/mysql-statefulset"].pods == 3


def test_an_entity_is_found_however_it_is_written() -> None:
    for text in ("mysql-pod-abc", "Pod/mysql-pod-abc", "pod/production/mysql-pod-abc", "default/Pod/production/mysql-pod-abc"):
        assert [str(entity) for entity in find_entity(GRAPH, text, NOW)] == ["default/Pod/production/mysql-pod-abc"]
    assert find_entity(GRAPH, "Pod/nothing", NOW) == []
    assert all(entity.name == "api" for entity in find_entity(GRAPH, "api", NOW))


def test_a_service_is_found_by_what_incidents_call_it() -> None:
    assert [str(entity) for entity in find_entity(GRAPH, "mysql", NOW)] == ["default/StatefulSet/production/mysql-statefulset"]
    assert find_entity(GRAPH, "StatefulSet/mysql", NOW) == find_entity(GRAPH, "mysql", NOW)
    assert len(find_entity(GRAPH, "Pod/mysql", NOW)) == 3
    assert find_entity(GRAPH, "mysq", NOW) == []


def test_a_description_tells_relations_from_the_entitys_side() -> None:
    (pod,) = find_entity(GRAPH, "Pod/mysql-pod-abc", NOW)
    told = {(row.relation, row.entity) for row in describe(GRAPH, pod, NOW).relations}
    assert ("owned by", "default/StatefulSet/production/mysql-statefulset") in told
    assert ("backs", "default/Service/production/mysql-service") in told
    assert any(relation == "runs on" for relation, _ in told)


def test_what_did_not_exist_yet_is_not_listed() -> None:
    (pod,) = find_entity(GRAPH, "Pod/mysql-pod-abc", NOW)
    born = min(version.valid_from for version in VERSIONS if version.entity == pod)
    if born:
        assert not describe(GRAPH, pod, born - seconds(1)).exists
        assert str(pod) not in {row.id for row in rows_of(GRAPH, born - seconds(1))}
    assert describe(GRAPH, pod, NOW).exists
