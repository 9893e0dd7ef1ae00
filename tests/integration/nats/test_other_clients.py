"""A NATS client that is not ours: what it publishes we read, and what we tell it can follow."""

import nats
from nats.aio.msg import Msg

from headwater.edges.nats.connection import Connection
from headwater.edges.nats.embedded import EmbeddedServer
from headwater.edges.nats.journal import EventJournal
from headwater.edges.nats.publishing import PublishWindow
from headwater.edges.nats.result_sink import ResultSink
from headwater.model.effects import PublishResult
from headwater.model.inputs import EventObserved
from headwater.model.results import Cause, CorrelationResult, encode_result

EVENT = b'{"id":"oom-1","source":"ebpf","trace_context":{"trace_id":"trace-1"},"kernel":{"syscall":"oom_kill"}}'


async def test_a_plain_client_publishes_events_and_follows_results(nats_server: EmbeddedServer, nats_connection: Connection) -> None:
    client = await nats.connect(nats_server.url, token=nats_server.options.token)
    stream = client.jetstream()
    await stream.publish("traces.trace-1.ebpf", EVENT)
    journal = EventJournal(nats_connection)
    (event,) = await journal.read(10, 10.0)
    assert isinstance(event, EventObserved)
    assert (event.trace_token, event.source_token, event.data) == ("trace-1", "ebpf", EVENT)
    await journal.close()

    everything = await stream.pull_subscribe("correlations.>", stream="CORRELATIONS")
    result = CorrelationResult(
        id="i-1", fingerprint="f", revision=1, status="open", reason="first seen", type="cascading_failure", severity="critical",
        verdict="confirmed", confidence=0.9, root_cause="mysql-pod-abc OOM", cause=Cause("a/Pod/b/c", "a/Pod/b/c", "kernel.oom"),
    )  # fmt: skip
    async with PublishWindow(nats_connection) as window:
        await ResultSink(window).publish([PublishResult(result, encode_result(result), is_alert=True)])
    messages: list[Msg] = []
    while len(messages) < 2:
        messages += await everything.fetch(2, timeout=10)
    assert [message.subject for message in messages] == ["correlations.results", "correlations.alerts"]
    assert messages[0].data == encode_result(result)
    assert messages[0].headers["Nats-Msg-Id"] != messages[1].headers["Nats-Msg-Id"]
    await client.close()
