"""An engine that is killed between two checkpoints says nothing twice: no revision in other words, no second alert, the same ids."""

import asyncio
import json
import signal
from collections import Counter
from pathlib import Path

import pytest
from tests.e2e.program import SECONDS_MAX, STORY, Headwater, RunningEngine

from headwater.model.results import CorrelationResult, decode_result
from headwater.service.event_lines import event_line
from headwater.service.settings import EmbeddedSettings, Settings
from headwater.service.wiring import Client, Feed, open_client

pytestmark = pytest.mark.nats

NO_CHECKPOINTS = 3_600.0
"""None beyond the one that an engine saves of what it finds at its start."""


@pytest.fixture(autouse=True)
def log_of_checkpoints(headwater: Headwater) -> None:
    headwater.environment["HEADWATER_LOG_LEVEL"] = "debug"


def settings_for(engine: RunningEngine) -> Settings:
    return Settings(embedded=EmbeddedSettings(store=engine.wait_for("embedded server started")["store"]))


async def told(client: Client, feed: Feed = Feed.RESULTS) -> list[CorrelationResult]:
    """All that was ever published there, in order."""
    return [decode_result(message.data) async for message in client.follow(feed, start_at=0, ends=True)]


async def tell_at_once(engine: RunningEngine, first: int, end: int) -> None:
    """Publish events so quickly that they would be judged together, were it not that each is awaited in a revision of its own."""
    async with open_client(settings_for(engine)) as client, client.publisher() as publisher, asyncio.timeout(SECONDS_MAX):
        results = client.follow(Feed.RESULTS, start_at=0)
        for number in range(first, end):
            line = event_line(json.dumps(STORY[number]).encode(), now=0)
            await publisher.publish_raw(line.data, event_id=line.event_id, source=line.source, trace_id=line.trace_id)
            await publisher.flush()
            async for message in results:
                if len(decode_result(message.data).related_events) == number + 1:
                    break


async def after_the_kill(headwater: Headwater, engine: RunningEngine, *arguments: str) -> None:
    """Kill it; the next engine judges something new too, so that it has come to the end of the log when we look."""
    async with open_client(settings_for(engine)) as client:
        before, alerts = await told(client), await told(client, Feed.ALERTS)
    assert len(before) >= 3
    assert engine.stop(signal.SIGKILL) == -signal.SIGKILL

    later = RunningEngine(headwater, *arguments)
    headwater("publish", "-", stdin=json.dumps({**STORY[1], "id": "api-timeout-002"}) + "\n")
    later.wait_for("checkpoint saved", position=len(STORY) + 1)
    async with open_client(settings_for(later)) as client:
        results, alerts_later = await told(client), await told(client, Feed.ALERTS)
    assert later.stop() == 0

    revisions = Counter((result.id, result.revision) for result in results)
    assert max(revisions.values()) == 1, f"told twice: {[key for key, count in revisions.items() if count > 1]}"
    assert results[: len(before)] == before
    assert {result.id for result in results} == {result.id for result in before}
    assert alerts_later == alerts


async def test_killed_before_any_checkpoint_of_an_event(headwater: Headwater, objects_file: Path) -> None:
    engine = RunningEngine(headwater, checkpoint_seconds=NO_CHECKPOINTS)
    headwater("topology", "load", str(objects_file))
    engine.wait_for("checkpoint saved", position=0)
    await tell_at_once(engine, 0, 3)
    await after_the_kill(headwater, engine)


async def test_killed_with_a_checkpoint_older_than_the_last_revisions(headwater: Headwater, objects_file: Path) -> None:
    first = RunningEngine(headwater)
    headwater("topology", "load", str(objects_file))
    await tell_at_once(first, 0, 1)
    assert first.stop() == 0
    second = RunningEngine(headwater, checkpoint_seconds=NO_CHECKPOINTS)
    assert second.wait_for("checkpoint restored")["position"] == 1
    second.wait_for("checkpoint saved", position=1)
    await tell_at_once(second, 1, 3)
    await after_the_kill(headwater, second)


async def test_killed_and_started_over_from_the_beginning_of_the_log(headwater: Headwater, objects_file: Path) -> None:
    engine = RunningEngine(headwater, checkpoint_seconds=NO_CHECKPOINTS)
    headwater("topology", "load", str(objects_file))
    engine.wait_for("checkpoint saved", position=0)
    await tell_at_once(engine, 0, 3)
    await after_the_kill(headwater, engine, "--start-over")
