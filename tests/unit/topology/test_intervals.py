"""Validity intervals: half-open, merged, and asked with closed windows."""

from headwater.topology.intervals import ALWAYS, distance, holds_at, intersection, merged, overlaps, start_of_span_at


def test_spans_that_touch_or_overlap_become_one_and_empty_ones_vanish() -> None:
    assert merged([(5, 8), (1, 3), (3, 4), (6, 7), (9, 9), (2, 4)]) == ((1, 4), (5, 8))


def test_a_window_meets_a_span_at_its_first_instant_but_not_at_its_end() -> None:
    spans = ((10, 20),)
    assert overlaps(spans, 0, 10)
    assert overlaps(spans, 19, 30)
    assert not overlaps(spans, 20, 30)
    assert not overlaps(spans, 0, 9)


def test_both_hold_where_they_overlap() -> None:
    assert intersection(((0, 10), (20, 30)), ((5, 25),)) == ((5, 10), (20, 25))
    assert intersection(ALWAYS, ((5, 25),)) == ((5, 25),)


def test_the_span_at_an_instant_is_known_by_its_start() -> None:
    assert start_of_span_at(((0, 10), (20, 30)), 20) == 20
    assert start_of_span_at(((0, 10), (20, 30)), 10) is None
    assert holds_at(((0, 10),), 9)
    assert not holds_at(((0, 10),), 10)


def test_at_equal_distance_the_past_is_nearer_than_the_future() -> None:
    assert distance(((0, 10),), 5) == (0, 0)
    assert distance(((0, 10),), 10) < distance(((11, 20),), 10)
