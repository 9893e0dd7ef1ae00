"""The loop on a real server: effects stored before the position, a checkpoint taken up by the next engine, topology that comes late."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

import msgspec
import pytest

from headwater.cli.failures import exit_code_of
from headwater.edges.nats.embedded import EmbeddedServer
from headwater.edges.nats.errors import CheckpointFencedError
from headwater.model.objects import ObjectVersion, decode_object_version
from headwater.model.results import CorrelationResult, decode_result
from headwater.model.times import seconds
from headwater.service.clock import WallClock
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
    await client.publish_versions([decode_object_version(item.data) for item in topology_inputs(STORY.objects, received_at=0)])


async def told(client: Client, when: Callable[[CorrelationResult], bool]) -> CorrelationResult:
    """The first result that is as wanted."""
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


async def test_only_objects_deleted_before_the_instant_are_forgotten_and_trouble_is_not_fatal(nats_server: EmbeddedServer) -> None:
    pod = ObjectVersion(kind="Pod", name="gone", namespace="shop", uid="1", valid_from=1)
    async with open_client(Settings(), server=nats_server.options) as client:
        await client.prepare()
        await publish_topology(client)
        kept = await stored_versions(client)
        await client.publish_versions([pod, msgspec.structs.replace(pod, deleted=True, valid_from=2)])
        connections = await client.engine_connections(ENGINE.domain)
        await connections.forget_deleted(0)
        assert await stored_versions(client) == kept + 2
        await connections.forget_deleted(WallClock().now() + seconds(60))
        assert await stored_versions(client) == kept
        await nats_server.kill()
        await connections.forget_deleted(0)


async def stored_versions(client: Client) -> int:
    return next(report.messages for report in await client.stream_reports() if report.name == "TOPOLOGY")


async def run_two_engines(client: Client) -> None:
    async with running(client):
        await publish(client, only=lambda number: number == 0)
        while await client.checkpoint_position(ENGINE.domain) is None:  # noqa: ASYNC110  (another task's doing)
            await asyncio.sleep(0.01)
        async with running(client):
            await publish(client, only=lambda number: number > 0)
            # Two engines at one place have the same state, byte for byte, and the same checkpoint is the same message: what tells
            # them apart is that one is further. Traffic goes on until one has stopped, and the other with it.
            async with client.publisher() as publisher:
                for number in count():
                    body = f'{{"id":"ready-{number}","source":"shop","type":"log","application":{{"level":"info"}}}}'
                    await publisher.publish_raw(body.encode(), event_id=f"ready-{number}", source="shop", trace_id="")
                    await asyncio.sleep(0.007)


async def test_an_engine_whose_place_was_taken_stops_and_says_so(nats_server: EmbeddedServer) -> None:
    async with open_client(Settings(), server=nats_server.options) as client:
        await client.prepare()
        with pytest.raises(ExceptionGroup) as caught:
            await run_two_engines(client)
        fenced: BaseException = caught.value
        while isinstance(fenced, ExceptionGroup):  # one for each of the two that it had to leave
            (fenced,) = fenced.exceptions
        assert isinstance(fenced, CheckpointFencedError)
        assert "this one must stop" in str(fenced)
        assert exit_code_of(fenced, ["run"]) == 1
        results = [decode_result(message.data) async for message in client.follow(Feed.RESULTS, start_at=0, ends=True)]
        # Until one has stopped both may tell a revision: the same incident under the same id. To tell it once needs results and
        # checkpoint in one transaction.
        assert len({result.id for result in results}) == 1
