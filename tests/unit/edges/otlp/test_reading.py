"""JSON and protobuf are read to the same, and what is neither is refused in words."""

from collections.abc import Mapping

import msgspec
import pytest

pytest.importorskip("opentelemetry.proto", reason="the extra headwater[otlp] is not installed")

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from tests.unit.edges.otlp.telemetry import START

from headwater.edges.otlp import telemetry
from headwater.edges.otlp.read_json import logs_from_json, traces_from_json
from headwater.edges.otlp.read_protobuf import logs_from_protobuf, traces_from_protobuf
from headwater.edges.otlp.telemetry import UnreadableRequestError

TRACE, SPAN, PARENT = "5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174", "eee19b7ec3c1b173"
RESOURCE = {"attributes": [{"key": "service.name", "value": {"stringValue": "api"}}, {"key": "process.pid", "value": {"intValue": "7"}}]}
SPAN_JSON = {
    "traceId": TRACE.upper(),
    "spanId": SPAN,
    "parentSpanId": PARENT,
    "name": "GET\x1b[2J /",
    "kind": 3,
    "startTimeUnixNano": str(START),
    "endTimeUnixNano": str(START + 5),
    "attributes": [
        {"key": "server.address", "value": {"stringValue": "mysql"}},
        {"key": "http.response.status_code", "value": {"intValue": "503"}},
        {"key": "db.query.text", "value": {"stringValue": "SELECT"}},
    ],
    "events": [{"name": "exception", "attributes": [{"key": "exception.type", "value": {"stringValue": "TimeoutError"}}]}],
    "status": {"code": 2, "message": "broke"},
    "futureField": [1, {"a": 2}],
}
LOG_JSON = {
    "timeUnixNano": str(START),
    "severityNumber": 17,
    "severityText": "ERROR",
    "body": {"stringValue": "broke"},
    "attributes": [{"key": "exception.type", "value": {"stringValue": "KeyError"}}],
    "traceId": TRACE,
    "spanId": SPAN,
}


def traces_json(*spans: object) -> bytes:
    return msgspec.json.encode({"resourceSpans": [{"resource": RESOURCE, "scopeSpans": [{"spans": spans}]}]})


def logs_json(*records: object) -> bytes:
    return msgspec.json.encode({"resourceLogs": [{"resource": RESOURCE, "scopeLogs": [{"logRecords": records}]}]})


def traces_protobuf() -> bytes:
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add()
    _add(group.resource.attributes, {"service.name": "api", "process.pid": 7})
    span = group.scope_spans.add().spans.add()
    span.trace_id, span.span_id, span.parent_span_id = bytes.fromhex(TRACE), bytes.fromhex(SPAN), bytes.fromhex(PARENT)
    span.name, span.kind, span.start_time_unix_nano, span.end_time_unix_nano = "GET\x1b[2J /", 3, START, START + 5
    _add(span.attributes, {"server.address": "mysql", "http.response.status_code": 503, "db.query.text": "SELECT"})
    event = span.events.add()
    event.name = "exception"
    _add(event.attributes, {"exception.type": "TimeoutError"})
    span.status.code, span.status.message = 2, "broke"
    return bytes(request.SerializeToString())


def logs_protobuf() -> bytes:
    request = ExportLogsServiceRequest()
    group = request.resource_logs.add()
    _add(group.resource.attributes, {"service.name": "api", "process.pid": 7})
    record = group.scope_logs.add().log_records.add()
    record.time_unix_nano, record.severity_number, record.severity_text = START, 17, "ERROR"
    record.body.string_value = "broke"
    _add(record.attributes, {"exception.type": "KeyError"})
    record.trace_id, record.span_id = bytes.fromhex(TRACE), bytes.fromhex(SPAN)
    return bytes(request.SerializeToString())


def _add(attributes: object, values: Mapping[str, str | int]) -> None:
    for name, value in values.items():
        pair = attributes.add()  # type: ignore[attr-defined]
        pair.key = name
        setattr(pair.value, "int_value" if isinstance(value, int) else "string_value", value)


def test_both_encodings_of_a_span_are_read_to_the_same() -> None:
    read = traces_from_json(traces_json(SPAN_JSON))
    assert read == traces_from_protobuf(traces_protobuf())
    (span,) = read.spans
    assert (span.trace_id, span.span_id, span.parent_id, span.name, span.duration) == (TRACE, SPAN, PARENT, "GET [2J /", 5)
    assert (span.peer, span.http_status, span.exception_type, span.source.attributes) == (
        "mysql",
        503,
        "TimeoutError",
        {"service.name": "api"},
    )
    assert "db.query.text" not in span.attributes


def test_both_encodings_of_a_log_record_are_read_to_the_same() -> None:
    read = logs_from_json(logs_json(LOG_JSON))
    assert read == logs_from_protobuf(logs_protobuf())
    (record,) = read.logs
    assert (record.body, record.severity, record.trace_id) == ("broke", 17, TRACE)


def test_names_of_numbers_are_read_in_json() -> None:
    (span,) = traces_from_json(traces_json(SPAN_JSON | {"kind": "SPAN_KIND_CLIENT", "status": {"code": "STATUS_CODE_ERROR"}})).spans
    assert (span.kind, span.status) == (3, 2)


@pytest.mark.parametrize("flaw", [{"traceId": "0" * 32}, {"traceId": "abc"}, {"spanId": ""}, {"spanId": "z" * 16}])
def test_a_span_without_proper_ids_is_refused_and_the_others_are_taken(flaw: dict[str, str]) -> None:
    read = traces_from_json(traces_json(SPAN_JSON | flaw, SPAN_JSON))
    assert (len(read.spans), read.rejected) == (1, 1)
    assert "id" in read.reason


def test_a_log_record_needs_no_trace_and_loses_one_that_is_none() -> None:
    read = logs_from_json(logs_json(LOG_JSON | {"traceId": "", "spanId": ""}, LOG_JSON | {"traceId": "abc"}))
    assert [record.trace_id for record in read.logs] == ["", ""]
    assert read.rejected == 0


def test_more_than_is_taken_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "ITEMS_MAX", 2)
    read = traces_from_json(traces_json(*[SPAN_JSON] * 5))
    assert (len(read.spans), read.rejected) == (2, 3)
    assert "smaller batches" in read.reason
    assert logs_from_json(logs_json(*[LOG_JSON] * 5)).rejected == 3


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff\xff", b'{"resourceSpans": 3}', b"[" * 100_000, traces_json(SPAN_JSON | {"kind": "x"})])
def test_what_is_no_request_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(UnreadableRequestError, match="in JSON"):
        traces_from_json(body)


def test_what_is_no_protobuf_is_refused_in_words() -> None:
    for read in (traces_from_protobuf, logs_from_protobuf):
        with pytest.raises(UnreadableRequestError, match="in protobuf"):
            read(b"\xff\xff\xff")


def test_composed_values_are_read_as_text_and_a_nameless_sender_has_opentelemetrys_name() -> None:
    body = {"kvlistValue": {"values": [{"key": "a", "value": {"intValue": "1"}}]}}
    request = {"resourceLogs": [{"scopeLogs": [{"logRecords": [LOG_JSON | {"body": body}]}]}]}
    (record,) = logs_from_json(msgspec.json.encode(request)).logs
    assert '"key":"a"' in record.body
    assert record.source.service == "unknown_service"
