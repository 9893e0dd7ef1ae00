"""
What the service needs of the world: the contracts that edges satisfy and fakes stand in for.

An edge knows nothing of these protocols; it fits them by its shape, and wiring.py is where mypy checks that.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from headwater.model.checkpoints import Checkpoint
from headwater.model.effects import Effect, PublishRejected
from headwater.model.events import UnifiedEvent
from headwater.model.inputs import EventObserved, Input, TopologyObserved
from headwater.model.objects import ObjectVersion
from headwater.model.results import CorrelationResult

__all__ = [
    "Checkpoint",
    "CheckpointStore",
    "CollectorConnections",
    "EngineConnections",
    "EventSource",
    "ResultHistory",
    "ResultSink",
    "System",
    "TopologySource",
]


class System(Protocol):
    """The correlation system as its driver sees it."""

    @property
    def counters(self) -> Mapping[str, int]:
        """What was counted so far."""

    def handle_batch(self, items: Sequence[Input]) -> list[Effect]:
        """Apply all in order, judge once."""

    def next_wakeup(self) -> int | None:
        """The received time at which the system wants to be told that time passed."""

    def snapshot(self) -> bytes:
        """The state, from which a new system continues the same."""

    def remember_published(self, results: Iterable[CorrelationResult]) -> None:
        """What earlier engines told last, of a new system or a restored one: reading the log again tells nothing twice."""


class EventSource(Protocol):
    """The stream of observations, from a position given at opening."""

    @property
    def caught_up(self) -> bool:
        """Whether everything stored so far has been read; false while the server is away."""

    async def read(self, limit: int, wait_seconds: float) -> list[EventObserved | PublishRejected]:
        """At least one as soon as there is one, at most `limit`, none after the wait. A message without a usable subject comes rejected."""

    async def close(self) -> None:
        """Stop reading."""


class TopologySource(Protocol):
    """The versions of objects, from the first one that is kept."""

    @property
    def caught_up(self) -> bool:
        """Whether every version that was stored at opening has been read."""

    async def read(self, limit: int, wait_seconds: float) -> list[TopologyObserved]:
        """At least one as soon as there is one, at most `limit`, none after the wait."""

    async def close(self) -> None:
        """Stop reading."""


class ResultSink(Protocol):
    """Where effects are performed."""

    async def publish(self, effects: Sequence[Effect]) -> None:
        """Store every effect; return when all are stored. Performing one twice stores it once."""


class CheckpointStore(Protocol):
    """Where the service remembers how far it came."""

    async def load(self) -> Checkpoint | None:
        """The last one saved."""

    async def save(self, checkpoint: Checkpoint) -> None:
        """Return when it is stored."""


class ResultHistory(Protocol):
    """What was told so far."""

    async def latest(self) -> list[CorrelationResult]:
        """The last revision of each incident."""


class EngineConnections(Protocol):
    """All that the engine's loop needs, each opened when it is wanted."""

    @property
    def sink(self) -> ResultSink:
        """Where effects go."""

    @property
    def checkpoints(self) -> CheckpointStore:
        """Where the position is kept."""

    async def events_after(self, position: int) -> EventSource:
        """The observations after this stream position."""

    async def topology(self) -> TopologySource:
        """Every version that is kept, then new ones."""

    async def told(self) -> list[CorrelationResult]:
        """The last revision of each incident that was told."""

    async def forget_deleted(self, before: int) -> None:
        """Let go of the objects whose deletion was stored before that instant. Trouble is logged, not raised: it is tried again."""


class CollectorConnections(Protocol):
    """Where a collector publishes, and what it may ask of what was published before. All of it waits while the server is away."""

    async def publish_events(self, events: Sequence[UnifiedEvent]) -> None:
        """Store the events, each on its trace's subject; return when all are stored."""

    async def publish_versions(self, versions: Sequence[ObjectVersion]) -> tuple[int, int]:
        """Store what differs from the last version of each object. Returns how many were stored, and how many had not changed."""

    async def latest_versions(self, cluster: str) -> list[ObjectVersion]:
        """The last stored version of each object of a cluster, tombstones too."""

    async def published_ids(self, source: str, *, since: int, limit: int) -> list[str]:
        """The ids of the events of a source that were stored since an instant, oldest first, at most so many of the newest."""
