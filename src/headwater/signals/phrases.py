"""Phrases: what a symptom says of its subject, filled from the event, on one line and bounded."""

from collections.abc import Callable
from re import compile as compile_pattern
from typing import Any

from headwater.model.located_yaml import Located, Problem
from headwater.signals.facts import Facts
from headwater.signals.fields import FIELD_NAMES, getter_of
from headwater.signals.reading import suggestion
from headwater.signals.words import TEXT_CHARACTERS_MAX, clean_text, log_words

_PIECES = compile_pattern(r"\[([^\[\]]*)\]|\{([^{}:]*)(?::(\d{1,3}))?\}|([^\[\]{}]+)|(.)")

_CLUSTER_DOMAIN = compile_pattern(r"(?<=[a-z0-9])\.svc(?:\.[a-z0-9.-]*)?$")
"""What every name of a service in the cluster ends with; its namespace before that stays."""

_WHOLE_NUMBER_MAX = 1 << 63

Phrase = Callable[[Facts, str], str]
Piece = Callable[[Facts, str], str | None]
"""A part of a phrase, given the facts and the peer's name; None where its field is absent."""


def read_phrase(located: Located, problems: list[Problem]) -> Phrase:
    """
    Compile a template.

    `{field}` is a field's value, `{field:40}` at most 40 characters of it, `{detail}` the detail in words; `[...]` is left out where a
    field in it is absent, `[...|other words]` are other words there.
    """
    text = located.value
    if not isinstance(text, str) or not text.strip():
        problems.append(located.problem("phrase is not a text", "Write words that follow the subject's name, as in: timeout[ to {peer}]"))
        return lambda _facts, _peer: ""
    pieces = _pieces(text, located, problems)

    def fill(facts: Facts, peer: str) -> str:
        return clean_text("".join(piece(facts, peer) or "" for piece in pieces))

    return fill


def _pieces(text: str, located: Located, problems: list[Problem]) -> list[Piece]:
    pieces: list[Piece] = []
    for optional, field, limit, literal, stray in _PIECES.findall(text):
        if optional:
            preferred, _, instead = optional.partition("|")
            pieces.append(_optional(_pieces(preferred, located, problems), instead))
        elif field:
            piece = _field(field, int(limit) if limit else TEXT_CHARACTERS_MAX)
            if piece is None:
                problems.append(
                    located.problem(f"there is no field {field!r}", suggestion(field, [*FIELD_NAMES, "attributes.NAME", "match.NAME"]))
                )
            else:
                pieces.append(piece)
        elif stray:
            problems.append(located.problem(f"{stray!r} is out of place in {text!r}", "Close every [ and {, and name a field in each {}"))
        else:
            pieces.append(_literal(literal))
    return pieces


def _literal(text: str) -> Piece:
    return lambda _facts, _peer: text


def _optional(pieces: list[Piece], instead: str) -> Piece:
    def fill(facts: Facts, peer: str) -> str:
        filled = [piece(facts, peer) for piece in pieces]
        return instead if None in filled else "".join(text for text in filled if text is not None)

    return fill


def _field(path: str, limit: int) -> Piece | None:
    if path == "peer":
        return lambda _facts, peer: clean_text(_CLUSTER_DOMAIN.sub("", peer), limit) if peer else None
    if path == "detail":
        return lambda facts, _peer: facts.detail.replace("_", " ") or None
    getter = getter_of(path)
    if getter is None:
        return None
    if path == "message":
        # Its own clock and level would stand beside ours, and take the room of what it says.
        return lambda facts, _peer: clean_text(_without_type(log_words(getter(facts) or ""), facts["error_type_raw"]), limit) or None
    return lambda facts, _peer: _as_text(getter(facts), limit)


def _without_type(words: str, error_type: str) -> str:
    """The message without the error type that it often begins with, which the phrase says where it matters."""
    head, _, rest = words.partition(": ")
    last = error_type.rpartition(".")[2]
    return rest if last and head.rpartition(".")[2] == last else words


def _as_text(value: Any, limit: int) -> str | None:
    if isinstance(value, str):
        return clean_text(value, limit) or None
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"
    # A number with thousands of digits is not worth reading, and Python refuses to write it.
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _WHOLE_NUMBER_MAX:
        return str(value)
    return None
