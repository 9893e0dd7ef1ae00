"""
The engine's outside, in memory: an event log, a topology log, results and a checkpoint, shaped as service/ports.py asks.

They keep the promises of the real ones: reads continue after a position, an effect performed twice is stored once.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from headwater.model.checkpoints import Checkpoint
from headwater.model.effects import Effect, PublishRejected, PublishResult
from headwater.model.inputs import EventObserved, TopologyObserved
from headwater.model.results import CorrelationResult

_Entry = TypeVar("_Entry", EventObserved, TopologyObserved)


class MemoryLog(Generic[_Entry]):
    """A stream: entries in order of their sequence, each readable by any number of readers."""

    def __init__(self, entries: Iterable[_Entry] = ()) -> None:
        self.entries: list[_Entry] = list(entries)
        self._grown = asyncio.Condition()

    async def append(self, *entries: _Entry) -> None:
        """Add entries and wake the readers that wait."""
        async with self._grown:
            self.entries.extend(entries)
            self._grown.notify_all()

    async def wait_beyond(self, length: int, seconds: float) -> None:
        """Return when there are more entries than so many, or after the wait."""
        try:
            async with asyncio.timeout(seconds), self._grown:
                await self._grown.wait_for(lambda: len(self.entries) > length)
        except TimeoutError:
            return


class _Reader(Generic[_Entry]):
    def __init__(self, log: MemoryLog[_Entry], *, after: int = 0) -> None:
        self._log: MemoryLog[_Entry] = log
        self._next = sum(1 for entry in log.entries if entry.sequence <= after)

    @property
    def caught_up(self) -> bool:
        """Whether everything stored so far has been read."""
        return self._next >= len(self._log.entries)

    async def take(self, limit: int, wait_seconds: float) -> list[_Entry]:
        """At least one as soon as there is one, at most `limit`, none after the wait."""
        if self.caught_up:
            await self._log.wait_beyond(self._next, wait_seconds)
        taken: list[_Entry] = self._log.entries[self._next : self._next + limit]
        self._next += len(taken)
        return taken

    async def close(self) -> None:
        """Nothing to close."""


class MemoryEventSource(_Reader[EventObserved]):
    """Reads the event log from after a position."""

    async def read(self, limit: int, wait_seconds: float) -> list[EventObserved | PublishRejected]:
        """At least one as soon as there is one, at most `limit`, none after the wait."""
        return [*await self.take(limit, wait_seconds)]


class MemoryTopologySource(_Reader[TopologyObserved]):
    """Reads the topology log from its beginning."""

    async def read(self, limit: int, wait_seconds: float) -> list[TopologyObserved]:
        """At least one as soon as there is one, at most `limit`, none after the wait."""
        return await self.take(limit, wait_seconds)


class MemoryResults:
    """Takes effects and remembers what was told, each message id once."""

    def __init__(self) -> None:
        self.results: list[CorrelationResult] = []
        self.alerts: list[CorrelationResult] = []
        self.rejected: list[PublishRejected] = []
        self.duplicates = 0
        self._message_ids: set[str] = set()
        self._told = asyncio.Condition()

    async def publish(self, effects: Sequence[Effect]) -> None:
        """Store every effect once."""
        async with self._told:
            for effect in effects:
                self._store(effect)
            self._told.notify_all()

    async def latest(self) -> list[CorrelationResult]:
        """The last revision of each incident, by id."""
        last: dict[str, CorrelationResult] = {}
        for result in self.results:
            known = last.get(result.id)
            if known is None or result.revision > known.revision:
                last[result.id] = result
        return [last[key] for key in sorted(last)]

    async def wait_for_results(self, count: int, seconds: float) -> None:
        """Return when so many results were told. Raises TimeoutError after the wait."""
        async with asyncio.timeout(seconds), self._told:
            await self._told.wait_for(lambda: len(self.results) >= count)

    def _store(self, effect: Effect) -> None:
        if isinstance(effect, PublishRejected):
            if self._is_new(f"{effect.sequence}.{effect.subject}.rejected"):
                self.rejected.append(effect)
            return
        if self._is_new(effect.message_id("result")):
            self.results.append(effect.result)
        if effect.is_alert and self._is_new(effect.message_id("alert")):
            self.alerts.append(effect.result)

    def _is_new(self, message_id: str) -> bool:
        if message_id in self._message_ids:
            self.duplicates += 1
            return False
        self._message_ids.add(message_id)
        return True


class MemoryCheckpoints:
    """Keeps the last checkpoint."""

    def __init__(self, checkpoint: Checkpoint | None = None) -> None:
        self.checkpoint = checkpoint
        self.saved = 0

    async def load(self) -> Checkpoint | None:
        """The last one saved."""
        return self.checkpoint

    async def save(self, checkpoint: Checkpoint) -> None:
        """Keep this one instead."""
        self.checkpoint = checkpoint
        self.saved += 1


class MemoryConnections:
    """Everything an engine needs, in memory; it survives the engine, as a server would."""

    def __init__(self, events: Iterable[EventObserved] = (), topology: Iterable[TopologyObserved] = ()) -> None:
        self.event_log: MemoryLog[EventObserved] = MemoryLog(events)
        self.topology_log: MemoryLog[TopologyObserved] = MemoryLog(topology)
        self._results = MemoryResults()
        self._checkpoints = MemoryCheckpoints()

    @property
    def sink(self) -> MemoryResults:
        """Where effects go."""
        return self._results

    @property
    def checkpoints(self) -> MemoryCheckpoints:
        """Where the position is kept."""
        return self._checkpoints

    async def events_after(self, position: int) -> MemoryEventSource:
        """The observations after this stream position."""
        return MemoryEventSource(self.event_log, after=position)

    async def topology(self) -> MemoryTopologySource:
        """Every version that is kept, then new ones."""
        return MemoryTopologySource(self.topology_log)

    async def told(self) -> list[CorrelationResult]:
        """The last revision of each incident that was told."""
        return await self._results.latest()

    async def forget_deleted(self, before: int) -> None:
        """Nothing: the log of one test is short."""


def results_of(effects: Iterable[Effect]) -> list[PublishResult]:
    """The results among the effects, in order."""
    return [effect for effect in effects if isinstance(effect, PublishResult)]
