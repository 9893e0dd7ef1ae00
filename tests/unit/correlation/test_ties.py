"""Weak ties: traces, and like troubles of one unit, next to each other in time."""

from tests.unit.correlation.making import occurrence, symptom, vertex

from headwater.correlation.ties import Ties
from headwater.correlation.vertices import Vertex


def ties(*vertices: Vertex) -> Ties:
    found = Ties()
    for each in vertices:
        found.index(each)
    found.take_parted()
    return found


def test_symptoms_of_one_trace_are_tied_and_others_are_not() -> None:
    one = vertex(0, "svc.timeout", "Service/api", traces=("t",))
    other = vertex(10, "kernel.oom", "Pod/mysql-0", traces=("t", "u"))
    third = vertex(5, "svc.5xx", "Service/web", traces=("v",))
    found = ties(one, other, third)
    assert found.neighbours(one) == found.neighbours_in_trace(one) == [other]
    assert found.neighbours(other) == [one]
    assert found.neighbours(third) == []


def test_the_trace_binds_for_two_minutes_from_one_to_the_next() -> None:
    first, second, third, far = (vertex(at, "svc.timeout", f"Service/{at}", traces=("t",)) for at in (0, 120, 240, 361))
    found = ties(first, second, third, far)
    assert found.neighbours(second) == [first, third]
    assert found.neighbours(third) == [second]
    assert found.neighbours(far) == []


def test_replicas_that_fail_alike_are_tied_by_their_unit_and_not_by_a_trace() -> None:
    one, other = (vertex(n, "pod.unready", f"Pod/api-{n}", unit="Deployment/api") for n in (0, 1))
    found = ties(one, other)
    assert found.neighbours(one) == [other]
    assert found.neighbours_in_trace(one) == []


def test_other_troubles_of_a_unit_services_and_changes_are_not_tied_by_it() -> None:
    unit = "Deployment/api"
    pairs = [
        (vertex(0, "pod.unready", "Pod/api-0", unit=unit), vertex(1, "pod.restart", "Pod/api-0", unit=unit)),
        (vertex(0, "svc.timeout", "Service/api", "Service/a", unit=unit), vertex(1, "svc.timeout", "Service/api", "Service/b", unit=unit)),
        (vertex(0, "change.config", "ConfigMap/a", unit=unit), vertex(1, "change.config", "ConfigMap/b", unit=unit)),
        (vertex(0, "svc.degraded", "Service/a", unit=unit), vertex(1, "svc.degraded", "Service/b", unit=unit)),
    ]
    for one, other in pairs:
        assert ties(one, other).neighbours(one) == []


def test_a_removed_vertex_ties_nobody_and_its_neighbours_are_told_of() -> None:
    first, second, third = (vertex(at, "svc.timeout", f"Service/{at}", traces=("t",)) for at in (0, 60, 120))
    found = ties(first, second, third)
    assert found.neighbours(first) == [second]
    found.remove(second)
    assert set(found.take_parted()) == {first, third}
    assert found.neighbours(first) == [third]
    assert found.neighbours(second) == []
    assert found.take_parted() == []
    found.remove(second)


def test_one_that_comes_in_between_parts_those_it_stands_between() -> None:
    first, third = (vertex(at, "svc.timeout", f"Service/{at}", traces=("t",)) for at in (0, 100))
    found = ties(first, third)
    assert found.neighbours(first) == [third]
    between = vertex(50, "svc.timeout", "Service/between", traces=("t",))
    found.index(between)
    assert set(found.take_parted()) == {first, third, between}
    assert found.neighbours(first) == [between]


def test_one_that_moves_is_tied_anew() -> None:
    first, second = (vertex(at, "svc.timeout", f"Service/{at}", traces=("t",)) for at in (0, 100))
    found = ties(first, second)
    assert found.neighbours(first) == [second]
    second.first += 60_000_000_000
    found.index(second)
    assert found.neighbours(first) == []
    assert second in found.take_parted()


def test_one_that_only_grows_keeps_its_ties_and_takes_new_ones() -> None:
    first, second = vertex(0, "svc.timeout", "Service/a", traces=("t",)), vertex(10, "svc.timeout", "Service/b", traces=("u",))
    found = ties(first, second)
    assert found.neighbours(first) == []
    second.occurrences = [*second.occurrences, occurrence(symptom(11, trace="t"))]
    second.refresh()
    found.index(second, has_moved=False)
    assert found.neighbours(first) == [second]
    second.occurrences = second.occurrences[:1]
    second.refresh()
    found.index(second, has_moved=False)
    assert found.neighbours(first) == []


def test_one_that_changes_hands_is_tied_by_its_new_unit() -> None:
    one, other = vertex(0, "pod.unready", "Pod/a", unit="Deployment/x"), vertex(1, "pod.unready", "Pod/b", unit="Deployment/y")
    found = ties(one, other)
    other.unit = one.unit
    found.index(other)
    assert found.neighbours(one) == [other]
