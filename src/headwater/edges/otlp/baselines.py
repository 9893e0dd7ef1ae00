"""
What each operation usually takes, learned from its healthy traffic: how it is known that one took far longer.

Slow traffic teaches nothing while it is the exception. Where most of an operation's traffic is slow for two whole windows, that is what it
takes now.
"""

from math import exp, log

import msgspec

from headwater.model.times import seconds

Operation = tuple[str, str, str]
"""Service, name of the operation, and whom it calls if it is a call."""

OPERATIONS_MAX = 5_000
"""Past it the operation that was seen first is forgotten, and counted."""
WINDOW = seconds(300)
WINDOWS_MAX = 6
SAMPLES_MIN = 50
"""Fewer say nothing of a percentile."""
_SLOW_FACTOR = 2.0  # times the 99th percentile
_SLOW_EXCESS = seconds(0.05)  # above the median, below which nobody cares
_GROWTH = log(1.1)
_SLOW_SHARE = 0.5
_SLOW_WINDOWS = 2


class Usual(msgspec.Struct, frozen=True):
    """How long an operation usually takes, in nanoseconds."""

    median: int
    high: int  # the 99th percentile

    @property
    def slow(self) -> int:
        """What is slower than this is slow."""
        return max(round(self.high * _SLOW_FACTOR), self.median + _SLOW_EXCESS)


class _Histogram(dict[int, int]):
    """Counts by bucket, each a tenth wider than the one before."""

    def add(self, duration: int) -> None:
        bucket = int(log(max(duration, 1)) / _GROWTH)
        self[bucket] = self.get(bucket, 0) + 1


class _Learned:
    __slots__ = ("healthy", "past", "slow", "slow_windows", "started_at", "usual", "usual_of")

    def __init__(self, at: int) -> None:
        self.started_at = at
        self.healthy = _Histogram()
        self.slow = _Histogram()
        self.past: list[_Histogram] = []
        self.slow_windows = 0
        self.usual: Usual | None = None
        self.usual_of = -1  # how many samples `usual` was computed from


class Baselines:
    """Learns and judges. Time comes from the spans."""

    def __init__(self) -> None:
        self._operations: dict[Operation, _Learned] = {}
        self.forgotten = 0

    def judge(self, operation: Operation, duration: int, at: int, *, is_healthy: bool) -> Usual | None:
        """What is usual where this duration is slow, None where it is not, or nothing is known. Healthy ones are learned from."""
        learned = self._operations.get(operation)
        if learned is None:
            learned = self._operations[operation] = _Learned(at)
            if len(self._operations) > OPERATIONS_MAX:
                del self._operations[next(iter(self._operations))]
                self.forgotten += 1
        if at - learned.started_at >= WINDOW:
            _rotate(learned, at)
        usual = _usual(learned)
        is_slow = usual is not None and duration > usual.slow
        if is_healthy:
            (learned.slow if is_slow else learned.healthy).add(duration)
        return usual if is_slow else None


def _rotate(learned: _Learned, at: int) -> None:
    healthy, slow = sum(learned.healthy.values()), sum(learned.slow.values())
    is_mostly_slow = slow > _SLOW_SHARE * (healthy + slow) and slow >= SAMPLES_MIN
    learned.slow_windows = learned.slow_windows + 1 if is_mostly_slow else 0
    if learned.slow_windows >= _SLOW_WINDOWS:
        learned.past = [learned.slow]
        learned.slow_windows = 0
    elif healthy:
        learned.past = [*learned.past[-(WINDOWS_MAX - 1) :], learned.healthy]
    learned.healthy, learned.slow, learned.started_at, learned.usual_of = _Histogram(), _Histogram(), at, -1


def _usual(learned: _Learned) -> Usual | None:
    """Of the past windows; of the present one too while they hold too little."""
    histograms = learned.past
    if sum(sum(histogram.values()) for histogram in histograms) < SAMPLES_MIN:
        histograms = [*histograms, learned.healthy]
    count = sum(sum(histogram.values()) for histogram in histograms)
    if count < SAMPLES_MIN:
        return None
    # Percentiles move slowly: they are computed anew only after a tenth more samples.
    if learned.usual is None or not 0 <= count - learned.usual_of <= learned.usual_of // 10:
        merged: dict[int, int] = {}
        for histogram in histograms:
            for bucket, amount in histogram.items():
                merged[bucket] = merged.get(bucket, 0) + amount
        learned.usual, learned.usual_of = Usual(_percentile(merged, count, 0.5), _percentile(merged, count, 0.99)), count
    return learned.usual


def _percentile(histogram: dict[int, int], count: int, share: float) -> int:
    left = share * count
    for bucket in sorted(histogram):
        left -= histogram[bucket]
        if left <= 0:
            return round(exp(_GROWTH * (bucket + 0.5)))
    raise AssertionError("the counts add up to the count")
