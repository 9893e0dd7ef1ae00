"""Writes down what collectors see as it happens; delivery (loss, skew, delay, duplication) is decided afterwards, from another dice."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from headwater.model.times import format_time, seconds
from headwater.testing.scenario import TimedObject
from headwater.testing.wire import Body

DELAYS_SECONDS = {"ebpf": (0.01, 0.2), "kubernetes": (0.05, 0.8), "otel": (0.5, 5.0), "logs": (0.2, 3.0), "prometheus": (0.5, 3.0)}
"""How long, at least and at most, collectors take from what they see to publishing it: exporters batch, watches do not."""

AGGREGATION_WINDOW = seconds(600)
"""Kubelet's recorder counts an equal event up until it was silent so long."""


@dataclass(slots=True)
class Emission:
    """One event at the true time it was seen, and on whose clock."""

    id: str
    at: int
    clock: str  # the node whose clock stamped it
    body: Body
    trace_id: str
    delay: int
    fault: int | None  # which fault it tells of, None for noise and health


@dataclass(slots=True)
class Fault:
    """The truth of one fault, filled while it happens."""

    family: str
    unit: str = ""
    entities: set[str] = field(default_factory=set)
    root_event_id: str = ""


class Recorder:
    """Collects emissions and object changes; the same calls with the same dice give the same record."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._fault: int | None = None
        self.emissions: list[Emission] = []
        self.changes: list[TimedObject] = []
        self.faults: list[Fault] = []

    def begin_fault(self, family: str) -> Fault:
        """From here on, what is emitted tells of this fault."""
        self._fault = len(self.faults)
        self.faults.append(Fault(family))
        return self.faults[-1]

    def end_fault(self) -> None:
        """From here on, what is emitted tells of no fault."""
        self._fault = None

    def emit(self, at: int, body: Body, *, clock: str = "control-plane", trace_id: str = "", parent: str = "") -> str:
        """Something was seen; returns the event's id."""
        content = dict(body)
        event_id = f"{self._rng.getrandbits(128):032x}"
        if trace_id:
            span = {"trace_id": trace_id, "span_id": f"{self._rng.getrandbits(64):016x}"}
            content["trace_context"] = span | ({"parent_span_id": parent} if parent else {})
        if content.get("kubernetes", {}).get("action") == "EVENT":
            at -= at % seconds(1)  # an Event object's times have whole seconds
        fastest, slowest = DELAYS_SECONDS.get(content["source"], (0.1, 2.0))
        delay = seconds(self._rng.uniform(fastest, slowest))
        self.emissions.append(Emission(event_id, at, clock, content, trace_id, delay, self._fault))
        if self._fault is not None:
            self.faults[self._fault].entities.add(_entity(content))
        return event_id

    def change(self, at: int, content: dict[str, Any], *, deleted: bool = False) -> None:
        """An object came, changed or went."""
        self.changes.append(TimedObject(at, content, deleted))

    def finished(self) -> list[Emission]:
        """All emissions in order of their true times, with Event objects counted as kubelet's recorder counts them."""
        self.emissions.sort(key=lambda emission: (emission.at, emission.id))
        aggregates: dict[tuple[str, ...], tuple[int, int, int]] = {}
        for emission in self.emissions:
            kubernetes = emission.body.get("kubernetes", {})
            if kubernetes.get("action") != "EVENT":
                continue
            key = (emission.body["entity"].get("namespace", ""), *(kubernetes[name] for name in ("object", "reason", "message")))
            first, last, count = aggregates.get(key, (emission.at, emission.at, 0))
            if emission.at - last > AGGREGATION_WINDOW:
                first, count = emission.at, 0
            aggregates[key] = (first, emission.at, count + 1)
            counted = {"firstTimestamp": format_time(first), "count": count + 1}
            emission.body["attributes"] = emission.body.get("attributes", {}) | counted
        return self.emissions


def _entity(body: Body) -> str:
    context = body.get("k8s_context")
    if context is not None:
        return f"{context['kind']}/{context.get('namespace', '')}/{context['name']}"
    return f"Service/{body['entity'].get('namespace', '')}/{body['entity']['name']}"
