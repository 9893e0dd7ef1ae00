"""
From a filled JetStream stream to durably stored results, through `headwater run` in a process of its own on one core.

The stream is filled first; then each run starts a fresh engine (a domain of its own) and ends when the result of the last event, a
pod killed for memory, is stored. The rate is by the wall clock from ready to that result, the cost is processor time.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import uvloop

from headwater.service.wiring import Feed
from headwater.testing.live import LiveServer, live_engine, live_server
from headwater.testing.measuring import machine, median, processor_seconds
from headwater.testing.traffic import Traffic
from headwater.topology.loader import K8sRelationshipLoader

RUN_SECONDS_MAX = 120.0
CORE = 1


async def fill(server: LiveServer, count: int) -> str:
    """Publish so many events, the last of them a kill; return a name that only its result has."""
    traffic = Traffic("jetstream")
    await server.client.publish_versions(K8sRelationshipLoader().versions(traffic.objects(), observed_at=None))
    async with server.client.publisher() as publisher:
        for _ in range(count - 1):
            made = traffic.event(time.time_ns())
            await publisher.publish_raw(made.data, event_id=made.id, source=made.source, trace_id=made.trace_id)
        last = traffic.event_of("stranger", time.time_ns())
        await publisher.publish_raw(last.data, event_id=last.id, source=last.source)
        await publisher.flush()
    return last.id


async def run_once(server: LiveServer, folder: Path, number: int, last_id: str) -> tuple[float, float, float]:
    """Seconds by the wall clock, processor seconds of the engine and of the server."""
    results = server.client.follow(Feed.RESULTS, start_at=time.time_ns())
    async with live_engine(server, folder / f"engine-{number}.log", domain=f"run{number}", core=CORE) as engine:
        began, engine_before, server_before = time.perf_counter(), processor_seconds(engine), processor_seconds(server.process)
        async with asyncio.timeout(RUN_SECONDS_MAX):
            async for message in results:
                if last_id.encode() in message.data and f'"domain":"run{number}"'.encode() in message.data:
                    break
        took = time.perf_counter() - began
        return took, processor_seconds(engine) - engine_before, processor_seconds(server.process) - server_before


async def measure(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with live_server(folder / "store", is_durable=options.durable) as server:
            began = time.perf_counter()
            last_id = await fill(server, options.events)
            print(f"filled with {options.events:,} events in {time.perf_counter() - began:.1f} s")
            runs = [await run_once(server, folder, number, last_id) for number in range(options.repeats)]
    count = options.events
    walls, engines, servers = (list(column) for column in zip(*runs, strict=True))
    print(f"  {count / median(walls):>10,.0f} events/s by the wall clock (from {count / max(walls):,.0f} to {count / min(walls):,.0f})")
    cost = median(engines) / count
    print(f"  {cost * 1e6:>10.1f} us an event, processor time of the engine: {1 / cost:,.0f} events/s of a core")
    print(f"  {median(servers) * 1e6 / count:>10.1f} us an event, processor time of the server")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--durable", action="store_true", help="the server writes each message through to the disk")
    options = parser.parse_args()
    print(f"JetStream to stored results, engine on core {CORE}, median of {options.repeats} runs; {machine()}")
    uvloop.run(measure(options))


if __name__ == "__main__":
    main()
