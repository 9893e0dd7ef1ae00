"""What telemetry becomes an event, what only teaches, and what is remembered of it."""

import pytest
from tests.unit.edges.otlp.telemetry import START, call_of, later, log_of, received, span_of

from headwater.edges.otlp import intake as intake_module
from headwater.edges.otlp.intake import ALIKE_MAX, HELD_FOR, TelemetryIntake
from headwater.edges.otlp.telemetry import SpanKind
from headwater.model.events import UnifiedEvent, print_event, validate_event
from headwater.model.heads import decode_head
from headwater.model.times import seconds
from headwater.service.knowledge import rule_texts
from headwater.signals.catalogue import Catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.from_texts(rule_texts()["signals"])


def symptoms(catalogue: Catalogue, events: list[UnifiedEvent]) -> list[str]:
    """Class and blame of each, as the engine reads them."""
    found = []
    for event in events:
        data = print_event(event)
        validate_event(data)
        for symptom in catalogue.symptoms_of(decode_head(data), data, occurred_at=START, trace_id=""):
            found.append(f"{symptom.symptom_class} of {symptom.about.name}" + (f" by {symptom.peer.name}" if symptom.peer else ""))
    return found


def intents(events: list[UnifiedEvent]) -> list[str | None]:
    return [event.semantic.intent if event.semantic else None for event in events]


def taught(intake: TelemetryIntake, count: int = 100, *, first: int = 1_000) -> None:
    """A history of healthy requests: 10 ms, of which 4 wait for MySQL."""
    for number in range(first, first + count):
        call = call_of(number * 10 + 1, trace=number, parent=number * 10, milliseconds=4)
        assert intake.take(received(call, span_of(number * 10, trace=number, milliseconds=10)), START) == []
    intake.pass_time(START)


def test_healthy_spans_and_logs_tell_nothing_but_who_calls_whom(catalogue: Catalogue) -> None:
    intake = TelemetryIntake(interval=seconds(10))
    intake.pass_time(START)
    client = call_of(2, parent=1, peer="api.shop.svc", service="frontend", name="GET")
    assert intake.take(received(client, span_of(3, parent=2), span_of(1, service="frontend"), log_of(severity=9)), START) == []
    assert intake.pass_time(later(5)) == []
    events = intake.pass_time(later(10))
    assert intents(events) == ["trace.edge_stats"] * 2
    assert symptoms(catalogue, events) == []
    calls = [catalogue.call_of(decode_head(print_event(event))) for event in events]
    assert [(caller.name, callee.name) for caller, callee in filter(None, calls)] == [("frontend", "api"), ("frontend", "api.shop.svc")]
    assert intake.pass_time(later(20)) == []


def test_a_called_span_that_comes_before_its_caller_is_joined_too() -> None:
    intake = TelemetryIntake()
    intake.pass_time(START)
    intake.take(received(span_of(3, parent=2)), START)
    intake.take(received(call_of(2, peer="", service="frontend")), START)
    (event,) = intake.pass_time(later(10))
    assert event.attributes is not None
    assert (event.attributes["service.name"], event.attributes["peer.service"], event.attributes["calls"]) == ("frontend", "api", 1)


@pytest.mark.parametrize(
    ("span", "symptom"),
    [
        (call_of(failed=True, message="deadline exceeded"), "svc.timeout of api by mysql"),
        (call_of(failed=True, exception="ConnectionRefusedError"), "svc.refused of api by mysql"),
        (call_of(failed=True), "svc.5xx of api by mysql"),
        (span_of(failed=True, exception="ZeroDivisionError"), "svc.error of api"),
        (span_of()._replace(attributes={"http.response.status_code": 503}), "svc.5xx of api"),
        (call_of(failed=True)._replace(attributes={"server.address": "cart", "http.status_code": 503}), "svc.5xx of api by cart"),
        (call_of(failed=True)._replace(attributes={"peer.service": "auth", "http.response.status_code": 401}), "svc.authz of api by auth"),
    ],
)
def test_a_failed_span_is_the_symptom_that_its_words_say(catalogue: Catalogue, span: object, symptom: str) -> None:
    assert symptoms(catalogue, TelemetryIntake().take(received(span), START)) == [symptom]  # type: ignore[arg-type]


def test_what_the_caller_got_wrong_is_nobodys_failure() -> None:
    intake = TelemetryIntake()
    span = call_of(failed=True)._replace(attributes={"server.address": "api", "http.response.status_code": 404})
    assert intake.take(received(span), START) == []
    assert intake.counters.caller_at_fault == 1


def test_an_error_log_is_told_with_its_exception(catalogue: Catalogue) -> None:
    records = (
        log_of("connection refused by mysql", exception_type="ConnectionRefusedError"),
        log_of("just a warning", severity=13),
        log_of("no level", severity=0),
        log_of("no level, an exception", severity=0, exception_type="KeyError"),
    )
    events = TelemetryIntake().take(received(*records), START)
    assert symptoms(catalogue, events) == ["svc.refused of api", "svc.error of api"]


def test_what_is_sent_twice_gives_the_same_bytes_and_is_learned_once() -> None:
    intake = TelemetryIntake()
    intake.pass_time(START)
    first = intake.take(received(call_of(failed=True), log_of()), START)
    again = intake.take(received(call_of(failed=True), log_of()), START)
    assert [print_event(event) for event in first] == [print_event(event) for event in again]
    (statistics,) = intake.pass_time(later(10))
    assert statistics.attributes is not None
    assert statistics.attributes["calls"] == 1


