"""
What is known of the spans around a span: who called it, whom it called, and how long it waited for them.

Children end before their parents and are sent before them, as a rule; what comes the other way round, or never, is only not known.
"""

from typing import Any

import msgspec

from headwater.edges.otlp.telemetry import CALLED, CALLING, Span, SpanKind

SPANS_MAX = 100_000
"""Spans whose service is remembered."""
PARENTS_MAX = 50_000
"""Spans that have not come, and whose children have. Past either limit the first remembered is forgotten, and counted."""
PEERS_MAX = 32
"""Different peers of one span; more are not looked at."""

SpanKey = tuple[str, str]


class Below(msgspec.Struct):
    """What a span's children did."""

    waited: int = 0  # nanoseconds spent in calls to others
    peers: set[str] = set()


class Joined(msgspec.Struct, frozen=True):
    """What a span shows together with those that came before it."""

    is_new: bool
    callers: tuple[str, ...] = ()  # services that called this one
    callees: tuple[tuple[str, int], ...] = ()  # services that this call reached, and how long each took
    below: Below | None = None


_KNOWN = Joined(is_new=False)
_NOTHING = Below()


class SpanTree:
    """Remembers spans, bounded."""

    def __init__(self) -> None:
        self._services: dict[SpanKey, str] = {}
        self._below: dict[SpanKey, Below] = {}
        self._orphans: dict[SpanKey, list[tuple[str, int]]] = {}
        self.forgotten = 0

    def join(self, span: Span) -> Joined:
        """Remember a span. One that comes again shows nothing new."""
        key, above = (span.trace_id, span.span_id), (span.trace_id, span.parent_id)
        if key in self._services:
            return _KNOWN
        self._services[key] = span.source.service
        self._bound(self._services, SPANS_MAX)
        below = self._below.pop(key, _NOTHING)
        if span.parent_id:
            self._tell_parent(above, span, below)
        callees = tuple(item for item in self._orphans.pop(key, ()) if item[0] != span.source.service)
        callers: tuple[str, ...] = ()
        if span.parent_id and span.kind in CALLED:
            caller = self._services.get(above)
            if caller is None:
                self._orphans.setdefault(above, [])[:] = [*self._orphans.get(above, ()), (span.source.service, span.duration)][:PEERS_MAX]
                self._bound(self._orphans, PARENTS_MAX)
            elif caller != span.source.service:
                callers = (caller,)
        return Joined(True, callers, callees, below)

    def _tell_parent(self, above: SpanKey, span: Span, below: Below) -> None:
        if span.kind in CALLING:
            waited, peers = span.duration, {span.peer} if span.peer else set()
        elif span.kind in (SpanKind.INTERNAL, SpanKind.UNSPECIFIED):
            # What is inside a span of the same process is the parent's too.
            waited, peers = below.waited, below.peers
        else:
            return
        if above in self._services or not (waited or peers):
            return  # the parent has been judged
        known = self._below.setdefault(above, Below(peers=set()))
        known.waited += waited
        if len(known.peers) < PEERS_MAX:
            known.peers |= peers
        self._bound(self._below, PARENTS_MAX)

    def _bound(self, memory: dict[SpanKey, Any], most: int) -> None:
        if len(memory) > most:
            del memory[next(iter(memory))]
            self.forgotten += 1
