"""The outside in memory keeps the promises of the real one."""

import asyncio

from headwater.model.checkpoints import Checkpoint
from headwater.model.effects import PublishRejected, RejectionReason
from headwater.model.inputs import EventObserved
from headwater.service.ports import CheckpointStore, EngineConnections, EventSource, ResultHistory, ResultSink, TopologySource
from headwater.testing.in_memory import (
    MemoryCheckpoints,
    MemoryConnections,
    MemoryEventSource,
    MemoryLog,
    MemoryResults,
    MemoryTopologySource,
)


def observed(sequence: int) -> EventObserved:
    return EventObserved(trace_token="none", source_token="test", data=b"{}", received_at=sequence, sequence=sequence)


def rejected(sequence: int) -> PublishRejected:
    return PublishRejected(
        reason=RejectionReason.NOT_JSON, detail="", subject="traces.none.test", sequence=sequence, received_at=sequence, data=b""
    )


def test_all_of_them_fit_the_ports() -> None:
    connections: EngineConnections = MemoryConnections()
    source: EventSource = MemoryEventSource(MemoryLog())
    topology: TopologySource = MemoryTopologySource(MemoryLog())
    sink: ResultSink = MemoryResults()
    history: ResultHistory = MemoryResults()
    store: CheckpointStore = MemoryCheckpoints()
    assert all((connections, source, topology, sink, history, store))


async def test_reading_continues_after_a_position() -> None:
    source = MemoryEventSource(MemoryLog([observed(1), observed(2), observed(3)]), after=1)
    assert [entry.sequence for entry in await source.read(10, 0) if isinstance(entry, EventObserved)] == [2, 3]
    assert source.caught_up


async def test_at_most_so_many_are_read_at_once() -> None:
    source = MemoryEventSource(MemoryLog([observed(1), observed(2), observed(3)]))
    assert len(await source.read(2, 0)) == 2
    assert not source.caught_up
    assert len(await source.read(2, 0)) == 1


async def test_nothing_is_read_after_the_wait() -> None:
    assert await MemoryEventSource(MemoryLog()).read(1, 0.01) == []


async def test_a_waiting_reader_wakes_for_a_new_entry() -> None:
    log: MemoryLog[EventObserved] = MemoryLog()
    source = MemoryEventSource(log)
    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(source.read(1, 5))
        tasks.create_task(log.append(observed(1)))
    assert reading.result() == [observed(1)]


async def test_an_effect_performed_twice_is_stored_once() -> None:
    results = MemoryResults()
    await results.publish([rejected(1)])
    await results.publish([rejected(1), rejected(2)])
    assert [effect.sequence for effect in results.rejected] == [1, 2]
    assert results.duplicates == 1


async def test_the_last_checkpoint_saved_is_loaded() -> None:
    checkpoints = MemoryCheckpoints()
    assert await checkpoints.load() is None
    for position in (1, 2):
        await checkpoints.save(Checkpoint(position=position, topology_position=0, state=b""))
    loaded = await checkpoints.load()
    assert loaded is not None
    assert loaded.position == 2
