"""How strongly an event itself shows its symptom, from what the detector measured: a number above 0 and at most 1."""

from collections.abc import Callable
from math import log
from typing import Any

from headwater.model.located_yaml import Located, Problem
from headwater.signals.facts import Facts
from headwater.signals.fields import FIELD_NAMES, getter_of
from headwater.signals.reading import Reader, suggestion
from headwater.signals.standing import stands_for_long

WEIGHT_MIN = 0.02
"""What was observed counts a little, however faint."""

WEIGHT_OF_KNOWN = 0.1
"""Of a line that whoever collects it has seen before, and of trouble that has gone on for long: most likely what is so every day."""

NOVELTY_NAMES = ("novel", "is_novel", "log.novel")
"""Attributes by which detectors tell whether a line is new."""

Weight = Callable[[Facts], float]


def read_weight(located: Located | None, problems: list[Problem]) -> Weight | None:
    """
    A constant, or `{of: FIELD, none: A, full: B, unknown: W}`: nothing up to A, all from B on, by the square of the logarithm in between.

    `unknown` is for events without the number. None where nothing is written: then every event counts in full.
    """
    if located is None:
        return None
    if not isinstance(located.value, dict):
        constant = _share(located, problems)
        return lambda _: constant
    return _measured(Reader(located, problems, ("of", "none", "full", "unknown")))


def weight_of(weight: Weight | None, facts: Facts, occurred_at: int) -> float:
    """What an event weighs: as its signal says, and little where it says itself that it is nothing new."""
    measured = weight(facts) if weight is not None else 1.0
    is_known = any(facts.attributes.get(name) is False for name in NOVELTY_NAMES)
    if is_known or stands_for_long(facts.attributes, facts["message"], occurred_at):
        return max(WEIGHT_MIN, measured * WEIGHT_OF_KNOWN)
    return measured


def _measured(reader: Reader) -> Weight | None:
    field, none, full = (
        reader.text("of", ""),
        reader.number("none", 0, least=1e-9, most=1e12),
        reader.number("full", 0, least=1e-9, most=1e12),
    )
    unknown = _share(member, reader.problems) if (member := reader.member("unknown")) is not None else 1.0
    getter = getter_of(field)
    if getter is None:
        reader.complain(reader.member("of"), f"there is no field {field!r}", suggestion(field, [*FIELD_NAMES, "attributes.NAME"]))
        return None
    if not 0 < none < full:
        reader.complain(None, "a weight needs none and full, the first below the second", "Write e.g. {of: lost_ms, none: 5, full: 500}")
        return None
    width = log(full / none)

    def weight(facts: Facts) -> float:
        value: Any = getter(facts)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            return unknown
        share = log(min(value, full) / none) / width if value > none else 0.0
        return max(WEIGHT_MIN, share * share)

    return weight


def _share(located: Located, problems: list[Problem]) -> float:
    value = located.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not WEIGHT_MIN <= value <= 1:
        problems.append(located.problem(f"a weight is a number from {WEIGHT_MIN:g} to 1, or a mapping", "Write e.g. 0.5"))
        return 1.0
    return float(value)
