"""`headwater replay`: the same engine over recorded events. Publishes nothing."""

from typing import Annotated

from cyclopts import Parameter

from headwater.cli.asynchronous import run_async
from headwater.cli.durations import parse_moment
from headwater.cli.files import read_event_lines, read_versions
from headwater.cli.incidents import columns
from headwater.cli.options import ConnectionOptions, flag, settings_of
from headwater.cli.output import Format, print_items
from headwater.cli.render_incident import incident_lines
from headwater.cli.terminal import FAILURE, OK, USAGE, CommandError, complain, is_terminal, note, say, width
from headwater.model.entities import DEFAULT_CLUSTER
from headwater.model.results import CorrelationResult
from headwater.service.clock import WallClock
from headwater.service.engine import load_knowledge, system_maker
from headwater.service.replay import Replay, replay_file, replay_stream
from headwater.service.settings import Settings
from headwater.service.wiring import open_client


def replay(
    file: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    /,
    *,
    topology: Annotated[
        tuple[str, ...], Parameter(name=["--topology", "-t"], allow_leading_hyphen=True, negative="", show_default=False)
    ] = (),
    since: Annotated[str | None, Parameter(name="--since")] = None,
    from_seq: Annotated[int | None, Parameter(name="--from-seq")] = None,
    all_: Annotated[bool, Parameter(name=["--all", "-a"], negative="")] = False,
    output: Annotated[Format, Parameter(name=["--output", "-o"])] = Format.TABLE,
    rules: Annotated[str | None, flag("engine.rules")] = None,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Correlate recorded events again, from a file or the stream, and show the incidents. Publishes nothing.

    A file needs no server: one event in JSON a line, in order of arrival. Without a file the stream is read, as far as it reaches now.

    Parameters
    ----------
    file
        Events, one a line; `.gz` too, - for standard input.
    topology
        With a file: Kubernetes objects, as for `topology load`. Can be given several times.
    since
        From the stream: events stored since then, such as 2h or a time.
    from_seq
        From the stream: events from this sequence on.
    all_
        Also incidents that were merged into others, or taken back.
    output
        Format; `wide` shows each incident whole.
    """
    settings = settings_of(connection, {"engine.rules": rules})
    _check(file, topology, since, from_seq)
    system = system_maker(settings.engine, load_knowledge(settings.engine.rules))(None)
    player = Replay(system, batch_max=settings.engine.batch_max)
    invalid = 0
    if file is not None:
        lines, invalid = read_event_lines(file, now=0)
        versions, _ = read_versions(topology, cluster=DEFAULT_CLUSTER, observed_at=None)
        replay_file(player, lines, versions)
    else:
        start_at = parse_moment(since, now=WallClock().now()) if since else None
        run_async(_from_stream(settings, player, start_at, max(0, (from_seq or 1) - 1)))
    player.settle()
    _print(player.incidents(also_ended=all_), output, WallClock().now())
    rejected = len(player.rejected)
    note(f"{player.inputs} inputs, {player.revisions} revisions, {len(player.incidents())} incidents, {rejected} rejected")
    for refused in player.rejected[:5]:
        complain(f"sequence {refused.sequence}: {refused.reason.value}: {refused.detail}")
    return FAILURE if invalid else OK


def _check(file: str | None, topology: tuple[str, ...], since: str | None, from_seq: int | None) -> None:
    if file is not None and (since or from_seq is not None):
        raise CommandError("--since and --from-seq read the stream, a file is read whole", "leave one of them out", exit_code=USAGE)
    if file is None and topology:
        raise CommandError("--topology goes with a file; the stream has its own", "headwater topology load adds to it", exit_code=USAGE)
    if since and from_seq is not None:
        raise CommandError("--since and --from-seq both say where to begin", "leave one of them out", exit_code=USAGE)


async def _from_stream(settings: Settings, player: Replay, start_at: int | None, after: int) -> None:
    async with open_client(settings) as client:
        events = await client.events(after=after, start_at=start_at)
        topology = await client.topology()
        try:
            await replay_stream(player, events, topology)
        finally:
            await events.close()
            await topology.close()


def _print(results: list[CorrelationResult], output: Format, now: int) -> None:
    if output is Format.WIDE:
        for result in results:
            for line in incident_lines(result):
                say(line)
            say("─" * width() if is_terminal() else "-" * width())
    elif results or output is not Format.TABLE:
        print_items(results, output, columns(now), lambda result: result.id)
    else:
        note("no incidents")
