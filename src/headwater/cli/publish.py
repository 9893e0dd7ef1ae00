"""`headwater publish`: events from a file or a pipe to the stream, each on its trace's subject."""

import asyncio
import sys
from typing import Annotated

import msgspec
from cyclopts import Parameter

from headwater.cli.asynchronous import run_async, stop_on_signals
from headwater.cli.files import Problems, line_batches, opened
from headwater.cli.options import ConnectionOptions, settings_of
from headwater.cli.output import StructuredFormat, print_json, print_yaml
from headwater.cli.terminal import FAILURE, OK, note, say
from headwater.correlation.limits import HORIZON
from headwater.model.errors import InvalidEventError
from headwater.service.clock import WallClock
from headwater.service.event_lines import event_line
from headwater.service.settings import Settings
from headwater.service.wiring import open_client

_PROGRESS_LINES = 2_000


class Counts(msgspec.Struct):
    """What became of the lines."""

    lines: int = 0
    accepted: int = 0
    duplicate: int = 0
    invalid: int = 0
    interrupted: bool = False


def publish(
    file: Annotated[str, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    output: Annotated[StructuredFormat, Parameter(name=["--output", "-o"])] = StructuredFormat.TEXT,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Publish events from a file or standard input.

    One event in JSON a line. An invalid line is told with its number and not published; the others are.
    The same event (source and id) published again within two minutes is stored once.

    Parameters
    ----------
    file
        A file, `.gz` too, or - for standard input.
    output
        Format of the counts.
    """
    counts = run_async(_publish(settings_of(connection), file))
    if output is StructuredFormat.JSON:
        print_json(counts)
    elif output is StructuredFormat.YAML:
        print_yaml(counts)
    else:
        say(f"{counts.accepted} accepted, {counts.duplicate} duplicate, {counts.invalid} invalid, of {counts.lines} lines")
        if counts.interrupted:
            say("interrupted; what was accepted is stored")
    return FAILURE if counts.invalid or counts.interrupted else OK


async def _publish(settings: Settings, name: str) -> Counts:
    counts = Counts()
    old = 0
    problems = Problems(name)
    with opened(name) as file:
        async with stop_on_signals() as stop, open_client(settings) as client:
            await client.prepare()
            async with client.publisher() as publisher:
                lines = line_batches(file)
                # A pipe may be silent for hours: reading it must not keep the connection from answering.
                while not stop.is_set() and (batch := await asyncio.to_thread(next, lines, None)):
                    for number, data in batch:
                        counts.lines += 1
                        try:
                            line = event_line(data, now=WallClock().now())
                        except InvalidEventError as error:
                            problems.add(number, error)
                            continue
                        old += line.occurred_at < WallClock().now() - HORIZON
                        await publisher.publish_raw(line.data, event_id=line.event_id, source=line.source, trace_id=line.trace_id)
                        if counts.lines % _PROGRESS_LINES == 0:
                            _show_progress(counts.lines)
                await publisher.flush()
                counts.duplicate = publisher.counters.duplicates
                counts.accepted = publisher.counters.stored - publisher.counters.duplicates
    counts.invalid = problems.count
    counts.interrupted = stop.is_set()
    if old:
        note(f"{old} events happened more than 15 minutes ago: an engine that has seen later ones rejects them as too late")
        note("  → headwater replay FILE correlates them without an engine; so does headwater run --store FOLDER with a fresh one")
    return counts


def _show_progress(lines: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{lines:,} lines", end="", file=sys.stderr, flush=True)
