"""Who calls whom, how often and how it went, counted over an interval: what healthy traffic teaches, in one event a pair."""

from typing import NamedTuple

import msgspec

PAIRS_MAX = 5_000
"""In one interval; calls of further pairs are counted and not told."""


class Pair(NamedTuple):
    """A caller and whom it calls, from the caller's namespace."""

    caller: str
    callee: str
    namespace: str


class Calls(msgspec.Struct):
    """The calls of one pair in one interval."""

    count: int = 0
    errors: int = 0
    duration_sum: int = 0
    duration_max: int = 0
    last: int = 0  # when the latest ended


class CallStatistics:
    """Counts calls until they are taken."""

    def __init__(self) -> None:
        self._calls: dict[Pair, Calls] = {}
        self.dropped = 0

    def add(self, pair: Pair, *, duration: int, at: int, is_error: bool) -> None:
        """Count one call."""
        calls = self._calls.get(pair)
        if calls is None:
            if len(self._calls) >= PAIRS_MAX:
                self.dropped += 1
                return
            calls = self._calls[pair] = Calls()
        calls.count += 1
        calls.errors += is_error
        calls.duration_sum += duration
        calls.duration_max = max(calls.duration_max, duration)
        calls.last = max(calls.last, at)

    def take(self) -> list[tuple[Pair, Calls]]:
        """What was counted since the last time, by pair."""
        taken, self._calls = self._calls, {}
        return sorted(taken.items(), key=lambda item: item[0])
