"""How large an event may be: bytes, nesting, strings. Every answer depends on the bytes alone, never on the depth of the call stack."""

from re import DOTALL
from re import compile as compile_pattern
from typing import Any

from headwater.model.effects import RejectionReason
from headwater.model.errors import InvalidEventError

_KIB = 1_024

EVENT_BYTES_MAX = 900 * _KIB
"""Of one event; a message and its headers must stay under 1 MiB."""
STRING_BYTES_MAX = 64 * _KIB
"""Of one string in UTF-8, key or value."""
DEPTH_MAX = 32
"""Levels of nested objects and lists."""
ID_CHARACTERS_MAX = 512
"""Of an event's id."""
SOURCE_CHARACTERS_MAX = 512
"""Of a collector's name."""

_DEPTH_HARMLESS = 200
"""Nesting that no decoder minds; below it, events that turn out healthy are spared the exact count."""
_BYTES_HARMLESS = 1 * _KIB
"""In so few bytes nesting stays under 512, which a decoder survives too."""

# Possessive, and content with a missing end quote: linear in the size whatever the bytes are.
_STRINGS = compile_pattern(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', DOTALL)
_BRACKETS = compile_pattern(rb"[\[\]{}]")


def check_size(data: bytes) -> None:
    """Refuse bytes that would not fit a message with its headers, or that no decoder could descend into."""
    size = len(data)
    if size <= _BYTES_HARMLESS:
        return
    if size > EVENT_BYTES_MAX:
        raise InvalidEventError(
            RejectionReason.TOO_LARGE,
            f"the event has {size} bytes, at most {EVENT_BYTES_MAX} are taken: leave out raw_data, or cut long texts at their source",
        )
    if data.count(b"{") + data.count(b"[") > _DEPTH_HARMLESS:
        check_depth(data)


def check_depth(data: bytes) -> None:
    """Refuse JSON that nests deeper than DEPTH_MAX."""
    if data.count(b"{") + data.count(b"[") <= DEPTH_MAX:
        return
    depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub(b"", data)):
        if bracket in b"[{":
            depth += 1
            if depth > DEPTH_MAX:
                raise InvalidEventError(
                    RejectionReason.TOO_DEEP,
                    f"the event nests deeper than {DEPTH_MAX} levels: flatten it, or put the nested part into a string",
                )
        else:
            depth -= 1


def check_strings(data: bytes, content: Any) -> None:
    """Refuse any string, key or value, of more than STRING_BYTES_MAX in UTF-8. `content` is what `data` decodes to."""
    # No string is longer than the JSON it stands in, since escapes only shrink when decoded.
    if len(data) <= STRING_BYTES_MAX:
        return
    places: list[tuple[str, Any]] = [("$", content)]
    while places:
        path, value = places.pop()
        if isinstance(value, str):
            _check_string(path, value)
        elif isinstance(value, dict):
            for key, below in value.items():
                _check_string(f"a key of {path}", key)
                places.append((f"{path}.{key}", below))
        elif isinstance(value, list):
            places.extend((f"{path}[{index}]", below) for index, below in enumerate(value))


def _check_string(path: str, text: str) -> None:
    # A character has one to four bytes, so most texts need no encoding to be judged.
    if len(text) * 4 <= STRING_BYTES_MAX:
        return
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > STRING_BYTES_MAX:
        raise InvalidEventError(
            RejectionReason.STRING_TOO_LONG,
            f"the string at `{path[:200]}` has {size} bytes, at most {STRING_BYTES_MAX} are taken: cut it at its source",
        )
