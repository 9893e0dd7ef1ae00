"""Conditions on one field of an event, compiled from YAML to functions; whatever an event holds there, a condition is true or false."""

from collections.abc import Callable
from re import Pattern
from re import compile as compile_pattern
from re import error as pattern_error
from typing import Any

import msgspec

from headwater.model.located_yaml import Located, Problem
from headwater.signals.facts import Facts
from headwater.signals.fields import FIELD_NAMES, getter_of
from headwater.signals.pattern_safety import unsafe_because
from headwater.signals.reading import suggestion
from headwater.signals.words import MESSAGE_CHARACTERS_MAX, error_word

Test = Callable[[Facts], bool]
Values = tuple[Any, ...]

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "at_least": lambda value, bound: value >= bound,
    "above": lambda value, bound: value > bound,
    "at_most": lambda value, bound: value <= bound,
    "below": lambda value, bound: value < bound,
}
OPERATORS = frozenset({*COMPARISONS, "matches", "contains", "starts_with", "present", "not", "captures"})


class Condition(msgspec.Struct, frozen=True):
    """A test of one field. `values` are the only ones that pass, where there are such; dispatch goes by them."""

    field: str
    test: Test
    values: Values | None
    captures: bool = False  # testing it may leave names behind
    mentions: tuple[str, ...] = ()  # what a message must contain one of, in lower case


def read_conditions(located: Located, problems: list[Problem]) -> tuple[Condition, ...]:
    """The conditions of a `when` (all must hold) or an `unless` (one is enough), a field each, in their order."""
    if not isinstance(located.value, dict) or not located.value:
        problems.append(located.problem("conditions are not a mapping", "Write field: value pairs, all of which must hold"))
        return ()
    conditions: list[Condition] = []
    for field, member in located.value.items():
        getter = getter_of(field)
        if getter is None:
            known = [*FIELD_NAMES, "attributes.NAME", "match.NAME"]
            problems.append(member.problem(f"there is no field {field!r}", suggestion(field, known)))
            continue
        conditions.append(_condition_on(field, getter, member, problems))
    return tuple(conditions)


def _condition_on(field: str, getter: Callable[[Facts], Any], member: Located, problems: list[Problem]) -> Condition:
    if not isinstance(member.value, dict):
        values = _scalars(field, member, problems)
        return Condition(field, _equals(getter, values), values)
    tests: list[Test] = []
    for operator, operand in member.value.items():
        if operator not in OPERATORS:
            problems.append(operand.problem(f"{operator!r} is no condition", suggestion(operator, OPERATORS)))
            continue
        test = _test(field, getter, operator, operand, problems)
        if test is not None:
            tests.append(test)
    if not member.value:
        problems.append(member.problem("there is nothing to compare with", f"Write a value, or one of {', '.join(sorted(OPERATORS))}"))
    captures = any("(?P<" in str(member.value[operator].plain()) for operator in ("matches", "captures") if operator in member.value)
    contained = member.get("contains") if field == "message" else None
    mentions = tuple(str(item.value).lower() for item in contained.items()) if contained is not None else ()
    return Condition(field, _all(tests), None, captures=captures, mentions=mentions)


