"""Details: which kind of its class a symptom is, in one word, told by what its event says; patterns and causal rules may ask for it."""

from collections.abc import Callable
from re import compile as compile_pattern

from headwater.model.located_yaml import Located, Problem
from headwater.signals.facts import Facts
from headwater.signals.obstacles import OBSTACLES
from headwater.signals.reading import Reader

OBSTACLE = "obstacle"
"""As a detail: the field of this name."""

ANYTHING = "*"
"""In a text: whatever stands between two parts of it."""

_WORD = compile_pattern(r"[a-z][a-z0-9_]{0,39}").fullmatch

Detail = Callable[[Facts], str]
Texts = tuple[tuple[str, ...], ...]
"""Alternatives, each of parts that must stand in the message in this order."""


def read_detail(reader: Reader) -> tuple[Detail, frozenset[str]]:
    """
    The detail of a signal, and all that it may be.

    `detail` is one word, or `obstacle`: what kept the scheduler from placing a pod. `details` gives each word the texts of which the
    message must contain one, and the first that fits is it, else `detail`.
    """
    constant, table = reader.member("detail"), reader.member("details")
    if table is None:
        if constant is None:
            return _nothing, frozenset()
        if constant.value == OBSTACLE:
            return lambda facts: str(facts[OBSTACLE]), frozenset(OBSTACLES)
        word = _word(str(constant.value), constant, reader.problems)
        return lambda _facts: word, frozenset((word,))
    fallback = _word(str(constant.value), constant, reader.problems) if constant is not None else ""
    choices = [(_word(name, texts, reader.problems), _texts(texts, reader.problems)) for name, texts in reader.entries("details")]
    return _first_of(choices, fallback), frozenset(word for word in (*(word for word, _ in choices), fallback) if word)


def _nothing(_facts: Facts) -> str:
    return ""


def _first_of(choices: list[tuple[str, Texts]], fallback: str) -> Detail:
    def find(facts: Facts) -> str:
        message: str = facts["message_lower"]
        for word, texts in choices:
            if any(contains_in_order(message, parts) for parts in texts):
                return word
        return fallback

    return find


def contains_in_order(text: str, parts: tuple[str, ...]) -> bool:
    """Whether these parts stand in the text, each after the one before."""
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def _word(name: str, at: Located, problems: list[Problem]) -> str:
    if not _WORD(name):
        problems.append(at.problem(f"the detail {name!r} is not one word", "Use small letters, digits and _, beginning with a letter"))
    return name


def _texts(located: Located, problems: list[Problem]) -> Texts:
    texts: list[tuple[str, ...]] = []
    for item in located.items():
        parts = tuple(part for part in str(item.value).lower().split(ANYTHING) if part) if isinstance(item.value, str) else ()
        if not parts:
            problems.append(item.problem(f"{item.plain()!r} is no text to look for", "Write it in quotes; * stands for anything between"))
        texts.append(parts)
    return tuple(texts)
