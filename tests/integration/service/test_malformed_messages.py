"""Two thousand messages on a real server, most of them malformed: each is accepted, or rejected once with its reason."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import nats
import pytest
from tests.e2e.program import STORY
from tests.integration.service.test_runtime import is_whole, publish_topology, running

from headwater.edges.nats.embedded import EmbeddedServer
from headwater.edges.nats.result_sink import decode_rejected
from headwater.model.effects import RejectionReason as Reason
from headwater.model.times import format_time, parse_time, seconds
from headwater.service.clock import WallClock
from headwater.service.settings import Settings
from headwater.service.wiring import Feed, open_client

pytestmark = pytest.mark.nats

MESSAGES = 2_000
HUGE_EVERY = 400
HASHED = "h-0123456789abcdef0123456789abcdef"


class Sent(NamedTuple):
    """A message, and why it is rejected; None where it is taken."""

    subject: str
    data: bytes
    reason: Reason | None


Maker = Callable[[Random, dict[str, Any], int], Sent]


def sent(content: Any, reason: Reason | None, subject: str = "traces.none.fuzz") -> Sent:
    return Sent(subject, content if isinstance(content, bytes) else json.dumps(content).encode(), reason)


def cut(rng: Random, event: dict[str, Any], _now: int) -> Sent:
    data = json.dumps(event).encode()
    return sent(data[: rng.randrange(len(data))], Reason.NOT_JSON)


def binary(rng: Random, _event: dict[str, Any], _now: int) -> Sent:
    return sent(b"\xff" + rng.randbytes(rng.randrange(300)), Reason.NOT_JSON)


def retyped(rng: Random, event: dict[str, Any], _now: int) -> Sent:
    field, value = rng.choice(
        [("id", 7), ("id", ""), ("id", None), ("id", "x" * 600), ("source", ["api"]), ("type", {}), ("message", 1.5), ("attributes", "a"),
         ("trace_context", []), ("k8s_context", 3), ("kernel", True)]
    )  # fmt: skip
    return sent({**event, field: value}, Reason.INVALID_FIELD)


def no_object(rng: Random, _event: dict[str, Any], _now: int) -> Sent:
    return sent(rng.choice([[], 1, None, "event", [{}], {}]), Reason.INVALID_FIELD)


def badly_dated(rng: Random, event: dict[str, Any], _now: int) -> Sent:
    return sent({**event, "timestamp": rng.choice(["soon", "2026-13-45T99:99:99Z", "2026-01-05", "10:00", "0"])}, Reason.INVALID_TIME)


def late(rng: Random, event: dict[str, Any], now: int) -> Sent:
    return sent({**event, "timestamp": format_time(now - seconds(rng.randint(1_000, 1_000_000)))}, Reason.TOO_LATE)


def future(rng: Random, event: dict[str, Any], now: int) -> Sent:
    return sent({**event, "timestamp": format_time(now + seconds(rng.randint(2_000, 1_000_000)))}, Reason.IN_THE_FUTURE)


def deep(rng: Random, event: dict[str, Any], _now: int) -> Sent:
    depth = rng.choice([600, 5_000])
    opening, closing = rng.choice([(b"[", b"]"), (b'{"a":', b"}")])
    return sent(json.dumps(event).encode()[:-1] + b', "raw_data": ' + opening * depth + b"1" + closing * depth + b"}", Reason.TOO_DEEP)


def long_string(_rng: Random, event: dict[str, Any], _now: int) -> Sent:
    return sent({**event, "message": "x" * 70_000}, Reason.STRING_TOO_LONG)


def huge(_rng: Random, event: dict[str, Any], _now: int) -> Sent:
    return sent({**event, "message": "x" * 950_000}, Reason.TOO_LARGE)


def on_a_strange_subject(rng: Random, event: dict[str, Any], _now: int) -> Sent:
    return sent(event, Reason.INVALID_SUBJECT, rng.choice(["traces.t1", "traces.t1.api.more", "traces.a.b.c.d", f"traces.{HASHED}"]))


def healthy(rng: Random, event: dict[str, Any], now: int) -> Sent:
    """Taken, though nobody would write it so."""
    subject = rng.choice([f"traces.{HASHED}.fuzz", f"traces.none.{HASHED}", "traces.$JS.API", "traces.ünï.\u202e", f"traces.{'x' * 500}.y"])
    times = [None, "", "1969-12-31T23:59:59Z", format_time(now)]
    return sent(
        {"id": event["id"], "source": "fuzz", "timestamp": rng.choice(times), "x\u0000y": rng.choice([None, [], {"": 1e300}])},
        None,
        subject,
    )


MAKERS: list[Maker] = [
    cut, binary, retyped, no_object, badly_dated, late, future, deep, long_string, on_a_strange_subject, healthy, healthy,
]  # fmt: skip


def story_as_of(now: int) -> list[Sent]:
    """The story, happening now."""
    first = parse_time(STORY[0]["timestamp"])
    moved = [{**event, "timestamp": format_time(now - seconds(60) + parse_time(event["timestamp"]) - first)} for event in STORY]
    return [sent(event, None, f"traces.{event['trace_context']['trace_id']}.{event['source']}") for event in moved]


def messages_as_of(now: int) -> list[Sent]:
    rng = Random(20260105)
    messages = []
    for number in range(MESSAGES - len(STORY)):
        maker = huge if number % HUGE_EVERY == 0 else rng.choice(MAKERS)
        messages.append(maker(rng, {**rng.choice(STORY), "id": f"fuzz-{number}", "timestamp": format_time(now)}, now))
    begins, goes_on, ends = story_as_of(now)
    return [begins, *messages[: MESSAGES // 2], goes_on, *messages[MESSAGES // 2 :], ends]


async def publish_plainly(server: EmbeddedServer, messages: list[Sent]) -> None:
    """By a client that is not ours, and asks for no acknowledgement; one connection, so that the stream numbers them in this order."""
    client = await nats.connect(server.url, token=server.options.token)
    try:
        for message in messages:
            await client.publish(message.subject, message.data)
        await client.flush(30)
    finally:
        await client.close()


async def test_each_message_is_accepted_or_rejected_once_with_its_reason(nats_server: EmbeddedServer) -> None:
    messages = messages_as_of(WallClock().now())
    async with open_client(Settings(), server=nats_server.options) as client, asyncio.timeout(120):
        await client.prepare()
        await publish_topology(client)
        async with running(client) as runtime:
            await publish_plainly(nats_server, messages)
            while runtime.position < MESSAGES:  # noqa: ASYNC110  (the position is not an event to wait for)
                await asyncio.sleep(0.05)
        rejected = [decode_rejected(message.data) async for message in client.follow(Feed.REJECTED, start_at=0, ends=True)]
        incidents = await client.latest_results()

    expected = {number: message.reason.value for number, message in enumerate(messages, start=1) if message.reason}
    found = {message.sequence: message.reason for message in rejected}
    differences = {
        number: (expected.get(number), found.get(number)) for number in expected | found if expected.get(number) != found.get(number)
    }
    assert not differences, [(what, messages[number - 1][:2]) for number, what in list(differences.items())[:5]]
    assert len(rejected) == len(found)
    assert Counter(found.values()).keys() == {reason.value for reason in Reason} - {Reason.INVALID_TOPOLOGY.value}
    assert all(message.detail and message.size == len(messages[message.sequence - 1].data) for message in rejected)
    assert runtime.telemetry.counts["rejected"] == len(expected) < MESSAGES

    (incident,) = incidents
    assert is_whole(incident)
    assert (incident.type, incident.remediation) == ("cascading_failure", "increase mysql memory limits")
