"""Kubernetes Event objects of both APIs to UnifiedEvents; fields that are null, as half of them are, read as absent."""

from headwater.edges.kubernetes.changes import DELETED, ObjectChanged
from headwater.edges.kubernetes.content import instant, mapping, number, text
from headwater.edges.kubernetes.events import EVENT, make_event
from headwater.model.events import UnifiedEvent
from headwater.model.times import format_time


def event_of(change: ObjectChanged, cluster: str) -> UnifiedEvent | None:
    """The event that an Event object tells; None where it is about nothing, or says no time."""
    content = change.now.object
    about = mapping(content, "involvedObject") or mapping(content, "regarding")
    kind, name = text(about, "kind"), text(about, "name")
    if change.action == DELETED or not kind or not name:
        return None
    last, first = _times(content)
    if not last:
        return None
    count = max(number(content, "series", "count"), number(content, "count"), number(content, "deprecatedCount"), 1)
    uid, namespace = text(about, "uid"), text(about, "namespace")
    node = text(content, "source", "host") or text(content, "deprecatedSource", "host")
    attributes = {
        "count": count,
        "firstTimestamp": format_time(min(first, last)) if first else None,
        "k8s.event.uid": change.now.uid,
        "k8s.event.name": change.name,
        "k8s.event.component": text(content, "source", "component")
        or text(content, "reportingComponent")
        or text(content, "reportingController")
        or text(content, "deprecatedSource", "component"),
        "k8s.object.fieldpath": text(about, "fieldPath"),
    }
    return make_event(
        identity=(change.now.uid, EVENT, str(count), str(last)),
        occurred_at=last,
        action=EVENT,
        reason=text(content, "reason"),
        message=text(content, "message") or text(content, "note"),
        kind=kind,
        name=name,
        namespace="" if kind == "Node" else namespace,
        # The node controller and the kubelet write a node's name where its uid belongs.
        uid="" if kind == "Node" else uid,
        cluster=cluster,
        is_warning=text(content, "type") == "Warning",
        node=node if kind == "Pod" else "",
        trace_id=change.now.trace_id,
        attributes={key: value for key, value in attributes.items() if value},
    )


def _times(content: object) -> tuple[int, int]:
    """When it happened last, and when first; 0 where it does not say."""
    created = instant(content, "metadata", "creationTimestamp")
    event_time = instant(content, "eventTime")
    series = instant(content, "series", "lastObservedTime")
    earliest = instant(content, "firstTimestamp") or instant(content, "deprecatedFirstTimestamp")
    latest = instant(content, "lastTimestamp") or instant(content, "deprecatedLastTimestamp")
    return series or event_time or latest or earliest or created, earliest or event_time or created
