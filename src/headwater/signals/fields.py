"""The names by which signals reach into an event: wire paths, `attributes.NAME`, `match.NAME` and derived fields."""

from collections.abc import Callable
from typing import Any

from headwater.signals.facts import DERIVED, Facts

WIRE_FIELDS = frozenset(
    {
        "type", "source", "severity", "kernel.syscall", "kernel.comm", "network.protocol", "network.dest_ip", "network.status_code",
        "network.latency_ns", "application.level", "application.error_type",
        "kubernetes.event_type", "kubernetes.reason",
        "kubernetes.object",
        "kubernetes.object_kind", "kubernetes.message", "kubernetes.action", "metrics.metric_name", "metrics.value", "metrics.unit",
        "semantic.intent", "entity.type", "entity.name", "k8s_context.kind", "k8s_context.name", "k8s_context.node_name",
    }
)  # fmt: skip
"""Fields as they stand on the wire; `attributes.NAME` and `match.NAME` (a named group of a pattern) come beside them."""

FIELD_NAMES = frozenset({*DERIVED, *WIRE_FIELDS})


def getter_of(path: str) -> Callable[[Facts], Any] | None:
    """The reader of a field, None if there is no such field."""
    if path in DERIVED:
        return DERIVED_GETTERS[path]
    if path.startswith("attributes.") and len(path) > 11:
        return _attribute_getter(path[11:])
    if path.startswith("match.") and len(path) > 6:
        name = path[6:]
        return lambda facts: facts.captured.get(name)
    if path in WIRE_FIELDS:
        return _wire_getter(path)
    return None


def _derived_getter(name: str) -> Callable[[Facts], Any]:
    return lambda facts: facts[name]


DERIVED_GETTERS = {name: _derived_getter(name) for name in DERIVED}


def _attribute_getter(name: str) -> Callable[[Facts], Any]:
    # Attributes are flat on the wire, but some collectors nest what they call labels.
    head, _, rest = name.partition(".")

    def get(facts: Facts) -> Any:
        value = facts.attributes.get(name)
        if value is None and rest:
            nested = facts.attributes.get(head)
            return nested.get(rest) if isinstance(nested, dict) else None
        return value

    return get


def _wire_getter(path: str) -> Callable[[Facts], Any]:
    head, _, rest = path.partition(".")
    if not rest:
        return lambda facts: getattr(facts.event, head)

    def get(facts: Facts) -> Any:
        part = getattr(facts.event, head)
        return getattr(part, rest) if part is not None else None

    return get
