"""The journal: every message of TRACES once and in order, as an input or rejected."""

from headwater.edges.nats.connection import Connection
from headwater.edges.nats.embedded import EmbeddedServer
from headwater.edges.nats.journal import EventJournal
from headwater.edges.nats.publisher import Publisher
from headwater.model.effects import PublishRejected, RejectionReason
from headwater.model.inputs import EventObserved


async def read_all(journal: EventJournal, count: int) -> list[EventObserved | PublishRejected]:
    """Read until there are so many, or nothing comes any more."""
    items: list[EventObserved | PublishRejected] = []
    while len(items) < count:
        batch = await journal.read(1_000, 10.0)
        assert batch, f"only {len(items)} of {count} came"
        items += batch
    return items


def body(number: int) -> bytes:
    return b'{"id":"event-%d"}' % number


async def publish(publisher: Publisher, numbers: range) -> None:
    for number in numbers:
        await publisher.publish_raw(body(number), event_id=f"event-{number}", source="ebpf", trace_id=f"trace-{number % 7}")


async def test_events_come_in_the_order_they_were_published(nats_connection: Connection) -> None:
    async with Publisher(nats_connection) as publisher:
        await publish(publisher, range(3_000))
    journal = EventJournal(nats_connection)
    events = await read_all(journal, 3_000)
    assert [event.data for event in events] == [body(number) for number in range(3_000)]
    assert [event.sequence for event in events] == list(range(1, 3_001))
    first = events[0]
    assert isinstance(first, EventObserved)
    assert (first.trace_token, first.source_token) == ("trace-0", "ebpf")
    assert first.received_at > 1_700_000_000_000_000_000
    assert journal.caught_up
    assert journal.position == 3_000
    await journal.close()


async def test_reading_goes_on_behind_a_position(nats_connection: Connection) -> None:
    async with Publisher(nats_connection) as publisher:
        await publish(publisher, range(10))
    journal = EventJournal(nats_connection, after=4)
    assert [event.sequence for event in await read_all(journal, 6)] == [5, 6, 7, 8, 9, 10]
    await journal.close()


async def test_an_event_published_twice_is_stored_once(nats_connection: Connection) -> None:
    async with Publisher(nats_connection) as publisher:
        await publish(publisher, range(5))
        await publish(publisher, range(5))
        await publisher.flush()
        assert publisher.counters.duplicates == 5
    journal = EventJournal(nats_connection)
    assert len(await read_all(journal, 5)) == 5
    assert await journal.read(10, 0.1) == []
    await journal.close()


async def test_a_message_whose_subject_names_no_trace_and_source_comes_rejected(nats_connection: Connection) -> None:
    for subject in ("traces.a.b.c", "traces.a", "traces.trace/1.api"):
        await nats_connection.request(subject, b"{}")
    journal = EventJournal(nats_connection)
    many, few, odd = await read_all(journal, 3)
    assert isinstance(many, PublishRejected)
    assert (many.reason, many.subject, many.sequence, many.data) == (RejectionReason.INVALID_SUBJECT, "traces.a.b.c", 1, b"{}")
    assert isinstance(few, PublishRejected)
    assert isinstance(odd, EventObserved)
    assert odd.trace_token.startswith("h-")
    await journal.close()


async def test_a_killed_server_costs_a_reader_nothing(nats_server: EmbeddedServer, nats_connection: Connection) -> None:
    async with Publisher(nats_connection) as publisher:
        await publish(publisher, range(2_000))
    journal = EventJournal(nats_connection)
    events = list(await journal.read(500, 10.0))
    await nats_server.kill()
    events += await journal.read(100, 0.05)
    await nats_server.start()
    async with Publisher(nats_connection) as publisher:
        await publish(publisher, range(2_000, 2_500))
    events += await read_all(journal, 2_500 - len(events))
    assert [event.sequence for event in events] == list(range(1, 2_501))
    assert journal.counters.restarts >= 1
    await journal.close()
