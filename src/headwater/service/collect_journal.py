"""The journal collector: units of systemd that fail, to the stream."""

import asyncio

import msgspec
import structlog

from headwater.edges.journal.collector import JournalCounters, collect_lines
from headwater.edges.journal.source import file_lines, journal_lines
from headwater.edges.journal.units import WATCHED_UNITS
from headwater.service.clock import Clock, WallClock
from headwater.service.event_relay import open_relay
from headwater.service.settings import JournalSettings
from headwater.service.wiring import Client

_log = structlog.get_logger("headwater.collect")


async def collect_journal(client: Client, settings: JournalSettings, stop: asyncio.Event, *, clock: Clock | None = None) -> None:
    """Follow the journal until `stop`, or read a file to its end."""
    added = (unit.strip().removesuffix(".service") for unit in settings.units.split(","))
    watched = tuple(dict.fromkeys([*WATCHED_UNITS, *(unit for unit in added if unit)]))
    counters = JournalCounters()
    batches = file_lines(settings.file) if settings.file else journal_lines(watched)
    async with open_relay(client, cluster=settings.cluster) as relay, asyncio.TaskGroup() as tasks:
        _log.info("reading the journal", file=settings.file, units=len(watched))
        work = collect_lines(batches, relay, watched=watched, node=settings.node, now=(clock or WallClock()).now, counters=counters)
        reading = tasks.create_task(work)
        stopping = tasks.create_task(stop.wait())
        await asyncio.wait((reading, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        reading.cancel()
    _log.info("stopped", **msgspec.structs.asdict(counters), relay=msgspec.structs.asdict(relay.counters))
