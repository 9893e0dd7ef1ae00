"""Spans, log records and what was concluded from them, as events; ids come from trace and span, so that what is sent twice is one event."""

from typing import Any

from headwater.edges.otlp.baselines import Usual
from headwater.edges.otlp.call_statistics import Calls, Pair
from headwater.edges.otlp.expected_calls import Missing
from headwater.edges.otlp.telemetry import SEVERITY_ERROR, LogRecord, Source, Span, SpanKind, Value
from headwater.model.event_contexts import KubernetesContext
from headwater.model.event_layers import ApplicationData, EntityContext, NetworkData, SemanticContext, TraceContext
from headwater.model.event_parts import EventSeverity
from headwater.model.events import UnifiedEvent
from headwater.model.identity import digest
from headwater.model.times import MILLENNIUM_NS, NANOSECONDS_PER_SECOND, format_time

SOURCE = "otel"
_INSTANT_MAX = 4_102_444_800 * NANOSECONDS_PER_SECOND  # 2100: later ones are mistakes, and some cannot be written as a date
_WORKLOADS = {
    "k8s.deployment.name": "Deployment",
    "k8s.statefulset.name": "StatefulSet",
    "k8s.daemonset.name": "DaemonSet",
    "k8s.cronjob.name": "CronJob",
    "k8s.job.name": "Job",
    "k8s.replicaset.name": "ReplicaSet",
}
_MILLISECOND = 1_000_000


def failed_span(span: Span, now: int) -> UnifiedEvent:
    """A span that ended in an error."""
    attributes = _span_attributes(span) | {"otel.status_code": "ERROR"}
    if span.exception_type and "error.type" not in attributes:
        attributes["exception.type"] = span.exception_type
    message = (
        span.message or span.exception_message or (f"HTTP {span.http_status} in {span.name}" if span.http_status else f"{span.name} failed")
    )
    return _of_span(span, "span", EventSeverity.ERROR, message, attributes, now)


def slow_span(span: Span, usual: Usual, now: int) -> UnifiedEvent:
    """A service took far longer than usual itself."""
    attributes = _span_attributes(span) | _measured(span, usual) | {"self_slow": True}
    return _of_span(span, "span.slow", EventSeverity.WARNING, _slow_words(span, usual), attributes, now)


def slow_call(span: Span, usual: Usual, now: int) -> UnifiedEvent:
    """A call took far longer than usual, and whoever was called has not said that it was slow."""
    attributes = _span_attributes(span) | _measured(span, usual)
    return _of_span(span, "rpc.gap", EventSeverity.WARNING, _slow_words(span, usual), attributes, now)


def missing_call(missing: Missing, now: int) -> UnifiedEvent:
    """Calls that an operation always makes did not come."""
    span = missing.span
    expected = f"a call to {missing.peer}"
    attributes = _span_attributes(span) | {"expected": expected, "missed": missing.missed, "of": missing.of}
    message = f"{span.name} without {expected} {missing.missed} times of {missing.of}"
    event = _of_span(span, "span.missing_call", EventSeverity.WARNING, message, attributes, now)
    event.id = f"{event.id}-{digest(missing.peer, size=4)}"
    return event


def call_statistics(pair: Pair, calls: Calls, now: int) -> UnifiedEvent:
    """Who calls whom: healthy, and what the topology learns calls from."""
    attributes: dict[str, Any] = {
        "service.name": pair.caller,
        "peer.service": pair.callee,
        "calls": calls.count,
        "errors": calls.errors,
        "latency_mean_ms": round(calls.duration_sum / calls.count / _MILLISECOND, 3),
        "latency_max_ms": round(calls.duration_max / _MILLISECOND, 3),
    }
    if pair.namespace:
        attributes["k8s.namespace.name"] = pair.namespace
    at = _instant(min(calls.last, now), now)
    return UnifiedEvent(
        id=f"calls-{digest(*pair)}-{at}",
        timestamp=format_time(at),
        type="service",
        source=SOURCE,
        severity=EventSeverity.INFO,
        message=f"{pair.caller} called {pair.callee} {calls.count} times",
        semantic=SemanticContext(intent="trace.edge_stats"),
        attributes=attributes,
    )


