"""The intake: a message becomes an admitted observation with its time and trace, or is refused for one reason."""

import msgspec

from headwater.correlation.event_clock import EventClock
from headwater.correlation.limits import HORIZON, WATERMARK_DELAY
from headwater.model.cloudevents import plain_body
from headwater.model.effects import PublishRejected, RejectionReason
from headwater.model.errors import InvalidEventError
from headwater.model.heads import EventHead
from headwater.model.identity import NO_TRACE, is_hashed_token, trace_token
from headwater.model.inputs import EventObserved
from headwater.model.observations import decode_observation, occurred_at_of
from headwater.model.times import format_time


class Admitted(msgspec.Struct, gc=False):
    """An observation that counts."""

    head: EventHead
    data: bytes  # the event's own JSON: what a structured CloudEvent carries, else the message's body
    occurred_at: int
    trace_id: str
    is_late: bool  # before the watermark


class Intake:
    """Decodes, dates and admits; `counters` belongs to the system."""

    def __init__(self, clock: EventClock, counters: dict[str, int]) -> None:
        self._clock, self._counters = clock, counters

    def admit(self, item: EventObserved) -> Admitted | PublishRejected:
        """Only the place in the log decides what is too late; only the stream's clock what is in the future."""
        try:
            head = decode_observation(item.data)
            occurred_at = occurred_at_of(head, item.received_at)
        except InvalidEventError as error:
            self._clock.pass_time(item.received_at)
            return self.refused(item, error.reason, error.detail)
        clock, received_at = self._clock, item.received_at
        if occurred_at > received_at + HORIZON:
            clock.pass_time(received_at)
            detail = f"it happened at {format_time(occurred_at)}, over 15 minutes after it was received: set the collector's clock"
            return self.refused(item, RejectionReason.IN_THE_FUTURE, detail)
        clock.observe(occurred_at, received_at)
        now = clock.at
        if occurred_at < now - HORIZON:
            detail = f"it happened at {format_time(occurred_at)}, over 15 minutes before the log's {format_time(now)}: publish sooner"
            return self.refused(item, RejectionReason.TOO_LATE, detail)
        data = plain_body(item.data) if head.specversion else item.data
        return Admitted(head, data, occurred_at, self._trace_of(head, item.trace_token), occurred_at < now - WATERMARK_DELAY)

    def refused(self, item: EventObserved, reason: RejectionReason, detail: str) -> PublishRejected:
        """The order to keep a message that is refused."""
        self._counters["events_rejected"] += 1
        self._counters[f"rejected_{reason.value}"] = self._counters.get(f"rejected_{reason.value}", 0) + 1
        return PublishRejected(
            reason=reason,
            detail=detail,
            subject=f"traces.{item.trace_token}.{item.source_token}",
            sequence=item.sequence,
            received_at=item.received_at,
            data=item.data,
        )

    def _trace_of(self, head: EventHead, token: str) -> str:
        """The subject decides; the body only restores a hashed id or fills `none`."""
        context = head.trace_context
        said = context.trace_id if context is not None else ""
        if token == NO_TRACE:
            return said
        if not said or said == token:
            return token
        if is_hashed_token(token) and trace_token(said) == token:
            return said
        self._counters["trace_disagreements"] += 1
        return token
