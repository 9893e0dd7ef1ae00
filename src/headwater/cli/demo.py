"""`headwater demo`: a server of its own, a small shop, a failure, and the incident it becomes."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import rmtree
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.text import Text

from headwater.cli.asynchronous import run_async, stop_on_signals, until_stopped
from headwater.cli.demo_play import Stage, play_scenario, wait_until_told
from headwater.cli.incidents import ID_LENGTH
from headwater.cli.options import ConnectionOptions, settings_of
from headwater.cli.render_incident import incident_lines
from headwater.cli.terminal import FAILURE, OK, USAGE, CommandError, complain, is_terminal, say, width, wrapped
from headwater.model.results import CorrelationResult
from headwater.service.engine import load_knowledge, make_runtime
from headwater.service.logs import configure_logs
from headwater.service.settings import LogSettings, Settings
from headwater.service.wiring import demo_folder, embedded_server, is_served, open_client, store_folder
from headwater.testing.scenario import Scenario
from headwater.testing.scenarios import demo_scenario

ScenarioName = Literal["story", "bad-rollout", "node-loss", "dns", "config-change", "two-faults"]
_INCIDENTS_SHOWN = 3


def demo(
    *,
    scenario: Annotated[ScenarioName, Parameter(name=["--scenario", "-s"])] = "story",
    speed: Annotated[float, Parameter(name="--speed")] = 40.0,
    keep: Annotated[bool | None, Parameter(name="--keep", negative="--no-keep")] = None,
) -> int:
    """
    See it work: a small shop, a failure, and the incident it becomes.

    Starts a server and an engine of its own, publishes what collectors would, prints the incident. Touches nothing else.

    Parameters
    ----------
    scenario
        What breaks.
    speed
        How many times faster than life.
    keep
        Go on until Ctrl-C, so that the incident can be explored; by default only on a terminal.
    """
    if not speed > 0:
        raise CommandError("--speed must be above 0", "40 is usual", exit_code=USAGE)
    configure_logs(LogSettings(level="warning"))
    return run_async(_demo(settings_of(ConnectionOptions()), demo_scenario(scenario), speed, keep=is_terminal() if keep is None else keep))


async def _demo(settings: Settings, scenario: Scenario, speed: float, *, keep: bool) -> int:
    async with (
        stop_on_signals() as stop,
        _folder() as folder,
        embedded_server(folder, is_durable=False) as server,
        open_client(settings, server=server.options) as client,
    ):
        await client.prepare()
        runtime = make_runtime(
            settings.engine, load_knowledge(settings.engine.rules), await client.engine_connections(settings.engine.domain)
        )
        engine_stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(runtime.run(engine_stop))
            try:
                return await _play_and_show(Stage(client, scenario, runtime, speed), stop, folder, keep=keep)
            finally:
                engine_stop.set()


async def _play_and_show(stage: Stage, stop: asyncio.Event, folder: Path, *, keep: bool) -> int:
    _introduce(stage.scenario, stage.speed)
    if not await until_stopped(stop, play_scenario(stage)):
        return OK
    results = await wait_until_told(stage)
    code = _show(stage.scenario, results)
    if results:
        _suggest(results[0], folder, keep=keep)
    if keep:
        await stop.wait()
    return code


@asynccontextmanager
async def _folder() -> AsyncIterator[Path]:
    """A folder where other commands look for the demo's server; a nameless one where another demo has that."""
    folder = demo_folder(os.environ)
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_free = not is_served(folder)
    except OSError:
        is_free = False
    if not is_free:
        folder = Path(tempfile.mkdtemp(prefix="headwater-demo-"))
    try:
        rmtree(folder, ignore_errors=True)
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def _introduce(scenario: Scenario, speed: float) -> None:
    cluster = scenario.cluster
    pods = sum(len(workload.pods) for workload in cluster.workloads.values())
    _say_wrapped(scenario.description, style="bold")
    _say_wrapped(
        f"{len(cluster.nodes)} nodes, {len(cluster.workloads)} workloads, {pods} pods; "
        f"{len(scenario.events)} events, of which {sum(len(truth.event_ids) for truth in scenario.truths)} "
        f"are the failure's, {speed:g} times faster than life.",
        style="dim",
    )
    say()


def _say_wrapped(text: str, style: str) -> None:
    for line in wrapped(text):
        say(Text(line, style=style))


def _show(scenario: Scenario, results: list[CorrelationResult]) -> int:
    if not results:
        complain("no incident was told", "this is a bug in Headwater: the demo must always end in one")
        return FAILURE
    for result in results[:_INCIDENTS_SHOWN]:
        say(Text("─" * width(), style="dim"))
        for line in incident_lines(result):
            say(line)
    say(Text("─" * width(), style="dim"))
    _say_wrapped(f"What the simulator knows, and no event says: {scenario.expected}", style="italic")
    return OK


def _suggest(result: CorrelationResult, folder: Path, *, keep: bool) -> None:
    # Without a name commands go to the server of `headwater run`, if there is one.
    is_found = folder == demo_folder(os.environ) and not is_served(store_folder(Settings(), os.environ))
    where = "" if is_found else f" --store {folder}"
    incident = result.id[:ID_LENGTH]
    say()
    say(Text("Explore it in another terminal, until you press Ctrl-C here:" if keep else "On a terminal it can be explored:", style="bold"))
    for command in (
        f"headwater incidents list{where}",
        f"headwater explain {incident}{where}",
        f"headwater explain {incident} -o mermaid{where}",
        f"headwater topology show {'/'.join(result.cause.entity.split('/')[1::2])}{where}",
        f"headwater tail alerts --since 1h --no-follow{where}",
    ):
        say(Text(f"  {command}", style="cyan"))
    _say_wrapped("Others: headwater demo --scenario bad-rollout | node-loss | dns | config-change | two-faults", style="dim")
