"""Onsets: what an event knows about its beginning, bounded on both sides."""

from typing import Any

import pytest

from headwater.model.times import parse_time, seconds
from headwater.signals.onsets import duration_of, onset_of, onset_spread_of, repeats_of

AT = parse_time("2026-01-05T10:00:00Z")


def seconds_before(attributes: dict[str, Any], *, gap: float = 45, pending: float = 0) -> float:
    return (AT - onset_of(attributes, AT, gap=seconds(gap), pending=seconds(pending))) / 1e9


@pytest.mark.parametrize(
    ("attributes", "before"),
    [
        ({}, 0),
        ({"firstTimestamp": "2026-01-05T09:59:30Z"}, 30),
        ({"firstTimestamp": "2026-01-05T09:50:00Z", "count": 10}, 600),
        ({"firstTimestamp": "2026-01-05T09:00:00Z", "count": 100}, 900),
        # Twice in an hour is no lasting fault.
        ({"firstTimestamp": "2026-01-05T09:00:00Z", "count": 2}, 0),
        ({"firstTimestamp": "2026-01-05T09:50:00Z", "count": 2}, 0),
        ({"firstTimestamp": "2026-01-05T09:50:00Z"}, 0),
        ({"firstTimestamp": "2026-01-05T09:59:30Z", "count": True}, 30),
        ({"firstTimestamp": "2026-01-05T11:00:00Z"}, 0),
        ({"firstTimestamp": "yesterday"}, 0),
        ({"firstTimestamp": 1767607200}, 0),
        ({"finishedAt": "2026-01-05T09:59:57Z"}, 3),
        ({"lastTransitionTime": "2026-01-05T09:00:00Z"}, 900),
        ({"startsAt": "2026-01-05T09:58:00Z"}, 120),
        ({"startsAt": "2026-01-05T09:58:00Z", "for": "5m"}, 420),
        ({"startsAt": "never", "for": "5m"}, 300),
        ({"for": "5m"}, 0),
    ],
)
def test_the_onset_is_what_the_event_knows(attributes: dict[str, Any], before: float) -> None:
    assert seconds_before(attributes) == before


def test_an_alert_began_its_pending_time_before_it_fired() -> None:
    assert seconds_before({}, pending=300) == 300
    assert seconds_before({"startsAt": "2026-01-05T09:58:00Z"}, pending=300) == 420
    assert seconds_before({"startsAt": "2026-01-05T09:58:00Z", "for": "1m"}, pending=300) == 180
    assert seconds_before({"startsAt": "2026-01-05T09:00:00Z"}, pending=300) == 900


def test_reports_within_the_gap_of_a_class_are_one_fault() -> None:
    assert seconds_before({"firstTimestamp": "2026-01-05T09:54:00Z", "count": 2}, gap=330) == 0
    assert seconds_before({"firstTimestamp": "2026-01-05T09:54:00Z", "count": 2}, gap=400) == 360


@pytest.mark.parametrize(
    ("text", "duration"),
    [("15m", 900), ("90s", 90), ("1h30m0s", 5400), ("5m0.5s", 300), ("", None), ("soon", None), ("-5m", None), ("5 m", None)],
)
def test_durations_are_as_prometheus_writes_them(text: str, duration: float | None) -> None:
    assert duration_of(text) == (None if duration is None else seconds(duration))


@pytest.mark.parametrize(
    ("attributes", "spread"),
    [
        ({"snapshot": True}, 900),
        ({"snapshot": "true"}, 0),
        ({"snapshot": True, "lastTransitionTime": "2026-01-05T09:59:30Z"}, 0),
        ({"snapshot": True, "firstTimestamp": "2026-01-05T09:59:30Z"}, 0),
        ({}, 0),
    ],
)
def test_a_state_that_was_read_and_not_seen_to_begin_may_be_older(attributes: dict[str, Any], spread: float) -> None:
    assert onset_spread_of(attributes) == seconds(spread)


@pytest.mark.parametrize(
    ("attributes", "onset_before", "repeats"),
    [
        ({"firstTimestamp": "2026-01-05T09:58:00Z", "count": 5}, 120, 5),
        ({"firstTimestamp": "2026-01-05T09:30:00Z", "count": 61}, 900, 31),
        ({"firstTimestamp": "2026-01-05T09:58:00Z", "count": 5}, 0, 1),
        ({"firstTimestamp": "2026-01-05T09:58:00Z"}, 120, 1),
        ({"firstTimestamp": "2026-01-05T09:58:00Z", "count": "many"}, 120, 1),
        ({"count": 9}, 120, 1),
    ],
)
def test_an_event_counts_as_often_as_it_was_repeated_since_its_onset(attributes: dict[str, Any], onset_before: float, repeats: int) -> None:
    assert repeats_of(attributes, AT, AT - seconds(onset_before)) == repeats
