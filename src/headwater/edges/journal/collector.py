"""From lines to events: reads, judges and stores, and waits where nothing can be stored."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from typing import Protocol

import msgspec

from headwater.edges.journal.entries import read_entry
from headwater.edges.journal.units import event_of, unit_change
from headwater.model.events import UnifiedEvent

_AGAIN_SECONDS = 2.0


class EventStore(Protocol):
    """Where events go."""

    async def store(self, events: Sequence[UnifiedEvent]) -> bool:
        """Whether all are stored; False where that cannot be just now."""


class JournalCounters(msgspec.Struct):
    """What was read, and what became of it."""

    lines: int = 0
    unreadable: int = 0
    events: int = 0
    waits: int = 0  # times that nothing could be stored


async def collect_lines(
    batches: AsyncIterator[list[bytes]],
    store: EventStore,
    *,
    watched: Collection[str],
    node: str,
    now: Callable[[], int],
    counters: JournalCounters,
) -> None:
    """
    Store what the lines say of the watched units, until they end.

    While nothing can be stored no more is read: the journal keeps what comes meanwhile.
    """
    async for lines in batches:
        events = [event for line in lines if (event := _event_in(line, watched, node, now, counters)) is not None]
        while events and not await store.store(events):
            counters.waits += 1
            await asyncio.sleep(_AGAIN_SECONDS)
        counters.events += len(events)


def _event_in(line: bytes, watched: Collection[str], node: str, now: Callable[[], int], counters: JournalCounters) -> UnifiedEvent | None:
    if not line.strip():
        return None
    counters.lines += 1
    entry = read_entry(line)
    if entry is None:
        counters.unreadable += 1
        return None
    change = unit_change(entry, watched)
    return event_of(entry, change, node=node, received_at=now()) if change is not None else None
