"""
Decides which telemetry is worth an event: errors, exceptions, slow or missing calls; of the rest, only who calls whom.

Everything it remembers is bounded and counted. What is sent twice is learned once, and gives the same events.
"""

from collections.abc import Iterable, Sequence

import msgspec

from headwater.edges.otlp import events
from headwater.edges.otlp.baselines import Baselines, Usual
from headwater.edges.otlp.call_statistics import CallStatistics, Pair
from headwater.edges.otlp.expected_calls import ExpectedCalls
from headwater.edges.otlp.span_tree import Joined, SpanTree
from headwater.edges.otlp.telemetry import CALLED, CALLING, STATUS_ERROR, LogRecord, Received, Span
from headwater.model.events import UnifiedEvent
from headwater.model.times import seconds

ALIKE_MAX = 50
"""Events of one kind, service, operation and error in one interval; more say nothing new, and are counted."""
KINDS_MAX = 5_000
"""Different such kinds in one interval; further ones are counted and not told."""
HELD_MAX = 2_000
"""Slow calls whose callee may still explain them; past it the first held is told at once."""
HELD_FOR = seconds(6)
"""Longer than exporters wait to fill a batch, five seconds by default."""
LATER_MAX = 5_000
"""Conclusions that could not be stored and are given again; past it the first are dropped, and counted."""
_EXPLAINED_SHARE = 0.6
_CONCLUSIONS = frozenset({"span.slow", "rpc.gap", "span.missing_call", "trace.edge_stats"})
# The caller's mistakes: the callee does what it should. Not among them: access, time-outs and rates, which have classes of their own.
_CALLER_AT_FAULT = frozenset(range(400, 500)) - {401, 403, 407, 408, 429}


class IntakeCounters(msgspec.Struct):
    """What came, and what became of it."""

    spans: int = 0
    logs: int = 0
    rejected: int = 0
    errors: int = 0
    slow: int = 0
    missing: int = 0
    alike: int = 0  # past ALIKE_MAX or KINDS_MAX
    caller_at_fault: int = 0
    explained: int = 0  # slow, but it waited for somebody who was
    pairs: int = 0
    dropped: int = 0  # past LATER_MAX


class _Held(msgspec.Struct, frozen=True):
    span: Span
    usual: Usual
    until: int


