"""Publishing: each event stored once, whatever the server does meanwhile, in bounded memory."""

import asyncio
from pathlib import Path

import pytest

from headwater.edges.nats.connection import Connection, connect
from headwater.edges.nats.embedded import EmbeddedServer
from headwater.edges.nats.errors import ConnectError, PublisherUnavailableError, PublishRefusedError
from headwater.edges.nats.journal import EventJournal
from headwater.edges.nats.publisher import Publisher, trace_parent_of
from headwater.edges.nats.publishing import OutgoingMessage, PublishWindow
from headwater.edges.nats.result_history import open_tail
from headwater.edges.nats.streams import TRACES, ensure_streams, stream_info
from headwater.model.bounds import EVENT_BYTES_MAX
from headwater.model.effects import PublishRejected
from headwater.model.events import validate_event
from headwater.model.inputs import EventObserved

TRACE_ID, SPAN_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def message(number: int, size: int = 1) -> OutgoingMessage:
    return OutgoingMessage(f"traces.t{number % 9}.ebpf", b"%d" % number + b" " * size, f"id-{number}")


async def numbers_of(connection: Connection, count: int) -> list[int]:
    """What the stream holds, as the numbers of `message`."""
    journal = EventJournal(connection)
    numbers: list[int] = []
    while len(numbers) < count:
        items = await journal.read(1_000, 5.0)
        assert items, f"only {len(numbers)} of {count} came"
        numbers += [int(item.data) for item in items]
    assert await journal.read(1_000, 0.05) == []
    await journal.close()
    return numbers


async def test_an_event_is_published_on_its_traces_subject_with_its_trace_context(nats_connection: Connection) -> None:
    tail = await open_tail(nats_connection, "events")
    event = validate_event(
        b'{"id":"e-1","source":"api.gateway","trace_context":{"trace_id":"%b","span_id":"%b"}}' % (TRACE_ID.encode(), SPAN_ID.encode())
    )
    async with Publisher(nats_connection) as publisher:
        await publisher.publish_many([event, event])
        assert publisher.counters.duplicates == 1
    (stored,) = await tail.read(10, 5.0)
    assert stored.subject.startswith(f"traces.{TRACE_ID}.h-")
    assert validate_event(stored.data) == event
    assert stored.headers["traceparent"] == f"00-{TRACE_ID}-{SPAN_ID}-01"
    assert stored.headers["Nats-Msg-Id"].endswith(".e-1")
    await tail.close()


async def test_a_cloud_event_in_binary_mode_is_read_as_the_event_in_it(nats_connection: Connection) -> None:
    headers = {"ce-specversion": "1.0", "ce-id": "c-1", "ce-source": "probe", "ce-type": "pod.oom", "content-type": "application/json"}
    await nats_connection.request("traces.t.probe", b'{"message":"out of memory"}', headers=headers)
    await nats_connection.request("traces.t.probe", b"no json", headers=headers)
    journal = EventJournal(nats_connection)
    items: list[EventObserved | PublishRejected] = []
    while len(items) < 2:
        items += await journal.read(10, 5.0)
    event, refused = items
    assert isinstance(event, EventObserved)
    assert validate_event(event.data).id == "c-1"
    assert isinstance(refused, PublishRejected)
    assert (refused.reason.value, refused.data) == ("not_json", b"no json")
    await journal.close()


def test_a_trace_parent_is_made_of_w3c_ids_alone() -> None:
    assert trace_parent_of(TRACE_ID.upper(), SPAN_ID) == f"00-{TRACE_ID}-{SPAN_ID}-01"
    for trace_id, span_id in ((TRACE_ID[1:], SPAN_ID), (TRACE_ID, ""), ("0" * 32, SPAN_ID), (TRACE_ID, "g" * 16)):
        assert trace_parent_of(trace_id, span_id) == ""


async def test_an_event_too_large_is_refused_before_it_is_sent(nats_connection: Connection) -> None:
    async with Publisher(nats_connection) as publisher:
        await publisher.publish_raw(b" " * EVENT_BYTES_MAX, event_id="fits", source="s")
        with pytest.raises(PublishRefusedError, match="leave out raw_data"):
            await publisher.publish_raw(b" " * (EVENT_BYTES_MAX + 1), event_id="does not", source="s")
    assert (await stream_info(nats_connection, TRACES)).messages == 1


async def test_the_window_never_holds_more_than_its_limits(nats_connection: Connection) -> None:
    async with PublishWindow(nats_connection, messages_max=10, bytes_max=20_000) as window:
        for number in range(200):
            await window.send(message(number, 5_000))
            assert window.on_their_way <= 3
        for number in range(200, 400):
            await window.send(message(number))
            assert window.on_their_way <= 10
    assert await numbers_of(nats_connection, 400) == list(range(400))


