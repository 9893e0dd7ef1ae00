"""The kernel collector: eBPF where the kernel lets us, else its log; kills as they happen, as events."""

import asyncio
from collections.abc import Callable, Sequence
from enum import StrEnum
from time import monotonic_ns
from typing import Protocol

from headwater.edges.kernel.boot_clock import ClockDifference, measure_difference
from headwater.edges.kernel.ebpf import EbpfSource
from headwater.edges.kernel.errors import KernelEdgeError
from headwater.edges.kernel.events import Moment, Observer, oom_event
from headwater.edges.kernel.kmsg import KmsgSource
from headwater.edges.kernel.oom_kills import OomKill
from headwater.model.events import UnifiedEvent


class Way(StrEnum):
    """How to watch the kernel."""

    AUTO = "auto"
    EBPF = "ebpf"
    KMSG = "kmsg"


class OomSource(Protocol):
    """One way of watching."""

    @property
    def name(self) -> str:
        """The source of its events."""

    @property
    def is_fresh_within_ns(self) -> int | None:
        """How far its clock may be from the time of reading before it is not believed; None where it always is."""

    @property
    def lost(self) -> int:
        """How much could not be read in time."""

    def fileno(self) -> int:
        """A descriptor that is readable when there is something to read."""

    def read(self) -> Sequence[OomKill]:
        """What happened since the last time; does not wait."""

    def close(self) -> None:
        """Stop watching."""


class NothingToWatchError(KernelEdgeError):
    """No way of watching is open; `refusals` says of each why not."""

    def __init__(self, refusals: Sequence[KernelEdgeError]) -> None:
        super().__init__("\n".join(str(refusal) for refusal in refusals))
        self.refusals = tuple(refusals)


def open_source(way: Way = Way.AUTO) -> tuple[OomSource, tuple[KernelEdgeError, ...]]:
    """
    The first way that is open, and why better ones are not.

    Raises NothingToWatchError where none is.
    """
    refusals: list[KernelEdgeError] = []
    ways: dict[Way, Callable[[], OomSource]] = {Way.EBPF: EbpfSource, Way.KMSG: KmsgSource}
    for name, opened in ways.items():
        if way not in (Way.AUTO, name):
            continue
        try:
            return opened(), tuple(refusals)
        except KernelEdgeError as error:
            refusals.append(error)
    raise NothingToWatchError(refusals)


class KernelCollector:
    """Turns what a source sees into events. `wall_now` is the shared clock, in nanoseconds since 1970."""

    def __init__(self, source: OomSource, *, node: str, boot_id: str, wall_now: Callable[[], int], cluster: str = "") -> None:
        self.source = source
        self._observer = Observer(source.name, node, cluster, boot_id)
        self._wall_now = wall_now
        self._opened_at = monotonic_ns()

    async def read(self, wait_seconds: float) -> list[UnifiedEvent]:
        """The events of what happened by now; waits for the first, but not for long."""
        await _readable(self.source.fileno(), wait_seconds)
        kills = self.source.read()
        if not kills:
            return []
        difference = measure_difference(self._wall_now)
        return [oom_event(kill, self._observer, self._moment(kill, difference)) for kill in kills]

    def _moment(self, kill: OomKill, difference: ClockDifference) -> Moment:
        occurred_at = kill.since_boot + difference.offset
        limit = self.source.is_fresh_within_ns
        if limit is None:
            return Moment(occurred_at, difference.error)
        now = self._wall_now()
        if kill.since_boot >= self._opened_at - limit and not now - limit <= occurred_at <= now:
            # A clock that has drifted: what was read when it was written happened just now.
            return Moment(now, limit)
        return Moment(occurred_at, limit)


async def _readable(descriptor: int, wait_seconds: float) -> None:
    loop = asyncio.get_running_loop()
    news = asyncio.Event()
    loop.add_reader(descriptor, news.set)
    try:
        async with asyncio.timeout(wait_seconds):
            await news.wait()
    except TimeoutError:
        pass
    finally:
        loop.remove_reader(descriptor)