class TelemetryIntake:
    """Takes what receivers read, gives events. `now` is the receiver's time in nanoseconds."""

    def __init__(self, *, interval: int = seconds(10)) -> None:
        self._interval = interval
        self._next_interval = 0
        self._tree = SpanTree()
        self._baselines = Baselines()
        self._statistics = CallStatistics()
        self._expected = ExpectedCalls()
        self._held: dict[tuple[str, str], _Held] = {}
        self._alike: dict[tuple[str, ...], int] = {}
        self._later: list[UnifiedEvent] = []
        self.counters = IntakeCounters()

    @property
    def forgotten(self) -> dict[str, int]:
        """What was forgotten or left out at limits, by what it was."""
        return {
            "spans": self._tree.forgotten,
            "operations": self._baselines.forgotten,
            "expected_calls": self._expected.forgotten,
            "pairs": self._statistics.dropped,
        }

    def take(self, received: Received, now: int) -> list[UnifiedEvent]:
        """The events of a request."""
        found: list[UnifiedEvent] = []
        self.counters.rejected += received.rejected
        self.counters.spans += len(received.spans)
        self.counters.logs += len(received.logs)
        for span in received.spans:
            self._take_span(span, now, found)
        found.extend(self._error_logs(received.logs, now))
        return found

    def not_stored(self, told: Sequence[UnifiedEvent]) -> None:
        """
        Take back events that could not be stored.

        Errors come again, since their sender is told to send them again; what was concluded from more than one span does not, and is kept.
        """
        self._alike.clear()
        self._later += [event for event in told if event.semantic is not None and event.semantic.intent in _CONCLUSIONS]
        self.counters.dropped += max(0, len(self._later) - LATER_MAX)
        del self._later[:-LATER_MAX]

    def pass_time(self, now: int, *, is_end: bool = False) -> list[UnifiedEvent]:
        """Events that are due: slow calls that nobody explained, and at the end of an interval its statistics. At the end all are due."""
        found, self._later = self._later, []
        found += [self._told_slow_call(held, now) for held in self._due(now, is_end=is_end)]
        if is_end or now >= self._next_interval:
            self._next_interval = now + self._interval
            self._alike.clear()
            taken = self._statistics.take()
            found += [events.call_statistics(pair, calls, now) for pair, calls in taken]
            missing = self._expected.take()
            found += [events.missing_call(item, now) for item in missing]
            self.counters.pairs += len(taken)
            self.counters.missing += len(missing)
        return found

    def _take_span(self, span: Span, now: int, found: list[UnifiedEvent]) -> None:
        joined = self._tree.join(span)
        is_failed = self._is_failed(span)
        if joined.is_new:
            self._count_calls(span, joined, is_error=is_failed)
            self._explain(span, joined)
        if is_failed:
            # What comes again was not stored the first time, and must not fail by having been counted then.
            if not joined.is_new or self._may_tell(
                "error", span.source.service, span.name, span.peer, span.exception_type or str(span.http_status)
            ):
                self.counters.errors += 1
                found.append(events.failed_span(span, now))
        elif joined.is_new and (span.kind in CALLED or span.kind in CALLING):
            self._judge_healthy(span, joined, now, found)

    def _judge_healthy(self, span: Span, joined: Joined, now: int, found: list[UnifiedEvent]) -> None:
        below = joined.below
        if span.kind in CALLED and below is not None:
            self._expected.observe(span, below.peers)
        usual = self._baselines.judge((span.source.service, span.name, span.peer), span.duration, now, is_healthy=True)
        if usual is None:
            return
        waited = below.waited if below is not None else 0
        if span.kind in CALLED:
            if waited >= _EXPLAINED_SHARE * (span.duration - usual.median):
                self.counters.explained += 1
            elif self._may_tell("slow", span.source.service, span.name):
                self.counters.slow += 1
                found.append(events.slow_span(span, usual, now))
        elif any(took >= _EXPLAINED_SHARE * span.duration for _, took in joined.callees):
            self.counters.explained += 1
        elif span.peer and self._may_tell("slow call", span.source.service, span.name, span.peer):
            self._held[span.trace_id, span.span_id] = _Held(span, usual, now + HELD_FOR)
            if len(self._held) > HELD_MAX:
                found.append(self._told_slow_call(self._held.pop(next(iter(self._held))), now))

    def _count_calls(self, span: Span, joined: Joined, *, is_error: bool) -> None:
        namespace, service = span.source["k8s.namespace.name"], span.source.service
        if span.peer:
            self._statistics.add(Pair(service, span.peer, namespace), duration=span.duration, at=span.ended_at, is_error=is_error)
        for caller in joined.callers:
            self._statistics.add(Pair(caller, service, namespace), duration=span.duration, at=span.ended_at, is_error=is_error)
        for callee, took in joined.callees:
            self._statistics.add(Pair(service, callee, namespace), duration=took, at=span.ended_at, is_error=is_error)

    def _explain(self, span: Span, joined: Joined) -> None:
        """A slow call is its callee's to tell where the callee took most of it."""
        held = self._held.get((span.trace_id, span.parent_id)) if joined.callers else None
        if held is not None and span.duration >= _EXPLAINED_SHARE * held.span.duration:
            del self._held[span.trace_id, span.parent_id]
            self.counters.explained += 1

    def _is_failed(self, span: Span) -> bool:
        status = span.http_status
        if span.kind in CALLING and status in _CALLER_AT_FAULT and not span.exception_type:
            self.counters.caller_at_fault += span.status == STATUS_ERROR
            return False
        return span.status == STATUS_ERROR or status >= 500

    def _error_logs(self, records: Iterable[LogRecord], now: int) -> Iterable[UnifiedEvent]:
        for record in records:
            if events.is_error(record) and self._may_tell("log", record.source.service, record.source["k8s.pod.name"], record.body[:40]):
                self.counters.errors += 1
                yield events.error_log(record, now)

    def _may_tell(self, *kind: str) -> bool:
        count = self._alike.get(kind, 0)
        if count >= ALIKE_MAX or (count == 0 and len(self._alike) >= KINDS_MAX):
            self.counters.alike += 1
            return False
        self._alike[kind] = count + 1
        return True

    def _due(self, now: int, *, is_end: bool) -> list[_Held]:
        keys = [key for key, held in self._held.items() if is_end or held.until <= now]
        return [self._held.pop(key) for key in keys]

    def _told_slow_call(self, held: _Held, now: int) -> UnifiedEvent:
        self.counters.slow += 1
        return events.slow_call(held.span, held.usual, now)
