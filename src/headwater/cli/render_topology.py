"""Entities and relations as tables and as a page."""

from collections.abc import Iterator

from rich.text import Text

from headwater.cli.tables import Column
from headwater.cli.terminal import clean
from headwater.cli.words import entity_name, entity_place
from headwater.service.topology_view import EntityDescription, EntityRow

_VERSIONS_SHOWN = 20

ENTITY_COLUMNS = (
    Column[EntityRow]("KIND", lambda row: row.kind),
    Column[EntityRow]("NAMESPACE", lambda row: row.namespace or "-"),
    Column[EntityRow]("NAME", lambda row: row.name, lambda _: "bold"),
    Column[EntityRow]("SERVICE", lambda row: row.service_name),
    Column[EntityRow]("OWNER", lambda row: entity_name(row.owner) if row.owner else "-"),
    Column[EntityRow]("PODS", lambda row: str(row.pods) if row.pods else "-"),
    Column[EntityRow]("SINCE", lambda row: row.since or "always", is_wide_only=True),
    Column[EntityRow]("ID", lambda row: row.id, is_wide_only=True),
)


def description_lines(description: EntityDescription) -> Iterator[Text]:
    """One entity: what it is, what it is related to, what it was."""
    yield Text(clean(entity_place(description.id)), style="bold")
    yield Text(f"as of {description.at}{'' if description.exists else ': does not exist then'}", style="dim")
    yield Text(f"Service name  {clean(description.service_name)}")
    if description.owner:
        yield Text(f"Owner         {clean(entity_place(description.owner))}")
    yield Text("\nRelations", style="bold")
    if not description.relations:
        yield Text("  none", style="dim")
    width = max((len(row.relation) for row in description.relations), default=0)
    previous = ""
    for row in description.relations:
        line = Text(f"  {row.relation if row.relation != previous else '':<{width}}  ", style="dim")
        line.append(clean(entity_place(row.entity)), style="default")
        previous = row.relation
        yield line
    yield Text("\nVersions", style="bold")
    for version in description.versions[-_VERSIONS_SHOWN:]:
        words = (version.valid_from or "since always", "deleted" if version.deleted else "", clean(version.resource_version, 40))
        yield Text("  " + "  ".join(word for word in words if word))
