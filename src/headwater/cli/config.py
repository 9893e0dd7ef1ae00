"""`headwater config`: every setting, how it is set, what it is now."""

from typing import Annotated, NamedTuple

from cyclopts import Parameter

from headwater.cli.options import ConnectionOptions, settings_of
from headwater.cli.output import Format, print_items
from headwater.cli.tables import Column
from headwater.service.config import SECRET_KEYS
from headwater.service.settings import setting_keys


class _Row(NamedTuple):
    key: str
    value: object
    default: object
    environment: str
    flag: str
    type: str
    description: str


_COLUMNS = (
    Column[_Row]("KEY", lambda row: row.key),
    Column[_Row]("VALUE", lambda row: _shown(row.value), lambda row: "" if row.value == row.default else "bold", length_max=40),
    Column[_Row]("ENVIRONMENT", lambda row: row.environment),
    Column[_Row]("FLAG", lambda row: row.flag),
    Column[_Row]("TYPE", lambda row: row.type, is_wide_only=True),
    Column[_Row]("DESCRIPTION", lambda row: row.description, length_max=70),
)


def config(
    *,
    output: Annotated[Format, Parameter(name=["--output", "-o"])] = Format.TABLE,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    List every setting, where it can be set and what it is now.

    Parameters
    ----------
    output
        Format.
    """
    settings = settings_of(connection)
    rows = []
    for key in setting_keys():
        section, name = key.key.split(".")
        value = getattr(getattr(settings, section), name)
        shown = "***" if key.key in SECRET_KEYS and value else value
        rows.append(_Row(key.key, shown, key.default, key.environment, key.flag, key.type_name, key.description))
    items = [row._asdict() for row in rows] if output in (Format.JSON, Format.YAML) else rows
    print_items(items, output, _COLUMNS, lambda row: row.key)
    return 0


def _shown(value: object) -> str:
    return str(value) if value != "" else "-"
