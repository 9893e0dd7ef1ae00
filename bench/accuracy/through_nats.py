"""
Plays a case over a real server to a live engine, and reads what it published: the answers must be those of `playing.py`.

The engine's clock is the machine's until all is read, then leaps ahead until everything is final.
"""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time, time_ns

from bench.accuracy.cases import Case
from bench.accuracy.playing import Published, knowledge

from headwater.correlation.system import CorrelationSystem
from headwater.model.results import decode_result
from headwater.service.engine import system_maker
from headwater.service.logs import configure_logs
from headwater.service.ports import System
from headwater.service.replay import SETTLED_AFTER
from headwater.service.runtime import Runtime, RuntimeLimits
from headwater.service.settings import EngineSettings, LogSettings, Settings
from headwater.service.wiring import Client, Feed, embedded_server, open_client

PATIENCE_SECONDS = 120.0
_POLL_SECONDS = 0.02


class LeapingClock:
    """The machine's clock, until it leaps."""

    def __init__(self) -> None:
        self.ahead = 0

    def now(self) -> int:
        """Nanoseconds since 1970."""
        return time_ns() + self.ahead


def play_through_nats(case: Case) -> Published:
    """Fresh server, fresh engine, one case."""
    configure_logs(LogSettings(level="warning"))
    with tempfile.TemporaryDirectory(prefix="headwater-bench-") as folder:
        return asyncio.run(_play(case, Path(folder)))


async def _play(case: Case, folder: Path) -> Published:
    began = process_time()
    async with embedded_server(folder, is_durable=False) as server, open_client(Settings(), server=server.options) as client:
        await client.prepare()
        await client.publish_versions(case.versions)
        async with client.publisher() as publisher:
            for line in case.lines:
                await publisher.publish_raw(line.data, event_id=line.event_id, source=line.source, trace_id=line.trace_id)
            await publisher.flush()
            stored = publisher.counters.stored - publisher.counters.duplicates
        await _run_engine(client, stored)
        incidents = [result for result in await client.latest_results() if result.status not in ("merged", "retracted")]
        alerts, rejected = await _alerts(client), await _rejected(client)
    return Published(sorted(incidents, key=lambda result: (result.first_seen, result.id)), alerts, rejected, process_time() - began)


async def _run_engine(client: Client, stored: int) -> None:
    """From the first event until nothing can change any more."""
    settings, clock, systems = EngineSettings(), LeapingClock(), list[CorrelationSystem]()
    make = system_maker(settings, knowledge())

    def make_and_keep(state: bytes | None) -> System:
        system = make(state)
        assert isinstance(system, CorrelationSystem)
        systems.append(system)
        return system

    runtime = Runtime(
        connections=await client.engine_connections(settings.domain),
        make_system=make_and_keep,
        clock=clock,
        limits=RuntimeLimits(batch_max=settings.batch_max, topology_wait_seconds=settings.topology_wait_seconds),
    )
    stop = asyncio.Event()
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(runtime.run(stop))
        await runtime.ready.wait()
        await _until(lambda: runtime.position >= stored or running.done())
        clock.ahead = SETTLED_AFTER
        leaped_at = time_ns() + SETTLED_AFTER - SETTLED_AFTER // 100
        await _until(lambda: systems[-1].clock.received_at >= leaped_at or running.done())
        stop.set()  # what the leap led to is stored before the engine looks whether to stop


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110  (of an engine that knows nothing of being watched)
        await asyncio.sleep(_POLL_SECONDS)


async def _alerts(client: Client) -> dict[str, int]:
    counts: dict[str, int] = {}
    async for message in client.follow(Feed.ALERTS, start_at=0, ends=True):
        incident = decode_result(message.data).id
        counts[incident] = counts.get(incident, 0) + 1
    return counts


async def _rejected(client: Client) -> int:
    return len([message async for message in client.follow(Feed.REJECTED, start_at=0, ends=True)])
