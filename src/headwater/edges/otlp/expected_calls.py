"""
Calls that an operation always makes, learned from its healthy spans: how it is known that they stopped.

One span without its call says little (a cache, a lost batch); a share of an interval's spans without it says that something is missing.
"""

from typing import NamedTuple

import msgspec

from headwater.edges.otlp.telemetry import Span

OPERATIONS_MAX = 5_000
"""Past it the operation that was seen first is forgotten, and counted."""
PEERS_MAX = 16
"""Of one operation; more are not learned."""
SAMPLES_MIN = 100
ALWAYS = 0.98
MISSED_MIN = 3
MISSED_SHARE = 0.2


class Missing(NamedTuple):
    """Calls that did not come, in one interval."""

    span: Span  # the last without it
    peer: str
    missed: int
    of: int


class _Interval(msgspec.Struct):
    spans: int = 0
    missed: dict[str, int] = {}
    last: dict[str, Span] = {}


class _Learned(msgspec.Struct):
    spans: int = 0
    peers: dict[str, int] = {}
    now: _Interval = msgspec.field(default_factory=_Interval)


class ExpectedCalls:
    """Learns and judges by interval."""

    def __init__(self) -> None:
        self._operations: dict[tuple[str, str], _Learned] = {}
        self.forgotten = 0

    def observe(self, span: Span, peers: set[str]) -> None:
        """A span of a called service that went well, and whom it called meanwhile."""
        key = (span.source.service, span.name)
        learned = self._operations.get(key)
        if learned is None:
            learned = self._operations[key] = _Learned(peers={}, now=_Interval(missed={}, last={}))
            if len(self._operations) > OPERATIONS_MAX:
                del self._operations[next(iter(self._operations))]
                self.forgotten += 1
        learned.now.spans += 1
        if learned.spans >= SAMPLES_MIN:
            for peer, count in learned.peers.items():
                if count >= ALWAYS * learned.spans and peer not in peers:
                    learned.now.missed[peer] = learned.now.missed.get(peer, 0) + 1
                    learned.now.last[peer] = span
                    # The rest of this interval is judged by what was usual before it.
        if not learned.now.missed:
            learned.spans += 1
            for peer in peers:
                if peer in learned.peers or len(learned.peers) < PEERS_MAX:
                    learned.peers[peer] = learned.peers.get(peer, 0) + 1

    def take(self) -> list[Missing]:
        """What was missing in the interval that ends now."""
        found: list[Missing] = []
        for learned in self._operations.values():
            now = learned.now
            for peer, missed in now.missed.items():
                if missed >= MISSED_MIN and missed >= MISSED_SHARE * now.spans:
                    found.append(Missing(now.last[peer], peer, missed, now.spans))
                else:
                    learned.spans += missed  # once in a while it is left out: that is learned too
            if now.spans:
                learned.now = _Interval(missed={}, last={})
        return sorted(found, key=lambda missing: (missing.span.source.service, missing.span.name, missing.peer))
