"""A collector at work on the fake server, with what it published kept in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec
from tests.integration.kubernetes.fake_api import FakeApi

from headwater.edges.kubernetes.credentials import Plain
from headwater.edges.kubernetes.reflector import Health, ReflectorOptions
from headwater.model.events import UnifiedEvent, print_event
from headwater.model.inputs import EventObserved, Input, TopologyObserved
from headwater.model.objects import ObjectVersion, encode_object_version
from headwater.service.collect_kubernetes import KubernetesCollector
from headwater.service.settings import KubernetesSettings

OPTIONS = ReflectorOptions(page_size=7, watch_seconds=60, backoff_seconds=0.01, backoff_seconds_max=0.05, refused_seconds=0.05)


class SetClock:
    """Tells the time it was set to."""

    def __init__(self, at: int) -> None:
        self.at = at

    def now(self) -> int:
        return self.at


class Published:
    """What a collector stored, as JetStream would have it: an equal version of an object is stored once."""

    def __init__(self, clock: SetClock) -> None:
        self._clock = clock
        self.inputs: list[Input] = []
        self.events: list[UnifiedEvent] = []
        self.versions: list[ObjectVersion] = []
        self._last: dict[str, ObjectVersion] = {}

    async def publish_events(self, events: Sequence[UnifiedEvent]) -> None:
        for event in events:
            self.events.append(event)
            trace = event.trace_context.trace_id if event.trace_context else None
            self.inputs.append(
                EventObserved(trace or "none", event.source or "", print_event(event), self._clock.now(), len(self.inputs) + 1)
            )

    async def publish_versions(self, versions: Sequence[ObjectVersion]) -> tuple[int, int]:
        stored = 0
        for version in versions:
            plain = msgspec.structs.replace(version, valid_from=0, resource_version="")
            if self._last.get(str(version.entity)) == plain:
                continue
            self._last[str(version.entity)] = plain
            self.versions.append(version)
            self.inputs.append(TopologyObserved(encode_object_version(version), self._clock.now(), len(self.inputs) + 1))
            stored += 1
        return stored, len(versions) - stored

    async def latest_versions(self, cluster: str) -> list[ObjectVersion]:
        latest = {version.entity: version for version in self.versions if version.cluster == cluster}
        return list(latest.values())

    async def published_ids(self, source: str, *, since: int, limit: int) -> list[str]:
        return [event.id for event in self.events if event.source == source][-limit:]

    def reasons(self) -> list[str]:
        """Of the events, in their order, what happened to what."""
        return [told(event) for event in self.events]


def told(event: UnifiedEvent) -> str:
    """An event in short: `OOMKilled Pod/mysql-0`."""
    assert event.kubernetes is not None
    assert event.k8s_context is not None
    attributes = event.attributes or {}
    what = event.kubernetes.reason or f"{event.kubernetes.action} {attributes.get('k8s.change', '')}".strip()
    return f"{what} {event.k8s_context.kind}/{event.k8s_context.name}"


@asynccontextmanager
async def collecting(
    api: FakeApi, published: Published, clock: SetClock, *, settings: KubernetesSettings | None = None
) -> AsyncIterator[KubernetesCollector]:
    """A collector that has listed everything."""
    stop = asyncio.Event()
    collector = KubernetesCollector(settings or KubernetesSettings(), Plain(api.url), published, clock, options=OPTIONS, read_seconds=0.05)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(collector.run(stop))
        try:
            await until(lambda: collector.synced.is_set() or running.done())
            yield collector
        finally:
            stop.set()


async def until(holds: Callable[[], bool], *, seconds: float = 20.0) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110  (what is waited for is in other objects, and has no event)
            await asyncio.sleep(0.002)


def health_of(collector: KubernetesCollector, kind: str) -> Health:
    """How a kind is being read."""
    return next(health for health in collector.health if health.kind == kind)
