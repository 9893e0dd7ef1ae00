"""`headwater topology load` and `headwater topology show`."""

from typing import Annotated

from cyclopts import App, Parameter

from headwater.cli.asynchronous import run_async
from headwater.cli.durations import parse_moment
from headwater.cli.files import read_versions
from headwater.cli.options import ConnectionOptions, settings_of
from headwater.cli.output import Format, StructuredFormat, print_items, print_json, print_yaml
from headwater.cli.render_topology import ENTITY_COLUMNS, description_lines
from headwater.cli.terminal import CommandError, clean, note, say
from headwater.model.entities import DEFAULT_CLUSTER
from headwater.model.inputs import TopologyObserved
from headwater.model.objects import ObjectVersion, decode_object_version
from headwater.service.clock import WallClock
from headwater.service.settings import Settings
from headwater.service.topology_view import describe, find_entity, graph_of, rows_of
from headwater.service.wiring import open_client

app = App(name="topology", help="Load Kubernetes objects, or show how things are related.")
app.command("headwater.cli.topology_changes:changes", name="changes")
app.command("headwater.cli.topology_changes:diff", name="diff")

_READ_MAX = 2_000
_READ_SECONDS = 5.0


@app.command
def load(
    *files: Annotated[str, Parameter(allow_leading_hyphen=True)],
    cluster: Annotated[str, Parameter(name="--cluster")] = DEFAULT_CLUSTER,
    at: Annotated[str | None, Parameter(name="--at")] = None,
    output: Annotated[StructuredFormat, Parameter(name=["--output", "-o"])] = StructuredFormat.TEXT,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Load Kubernetes objects, as `kubectl get … -o yaml` prints them; what has not changed is not written again.

    Parameters
    ----------
    files
        Files with objects in YAML or JSON, or - for standard input.
    cluster
        Whose objects these are.
    at
        When they were seen, such as 0s (now), 10m or a time; by default since what the objects say themselves.
    output
        Format of the counts.
    """
    if not files:
        raise CommandError(
            "no file is named", "kubectl get nodes,all,endpointslices,configmaps -A -o yaml | headwater topology load -", exit_code=2
        )
    observed_at = parse_moment(at, now=WallClock().now()) if at else None
    versions, skipped = read_versions(files, cluster=cluster, observed_at=observed_at)
    stored, unchanged = run_async(_load(settings_of(connection), versions))
    counts = {"objects": len(versions), "stored": stored, "unchanged": unchanged, "skipped": sum(skipped.values())}
    if output is StructuredFormat.JSON:
        print_json(counts)
    elif output is StructuredFormat.YAML:
        print_yaml(counts)
    else:
        say(f"{stored} stored, {unchanged} unchanged, of {len(versions)} objects")
        if skipped:
            kinds = ", ".join(f"{count} {clean(name.removeprefix('skipped '), 64)}" for name, count in sorted(skipped.items()))
            note(f"kinds that say nothing about failures were skipped: {kinds}")
    return 0


async def _load(settings: Settings, versions: list[ObjectVersion]) -> tuple[int, int]:
    async with open_client(settings) as client:
        await client.prepare()
        return await client.publish_versions(versions)


@app.command
def show(
    entity: str | None = None,
    /,
    *,
    at: Annotated[str | None, Parameter(name="--at")] = None,
    kind: Annotated[str | None, Parameter(name=["--kind", "-k"])] = None,
    namespace: Annotated[str | None, Parameter(name=["--namespace", "-n"])] = None,
    output: Annotated[Format, Parameter(name=["--output", "-o"])] = Format.TABLE,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Show all entities, or one and how it is related.

    Parameters
    ----------
    entity
        `Kind/name`, `Kind/namespace/name`, `cluster/Kind/namespace/name`, or a name: its own, or what incidents call it.
    at
        As of when: 10m ago, or a time. By default now.
    kind
        Only entities of this kind.
    namespace
        Only entities of this namespace.
    output
        Format.
    """
    moment = parse_moment(at, now=WallClock().now()) if at else WallClock().now()
    graph = graph_of(run_async(stored_versions(settings_of(connection))))
    if entity is None:
        rows = [
            row for row in rows_of(graph, moment) if (not kind or row.kind.lower() == kind.lower()) and namespace in (None, row.namespace)
        ]
        if rows or output in (Format.JSON, Format.YAML):
            print_items(rows, output, ENTITY_COLUMNS, lambda row: row.id)
        else:
            note("nothing is known; load objects with headwater topology load")
        return 0
    found = find_entity(graph, entity, moment)
    if not found:
        raise CommandError(f"there is no entity {clean(entity, 200)!r}", "headwater topology show lists them")
    if len(found) > 1:
        names = ", ".join(str(each) for each in found[:5])
        raise CommandError(f"{len(found)} entities are called {clean(entity, 200)!r}", f"say which: {names}")
    description = describe(graph, found[0], moment)
    if output is Format.JSON:
        print_json(description)
    elif output is Format.YAML:
        print_yaml(description)
    elif output is Format.NAME:
        say(str(found[0]))
    else:
        for line in description_lines(description):
            say(line)
    return 0


async def stored_versions(settings: Settings) -> list[ObjectVersion]:
    """Every version that is kept, in the order of storing."""
    async with open_client(settings) as client:
        source = await client.topology()
        try:
            observed: list[TopologyObserved] = []
            while not source.caught_up:
                read = await source.read(_READ_MAX, _READ_SECONDS)
                if not read and not source.caught_up:
                    raise CommandError("the server does not deliver the topology", "headwater doctor looks for the reason")
                observed += read
        finally:
            await source.close()
    return [decode_object_version(item.data) for item in observed]
