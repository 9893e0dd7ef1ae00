"""Events as JSON lines, in files and pipes: what each line is published as, and the input it is in a replay."""

from typing import NamedTuple

from headwater.model.errors import InvalidEventError
from headwater.model.identity import subject_token, trace_token
from headwater.model.inputs import EventObserved
from headwater.model.observations import decode_observation, occurred_at_of

__all__ = ["EventLine", "InvalidEventError", "event_line", "observed"]


class EventLine(NamedTuple):
    """One event of a file, checked."""

    data: bytes
    event_id: str
    source: str
    trace_id: str
    occurred_at: int  # nanoseconds; what was given as `now` where the event has no time


def event_line(data: bytes, *, now: int) -> EventLine:
    """The event on this line. Raises InvalidEventError with the reason where there is none."""
    head = decode_observation(data)
    trace_id = head.trace_context.trace_id if head.trace_context else ""
    return EventLine(data, head.id, head.source or head.type or "unknown", trace_id, occurred_at_of(head, now))


def observed(line: EventLine, *, received_at: int, sequence: int) -> EventObserved:
    """The input that the line would be, had a stream stored it then."""
    return EventObserved(
        trace_token=trace_token(line.trace_id),
        source_token=subject_token(line.source),
        data=line.data,
        received_at=received_at,
        sequence=sequence,
    )
