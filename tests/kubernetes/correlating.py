"""The whole chain at work on a real cluster: collector, NATS, engine, and what they tell, for the namespaces it is given."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from headwater.correlation.limits import Settings as CoreSettings
from headwater.correlation.system import CorrelationSystem
from headwater.edges.kubernetes.credentials import KubeConfig
from headwater.edges.kubernetes.reflector import Health, ReflectorOptions
from headwater.edges.nats.embedded import EmbeddedServer
from headwater.model.events import UnifiedEvent, validate_event
from headwater.model.inputs import EventObserved
from headwater.model.objects import ObjectVersion
from headwater.model.results import CorrelationResult, decode_result
from headwater.service.clock import WallClock
from headwater.service.collect_kubernetes import KubernetesCollector
from headwater.service.engine import load_knowledge, make_runtime
from headwater.service.replay import Replay, replay_stream
from headwater.service.settings import EngineSettings, KubernetesSettings, Settings
from headwater.service.wiring import Client, Feed, open_client

KNOWLEDGE = load_knowledge("")
OPTIONS = ReflectorOptions(backoff_seconds=0.1, backoff_seconds_max=1.0, refused_seconds=1.0)
CLUSTER = "default"
_DOMAIN = "default"


class Correlator:
    """One chain, running."""

    def __init__(self, client: Client, collector: KubernetesCollector) -> None:
        self.client = client
        self.collector = collector

    async def told(self, what: str, when: Callable[[CorrelationResult], bool], *, within: float = 120.0) -> CorrelationResult:
        """The first result that is as wanted. Raises TimeoutError that shows what was told instead."""
        try:
            async with asyncio.timeout(within):
                async for message in self.client.follow(Feed.RESULTS, start_at=0):
                    result = decode_result(message.data)
                    if when(result):
                        return result
        except TimeoutError as error:
            said = "\n".join(in_short(result) for result in await self.client.latest_results())
            raise TimeoutError(f"after {within:g} s nothing told {what}, but:\n{said or 'nothing'}") from error
        raise AssertionError("the feed ended")

    async def settled(self) -> list[CorrelationResult]:
        """What is left to say of all that was stored, once enough time has passed for every incident to be final."""
        replay = Replay(CorrelationSystem(KNOWLEDGE, CoreSettings(domain=_DOMAIN)))
        events, topology = await self.client.events(), await self.client.topology()
        try:
            await replay_stream(replay, events, topology)
        finally:
            await events.close()
            await topology.close()
        replay.settle()
        assert replay.rejected == []
        return replay.incidents()

    async def messages(self) -> list[str]:
        """What the events say that were published so far."""
        return [str(event.message) async for event in self._events()]

    async def _events(self) -> AsyncIterator[UnifiedEvent]:
        events = await self.client.events()
        try:
            while not events.caught_up:
                for item in await events.read(500, 0.5):
                    assert isinstance(item, EventObserved)
                    yield validate_event(item.data)
        finally:
            await events.close()

    async def versions(self) -> list[ObjectVersion]:
        """The last stored version of each object."""
        async with self.client.collector_connections() as connections:
            return await connections.latest_versions(CLUSTER)

    def health(self, kind: str) -> Health:
        """How a kind is being read."""
        return next(each for each in self.collector.health if each.kind == kind)


@asynccontextmanager
async def correlating(
    folder: Path, kubeconfig: Path, *, namespaces: str = "", has_engine: bool = True, options: ReflectorOptions = OPTIONS
) -> AsyncIterator[Correlator]:
    """A chain that has listed everything, on a server of its own."""
    stop = asyncio.Event()
    async with EmbeddedServer(folder, sync_always=False) as server, open_client(Settings(), server=server.options) as client:
        await client.prepare()
        async with client.collector_connections() as connections, asyncio.TaskGroup() as tasks:
            settings = KubernetesSettings(namespaces=namespaces)
            collector = KubernetesCollector(
                settings, KubeConfig(str(kubeconfig)), connections, WallClock(), options=options, read_seconds=0.1
            )
            collecting = tasks.create_task(collector.run(stop))
            try:
                if has_engine:
                    engine = EngineSettings(domain=_DOMAIN, checkpoint_seconds=60)
                    runtime = make_runtime(engine, KNOWLEDGE, await client.engine_connections(_DOMAIN))
                    tasks.create_task(runtime.run(stop))
                    await runtime.ready.wait()
                synced = asyncio.ensure_future(collector.synced.wait())
                async with asyncio.timeout(60):
                    await asyncio.wait((synced, collecting), return_when=asyncio.FIRST_COMPLETED)
                yield Correlator(client, collector)
            finally:
                stop.set()


def in_short(result: CorrelationResult) -> str:
    """An incident on one line."""
    impact = result.impact
    return (
        f"{result.status} {result.type} ({result.pattern}) {result.verdict} {result.confidence:.2f}: {result.root_cause}"
        f" [{result.cause.entity} {result.cause.symptom_class}] services={impact.services} pods={impact.pods}"
        f" nodes={impact.nodes} related={result.related_events}"
    )
