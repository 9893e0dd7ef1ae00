"""What has been so for long says so itself: the first time of an Event, the start of an alert, the restarts of a container."""

from typing import Any

import pytest

from headwater.model.times import parse_time
from headwater.signals.standing import stands_for_long

NOW = parse_time("2026-01-05T10:00:00Z")


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"firstTimestamp": "2026-01-02T10:00:00Z", "count": 9000}, "Readiness probe failed"),
        ({"firstTimestamp": "2026-01-05T08:50:00Z", "count": 8}, "Back-off restarting failed container"),
        ({"startsAt": "2026-01-05T08:59:00Z"}, ""),
        ({"restart_count": 214}, "back-off 5m0s restarting failed container"),
    ],
)
def test_trouble_of_more_than_an_hour_is_standing(attributes: dict[str, Any], message: str) -> None:
    assert stands_for_long(attributes, message, NOW)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({}, ""),
        ({"firstTimestamp": "2026-01-05T09:30:00Z", "count": 400}, "Readiness probe failed"),
        ({"firstTimestamp": "2026-01-02T10:00:00Z", "count": 3}, "happens once a day"),
        ({"firstTimestamp": "2026-01-02T10:00:00Z"}, "repeated, but it does not say how often"),
        ({"startsAt": "2026-01-05T09:58:00Z"}, ""),
        ({"restart_count": 214}, "back-off 10s restarting failed container"),
        ({"restart_count": 7}, "back-off 5m0s restarting failed container"),
        ({"firstTimestamp": "yesterday", "count": "many", "startsAt": 7}, ""),
    ],
)
def test_what_is_young_or_happens_now_and_then_is_not(attributes: dict[str, Any], message: str) -> None:
    assert not stands_for_long(attributes, message, NOW)
