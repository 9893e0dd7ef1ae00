"""
UnifiedEvent: the whole of what a collector publishes, with every field of the wire, and the full check of it.

The hot path reads the head only (model/observations.py); what turns out to matter passes `check_symptomatic` too. Printing what was
parsed gives the same content, fields that nobody here knows included.
"""

from typing import Annotated, Any

import msgspec

from headwater.model.bounds import ID_CHARACTERS_MAX, SOURCE_CHARACTERS_MAX, STRING_BYTES_MAX, check_depth, check_size, check_strings
from headwater.model.cloudevents import plain_body
from headwater.model.effects import RejectionReason
from headwater.model.errors import InvalidEventError
from headwater.model.event_analysis import (
    AnomalyInfo,
    AnomalyRef,
    BehavioralContext,
    CausalityContext,
    CollectorMetadata,
    CorrelationContext,
    CorrelationRef,
    ImpactContext,
    PatternReference,
    StateInfo,
    TemporalContext,
)
from headwater.model.event_contexts import KubernetesContext, OperationalContext, ResourceContext
from headwater.model.event_layers import (
    ApplicationData,
    EntityContext,
    KernelData,
    KubernetesData,
    MetricsData,
    NetworkData,
    SemanticContext,
    TraceContext,
)
from headwater.model.event_parts import EventSeverity, Fraction, Part, content_of, keep_unknown
from headwater.model.observations import invalid_event, without_nulls
from headwater.model.severity import SEVERITY_BY_WIRE, Severity
from headwater.model.times import InvalidTimeError, parse_time

_SEVERITY_BY_LEVEL = {
    **SEVERITY_BY_WIRE,
    "trace": Severity.DEBUG,
    "warn": Severity.WARNING,
    "fatal": Severity.CRITICAL,
    "panic": Severity.CRITICAL,
}


class UnifiedEvent(Part):
    """One observation of one collector, of any layer."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=ID_CHARACTERS_MAX, description="unique within its source")]
    timestamp: Annotated[str, msgspec.Meta(description="RFC 3339, up to nanoseconds; absent: the time of arrival")] | None = None
    type: str | None = None
    source: Annotated[str, msgspec.Meta(max_length=SOURCE_CHARACTERS_MAX, description="the collector's name")] | None = None
    category: str | None = None
    severity: EventSeverity | None = None
    confidence: Fraction | None = None
    message: str | None = None
    tags: list[str] | None = None
    trace_context: TraceContext | None = None
    semantic: SemanticContext | None = None
    entity: EntityContext | None = None
    kernel: KernelData | None = None
    network: NetworkData | None = None
    application: ApplicationData | None = None
    kubernetes: KubernetesData | None = None
    metrics: MetricsData | None = None
    attributes: dict[str, Any] | None = None
    ai_features: dict[str, float] | None = None
    anomaly: AnomalyInfo | None = None
    behavioral: BehavioralContext | None = None
    temporal: TemporalContext | None = None
    state: StateInfo | None = None
    causality: CausalityContext | None = None
    impact: ImpactContext | None = None
    correlation: CorrelationContext | None = None
    correlation_hints: list[str] | None = None
    k8s_context: KubernetesContext | None = None
    resource_context: ResourceContext | None = None
    operational_context: OperationalContext | None = None
    correlations: list[CorrelationRef] | None = None
    patterns: list[PatternReference] | None = None
    anomalies: list[AnomalyRef] | None = None
    collector_metadata: CollectorMetadata | None = None
    raw_data: bytes | None = None

    @property
    def has_trace(self) -> bool:
        """Whether the event belongs to a trace."""
        return self.trace_context is not None and bool(self.trace_context.trace_id)

    @property
    def occurred_at(self) -> int | None:
        """When it happened, in nanoseconds since 1970; None where the event does not say."""
        return parse_time(self.timestamp) if self.timestamp else None

    @property
    def effective_severity(self) -> Severity:
        """Its severity, else its impact's, else its log level's, else warning for a Kubernetes Warning, else info."""
        if self.severity is not None:
            return SEVERITY_BY_WIRE[self.severity]
        if self.impact is not None and self.impact.severity is not None:
            return SEVERITY_BY_WIRE[self.impact.severity]
        level = _SEVERITY_BY_LEVEL.get((self.application.level or "").lower()) if self.application is not None else None
        if level is not None:
            return level
        return Severity.WARNING if self.kubernetes is not None and self.kubernetes.event_type == "Warning" else Severity.INFO

    @property
    def entity_id(self) -> str:
        """What the event is about, as its `entity` says: the uid, else `namespace/name`, else the name, else nothing."""
        if self.entity is None:
            return ""
        name = self.entity.name or ""
        return self.entity.uid or (f"{self.entity.namespace}/{name}" if self.entity.namespace else name)


_DECODER = msgspec.json.Decoder(UnifiedEvent)
_ENCODER = msgspec.json.Encoder()


def validate_event(data: bytes) -> UnifiedEvent:
    """The event in these bytes, every field checked. Raises InvalidEventError, which says what is wrong, where, and what to do."""
    check_size(data)
    body = plain_body(data)
    check_depth(body)
    content = _decoded(body)
    event = _converted(content)
    check_strings(body, content)
    _check_time(event)
    keep_unknown(event, content)
    return event


def check_symptomatic(data: bytes) -> None:
    """
    Refuse an event that matters but does not keep to the schema or its bounds. `data` is the plain event.

    Raises InvalidEventError as validate_event does, at a third of its cost.
    """
    check_depth(data)
    if len(data) > STRING_BYTES_MAX:
        validate_event(data)
        return
    try:
        event = _DECODER.decode(data)
    except msgspec.ValidationError:
        event = _converted(_decoded(data))
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise invalid_event(error) from error
    _check_time(event)


def print_event(event: UnifiedEvent) -> bytes:
    """The event as JSON, with the fields it came with that the model does not know."""
    return _ENCODER.encode(content_of(event))


def _decoded(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise invalid_event(error) from error


def _converted(content: Any) -> UnifiedEvent:
    try:
        return msgspec.convert(content, UnifiedEvent)
    except msgspec.ValidationError:
        pass
    try:
        return msgspec.convert(without_nulls(content), UnifiedEvent)
    except msgspec.ValidationError as error:
        raise invalid_event(error) from error


def _check_time(event: UnifiedEvent) -> None:
    try:
        _ = event.occurred_at
    except InvalidTimeError as error:
        raise InvalidEventError(RejectionReason.INVALID_TIME, f"`$.timestamp`: {error}") from error
