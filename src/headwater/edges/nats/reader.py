"""
Reading a stream from a position on: our own continuous pull, with a bounded buffer and one wake-up per batch.

Every message after the position is handed out once and in order. The consumer on the server is a throw-away; what was handed out is
known here alone, so after any trouble (restart, lost message, silence) a new consumer starts right behind it. `read` drives it all.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec

from headwater.edges.nats.client import LOGGER, RawMessage, parse_header, status_of
from headwater.edges.nats.connection import Connection
from headwater.edges.nats.errors import NotConnectedError, PositionBeyondStreamError, RequestError, StreamError
from headwater.edges.nats.streams import stream_info
from headwater.edges.nats.wire import parse_delivery
from headwater.model.times import format_time

MIB = 1024 * 1024
_HEARTBEAT_SECONDS = 2.0
_SILENCE_SECONDS = 3 * _HEARTBEAT_SECONDS
_PULL_SECONDS = 30.0
_INACTIVE_NS = 60 * 1_000_000_000
_RETRY_SECONDS = 0.2
_CLOSE_SECONDS = 1.0
_READ_MAX = 1_000
_HEADERS_BYTES = 64 * 1024
_STREAM_NOT_FOUND = 10059
_BAD_REQUEST, _NOT_FOUND, _TIMEOUT, _CONFLICT, _HEARTBEAT, _NO_RESPONDERS = 400, 404, 408, 409, 100, 503


class StoredMessage(msgspec.Struct, frozen=True, gc=False):
    """One message of a stream."""

    subject: str
    data: bytes
    header: bytes  # the raw block, see `headers`
    sequence: int
    received_at: int  # nanoseconds; when the stream stored it
    pending: int  # how many more there were when it was sent

    @property
    def headers(self) -> dict[str, str]:
        """The headers by name."""
        return parse_header(self.header) if self.header else {}


class ReaderCounters(msgspec.Struct):
    """What happened while reading."""

    messages: int = 0
    restarts: int = 0  # consumers made again
    duplicates: int = 0  # delivered again and dropped
    skipped: int = 0  # deleted from the stream before they were read: its limits are too small, or we are too slow


class StreamReader:
    """
    Reads one stream in order, from behind `after`.

    `messages_max` and `bytes_max` bound what is asked for and not handed out; at least one message of any size is always let in.
    """

    def __init__(
        self,
        connection: Connection,
        stream: str,
        *,
        after: int = 0,
        start_at: int | None = None,
        filter_subject: str = "",
        last_per_subject: bool = False,
        messages_max: int = 4_096,
        bytes_max: int = 64 * MIB,
    ) -> None:
        self._connection = connection
        self._stream = stream
        self._filter_subject = filter_subject
        self._start_at = start_at
        self._last_per_subject = last_per_subject
        self._batch_max = max(1, messages_max // 4)
        self._messages_max = messages_max
        self._bytes_max = bytes_max
        self._buffer: deque[StoredMessage] = deque()
        self._buffer_bytes = 0
        self._wake = asyncio.Event()
        self._unwatch = connection.watch(self._wake.set)
        self._generation = -1
        self._consumer = ""
        self._inbox: tuple[int, str] = (0, "")
        self._inbox_generation = -1
        self._expected = 1  # the consumer sequence that comes next
        self._wanted = 0  # asked for and not yet delivered
        self._pending: int | None = None  # messages after the last one handed out, None while unknown
        self._received = after  # the last sequence in the buffer
        self._heard_at = 0.0
        self._trouble = ""
        self.position = after  # the last sequence handed out
        self.counters = ReaderCounters()

    @property
    def caught_up(self) -> bool:
        """Whether everything stored so far was handed out; false while the server is away or was not asked yet."""
        return self._pending == 0 and not self._buffer and self._is_consuming()

    async def read(self, limit: int, wait_seconds: float, *, stop_at_end: bool = False) -> list[StoredMessage]:
        """
        The next messages: at least one as soon as there is one, at most `limit`, none after the wait, or at the end of the stream.

        Raises PositionBeyondStreamError or StreamError where the stream cannot be read on.
        """
        give_up_at = asyncio.get_running_loop().time() + wait_seconds
        while True:
            if not self._is_consuming():
                await self._try_to_consume(give_up_at)
            await self._pull(about_to_take=limit)
            if self._buffer:
                # Nothing is awaited between here and the caller: a cancelled read has taken nothing.
                return self._take(limit)
            if (stop_at_end and self.caught_up) or not await self._wait(give_up_at):
                return []

    async def close(self) -> None:
        """Give the consumer up."""
        self._unwatch()
        if self._is_consuming():
            try:
                await self._connection.api(f"CONSUMER.DELETE.{self._stream}.{self._consumer}", timeout_seconds=_CLOSE_SECONDS)
            except (NotConnectedError, RequestError):
                LOGGER.debug("consumer %s is left to the server to forget", self._consumer)
        await self._close_inbox()
        self._consumer = ""
        self._buffer.clear()

    def _is_consuming(self) -> bool:
        return (
            bool(self._consumer) and not self._trouble and self._generation == self._connection.generation and self._connection.is_connected
        )

    def _take(self, limit: int) -> list[StoredMessage]:
        buffer = self._buffer
        if len(buffer) <= limit:
            messages = list(buffer)
            buffer.clear()
            self._buffer_bytes = 0
        else:
            messages = [buffer.popleft() for _ in range(limit)]
            self._buffer_bytes -= sum(len(message.data) for message in messages)
        last = messages[-1]
        self.position = last.sequence
        self._pending = last.pending
        self.counters.messages += len(messages)
        return messages

    async def _wait(self, give_up_at: float) -> bool:
        """Wait until something happens. Returns false once the time is over."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        if now >= give_up_at:
            return False
        self._wake.clear()
        if self._buffer:
            return True
        pause = self._heard_at + _SILENCE_SECONDS - now if self._is_consuming() else _RETRY_SECONDS
        try:
            async with asyncio.timeout(max(0.001, min(pause, give_up_at - now))):
                await self._wake.wait()
        except TimeoutError:
            if self._is_consuming() and loop.time() >= self._heard_at + _SILENCE_SECONDS:
                self._trouble = "the server is silent"
        return True

    async def _try_to_consume(self, give_up_at: float) -> None:
        remaining = give_up_at - asyncio.get_running_loop().time()
        try:
            await self._connection.connected(max(0.001, remaining))
            await self._consume()
        except NotConnectedError:
            return
        except RequestError as error:
            if error.code == _STREAM_NOT_FOUND:
                raise StreamError(
                    f"there is no stream {self._stream}: run `headwater run` once, which makes it, or check the account"
                ) from error
            # Just after its start a server may not answer for its streams yet.
            LOGGER.info("cannot read %s yet: %s", self._stream, error)

    async def _consume(self) -> None:
        """Make a consumer that starts behind what was handed out."""
        if self._consumer:
            self.counters.restarts += 1
            LOGGER.info("reading %s again from %d: %s", self._stream, self._received + 1, self._trouble or "connection made again")
        generation = self._connection.generation
        self._consumer = ""
        await self._check_position()
        await self._close_inbox()
        self._trouble = ""
        self._expected = 1
        self._wanted = 0
        self._inbox = await self._connection.open_inbox(".*", self._sink_of(generation))
        self._inbox_generation = generation
        answer = await self._connection.api(f"CONSUMER.CREATE.{self._stream}", {"stream_name": self._stream, "config": self._config()})
        self._consumer = answer["name"]
        self._generation = generation
        if not answer.get("num_pending"):
            self._pending = 0 if not self._buffer else self._pending
        elif self._pending == 0:
            self._pending = None
        self._heard_at = asyncio.get_running_loop().time()

    async def _close_inbox(self) -> None:
        if self._inbox_generation == self._connection.generation:
            await self._connection.close_inbox(self._inbox[0])
        self._inbox_generation = -1

    async def _check_position(self) -> None:
        if self._received:
            last = (await stream_info(self._connection, self._stream)).last_sequence
            if last < self._received:
                raise PositionBeyondStreamError(self._stream, self._received, last)

    def _config(self) -> dict[str, Any]:
        config: dict[str, Any] = {
            "description": "Headwater reads",
            "ack_policy": "none",
            "mem_storage": True,
            "num_replicas": 1,
            "inactive_threshold": _INACTIVE_NS,
        }
        if self._filter_subject:
            config["filter_subject"] = self._filter_subject
        if self._received:
            config |= {"deliver_policy": "by_start_sequence", "opt_start_seq": self._received + 1}
        elif self._start_at is not None:
            config |= {"deliver_policy": "by_start_time", "opt_start_time": format_time(self._start_at)}
        elif self._last_per_subject:
            config |= {"deliver_policy": "last_per_subject", "filter_subject": self._filter_subject or ">"}
        else:
            config |= {"deliver_policy": "all"}
        return config

    async def _pull(self, *, about_to_take: int) -> None:
        """Ask for more as the buffer drains."""
        held = max(0, len(self._buffer) - about_to_take)
        if not self._is_consuming() or self._wanted > self._batch_max // 2 or held + self._wanted > self._messages_max - self._batch_max:
            return
        # The server sends nothing of a pull whose first message is larger, so one of the largest must fit.
        largest = self._connection.client.max_payload + _HEADERS_BYTES
        pull_bytes_max = max(largest, self._bytes_max // 4)
        if held and self._buffer_bytes > self._bytes_max - pull_bytes_max:
            return
        request = {
            "batch": self._batch_max,
            "max_bytes": pull_bytes_max,
            "expires": int(_PULL_SECONDS * 1e9),
            "idle_heartbeat": int(_HEARTBEAT_SECONDS * 1e9),
        }
        self._wanted += self._batch_max
        try:
            subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._consumer}"
            await self._connection.publish(subject, msgspec.json.encode(request), reply=f"{self._inbox[1]}.p")
        except (NotConnectedError, RequestError) as error:
            self._trouble = str(error)
        self._heard_at = max(self._heard_at, asyncio.get_running_loop().time())

    def _sink_of(self, generation: int) -> Callable[[list[RawMessage]], None]:
        def take(messages: list[RawMessage]) -> None:
            if generation == self._connection.generation:
                self._arrived(messages)

        return take

    def _arrived(self, messages: list[RawMessage]) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        append = self._buffer.append
        for subject, reply, data, header in messages:
            if not reply.startswith(b"$JS.ACK."):
                self._status(header)
                continue
            try:
                sequence, consumer_sequence, stored_at, pending = parse_delivery(reply)
            except ValueError as error:
                self._trouble = str(error)
                continue
            self._wanted -= 1
            if self._trouble:
                continue
            if consumer_sequence != self._expected:
                self._trouble = f"message {self._expected} of the consumer is missing"
                continue
            self._expected += 1
            if sequence <= self._received:
                self.counters.duplicates += 1
                continue
            if not self._filter_subject and not self._last_per_subject and self._received and sequence != self._received + 1:
                self.counters.skipped += sequence - self._received - 1
            self._received = sequence
            self._buffer_bytes += len(data)
            append(StoredMessage(subject.decode("utf-8", "replace"), data, header, sequence, stored_at, pending))
        self._wake.set()

    def _status(self, header: bytes) -> None:
        code, description = status_of(header)
        if code in (_TIMEOUT, _CONFLICT, _NOT_FOUND):
            left = parse_header(header).get("Nats-Pending-Messages", "")
            self._wanted = max(0, self._wanted - int(left)) if left.isdigit() else 0
            if code == _CONFLICT and any(word in description.lower() for word in ("deleted", "leadership", "shutdown")):
                self._trouble = description
        elif code == _HEARTBEAT:
            last = parse_header(header).get("Nats-Last-Consumer", "")
            if last.isdigit() and int(last) >= self._expected:
                self._trouble = f"message {self._expected} of the consumer is missing"
            elif not self._buffer:
                self._pending = 0  # Idle: what the consumer still had to come was deleted meanwhile.
        elif code in (_NO_RESPONDERS, _BAD_REQUEST):
            self._trouble = description or "the consumer is gone"


async def read_to_end(reader: StreamReader, *, patience_seconds: float = 30.0) -> AsyncIterator[StoredMessage]:
    """
    Every message up to the present, then close the reader.

    Raises NotConnectedError where nothing comes for longer than the patience although there is more.
    """
    try:
        while True:
            messages = await reader.read(_READ_MAX, patience_seconds, stop_at_end=True)
            for message in messages:
                yield message
            if reader.caught_up:
                return
            if not messages:
                raise NotConnectedError(f"the stream could not be read to its end: nothing came for {patience_seconds:g} s")
    finally:
        await reader.close()
