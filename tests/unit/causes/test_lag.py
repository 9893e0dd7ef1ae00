"""How well a delay fits a rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.causes.lag import DECAY_MIN, lag_factor
from headwater.causes.rules import Rule
from headwater.model.times import seconds


def rule(low: float, typical: float, high: float) -> Rule:
    return Rule("r", "a", "b", (), 0.5, seconds(low), seconds(typical), seconds(high), "")


@pytest.mark.parametrize(
    ("lag", "factor"), [(-5.000001, 0.0), (-5, 1.0), (0, 1.0), (10, 1.0), (40, 0.36787944117144233), (120, None), (120.000001, 0.0)]
)
def test_a_delay_fits_wholly_up_to_the_typical_one_then_less_and_outside_the_window_not_at_all(lag: float, factor: float | None) -> None:
    found = lag_factor(rule(-5, 10, 120), seconds(lag))
    assert found == pytest.approx(factor) if factor is not None else 0 < found < 0.05


def test_a_long_typical_delay_decays_slowly_and_a_short_one_no_faster_than_half_a_minute() -> None:
    assert lag_factor(rule(0, 100, 900), seconds(200)) == pytest.approx(lag_factor(rule(0, 10, 900), seconds(10) + DECAY_MIN))


@given(st.integers(-1_000, 1_000), st.integers(-1_000, 1_000))
def test_a_longer_delay_never_fits_better_within_the_window(one: int, other: int) -> None:
    shorter, longer = sorted((seconds(one), seconds(other)))
    window = rule(-60, 30, 600)
    if window.lag_min <= shorter and longer <= window.lag_max:
        assert lag_factor(window, longer) <= lag_factor(window, shorter)
