"""`headwater topology changes` and `headwater topology diff`: what changed?"""

from typing import Annotated

from cyclopts import Parameter

from headwater.cli.asynchronous import run_async
from headwater.cli.durations import parse_moment
from headwater.cli.options import ConnectionOptions, settings_of
from headwater.cli.output import Format, print_items
from headwater.cli.tables import Column
from headwater.cli.terminal import USAGE, CommandError, clean, note
from headwater.cli.words import entity_place
from headwater.service.clock import WallClock
from headwater.service.topology_changes import ChangeRow, changes_since, difference
from headwater.service.topology_view import graph_of

_STYLES = {"appeared": "green", "changed": "yellow", "gone": "red"}

CHANGE_COLUMNS = (
    Column[ChangeRow]("CHANGE", lambda row: row.change, lambda row: _STYLES.get(row.change, "")),
    Column[ChangeRow]("WHAT", lambda row: clean(entity_place(row.entity)), lambda _: "bold"),
    Column[ChangeRow]("DETAILS", lambda row: clean(", ".join(row.what)) or "-"),
)
TIMED_COLUMNS = (Column[ChangeRow]("AT", lambda row: row.at or "always"), *CHANGE_COLUMNS)


def changes(
    *,
    since: Annotated[str, Parameter(name="--since")] = "1h",
    kind: Annotated[str | None, Parameter(name=["--kind", "-k"])] = None,
    namespace: Annotated[str | None, Parameter(name=["--namespace", "-n"])] = None,
    output: Annotated[Format, Parameter(name=["--output", "-o"])] = Format.TABLE,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Show what changed: every version of every object, the oldest first.

    Parameters
    ----------
    since
        From when on: 10m ago, or a time.
    kind
        Only objects of this kind.
    namespace
        Only objects of this namespace.
    output
        Format.
    """
    from headwater.cli.topology import stored_versions

    now = WallClock().now()
    moment = parse_moment(since, now=now)
    rows = changes_since(graph_of(run_async(stored_versions(settings_of(connection)))), moment, now)
    return _show(_only(rows, kind, namespace), output, timed=True)


def diff(
    *,
    start: Annotated[str, Parameter(name="--from")],
    end: Annotated[str | None, Parameter(name="--to")] = None,
    kind: Annotated[str | None, Parameter(name=["--kind", "-k"])] = None,
    namespace: Annotated[str | None, Parameter(name=["--namespace", "-n"])] = None,
    output: Annotated[Format, Parameter(name=["--output", "-o"])] = Format.TABLE,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Show which entities and relations are there at one of two instants and not at the other.

    Parameters
    ----------
    start
        The one instant: 10m ago, or a time.
    end
        The other; by default now.
    kind
        Only entities of this kind.
    namespace
        Only entities of this namespace.
    output
        Format.
    """
    from headwater.cli.topology import stored_versions

    now = WallClock().now()
    first, second = parse_moment(start, now=now), parse_moment(end, now=now) if end else now
    if first > second:
        raise CommandError("--from is after --to", "name the earlier instant first", exit_code=USAGE)
    rows = difference(graph_of(run_async(stored_versions(settings_of(connection)))), first, second)
    return _show(_only(rows, kind, namespace), output, timed=False)


def _only(rows: list[ChangeRow], kind: str | None, namespace: str | None) -> list[ChangeRow]:
    def is_wanted(row: ChangeRow) -> bool:
        _cluster, row_kind, row_namespace, _name = row.entity.split("/", 3)
        return (not kind or row_kind.lower() == kind.lower()) and namespace in (None, row_namespace)

    return [row for row in rows if is_wanted(row)]


def _show(rows: list[ChangeRow], output: Format, *, timed: bool) -> int:
    if rows or output in (Format.JSON, Format.YAML):
        print_items(rows, output, TIMED_COLUMNS if timed else CHANGE_COLUMNS, lambda row: row.entity)
    else:
        note("nothing changed")
    return 0
