"""What has been so for long: trouble that an Event, an alert or a restart counter itself says is no news, without any history of ours."""

from typing import Any

from headwater.model.times import InvalidTimeError, parse_time, seconds
from headwater.signals.facts import whole_number
from headwater.signals.references import text_at

LONG = seconds(3_600)
"""What has gone on for longer was there before whatever is looked for now."""

STEADY_INTERVAL = seconds(600)
"""An Event that is repeated less often is not one lasting trouble, but the same thing happening now and then."""

RESTARTS_MANY = 50
BACK_OFF_LONGEST = "back-off 5m0s"
"""The kubelet waits so long only after many restarts in a row; fifty such waits are hours."""


def stands_for_long(attributes: dict[str, Any], message: str, occurred_at: int) -> bool:
    """Whether an event tells of something that has gone on steadily for more than an hour."""
    repeated = _since(attributes, "firstTimestamp", occurred_at)
    if repeated > LONG:
        return repeated <= STEADY_INTERVAL * (_whole(attributes, "count") - 1)
    return _since(attributes, "startsAt", occurred_at) > LONG or (
        _whole(attributes, "restart_count") >= RESTARTS_MANY and BACK_OFF_LONGEST in message
    )


def _since(attributes: dict[str, Any], name: str, occurred_at: int) -> int:
    text = text_at(attributes, name)
    try:
        return occurred_at - parse_time(text) if text else 0
    except InvalidTimeError:
        return 0


def _whole(attributes: dict[str, Any], name: str) -> int:
    return whole_number(attributes.get(name)) or 0
