"""Learning who calls whom."""

from itertools import permutations

from headwater.model.relations import Relation
from headwater.testing.bare_objects import deployment, entity, instant, pod, reference, service
from headwater.topology.graph import TopologyGraph
from headwater.topology.limits import CALL_SLACK, CALLERS_PER_SERVICE_MAX

API, MYSQL = reference("service.name", "api"), reference("service.name", "mysql")
HOUR = 3_600


def callers(graph: TopologyGraph, at: int, called: str = "mysql") -> list[str]:
    return [each.name for each in graph.related(entity("Service", called), Relation.CALLED_BY, at, at)]


def called(*sightings: tuple[float, int]) -> TopologyGraph:
    graph = TopologyGraph()
    for second, observation in sightings:
        graph.observe_call(API, MYSQL, occurred_at=instant(second), observation=observation)
    return graph


def test_a_call_is_a_relation_from_its_third_distinct_observation_on() -> None:
    graph = called((0, 1), (1, 2), (2, 2), (3, 1))
    assert callers(graph, instant(2)) == []
    change = graph.observe_call(API, MYSQL, occurred_at=instant(3), observation=3)
    assert change.entities == (entity("Service", "api"), entity("Service", "mysql"))
    assert callers(graph, instant(2)) == ["api"]


def test_a_call_exists_from_a_day_before_its_first_to_a_day_after_its_last_sighting() -> None:
    graph = called((0, 1), (10, 2), (5 * HOUR, 3))
    assert callers(graph, instant(0) - CALL_SLACK) == ["api"]
    assert callers(graph, instant(5 * HOUR) + CALL_SLACK) == ["api"]
    assert callers(graph, instant(-HOUR) - CALL_SLACK - 1) == []
    assert callers(graph, instant(7 * HOUR) + CALL_SLACK) == []


def test_steady_traffic_changes_nothing() -> None:
    graph = called((0, 100), (10, 200), (20, 300))
    changes = [graph.observe_call(API, MYSQL, occurred_at=instant(30 + index), observation=index) for index in range(50)]
    assert all(change.empty() for change in changes)


def test_any_order_of_sightings_gives_the_same_graph() -> None:
    sightings = [(0, 5), (90 * 60, 3), (3 * HOUR, 9), (10, 1)]
    snapshots = [called(*order, *order).snapshot() for order in permutations(sightings)]
    assert all(each == snapshots[0] for each in snapshots)


def test_a_call_follows_what_its_names_come_to_mean() -> None:
    graph = called((0, 1), (1, 2), (2, 3))
    assert callers(graph, instant(0)) == ["api"]
    graph.observe(service("mysql-service", {"app": "mysql"}))
    graph.observe(deployment("db", {"app": "mysql"}, labels={"app": "mysql"}))
    assert callers(graph, instant(0), "mysql-service") == ["api"]
    assert callers(graph, instant(0)) == []


def test_a_call_between_pods_is_one_between_their_services() -> None:
    graph = TopologyGraph()
    for name, address in (("api", "10.0.0.1"), ("mysql", "10.0.0.2")):
        graph.observe(service(name, {"app": name}))
        graph.observe(pod(f"{name}-0", address=address, labels={"app": name}))
    for observation in range(3):
        graph.observe_call(
            reference("Pod", "api-0"), reference("address", "10.0.0.2", ""), occurred_at=instant(observation), observation=observation
        )
    assert callers(graph, instant(0)) == ["api"]


def test_a_service_that_calls_itself_relates_to_nobody() -> None:
    graph = TopologyGraph()
    for observation in range(3):
        graph.observe_call(MYSQL, MYSQL, occurred_at=instant(0), observation=observation)
    assert callers(graph, instant(0)) == []


def test_of_too_many_callers_the_same_ones_are_kept_in_any_order() -> None:
    names = [f"caller-{index}" for index in range(CALLERS_PER_SERVICE_MAX + 10)]
    kept = []
    for order in (names, names[::-1]):
        graph = TopologyGraph()
        for name in order:
            for observation in range(3):
                graph.observe_call(reference("service.name", name), MYSQL, occurred_at=instant(0), observation=observation)
        assert graph.counters["callers_dropped"] >= 10
        kept.append(callers(graph, instant(0)))
    assert kept[0] == kept[1]
    assert len(kept[0]) == CALLERS_PER_SERVICE_MAX


def test_a_call_is_forgotten_a_day_after_it_ended() -> None:
    graph = called((0, 1), (1, 2), (2, 3))
    assert graph.forget(instant(2 * HOUR)).count == 0
    assert graph.forget(instant(3 * HOUR) + CALL_SLACK).count == 1
    assert callers(graph, instant(0)) == []
    assert graph.snapshot()["calls"] == []
