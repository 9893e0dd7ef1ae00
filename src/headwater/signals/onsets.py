"""When a symptom began, where an event knows better than its own time; never after it, and at most 15 minutes before it."""

from re import compile as compile_pattern
from typing import Any

from headwater.model.times import InvalidTimeError, parse_time, seconds
from headwater.signals.references import text_at

ONSET_BEFORE_MAX = seconds(900)

_REPEATS_MAX = 1 << 20
_STATE_TIMES = ("finishedAt", "lastTransitionTime")
_STEADY_INTERVAL = seconds(300)
"""Reports of one lasting fault come at least so often: container back-off grows to five minutes."""
_DURATION = compile_pattern(r"(?:(\d{1,4})h)?(?:(\d{1,4})m)?(?:(\d{1,6})(?:\.\d{1,9})?s)?").fullmatch


def onset_of(attributes: dict[str, Any], occurred_at: int, *, gap: int, pending: int) -> int:
    """
    The onset: an Event's firstTimestamp, an object's transition, an alert's startsAt less its pending time, else `occurred_at`.

    An Event that was repeated so seldom that each repeat stands for itself began at its last time. `gap` is its class's.
    """
    onset = occurred_at
    first = _time_at(attributes, "firstTimestamp")
    if first is not None and _interval(attributes, first, occurred_at) <= max(gap, _STEADY_INTERVAL):
        onset = min(onset, first)
    for name in _STATE_TIMES:
        time = _time_at(attributes, name)
        if time is not None:
            onset = min(onset, time)
    if pending or "startsAt" in attributes:
        started = _time_at(attributes, "startsAt")
        onset = min(onset, occurred_at if started is None else started) - (_duration_at(attributes, "for") or pending)
    return max(onset, occurred_at - ONSET_BEFORE_MAX)


def repeats_of(attributes: dict[str, Any], occurred_at: int, onset: int) -> int:
    """How often an Event was repeated since the onset, by its own count: a record may be all that is left of many."""
    first = _time_at(attributes, "firstTimestamp")
    if first is None or onset >= occurred_at:
        return 1
    return min(_count(attributes), (occurred_at - onset) // max(1, _interval(attributes, first, occurred_at)) + 1)


def _interval(attributes: dict[str, Any], first: int, occurred_at: int) -> int:
    return (occurred_at - first) // max(1, _count(attributes) - 1)


def _count(attributes: dict[str, Any]) -> int:
    count = attributes.get("count")
    return max(1, min(count, _REPEATS_MAX)) if isinstance(count, int) and not isinstance(count, bool) else 1


def onset_spread_of(attributes: dict[str, Any]) -> int:
    """How much before its onset something may have begun: what was read of a state that nobody saw begin, and that does not say when."""
    if attributes.get("snapshot") is not True:
        return 0
    return 0 if any(_time_at(attributes, name) is not None for name in (*_STATE_TIMES, "firstTimestamp")) else ONSET_BEFORE_MAX


def duration_of(text: str) -> int | None:
    """Nanoseconds of a duration as Prometheus and Kubernetes write it, 15m or 1h30m0s; None where it is none."""
    match = _DURATION(text) if text else None
    if match is None:
        return None
    hours, minutes, whole_seconds = (int(part or 0) for part in match.groups())
    return seconds(hours * 3600 + minutes * 60 + whole_seconds)


def _duration_at(attributes: dict[str, Any], name: str) -> int | None:
    return duration_of(text_at(attributes, name))


def _time_at(attributes: dict[str, Any], name: str) -> int | None:
    text = text_at(attributes, name)
    if not text:
        return None
    try:
        return parse_time(text)
    except InvalidTimeError:
        return None