async def test_a_message_that_the_stream_refuses_is_reported_and_the_others_are_stored(nats_connection: Connection) -> None:
    async with PublishWindow(nats_connection) as window:
        await window.send(OutgoingMessage("traces.t.a", b"1", "id-1", {"Nats-Expected-Last-Sequence": "77"}))
        await window.send(message(2))
        with pytest.raises(PublishRefusedError, match=r"traces\.t\.a.*wrong last sequence"):
            await window.flush()
        assert window.counters.refused == 1
    assert await numbers_of(nats_connection, 1) == [2]


async def test_a_message_larger_than_the_server_takes_is_refused(nats_connection: Connection) -> None:
    async with PublishWindow(nats_connection) as window:
        await window.send(message(1, 2 * 1024 * 1024))
        with pytest.raises(PublishRefusedError, match="max_payload"):
            await window.flush()


async def test_a_server_that_stays_away_is_reported_and_what_was_taken_is_stored_once_it_is_back(
    nats_server: EmbeddedServer, nats_connection: Connection
) -> None:
    async with PublishWindow(nats_connection, messages_max=5, patience_seconds=0.5) as window:
        await window.send(message(0))
        await window.flush()
        await nats_server.kill()
        for number in range(1, 6):
            await window.send(message(number))
        with pytest.raises(PublisherUnavailableError, match=r"0\.5 s"):
            await window.send(message(6))
        assert window.on_their_way == 5
        with pytest.raises(PublisherUnavailableError):
            await window.flush()
        await nats_server.start()
        await nats_connection.connected(20.0)
        await window.flush()
        await window.send(message(6))
    assert await numbers_of(nats_connection, 7) == list(range(7))


async def test_a_missing_stream_is_waited_for(nats_server: EmbeddedServer) -> None:
    async with connect(nats_server.options) as connection, PublishWindow(connection, ack_seconds=0.1) as window:
        await window.send(message(0))
        await connection.request("$JS.API.INFO")
        assert window.on_their_way == 1
        await ensure_streams(connection)
        await window.flush()
        assert await numbers_of(connection, 1) == [0]


async def test_an_error_of_the_protocol_loses_nothing(nats_connection: Connection) -> None:
    async with PublishWindow(nats_connection) as window:
        for number in range(500):
            await window.send(message(number))
            if number == 250:
                await nats_connection.publish("x" * 5_000, b"")
    assert sorted(await numbers_of(nats_connection, 500)) == list(range(500))
    assert nats_connection.generation == 2


async def test_a_collector_without_a_server_is_told_so(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path, sync_always=False)
    async with server:
        options = server.options
    with pytest.raises(ConnectError, match=r"127\.0\.0\.1"):
        async with Publisher(options, connect_seconds=0.1):
            raise AssertionError


async def test_what_waits_goes_as_atomic_batches_and_what_was_stored_before_does_not_spoil_them(nats_connection: Connection) -> None:
    async with PublishWindow(nats_connection, is_grouping=True) as window:
        for number in range(300, 320):
            await window.send(message(number))
        await window.flush()
        for number in range(1_000):
            await window.send(message(number))
        await window.flush()
        assert window.counters.duplicates == 20
        assert window.counters.stored == 1_020
    assert sorted(await numbers_of(nats_connection, 1_000)) == list(range(1_000))
    tail = await open_tail(nats_connection, "events", start_at=0)
    assert any("Nats-Batch-Id" in stored.headers for stored in await tail.read(1_000, 5.0))
    await tail.close()


async def test_a_stream_that_takes_no_batches_gets_its_messages_one_by_one(nats_server: EmbeddedServer) -> None:
    async with connect(nats_server.options) as connection:
        await connection.api(f"STREAM.CREATE.{TRACES}", {"name": TRACES, "subjects": ["traces.>"]})
        async with PublishWindow(connection, is_grouping=True) as window:
            for number in range(1_000):
                await window.send(message(number))
        assert sorted(await numbers_of(connection, 1_000)) == list(range(1_000))


@pytest.mark.parametrize("is_grouping", [False, True])
async def test_killing_the_server_loses_and_repeats_nothing(
    nats_server: EmbeddedServer, nats_connection: Connection, is_grouping: bool
) -> None:
    """Both sides go on through three crashes: every event arrives once, and nothing else does."""
    count = 6_000
    received: list[EventObserved | PublishRejected] = []
    has_got = [asyncio.Event() for _ in range(3)]

    async def publish() -> None:
        async with PublishWindow(nats_connection, messages_max=200, is_grouping=is_grouping) as window:
            for number in range(count):
                await window.send(message(number))

    async def receive() -> None:
        journal = EventJournal(nats_connection, messages_max=256)
        while len(received) < count:
            received.extend(await journal.read(100, 1.0))
            for place, event in enumerate(has_got):
                if len(received) > (place + 1) * count // 5:
                    event.set()
        assert await journal.read(10, 0.1) == []
        await journal.close()

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(publish())
        group.create_task(receive())
        for event in has_got:
            await event.wait()
            await nats_server.kill()
            await nats_server.start()
    assert sorted(int(item.data) for item in received) == list(range(count))
    sequences = [item.sequence for item in received]
    assert sequences == sorted(set(sequences))
    assert nats_connection.generation == 4
