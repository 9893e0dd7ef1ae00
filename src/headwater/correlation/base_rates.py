"""
Base rates: how often a cluster shows a symptom all the time, so that what it always does is not taken for news.

Distinct observations are counted in ten-minute buckets, by workload, class and the workload blamed. A bucket counts only from the
admission horizon on: then no admitted observation can change it, so what is read of it depends on the set of observations alone.
"""

from bisect import insort
from collections.abc import Iterable, Mapping
from math import ceil, erf, exp, fsum, sqrt
from re import compile as compile_pattern

import msgspec

from headwater.correlation.limits import HORIZON
from headwater.correlation.occurrences import COUNTED_EXACTLY_MAX, SymptomKey, distinct
from headwater.model.entities import Reference
from headwater.model.times import seconds

BUCKET = seconds(600)
BUCKETS_KEPT = 144
"""A day."""

KEYS_MAX = 50_000
"""Of one bucket; more are not counted, which can only make them news."""

_HASHES_MAX = COUNTED_EXACTLY_MAX + 1
_NORMAL_FROM = 50.0
"""From this mean on a normal distribution stands for Poisson's."""

_RANDOM = "[bcdfghjklmnpqrstvwxz2456789]"  # what Kubernetes makes random name parts of (apimachinery, util/rand)
_POD_SUFFIX = compile_pattern(rf"(?:-{_RANDOM}{{6,10}})?-{_RANDOM}{{5}}\Z|-\d+\Z")
_REVISION_SUFFIX = compile_pattern(rf"-{_RANDOM}{{6,10}}\Z")

RateKey = tuple[str, str, str]
"""Whom it is about, class, whom it blames: pods by their workload's name, since pods come and go."""


def rate_key(key: SymptomKey) -> RateKey:
    """What recurs where this symptom recurs."""
    return (_stem(key.about), key.symptom_class, _stem(key.peer) if key.peer is not None else "")


def _stem(reference: Reference) -> str:
    name = reference.name
    if reference.scheme == "Pod":
        name = _POD_SUFFIX.sub("", name)
    elif reference.scheme == "ReplicaSet":
        name = _REVISION_SUFFIX.sub("", name)
    return f"{reference.cluster}/{reference.scheme}/{reference.namespace}/{name}"


class Rates(msgspec.Struct):
    """What a restart needs."""

    since: int | None = None  # the earliest admitted observation of anything
    open: dict[int, dict[RateKey, list[int]]] = {}  # by number of the bucket: the smallest hashes of observations
    sealed: dict[RateKey, dict[int, int]] = {}  # by number of the bucket: how many


class OrdinaryRates:
    """Owns the counts of one correlation domain."""

    def __init__(self, rates: Rates | None = None) -> None:
        self._rates = rates or Rates()
        self._keys: dict[SymptomKey, RateKey] = {}  # a short cut, emptied when full
        self._means: dict[tuple[RateKey, int], float] = {}  # a short cut, emptied when a bucket is sealed
        self.left_out = 0

    def note(self, occurred_at: int) -> None:
        """Something was observed: the log is at least as old."""
        if self._rates.since is None or occurred_at < self._rates.since:
            self._rates.since = occurred_at

    def count(self, key: SymptomKey, occurred_at: int, observation: int) -> None:
        """Count a symptom, once however often it is delivered."""
        bucket = self._rates.open.setdefault(occurred_at // BUCKET, {})
        rated = self.recurring(key)
        hashes = bucket.get(rated)
        if hashes is None:
            if len(bucket) >= KEYS_MAX:
                self.left_out += 1
                return
            bucket[rated] = [observation]
        elif observation not in hashes and (len(hashes) < _HASHES_MAX or observation < hashes[-1]):
            insort(hashes, observation)
            del hashes[_HASHES_MAX:]

    def seal(self, now: int) -> None:
        """Close the buckets that no admitted observation can reach any more; drop those of yesterday."""
        sealed = [number for number in self._rates.open if (number + 1) * BUCKET <= now - HORIZON]
        for number in sealed:
            for key, hashes in self._rates.open.pop(number).items():
                self._rates.sealed.setdefault(key, {})[number] = distinct(hashes)
        if not sealed:
            return
        self._means.clear()
        # Twice what is read, so that a late judgement still finds all of it.
        oldest = now // BUCKET - 2 * BUCKETS_KEPT
        for key, counts in list(self._rates.sealed.items()):
            for number in [number for number in counts if number < oldest]:
                del counts[number]
            if not counts:
                del self._rates.sealed[key]

    def expected(self, keys: Iterable[SymptomKey], onset: int) -> float:
        """How many observations of these an ordinary ten minutes before the onset held; 0 where nothing is known yet."""
        window = self.window(onset)
        if window is None:
            return 0.0
        return fsum(self._mean(rated, *window) for rated in dict.fromkeys(map(self.recurring, keys)))

    def window(self, onset: int) -> tuple[int, int] | None:
        """The buckets that tell what was usual before an onset, by number: from the first to before the second; None for want of any."""
        if self._rates.since is None:
            return None
        end = (onset - HORIZON) // BUCKET
        first = max(ceil(self._rates.since / BUCKET), end - BUCKETS_KEPT)
        return (first, end) if end > first else None

    def _mean(self, rated: RateKey, first: int, end: int) -> float:
        known = self._means.get((rated, end))
        if known is None:
            known = self._means[rated, end] = self._total(rated, first, end) / (end - first)
        return known

    def _total(self, rated: RateKey, first: int, end: int) -> int:
        total = sum(count for number, count in self._rates.sealed.get(rated, {}).items() if first <= number < end)
        waiting: Mapping[int, Mapping[RateKey, list[int]]] = self._rates.open
        return total + sum(distinct(held[rated]) for number, held in waiting.items() if first <= number < end and rated in held)

    def recurring(self, key: SymptomKey) -> RateKey:
        """What recurs where a symptom of this key recurs."""
        found = self._keys.get(key)
        if found is None:
            if len(self._keys) >= KEYS_MAX:
                self._keys.clear()
            found = self._keys[key] = rate_key(key)
        return found

    def snapshot(self) -> Rates:
        """What a restart needs."""
        return self._rates


def news(count: int, expected: float) -> float:
    """
    How little of a count is ordinary, from 0 to 1: the probability that the usual rate alone gives fewer in ten minutes (Poisson).

    1 where nothing is expected, also for want of a history.
    """
    if expected <= 0.0:
        return 1.0
    if expected > _NORMAL_FROM:
        return (1.0 + erf((count - 0.5 - expected) / sqrt(2.0 * expected))) / 2.0
    term = total = exp(-expected)
    for k in range(1, count):
        term *= expected / k
        if k > expected and total + term == total:
            break  # Nothing that follows, each less than the last, changes a bit of the sum.
        total += term
    return min(total, 1.0)
