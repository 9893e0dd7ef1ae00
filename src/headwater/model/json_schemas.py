"""JSON Schemas of what is read and published, generated from the models; model/schemas/*.json are these, and a test holds them equal."""

from typing import Any

import msgspec

from headwater.model.events import UnifiedEvent
from headwater.model.results import SCHEMA_VERSION, CorrelationResult

EVENT_SCHEMA_VERSION = 1
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_URN = "urn:headwater:schema"


def event_schema() -> dict[str, Any]:
    """The schema of UnifiedEvent. Unknown fields are allowed everywhere; they are kept."""
    return _schema(UnifiedEvent, "unified-event", EVENT_SCHEMA_VERSION)


def result_schema() -> dict[str, Any]:
    """The schema of CorrelationResult."""
    return _schema(CorrelationResult, "correlation-result", SCHEMA_VERSION)


def schema_files() -> dict[str, str]:
    """Each schema's file name in model/schemas/ and its text."""
    return {
        f"unified-event.v{EVENT_SCHEMA_VERSION}.json": _text(event_schema()),
        f"correlation-result.v{SCHEMA_VERSION}.json": _text(result_schema()),
    }


def _text(schema: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2).decode() + "\n"


def _schema(kind: type[msgspec.Struct], name: str, version: int) -> dict[str, Any]:
    (root,), components = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    definitions = dict(components)
    root_definition = definitions.pop(root["$ref"].rsplit("/", 1)[1])
    return {
        "$schema": _DIALECT,
        "$id": f"{_URN}:{name}:{version}",
        **root_definition,
        "title": f"{kind.__name__}, version {version}",
        "$defs": definitions,
    }
