"""`headwater doctor`: what a person would check by hand: server, streams, clocks, and how far the engine is."""

import os
from collections.abc import AsyncIterator, Iterator
from enum import StrEnum
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.text import Text

from headwater import __version__
from headwater.cli.asynchronous import run_async
from headwater.cli.options import ConnectionOptions, flag, settings_of
from headwater.cli.output import StructuredFormat, print_json, print_yaml
from headwater.cli.terminal import FAILURE, OK, clean, say
from headwater.cli.words import age
from headwater.model.times import NANOSECONDS_PER_SECOND
from headwater.service.clock import WallClock
from headwater.service.engine import load_knowledge
from headwater.service.settings import Settings
from headwater.service.wiring import TRACES, Client, StreamReport, find_server, is_trouble_outside, open_client

_OFFSET_WARNED_SECONDS = 2.0
_LAG_WARNED = 10_000


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class Check(msgspec.Struct, frozen=True):
    """One thing that was checked."""

    name: str
    state: State
    detail: str
    remedy: str = ""


def doctor(
    *,
    domain: Annotated[str | None, flag("engine.domain")] = None,
    rules: Annotated[str | None, flag("engine.rules")] = None,
    output: Annotated[StructuredFormat, Parameter(name=["--output", "-o"])] = StructuredFormat.TEXT,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Check the server, its streams, the clocks and the engine. Changes nothing.

    Exit code 0 if nothing failed.

    Parameters
    ----------
    output
        Format.
    """
    settings = settings_of(connection, {"engine.domain": domain, "engine.rules": rules})
    checks = [_program(), _rules(settings), *run_async(_server_checks(settings))]
    if output is StructuredFormat.JSON:
        print_json(checks)
    elif output is StructuredFormat.YAML:
        print_yaml(checks)
    else:
        for line in _lines(checks):
            say(line)
    return FAILURE if any(check.state is State.FAILED for check in checks) else OK


def _program() -> Check:
    return Check("headwater", State.OK, f"version {__version__}")


def _rules(settings: Settings) -> Check:
    knowledge = load_knowledge(settings.engine.rules)
    return Check("rules", State.OK, f"{len(knowledge.rules.rules)} causal rules, {len(knowledge.patterns.patterns)} patterns, no problems")


async def _server_checks(settings: Settings) -> list[Check]:
    try:
        server = find_server(settings, os.environ)
        async with open_client(settings, server=server) as client:
            return [check async for check in _checks_of(client, settings)]
    except Exception as error:
        if not is_trouble_outside(error):
            raise
        what, _, remedy = str(error).partition("; ")
        return [Check("server", State.FAILED, what, remedy)]


async def _checks_of(client: Client, settings: Settings) -> AsyncIterator[Check]:
    yield Check("server", State.OK, f"{client.server}, nats-server {client.server_version}")
    account = await client.account()
    yield Check("jetstream", State.OK, f"{account.streams} streams, {_size(account.storage)} stored{_limit(account.storage_limit)}")
    yield _clock(await client.clock_offset_seconds(WallClock()))
    reports = await client.stream_reports()
    for report in reports:
        yield _stream(report)
    traces = next((report for report in reports if report.name == TRACES), None)
    yield await _engine(client, settings, traces)


def _clock(offset: float) -> Check:
    detail = f"this machine is {abs(offset):.3f} s {'ahead of' if offset >= 0 else 'behind'} the server"
    if abs(offset) > _OFFSET_WARNED_SECONDS:
        return Check("clock", State.WARNING, detail, "synchronise both with NTP; events that seem to come from the future move no clock")
    return Check("clock", State.OK, detail)


def _stream(report: StreamReport) -> Check:
    detail = f"{report.messages} messages, {_size(report.bytes)}, sequences {report.first_sequence} to {report.last_sequence}"
    if report.errors:
        return Check(f"stream {report.name}", State.FAILED, "; ".join(report.errors))
    if report.notes:
        return Check(f"stream {report.name}", State.WARNING, f"{detail}; {'; '.join(report.notes)}", "this is harmless if it is meant")
    return Check(f"stream {report.name}", State.OK, detail)


async def _engine(client: Client, settings: Settings, traces: StreamReport | None) -> Check:
    domain = settings.engine.domain
    checkpoint = await client.checkpoint_position(domain)
    if checkpoint is None:
        return Check("engine", State.WARNING, f"no checkpoint of domain {domain!r} yet", "is `headwater run` running?")
    position, saved_at = checkpoint
    lag = max(0, (traces.last_sequence if traces else position) - position)
    saved = age((WallClock().now() - saved_at) / NANOSECONDS_PER_SECOND)
    detail = f"checkpoint of domain {domain!r} at {position}, {lag} behind the stream, saved {saved} ago"
    if lag > _LAG_WARNED:
        return Check("engine", State.WARNING, detail, "look at its log: it is down, or slower than what comes in")
    return Check("engine", State.OK, detail)


def _size(amount: int) -> str:
    size = float(amount)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:.3g} {unit}"
        size /= 1024
    return f"{size:.3g} TiB"


def _limit(amount: int) -> str:
    return f" of {_size(amount)}" if amount > 0 else ""


_STYLES = {State.OK: ("✓", "green"), State.WARNING: ("!", "yellow"), State.FAILED: ("✗", "bold red")}


def _lines(checks: list[Check]) -> Iterator[Text]:
    width = max(len(check.name) for check in checks)
    for check in checks:
        mark, style = _STYLES[check.state]
        line = Text(f"{mark} ", style=style)
        line.append(f"{check.name:<{width}}  ", style="bold")
        line.append(clean(check.detail, 1_000), style="default")
        yield line
        if check.remedy:
            yield Text(f"  {'':<{width}}  → {clean(check.remedy, 1_000)}", style="dim")
