"""OTLP in protobuf, by OpenTelemetry's own generated classes; needs the extra `headwater[otlp]`."""

from typing import Any

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse

from headwater.edges.otlp.telemetry import (
    MESSAGE_CHARACTERS_MAX,
    NAME_CHARACTERS_MAX,
    SOURCE_ATTRIBUTES,
    SPAN_ATTRIBUTES,
    Collecting,
    LogRecord,
    Received,
    Source,
    Span,
    UnreadableRequestError,
    Value,
    kept,
    source_of,
)
from headwater.model.texts import clean_text


def traces_from_protobuf(body: bytes) -> Received:
    """The spans of an ExportTraceServiceRequest. Raises UnreadableRequestError."""
    request = ExportTraceServiceRequest()
    try:
        request.ParseFromString(body)
    except DecodeError as error:
        raise UnreadableRequestError("not an OTLP trace request in protobuf") from error
    return read_traces(request)


def logs_from_protobuf(body: bytes) -> Received:
    """The records of an ExportLogsServiceRequest. Raises UnreadableRequestError."""
    request = ExportLogsServiceRequest()
    try:
        request.ParseFromString(body)
    except DecodeError as error:
        raise UnreadableRequestError("not an OTLP logs request in protobuf") from error
    return read_logs(request)


def read_traces(request: Any) -> Received:
    """The spans of a decoded request."""
    collecting = Collecting()
    for group in request.resource_spans:
        source = source_of(_kept(group.resource.attributes, SOURCE_ATTRIBUTES))
        for scope in group.scope_spans:
            for span in scope.spans:
                collecting.add_span(_span(source, span))
    return collecting.done()


def read_logs(request: Any) -> Received:
    """The records of a decoded request."""
    collecting = Collecting()
    for group in request.resource_logs:
        source = source_of(_kept(group.resource.attributes, SOURCE_ATTRIBUTES))
        for scope in group.scope_logs:
            for record in scope.log_records:
                collecting.add_log(_log(source, record))
    return collecting.done()


def traces_answer(received: Received) -> Any:
    """The answer to a trace request, which says what was not taken."""
    response = ExportTraceServiceResponse()
    if received.rejected:
        response.partial_success.rejected_spans = received.rejected
        response.partial_success.error_message = received.reason
    return response


def logs_answer(received: Received) -> Any:
    """The answer to a logs request, which says what was not taken."""
    response = ExportLogsServiceResponse()
    if received.rejected:
        response.partial_success.rejected_log_records = received.rejected
        response.partial_success.error_message = received.reason
    return response


def _span(source: Source, span: Any) -> Span:
    exception: dict[str, Value] = {}
    for event in reversed(span.events):
        if event.name == "exception":
            exception = _kept(event.attributes, SPAN_ATTRIBUTES)
            break
    return Span(
        source=source,
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        name=clean_text(span.name, NAME_CHARACTERS_MAX),
        kind=span.kind,
        started_at=span.start_time_unix_nano,
        ended_at=span.end_time_unix_nano,
        status=span.status.code,
        message=clean_text(span.status.message, MESSAGE_CHARACTERS_MAX),
        attributes=_kept(span.attributes, SPAN_ATTRIBUTES),
        exception_type=str(exception.get("exception.type", "")),
        exception_message=str(exception.get("exception.message", "")),
    )


def _log(source: Source, record: Any) -> LogRecord:
    body = _plain(record.body)
    return LogRecord(
        source=source,
        occurred_at=record.time_unix_nano or record.observed_time_unix_nano,
        severity=record.severity_number,
        severity_text=clean_text(record.severity_text, NAME_CHARACTERS_MAX),
        body=clean_text("" if body is None else str(body), MESSAGE_CHARACTERS_MAX),
        trace_id=record.trace_id.hex(),
        span_id=record.span_id.hex(),
        attributes=_kept(record.attributes, SPAN_ATTRIBUTES),
    )


def _kept(pairs: Any, wanted: frozenset[str]) -> dict[str, Value]:
    return kept(((pair.key, pair.value) for pair in pairs), wanted, _plain)


def _plain(value: Any) -> Value | None:
    which = value.WhichOneof("value")
    if which is None:
        return None
    if which in ("string_value", "bool_value", "int_value", "double_value"):
        plain: Value = getattr(value, which)
        return plain
    return str(getattr(value, which))[:MESSAGE_CHARACTERS_MAX]
