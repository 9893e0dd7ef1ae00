"""One incident per cause: a connected set, cut where one explanation ends and another begins."""

from tests.unit.correlation.making import link, vertex

from headwater.correlation.attribution_view import weigh
from headwater.correlation.partition import partition
from headwater.correlation.vertices import Vertex


def untied(_: Vertex) -> list[Vertex]:
    return []


def names(parts: list[list[Vertex]]) -> list[list[str]]:
    return [[each.entity.name for each in part] for part in parts]


def two_faults() -> tuple[Vertex, Vertex, Vertex, Vertex]:
    """Two kills of two databases, and what each does to its own caller."""
    one, other = vertex(0, "kernel.oom", "Pod/a"), vertex(1, "kernel.oom", "Pod/b")
    first, second = vertex(10, "svc.timeout", "Service/x", "Service/a"), vertex(11, "svc.timeout", "Service/y", "Service/b", count=9)
    link(one, first, 0.8)
    link(other, second, 0.8)
    return one, other, first, second


def test_one_cause_is_one_part() -> None:
    one, _, first, _ = two_faults()
    assert names(partition(weigh([one, first]), untied)) == [["a", "x"]]


def test_two_faults_that_merely_meet_are_two_parts_the_one_with_more_evidence_first() -> None:
    one, other, first, second = two_faults()
    link(one, second, 0.1)
    assert names(partition(weigh([one, other, first, second]), untied)) == [["b", "y"], ["a", "x"]]


def test_rivals_for_one_symptom_stay_together() -> None:
    one, other, first, second = two_faults()
    link(one, second, 0.5)
    assert len(partition(weigh([one, other, first, second]), untied)) == 1


def test_a_trace_holds_together_what_explanations_do_not() -> None:
    one, other, first, second = two_faults()
    ties = {first.number: [second], second.number: [first]}
    assert len(partition(weigh([one, other, first, second]), lambda each: ties.get(each.number, []))) == 1


def test_a_trace_to_what_is_not_in_the_set_does_nothing() -> None:
    one, other, first, second = two_faults()
    assert len(partition(weigh([one, other, second]), lambda _: [first])) == 2


def test_a_service_that_two_faults_degrade_does_not_make_them_one() -> None:
    one, other, first, second = two_faults()
    degraded = vertex(5, "svc.degraded", "Service/z")
    link(one, degraded, 0.8)
    link(other, degraded, 0.7)
    assert len(partition(weigh([one, other, first, second, degraded]), untied)) == 2


def test_replicas_of_one_unit_are_one_part_without_any_step_between_them() -> None:
    pods = [vertex(n, "pod.unready", f"Pod/api-{n}", unit="Deployment/api") for n in range(3)]
    assert names(partition(weigh(pods), untied)) == [["api-0", "api-1", "api-2"]]


def test_of_equal_parts_the_one_that_began_first_comes_first() -> None:
    one, other = vertex(0, "kernel.oom", "Pod/b"), vertex(1, "kernel.oom", "Pod/a")
    assert names(partition(weigh([other, one]), untied)) == [["b"], ["a"]]


def test_a_chain_of_doubts_holds_many_units_together() -> None:
    vertices = [vertex(n, "kernel.oom", f"Pod/{n}") for n in range(6)]
    shared = [vertex(10 + n, "svc.timeout", f"Service/{n}", "Service/x") for n in range(5)]
    for n, each in enumerate(shared):
        link(vertices[n], each, 0.5)
        link(vertices[n + 1], each, 0.5)
    assert len(partition(weigh([*vertices, *shared]), untied)) == 1
