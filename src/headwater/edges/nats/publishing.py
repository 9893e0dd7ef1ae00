"""
Our own publish window: many messages on their way, each kept, and sent again under the same id, until JetStream says it is stored.

All acknowledgements come to one inbox; there is no future or task per message. Memory is bounded: `send` waits for room. Where a server
takes its time (it may write each message through to the disk), what waits meanwhile goes as one atomic batch: its only group commit.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import NamedTuple

import msgspec

from headwater.edges.nats.client import LOGGER, RawMessage, status_of
from headwater.edges.nats.connection import Connection
from headwater.edges.nats.errors import NatsEdgeError, NotConnectedError, PublisherUnavailableError, PublishRefusedError, RequestError
from headwater.edges.nats.wire import PublishAck, decode_ack

MIB = 1024 * 1024
NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_TICK_SECONDS = 0.5
_GRACE_SECONDS = 2.0
_REFUSED_MAX = 100
_ALONE_MIN = 64
_SLOW_SECONDS = 0.05
"""An answer that takes longer halves the number of messages that may be on their way one by one, any other doubles it."""
_BATCHES_MAX = 2
_BATCH_MESSAGES_MIN = 8
_BATCH_MESSAGES_MAX = 500
_BATCH_BYTES_MAX = 4 * MIB
_ATOMIC_DISABLED = 10174
_TRANSIENT = frozenset({10023, 10039, 10008, 10013, 10076, 10077})
"""JetStream's codes for insufficient resources, not enabled, system unavailable, busy, offline, full: they may pass."""


class OutgoingMessage(NamedTuple):
    """A message to be stored. The id makes sending it twice harmless; it must be the same for the same content."""

    subject: str
    data: bytes
    message_id: str
    headers: Mapping[str, str] = NO_HEADERS


class _Pending(NamedTuple):
    message: OutgoingMessage
    first_sent: float
    last_sent: float  # 0 before the first time


class WindowCounters(msgspec.Struct):
    """What happened to messages."""

    sent: int = 0
    stored: int = 0
    duplicates: int = 0  # were stored before: an earlier attempt had arrived
    sent_again: int = 0
    refused: int = 0


