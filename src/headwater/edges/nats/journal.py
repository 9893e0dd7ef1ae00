"""The stream of observations: each message is an input, or rejected where its subject says no trace and source; none is skipped."""

from collections import deque

import msgspec

from headwater.edges.nats.connection import Connection
from headwater.edges.nats.reader import ReaderCounters, StoredMessage, StreamReader, read_to_end
from headwater.edges.nats.streams import TRACES
from headwater.edges.nats.subjects import BadSubjectError, parse_trace_subject, source_subjects
from headwater.model.cloudevents import to_plain
from headwater.model.effects import PublishRejected, RejectionReason
from headwater.model.errors import InvalidEventError
from headwater.model.inputs import EventObserved


class EventJournal:
    """Reads TRACES from behind `after`, or from `start_at` (nanoseconds) on, up to and with `until` where one is given."""

    def __init__(
        self, connection: Connection, *, after: int = 0, start_at: int | None = None, until: int | None = None, messages_max: int = 4_096
    ) -> None:
        self._reader = StreamReader(connection, TRACES, after=after, start_at=start_at, messages_max=messages_max)
        self._until = until

    @property
    def caught_up(self) -> bool:
        """Whether everything stored so far, or up to the bound, was read; false while the server is away."""
        return self._is_past_bound() or self._reader.caught_up

    @property
    def position(self) -> int:
        """The last sequence read."""
        return self._reader.position

    @property
    def counters(self) -> ReaderCounters:
        """What happened while reading."""
        return self._reader.counters

    async def read(self, limit: int, wait_seconds: float) -> list[EventObserved | PublishRejected]:
        """At least one as soon as there is one, at most `limit`, none after the wait or past the bound."""
        if self._is_past_bound():
            return []
        messages = await self._reader.read(limit, wait_seconds)
        until = self._until
        return [observation_of(message) for message in messages if until is None or message.sequence <= until]

    async def close(self) -> None:
        """Stop reading."""
        await self._reader.close()

    def _is_past_bound(self) -> bool:
        return self._until is not None and self._reader.position >= self._until


async def published_ids(connection: Connection, source: str, *, since: int, limit: int) -> list[str]:
    """The ids of a source's events that were stored since an instant, oldest first, at most so many of the newest."""
    reader = StreamReader(connection, TRACES, start_at=since, filter_subject=source_subjects(source))
    ids: deque[str] = deque(maxlen=limit)
    async for message in read_to_end(reader):
        try:
            ids.append(_decode_identity(message.data).id)
        except msgspec.MsgspecError:
            continue  # somebody else's, and no event
    return list(ids)


class _Identity(msgspec.Struct):
    id: str


_decode_identity = msgspec.json.Decoder(_Identity).decode


def observation_of(message: StoredMessage) -> EventObserved | PublishRejected:
    """The input that this message of TRACES is. A CloudEvent in binary mode becomes the plain event."""
    data = message.data
    try:
        trace, source = parse_trace_subject(message.subject)
        # Nearly all messages have headers (Nats-Msg-Id), and nearly none is a CloudEvent: look before parsing.
        if b"specversion" in message.header:
            data = to_plain(message.headers, data)
    except BadSubjectError as error:
        return _rejected(message, RejectionReason.INVALID_SUBJECT, str(error))
    except InvalidEventError as error:
        return _rejected(message, error.reason, error.detail)
    return EventObserved(trace, source, data, message.received_at, message.sequence)


def _rejected(message: StoredMessage, reason: RejectionReason, detail: str) -> PublishRejected:
    return PublishRejected(reason, detail, message.subject, message.sequence, message.received_at, message.data)
