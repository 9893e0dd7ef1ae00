"""The fit of confidence, on cases made of known coefficients."""

from collections.abc import Callable, Sequence
from random import Random

import msgspec
import pytest
from bench.accuracy.features import Features
from bench.accuracy.fit_confidence import SIGNS, coefficients_of, example_of, left_out, platt, probability, solve

TRUE = (-2.0, 3.0, 1.0, 1.0, 0.5, -1.0)


def made(number: int, random: Random, *, turned: bool = False) -> Features:
    share = random.random()
    case = Features(
        case=str(number), set="made", fault_type=f"type-{number % 5}", hit=False, confidence=0.5, share=share,
        runner_up_share=random.random() * (1 - share), symptoms=random.randint(1, 9), modalities=random.randint(1, 3),
        pattern_is_complete=random.random() < 0.5, root_is_latent=random.random() < 0.3, is_change=False, incidents=1,
    )  # fmt: skip
    chance = probability(TRUE, example_of(case))
    return msgspec.structs.replace(case, hit=(random.random() < chance) != turned)


def test_many_cases_bring_the_forecasts_near_those_that_made_them() -> None:
    random = Random(7)
    cases = [made(number, random) for number in range(3_000)]
    found = coefficients_of(cases, ridge=0.1)
    errors = [abs(probability(found, example_of(case)) - probability(TRUE, example_of(case))) for case in cases]
    assert max(errors) < 0.15
    assert sum(errors) / len(errors) < 0.03


def test_no_coefficient_gets_a_sign_against_reason() -> None:
    random = Random(7)
    found = coefficients_of([made(number, random, turned=True) for number in range(500)])
    assert [value * sign >= -1e-3 for value, sign in zip(found, SIGNS, strict=True)] == [True] * len(SIGNS)


def test_every_case_is_forecast_once_by_cases_of_other_types() -> None:
    random = Random(7)
    cases = [made(number, random) for number in range(50)]
    seen: list[set[str]] = []

    def fit_to(kept: Sequence[Features]) -> Callable[[Features], float]:
        seen.append({case.fault_type for case in kept})
        return lambda case: 0.5

    forecasts = left_out(cases, fit_to)
    assert len(forecasts) == 50
    assert sorted(len(types) for types in seen) == [4] * 5


def test_platt_brings_a_confidence_to_the_share_of_hits() -> None:
    random = Random(7)
    cases = [made(number, random) for number in range(500)]
    hits = sum(case.hit for case in cases) / len(cases)
    assert platt(cases)(cases[0]) == pytest.approx(hits, abs=0.02), "all say 0.5"


def test_linear_equations_are_solved() -> None:
    assert solve([[0.0, 2.0], [1.0, 1.0]], [4.0, 5.0]) == pytest.approx([3.0, 2.0])
