"""The formats of `-o`: json and yaml are the published structures, table and wide are for people."""

import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from headwater.cli.tables import Column, print_table


class Format(StrEnum):
    """What `-o` takes."""

    TABLE = "table"
    WIDE = "wide"
    JSON = "json"
    YAML = "yaml"
    NAME = "name"


class StructuredFormat(StrEnum):
    """What `-o` takes where there is no table."""

    TEXT = "text"
    JSON = "json"
    YAML = "yaml"


def print_json(value: Any) -> None:
    """Indented JSON. JSON escapes control characters by itself."""
    _write(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")


def print_json_line(value: Any) -> None:
    """JSON on one line, so that a stream of them can be read as it comes."""
    _write(msgspec.json.encode(value) + b"\n")


def print_yaml(value: Any, *, is_one_of_many: bool = False) -> None:
    """YAML, each document of many after `---`."""
    import yaml

    text = yaml.safe_dump(msgspec.to_builtins(value), sort_keys=False, allow_unicode=False, width=120)
    _write((("---\n" if is_one_of_many else "") + text).encode())


def print_items(
    items: Sequence[Any], output: Format, columns: Sequence[Column[Any]], name_of: Callable[[Any], str], *, has_header: bool = True
) -> None:
    """A list in the format asked for."""
    if output is Format.JSON:
        print_json(items)
    elif output is Format.YAML:
        print_yaml(items)
    elif output is Format.NAME:
        _write("".join(f"{name_of(item)}\n" for item in items).encode())
    else:
        print_table(items, columns, is_wide=output is Format.WIDE, has_header=has_header)


def _write(content: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
