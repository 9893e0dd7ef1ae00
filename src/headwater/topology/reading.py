"""Reading objects nobody has checked: what has the wrong type reads as absent, so that no object can break the graph."""

from typing import Any


def mapping(value: object, *path: str) -> dict[str, Any]:
    """The mapping at a path inside a value, empty where there is none."""
    for key in path:
        if not isinstance(value, dict):
            return {}
        value = value.get(key)
    return value if isinstance(value, dict) else {}


def mappings(value: object, *path: str) -> list[dict[str, Any]]:
    """The mappings of the list at a path inside a value."""
    for key in path:
        if not isinstance(value, dict):
            return []
        value = value.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object, *path: str) -> str:
    """The text at a path inside a value, empty where there is none."""
    for key in path:
        if not isinstance(value, dict):
            return ""
        value = value.get(key)
    return value if isinstance(value, str) else ""


def texts(value: object, *path: str) -> dict[str, str]:
    """The texts by key of the mapping at a path inside a value."""
    return {key: item for key, item in mapping(value, *path).items() if isinstance(item, str)}
