"""Learning who calls whom from healthy spans: those that name their peer, and those whose parent is another service's span."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence

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

    Spans wait for their parents in a bounded memory; at its limit those remembered first are forgotten and counted. The memories of
    pairs and services are only short cuts: emptied when full, they cost time and change nothing.
    """

    def __init__(self, topology: TopologyGraph, spans_max: int) -> None:
        self._topology = topology
        self._spans_max = spans_max
        self._seen: dict[tuple[Reference, Reference], tuple[int, int]] = {}
        # Ordered, since a plain dictionary takes ever longer to find its first key as first keys go.
        self.spans: OrderedDict[SpanKey, Reference] = OrderedDict()
        self.children: OrderedDict[SpanKey, list[Reference]] = OrderedDict()
        self.forgotten = 0
        self._services: dict[tuple[str, str], Reference] = {}

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

    def join_span(self, event: EventHead, occurred_at: int) -> Sequence[TopologyChange]:
        """Join a span with its parent and its children, where they are of other services."""
        trace, attributes = event.trace_context, event.attributes
        if trace is None or not attributes or not trace.trace_id or not trace.span_id:
            return ()
        name = attributes.get("service.name")
        if not isinstance(name, str) or not name:
            return ()
        key = (trace.trace_id, trace.span_id)
        spans = self.spans
        if key in spans:
            return ()
        context = event.k8s_context
        service = self._service(context.namespace if context is not None else "", name)
        spans[key] = service
        if len(spans) > self._spans_max:
            spans.popitem(last=False)
            self.forgotten += 1
        pairs = [(service, child) for child in self.children.pop(key, ())]
        if trace.parent_span_id:
            above = (trace.trace_id, trace.parent_span_id)
            parent = spans.get(above)
            if parent is not None:
                pairs.append((parent, service))
            else:
                self._wait(above, service)
        changes = (self.call(caller, callee, occurred_at, event.id) for caller, callee in pairs if caller != callee)
        return [change for change in changes if change is not None] if pairs else ()

    def _wait(self, above: SpanKey, service: Reference) -> None:
        """Remember whom a span that has not come yet called."""
        waiting = self.children.setdefault(above, [])
        if len(waiting) < CHILDREN_MAX and service not in waiting:
            waiting.append(service)
        if len(self.children) > self._spans_max:
            self.children.popitem(last=False)
            self.forgotten += 1

    def restore(self, spans: Iterable[tuple[SpanKey, Reference]], children: Iterable[tuple[SpanKey, list[Reference]]]) -> None:
        """Take over a snapshot."""
        self.spans, self.children = OrderedDict(spans), OrderedDict(children)

    def _service(self, namespace: str, name: str) -> Reference:
        found = self._services.get((namespace, name))
        if found is None:
            if len(self._services) >= PAIRS_MAX:
                self._services.clear()
            found = self._services[namespace, name] = Reference("default", "service.name", namespace, name)
        return found
