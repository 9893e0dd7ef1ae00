"""Results: stored once under ids of their own, and found again."""

import base64
from hashlib import sha256

from headwater.edges.nats import subjects
from headwater.edges.nats.connection import Connection
from headwater.edges.nats.publishing import PublishWindow
from headwater.edges.nats.reader import StoredMessage
from headwater.edges.nats.result_history import ResultHistory, Tail, open_tail
from headwater.edges.nats.result_sink import REJECTED_BYTES_MAX, ResultSink, decode_rejected
from headwater.edges.nats.streams import CORRELATIONS, stream_info
from headwater.model.effects import Effect, PublishRejected, PublishResult, RejectionReason
from headwater.model.results import Cause, CorrelationResult, encode_result

TRACE_PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def told(incident: str, revision: int = 1, *, is_alert: bool = False) -> PublishResult:
    result = CorrelationResult(
        id=incident, fingerprint="f", revision=revision, status="open", reason="first seen", type="cascading_failure", severity="critical",
        verdict="confirmed", confidence=0.9, root_cause="mysql-pod-abc OOM at 10:00:00",
        cause=Cause("default/Pod/shop/mysql-pod-abc", "default/StatefulSet/shop/mysql-statefulset", "kernel.oom"),
        detected_at="2026-01-05T10:00:30.050Z",
    )  # fmt: skip
    return PublishResult(result, encode_result(result), is_alert, TRACE_PARENT)


def rejected(data: bytes) -> PublishRejected:
    return PublishRejected(RejectionReason.NOT_JSON, "it ends too early: send all of it", "traces.a.b", 7, 1_767_607_200_000_000_000, data)


async def read_all(tail: Tail, count: int) -> list[StoredMessage]:
    messages: list[StoredMessage] = []
    while len(messages) < count:
        batch = await tail.read(100, 10.0)
        assert batch, f"only {len(messages)} of {count} came"
        messages += batch
    return messages


async def test_a_result_and_its_alert_are_stored_under_ids_of_their_own(nats_connection: Connection) -> None:
    results, alerts = await open_tail(nats_connection, "results"), await open_tail(nats_connection, "alerts")
    effect = told("i-1", is_alert=True)
    async with PublishWindow(nats_connection) as window:
        await ResultSink(window).publish([effect])
    (result,), (alert,) = await read_all(results, 1), await read_all(alerts, 1)
    assert (result.subject, alert.subject) == (subjects.RESULTS, subjects.ALERTS)
    assert result.data == alert.data == effect.body
    assert result.headers["Nats-Msg-Id"] == effect.message_id("result") != alert.headers["Nats-Msg-Id"]
    assert result.headers["traceparent"] == TRACE_PARENT
    assert result.headers["ce-specversion"] == "1.0"
    assert result.headers["ce-subject"] == "i-1"
    await results.close()
    await alerts.close()


async def test_effects_performed_twice_are_stored_once(nats_connection: Connection) -> None:
    effects: list[Effect] = [told("i-1", is_alert=True), told("i-2"), rejected(b"{")]
    async with PublishWindow(nats_connection) as window:
        sink = ResultSink(window)
        await sink.publish(effects)
        await sink.publish(effects)
    assert (await stream_info(nats_connection, CORRELATIONS)).messages == 4


async def test_a_rejected_message_says_why_and_keeps_the_bytes(nats_connection: Connection) -> None:
    tail = await open_tail(nats_connection, "rejected", start_at=0)
    small, large = b"\xff{", bytes(REJECTED_BYTES_MAX + 1)
    async with PublishWindow(nats_connection) as window:
        await ResultSink(window).publish([rejected(small), rejected(large)])
    first, second = [decode_rejected(message.data) for message in await read_all(tail, 2)]
    assert (first.reason, first.subject, first.sequence, first.size) == ("not_json", "traces.a.b", 7, 2)
    assert first.received_at == "2026-01-05T10:00:00.000Z"
    assert first.sha256 == sha256(small).hexdigest()
    assert base64.b64decode(first.data) == small
    assert not first.is_truncated
    assert second.is_truncated
    assert second.size == REJECTED_BYTES_MAX + 1
    assert len(base64.b64decode(second.data)) == REJECTED_BYTES_MAX
    await tail.close()


async def test_history_gives_the_last_revision_of_each_incident(nats_connection: Connection) -> None:
    history = ResultHistory(nats_connection)
    assert await history.latest() == []
    async with PublishWindow(nats_connection) as window:
        await ResultSink(window).publish([told("i-1"), told("i-2"), told("i-1", 2), told("i-3")])
    await nats_connection.request(subjects.RESULTS, b"not a result")
    assert [(result.id, result.revision) for result in await history.latest()] == [("i-2", 1), ("i-1", 2), ("i-3", 1)]
    assert history.unreadable == 1
    assert [result.revision for result in await history.revisions("i-1")] == [1, 2]


async def test_history_forgets_what_was_told_longest_ago_and_counts_it(nats_connection: Connection) -> None:
    async with PublishWindow(nats_connection) as window:
        await ResultSink(window).publish([told(f"i-{number}") for number in range(5)])
    history = ResultHistory(nats_connection, incidents_max=2)
    assert [result.id for result in await history.latest()] == ["i-3", "i-4"]
    assert history.forgotten == 3


async def test_a_tail_starts_now(nats_connection: Connection) -> None:
    async with PublishWindow(nats_connection) as window:
        sink = ResultSink(window)
        await sink.publish([told("before")])
        tail = await open_tail(nats_connection, "results")
        assert await tail.read(10, 0.05) == []
        await sink.publish([told("after")])
    (message,) = await read_all(tail, 1)
    assert b'"after"' in message.data
    await tail.close()
