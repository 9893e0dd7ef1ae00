"""
Novelty: how much of what is observed is news, and not what the cluster shows all the time, or what passed by itself.

It owns what was learned for that: base rates, the lines that workloads write, and recoveries. All are sets, so that the order of
observations makes no difference.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from headwater.correlation.attribution_view import ORDINARY_BELOW
from headwater.correlation.base_rates import BUCKET, BUCKETS_KEPT, OrdinaryRates, RateKey, Rates, news
from headwater.correlation.limits import HORIZON
from headwater.correlation.lines import LineMemory, LineTimes
from headwater.correlation.occurrences import Sample, key_of
from headwater.correlation.recoveries import RecoveryMemory, RecoveryTimes
from headwater.correlation.vertices import NewLine, Vertex
from headwater.model.entities import Reference
from headwater.model.symptoms import Symptom
from headwater.signals.recoveries import Recoveries
from headwater.signals.standing import LONG

PASSED = 0.05
"""What little news there is in a trouble that has passed by itself, or that is always there."""

FAR_MORE = 2.0
"""So many times the usual number: somewhere a little more is written at any time."""


class Learned(msgspec.Struct):
    """What a restart needs."""

    base_rates: Rates
    lines: LineTimes
    recoveries: RecoveryTimes


class Novelty:
    """Of one correlation domain."""

    def __init__(self, known: Recoveries, learned: Learned | None = None) -> None:
        self.base_rates = OrdinaryRates(learned.base_rates if learned else None)
        self.lines = LineMemory(learned.lines if learned else None)
        self.recoveries = RecoveryMemory(known, learned.recoveries if learned else None)

    def learn(self, symptom: Symptom) -> Symptom:
        """Count a symptom and remember the line that tells it; return it with what is known of that line."""
        key, at = key_of(symptom), symptom.occurred_at
        self.base_rates.count(key, at, symptom.observation)
        if not symptom.line:
            return symptom
        rated = self.base_rates.recurring(key)
        self.lines.note(rated, symptom.line, at)
        # Twice the horizon before it, since an event may come that much ahead of others: what is asked now must be so for good.
        window = self.base_rates.window(at - HORIZON)
        if window is None or not self.lines.is_usual(rated, symptom.line, *window):
            return symptom
        return msgspec.structs.replace(symptom, is_usual=True)

    def is_background(self, vertex: Vertex) -> bool:
        """Whether it is told by lines that its workload always writes, and by not many more than usual."""
        if not vertex.key.is_usual or vertex.symptom_class.tell_alone:
            return False
        # It may have begun long ago: then what counts is how much of it there is in ten minutes.
        lasted = max(BUCKET, vertex.last - vertex.first)
        at = max(vertex.onset, vertex.last - BUCKETS_KEPT * BUCKET) - HORIZON
        expected = self.base_rates.expected((occurrence.key for occurrence in vertex.occurrences), at)
        return vertex.count * BUCKET <= FAR_MORE * expected * lasted

    def news_of(self, vertex: Vertex) -> float:
        """From 0 to 1; what stands for itself is news however often it happens, unless it says itself that it has long been so."""
        if not vertex.is_real:
            return 1.0
        if all(map(self.recoveries.has_passed, vertex.occurrences)):
            return PASSED
        if vertex.is_told_alone:
            return min(1.0, 2.0 * _weight_of(vertex))
        if vertex.is_background:
            return PASSED
        expected = self.base_rates.expected((occurrence.key for occurrence in vertex.occurrences), vertex.onset)
        # A prior stands for the history of what is always there to some degree; a plain case of it is not among that.
        usual = vertex.symptom_class.usual * (1.0 - vertex.weight)
        counted = news(vertex.count, max(expected, usual))
        if counted < 1.0:
            # A new error is heard among those of its class that are always written.
            told = (self.lines.news(key, line, *window) for key, line, _, window in self._lines_of(vertex))
            counted = max(counted, *told, 0.0)
        if usual:
            # Faint ones add up: each counts as what it weighs, so that ten of a tenth say no more than one, and a thousand say much.
            return min(counted, news(round(vertex.count * vertex.weight), usual))
        # What its observer calls nothing new is no news, however often it says so.
        return min(counted, 2.0 * _weight_of(vertex))

    def mark_new_lines(self, vertices: Iterable[Vertex]) -> None:
        """Note with each vertex which of its lines speaks for it, as far as the history goes now."""
        for vertex in vertices:
            vertex.new_line = self._new_line_of(vertex)

    def _new_line_of(self, vertex: Vertex) -> NewLine | None:
        """Of the lines that its workload has not written before, and that are news, the earliest; None where none is known to be."""
        found: NewLine | None = None
        for key, line, sample, (first, end) in self._lines_of(vertex):
            # The last buckets before it are not closed yet, but they must be empty for it to be the first.
            if (
                self.lines.was_seen(key, line, first, sample.occurred_at // BUCKET)
                or self.lines.news(key, line, first, end) < ORDINARY_BELOW
            ):
                continue
            if found is None or sample < found.sample:
                found = NewLine(sample, first * BUCKET)
        return found

    def _lines_of(self, vertex: Vertex) -> Iterator[tuple[RateKey, int, Sample, tuple[int, int]]]:
        """The lines that tell it, each with the buckets that tell what was usual before it; none without a history."""
        if vertex.key.is_usual:
            return
        for occurrence in vertex.occurrences:
            for line, sample in occurrence.lines.items():
                window = self.base_rates.window(sample.onset)
                if window is not None:
                    yield self.base_rates.recurring(occurrence.key), line, sample, window

    def seal(self, now: int, horizon: int, is_needed: Callable[[Reference], bool]) -> None:
        """Close what no admitted observation can reach any more, and let go of what ended before the horizon and is not needed."""
        self.base_rates.seal(now)
        self.lines.forget(now)
        self.recoveries.forget(horizon, is_needed)

    def left_out(self) -> tuple[tuple[str, int], ...]:
        """By limit, how often something was not learned, or forgotten early."""
        return (
            ("base_rates", self.base_rates.left_out),
            ("lines", self.lines.left_out),
            ("recoveries", self.recoveries.left_out),
        )

    def snapshot(self) -> Learned:
        """What a restart needs."""
        return Learned(self.base_rates.snapshot(), self.lines.snapshot(), self.recoveries.snapshot())


def _weight_of(vertex: Vertex) -> float:
    """How strongly it was measured; what was seen to begin stays what it was then, however long it goes on."""
    if vertex.last - vertex.first <= LONG:
        return vertex.weight
    return max(vertex.weight, min(occurrence.earliest for occurrence in vertex.occurrences).weight)
