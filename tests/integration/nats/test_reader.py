"""Reading a stream: bounded, uninterrupted by what goes wrong on the way, and honest about the end."""

import asyncio
import contextlib
from collections.abc import Callable

import pytest

from headwater.edges.nats.connection import Connection
from headwater.edges.nats.embedded import EmbeddedServer
from headwater.edges.nats.errors import PositionBeyondStreamError, StreamError
from headwater.edges.nats.journal import EventJournal
from headwater.edges.nats.publishing import OutgoingMessage, PublishWindow
from headwater.edges.nats.reader import StoredMessage, StreamReader, read_to_end
from headwater.edges.nats.streams import TRACES


async def publish(connection: Connection, count: int, *, size: int = 10, first: int = 0) -> None:
    async with PublishWindow(connection) as window:
        for number in range(first, first + count):
            await window.send(OutgoingMessage(f"traces.t{number % 3}.ebpf", b"%-*d" % (size, number), f"id-{number}"))


async def read_all(reader: StreamReader, count: int, *, limit: int = 1_000) -> list[StoredMessage]:
    messages: list[StoredMessage] = []
    while len(messages) < count:
        batch = await reader.read(limit, 10.0)
        assert 0 < len(batch) <= limit, f"only {len(messages)} of {count} came"
        messages += batch
    return messages


async def holds(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110  # what is waited for is in another process
            await asyncio.sleep(0.01)


async def only_consumer(connection: Connection) -> str:
    """The name of the one consumer of TRACES."""
    (name,) = (await connection.api(f"CONSUMER.NAMES.{TRACES}"))["consumers"]
    return str(name)


async def test_the_buffer_is_bounded_by_messages(nats_connection: Connection) -> None:
    await publish(nats_connection, 500)
    reader = StreamReader(nats_connection, TRACES, messages_max=40)
    messages = await read_all(reader, 1, limit=1)
    for _ in range(499):
        # Everything that was asked for has arrived once the server answers something asked later.
        await nats_connection.api("INFO")
        assert len(reader._buffer) <= 40
        messages += await read_all(reader, 1, limit=1)
    assert [message.sequence for message in messages] == list(range(1, 501))
    await reader.close()


async def test_the_buffer_is_bounded_by_bytes(nats_connection: Connection) -> None:
    await publish(nats_connection, 60, size=500_000)
    reader = StreamReader(nats_connection, TRACES, bytes_max=4_000_000)
    sequences = []
    for _ in range(60):
        sequences += [message.sequence for message in await read_all(reader, 1, limit=1)]
        await nats_connection.api("INFO")
        assert sum(len(message.data) for message in reader._buffer) <= 4_000_000
    assert sequences == list(range(1, 61))
    await reader.close()


async def test_messages_of_one_moment_come_in_few_batches(nats_connection: Connection) -> None:
    await publish(nats_connection, 3_000)
    reader = StreamReader(nats_connection, TRACES)
    reads = received = 0
    while received < 3_000:
        received += len(await reader.read(1_000, 10.0))
        reads += 1
    assert reads < 1_000
    await reader.close()


async def test_a_cancelled_read_takes_nothing(nats_connection: Connection) -> None:
    reader = StreamReader(nats_connection, TRACES)
    messages: list[StoredMessage] = []
    for number in range(200):
        await publish(nats_connection, 1, first=number)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.0003 * (number % 6)):
                messages += await reader.read(10, 10.0)
    messages += await read_all(reader, 200 - len(messages))
    assert [message.sequence for message in messages] == list(range(1, 201))
    await reader.close()


async def test_a_consumer_that_is_deleted_is_made_again(nats_connection: Connection) -> None:
    reader = StreamReader(nats_connection, TRACES)
    await publish(nats_connection, 10)
    await read_all(reader, 10)
    await nats_connection.api(f"CONSUMER.DELETE.{TRACES}.{await only_consumer(nats_connection)}")
    await publish(nats_connection, 10, first=10)
    assert [message.sequence for message in await read_all(reader, 10)] == list(range(11, 21))
    assert reader.counters.restarts == 1
    await reader.close()


