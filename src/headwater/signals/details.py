"""Details: which kind of its class a symptom is, in one word, told by what its event says; patterns and causal rules may ask for it."""

from collections.abc import Callable, Mapping
from re import compile as compile_pattern
from typing import Any

from headwater.model.located_yaml import Located, Problem
from headwater.signals.facts import Facts
from headwater.signals.fields import getter_of
from headwater.signals.obstacles import OBSTACLES
from headwater.signals.reading import Reader, suggestion

OBSTACLE = "obstacle"
"""As a detail: the field of this name."""

ANYTHING = "*"
"""In a text: whatever stands between two parts of it."""

CONTAINER_MARK = "~"
"""Before the name of a container, where an event tells no kind but which container it means: objects may tell of what kind that is."""

KEYS_MARK = "="
"""Before the keys that a change is of, with KEYS_BETWEEN between them: who does not read them hardly minds."""

KEYS_BETWEEN = ","
_KEYS_MAX = 8
_KEY = compile_pattern(r"[A-Za-z0-9._-]{1,63}").fullmatch
_CONTAINER = compile_pattern(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?").fullmatch
_WORD = compile_pattern(r"[a-z][a-z0-9_]{0,39}").fullmatch

Detail = Callable[[Facts], str]
Texts = tuple[tuple[str, ...], ...]
"""Alternatives, each of parts that must stand in the message in this order."""


Table = tuple[tuple[str, Texts], ...]
"""For each word its texts, in order."""


def read_table(located: Located, problems: list[Problem]) -> Table:
    """The words of a table and their texts."""
    if not isinstance(located.value, dict):
        problems.append(located.problem("details are not a mapping", "Give each word the texts that show it, or name a table of `details`"))
        return ()
    return tuple((_word(name, texts, problems), _texts(texts, problems)) for name, texts in located.value.items())


def read_detail(reader: Reader, tables: Mapping[str, Table]) -> tuple[Detail, frozenset[str]]:
    """
    The detail of a signal, and all that it may be, but for names of containers.

    `detail` is one word, or `obstacle`: what kept the scheduler from placing a pod. `details` gives each word the texts of which the
    message must contain one, and the first that fits is it, else `detail`; a text is the name of a table. Where there is none of these,
    `container` is the field that holds the name of the container meant, and `keys` the one that lists the keys that were changed.
    """
    detail, words = _read_words(reader, tables)
    for name, marked in (("container", _marked_container), ("keys", _marked_keys)):
        member = reader.member(name)
        if member is None:
            continue
        named = getter_of(str(member.value))
        if named is None:
            reader.complain(member, f"{member.plain()!r} is no field", "Write attributes.NAME, or match.NAME")
            return detail, words
        return _or_marked(detail, named, marked), words
    return detail, words


def is_mark(detail: str) -> bool:
    """Whether this is no kind of a class but a name that objects may tell more of."""
    return detail.startswith((CONTAINER_MARK, KEYS_MARK))


def _or_marked(detail: Detail, named: Callable[[Facts], Any], marked: Callable[[Any], str]) -> Detail:
    return lambda facts: detail(facts) or marked(named(facts))


def _marked_container(name: Any) -> str:
    return CONTAINER_MARK + name if isinstance(name, str) and _CONTAINER(name) else ""


def _marked_keys(keys: Any) -> str:
    """No key where there are too many, or some that cannot be keys: then any may have changed."""
    are_told = isinstance(keys, list) and len(keys) <= _KEYS_MAX and all(isinstance(key, str) and _KEY(key) for key in keys)
    return KEYS_MARK + (KEYS_BETWEEN.join(sorted(keys)) if are_told else "")


def _read_words(reader: Reader, tables: Mapping[str, Table]) -> tuple[Detail, frozenset[str]]:
    constant, table = reader.member("detail"), reader.member("details")
    if table is None:
        if constant is None:
            return _nothing, frozenset()
        if constant.value == OBSTACLE:
            return lambda facts: str(facts[OBSTACLE]), frozenset(OBSTACLES)
        word = _word(str(constant.value), constant, reader.problems)
        return lambda _facts: word, frozenset((word,))
    fallback = _word(str(constant.value), constant, reader.problems) if constant is not None else ""
    if isinstance(table.value, str):
        if table.value not in tables:
            reader.complain(table, f"there is no table of details {table.value!r}", suggestion(table.value, tables or ("none",)))
        choices = tables.get(table.value, ())
    else:
        choices = read_table(table, reader.problems)
    return _first_of(choices, fallback), frozenset(word for word in (*(word for word, _ in choices), fallback) if word)


def _nothing(_facts: Facts) -> str:
    return ""


def _first_of(choices: Table, fallback: str) -> Detail:
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
