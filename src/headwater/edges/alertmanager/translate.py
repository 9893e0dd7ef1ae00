"""An alert becomes an event: the same alert gives the same bytes, whichever replica of Alertmanager tells it, however often."""

from collections.abc import Mapping
from typing import Any

from headwater.edges.alertmanager.webhook import LABELS_MAX, Alert, instant_of
from headwater.model.event_layers import SemanticContext
from headwater.model.event_parts import EventSeverity
from headwater.model.events import UnifiedEvent
from headwater.model.identity import digest
from headwater.model.texts import clean_text
from headwater.model.times import format_time, seconds

SOURCE = "alertmanager"
LABEL_CHARACTERS_MAX = 512
MESSAGE_CHARACTERS_MAX = 1_024
FRESH = seconds(600)
"""An alert told later than this is dated at its arrival: it is still firing, and at its own time the log would refuse it as too late."""

_SEVERITIES = {
    "critical": EventSeverity.CRITICAL,
    "page": EventSeverity.CRITICAL,
    "error": EventSeverity.HIGH,
    "major": EventSeverity.HIGH,
    "high": EventSeverity.HIGH,
    "warning": EventSeverity.WARNING,
    "minor": EventSeverity.WARNING,
    "info": EventSeverity.INFO,
    "none": EventSeverity.INFO,
}
_OF_NODES = ("Node", "KubeNode", "Kubelet")


def event_of(alert: Alert, *, received_at: int, pending: str = "") -> UnifiedEvent:
    """The observation that this alert is. `pending` is how long its rule waits, `15m`."""
    started_at = instant_of(alert.starts_at)
    assert started_at is not None  # decode_webhook saw to it
    ended_at = instant_of(alert.ends_at) if alert.is_resolved else None
    told = started_at if ended_at is None else ended_at
    labels = _bounded(alert.labels)
    return UnifiedEvent(
        id=alert_id(alert, started_at),
        timestamp=format_time(told if abs(received_at - told) <= FRESH else received_at),
        type="alert",
        source=SOURCE,
        category="alert",
        severity=_SEVERITIES.get(labels.get("severity", "").lower(), EventSeverity.WARNING),
        message=_message_of(alert),
        semantic=SemanticContext(intent=f"alert.{clean_text(alert.name)}"),
        attributes=_attributes_of(alert, labels, started_at, ended_at, pending),
    )


def alert_id(alert: Alert, started_at: int) -> str:
    """One firing of one alert: its fingerprint and its beginning; its end has an id of its own."""
    fingerprint = clean_text(alert.fingerprint, 64) or digest(
        *(part for name in sorted(alert.labels) for part in (name, alert.labels[name]))
    )
    return f"{fingerprint}.{started_at}.{alert.status}"


def _attributes_of(alert: Alert, labels: Mapping[str, str], started_at: int, ended_at: int | None, pending: str) -> dict[str, Any]:
    attributes: dict[str, Any] = {**labels}
    if "node" not in labels and (node := _node_of(alert.name, labels)):
        attributes["node"] = node
    # What Alertmanager says of the alert goes before labels that happen to have the same names.
    attributes |= {
        "alertname": labels["alertname"],
        "status": alert.status,
        "startsAt": format_time(started_at),
        "fingerprint": clean_text(alert.fingerprint, 64),
        "labels": dict(labels),
    }
    attributes.pop("endsAt", None)
    attributes.pop("for", None)
    if ended_at is not None:
        attributes["endsAt"] = format_time(ended_at)
    if pending:
        attributes["for"] = pending
    if runbook := alert.annotations.get("runbook_url"):
        attributes["runbook_url"] = clean_text(runbook, LABEL_CHARACTERS_MAX)
    return attributes


def _node_of(name: str, labels: Mapping[str, str]) -> str:
    """The node of an alert about nodes that names it otherwise, as the node exporter's do; an address is no name."""
    if not name.startswith(_OF_NODES):
        return ""
    node = labels.get("nodename") or labels.get("instance", "").rpartition(":")[0]
    return "" if not node or node.replace(".", "").isdecimal() or ":" in node else node


def _message_of(alert: Alert) -> str:
    texts = (alert.annotations.get(name, "") for name in ("summary", "message", "description"))
    return clean_text(next((text for text in texts if text), alert.name), MESSAGE_CHARACTERS_MAX)


def _bounded(labels: Mapping[str, str]) -> dict[str, str]:
    kept = ["alertname", *(name for name in sorted(labels) if name != "alertname")][:LABELS_MAX]
    return {clean_text(name): clean_text(labels[name], LABEL_CHARACTERS_MAX) for name in kept}
