"""The intake: one reason per refusal, the subject's trace, the event's own time."""

import json
from typing import Any

import pytest

from headwater.correlation.event_clock import EventClock
from headwater.correlation.intake import Admitted, Intake
from headwater.model.cloudevents import structured
from headwater.model.effects import PublishRejected, RejectionReason
from headwater.model.identity import trace_token
from headwater.model.inputs import EventObserved
from headwater.model.times import parse_time, seconds

NOW = parse_time("2026-01-05T10:00:00Z")


def observed(content: dict[str, Any] | bytes, *, token: str = "none", received_at: int = NOW) -> EventObserved:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return EventObserved(trace_token=token, source_token="s", data=data, received_at=received_at, sequence=1)


def admitted(item: EventObserved) -> Admitted:
    found = Intake(EventClock(), {"events_rejected": 0, "trace_disagreements": 0}).admit(item)
    assert isinstance(found, Admitted), found
    return found


def refused(item: EventObserved, clock: EventClock | None = None) -> PublishRejected:
    counters = {"events_rejected": 0, "trace_disagreements": 0}
    found = Intake(clock or EventClock(), counters).admit(item)
    assert isinstance(found, PublishRejected)
    assert counters["events_rejected"] == counters[f"rejected_{found.reason.value}"] == 1
    return found


def test_a_refusal_keeps_the_message_and_its_place() -> None:
    found = refused(observed(b"no event", token="t"))
    assert (found.reason, found.data, found.subject, found.sequence) == (RejectionReason.NOT_JSON, b"no event", "traces.t.s", 1)


def test_the_horizon_decides_what_is_too_late() -> None:
    clock = EventClock()
    clock.observe(NOW, NOW)
    found = refused(observed({"id": "a", "timestamp": "2026-01-05T09:44:59.999Z"}), clock)
    assert found.reason == RejectionReason.TOO_LATE
    kept = Intake(clock, {"events_rejected": 0}).admit(observed({"id": "a", "timestamp": "2026-01-05T09:45:00Z"}))
    assert isinstance(kept, Admitted)
    assert kept.is_late


def test_a_clock_far_ahead_is_refused_and_moves_nobody_elses() -> None:
    clock = EventClock()
    found = refused(observed({"id": "a", "timestamp": "2026-01-05T11:00:00Z"}), clock)
    assert found.reason == RejectionReason.IN_THE_FUTURE
    assert clock.at <= NOW + seconds(5)


@pytest.mark.parametrize(
    ("token", "said", "trace", "disagreements"),
    [
        ("none", "t-1", "t-1", 0),
        ("none", "", "", 0),
        ("t-1", "", "t-1", 0),
        ("t-1", "t-1", "t-1", 0),
        ("t-1", "t-2", "t-1", 1),
        (trace_token("a.b"), "a.b", "a.b", 0),
        (trace_token("a.b"), "other", trace_token("a.b"), 1),
    ],
)
def test_the_subject_decides_the_trace_and_the_body_only_restores_it(token: str, said: str, trace: str, disagreements: int) -> None:
    counters = {"events_rejected": 0, "trace_disagreements": 0}
    found = Intake(EventClock(), counters).admit(observed({"id": "a", "trace_context": {"trace_id": said}}, token=token))
    assert isinstance(found, Admitted)
    assert (found.trace_id, counters["trace_disagreements"]) == (trace, disagreements)


def test_an_event_in_an_envelope_is_the_same_observation_as_without() -> None:
    plain = json.dumps({"id": "a", "source": "s", "message": "m"}).encode()
    assert admitted(observed(structured(plain))).data == admitted(observed(plain)).data == plain


def test_an_event_without_a_time_happened_when_it_was_received() -> None:
    assert admitted(observed({"id": "a"})).occurred_at == NOW
