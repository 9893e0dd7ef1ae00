"""Reading objects nobody has checked: what has the wrong type reads as absent, so that no object can stop a watch."""

from typing import Any

from headwater.model.times import MILLENNIUM_NS, InvalidTimeError, parse_time


def mapping(value: object, *path: str) -> dict[str, Any]:
    """The mapping at a path inside a value, empty where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def mappings(value: object, *path: str) -> list[dict[str, Any]]:
    """The mappings of the list at a path inside a value."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object, *path: str) -> str:
    """The text at a path inside a value, empty where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def number(value: object, *path: str) -> int:
    """The whole number at a path inside a value, 0 where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def instant(value: object, *path: str) -> int:
    """The time at a path inside a value in nanoseconds, 0 where there is none that can be meant."""
    said = text(value, *path)
    if not said:
        return 0
    try:
        found = parse_time(said)
    except InvalidTimeError:
        return 0
    return found if found >= MILLENNIUM_NS else 0


def conditions(content: object) -> dict[str, dict[str, Any]]:
    """The conditions of an object's status by type."""
    return {text(each, "type"): each for each in mappings(content, "status", "conditions")}
