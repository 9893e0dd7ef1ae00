"""The kernel collector: kills for memory, from this machine's kernel to the stream, until stopped."""

import asyncio
import os
from collections.abc import Callable, Sequence

import msgspec
import structlog

from headwater.edges.kernel.boot_clock import read_boot_id
from headwater.edges.kernel.collector import KernelCollector, NothingToWatchError, OomSource, Way, open_source
from headwater.model.events import UnifiedEvent
from headwater.service.clock import Clock, WallClock
from headwater.service.config import ConfigurationError, Problem
from headwater.service.event_relay import EventRelay, open_relay
from headwater.service.settings import KernelSettings
from headwater.service.wiring import Client

_READ_SECONDS = 0.5
"""The longest wait before the log's last record is taken as all there is, and before a stop is noticed."""
_RETRY_SECONDS = 1.0

_log = structlog.get_logger("headwater.collect")


class KernelCounters(msgspec.Struct):
    """What became of what the kernel told."""

    kills: int = 0
    outside_pods: int = 0  # told as events of the node
    lost: int = 0  # the kernel's buffer was full


async def collect_kernel(
    client: Client,
    settings: KernelSettings,
    stop: asyncio.Event,
    *,
    clock: Clock | None = None,
    watching: Callable[[str], None] = lambda _source: None,
) -> None:
    """
    Publish kills until `stop`. `watching` is told the source once it is open.

    Raises ConfigurationError, with what is missing for each way of watching, where none is open to us.
    """
    source = _opened(settings)
    try:
        node = settings.node or os.uname().nodename
        collector = KernelCollector(
            source, node=node, boot_id=read_boot_id(), wall_now=(clock or WallClock()).now, cluster=settings.cluster
        )
        counters = KernelCounters()
        async with open_relay(client) as relay:
            _log.info("watching the kernel", source=source.name, node=node)
            watching(source.name)
            while not stop.is_set():
                events = await collector.read(_READ_SECONDS)
                _count(counters, events, source)
                await _store(relay, events, stop)
        _log.info("stopped", **msgspec.structs.asdict(counters), relay=msgspec.structs.asdict(relay.counters))
    finally:
        source.close()


def _opened(settings: KernelSettings) -> OomSource:
    try:
        source, refusals = open_source(Way(settings.source))
    except NothingToWatchError as error:
        raise ConfigurationError([_problem(refusal) for refusal in error.refusals]) from error
    for refusal in refusals:
        _log.warning("taking the next best source", source=source.name, reason=str(refusal))
    return source


def _problem(refusal: Exception) -> Problem:
    what, _, remedy = str(refusal).partition("; ")
    return Problem("the kernel cannot be watched", what, remedy)


def _count(counters: KernelCounters, events: Sequence[UnifiedEvent], source: OomSource) -> None:
    lost = source.lost
    if lost > counters.lost:
        _log.warning("kills were lost: the kernel told them faster than they were read", lost=lost - counters.lost)
    counters.lost = lost
    for event in events:
        is_of_pod = event.k8s_context is not None and event.k8s_context.kind == "Pod"
        counters.kills += 1
        counters.outside_pods += not is_of_pod
        _log.info("killed for memory", message=event.message, pod_uid=event.k8s_context.uid if is_of_pod and event.k8s_context else "")


async def _store(relay: EventRelay, events: Sequence[UnifiedEvent], stop: asyncio.Event) -> None:
    """Until they are stored; meanwhile the kernel keeps what comes, as far as its buffer goes."""
    while events and not await relay.store(events):
        if stop.is_set():
            _log.warning("stopped before everything was stored", events=len(events))
            return
        try:
            await asyncio.wait_for(stop.wait(), _RETRY_SECONDS)
        except TimeoutError:
            continue
