"""The loop on a real server: effects stored before the position, a checkpoint taken up by the next engine, topology that comes late."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from headwater.edges.nats.embedded import EmbeddedServer
from headwater.model.results import CorrelationResult
from headwater.service.engine import load_knowledge, make_runtime
from headwater.service.event_lines import event_line
from headwater.service.runtime import Runtime
from headwater.service.settings import EngineSettings, Settings
from headwater.service.wiring import Client, Feed, open_client
from headwater.testing.playback import topology_inputs
from headwater.testing.scenarios import demo_scenario

pytestmark = pytest.mark.nats
KNOWLEDGE = load_knowledge("")
STORY = demo_scenario("story")
FAILURE = set(STORY.truth.event_ids)
ENGINE = EngineSettings(checkpoint_seconds=0.1)


@asynccontextmanager
async def running(client: Client) -> AsyncIterator[Runtime]:
    stop = asyncio.Event()
    runtime = make_runtime(ENGINE, KNOWLEDGE, await client.engine_connections(ENGINE.domain))
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        tasks.create_task(runtime.run(stop))
        await runtime.ready.wait()
        yield runtime
        stop.set()


async def publish(client: Client, *, only: Callable[[int], bool] = lambda _: True) -> int:
    """Publish the story's own events whose number is wanted."""
    chosen = [event for number, event in enumerate(event for event in STORY.events if event.id in FAILURE) if only(number)]
    async with client.publisher() as publisher:
        for event in chosen:
            line = event_line(event.data, now=0)
            await publisher.publish_raw(line.data, event_id=line.event_id, source=line.source, trace_id=line.trace_id)
    return len(chosen)


async def publish_topology(client: Client) -> None:
    from headwater.model.objects import decode_object_version

    await client.publish_versions([decode_object_version(item.data) for item in topology_inputs(STORY.objects, received_at=0)])


async def told(client: Client, when: Callable[[CorrelationResult], bool]) -> CorrelationResult:
    """The first result that is as wanted."""
    from headwater.model.results import decode_result

    async with asyncio.timeout(30):
        async for message in client.follow(Feed.RESULTS, start_at=0):
            result = decode_result(message.data)
            if when(result):
                return result
    raise AssertionError("the feed ended")


def is_whole(result: CorrelationResult) -> bool:
    return len(result.related_events) == 3 and result.impact.pods == 15


async def test_the_next_engine_goes_on_where_the_last_one_stopped(nats_server: EmbeddedServer) -> None:
    async with open_client(Settings(), server=nats_server.options) as client:
        await client.prepare()
        await publish_topology(client)
        async with running(client):
            await publish(client, only=lambda number: number < 2)
            first = await told(client, lambda result: len(result.related_events) == 2)
        saved = await client.checkpoint_position(ENGINE.domain)
        assert saved is not None
        assert saved[0] == 2
        async with running(client) as runtime:
            assert runtime.position == 2
            await publish(client, only=lambda number: number == 2)
            whole = await told(client, is_whole)
        assert whole.id == first.id
        assert whole.revision > first.revision
        assert len(await client.latest_results()) == 1


async def test_topology_that_comes_after_the_events_completes_the_incident(nats_server: EmbeddedServer) -> None:
    async with open_client(Settings(), server=nats_server.options) as client:
        await client.prepare()
        async with running(client) as runtime:
            await publish(client)
            while runtime.position < 3:  # noqa: ASYNC110  (the position is not an event to wait for)
                await asyncio.sleep(0.01)
            await publish_topology(client)
            whole = await told(client, is_whole)
        assert whole.type == "cascading_failure"


async def test_a_server_that_restarts_is_waited_for(nats_server: EmbeddedServer) -> None:
    async with open_client(Settings(), server=nats_server.options) as client:
        await client.prepare()
        await publish_topology(client)
        async with running(client):
            await publish(client, only=lambda number: number < 2)
            await told(client, lambda result: len(result.related_events) == 2)
            await nats_server.kill()
            await nats_server.start()
            await publish(client, only=lambda number: number == 2)
            assert is_whole(await told(client, is_whole))
