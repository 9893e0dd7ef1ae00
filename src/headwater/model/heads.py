"""
The partial decode of the hot path: of an event, only what the signal catalogue and identity resolution can read.

Fields nobody reads are skipped by the decoder; UnifiedEvent (model/events.py) is the whole.
"""

from typing import Any

import msgspec


class TraceHead(msgspec.Struct, gc=False):
    """Of trace_context."""

    trace_id: str = ""
    span_id: str = ""
    parent_span_id: str = ""


class EntityHead(msgspec.Struct, gc=False):
    """Of entity."""

    type: str = ""
    name: str = ""
    namespace: str = ""
    uid: str = ""


class KernelHead(msgspec.Struct, gc=False):
    """Of kernel."""

    syscall: str = ""
    comm: str = ""


class NetworkHead(msgspec.Struct, gc=False):
    """Of network."""

    protocol: str = ""
    source_ip: str = ""
    dest_ip: str = ""
    status_code: int | None = None
    latency_ns: int | None = None


class ApplicationHead(msgspec.Struct, gc=False):
    """Of application."""

    level: str = ""
    message: str = ""
    error_type: str = ""


class KubernetesHead(msgspec.Struct, gc=False):
    """Of kubernetes: an Event object (`action` EVENT) or a state transition of an object (`action` STATE)."""

    event_type: str = ""
    reason: str = ""
    object: str = ""
    object_kind: str = ""
    message: str = ""
    action: str = ""
    cluster_name: str = ""


class MetricsHead(msgspec.Struct, gc=False):
    """Of metrics."""

    metric_name: str = ""
    value: float | None = None
    unit: str = ""


class SemanticHead(msgspec.Struct, gc=False):
    """Of semantic."""

    intent: str = ""


class OwnerHead(msgspec.Struct, gc=False, rename={"api_version": "apiVersion"}):
    """One of k8s_context.owner_references."""

    kind: str = ""
    name: str = ""
    uid: str = ""
    controller: bool | None = None
    api_version: str = ""


class KubernetesContextHead(msgspec.Struct, gc=False):
    """Of k8s_context."""

    kind: str = ""
    uid: str = ""
    name: str = ""
    namespace: str = ""
    node_name: str = ""
    cluster_name: str = ""
    workload_kind: str = ""
    workload_name: str = ""
    labels: dict[str, str] | None = None
    owner_references: list[OwnerHead] | None = None


class EventHead(msgspec.Struct, gc=False):
    """The part of a UnifiedEvent that decides whether, and of what, it is a symptom."""

    id: str
    timestamp: str | None = None
    type: str = ""
    source: str = ""
    severity: str = ""
    message: str = ""
    trace_context: TraceHead | None = None
    entity: EntityHead | None = None
    kernel: KernelHead | None = None
    network: NetworkHead | None = None
    application: ApplicationHead | None = None
    kubernetes: KubernetesHead | None = None
    metrics: MetricsHead | None = None
    semantic: SemanticHead | None = None
    attributes: dict[str, Any] | None = None
    k8s_context: KubernetesContextHead | None = None
    specversion: str = ""  # marks a structured CloudEvent, which carries the event (model/cloudevents.py)


decode_head = msgspec.json.Decoder(EventHead).decode
"""The head of an event's JSON. Raises msgspec.ValidationError for a wrong type, msgspec.DecodeError for what is not JSON."""
