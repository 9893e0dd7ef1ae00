"""
Between receivers and the publisher: a request's events are stored, or the request is told that they are not, and nothing waits unbounded.

Requests that come while others are being stored are stored together, so that each waits for one round trip and not for its place in a row.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple, Protocol

import msgspec
import structlog

from headwater.model.event_contexts import KubernetesContext
from headwater.model.events import UnifiedEvent
from headwater.service.wiring import Client, PublisherUnavailableError, PublishRefusedError

PATIENCE_SECONDS = 4.0
"""Shorter than senders wait: OpenTelemetry's exporters give up after ten seconds."""
REQUESTS_MAX = 256
"""Requests that wait for their events to be stored; a further one is turned away at once, and its events counted."""
EVENTS_MAX = 20_000
"""Events that wait to be stored; a request that would exceed it is turned away at once, and its events counted."""


class Publisher(Protocol):
    """What the relay needs of the publisher."""

    async def publish(self, event: UnifiedEvent) -> None:
        """Take an event on its way."""

    async def flush(self) -> None:
        """Wait until everything taken is stored."""


class RelayCounters(msgspec.Struct):
    """What became of events."""

    stored: int = 0
    refused: int = 0  # will never be stored: too large, or the server says so
    turned_away: int = 0  # at a limit of the relay
    unavailable: int = 0  # while the server stored nothing


class _Waiting(NamedTuple):
    events: Sequence[UnifiedEvent]
    outcome: "asyncio.Future[bool]"


class EventRelay:
    """Stores events of many requests at once. `run` must be running."""

    def __init__(self, publisher: Publisher, *, cluster: str = "", requests_max: int = REQUESTS_MAX, events_max: int = EVENTS_MAX) -> None:
        self._publisher = publisher
        self._cluster = cluster
        self._requests_max = requests_max
        self._events_max = events_max
        self._waiting: list[_Waiting] = []
        self._events_waiting = 0
        self._work = asyncio.Event()
        self.counters = RelayCounters()

    async def store(self, events: Sequence[UnifiedEvent]) -> bool:
        """Whether all are stored; False at a limit, or while the server stores nothing: then they may be given again."""
        if not events:
            return True
        # A single request larger than the limit would never be taken: it is taken alone.
        is_full = len(self._waiting) >= self._requests_max or self._events_waiting + len(events) > self._events_max
        if is_full and self._waiting:
            self.counters.turned_away += len(events)
            return False
        outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(events, outcome))
        self._events_waiting += len(events)
        self._work.set()
        return await outcome

    async def run(self) -> None:
        """Store what is given, until cancelled."""
        while True:
            await self._work.wait()
            self._work.clear()
            taken, self._waiting, self._events_waiting = self._waiting, [], 0
            try:
                is_stored = await self._publish([event for waiting in taken for event in waiting.events])
            except BaseException:
                _answer(taken, is_stored=False)
                raise
            _answer(taken, is_stored=is_stored)

    async def _publish(self, events: Sequence[UnifiedEvent]) -> bool:
        refused_before = self.counters.refused
        try:
            for event in events:
                self._name_cluster(event)
                await self._publish_one(event)
            while not await self._is_flushed():
                pass
        except PublisherUnavailableError as error:
            self.counters.unavailable += len(events)
            structlog.get_logger("headwater.collect").warning("events cannot be stored just now", reason=str(error), events=len(events))
            return False
        self.counters.stored += len(events) - (self.counters.refused - refused_before)
        return True

    def _name_cluster(self, event: UnifiedEvent) -> None:
        if self._cluster:
            event.k8s_context = event.k8s_context or KubernetesContext()
            event.k8s_context.cluster_name = self._cluster

    async def _publish_one(self, event: UnifiedEvent) -> None:
        try:
            await self._publisher.publish(event)
        except PublishRefusedError as error:
            self._count_refused(error)
            # It may have been an earlier event's refusal that was told; this one was not taken then.
            with suppress(PublishRefusedError):
                await self._publisher.publish(event)

    async def _is_flushed(self) -> bool:
        try:
            await self._publisher.flush()
        except PublishRefusedError as error:
            self._count_refused(error)
            return False
        return True

    def _count_refused(self, error: PublishRefusedError) -> None:
        self.counters.refused += 1
        structlog.get_logger("headwater.collect").error("an event will never be stored and is left out", reason=str(error))


def _answer(waiting: Iterable[_Waiting], *, is_stored: bool) -> None:
    for _, outcome in waiting:
        if not outcome.done():
            outcome.set_result(is_stored)


@asynccontextmanager
async def open_relay(client: Client, *, cluster: str = "") -> AsyncIterator[EventRelay]:
    """A relay to this server, running. Its events are of this cluster, where one is named."""
    try:
        async with client.publisher(patience_seconds=PATIENCE_SECONDS) as publisher, asyncio.TaskGroup() as tasks:
            relay = EventRelay(publisher, cluster=cluster)
            running = tasks.create_task(relay.run())
            try:
                yield relay
            finally:
                running.cancel()
    except PublisherUnavailableError as error:
        # Whoever sent what is left was told so, and sends it again.
        structlog.get_logger("headwater.collect").warning("the server was away at the end", reason=str(error))
