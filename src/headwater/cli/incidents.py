"""`headwater incidents list`, which `headwater incidents` alone is too, and `headwater incidents show`."""

from collections.abc import Sequence
from typing import Annotated, Literal

from cyclopts import App, Parameter

from headwater.cli.asynchronous import run_async, stop_on_signals, until_stopped
from headwater.cli.finding import find_incident
from headwater.cli.options import ConnectionOptions, settings_of
from headwater.cli.output import Format, StructuredFormat, print_items, print_json, print_json_line, print_yaml
from headwater.cli.render_incident import incident_lines
from headwater.cli.tables import Column, print_table
from headwater.cli.terminal import note, say
from headwater.cli.words import STATUS_STYLES, VERDICT_STYLES, severity_style, since
from headwater.model.results import CorrelationResult, decode_result
from headwater.service.clock import WallClock
from headwater.service.settings import Settings
from headwater.service.wiring import Client, Feed, open_client

ID_LENGTH = 10
app = App(name="incidents", help="List incidents, or show one.")

Status = Literal["open", "resolved", "merged", "retracted"]


def columns(now: int) -> tuple[Column[CorrelationResult], ...]:
    """What a list of incidents says."""
    return (
        Column("ID", lambda result: result.id[:ID_LENGTH], lambda _: "bold"),
        Column("SEVERITY", lambda result: result.severity, lambda result: severity_style(result.severity)),
        Column("TYPE", lambda result: result.type, length_max=32, shrinks_to=16, leaves=3),
        Column("ROOT CAUSE", lambda result: result.root_cause, length_max=56, shrinks_to=36),
        Column("VERDICT", _verdict, lambda result: VERDICT_STYLES.get(result.verdict, ""), leaves=4),
        Column("SERVICES", lambda result: ",".join(result.impact.services) or "-", length_max=40, shrinks_to=12, leaves=2),
        Column("PODS", lambda result: str(result.impact.pods), leaves=1),
        Column("STATUS", lambda result: result.status, lambda result: STATUS_STYLES.get(result.status, "")),
        Column("AGE", lambda result: since(result.first_seen, now)),
        Column("REVISION", lambda result: f"{result.revision}{' final' if result.final else ''}", is_wide_only=True),
        Column("REASON", lambda result: result.reason, is_wide_only=True),
        Column("PATTERN", lambda result: result.pattern or "-", is_wide_only=True),
        Column("FIRST SEEN", lambda result: result.first_seen, is_wide_only=True),
        Column("FULL ID", lambda result: result.id, is_wide_only=True),
    )


def _verdict(result: CorrelationResult) -> str:
    return f"{result.verdict} {result.confidence:.2f}"


@app.default
@app.command(name="list")
def list_incidents(
    *,
    output: Annotated[Format, Parameter(name=["--output", "-o"])] = Format.TABLE,
    status: Annotated[Status | None, Parameter(name="--status")] = None,
    all_: Annotated[bool, Parameter(name=["--all", "-a"], negative="")] = False,
    watch: Annotated[bool, Parameter(name=["--watch", "-w"], negative="")] = False,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    List incidents, the latest last.

    Parameters
    ----------
    output
        Format.
    status
        Only incidents of this status.
    all_
        Also those that were merged into others, or taken back.
    watch
        Go on, and print each new revision.
    """
    wanted: set[str] = {status} if status else {"open", "resolved", "merged", "retracted"} if all_ else {"open", "resolved"}
    return run_async(_list(settings_of(connection), output, wanted, watch=watch))


@app.command(name="show")
def show_incident(
    incident: str,
    /,
    *,
    output: Annotated[StructuredFormat, Parameter(name=["--output", "-o"])] = StructuredFormat.TEXT,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Show one incident: cause, what to do, timeline, causal tree, impact.

    Parameters
    ----------
    incident
        The beginning of its id, or `latest`.
    output
        Format.
    """
    result = run_async(fetch_incident(settings_of(connection), incident))
    if output is StructuredFormat.JSON:
        print_json(result)
    elif output is StructuredFormat.YAML:
        print_yaml(result)
    else:
        for line in incident_lines(result):
            say(line)
    return 0


async def fetch_incident(settings: Settings, wanted: str) -> CorrelationResult:
    """The last revision of the incident that is meant."""
    async with open_client(settings) as client:
        return find_incident(await client.latest_results(), wanted)


async def _list(settings: Settings, output: Format, wanted: set[str], *, watch: bool) -> int:
    async with open_client(settings) as client:
        results = [result for result in await client.latest_results() if result.status in wanted]
        results.sort(key=lambda result: (result.first_seen, result.id))
        if watch and output in (Format.JSON, Format.YAML):
            for result in results:
                _print_one(result, output)
        elif results or output in (Format.JSON, Format.YAML):
            print_items(results, output, columns(WallClock().now()), lambda result: result.id)
        else:
            note("no incidents")
        if watch:
            async with stop_on_signals() as stop:
                await until_stopped(stop, _watch(client, output, wanted, results))
    return 0


async def _watch(client: Client, output: Format, wanted: set[str], shown: Sequence[CorrelationResult]) -> None:
    known = {result.id: result.revision for result in shown}
    start = WallClock().now()
    async for message in client.follow(Feed.RESULTS, start_at=start):
        result = decode_result(message.data)
        if result.status in wanted and result.revision > known.get(result.id, 0):
            known[result.id] = result.revision
            _print_one(result, output)


def _print_one(result: CorrelationResult, output: Format) -> None:
    if output is Format.JSON:
        print_json_line(result)
    elif output is Format.YAML:
        print_yaml(result, is_one_of_many=True)
    else:
        print_table([result], columns(WallClock().now()), is_wide=output is Format.WIDE, has_header=False)
