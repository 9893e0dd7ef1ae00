"""
Detection delay: from publishing an event that decides something to a plain subscriber of correlations.results having the result.

The server, `headwater run` and the publisher are processes of their own; this one subscribes. Of the traffic 95 % is healthy; every
fifth of a second one event is a pod killed for memory, on a node of its own: nothing but its own result can tell of it.
"""

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import nats
import uvloop
from nats.aio.msg import Msg

from headwater.model.times import format_time, seconds
from headwater.service.settings import ConnectionSettings, Settings
from headwater.service.wiring import open_client
from headwater.testing.live import LiveServer, live_engine, live_server
from headwater.testing.measuring import machine, median, percentile, processor_seconds
from headwater.testing.scenarios import demo_scenario
from headwater.testing.traffic import Mix, Traffic
from headwater.topology.loader import K8sRelationshipLoader

TICK_SECONDS = 0.005
DECIDING_EVERY_SECONDS = 0.2
WARM_SECONDS = 3.0
LAST_RESULT_SECONDS = 10.0
MIX = Mix(storms=0.0495, blips=0.0005, fresh=0.0)


class Watch:
    """When the first result came that names an event."""

    def __init__(self) -> None:
        self.seen: dict[str, float] = {}
        self.results = 0
        self._changed = asyncio.Event()

    async def take(self, message: Msg) -> None:
        """Take a result."""
        now = time.monotonic()
        self.results += 1
        for member in json.loads(message.data).get("members", ()):
            for event_id in member.get("event_ids", ()):
                self.seen.setdefault(event_id, now)
        self._changed.set()

    async def wait_for(self, event_ids: Iterable[str]) -> None:
        """Return when every deciding event was told, or after a while."""
        wanted = set(event_ids)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_RESULT_SECONDS):
                while not self.seen.keys() >= wanted:
                    self._changed.clear()
                    await self._changed.wait()


class Order(NamedTuple):
    """What a publisher's process is to do."""

    url: str
    token: str
    rate: float
    seconds: float


def publish_in_a_process(order: Order) -> tuple[float, dict[str, float]]:
    """Publish as ordered; return the rate that was reached, and when each deciding event was handed over."""
    return uvloop.run(publish(order))


async def publish(order: Order) -> tuple[float, dict[str, float]]:
    loop = asyncio.get_running_loop()
    traffic = Traffic("latency", MIX)
    published: dict[str, float] = {}
    settings = Settings(nats=ConnectionSettings(url=order.url, token=order.token))
    async with open_client(settings) as client, client.publisher() as publisher:
        sent, next_deciding = 0, WARM_SECONDS
        began = loop.time()
        while (elapsed := loop.time() - began) < order.seconds:
            if elapsed >= next_deciding:
                next_deciding += DECIDING_EVERY_SECONDS
                made = traffic.event_of("stranger", time.time_ns())
                published[made.id] = time.monotonic()
                await publisher.publish_raw(made.data, event_id=made.id, source=made.source)
            for _ in range(round(elapsed * order.rate) - sent):
                made = traffic.event(time.time_ns())
                await publisher.publish_raw(made.data, event_id=made.id, source=made.source, trace_id=made.trace_id)
                sent += 1
            await asyncio.sleep(TICK_SECONDS)
        await publisher.flush()
        return sent / (loop.time() - began), published


async def subscribe(server: LiveServer, watch: Watch) -> Any:
    subscriber = await nats.connect(server.url, token=server.token)
    await subscriber.subscribe("correlations.results", cb=watch.take)
    await subscriber.flush()
    return subscriber


async def measure_delays(options: argparse.Namespace, rate: float) -> None:
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as name, ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as processes:
        folder = Path(name)
        async with live_server(folder / "store") as server:
            objects = Traffic("latency", MIX).objects()
            await server.client.publish_versions(K8sRelationshipLoader().versions(objects, observed_at=None))
            async with live_engine(server, folder / "engine.log", domain="latency") as engine:
                watch = Watch()
                subscriber = await subscribe(server, watch)
                busy, began = processor_seconds(engine), time.monotonic()
                order = Order(server.url, server.token, rate, options.seconds)
                reached, published = await loop.run_in_executor(processes, publish_in_a_process, order)
                busy = (processor_seconds(engine) - busy) / (time.monotonic() - began)
                await watch.wait_for(published)
                await subscriber.close()
    delays = [watch.seen[event_id] - at for event_id, at in published.items() if event_id in watch.seen]
    print(f"  {rate:,.0f} events/s asked for, {reached:,.0f} reached; the engine was busy {busy:.0%} of a core, {watch.results} results")
    print_delays(delays, missing=len(published) - len(delays))


def print_delays(delays: list[float], *, missing: int) -> None:
    figures = ", ".join(f"p{percent:g} {percentile(delays, percent) * 1e3:.1f} ms" for percent in (50, 90, 99))
    print(f"    {figures}, longest {max(delays, default=0) * 1e3:.1f} ms, of {len(delays)} deciding events; {missing} untold")


async def measure_story(options: argparse.Namespace) -> None:
    """From the third publish of the story to its result, in a namespace of its own each time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with live_server(folder / "store", is_durable=True) as server, live_engine(server, folder / "log", domain="story"):
            times = [await tell_story(server, f"production-{number}") for number in range(options.stories)]
    figures = f"median {median(times) * 1e3:.1f} ms, longest {max(times) * 1e3:.1f} ms, of {len(times)}"
    print(f"  the story, third publish to result, the server writing through to the disk: {figures}")


async def tell_story(server: LiveServer, namespace: str) -> float:
    scenario = demo_scenario("story")
    objects = json.loads(json.dumps(scenario.objects).replace('"production"', f'"{namespace}"'))
    await server.client.publish_versions(K8sRelationshipLoader().versions(objects, observed_at=None))
    told = asyncio.Event()

    async def take(message: Msg) -> None:
        result = json.loads(message.data)
        if result["type"] == "cascading_failure" and f"/{namespace}/" in result["cause"]["entity"] and len(result["related_events"]) == 3:
            told.set()

    subscriber = await nats.connect(server.url, token=server.token)
    await subscriber.subscribe("correlations.results", cb=take)
    await subscriber.flush()
    story = set(scenario.truth.event_ids)
    events = [event for event in scenario.events if event.id in story]
    async with server.client.publisher() as publisher:
        for event, before in zip(events, (30, 15, 0), strict=True):
            content = json.loads(event.data.replace(b'"production"', f'"{namespace}"'.encode()))
            content |= {"id": f"{event.id}-{namespace}", "timestamp": format_time(time.time_ns() - seconds(before))}
            content["trace_context"] = {"trace_id": f"story-{namespace}"}
            began = time.monotonic()
            data = json.dumps(content).encode()
            await publisher.publish_raw(data, event_id=content["id"], source=content["source"], trace_id=f"story-{namespace}")
            await publisher.flush()
            if before:
                await asyncio.sleep(0.5)
        async with asyncio.timeout(LAST_RESULT_SECONDS):
            await told.wait()
    took = time.monotonic() - began
    await subscriber.close()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rates", type=float, nargs="*", default=[1_000, 5_000])
    parser.add_argument("--seconds", type=float, default=20, help="how long to publish at each rate")
    parser.add_argument("--stories", type=int, default=7, help="how often to tell the story")
    options = parser.parse_args()
    print(f"detection delay; publisher, server, engine and subscriber share the machine; {machine()}")
    for rate in options.rates:
        uvloop.run(measure_delays(options, rate))
    if options.stories:
        uvloop.run(measure_story(options))


if __name__ == "__main__":
    main()