class PublishWindow:
    """
    At most `messages_max` messages and `bytes_max` bytes on their way; use it in an `async with`, which ends when all are stored. With
    `is_grouping` all messages must be for one stream.

    While messages have been on their way for longer than `patience_seconds`, `send` (without room) and `flush` raise
    PublisherUnavailableError after a short wait; the messages are kept and tried until `close`.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        messages_max: int = 1_000,
        bytes_max: int = 16 * MIB,
        ack_seconds: float = 5.0,
        patience_seconds: float = 30.0,
        is_grouping: bool = False,
    ) -> None:
        self._connection = connection
        self._is_grouping = is_grouping
        self._queue: deque[int] = deque()  # taken, and waiting to go in a batch
        self._batches: dict[int, list[int]] = {}  # on their way; by the number their acknowledgement carries
        self._alone_max = _ALONE_MIN
        self._messages_max = messages_max
        self._bytes_max = bytes_max
        self._ack_seconds = ack_seconds
        self._patience_seconds = patience_seconds
        self._pending: dict[int, _Pending] = {}  # in the order of the last sending
        self._bytes = 0
        self._number = 0
        self._inbox: tuple[int, str] = (0, "")
        self._generation = -1
        self._progress = asyncio.Event()
        self._work = asyncio.Event()
        self._unwatch = connection.watch(self._work.set)
        self._refused: list[PublishRefusedError] = []
        self._sender: asyncio.Task[None] | None = None
        self.counters = WindowCounters()

    @property
    def on_their_way(self) -> int:
        """Messages not yet known to be stored."""
        return len(self._pending)

    async def __aenter__(self) -> "PublishWindow":
        self._sender = asyncio.create_task(self._send_again())  # noqa: TID251  # owned: close() ends and awaits it; a TaskGroup would wrap the user's own errors in groups
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None or not issubclass(kind, asyncio.CancelledError):
                await self.flush()
        finally:
            await self.close()

    async def send(self, message: OutgoingMessage) -> None:
        """
        Take a message on its way; wait while the window is full.

        Raises PublisherUnavailableError, and does not take the message, where there is no room for longer than the patience.
        """
        size = _size_of(message)
        called_at = asyncio.get_running_loop().time()
        while self._pending and (len(self._pending) >= self._messages_max or self._bytes + size > self._bytes_max):
            await self._wait_for_progress(called_at)
        self._raise_refused()
        self._number += 1
        number = self._number
        now = asyncio.get_running_loop().time()
        is_open = self._generation == self._connection.generation
        goes_now = is_open and self._may_go_alone()
        self._pending[number] = _Pending(message, now, now if goes_now else 0.0)
        self._bytes += size
        self.counters.sent += 1
        if goes_now:
            await self._transmit(number, message)
        elif is_open:
            self._queue.append(number)
        if not goes_now or len(self._pending) == 1:
            self._work.set()  # from now on somebody must watch the clock

    async def flush(self) -> None:
        """
        Wait until everything taken is stored.

        Raises PublishRefusedError for what the server will never store, PublisherUnavailableError after the patience.
        """
        called_at = asyncio.get_running_loop().time()
        while self._pending:
            await self._wait_for_progress(called_at)
        self._raise_refused()

    async def close(self) -> None:
        """Stop, whatever is still on its way."""
        self._unwatch()
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)
        if self._generation == self._connection.generation:
            await self._connection.close_inbox(self._inbox[0])
        if self._pending:
            LOGGER.warning("%d messages may not have been stored", len(self._pending))

    async def _wait_for_progress(self, called_at: float) -> None:
        oldest = min((pending.first_sent for pending in self._pending.values()), default=0.0)
        # A server that has just come back gets the time to answer, however long it was away.
        give_up_at = max(oldest + self._patience_seconds, called_at + min(self._patience_seconds, _GRACE_SECONDS))
        remaining = give_up_at - asyncio.get_running_loop().time()
        self._progress.clear()
        try:
            async with asyncio.timeout(max(0.0, min(remaining, _TICK_SECONDS))):
                await self._progress.wait()
        except TimeoutError as error:
            if self._sender is not None and self._sender.done():
                self._sender.result()
            if remaining <= _TICK_SECONDS and self._pending:
                raise PublisherUnavailableError(self._unavailable()) from error

    def _unavailable(self) -> str:
        state = (
            f"connected to {self._connection.server}" if self._connection.is_connected else self._connection.last_error or "not connected"
        )
        return (
            f"NATS has stored nothing for {self._patience_seconds:g} s ({state}): {len(self._pending)} messages wait and are tried again; "
            "check the server and its streams"
        )

    def _raise_refused(self) -> None:
        if self._refused:
            refused, self._refused = self._refused, []
            raise refused[0] if len(refused) == 1 else PublishRefusedError(f"{len(refused)} messages were refused; the first: {refused[0]}")

    def _may_go_alone(self) -> bool:
        return not self._is_grouping or (not self._batches and not self._queue and len(self._pending) < self._alone_max)

    async def _transmit(self, number: int, message: OutgoingMessage) -> None:
        headers = {**message.headers, "Nats-Msg-Id": message.message_id}
        await self._hand_over(number, message, f"{self._inbox[1]}.{number}", headers)

    async def _hand_over(self, number: int, message: OutgoingMessage, reply: str, headers: dict[str, str]) -> None:
        try:
            await self._connection.publish(message.subject, message.data, reply=reply, headers=headers)
        except PublishRefusedError as error:
            self._refuse(number, error)
        except (NotConnectedError, RequestError):
            self._work.set()

    async def _send_again(self) -> None:
        """Send again what was not acknowledged: all of it after a new connection, else what waits too long."""
        while True:
            try:
                async with asyncio.timeout(_TICK_SECONDS if self._pending else None):
                    await self._work.wait()
            except TimeoutError:
                pass
            self._work.clear()
            try:
                await self._retry()
            except NatsEdgeError as error:
                LOGGER.info("cannot publish just now: %s", error)
                await asyncio.sleep(_TICK_SECONDS / 5)
                self._work.set()

    async def _retry(self) -> None:
        connection = self._connection
        now = asyncio.get_running_loop().time()
        if self._generation != connection.generation or not connection.is_connected:
            await connection.connected()
            generation = connection.generation
            self._inbox = await connection.open_inbox(".*", self._acknowledged)
            self._generation = generation
            self._batches.clear()
            fresh = [number for number, pending in self._pending.items() if not pending.last_sent] if self._is_grouping else []
            self._queue = deque(fresh)
            waiting = set(fresh)
            due = [number for number in self._pending if number not in waiting]
        else:
            waiting = set(self._queue)
            due = [
                number for number, pending in self._pending.items() if now - pending.last_sent > self._ack_seconds and number not in waiting
            ]
            late = set(due)
            self._batches = {group: numbers for group, numbers in self._batches.items() if late.isdisjoint(numbers)}
        await self._send_one_by_one(due, now)
        while self._queue and len(self._batches) < _BATCHES_MAX:
            await self._send_batch(now)

    async def _send_one_by_one(self, numbers: list[int], now: float) -> None:
        for number in numbers:
            pending = self._pending.pop(number, None)
            if pending is not None:
                self._pending[number] = pending._replace(last_sent=now)
                self.counters.sent_again += bool(pending.last_sent)
                await self._transmit(number, pending.message)

    async def _send_batch(self, now: float) -> None:
        """Send what waits as one atomic batch, whose end alone is acknowledged."""
        numbers: list[int] = []
        size = 0
        while self._queue and len(numbers) < _BATCH_MESSAGES_MAX and size < _BATCH_BYTES_MAX:
            numbers.append(self._queue.popleft())
            size += len(self._pending[numbers[-1]].message.data)
        if len(numbers) < _BATCH_MESSAGES_MIN:
            await self._send_one_by_one(numbers, now)
            return
        self._number += 1
        group = self._number
        self._batches[group] = numbers
        batch = secrets.token_hex(8)
        for place, number in enumerate(numbers, 1):
            pending = self._pending.pop(number)
            self._pending[number] = pending._replace(last_sent=now)
            message = pending.message
            headers = {**message.headers, "Nats-Msg-Id": message.message_id, "Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(place)}
            is_last = place == len(numbers)
            if is_last:
                headers["Nats-Batch-Commit"] = "1"
            await self._hand_over(number, message, f"{self._inbox[1]}.{group}" if is_last else "", headers)

    def _acknowledged(self, messages: list[RawMessage]) -> None:
        first = self._pending.get(_number_in(messages[0][0]))
        if first is not None:
            is_slow = asyncio.get_running_loop().time() - first.last_sent > _SLOW_SECONDS
            self._alone_max = max(_ALONE_MIN, self._alone_max // 2) if is_slow else min(self._messages_max, self._alone_max * 2)
        for subject, _, data, header in messages:
            number = _number_in(subject)
            if number not in self._pending and number not in self._batches:
                continue
            if header and status_of(header)[0] == 503:
                continue  # Nobody listens: JetStream is still starting, or there is no such stream. It is sent again.
            try:
                ack = decode_ack(data)
            except msgspec.MsgspecError:
                LOGGER.warning("an acknowledgement cannot be read: %r", data[:200])
                continue
            if number in self._batches:
                self._judge_batch(self._batches.pop(number), ack)
            else:
                self._judge(number, ack)
        if self._queue:
            self._work.set()
        if not self._pending or (len(self._pending) <= self._messages_max // 2 and self._bytes <= self._bytes_max // 2):
            self._progress.set()

    def _judge_batch(self, numbers: list[int], ack: PublishAck) -> None:
        if ack.error is None and ack.batch:
            self.counters.stored += len(numbers)
            for number in numbers:
                self._forget(number)
            return
        # One message that was stored before, or is refused, refuses the batch: each must be asked for by itself. A stream without
        # allow_atomic takes the last message alone for acknowledged, or refuses all.
        if ack.error is None or ack.error.err_code == _ATOMIC_DISABLED:
            self._is_grouping = False
        for number in numbers:
            pending = self._pending.get(number)
            if pending is not None:
                self._pending[number] = pending._replace(last_sent=0.0)
        self._work.set()

    def _judge(self, number: int, ack: PublishAck) -> None:
        error = ack.error
        if error is None:
            self._forget(number)
            self.counters.stored += 1
            self.counters.duplicates += ack.duplicate
        elif error.code != 503 and error.err_code not in _TRANSIENT:
            message = self._pending[number].message
            self._refuse(
                number, PublishRefusedError(f"JetStream refuses {message.subject} ({len(message.data)} bytes): {error.description}")
            )

    def _refuse(self, number: int, error: PublishRefusedError) -> None:
        self._forget(number)
        self.counters.refused += 1
        if len(self._refused) < _REFUSED_MAX:
            self._refused.append(error)
        self._progress.set()

    def _forget(self, number: int) -> None:
        pending = self._pending.pop(number, None)
        if pending is not None:
            self._bytes -= _size_of(pending.message)


def _number_in(subject: bytes) -> int:
    """The number that an acknowledgement's subject ends in, 0 (which nothing has) where somebody else wrote to our inbox."""
    last = subject.rsplit(b".", 1)[-1]
    return int(last) if last.isdigit() else 0


def _size_of(message: OutgoingMessage) -> int:
    return len(message.data) + 512  # what the objects around it take
