"""
A hundred thousand malformed messages: each is accepted or rejected with a reason, none is lost, none crashes, none blocks the rest.

Every message is a real event that something happened to on its way: cut, flipped, retyped, inflated, nested, dated wrongly.
"""

import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from headwater.correlation.knowledge import compile_knowledge
from headwater.correlation.system import CorrelationSystem
from headwater.model.effects import PublishRejected, PublishResult, RejectionReason
from headwater.model.inputs import EventObserved, TimePassed
from headwater.model.results import decode_result
from headwater.model.times import parse_time, seconds
from headwater.service.knowledge import rule_texts

MESSAGES = 100_000
BATCH = 500
START = parse_time("2026-01-05T10:00:00Z")
SOUND: list[dict[str, Any]] = [
    {
        "id": "oom",
        "timestamp": "2026-01-05T10:00:00.000Z",
        "type": "ebpf",
        "source": "ebpf",
        "trace_context": {"trace_id": "t-1"},
        "k8s_context": {"kind": "Pod", "name": "mysql-0", "namespace": "shop", "labels": {"app": "mysql"}},
        "kernel": {"syscall": "oom_kill"},
    },
    {
        "id": "timeout",
        "timestamp": "2026-01-05T10:00:15.000Z",
        "type": "service",
        "source": "api",
        "severity": "error",
        "message": "timeout",
        "entity": {"type": "service", "name": "api", "namespace": "shop"},
        "attributes": {"peer.service": "mysql", "error.type": "timeout"},
    },
    {
        "id": "event",
        "timestamp": "2026-01-05T10:00:20Z",
        "type": "kubernetes",
        "source": "kubernetes",
        "kubernetes": {
            "event_type": "Warning",
            "reason": "BackOff",
            "object": "pod/api-1",
            "object_kind": "Pod",
            "action": "EVENT",
            "message": "m",
        },
        "k8s_context": {"kind": "Pod", "name": "api-1", "namespace": "shop"},
        "attributes": {"firstTimestamp": "2026-01-05T09:59:00Z", "count": 3},
    },
    {
        "id": "span",
        "timestamp": "2026-01-05T10:00:01Z",
        "type": "service",
        "source": "otel",
        "trace_context": {"trace_id": "t-2", "span_id": "s"},
        "attributes": {"service.name": "api", "peer.service": "mysql", "status": "OK"},
        "network": {"status_code": 200, "latency_ns": 5},
    },
]
STRANGE: list[Any] = [
    None,
    True,
    -1,
    0.5,
    10**30,
    "",
    " ",
    "\u0000",
    "\u202e",
    "x" * 600,
    "\x1b[2J",
    [],
    {},
    [[]],
    {"": {}},
    ["x"] * 50,
    "0001-01-01T00:00:00Z",
    "2026-13-45T99:99:99Z",
    "9999-12-31T23:59:59Z",
    "1969-12-31T23:59:59Z",
    "traces.>",
    "../../etc",
    "NaN",
    1e300,
    "{cause.name}",
    "ﬀ" * 100,
]

Damage = Callable[[Random, dict[str, Any]], bytes]


def encoded(event: Any) -> bytes:
    return json.dumps(event).encode()


def cut(rng: Random, event: dict[str, Any]) -> bytes:
    data = encoded(event)
    return data[: rng.randrange(len(data))]


def flipped(rng: Random, event: dict[str, Any]) -> bytes:
    data = bytearray(encoded(event))
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def retyped(rng: Random, event: dict[str, Any]) -> bytes:
    """One value, at any depth, becomes something else."""
    copy = json.loads(encoded(event))
    place = copy
    while True:
        key = rng.choice(list(place))
        if isinstance(place[key], dict) and place[key] and rng.random() < 0.7:
            place = place[key]
            continue
        place[key] = rng.choice(STRANGE)
        return encoded(copy)


def extended(rng: Random, event: dict[str, Any]) -> bytes:
    """A field that nobody expects."""
    name = rng.choice(["new", "specversion", "data", "", "attributes", "correlations", "raw_data", "severity", "metrics", "semantic"])
    return encoded({**event, name: rng.choice(STRANGE)})


def nested(rng: Random, event: dict[str, Any]) -> bytes:
    depth = rng.choice([5, 31, 33, 200, 600, 5_000])
    opening, closing = rng.choice([(b"[", b"]"), (b'{"a":', b"}")])
    body = opening * depth + b"1" + closing * rng.choice([depth, depth, 0])
    return encoded(event)[:-1] + b', "attributes": ' + body + b"}"


def inflated(rng: Random, event: dict[str, Any]) -> bytes:
    # Large ones are rare, since only their number of bytes matters.
    size = rng.choice([70_000, 950_000]) if rng.random() < 0.01 else rng.choice([1_000, 5_000])
    return encoded({**event, "message": rng.choice(["x", "\\", "é", "{"]) * size})


def enveloped(rng: Random, event: dict[str, Any]) -> bytes:
    return encoded({"specversion": "1.0", "id": "e", "source": "s", "type": "t", "data": rng.choice([event, *STRANGE])})


def binary(rng: Random, _event: dict[str, Any]) -> bytes:
    return rng.randbytes(rng.randrange(200))


def untouched(_rng: Random, event: dict[str, Any]) -> bytes:
    return encoded(event)


DAMAGES: list[Damage] = [cut, flipped, retyped, retyped, extended, nested, inflated, enveloped, binary, untouched]


@pytest.mark.slow
def test_a_hundred_thousand_malformed_messages_are_each_accepted_or_rejected() -> None:
    rng = Random(20260105)
    system = CorrelationSystem(compile_knowledge(rule_texts()))
    reasons: Counter[RejectionReason] = Counter()
    sequences: set[int] = set()
    results = 0
    for first in range(1, MESSAGES + 1, BATCH):
        items = []
        for sequence in range(first, first + BATCH):
            event = {**rng.choice(SOUND), "id": f"{rng.choice(SOUND)['id']}-{rng.randrange(2_000)}"}
            data = rng.choice(DAMAGES)(rng, event)
            items.append(
                EventObserved(
                    trace_token="none", source_token="fuzz", data=data, received_at=START + seconds(sequence / 1_000), sequence=sequence
                )
            )
        for effect in system.handle_batch(items):
            if isinstance(effect, PublishRejected):
                assert effect.detail
                assert effect.sequence not in sequences
                sequences.add(effect.sequence)
                reasons[effect.reason] += 1
            elif isinstance(effect, PublishResult):
                results += 1
                assert decode_result(effect.body) == effect.result
    accepted = system.counters["events"] - system.counters["events_rejected"]
    assert system.counters["events"] == MESSAGES
    assert accepted + sum(reasons.values()) == MESSAGES
    assert system.position == MESSAGES
    assert accepted > MESSAGES / 10
    # A fuzz that never reaches a reason tests nothing of it.
    expected = set(RejectionReason) - {RejectionReason.INVALID_SUBJECT, RejectionReason.INVALID_TOPOLOGY, RejectionReason.TOO_LATE}
    assert set(reasons) >= expected
    # The rest was not blocked: the failure that all of this happened to is found.
    assert results > 0
    system.handle(TimePassed(received_at=START + seconds(7_200)))
