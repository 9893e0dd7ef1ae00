"""
Learning who calls whom from healthy spans: those that name their peer, and those whose parent is another service's span.

Below the limits what is learned is a function of the set of spans: no order, repetition or restart makes a difference.
"""

from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from headwater.model.entities import DEFAULT_CLUSTER, SCHEME_SERVICE_NAME, Reference
from headwater.model.heads import EventHead
from headwater.model.identity import text_hash
from headwater.model.times import seconds
from headwater.topology.changes import TopologyChange
from headwater.topology.graph import TopologyGraph

MINUTE = seconds(60)
"""When a call happened is kept to the minute, so that steady traffic teaches nothing new."""

SERVICES_MAX = 50_000

PARTS_MAX = 4
"""Services that share one span id (as those of B3 do), each with its minute; beyond, the smallest are kept, `span_services_left_out`."""

CHILDREN_MAX = 8
"""Services called within one span; beyond, the smallest are kept, `span_children_left_out`."""

SpanKey = tuple[str, str]
"""Trace and span id."""

Part = tuple[Reference, int]
"""A service that reported a span, and the minute in which it did."""


class RememberedSpan(msgspec.Struct, array_like=True, gc=False):
    """What is known of one span id: who reported it and which services reported spans below it."""

    parts: tuple[Part, ...] = ()
    children: tuple[Reference, ...] = ()


class CallMemory(msgspec.Struct):
    """What a restart needs, in the order in which it is forgotten."""

    spans: list[tuple[SpanKey, RememberedSpan]]
    counters: dict[str, int]


class CallLearner:
    """
    Feeds calls to the topology, and skips what the topology's own call already covers.

    A span's parent and its children may come before or after it, and several services may report one span: every service that did is
    taken to call every other service with a span below it. Such a call happened in the minute of the parent, and is one observation
    per parent, so that neither depends on who came first. Spans are remembered up to a limit, `spans_forgotten` beyond it.
    """

    def __init__(self, topology: TopologyGraph, spans_max: int) -> None:
        self._topology = topology
        self._spans_max = spans_max
        self.counters: dict[str, int] = {}
        # Ordered, since a plain dictionary takes ever longer to find its first key as first keys go.
        self._spans: OrderedDict[SpanKey, RememberedSpan] = OrderedDict()
        # Only a short cut: emptied when full, it costs time and changes nothing.
        self._services: dict[tuple[str, str], Reference] = {}

    @property
    def forgotten(self) -> int:
        """How many spans were forgotten for the limit."""
        return self.counters.get("spans_forgotten", 0)

    def call(self, caller: Reference, callee: Reference, occurred_at: int, identity: str) -> TopologyChange | None:
        """One call, told by the event of that identity; None where it is nothing new."""
        minute = occurred_at - occurred_at % MINUTE
        if self._topology.knows_call(caller, callee, minute):
            return None
        return self._topology.observe_call(caller, callee, occurred_at=minute, observation=text_hash(identity))

    def join_span(self, event: EventHead, occurred_at: int) -> Sequence[TopologyChange]:
        """Join a span with its parent and its children, where they are of other services."""
        trace, attributes = event.trace_context, event.attributes
        if trace is None or not attributes or not trace.trace_id or not trace.span_id:
            return ()
        name = attributes.get("service.name")
        if not isinstance(name, str) or not name:
            return ()
        context = event.k8s_context
        service = self._service(context.namespace if context is not None else "", name)
        pairs: list[tuple[SpanKey, Part, Reference]] = []
        key = (trace.trace_id, trace.span_id)
        span = self._spans.get(key) or self._remember(key)
        part = (service, occurred_at - occurred_at % MINUTE)
        if part not in span.parts and self._add_part(span, part) and span.children:
            pairs += [(key, part, child) for child in span.children]
        if trace.parent_span_id:
            above = (trace.trace_id, trace.parent_span_id)
            parent = self._spans.get(above) or self._remember(above)
            if service not in parent.children and self._add_child(parent, service) and parent.parts:
                pairs += [(above, each, service) for each in parent.parts]
        return self._joined(pairs) if pairs else ()

    def _joined(self, pairs: list[tuple[SpanKey, Part, Reference]]) -> list[TopologyChange]:
        changes: list[TopologyChange] = []
        for (trace_id, span_id), (caller, minute), callee in pairs:
            if caller is callee or caller == callee or self._topology.knows_call(caller, callee, minute):
                continue
            observation = text_hash(f"{trace_id}\x1f{span_id}")
            changes.append(self._topology.observe_call(caller, callee, occurred_at=minute, observation=observation))
        return changes

    def _remember(self, key: SpanKey) -> RememberedSpan:
        span = self._spans[key] = RememberedSpan()
        if len(self._spans) > self._spans_max:
            self._spans.popitem(last=False)
            self._count("spans_forgotten")
        return span

    def _add_part(self, span: RememberedSpan, part: Part) -> bool:
        """Whether the part is among those kept."""
        if not span.parts:
            span.parts = (part,)
            return True
        span.parts = tuple(sorted((*span.parts, part)))
        if len(span.parts) > PARTS_MAX:
            span.parts = span.parts[:PARTS_MAX]
            self._count("span_services_left_out")
        return part in span.parts

    def _add_child(self, span: RememberedSpan, child: Reference) -> bool:
        """Whether the child is among those kept."""
        if not span.children:
            span.children = (child,)
            return True
        span.children = tuple(sorted((*span.children, child)))
        if len(span.children) > CHILDREN_MAX:
            span.children = span.children[:CHILDREN_MAX]
            self._count("span_children_left_out")
        return child in span.children

    def _count(self, counter: str) -> None:
        self.counters[counter] = self.counters.get(counter, 0) + 1

    def _service(self, namespace: str, name: str) -> Reference:
        found = self._services.get((namespace, name))
        if found is None:
            if len(self._services) >= SERVICES_MAX:
                self._services.clear()
            found = self._services[namespace, name] = Reference(DEFAULT_CLUSTER, SCHEME_SERVICE_NAME, namespace, name)
        return found

    def snapshot(self) -> CallMemory:
        """What a restart needs beside the topology."""
        return CallMemory(list(self._spans.items()), dict(self.counters))

    def restore(self, memory: CallMemory) -> None:
        """Take over a snapshot."""
        self._spans, self.counters = OrderedDict(memory.spans), dict(memory.counters)
