"""One search for many texts: whether a message mentions any of them, by a pattern in which common beginnings are tried once."""

from collections.abc import Iterable
from re import Pattern, escape
from re import compile as compile_pattern
from typing import Any

_END = ""


def mentions_any(texts: Iterable[str]) -> Pattern[str]:
    """A pattern that is found in a text exactly if one of these is; with none of them, in no text."""
    branches: dict[str, Any] = {}
    for text in texts:
        branch = branches
        for letter in text:
            branch = branch.setdefault(letter, {})
        branch[_END] = {}
    return compile_pattern(_alternatives(branches) if branches else r"(?!)")


def _alternatives(branch: dict[str, Any]) -> str:
    # Where one text ends, longer ones with the same beginning find nothing more.
    if _END in branch:
        return ""
    below = [escape(letter) + _alternatives(branch[letter]) for letter in sorted(branch)]
    return below[0] if len(below) == 1 else f"(?:{'|'.join(below)})"
