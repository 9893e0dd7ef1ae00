"""
Novelty: how much of what is observed is news, and not what the cluster shows all the time, or what passed by itself.

It owns what was learned for that: base rates and recoveries. Both are sets, so that the order of observations makes no difference.
"""

from collections.abc import Callable

import msgspec

from headwater.correlation.base_rates import OrdinaryRates, Rates, news
from headwater.correlation.recoveries import RecoveryMemory, RecoveryTimes
from headwater.correlation.vertices import Vertex
from headwater.model.entities import Reference
from headwater.signals.recoveries import Recoveries

PASSED = 0.05
"""What little news there is in a trouble that has passed by itself."""


class Learned(msgspec.Struct):
    """What a restart needs."""

    base_rates: Rates
    recoveries: RecoveryTimes


class Novelty:
    """Of one correlation domain."""

    def __init__(self, known: Recoveries, learned: Learned | None = None) -> None:
        self.base_rates = OrdinaryRates(learned.base_rates if learned else None)
        self.recoveries = RecoveryMemory(known, learned.recoveries if learned else None)

    def news_of(self, vertex: Vertex) -> float:
        """From 0 to 1; what stands for itself is news however often it happens."""
        if not vertex.is_real:
            return 1.0
        if all(map(self.recoveries.has_passed, vertex.occurrences)):
            return PASSED
        if vertex.symptom_class.tell_alone:
            return 1.0
        expected = self.base_rates.expected((occurrence.key for occurrence in vertex.occurrences), vertex.onset)
        # What its observer calls faint or nothing new is no news either. A prior stands for the history of what is always there to
        # some degree; a plain case of it is not among that.
        usual = vertex.symptom_class.usual * (1.0 - vertex.weight)
        return min(news(vertex.count, max(expected, usual)), 2.0 * vertex.weight)

    def seal(self, now: int, horizon: int, is_needed: Callable[[Reference], bool]) -> None:
        """Close what no admitted observation can reach any more, and let go of what ended before the horizon and is not needed."""
        self.base_rates.seal(now)
        self.recoveries.forget(horizon, is_needed)

    def snapshot(self) -> Learned:
        """What a restart needs."""
        return Learned(self.base_rates.snapshot(), self.recoveries.snapshot())
