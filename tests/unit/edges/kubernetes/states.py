"""Two versions of an object, and what the transition between them tells."""

from typing import Any

from headwater.edges.kubernetes.arrival import arrived, kept
from headwater.edges.kubernetes.changes import ADDED, DELETED, MODIFIED, ObjectChanged
from headwater.edges.kubernetes.transitions import Transitions
from headwater.model.events import UnifiedEvent
from headwater.model.times import parse_time

NOW = parse_time("2026-01-05T10:00:00Z")
Document = dict[str, Any]


def document(name: str = "mysql-0", *, version: int = 1, metadata: Document | None = None, **content: Any) -> Document:
    """An object of the namespace shop."""
    head = {"name": name, "namespace": "shop", "uid": f"uid-{name}", "resourceVersion": str(version), **(metadata or {})}
    return {"metadata": head, **content}


def change(kind: str, before: Document | None, now: Document, *, is_listed: bool = False, action: str = "") -> ObjectChanged:
    """What a reflector tells of it."""
    old = kept(arrived(kind, before)) if before is not None else None
    return ObjectChanged(kind, action or (ADDED if before is None else MODIFIED), arrived(kind, now), old, NOW, NOW, is_listed)


def events(kind: str, before: Document | None, now: Document, *, is_listed: bool = False) -> list[UnifiedEvent]:
    """The events of one transition."""
    return list(Transitions("default").events_of(change(kind, before, now, is_listed=is_listed)))


def deleted(kind: str, last: Document) -> list[UnifiedEvent]:
    """The events of a deletion."""
    return list(Transitions("default").events_of(change(kind, last, last, action=DELETED)))


def reasons(told: list[UnifiedEvent]) -> list[str]:
    """Reasons, or what was changed."""
    return [
        (each.kubernetes.reason if each.kubernetes else None) or f"{(each.attributes or {}).get('k8s.change')}: {each.message}"
        for each in told
    ]