def test_alike_errors_are_bounded_in_an_interval_and_counted() -> None:
    intake = TelemetryIntake()
    intake.pass_time(START)
    spans = [span_of(number, failed=True) for number in range(1, ALIKE_MAX + 11)]
    assert len(intake.take(received(*spans), START)) == ALIKE_MAX
    assert intake.counters.alike == 10
    assert len(intake.take(received(span_of(999, failed=True, name="another"), span_of(998, failed=True)), START)) == 1
    intake.pass_time(later(10))
    assert len(intake.take(received(span_of(1_000, failed=True)), later(10))) == 1


def test_a_span_far_slower_than_usual_is_told(catalogue: Catalogue) -> None:
    intake = TelemetryIntake()
    taught(intake)
    events = intake.take(received(span_of(7, milliseconds=900)), START)
    assert symptoms(catalogue, events) == ["svc.slow of api"]
    assert events[0].message == "GET /orders took 900 ms, usually 10 and at most 10"


def test_a_span_that_waited_for_a_slow_call_leaves_it_to_whom_it_called(catalogue: Catalogue) -> None:
    intake = TelemetryIntake()
    taught(intake)
    assert intake.take(received(call_of(8, trace=7, parent=7, milliseconds=890), span_of(7, trace=7, milliseconds=900)), START) == []
    assert intake.pass_time(START + HELD_FOR - 1) == []
    events = intake.pass_time(START + HELD_FOR)
    assert symptoms(catalogue, events) == ["svc.gap of api by mysql"]


@pytest.mark.parametrize("comes_first", [True, False])
def test_a_slow_call_is_not_told_where_the_callee_was_slow_itself(comes_first: bool) -> None:
    intake = TelemetryIntake()
    taught(intake)
    call, served = call_of(8, trace=7, milliseconds=890), span_of(9, trace=7, parent=8, service="mysql", milliseconds=880)
    for span in (served, call) if comes_first else (call, served):
        assert intake.take(received(span), START) == []
    assert "rpc.gap" not in intents(intake.pass_time(later(60)))
    assert intake.counters.explained == 1


def test_held_calls_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_module, "HELD_MAX", 2)
    intake = TelemetryIntake()
    taught(intake)
    spans = [call_of(number, trace=number, milliseconds=890) for number in (1, 2, 3)]
    (told,) = intake.take(received(*spans), START)
    assert told.id.startswith(f"{1:032x}")


def test_a_call_that_always_came_and_comes_no_more_is_told(catalogue: Catalogue) -> None:
    intake = TelemetryIntake()
    taught(intake, 150)
    assert intake.take(received(*(span_of(number, trace=number) for number in (1, 2, 3))), START) == []
    events = intake.pass_time(later(60))
    assert symptoms(catalogue, events) == ["svc.incomplete of api"]
    assert events[0].message == "GET /orders without a call to mysql 3 times of 3"
    assert intents(intake.pass_time(later(120))) == []


def test_a_call_that_is_left_out_once_in_a_while_is_not_missing() -> None:
    intake = TelemetryIntake()
    taught(intake, 150)
    intake.take(received(span_of(1, trace=1)), START)
    taught(intake, 20, first=5_000)
    assert "span.missing_call" not in intents(intake.pass_time(later(60)))


def test_what_could_not_be_stored_is_given_again() -> None:
    intake = TelemetryIntake()
    taught(intake)
    errors = [span_of(number, failed=True) for number in range(1, ALIKE_MAX + 1)]
    told = intake.take(received(span_of(999, milliseconds=900), *errors), START)
    intake.not_stored(told)
    again = intake.take(received(span_of(999, milliseconds=900), *errors), START)
    assert [event.id for event in again] == [event.id for event in told if event.severity == "error"]
    assert intents(intake.pass_time(START)) == ["span.slow"]


def test_what_is_kept_for_later_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_module, "LATER_MAX", 1)
    intake = TelemetryIntake()
    intake.take(received(call_of(1), call_of(2, trace=2, peer="redis")), START)
    told = intake.pass_time(START)
    intake.not_stored(told)
    assert [event.id for event in intake.pass_time(START)] == [told[1].id]
    assert intake.counters.dropped == 1


def test_time_out_of_this_world_is_replaced_by_the_time_of_arrival() -> None:
    spans = [span_of(1, failed=True, at=0)._replace(ended_at=0), span_of(2, failed=True)._replace(ended_at=2**64 - 1)]
    for event in TelemetryIntake().take(received(*spans), START):
        assert event.occurred_at == START


def test_a_kind_that_nobody_knows_is_no_call() -> None:
    (event,) = TelemetryIntake().take(received(span_of(failed=True)._replace(kind=77)), START)
    assert event.attributes is not None
    assert event.attributes["span.kind"] == "unspecified"


def test_inner_spans_hand_their_calls_up() -> None:
    intake = TelemetryIntake()
    taught(intake)
    call = call_of(3, trace=7, parent=2, milliseconds=890)
    inner = span_of(2, trace=7, parent=1, kind=SpanKind.INTERNAL, milliseconds=895)
    assert intake.take(received(call, inner, span_of(1, trace=7, milliseconds=900)), START) == []
    assert intake.counters.explained == 1
