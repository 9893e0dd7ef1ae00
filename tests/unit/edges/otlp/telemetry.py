"""Spans and log records for tests, in the words of the edge."""

from typing import Any

from headwater.edges.otlp.telemetry import LogRecord, Received, Source, Span, SpanKind
from headwater.model.times import parse_time, seconds

START = parse_time("2026-01-05T10:00:00Z")
MILLISECOND = 1_000_000


def source_of(service: str = "api", **attributes: Any) -> Source:
    return Source(service, {"service.name": service, **{name.replace("_", "."): value for name, value in attributes.items()}})


def span_of(
    number: int = 1,
    *,
    trace: int = 1,
    parent: int = 0,
    service: str = "api",
    name: str = "GET /orders",
    kind: SpanKind = SpanKind.SERVER,
    milliseconds: float = 10,
    at: int = START,
    failed: bool = False,
    message: str = "",
    exception: str = "",
    **attributes: Any,
) -> Span:
    return Span(
        source=source_of(service),
        trace_id=f"{trace:032x}",
        span_id=f"{number:016x}",
        parent_id=f"{parent:016x}" if parent else "",
        name=name,
        kind=kind,
        started_at=at,
        ended_at=at + round(milliseconds * MILLISECOND),
        status=2 if failed else 0,
        message=message,
        attributes={key.replace("_", "."): value for key, value in attributes.items()},
        exception_type=exception,
        exception_message=f"{exception} it was" if exception else "",
    )


def call_of(number: int = 1, *, peer: str = "mysql", name: str = "SELECT", **more: Any) -> Span:
    return span_of(number, name=name, kind=SpanKind.CLIENT, **more)._replace(attributes={"server.address": peer})


def log_of(body: str = "it broke", *, severity: int = 17, **attributes: Any) -> LogRecord:
    return LogRecord(source_of(), START, severity, "", body, "", "", {key.replace("_", "."): value for key, value in attributes.items()})


def received(*items: Span | LogRecord) -> Received:
    return Received([item for item in items if isinstance(item, Span)], [item for item in items if isinstance(item, LogRecord)])


def later(amount: float) -> int:
    return START + seconds(amount)
