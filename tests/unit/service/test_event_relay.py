"""The relay: stored or told so, together where they come together, bounded, and never silent about what is refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from headwater.model.event_contexts import KubernetesContext
from headwater.model.events import UnifiedEvent
from headwater.service.event_relay import EventRelay
from headwater.service.wiring import PublisherUnavailableError, PublishRefusedError


class ListPublisher:
    """Stores in a list; refuses what is named so, and can be away or slow."""

    def __init__(self) -> None:
        self.stored: list[str] = []
        self.flushes = 0
        self.is_away = False
        self.is_open = asyncio.Event()
        self.has_taken = asyncio.Event()
        self.is_open.set()
        self._refusals: list[str] = []

    async def publish(self, event: UnifiedEvent) -> None:
        if event.id == "too large":
            raise PublishRefusedError(event.id)
        if self._refusals:
            raise PublishRefusedError(self._refusals.pop())
        if event.id == "refused by the server":
            self._refusals.append(event.id)
            return
        self.stored.append(event.id)
        self.has_taken.set()

    async def flush(self) -> None:
        await self.is_open.wait()
        self.flushes += 1
        if self.is_away:
            raise PublisherUnavailableError("away")
        if self._refusals:
            raise PublishRefusedError(self._refusals.pop())


def events(*names: str) -> list[UnifiedEvent]:
    return [UnifiedEvent(id=name) for name in names]


@asynccontextmanager
async def running(relay: EventRelay) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(relay.run())
        yield
        task.cancel()


async def test_events_are_stored_when_the_answer_comes() -> None:
    publisher = ListPublisher()
    relay = EventRelay(publisher)
    async with running(relay):
        assert await relay.store(events("a", "b"))
        assert publisher.stored == ["a", "b"]
        assert await relay.store([])
    assert relay.counters.stored == 2


async def test_requests_that_wait_are_stored_together() -> None:
    publisher = ListPublisher()
    relay = EventRelay(publisher)
    async with running(relay), asyncio.TaskGroup() as tasks:
        publisher.is_open.clear()
        stores = [tasks.create_task(relay.store(events(str(number)))) for number in range(20)]
        await publisher.has_taken.wait()
        publisher.is_open.set()
        assert all(await asyncio.gather(*stores))
        assert publisher.flushes <= 2
    assert sorted(publisher.stored, key=int) == [str(number) for number in range(20)]


async def test_while_the_server_is_away_senders_are_told() -> None:
    publisher = ListPublisher()
    relay = EventRelay(publisher)
    async with running(relay):
        publisher.is_away = True
        assert not await relay.store(events("a"))
        publisher.is_away = False
        assert await relay.store(events("a"))
    assert (relay.counters.unavailable, relay.counters.stored) == (1, 1)


async def test_past_a_limit_senders_are_turned_away_at_once_and_a_single_large_request_is_not() -> None:
    publisher = ListPublisher()
    relay = EventRelay(publisher, requests_max=2, events_max=3)
    async with running(relay), asyncio.TaskGroup() as tasks:
        publisher.is_open.clear()
        first = tasks.create_task(relay.store(events("a", "b", "c", "d")))
        await publisher.has_taken.wait()
        second = tasks.create_task(relay.store(events("e", "f")))
        await asyncio.sleep(0)
        assert not await relay.store(events("g", "h"))
        third = tasks.create_task(relay.store(events("i")))
        await asyncio.sleep(0)
        assert not await relay.store(events("j"))
        publisher.is_open.set()
        assert await first
        assert await second
        assert await third
    assert relay.counters.turned_away == 3


async def test_what_will_never_be_stored_is_counted_and_takes_nothing_with_it() -> None:
    publisher = ListPublisher()
    relay = EventRelay(publisher)
    async with running(relay):
        assert await relay.store(events("a", "too large", "refused by the server", "b"))
        assert await relay.store(events("refused by the server"))
    assert publisher.stored == ["a", "b"]
    assert (relay.counters.refused, relay.counters.stored) == (3, 2)


async def test_events_are_of_the_cluster_that_is_named() -> None:
    event = UnifiedEvent(id="a", k8s_context=KubernetesContext(kind="Pod", name="api-1"))
    other = UnifiedEvent(id="b")
    relay = EventRelay(ListPublisher(), cluster="west")
    async with running(relay):
        await relay.store([event, other])
    assert event.k8s_context == KubernetesContext(kind="Pod", name="api-1", cluster_name="west")
    assert other.k8s_context == KubernetesContext(cluster_name="west")
