"""Regular expressions may only do bounded work."""

import pytest

from headwater.signals.pattern_safety import unsafe_because


@pytest.mark.parametrize(
    "pattern",
    ["abc", "a?b", "(?:ab)?c", "a{3}", "[^ ]{1,253}", r"\+\*\{", "[*+{]", r"[\]*]", "a{,9}", "{x}", r"(?P<host>[a-z]{1,60})", "[]+]"],
)
def test_bounded_patterns_are_taken(pattern: str) -> None:
    assert unsafe_because(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("a*", "repeats without a bound (`*`)"),
        (".+", "repeats without a bound (`+`)"),
        ("[ab]+", "repeats without a bound (`+`)"),
        ("a{2,}", "repeats without a bound (`{2,}`)"),
        ("a{1,257}", "repeats more than 256 times (`{1,257}`)"),
        ("a{999}", "repeats more than 256 times (`{999}`)"),
        ("(a{1,9}){1,9}", "repeats a group (`{1,9}`)"),
        ("(a)*", "repeats without a bound (`*`)"),
    ],
)
def test_unbounded_patterns_are_refused_with_the_reason(pattern: str, reason: str) -> None:
    assert unsafe_because(pattern) == reason
