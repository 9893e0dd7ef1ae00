"""What was told so far and what is being told: results, alerts, rejected messages and events, for people and for restarts."""

from collections.abc import AsyncIterator
from typing import Literal

import msgspec

from headwater.edges.nats import subjects
from headwater.edges.nats.client import LOGGER
from headwater.edges.nats.connection import Connection
from headwater.edges.nats.reader import StoredMessage, StreamReader, read_to_end
from headwater.edges.nats.streams import CORRELATIONS, TRACES, stream_info
from headwater.model.results import CorrelationResult, decode_result

INCIDENTS_MAX = 10_000

Channel = Literal["results", "alerts", "rejected", "events"]
_FILTERS: dict[Channel, tuple[str, str]] = {
    "results": (CORRELATIONS, subjects.RESULTS),
    "alerts": (CORRELATIONS, subjects.ALERTS),
    "rejected": (CORRELATIONS, subjects.REJECTED),
    "events": (TRACES, subjects.TRACES),
}


class ResultHistory:
    """Reads what was told of incidents. Beyond `incidents_max` the one told longest ago is forgotten and counted."""

    def __init__(self, connection: Connection, *, incidents_max: int = INCIDENTS_MAX) -> None:
        self._connection = connection
        self._incidents_max = incidents_max
        self.forgotten = 0
        self.unreadable = 0

    async def latest(self) -> list[CorrelationResult]:
        """The last revision of each incident, the one told longest ago first."""
        told: dict[str, CorrelationResult] = {}
        async for result in self._results():
            known = told.pop(result.id, None)
            told[result.id] = result if known is None or result.revision >= known.revision else known
            if len(told) > self._incidents_max:
                del told[next(iter(told))]
                self.forgotten += 1
        return list(told.values())

    async def revisions(self, incident_id: str) -> list[CorrelationResult]:
        """Every revision of one incident, oldest first."""
        return [result async for result in self._results() if result.id == incident_id]

    async def _results(self) -> AsyncIterator[CorrelationResult]:
        self.forgotten = self.unreadable = 0
        async for message in read_to_end(StreamReader(self._connection, CORRELATIONS, filter_subject=subjects.RESULTS)):
            try:
                yield decode_result(message.data)
            except msgspec.MsgspecError as error:
                self.unreadable += 1
                LOGGER.info("message %d on %s is no result: %s", message.sequence, message.subject, error)


class Tail:
    """Follows what is told, or published, from now on or from an instant (nanoseconds) on."""

    def __init__(self, reader: StreamReader) -> None:
        self._reader = reader

    @property
    def caught_up(self) -> bool:
        """Whether everything stored so far was read; false while the server is away."""
        return self._reader.caught_up

    async def read(self, limit: int, wait_seconds: float) -> list[StoredMessage]:
        """At least one as soon as there is one, at most `limit`, none after the wait."""
        return await self._reader.read(limit, wait_seconds)

    async def close(self) -> None:
        """Stop following."""
        await self._reader.close()


async def open_tail(connection: Connection, channel: Channel, *, start_at: int | None = None) -> Tail:
    """Follow a channel. Raises StreamError where its stream is missing."""
    stream, subject = _FILTERS[channel]
    after = 0 if start_at is not None else (await stream_info(connection, stream)).last_sequence
    return Tail(StreamReader(connection, stream, after=after, start_at=start_at, filter_subject=subject))
