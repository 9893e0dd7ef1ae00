"""The loop: effects first, position last; topology before events; a last checkpoint when stopped."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import pytest

from headwater.model.effects import Effect, PublishRejected, RejectionReason
from headwater.model.inputs import EventObserved, Input, TimePassed, TopologyObserved
from headwater.model.results import CorrelationResult
from headwater.model.times import seconds
from headwater.service.ports import Checkpoint
from headwater.service.runtime import EngineCrashedError, Runtime, RuntimeLimits

Item = TypeVar("Item")

START = seconds(1_767_607_200)


def event(sequence: int, *, at: float | None = None, data: bytes = b"{}") -> EventObserved:
    received_at = START + seconds(sequence if at is None else at)
    return EventObserved(trace_token="t", source_token="s", data=data, received_at=received_at, sequence=sequence)


def version(sequence: int) -> TopologyObserved:
    return TopologyObserved(data=b"{}", received_at=START + seconds(sequence), sequence=sequence)


def rejected(sequence: int) -> PublishRejected:
    return PublishRejected(
        reason=RejectionReason.INVALID_SUBJECT, detail="", subject="traces.x", sequence=sequence, received_at=START, data=b""
    )


class RecordingSystem:
    """Asks for a rejection of each event whose data says `bad`, and fails on `bug`."""

    def __init__(self, journal: list[object], due: Sequence[int] = ()) -> None:
        self.journal = journal
        self.due = sorted(due)
        self.counters: Mapping[str, int] = {}
        self.seen = 0

    def handle_batch(self, items: Sequence[Input]) -> list[Effect]:
        effects: list[Effect] = []
        for item in items:
            if isinstance(item, TimePassed):
                self.due = [due for due in self.due if due > item.received_at]
                self.journal.append(("time", item.received_at))
            elif isinstance(item, EventObserved):
                if item.data == b"bug":
                    raise AssertionError("an invariant")
                self.seen += 1
                self.journal.append(("event", item.sequence))
                if item.data == b"bad":
                    effects.append(rejected(item.sequence))
            else:
                self.journal.append(("topology", item.sequence))
        return effects

    def next_wakeup(self) -> int | None:
        return self.due[0] if self.due else None

    def remember_published(self, results: Iterable[CorrelationResult]) -> None:
        assert not list(results)
        self.journal.append("told")

    def snapshot(self) -> bytes:
        return str(self.seen).encode()


class ListSource(Generic[Item]):
    """Delivers a list, then nothing more."""

    def __init__(self, batches: Sequence[Sequence[Item]], *, never_catches_up: bool = False) -> None:
        self._batches = list(batches)
        self._never_catches_up = never_catches_up
        self.closed = False

    @property
    def caught_up(self) -> bool:
        return not self._batches and not self._never_catches_up

    async def read(self, limit: int, wait_seconds: float) -> list[Item]:
        if self._batches:
            return list(self._batches.pop(0))
        await asyncio.sleep(wait_seconds)
        return []

    async def close(self) -> None:
        self.closed = True


class World:
    """Satisfies EngineConnections: journals what is stored, and can refuse to store."""

    def __init__(
        self,
        journal: list[object],
        *,
        events: Sequence[Sequence[EventObserved | PublishRejected]] = (),
        topology: Sequence[Sequence[TopologyObserved]] = (),
        checkpoint: Checkpoint | None = None,
        refuses: bool = False,
        hangs: bool = False,
        topology_never_catches_up: bool = False,
    ) -> None:
        self.journal = journal
        self.events = ListSource(events)
        self.versions = ListSource(topology, never_catches_up=topology_never_catches_up)
        self.saved = checkpoint
        self.opened_after: int | None = None
        self.forgotten_before: list[int] = []
        self.refuses = refuses
        self.hangs = hangs
        self.sink = self
        self.checkpoints = self

    async def events_after(self, position: int) -> ListSource[EventObserved | PublishRejected]:
        self.opened_after = position
        return self.events

    async def topology(self) -> ListSource[TopologyObserved]:
        return self.versions

    async def told(self) -> list[CorrelationResult]:
        return []

    async def forget_deleted(self, before: int) -> None:
        self.forgotten_before.append(before)

    async def publish(self, effects: Sequence[Effect]) -> None:
        if self.refuses:
            raise ConnectionError("the server is away")
        if self.hangs and effects:
            self.journal.append("waiting")
            await asyncio.Event().wait()
        for effect in effects:
            assert isinstance(effect, PublishRejected)
            self.journal.append(("stored", effect.sequence))

    async def load(self) -> Checkpoint | None:
        return self.saved

    async def save(self, checkpoint: Checkpoint) -> None:
        self.journal.append(("checkpoint", checkpoint.position))
        self.saved = checkpoint


class SetClock:
    def __init__(self, now: int = START) -> None:
        self.instant = now

    def now(self) -> int:
        return self.instant


async def run_until(
    world: World, system: RecordingSystem, condition: Callable[[], bool], *, now: int = START, starts_over: bool = False
) -> None:
    stop = asyncio.Event()
    runtime = Runtime(
        connections=world,
        make_system=lambda _: system,
        clock=SetClock(now),
        limits=RuntimeLimits(checkpoint_seconds=0.0, topology_wait_seconds=0.05, stop_seconds=0.05),
        starts_over=starts_over,
    )

    async def stop_when_met() -> None:
        while not condition():  # noqa: ASYNC110  (the condition is another task's state)
            await asyncio.sleep(0.001)
        stop.set()

    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        tasks.create_task(stop_when_met())
        tasks.create_task(runtime.run(stop))


async def test_the_position_moves_only_after_the_effects_before_it_are_stored() -> None:
    journal: list[object] = []
    world = World(journal, events=[[event(1), event(2, data=b"bad")], [event(3)]])
    await run_until(world, RecordingSystem(journal), lambda: world.saved is not None and world.saved.position == 3)
    assert journal.index(("stored", 2)) < min(journal.index(entry) for entry in journal if entry in [("checkpoint", 2), ("checkpoint", 3)])
    assert world.saved == Checkpoint(position=3, topology_position=0, state=b"3")


async def test_what_could_not_be_stored_is_not_in_a_checkpoint() -> None:
    journal: list[object] = []
    world = World(journal, events=[[event(1, data=b"bad")]], refuses=True)
    with pytest.raises(ExceptionGroup) as caught:
        await run_until(world, RecordingSystem(journal), lambda: False)
    assert caught.group_contains(ConnectionError)
    assert world.saved is None
    assert world.events.closed
    assert world.versions.closed


async def test_topology_is_told_before_the_first_event() -> None:
    journal: list[object] = []
    world = World(journal, events=[[event(1)]], topology=[[version(1)], [version(2)]])
    await run_until(world, RecordingSystem(journal), lambda: ("event", 1) in journal)
    inputs = [entry for entry in journal if isinstance(entry, tuple) and entry[0] in {"event", "topology"}]
    assert inputs == [("topology", 1), ("topology", 2), ("event", 1)]


async def test_a_topology_that_never_catches_up_is_not_waited_for_for_ever() -> None:
    journal: list[object] = []
    world = World(journal, events=[[event(1)]], topology_never_catches_up=True)
    await run_until(world, RecordingSystem(journal), lambda: ("event", 1) in journal)


async def test_objects_deleted_more_than_a_day_ago_are_forgotten_at_the_start() -> None:
    world = World([])
    await run_until(world, RecordingSystem([]), lambda: bool(world.forgotten_before))
    assert world.forgotten_before == [START - seconds(86_400)]


async def test_it_continues_after_the_position_of_the_checkpoint() -> None:
    journal: list[object] = []
    world = World(journal, events=[[event(8)]], checkpoint=Checkpoint(position=7, topology_position=1, state=b"7"))
    await run_until(world, RecordingSystem(journal), lambda: ("event", 8) in journal)
    assert world.opened_after == 7
    assert world.saved is not None
    assert world.saved.position == 8


async def test_what_was_told_after_the_checkpoint_is_remembered_before_anything_is_judged() -> None:
    journal: list[object] = []
    world = World(journal, events=[[event(8)]], topology=[[version(1)]], checkpoint=Checkpoint(position=7, topology_position=1, state=b"7"))
    await run_until(world, RecordingSystem(journal), lambda: ("event", 8) in journal)
    assert journal[:3] == ["told", ("topology", 1), ("event", 8)]


async def test_a_message_that_came_rejected_is_stored_and_passed() -> None:
    journal: list[object] = []
    world = World(journal, events=[[rejected(1), event(2)]])
    await run_until(world, RecordingSystem(journal), lambda: ("event", 2) in journal)
    assert ("stored", 1) in journal
    assert world.saved is not None
    assert world.saved.position == 2


async def test_a_bug_ends_the_engine_and_names_the_inputs() -> None:
    journal: list[object] = []
    world = World(journal, events=[[event(1)], [event(2, data=b"bug")]])
    with pytest.raises(ExceptionGroup) as caught:
        await run_until(world, RecordingSystem(journal), lambda: False)
    crash = caught.value.exceptions[0]
    assert isinstance(crash, EngineCrashedError)
    assert crash.last == 2
    assert world.saved is None or world.saved.position == 1


async def test_when_idle_the_core_is_told_the_time_at_the_instants_it_asked_for() -> None:
    journal: list[object] = []
    due = START + seconds(10)
    world = World(journal, events=[[event(1)]])
    now = START + seconds(60)
    await run_until(world, RecordingSystem(journal, due=[due]), lambda: ("time", now - seconds(0.2)) in journal, now=now)
    assert journal.index(("event", 1)) < journal.index(("time", due)) < journal.index(("time", now - seconds(0.2)))


async def test_told_to_stop_it_does_not_wait_for_ever_for_a_server_that_is_away() -> None:
    journal: list[object] = []
    world = World(journal, events=[[event(1, data=b"bad")]], hangs=True)
    await run_until(world, RecordingSystem(journal), lambda: "waiting" in journal)
    assert world.saved is None
    assert world.events.closed


async def test_starting_over_reads_the_log_from_its_beginning() -> None:
    journal: list[object] = []
    world = World(journal, events=[[event(1)]], checkpoint=Checkpoint(position=7, topology_position=1, state=b"7"))
    await run_until(world, RecordingSystem(journal), lambda: ("event", 1) in journal, starts_over=True)
    assert world.opened_after == 0


async def test_a_checkpoint_of_another_version_is_left_aside() -> None:
    journal: list[object] = []
    world = World(journal, events=[[event(1)]], checkpoint=Checkpoint(position=7, topology_position=1, state=b"7"))
    stop = asyncio.Event()

    def make(state: bytes | None) -> RecordingSystem:
        if state is not None:
            raise ValueError("another schema")
        stop.set()
        return RecordingSystem(journal)

    runtime = Runtime(connections=world, make_system=make, clock=SetClock(), limits=RuntimeLimits())
    await runtime.run(stop)
    assert world.opened_after == 0


async def test_the_reason_is_raised_as_itself_and_not_in_a_group() -> None:
    journal: list[object] = []
    world = World(journal, events=[[event(1, data=b"bug")]])
    system = RecordingSystem(journal)
    runtime = Runtime(connections=world, make_system=lambda _: system, clock=SetClock(), limits=RuntimeLimits())
    with pytest.raises(EngineCrashedError):
        await runtime.run(asyncio.Event())
