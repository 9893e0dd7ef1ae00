"""
What the service needs of the world: the contracts that edges satisfy and fakes stand in for.

An edge knows nothing of these protocols; it fits them by its shape, and wiring.py is where mypy checks that.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from headwater.model.checkpoints import Checkpoint
from headwater.model.effects import Effect, PublishRejected
from headwater.model.inputs import EventObserved, Input, TopologyObserved
from headwater.model.results import CorrelationResult

__all__ = ["Checkpoint", "CheckpointStore", "EngineConnections", "EventSource", "ResultHistory", "ResultSink", "System", "TopologySource"]


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
        """What was told by an engine whose state is lost, so that reading the log again tells nothing twice."""


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
