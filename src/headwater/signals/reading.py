"""Typed reads of located YAML: a wrong shape becomes a Problem with its remedy, never an exception, so that all are found at once."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import TypeVar

from headwater.model.located_yaml import Located, Problem
from headwater.model.severity import SEVERITY_BY_WIRE, Severity

_Scalar = TypeVar("_Scalar", str, bool, float)
_KIND_WORDS: dict[type, str] = {str: "a text", bool: "true or false", float: "a number"}


def suggestion(word: str, known: Collection[str]) -> str:
    """What to write instead of an unknown word."""
    close = get_close_matches(word, sorted(known), n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Use one of: {', '.join(sorted(known))}"


class Reader:
    """One mapping being read. Keys that nobody asks for are unknown ones."""

    def __init__(self, located: Located, problems: list[Problem], known: Collection[str]) -> None:
        self.located = located
        self.problems = problems
        if not isinstance(located.value, dict):
            self.complain(located, "this is not a mapping", f"Write keys and values: {', '.join(sorted(known))}")
            return
        for key, member in located.value.items():
            if key not in known:
                self.complain(member, f"the key {key!r} is unknown here", suggestion(key, known))

    def complain(self, at: Located | None, message: str, remedy: str) -> None:
        """Note a problem at a value, or at this mapping where there is none."""
        self.problems.append((at or self.located).problem(message, remedy))

    def member(self, key: str) -> Located | None:
        """The value of a key with its place."""
        return self.located.get(key)

    def entries(self, key: str) -> Iterator[tuple[str, Located]]:
        """The members of the mapping under a key."""
        member = self.member(key)
        if member is None:
            return
        if not isinstance(member.value, dict):
            self.complain(member, f"{key} is not a mapping", "Give each entry a name, and its fields below it")
            return
        yield from member.value.items()

    def text(self, key: str, default: str) -> str:
        """A text."""
        return self._scalar(key, str, default)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        return self._scalar(key, bool, default)

    def number(self, key: str, default: float, *, least: float, most: float) -> float:
        """A number within bounds."""
        member = self.member(key)
        if member is None:
            return default
        value = member.value
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.complain(member, f"{key} is not a number from {least:g} to {most:g}", "Write such a number")
            return default
        return float(value)

    def severity(self, key: str, default: Severity) -> Severity:
        """A severity by its name on the wire."""
        member = self.member(key)
        if member is None:
            return default
        if not isinstance(member.value, str) or member.value not in SEVERITY_BY_WIRE:
            self.complain(member, f"{key} {member.value!r} is none", suggestion(str(member.value), SEVERITY_BY_WIRE))
            return default
        return SEVERITY_BY_WIRE[member.value]

    def _scalar(self, key: str, kind: type[_Scalar], default: _Scalar) -> _Scalar:
        member = self.member(key)
        if member is None:
            return default
        if not isinstance(member.value, kind):
            self.complain(member, f"{key} is not {_KIND_WORDS[kind]}", f"Write {_KIND_WORDS[kind]}, in quotes if YAML reads it otherwise")
            return default
        return member.value
