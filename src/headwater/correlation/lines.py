"""
The memory of log lines: which a workload has written before, so that a new error is heard among those that it always writes.

Of each template it holds the ten-minute buckets in which the line was seen. That is a set: order, repeats and batches make no difference,
and what is asked of it are only buckets that ended a whole admission horizon before the onset.

How new a line is follows from how often lines as rare as it are met: in a service that writes names into its lines something is new in
every bucket, so another new line says nothing. Where lines differ only by what is masked (signals/templates.py), they are one.
"""

import msgspec

from headwater.correlation.base_rates import BUCKET, BUCKETS_KEPT, RateKey

LINES_OF_KEY_MAX = 128
"""At this many the ones with the smallest numbers are remembered, whatever came first; the others are never called new."""

LINES_MAX = 100_000
"""Of all keys together; more are not remembered, which can only make them news."""

_ANY = 2**64
"""Larger than the number of any line."""

_Seen = dict[int, int]
"""By line: a bit for each bucket, counted from the origin."""


class LineTimes(msgspec.Struct):
    """What a restart needs."""

    origin: int | None = None  # number of the bucket of the first bit
    seen: dict[RateKey, dict[int, bytes]] = {}


class LineMemory:
    """Owns the lines of one correlation domain."""

    def __init__(self, times: LineTimes | None = None) -> None:
        self._origin = times.origin if times else None
        self._seen: dict[RateKey, _Seen] = {}
        for key, lines in times.seen.items() if times else ():
            self._seen[key] = {line: int.from_bytes(bits, "big") for line, bits in lines.items()}
        self._count = sum(map(len, self._seen.values()))
        self._tables: dict[tuple[RateKey, int, int], _Table] = {}  # a short cut, emptied when a bucket has passed
        self.left_out = 0

    def note(self, key: RateKey, line: int, occurred_at: int) -> None:
        """A line was written."""
        number = occurred_at // BUCKET
        if self._origin is None:
            self._origin = number - BUCKETS_KEPT
        bit = 1 << max(0, number - self._origin)
        lines = self._seen.get(key)
        if lines is None:
            lines = self._seen[key] = {}
        before = lines.get(line)
        if before is not None:
            if not before & bit:
                lines[line] = before | bit
        elif self._has_room(lines, line):
            lines[line] = bit
            self._count += 1

    def _has_room(self, lines: _Seen, line: int) -> bool:
        if len(lines) >= LINES_OF_KEY_MAX:
            largest = max(lines)
            if line > largest:
                return False
            del lines[largest]
            self._count -= 1
        elif self._count >= LINES_MAX:
            self.left_out += 1
            return False
        return True

    def forget(self, now: int) -> None:
        """Drop what is too old to be read: twice what is read is kept, so that a late judgement still finds all of it."""
        self._tables.clear()
        if self._origin is None:
            return
        passed = now // BUCKET - 2 * BUCKETS_KEPT - self._origin
        if passed < BUCKETS_KEPT:
            return
        self._origin += passed
        for key, lines in list(self._seen.items()):
            kept = {line: bits >> passed for line, bits in lines.items() if bits >> passed}
            self._count -= len(lines) - len(kept)
            if kept:
                self._seen[key] = kept
            else:
                del self._seen[key]

    def news(self, key: RateKey, line: int, first: int, end: int) -> float:
        """
        How little of it is ordinary that this line is written, from 0 to 1, by the buckets from `first` to before `end`.

        It is the share of buckets that held no line as rare, by Jeffreys' estimate: where little is known, nothing is certain.
        """
        table = self._table(key, first, end)
        times = table.times.get(line, 0)
        if not times and line > table.largest:
            return 0.0
        return 1.0 - (table.with_as_rare(times) + 0.5) / (end - first + 1)

    def was_seen(self, key: RateKey, line: int, first: int, end: int) -> bool:
        """Whether a line was in any of the buckets from `first` to before `end`, or nobody can say any more."""
        table = self._table(key, first, end)
        return line in table.times or line > table.largest

    def _table(self, key: RateKey, first: int, end: int) -> "_Table":
        asked = (key, first, end)
        table = self._tables.get(asked)
        if table is None:
            lines = self._seen.get(key, {})
            within = _bits_below(end - (self._origin or 0)) & ~_bits_below(first - (self._origin or 0))
            seen = {line: met for line, bits in lines.items() if (met := bits & within)}
            largest = max(lines) if len(lines) >= LINES_OF_KEY_MAX else _ANY
            table = self._tables[asked] = _Table(seen, largest)
        return table

    def snapshot(self) -> LineTimes:
        """What a restart needs."""
        return LineTimes(self._origin, {key: {line: _as_bytes(bits) for line, bits in lines.items()} for key, lines in self._seen.items()})


class _Table:
    """The lines of one key within some buckets."""

    def __init__(self, seen: _Seen, largest: int) -> None:
        self.times = {line: bits.bit_count() for line, bits in seen.items()}
        self.largest = largest  # of lines with larger numbers nothing is known
        self._seen = seen
        self._with_as_rare: dict[int, int] = {}  # a short cut

    def with_as_rare(self, times: int) -> int:
        """In how many buckets a line was seen that was seen in no more than so many; for what is new, one that was seen once."""
        known = self._with_as_rare.get(times)
        if known is None:
            united = 0
            for line, bits in self._seen.items():
                if self.times[line] <= max(1, times):
                    united |= bits
            known = self._with_as_rare[times] = united.bit_count()
        return known


def _bits_below(number: int) -> int:
    return (1 << max(0, number)) - 1


def _as_bytes(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "big")
