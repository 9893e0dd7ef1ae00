"""A scenario: what exists, what is observed and when it arrives, and the truth that no observation contains."""

from dataclasses import dataclass
from typing import Any

from headwater.testing.world import Cluster


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """An event on its way: the time its body claims, when the stream takes it in, its subject's tokens and its bytes."""

    id: str
    occurred_at: int
    received_at: int
    trace_token: str
    source_token: str
    data: bytes

    @property
    def subject(self) -> str:
        """The subject a collector would publish it on."""
        return f"traces.{self.trace_token}.{self.source_token}"


@dataclass(frozen=True, slots=True)
class TimedObject:
    """A Kubernetes object that came, changed or went during the scenario."""

    at: int
    object: dict[str, Any]
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happened, once: the culprit as `Kind/namespace/name`, all it touched, and the events that tell of it."""

    unit: str
    entities: tuple[str, ...]  # `Kind/namespace/name`, sorted
    family: str
    event_ids: tuple[str, ...]  # of this fault, in the order they happened, before any was lost
    root_event_id: str  # "" where nothing ever says what broke


@dataclass(frozen=True, slots=True)
class Scenario:
    """A cluster, its objects, the events in order of arrival, and one truth per fault."""

    name: str
    description: str
    cluster: Cluster
    objects: tuple[dict[str, Any], ...]
    changes: tuple[TimedObject, ...]
    events: tuple[TimedEvent, ...]
    truths: tuple[Truth, ...]
    expected: str = ""  # what a person who knows the truth would say
    is_topology_late: bool = False

    @property
    def truth(self) -> Truth:
        """The truth of a scenario with one fault."""
        assert len(self.truths) == 1, f"{self.name} has {len(self.truths)} faults"
        return self.truths[0]
