"""Of a UnifiedEvent: what analysers before us attached to it. Headwater carries these fields; its judgement reads none of them."""

from typing import Any

from headwater.model.event_parts import EventSeverity, Fraction, Instant, Nanoseconds, Part


class AnomalyDimensions(Part):
    """In which respects an event is unusual."""

    temporal: float | None = None
    spatial: float | None = None
    behavioral: float | None = None
    contextual: float | None = None
    statistical: float | None = None


class BaselineComparison(Part):
    """How far from the usual."""

    deviation: float | None = None
    significance: float | None = None
    confidence: float | None = None
    percentile: float | None = None
    z_score: float | None = None


class AnomalyInfo(Part):
    """How unusual the event is."""

    score: float | None = None
    type: str | None = None
    description: str | None = None
    confidence: float | None = None
    anomaly_score: float | None = None
    dimensions: AnomalyDimensions | None = None
    baseline_comparison: BaselineComparison | None = None


class TimeWindow(Part):
    """From when to when."""

    start: Instant | None = None
    end: Instant | None = None
    duration: Nanoseconds | None = None


class BehavioralContext(Part):
    """The behaviour the event is part of."""

    pattern: str | None = None
    frequency: float | None = None
    confidence: float | None = None
    time_window: TimeWindow | None = None
    metadata: dict[str, Any] | None = None


class PatternStep(Part):
    """One step of a temporal pattern."""

    event_type: str | None = None
    condition: str | None = None
    delay: Nanoseconds | None = None
    optional: bool | None = None


class TemporalPattern(Part):
    """A pattern over time."""

    id: str | None = None
    name: str | None = None
    description: str | None = None
    pattern: list[PatternStep] | None = None
    window: Nanoseconds | None = None
    confidence: float | None = None


class TemporalContext(Part):
    """How the event recurs."""

    period: Nanoseconds | None = None
    frequency: float | None = None
    patterns: list[TemporalPattern] | None = None
    seasonality: dict[str, float] | None = None
    duration: Nanoseconds | None = None
    periodicity: float | None = None


class TimeSeries(Part):
    """A few values around the event."""

    values: list[float] | None = None
    timestamps: list[Instant] | None = None
    window: Nanoseconds | None = None
    trend: str | None = None


class StateInfo(Part):
    """From which state to which."""

    current: str | None = None
    previous: str | None = None
    transition: str | None = None
    duration: Nanoseconds | None = None
    metadata: dict[str, str] | None = None
    time_series: TimeSeries | None = None


class CausalityContext(Part):
    """What the collector holds for the cause."""

    root_cause: str | None = None
    causal_chain: list[str] | None = None
    confidence: float | None = None
    metadata: dict[str, Any] | None = None


class ImpactContext(Part):
    """What the collector holds for the impact."""

    severity: EventSeverity | None = None
    infrastructure_impact: Fraction | None = None
    affected_services: list[str] | None = None
    affected_components: int | None = None
    slo_impact: bool | None = None
    system_critical: bool | None = None
    cascade_risk: bool | None = None


class CorrelationContext(Part):
    """Which events the collector groups this one with."""

    correlation_id: str | None = None
    group_id: str | None = None
    parent_event_id: str | None = None
    causal_chain: list[str] | None = None
    related_events: list[str] | None = None
    pattern: str | None = None
    stage: str | None = None


class CorrelationRef(Part):
    """A correlation the event is part of: its root, trigger, effect, or related to it."""

    correlation_id: str | None = None
    type: str | None = None
    confidence: float | None = None
    role: str | None = None


class PatternReference(Part):
    """A pattern somebody saw the event in (`patterns` on the wire)."""

    pattern_id: str | None = None
    pattern_name: str | None = None
    type: str | None = None
    confidence: float | None = None
    match_time: Instant | None = None
    evidence: list[str] | None = None


class AnomalyRef(Part):
    """An anomaly somebody saw the event in."""

    anomaly_id: str | None = None
    type: str | None = None
    score: float | None = None
    severity: str | None = None
    detected_at: Instant | None = None
    description: str | None = None


class CollectorMetadata(Part):
    """Who collected the event."""

    id: str | None = None
    type: str | None = None
    version: str | None = None
    capabilities: list[str] | None = None
    health: Any = None  # a word such as healthy, or an object with details
    node: str | None = None
    start_time: Instant | None = None
    last_heartbeat: Instant | None = None
    config: dict[str, Any] | None = None