def error_log(record: LogRecord, now: int) -> UnifiedEvent:
    """A line at error level, or one that tells of an exception."""
    at = _instant(record.occurred_at, now)
    attributes: dict[str, Any] = _of_source(record.source) | record.attributes
    error_type = str(record.attributes.get("error.type") or record.attributes.get("exception.type") or "")
    message = record.body or str(record.attributes.get("exception.message", "")) or "an error without words"
    return UnifiedEvent(
        id=digest(
            record.source.service, record.source["k8s.pod.name"], record.source["service.instance.id"], record.trace_id, record.span_id,
            str(record.occurred_at), message, size=16,
        ),
        timestamp=format_time(at),
        type="log",
        source=SOURCE,
        severity=EventSeverity.ERROR,
        message=message,
        trace_context=TraceContext(trace_id=record.trace_id, span_id=record.span_id or None) if record.trace_id else None,
        semantic=SemanticContext(intent="log.error"),
        application=ApplicationData(level="error", message=message, error_type=error_type or None),
        entity=_entity_of(record.source),
        k8s_context=_context_of(record.source),
        attributes=attributes,
    )  # fmt: skip


def is_error(record: LogRecord) -> bool:
    """Whether a log record is worth an event."""
    if record.severity:
        return record.severity >= SEVERITY_ERROR or "exception.type" in record.attributes
    return record.severity_text.lower() in ("error", "err", "critical", "fatal", "panic", "severe") or "exception.type" in record.attributes


def _of_span(span: Span, intent: str, severity: EventSeverity, message: str, attributes: dict[str, Any], now: int) -> UnifiedEvent:
    return UnifiedEvent(
        id=f"{span.trace_id}-{span.span_id}" if intent == "span" else f"{span.trace_id}-{span.span_id}-{intent}",
        timestamp=format_time(_instant(span.ended_at or span.started_at, now)),
        type="service",
        source=SOURCE,
        severity=severity,
        message=message,
        trace_context=TraceContext(trace_id=span.trace_id, span_id=span.span_id, parent_span_id=span.parent_id or None),
        semantic=SemanticContext(intent=intent),
        entity=_entity_of(span.source),
        k8s_context=_context_of(span.source),
        network=NetworkData(latency_ns=span.duration, status_code=span.http_status or None),
        attributes=attributes,
    )


def _span_attributes(span: Span) -> dict[str, Any]:
    kind = SpanKind(span.kind) if span.kind in _KINDS else SpanKind.UNSPECIFIED
    attributes = _of_source(span.source) | span.attributes | {"span.kind": kind.name.lower(), "op": span.name}
    if span.peer and not attributes.get("peer.service"):
        # Older conventions name the peer otherwise; here it has one name.
        attributes.setdefault("server.address", span.peer)
    return attributes


def _of_source(source: Source) -> dict[str, Any]:
    attributes: dict[str, Value] = {**source.attributes, "service.name": source.service}
    return attributes


def _entity_of(source: Source) -> EntityContext:
    namespace = source["k8s.namespace.name"] or None
    if source["k8s.pod.name"]:
        return EntityContext(type="pod", name=source["k8s.pod.name"], namespace=namespace, uid=source["k8s.pod.uid"] or None)
    return EntityContext(type="service", name=source.service, namespace=namespace)


def _context_of(source: Source) -> KubernetesContext | None:
    if not source["k8s.pod.name"]:
        return None
    workload = next(((kind, source[name]) for name, kind in _WORKLOADS.items() if source[name]), None)
    return KubernetesContext(
        kind="Pod",
        name=source["k8s.pod.name"],
        namespace=source["k8s.namespace.name"] or None,
        uid=source["k8s.pod.uid"] or None,
        node_name=source["k8s.node.name"] or None,
        workload_kind=workload[0] if workload else None,
        workload_name=workload[1] if workload else None,
    )


def _measured(span: Span, usual: Usual) -> dict[str, Any]:
    return {
        "latency_ms": round(span.duration / _MILLISECOND, 3),
        "usual_median_ms": round(usual.median / _MILLISECOND, 3),
        "usual_p99_ms": round(usual.high / _MILLISECOND, 3),
    }


def _slow_words(span: Span, usual: Usual) -> str:
    return (
        f"{span.name} took {span.duration / _MILLISECOND:.0f} ms, "
        f"usually {usual.median / _MILLISECOND:.0f} and at most {usual.high / _MILLISECOND:.0f}"
    )


def _instant(at: int, now: int) -> int:
    return at if MILLENNIUM_NS <= at < _INSTANT_MAX else now


_KINDS = frozenset(int(kind) for kind in SpanKind)
