"""OTLP in JSON: 64-bit numbers as text, ids in hexadecimal, names in camel case; fields that nobody reads are skipped."""

from typing import Any

import msgspec

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
from headwater.model.bounds import check_depth
from headwater.model.errors import InvalidEventError
from headwater.model.texts import clean_text

Whole = int | str


class _AnyValue(msgspec.Struct, rename="camel"):
    string_value: str | None = None
    bool_value: bool | None = None
    int_value: Whole | None = None
    double_value: float | str | None = None
    array_value: Any = None
    kvlist_value: Any = None


class _KeyValue(msgspec.Struct):
    key: str = ""
    value: _AnyValue | None = None


class _Resource(msgspec.Struct):
    attributes: list[_KeyValue] = []


class _SpanEvent(msgspec.Struct):
    name: str = ""
    attributes: list[_KeyValue] = []


class _Status(msgspec.Struct):
    code: int | str = 0
    message: str = ""


class _Span(msgspec.Struct, rename="camel"):
    trace_id: str = ""
    span_id: str = ""
    parent_span_id: str = ""
    name: str = ""
    kind: int | str = 0
    start_time_unix_nano: Whole = 0
    end_time_unix_nano: Whole = 0
    attributes: list[_KeyValue] = []
    events: list[_SpanEvent] = []
    status: _Status | None = None


class _ScopeSpans(msgspec.Struct):
    spans: list[_Span] = []


class _ResourceSpans(msgspec.Struct, rename="camel"):
    resource: _Resource | None = None
    scope_spans: list[_ScopeSpans] = []


class _TraceRequest(msgspec.Struct, rename="camel"):
    resource_spans: list[_ResourceSpans] = []


class _LogRecord(msgspec.Struct, rename="camel"):
    time_unix_nano: Whole = 0
    observed_time_unix_nano: Whole = 0
    severity_number: int | str = 0
    severity_text: str = ""
    body: _AnyValue | None = None
    attributes: list[_KeyValue] = []
    trace_id: str = ""
    span_id: str = ""


class _ScopeLogs(msgspec.Struct, rename="camel"):
    log_records: list[_LogRecord] = []


class _ResourceLogs(msgspec.Struct, rename="camel"):
    resource: _Resource | None = None
    scope_logs: list[_ScopeLogs] = []


class _LogsRequest(msgspec.Struct, rename="camel"):
    resource_logs: list[_ResourceLogs] = []


_TRACES = msgspec.json.Decoder(_TraceRequest)
_LOGS = msgspec.json.Decoder(_LogsRequest)


def traces_from_json(body: bytes) -> Received:
    """The spans of an ExportTraceServiceRequest. Raises UnreadableRequestError."""
    try:
        check_depth(body)
        request = _TRACES.decode(body)
        collecting = Collecting()
        for group in request.resource_spans:
            source = _source(group.resource)
            for scope in group.scope_spans:
                for span in scope.spans:
                    collecting.add_span(_span(source, span))
    except (msgspec.MsgspecError, InvalidEventError, ValueError) as error:
        raise UnreadableRequestError(f"not an OTLP trace request in JSON: {error}") from error
    return collecting.done()


def logs_from_json(body: bytes) -> Received:
    """The records of an ExportLogsServiceRequest. Raises UnreadableRequestError."""
    try:
        check_depth(body)
        request = _LOGS.decode(body)
        collecting = Collecting()
        for group in request.resource_logs:
            source = _source(group.resource)
            for scope in group.scope_logs:
                for record in scope.log_records:
                    collecting.add_log(_log(source, record))
    except (msgspec.MsgspecError, InvalidEventError, ValueError) as error:
        raise UnreadableRequestError(f"not an OTLP logs request in JSON: {error}") from error
    return collecting.done()


def _source(resource: _Resource | None) -> Source:
    return source_of(_kept(resource.attributes if resource is not None else [], SOURCE_ATTRIBUTES))


def _span(source: Source, span: _Span) -> Span:
    exception = _kept(next((event.attributes for event in reversed(span.events) if event.name == "exception"), []), SPAN_ATTRIBUTES)
    status = span.status or _Status()
    return Span(
        source=source,
        trace_id=span.trace_id.lower(),
        span_id=span.span_id.lower(),
        parent_id=span.parent_span_id.lower(),
        name=clean_text(span.name, NAME_CHARACTERS_MAX),
        kind=_number(span.kind, _KINDS),
        started_at=_number(span.start_time_unix_nano),
        ended_at=_number(span.end_time_unix_nano),
        status=_number(status.code, _STATUSES),
        message=clean_text(status.message, MESSAGE_CHARACTERS_MAX),
        attributes=_kept(span.attributes, SPAN_ATTRIBUTES),
        exception_type=str(exception.get("exception.type", "")),
        exception_message=str(exception.get("exception.message", "")),
    )


def _log(source: Source, record: _LogRecord) -> LogRecord:
    return LogRecord(
        source=source,
        occurred_at=_number(record.time_unix_nano) or _number(record.observed_time_unix_nano),
        severity=_number(record.severity_number),
        severity_text=clean_text(record.severity_text, NAME_CHARACTERS_MAX),
        body=clean_text(str(_plain(record.body) or ""), MESSAGE_CHARACTERS_MAX),
        trace_id=record.trace_id.lower(),
        span_id=record.span_id.lower(),
        attributes=_kept(record.attributes, SPAN_ATTRIBUTES),
    )


def _kept(pairs: list[_KeyValue], wanted: frozenset[str]) -> dict[str, Value]:
    return kept(((pair.key, pair.value) for pair in pairs), wanted, _plain)


def _plain(value: _AnyValue | None) -> Value | None:
    if value is None:
        return None
    if value.string_value is not None:
        return value.string_value
    if value.bool_value is not None:
        return value.bool_value
    if value.int_value is not None:
        return _number(value.int_value)
    if value.double_value is not None:
        return value.double_value
    composed = value.array_value if value.array_value is not None else value.kvlist_value
    return None if composed is None else msgspec.json.encode(composed)[:MESSAGE_CHARACTERS_MAX].decode("utf-8", "replace")


def _number(value: int | str, names: dict[str, int] | None = None) -> int:
    """A number as it is, as text, or by its name. Raises ValueError."""
    if isinstance(value, int):
        return value
    if names is not None and value in names:
        return names[value]
    if len(value) > 20:
        raise ValueError(f"{value[:24]!r} is not a 64-bit number")
    return int(value or 0)


_KINDS = {
    f"SPAN_KIND_{name}": number for number, name in enumerate(("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"))
}
_STATUSES = {"STATUS_CODE_UNSET": 0, "STATUS_CODE_OK": 1, "STATUS_CODE_ERROR": 2}
