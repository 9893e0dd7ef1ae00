"""One set of observations and versions, and the many ways in which a stream may deliver it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

import msgspec

from headwater.correlation.limits import ALLOWED_LEAD, HORIZON
from headwater.correlation.system import CorrelationSystem
from headwater.model.effects import Effect, PublishRejected
from headwater.model.inputs import EventObserved, Input, TopologyObserved
from headwater.model.objects import ObjectVersion, encode_object_version
from headwater.model.results import finding_bytes
from headwater.service.driving import pass_time, tell
from headwater.testing.playback import SETTLED_AFTER, Told, packaged_system

Message = EventObserved | TopologyObserved

LATENESS_MAX = HORIZON - ALLOWED_LEAD
"""Within the horizon whatever came before, since the event clock is at most five seconds ahead of the stream's."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as it happened: when, and the message that tells of it."""

    occurred_at: int
    message: EventObserved


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What happened and what existed, in any order."""

    happenings: tuple[Happening, ...]
    versions: tuple[ObjectVersion, ...]

    @property
    def start(self) -> int:
        return min(happening.occurred_at for happening in self.happenings)

    @property
    def end(self) -> int:
        return max(happening.occurred_at for happening in self.happenings)


@dataclass(frozen=True, slots=True)
class Way:
    """How a world reaches the engine."""

    lateness: int = 0  # up to so many nanoseconds, for each event; some come exactly so late
    lead: int = 0  # up to so many nanoseconds some events come before they happen: their observers' clocks run ahead
    topology_lateness: int = 0
    duplicates: float = 0.0  # the share of messages that come again
    batch_max: int = 64
    is_compressed: bool = False  # all at once after the end, in any order; the world must fit within the horizon
    topology_last: bool = False


IN_ORDER = Way(batch_max=1)


def arrivals(world: World, way: Way, rng: Random) -> list[Input]:
    """The world as it comes this way."""
    events = [(happening.message, happening.occurred_at) for happening in world.happenings]
    events += [rng.choice(events) for _ in range(round(len(events) * way.duplicates))]
    versions = [TopologyObserved(encode_object_version(version), 0, 0) for version in world.versions]
    if way.is_compressed:
        return _numbered(_compressed(world, way, rng, [message for message, _ in events], versions))
    moving: list[tuple[int, Message]] = []
    for message, occurred_at in events:
        late = way.lateness if rng.random() < 0.2 else rng.randint(0, way.lateness)
        if way.lead and rng.random() < 0.3:
            late = -rng.randint(0, way.lead)
        moving.append((occurred_at + late, message))
    last = max(at for at, _ in moving)
    for version in versions:
        at = last + 1 if way.topology_last else world.start - 1 + rng.randint(0, way.topology_lateness)
        moving.append((at, version))
    moving.sort(key=lambda pair: pair[0])
    return _numbered([msgspec.structs.replace(item, received_at=at) for at, item in moving])


def _compressed(world: World, way: Way, rng: Random, events: list[EventObserved], versions: list[TopologyObserved]) -> list[Message]:
    first: list[Message] = list(events) if way.topology_last else [*events, *versions]
    then: list[Message] = list(versions) if way.topology_last else []
    rng.shuffle(first)
    rng.shuffle(then)
    return [msgspec.structs.replace(item, received_at=world.end + index * 1_000_000) for index, item in enumerate((*first, *then))]


def _numbered(items: Iterable[Message]) -> list[Input]:
    return [msgspec.structs.replace(item, sequence=number) for number, item in enumerate(items, start=1)]


def told_by(inputs: Sequence[Input], *, batch_max: int = 64, system: CorrelationSystem | None = None) -> Told:
    """What is told of these inputs until all is final."""
    system = system or packaged_system()
    effects: list[Effect] = tell(system, inputs, batch_max)
    effects += pass_time(system, max(item.received_at for item in inputs) + SETTLED_AFTER)
    return Told(tuple(effects))


def findings(told: Told) -> list[bytes]:
    """The final findings that stand."""
    return sorted(finding_bytes(result) for result in told.incidents() if result.final)


def refused(told: Told) -> list[PublishRejected]:
    """What was not admitted, which an order-free set has none of."""
    return [effect for effect in told.effects if isinstance(effect, PublishRejected)]


def differences(one: Iterable[bytes], other: Iterable[bytes]) -> str:
    """What two lists of findings do not share, field by field where they pair up: an assertion that a person can read."""
    mine, theirs = list(one), list(other)
    only = [msgspec.json.decode(finding) for finding in mine if finding not in theirs]
    others = [msgspec.json.decode(finding) for finding in theirs if finding not in mine]
    lines = [f"{len(mine)} findings against {len(theirs)}"]
    for a, b in zip(only, others, strict=False):
        lines += [f"{name}: {a[name]!r}\n   != {b[name]!r}" for name in a if a[name] != b[name]]
    lines += [f"alone: {finding['root_cause']}" for finding in (*only[len(others) :], *others[len(only) :])]
    return "\n".join(line[:2_000] for line in lines)
