"""Brings what two sources deliver to one task, in order of arrival; bounded, so that a slow engine slows its sources."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Protocol

from headwater.model.effects import PublishRejected
from headwater.model.inputs import EventObserved, TopologyObserved

Delivery = EventObserved | TopologyObserved | PublishRejected

_BATCHES_MAX = 4
_READ_WAIT_SECONDS = 5.0


class _Source(Protocol):
    async def read(self, limit: int, wait_seconds: float) -> Sequence[Delivery]: ...


class Inbox:
    """Filled by `fill` (one task per source), emptied by `take` (one task)."""

    def __init__(self) -> None:
        self._batches: deque[Sequence[Delivery]] = deque()
        self._changed = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()

    async def fill(self, source: _Source, limit: int) -> None:
        """Read the source for ever."""
        while True:
            items = await source.read(limit, _READ_WAIT_SECONDS)
            if items:
                await self._has_room.wait()
                self._batches.append(items)
                if len(self._batches) >= _BATCHES_MAX:
                    self._has_room.clear()
                self._changed.set()

    async def take(self, wait_seconds: float) -> list[Delivery]:
        """Everything that is here, or that comes first within the wait; nothing after it, or after `wake`."""
        if not self._batches and wait_seconds > 0:
            try:
                async with asyncio.timeout(wait_seconds):
                    await self._changed.wait()
            except TimeoutError:
                pass
        self._changed.clear()
        items = [item for batch in self._batches for item in batch]
        self._batches.clear()
        self._has_room.set()
        return items

    def wake(self) -> None:
        """Let a waiting `take` return."""
        self._changed.set()