def _all(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def test_all(facts: Facts) -> bool:
        for test in tests:  # noqa: SIM110  (a generator costs more than most tests)
            if not test(facts):
                return False
        return True

    return test_all


def _test(field: str, getter: Callable[[Facts], Any], operator: str, operand: Located, problems: list[Problem]) -> Test | None:
    if operator in COMPARISONS:
        bound = operand.value
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            problems.append(operand.problem(f"{operator} needs a number", "Write a number"))
            return None
        return _compares(getter, COMPARISONS[operator], bound)
    if operator == "present":
        if not isinstance(operand.value, bool):
            problems.append(operand.problem("present needs true or false", "Write true or false"))
            return None
        return _is_present(getter, wanted=operand.value)
    if operator == "not":
        equals = _equals(getter, _scalars(field, operand, problems))
        return lambda facts: not equals(facts)
    texts = [text for text in _scalars("", operand, problems) if _is_text(text, operand, operator, problems)]
    if operator in ("matches", "captures"):
        matches = _matches(getter, [pattern for text in texts if (pattern := _pattern(text, operand, problems)) is not None])
        return matches if operator == "matches" else _captures(matches)
    if operator == "contains":
        return _contains(getter, tuple(text.lower() for text in texts), is_message=field == "message")
    return _starts_with(getter, tuple(texts))


def _scalars(field: str, member: Located, problems: list[Problem]) -> Values:
    values: list[Any] = []
    for item in member.items():
        if not isinstance(item.value, str | int | float) or item.value == "":
            problems.append(item.problem(f"{item.plain()!r} is not a value to compare with", "Write a text, a number, true or false"))
        elif field == "error_type":
            values.append(error_word(str(item.value)))
        else:
            values.append(item.value)
    if not values:
        problems.append(member.problem("there is nothing to compare with", "Write at least one value"))
    return tuple(values)


def _is_text(value: Any, at: Located, operator: str, problems: list[Problem]) -> bool:
    if isinstance(value, str):
        return True
    problems.append(at.problem(f"{operator} needs texts", "Write them in quotes"))
    return False


def _pattern(text: str, at: Located, problems: list[Problem]) -> Pattern[str] | None:
    try:
        pattern = compile_pattern(text)
    except (pattern_error, OverflowError, RecursionError) as error:
        problems.append(at.problem(f"{text!r} is not a regular expression: {error}", "Mend it"))
        return None
    reason = unsafe_because(text)
    if reason is not None:
        problems.append(at.problem(f"{text!r} {reason}", "Bound every repeat, as in [a-z]{1,60}, and repeat no group"))
        return None
    return pattern


def _equals(getter: Callable[[Facts], Any], values: Values) -> Test:
    # bool is an int to Python, and 1 is not true to the writer of a signal.
    kinds = {(type(value) if isinstance(value, bool | str) else float, value) for value in values}

    def test(facts: Facts) -> bool:
        value = getter(facts)
        if isinstance(value, str | bool):
            return (type(value), value) in kinds
        return isinstance(value, int | float) and (float, value) in kinds

    return test


def _compares(getter: Callable[[Facts], Any], compare: Callable[[float, float], bool], bound: float) -> Test:
    def test(facts: Facts) -> bool:
        value = getter(facts)
        return isinstance(value, int | float) and not isinstance(value, bool) and compare(value, bound)

    return test


def _is_present(getter: Callable[[Facts], Any], *, wanted: bool) -> Test:
    def test(facts: Facts) -> bool:
        value = getter(facts)
        return (value is not None and value != "") is wanted

    return test


def _matches(getter: Callable[[Facts], Any], patterns: list[Pattern[str]]) -> Test:
    def test(facts: Facts) -> bool:
        value = getter(facts)
        if not isinstance(value, str):
            return False
        for pattern in patterns:
            match = pattern.search(value, 0, MESSAGE_CHARACTERS_MAX)
            if match is not None:
                facts.captured.update((name, text) for name, text in match.groupdict().items() if text is not None)
                return True
        return False

    return test


def _captures(matches: Test) -> Test:
    """A condition that always holds, for the names it finds on the way."""

    def test(facts: Facts) -> bool:
        matches(facts)
        return True

    return test


def _contains(getter: Callable[[Facts], Any], texts: tuple[str, ...], *, is_message: bool) -> Test:
    def test(facts: Facts) -> bool:
        value = facts["message_lower"] if is_message else getter(facts)
        if not isinstance(value, str):
            return False
        if not is_message:
            value = value[:MESSAGE_CHARACTERS_MAX].lower()
        for text in texts:  # noqa: SIM110  (a generator costs more than the search itself)
            if text in value:
                return True
        return False

    return test


def _starts_with(getter: Callable[[Facts], Any], texts: tuple[str, ...]) -> Test:
    def test(facts: Facts) -> bool:
        value = getter(facts)
        return isinstance(value, str) and value.startswith(texts)

    return test
