"""
The memory of log lines: which a workload has written before, so that a new error is heard among those that it always writes.

Of each template it holds the ten-minute buckets in which the line was seen. That is a set: order, repeats and batches make no difference,
and what is asked of it are only buckets that ended a whole admission horizon before the onset.

How new a line is follows from how often lines as rare as it are met: in a service that writes names into its lines something is new in
every bucket, so another new line says nothing. Where lines differ only by what is masked (signals/templates.py), they are one.
"""

from bisect import insort

import msgspec

from headwater.correlation.base_rates import BUCKET, BUCKETS_KEPT, RateKey
from headwater.correlation.limits import HORIZON

LINES_OF_BUCKET_MAX = 32
"""Of one key; of more the ones with the smallest numbers are remembered, whatever came first, and the others are never called new."""

LINES_MAX = 100_000
"""Of all keys together; more are not remembered, which can only make them news."""

USUAL_FROM = 0.75
"""What is written in more of the buckets is written always."""

USUAL_BUCKETS_MIN = 18
"""And in no fewer, three hours: while a log is young, a fault that lasts is in most of it."""

_ANY = 2**64
"""Larger than the number of any line."""

_Seen = dict[int, int]
"""By line: a bit for each bucket, counted from the origin."""


class LineTimes(msgspec.Struct):
    """What a restart needs."""

    origin: int | None = None  # number of the bucket of the first bit
    seen: dict[RateKey, dict[int, bytes]] = {}
    full: dict[RateKey, dict[int, int]] = {}  # by number of a bucket that held more lines than are remembered: the largest one of these


class LineMemory:
    """Owns the lines of one correlation domain."""

    def __init__(self, times: LineTimes | None = None) -> None:
        times = times or LineTimes()
        self._origin = times.origin or 0
        self._has_begun = times.origin is not None
        self._seen: dict[RateKey, _Seen] = {
            key: {line: int.from_bytes(bits, "big") for line, bits in lines.items()} for key, lines in times.seen.items()
        }
        self._full = {key: dict(buckets) for key, buckets in times.full.items()}
        self._count = sum(map(len, self._seen.values()))
        self._open: dict[tuple[RateKey, int], list[int]] = {}  # a short cut: the lines of a bucket, ascending
        self._tables: dict[tuple[RateKey, int, int], _Table] = {}  # a short cut, emptied when a bucket has passed
        self.left_out = 0

    def note(self, key: RateKey, line: int, occurred_at: int) -> None:
        """A line was written."""
        number = occurred_at // BUCKET
        if not self._has_begun:
            self._origin, self._has_begun = number - BUCKETS_KEPT, True
        lines = self._seen.setdefault(key, {})
        bit = 1 << max(0, number - self._origin)
        before = lines.get(line, 0)
        if before & bit:
            return
        held = self._open.get((key, number))
        if held is None:
            held = self._open[key, number] = sorted(known for known, bits in lines.items() if bits & bit)
        if not before and self._count >= LINES_MAX:
            self.left_out += 1
            return
        insort(held, line)
        lines[line] = before | bit
        self._count += not before
        if len(held) > LINES_OF_BUCKET_MAX:
            self._drop(lines, held.pop(), bit)
            self._full.setdefault(key, {})[number] = held[-1]

    def _drop(self, lines: _Seen, line: int, bit: int) -> None:
        lines[line] &= ~bit
        if not lines[line]:
            del lines[line]
            self._count -= 1

    def forget(self, now: int) -> None:
        """Drop what is too old to be read: twice what is read is kept, so that a late judgement still finds all of it."""
        self._tables.clear()
        self._open = {place: held for place, held in self._open.items() if (place[1] + 1) * BUCKET > now - HORIZON}
        passed = now // BUCKET - 2 * BUCKETS_KEPT - self._origin
        if not self._has_begun or passed < BUCKETS_KEPT:
            return
        self._origin += passed
        kept = {key: {line: later for line, bits in lines.items() if (later := bits >> passed)} for key, lines in self._seen.items()}
        self._seen = {key: lines for key, lines in kept.items() if lines}
        self._count = sum(map(len, self._seen.values()))
        still = {key: {n: largest for n, largest in buckets.items() if n >= self._origin} for key, buckets in self._full.items()}
        self._full = {key: buckets for key, buckets in still.items() if buckets}

    def news(self, key: RateKey, line: int, first: int, end: int) -> float:
        """
        How little of it is ordinary that this line is written, from 0 to 1, by the buckets from `first` to before `end`.

        It is the share of buckets that held no line as rare, by Jeffreys' estimate: where little is known, nothing is certain.
        """
        table = self._table(key, first, end)
        if line > table.largest:
            return 0.0
        return 1.0 - (table.with_as_rare(line) + 0.5) / (end - first + 1)

    def is_usual(self, key: RateKey, line: int, first: int, end: int) -> bool:
        """Whether a line as rare as this is written practically always, by the buckets from `first` to before `end`."""
        met = self._table(key, first, end).with_as_rare(line)
        return met >= USUAL_BUCKETS_MIN and met + 0.5 > USUAL_FROM * (end - first + 1)

    def was_seen(self, key: RateKey, line: int, first: int, end: int) -> bool:
        """Whether a line was in any of the buckets from `first` to before `end`, or nobody can say any more."""
        bits = self._seen.get(key, {}).get(line, 0)
        return bool(bits & self._within(first, end)) or line > self._largest(key, first, end)

    def _within(self, first: int, end: int) -> int:
        return _bits_below(end - self._origin) & ~_bits_below(first - self._origin)

    def _largest(self, key: RateKey, first: int, end: int) -> int:
        """Of larger lines nothing is known."""
        return min((line for number, line in self._full.get(key, {}).items() if first <= number < end), default=_ANY)

    def _table(self, key: RateKey, first: int, end: int) -> "_Table":
        """What is known of buckets that have passed."""
        asked = (key, first, end)
        table = self._tables.get(asked)
        if table is None:
            within, largest = self._within(first, end), self._largest(key, first, end)
            seen = {line: met for line, bits in self._seen.get(key, {}).items() if line <= largest and (met := bits & within)}
            table = self._tables[asked] = _Table(seen, largest)
        return table

    def snapshot(self) -> LineTimes:
        """What a restart needs."""
        seen = {key: {line: _as_bytes(bits) for line, bits in lines.items()} for key, lines in self._seen.items()}
        return LineTimes(self._origin if self._has_begun else None, seen, self._full)


class _Table:
    """The lines of one key within some buckets."""

    def __init__(self, seen: _Seen, largest: int) -> None:
        self.times = {line: bits.bit_count() for line, bits in seen.items()}
        self.largest = largest
        self._seen = seen
        self._with_as_rare: dict[int, int] = {}  # a short cut

    def with_as_rare(self, line: int) -> int:
        """In how many buckets a line was seen that was seen in no more than this one; for what is new, one that was seen once."""
        times = max(1, self.times.get(line, 0))
        known = self._with_as_rare.get(times)
        if known is None:
            united = 0
            for other, bits in self._seen.items():
                if self.times[other] <= times:
                    united |= bits
            known = self._with_as_rare[times] = united.bit_count()
        return known


def _bits_below(number: int) -> int:
    return (1 << max(0, number)) - 1


def _as_bytes(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "big")
