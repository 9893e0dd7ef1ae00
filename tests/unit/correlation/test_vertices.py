"""Vertices: occurrences that mean the same, united in sessions."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.correlation.making import occurrence, symptom, vertex

from headwater.correlation.occurrences import Occurrence
from headwater.correlation.vertices import VertexKey, sessions_within, sort_key_of
from headwater.model.severity import Severity
from headwater.model.times import seconds
from headwater.testing.bare_objects import entity, instant

GAP = seconds(30)
Span = tuple[int, int, int, Occurrence | None]


def span(*moments: float, about: str = "api", onset: float | None = None) -> Span:
    found = occurrence(*(symptom(moment, about=about, onset=onset) for moment in moments))
    return (found.onset, found.first, found.last, found)


def test_spans_within_the_gap_are_one_session_with_all_their_occurrences() -> None:
    one, other = span(0, 20), span(50, 60, about="api-service", onset=-10)
    ((onset, first, last, members),) = sessions_within([other, one], GAP)
    assert (onset, first, last) == (instant(-10), instant(0), instant(60))
    assert members == [other[3], one[3]]


def test_spans_beyond_the_gap_are_two() -> None:
    assert len(sessions_within([span(0), span(30.5)], GAP)) == 2


def test_a_span_within_a_longer_one_does_not_shorten_it() -> None:
    ((_, _, last, _),) = sessions_within([span(0, 29, 58, 87), span(10), span(110)], GAP)
    assert last == instant(110)


def test_inferred_spans_have_no_occurrences() -> None:
    assert sessions_within([(1, 2, 3, None), (4, 5, 6, None)], 10) == [(1, 2, 6, [])]
    assert sessions_within([], GAP) == []


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)), max_size=12), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_sessions(lengths: list[tuple[int, int]], rng: Random) -> None:
    spans = [span(*(moment for moment in (start, start + length)), about=f"a{n}") for n, (start, length) in enumerate(lengths)]
    shuffled = spans[:]
    rng.shuffle(shuffled)
    assert sessions_within(shuffled, GAP) == sessions_within(spans, GAP)


def test_a_vertex_is_what_its_occurrences_say() -> None:
    found = vertex(0, "svc.timeout", "Service/api", "Service/mysql", count=3, traces=("a", "b"))
    found.occurrences.append(occurrence(symptom(1, about="other", trace="c", severity=Severity.CRITICAL)))
    found.refresh()
    assert (found.count, found.severity, found.is_real) == (4, Severity.CRITICAL, True)
    assert sorted(found.traces.values()) == ["a", "b", "c"]
    assert found.entity == entity("Service", "api")


def test_an_inferred_vertex_has_its_class_severity_and_no_count() -> None:
    found = vertex(0, "svc.degraded", "Service/api")
    assert (found.count, found.severity, found.is_real, found.traces) == (0, found.symptom_class.severity, False, {})


def test_vertices_are_ordered_by_onset_then_first_time_then_key() -> None:
    key = VertexKey(entity("Service", "api"), "svc.timeout", None)
    other = VertexKey(entity("Service", "api"), "svc.timeout", entity("Service", "mysql"))
    assert sorted([sort_key_of(other, 1, 1), sort_key_of(key, 1, 2), sort_key_of(key, 0, 9), sort_key_of(key, 1, 1)]) == [
        sort_key_of(key, 0, 9), sort_key_of(key, 1, 1), sort_key_of(other, 1, 1), sort_key_of(key, 1, 2),
    ]  # fmt: skip
