"""
What every part of a UnifiedEvent has in common: all fields optional, unknown ones kept, and printed again where they were.

A field that is absent or null is None, so that absent and empty stay apart. Two parts are equal when their known fields are.
"""

import base64
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

import msgspec

INSTANT_PATTERN = r"^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,18})?([Zz]|[+-]\d\d:\d\d)$"
Instant = Annotated[str, msgspec.Meta(pattern=INSTANT_PATTERN, description="RFC 3339, up to nanoseconds")]
Nanoseconds = Annotated[int, msgspec.Meta(description="a duration in nanoseconds")]
Fraction = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]

_UNKNOWN = "unknown fields"
"""The key in a part's __dict__, which no attribute can have."""


class EventSeverity(StrEnum):
    """The eight severities of the wire; their order is model/severity.py's."""

    DEBUG = "debug"
    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    WARNING = "warning"
    HIGH = "high"
    ERROR = "error"
    CRITICAL = "critical"


class Part(msgspec.Struct, kw_only=True, omit_defaults=True, dict=True):
    """A part of an event, or the event itself."""

    @property
    def unknown(self) -> dict[str, Any]:
        """The fields of this part that the model does not know, as they came."""
        unknown: dict[str, Any] = self.__dict__.get(_UNKNOWN, {})
        return unknown


def keep_unknown(part: Part, content: dict[str, Any]) -> None:
    """Remember what of `content`, the JSON this part was read from, the part has no field for; in its parts likewise."""
    attributes = _attribute_by_wire_name(type(part))
    unknown = {name: value for name, value in content.items() if name not in attributes}
    if unknown:
        part.__dict__[_UNKNOWN] = unknown
    for name, value in content.items():
        if name in attributes and isinstance(value, dict | list):
            _keep_below(getattr(part, attributes[name]), value)


def content_of(part: Part) -> dict[str, Any]:
    """The part as JSON content, unknown fields included."""
    content: dict[str, Any] = {}
    for name, attribute in _attribute_by_wire_name(type(part)).items():
        value = getattr(part, attribute)
        if value is not None:
            content[name] = _content_below(value)
    return {**content, **{name: value for name, value in part.unknown.items() if name not in content}}


@cache
def _attribute_by_wire_name(kind: type[Part]) -> dict[str, str]:
    return {field.encode_name: field.name for field in msgspec.structs.fields(kind)}


def _keep_below(value: Any, content: Any) -> None:
    if isinstance(value, Part) and isinstance(content, dict):
        keep_unknown(value, content)
    elif isinstance(value, list) and isinstance(content, list):
        for item, below in zip(value, content, strict=False):
            if isinstance(item, Part) and isinstance(below, dict):
                keep_unknown(item, below)


def _content_below(value: Any) -> Any:
    if isinstance(value, Part):
        return content_of(value)
    if isinstance(value, list):
        return [content_of(item) if isinstance(item, Part) else item for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value
