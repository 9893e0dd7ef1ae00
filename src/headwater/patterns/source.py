"""Typed reading of located YAML: every problem of a file is collected, each with file, line and remedy, and none stops the reading."""

from difflib import get_close_matches
from re import compile as compile_pattern

import msgspec

from headwater.model.located_yaml import KnowledgeError, Located, Problem, load_located

_DURATION = compile_pattern(r"(-?)(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h)").fullmatch
_NANOSECONDS = {"ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000}


class Fields(msgspec.Struct, frozen=True):
    """A YAML mapping whose keys are known."""

    node: Located
    entries: dict[str, Located]

    @property
    def line(self) -> int:
        """Where it begins."""
        return self.node.line


class Source:
    """One file's reader: each method returns what it could read and notes what it could not."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def note(self, where: Located | int, what: str, remedy: str) -> None:
        """Note a problem at a value or a line."""
        line = where if isinstance(where, int) else where.line
        self.problems.append(Problem(self.file, line, what, remedy))

    def document(self, text: str) -> Located | None:
        """The file's one document; None where it is no YAML."""
        try:
            return load_located(self.file, text)
        except KnowledgeError as error:
            self.problems += error.problems
            return None

    def mapping(self, node: Located, what: str, keys: tuple[str, ...] | None) -> Fields | None:
        """The mapping at a node, with only these keys (any, where None)."""
        if not isinstance(node.value, dict):
            self.note(node, f"{what} is not a mapping", "Write `key: value` pairs")
            return None
        entries: dict[str, Located] = {}
        for key, value in node.value.items():
            if keys is not None and key not in keys:
                self.note(value, f"{what} has no field `{shown(key)}`", suggestion(key, keys, f"Use one of {', '.join(keys)}"))
            else:
                entries[key] = value
        return Fields(node, entries)

    def text(self, node: Located, what: str) -> str:
        """A string; "" where there is none."""
        if isinstance(node.value, str):
            if not node.value.strip():
                self.note(node, f"{what} is empty", "Write a text, or leave the field out")
            return node.value.strip()
        if isinstance(node.value, bool):
            self.note(node, f"{what} is a boolean to YAML (so are on, off, yes and no)", "Put it in quotes")
        else:
            self.note(node, f"{what} is not a text", "Write one text, in quotes if YAML reads it as something else")
        return ""

    def texts(self, node: Located, what: str, *, single: bool = False) -> tuple[str, ...]:
        """A list of strings; where `single`, one string stands for a list of it."""
        return tuple(text for item in self.items(node, what, single=single) if (text := self.text(item, f"an item of {what}")))

    def items(self, node: Located, what: str, *, single: bool = False) -> list[Located]:
        """The members of a list; where `single`, anything else stands for a list of itself."""
        if isinstance(node.value, list):
            return list(node.value)
        if single:
            return [node]
        self.note(node, f"{what} is not a list", "Write `[a, b]`, or one `- item` per line")
        return []

    def number(self, node: Located, what: str, *, least: float, most: float) -> float:
        """A number between the bounds; the least where there is none."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.note(node, f"{what} is not a number from {least:g} to {most:g}", f"Write a number such as {least:g}")
            return least
        return float(value)

    def whole(self, node: Located, what: str, *, least: int, most: int) -> int:
        """A whole number between the bounds; the least where there is none."""
        value = self.number(node, what, least=least, most=most)
        if value != int(value):
            self.note(node, f"{what} is not a whole number", f"Write a number such as {least}")
        return int(value)

    def claim(self, node: Located, what: str) -> bool:
        """Whether it is true."""
        if not isinstance(node.value, bool):
            self.note(node, f"{what} is neither true nor false", "Write `true` or `false`")
        return node.value is True

    def duration(self, node: Located, what: str) -> int:
        """A time span such as `-5s`, `500ms`, `10m`, in nanoseconds; 0 where there is none."""
        found = _DURATION(node.value) if isinstance(node.value, str) else None
        if found is None:
            self.note(node, f"{what} is no time span", "Write a number with its unit, such as -5s, 500ms or 10m")
            return 0
        sign, amount, unit = found.groups()
        return round(float(amount) * _NANOSECONDS[unit]) * (-1 if sign else 1)


def suggestion(word: str, known: tuple[str, ...], otherwise: str) -> str:
    """A remedy for a word that is not known: the nearest known one, if any is near."""
    close = get_close_matches(word, known, n=1)
    return f"Did you mean `{close[0]}`?" if close else otherwise


def shown(text: str) -> str:
    """A text of a file as part of a message: short, and without control characters."""
    return "".join(character if character.isprintable() else "?" for character in text[:60])