async def test_closing_leaves_no_consumer_behind(nats_connection: Connection) -> None:
    reader = StreamReader(nats_connection, TRACES)
    await reader.read(1, 0.05)
    await only_consumer(nats_connection)
    await reader.close()
    assert (await nats_connection.api(f"CONSUMER.NAMES.{TRACES}")).get("consumers") in (None, [])


async def test_a_message_that_is_lost_on_the_way_is_fetched_again(nats_connection: Connection) -> None:
    reader = StreamReader(nats_connection, TRACES)
    await reader.read(1, 0.05)
    number, _ = reader._inbox
    sink = nats_connection.client.sinks[number]
    nats_connection.client.sinks[number] = lambda messages: sink(messages[1:])
    await publish(nats_connection, 300)
    assert [message.sequence for message in await read_all(reader, 300)] == list(range(1, 301))
    assert reader.counters.restarts >= 1
    await reader.close()


async def test_messages_deleted_before_they_were_read_are_counted(nats_connection: Connection) -> None:
    await publish(nats_connection, 20)
    await nats_connection.api(f"STREAM.PURGE.{TRACES}", {"seq": 15})
    reader = StreamReader(nats_connection, TRACES, after=4)
    assert [message.sequence for message in await read_all(reader, 6)] == [15, 16, 17, 18, 19, 20]
    assert reader.counters.skipped == 10
    await reader.close()


async def test_a_stream_that_ends_before_the_position_is_an_error(nats_connection: Connection) -> None:
    await publish(nats_connection, 3)
    reader = StreamReader(nats_connection, TRACES, after=4)
    with pytest.raises(PositionBeyondStreamError, match="ends at sequence 3, but everything up to 4"):
        await reader.read(1, 1.0)
    await reader.close()


async def test_a_missing_stream_is_an_error(nats_connection: Connection) -> None:
    reader = StreamReader(nats_connection, "ABSENT")
    with pytest.raises(StreamError, match="ABSENT"):
        await reader.read(1, 1.0)
    await reader.close()


async def test_reading_to_the_end_ends(nats_connection: Connection) -> None:
    assert [message async for message in read_to_end(StreamReader(nats_connection, TRACES))] == []
    await publish(nats_connection, 2_500)
    assert len([message async for message in read_to_end(StreamReader(nats_connection, TRACES))]) == 2_500
    last = StreamReader(nats_connection, TRACES, filter_subject="traces.*.ebpf", last_per_subject=True)
    assert [message.sequence async for message in read_to_end(last)] == [2_498, 2_499, 2_500]


async def test_a_journal_may_have_a_bound_and_start_at_an_instant(nats_connection: Connection) -> None:
    await publish(nats_connection, 10)
    bounded = EventJournal(nats_connection, after=2, until=6)
    assert [item.sequence for item in await bounded.read(100, 5.0)] == [3, 4, 5, 6]
    assert bounded.caught_up
    assert await bounded.read(100, 5.0) == []
    await bounded.close()
    everything = EventJournal(nats_connection)
    items = await everything.read(100, 5.0)
    await everything.close()
    since = EventJournal(nats_connection, start_at=items[4].received_at)
    first, *_ = await since.read(100, 5.0)
    assert first.sequence == 5
    await since.close()


async def test_nothing_is_caught_up_while_the_server_is_away(nats_server: EmbeddedServer, nats_connection: Connection) -> None:
    reader = StreamReader(nats_connection, TRACES)
    assert await reader.read(1, 0.05) == []
    assert reader.caught_up
    await nats_server.kill()
    await holds(lambda: not nats_connection.is_connected and not reader.caught_up)
    assert await reader.read(1, 0.05) == []
    await nats_server.start()
    assert await reader.read(1, 20.0, stop_at_end=True) == []
    assert reader.caught_up
    await reader.close()
