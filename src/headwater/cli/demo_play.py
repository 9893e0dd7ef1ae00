"""Plays a scenario on its real subjects, as collectors would publish it, and waits for what the engine tells of it."""

import asyncio
from dataclasses import dataclass

from rich.text import Text

from headwater.cli.tail import event_words
from headwater.cli.terminal import console, is_terminal, say
from headwater.cli.words import clock
from headwater.model.objects import ObjectVersion, decode_object_version
from headwater.model.observations import decode_observation
from headwater.model.results import CorrelationResult
from headwater.model.times import NANOSECONDS_PER_SECOND, format_time, seconds
from headwater.service.event_lines import event_line
from headwater.service.runtime import Runtime
from headwater.service.wiring import Client
from headwater.testing.playback import change_inputs, topology_inputs
from headwater.testing.scenario import Scenario, TimedEvent
from headwater.testing.simulator import START

_PRELUDE = seconds(20)
"""What happened earlier is published at once: it is there so that the engine knows who calls whom."""

_EVENTS_SHOWN = 14
_QUIET_SECONDS = 1.5
_TOLD_SECONDS_MAX = 30.0
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Stage:
    """What a scenario is played on."""

    client: Client
    scenario: Scenario
    runtime: Runtime
    speed: float


async def play_scenario(stage: Stage) -> None:
    """Publish the objects, then events and changes of objects, each when it is its turn."""
    await stage.runtime.ready.wait()
    scenario = stage.scenario
    await stage.client.publish_versions([decode_object_version(item.data) for item in topology_inputs(scenario.objects, received_at=0)])
    items: list[tuple[int, TimedEvent | ObjectVersion]] = [(event.received_at, event) for event in scenario.events]
    items += [(item.received_at, decode_object_version(item.data)) for item in change_inputs(scenario.changes)]
    items.sort(key=lambda item: item[0])
    failure = {event_id for truth in scenario.truths for event_id in truth.event_ids}
    loop = asyncio.get_running_loop()
    began = loop.time()
    shown = 0
    async with stage.client.publisher() as publisher:
        for at, item in items:
            turn = began + (at - START + _PRELUDE) / NANOSECONDS_PER_SECOND / stage.speed
            if turn > loop.time():
                await publisher.flush()
                await asyncio.sleep(turn - loop.time())
            if isinstance(item, ObjectVersion):
                await stage.client.publish_versions([item])
                continue
            line = event_line(item.data, now=at)
            await publisher.publish_raw(line.data, event_id=line.event_id, source=line.source, trace_id=line.trace_id)
            if item.id in failure and shown <= _EVENTS_SHOWN:
                shown += 1
                say(_line_of(item) if shown <= _EVENTS_SHOWN else Text("  …", style="dim"))
        await publisher.flush()


async def wait_until_told(stage: Stage) -> list[CorrelationResult]:
    """The incidents that stand once the engine has read everything and says nothing new; the one with most members first."""
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + _TOLD_SECONDS_MAX
    last, quiet_since = 0, loop.time()
    while loop.time() < give_up_at:
        told = stage.runtime.telemetry.counts.get("results", 0)
        if told != last or stage.runtime.position < len(stage.scenario.events):
            last, quiet_since = told, loop.time()
        elif loop.time() - quiet_since >= _QUIET_SECONDS:
            break
        await asyncio.sleep(_POLL_SECONDS)
    results = [result for result in await stage.client.latest_results() if result.status not in ("merged", "retracted")]
    return sorted(results, key=lambda result: (-sum(member.count for member in result.members), result.id))


def _line_of(event: TimedEvent) -> Text:
    head = decode_observation(event.data)
    line = Text(f"  {clock(format_time(event.occurred_at))} ", style="dim")
    line.append(event_words(head))
    if is_terminal():
        line.truncate(console().width, overflow="ellipsis")
    return line
