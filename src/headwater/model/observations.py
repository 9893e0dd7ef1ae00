"""
Bytes to the head of an event, or to the one reason why not; the same answer for the same bytes, live and in replay.

Null means absent, as the original's collectors write it. A structured CloudEvent is read as the event it carries.
"""

from typing import Any, TypeVar

import msgspec

from headwater.model.bounds import ID_CHARACTERS_MAX, SOURCE_CHARACTERS_MAX, check_depth, check_size
from headwater.model.cloudevents import is_structured, plain_body
from headwater.model.effects import RejectionReason
from headwater.model.errors import InvalidEventError
from headwater.model.heads import EventHead, decode_head
from headwater.model.times import MILLENNIUM_NS, InvalidTimeError, parse_time

_Wire = TypeVar("_Wire")
_IS_NO_INSTANT = "matching regex"
"""How the decoder complains of a time: instants are the only fields of an event with a pattern."""


def decode_observation(data: bytes) -> EventHead:
    """
    The head of the event in these bytes. Raises InvalidEventError with the reason where they are none.

    Where `specversion` is set the event came inside a structured CloudEvent, and cloudevents.plain_body gives its own JSON.
    """
    check_size(data)
    try:
        head = decode_head(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        head = _decode_leniently(data, error)
    if head.specversion and is_structured(data):
        specversion = head.specversion
        head = decode_content(plain_body(data), EventHead)
        head.specversion = specversion
    if not 0 < len(head.id) <= ID_CHARACTERS_MAX:
        raise InvalidEventError(
            RejectionReason.INVALID_FIELD, f"`$.id` has {len(head.id)} characters: give each event an id of 1 to {ID_CHARACTERS_MAX}"
        )
    if len(head.source) > SOURCE_CHARACTERS_MAX:
        raise InvalidEventError(
            RejectionReason.INVALID_FIELD,
            f"`$.source` has {len(head.source)} characters, at most {SOURCE_CHARACTERS_MAX} are taken: name the collector",
        )
    return head


def occurred_at_of(head: EventHead, received_at: int) -> int:
    """
    When the event happened, in nanoseconds; `received_at` where the observer gives no time, or one before 2000.

    Raises InvalidEventError where there is a time that cannot be read.
    """
    if not head.timestamp:
        return received_at
    try:
        occurred_at = parse_time(head.timestamp)
    except InvalidTimeError as error:
        raise InvalidEventError(RejectionReason.INVALID_TIME, f"`$.timestamp`: {error}") from error
    return occurred_at if occurred_at >= MILLENNIUM_NS else received_at


def decode_content(data: bytes, kind: type[_Wire]) -> _Wire:
    """
    The JSON as a `kind`, where null means absent and 503.0 is a whole number.

    Raises InvalidEventError with its reason otherwise.
    """
    check_depth(data)
    try:
        return msgspec.convert(without_nulls(msgspec.json.decode(data)), kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise invalid_event(error) from error


def without_nulls(value: Any) -> Any:
    """The same content with the keys whose value is null left out, and whole floats as integers. Nesting is checked before."""
    if isinstance(value, dict):
        return {key: without_nulls(below) for key, below in value.items() if below is not None}
    if isinstance(value, list):
        return [without_nulls(below) for below in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def _decode_leniently(data: bytes, error: Exception) -> EventHead:
    if not isinstance(error, msgspec.ValidationError):
        raise invalid_event(error) from error
    return decode_content(data, EventHead)


def invalid_event(error: Exception) -> InvalidEventError:
    """The decoder's complaint with its reason, and what to do about it."""
    if isinstance(error, msgspec.ValidationError) and _IS_NO_INSTANT in str(error):
        path = str(error).rpartition(" - at ")[2]
        return InvalidEventError(RejectionReason.INVALID_TIME, f"{path}: not an RFC 3339 time such as 2026-01-05T10:00:00.000Z")
    if isinstance(error, msgspec.ValidationError):
        return InvalidEventError(
            RejectionReason.INVALID_FIELD, f"{error}: send the field as the UnifiedEvent schema has it, or leave it out"
        )
    if isinstance(error, RecursionError):
        return InvalidEventError(RejectionReason.TOO_DEEP, "the event nests too deeply to be read: flatten it")
    return InvalidEventError(RejectionReason.NOT_JSON, f"{error}: send one JSON object in UTF-8")
