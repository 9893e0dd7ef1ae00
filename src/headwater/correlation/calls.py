"""Learning who calls whom from healthy spans: those that name their peer, and those whose parent is another service's span."""

from headwater.model.entities import Reference
from headwater.model.heads import EventHead
from headwater.model.identity import text_hash
from headwater.model.times import seconds
from headwater.topology.changes import TopologyChange
from headwater.topology.graph import TopologyGraph

MINUTE = seconds(60)
OBSERVED_PER_MINUTE = 3
"""More calls of one pair in one minute teach nothing: three make a relation, and its validity is kept to the minute."""

PAIRS_MAX = 50_000
CHILDREN_MAX = 8

SpanKey = tuple[str, str]


class CallLearner:
    """
    Feeds calls to the topology, at most three per pair and minute.

    Spans wait for their parents in a bounded memory; at its limit those remembered first are forgotten and counted. The memory of
    pairs is only a short cut: emptied when full, it costs time and changes nothing.
    """

    def __init__(self, topology: TopologyGraph, spans_max: int) -> None:
        self._topology = topology
        self._spans_max = spans_max
        self._seen: dict[tuple[Reference, Reference], tuple[int, int]] = {}
        self.spans: dict[SpanKey, Reference] = {}
        self.children: dict[SpanKey, list[Reference]] = {}
        self.forgotten = 0

    def call(self, caller: Reference, callee: Reference, occurred_at: int, identity: str) -> TopologyChange | None:
        """One call; None where the pair taught enough in this minute."""
        minute = occurred_at // MINUTE
        pair = (caller, callee)
        seen = self._seen.get(pair)
        if seen is not None and seen[0] == minute:
            if seen[1] >= OBSERVED_PER_MINUTE:
                return None
            self._seen[pair] = (minute, seen[1] + 1)
        else:
            if len(self._seen) >= PAIRS_MAX:
                self._seen.clear()
            self._seen[pair] = (minute, 1)
        return self._topology.observe_call(caller, callee, occurred_at=minute * MINUTE, observation=text_hash(identity))

    def join_span(self, event: EventHead, occurred_at: int) -> list[TopologyChange]:
        """Join a span with its parent and its children, where they are of other services."""
        trace = event.trace_context
        attributes = event.attributes
        if trace is None or not trace.trace_id or not trace.span_id or not attributes:
            return []
        name = attributes.get("service.name")
        if not isinstance(name, str) or not name:
            return []
        context = event.k8s_context
        service = Reference("default", "service.name", context.namespace if context else "", name)
        key = (trace.trace_id, trace.span_id)
        if key in self.spans:
            return []
        changes: list[TopologyChange | None] = []
        self._remember(key, service)
        changes += [self._joined(service, child, occurred_at, event.id) for child in self.children.pop(key, ())]
        if trace.parent_span_id:
            above = (trace.trace_id, trace.parent_span_id)
            parent = self.spans.get(above)
            if parent is not None:
                changes.append(self._joined(parent, service, occurred_at, event.id))
            else:
                waiting = self.children.setdefault(above, [])
                if len(waiting) < CHILDREN_MAX and service not in waiting:
                    waiting.append(service)
                if len(self.children) > self._spans_max:
                    del self.children[next(iter(self.children))]
                    self.forgotten += 1
        return [change for change in changes if change is not None]

    def _joined(self, caller: Reference, callee: Reference, occurred_at: int, identity: str) -> TopologyChange | None:
        return self.call(caller, callee, occurred_at, identity) if caller != callee else None

    def _remember(self, key: SpanKey, service: Reference) -> None:
        self.spans[key] = service
        if len(self.spans) > self._spans_max:
            del self.spans[next(iter(self.spans))]
            self.forgotten += 1
