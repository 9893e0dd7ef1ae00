"""
Who calls whom, learned from spans: a call seen often enough becomes a relation.

A pure join (smallest hashes, first and last sighting), so that no order and no repetition of spans makes a difference.
"""

from collections.abc import Iterable, Iterator

from headwater.model.entities import Reference
from headwater.model.identity import text_hash
from headwater.topology.aliases import AliasKey
from headwater.topology.intervals import BEGINNING, FOREVER, Span
from headwater.topology.limits import CALL_BUCKET, CALL_OBSERVATIONS_MIN, CALL_SLACK, CALLERS_PER_SERVICE_MAX, CALLS_MAX
from headwater.topology.resolve import keys_for

Pair = tuple[Reference, Reference]
"""Caller and called, as spans name them."""


class Call:
    """What is known of one caller and one called."""

    __slots__ = ("first_at", "last_at", "last_hour", "observations")

    def __init__(self, first_at: int, last_at: int, observations: tuple[int, ...]) -> None:
        self.first_at = first_at
        self.last_at = last_at  # the earliest sighting in the latest hour with any
        self.last_hour = last_at // CALL_BUCKET * CALL_BUCKET  # when that hour began
        self.observations = observations  # the smallest hashes, ascending

    def observe(self, occurred_at: int, observation: int) -> bool:
        """Take one more sighting. Returns whether the call as a relation may differ."""
        differs = False
        if occurred_at < self.first_at:
            self.first_at = occurred_at
            differs = True
        if self.last_hour <= occurred_at < self.last_at or occurred_at >= self.last_hour + CALL_BUCKET:
            self.last_at = occurred_at
            self.last_hour = occurred_at // CALL_BUCKET * CALL_BUCKET
            differs = True
        if len(self.observations) < CALL_OBSERVATIONS_MIN or observation < self.observations[-1]:
            was_relation = self.is_relation
            self.observations = tuple(sorted({*self.observations, observation}))[:CALL_OBSERVATIONS_MIN]
            differs = differs or self.is_relation != was_relation
        return differs and self.is_relation

    def covers(self, occurred_at: int) -> bool:
        """Whether one more sighting at this instant could make no difference to the relation."""
        if len(self.observations) < CALL_OBSERVATIONS_MIN or occurred_at < self.first_at:
            return False
        # Comparisons, not the division they stand for: this is asked for every span.
        return occurred_at < self.last_hour or self.last_at <= occurred_at < self.last_hour + CALL_BUCKET

    @property
    def is_relation(self) -> bool:
        """Whether it was seen often enough to be more than an odd span."""
        return len(self.observations) >= CALL_OBSERVATIONS_MIN

    @property
    def span(self) -> Span:
        """When the call is taken to exist."""
        start = self.first_at // CALL_BUCKET * CALL_BUCKET - CALL_SLACK
        return max(start, BEGINNING), self.last_hour + CALL_BUCKET + CALL_SLACK


class CallGraph:
    """The calls seen, found by whatever decides what their ends mean."""

    def __init__(self) -> None:
        self.calls: dict[Pair, Call] = {}
        self._callers: dict[Reference, dict[Reference, int]] = {}
        self._pairs_by_key: dict[AliasKey, dict[Pair, None]] = {}
        self._ends_first = FOREVER  # no call ends earlier: a call seen again only lasts longer

    def observe(self, pair: Pair, occurred_at: int, observation: int, counters: dict[str, int]) -> list[Pair]:
        """Take one sighting. Returns the pairs whose relation may differ."""
        call = self.calls.get(pair)
        if call is not None:
            return [pair] if call.observe(occurred_at, observation) else []
        evicted = self._make_room(pair, counters)
        if evicted is None:
            return []
        self.put(pair, Call(occurred_at, occurred_at, (observation,)))
        return evicted

    def _make_room(self, pair: Pair, counters: dict[str, int]) -> list[Pair] | None:
        """Keep within the limits. Returns the pairs that had to go, None where it is the new one that has to."""
        if len(self.calls) >= CALLS_MAX:
            counters["calls_refused"] = counters.get("calls_refused", 0) + 1
            return None
        caller, called = pair
        callers = self._callers.get(called, {})
        if len(callers) < CALLERS_PER_SERVICE_MAX:
            return []
        counters["callers_dropped"] = counters.get("callers_dropped", 0) + 1
        largest = max(callers, key=lambda each: (callers[each], each))
        if (text_hash(str(caller)), caller) > (callers[largest], largest):
            return None
        self.drop((largest, called))
        return [(largest, called)]

    def put(self, pair: Pair, call: Call) -> None:
        """Know a call."""
        caller, called = pair
        self.calls[pair] = call
        self._ends_first = min(self._ends_first, call.span[1])
        self._callers.setdefault(called, {})[caller] = text_hash(str(caller))
        for key in _keys(pair):
            self._pairs_by_key.setdefault(key, {})[pair] = None

    def drop(self, pair: Pair) -> None:
        """Know a call no longer."""
        del self.calls[pair]
        caller, called = pair
        del self._callers[called][caller]
        if not self._callers[called]:
            del self._callers[called]
        for key in _keys(pair):
            del self._pairs_by_key[key][pair]
            if not self._pairs_by_key[key]:
                del self._pairs_by_key[key]

    def concerned(self, keys: Iterable[AliasKey]) -> list[Pair]:
        """The pairs whose ends may mean something else when these keys do, sorted."""
        return sorted({pair for key in keys for pair in self._pairs_by_key.get(key, ())}) if self.calls else []

    def ended(self, before: int) -> list[Pair]:
        """The pairs whose time was over before an instant, sorted."""
        if before < self._ends_first:
            return []
        ends = {pair: call.span[1] for pair, call in self.calls.items()}
        self._ends_first = min(ends.values(), default=FOREVER)
        return sorted(pair for pair, end in ends.items() if end <= before)


def _keys(pair: Pair) -> Iterator[AliasKey]:
    yield from dict.fromkeys(key for reference in pair for key in keys_for(reference))
