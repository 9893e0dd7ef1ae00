"""Weights: how strongly an event itself shows its symptom, by what was measured."""

import pytest

from headwater.model.heads import EventHead, NetworkHead
from headwater.model.located_yaml import Problem, load_located
from headwater.signals.facts import Facts
from headwater.signals.weights import WEIGHT_MIN, read_weight


def weight_of(text: str, **attributes: object) -> float:
    problems: list[Problem] = []
    weight = read_weight(load_located("own.yaml", f"weight: {text}").get("weight"), problems)
    assert (problems, weight is not None) == ([], True)
    assert weight is not None
    return weight(Facts(EventHead(id="e", attributes=dict(attributes))))


def problem_of(text: str) -> str:
    problems: list[Problem] = []
    read_weight(load_located("own.yaml", f"weight: {text}").get("weight"), problems)
    return "; ".join(problem.message for problem in problems)


LOST = "{of: lost_ms, none: 1, full: 100, unknown: 0.5}"


def test_nothing_written_weighs_everything_alike() -> None:
    assert read_weight(None, []) is None


def test_a_constant_is_itself() -> None:
    assert weight_of("0.25") == 0.25


@pytest.mark.parametrize(("own", "expected"), [(0.5, WEIGHT_MIN), (1, WEIGHT_MIN), (10, 0.25), (100, 1.0), (5_000, 1.0)])
def test_in_between_the_square_of_the_logarithm_counts(own: float, expected: float) -> None:
    assert weight_of(LOST, self_ms=own) == pytest.approx(expected)


@pytest.mark.parametrize("value", ["much", True, None, float("nan")])
def test_what_is_no_number_is_unknown(value: object) -> None:
    assert weight_of("{of: attributes.ratio, none: 1, full: 100, unknown: 0.5}", ratio=value) == 0.5


def test_without_a_word_for_the_unknown_it_weighs_in_full() -> None:
    assert weight_of("{of: attributes.ratio, none: 1, full: 100}") == 1.0


def test_what_is_lost_is_the_own_time_less_the_usual_one() -> None:
    def lost(**attributes: object) -> object:
        return Facts(EventHead(id="e", attributes=dict(attributes), network=NetworkHead(latency_ns=80_000_000)))["lost_ms"]

    assert lost() == 80.0
    assert lost(self_ms=30) == 30.0
    assert lost(self_ms=30, baseline_ms=10) == 20.0
    assert Facts(EventHead(id="e"))["lost_ms"] is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2", "a weight is a number from 0.02 to 1, or a mapping"),
        ("0", "a weight is a number from 0.02 to 1, or a mapping"),
        ("{of: nowhere, none: 1, full: 2}", "there is no field 'nowhere'"),
        ("{of: lost_ms, none: 3, full: 2}", "a weight needs none and full, the first below the second"),
        ("{of: lost_ms}", "a weight needs none and full, the first below the second"),
        ("{of: lost_ms, none: 1, full: 2, unknown: 7}", "a weight is a number from 0.02 to 1, or a mapping"),
        ("{of: lost_ms, least: 1, full: 2, none: 1}", "the key 'least' is unknown here"),
    ],
)
def test_mistakes_are_told(text: str, says: str) -> None:
    assert says in problem_of(text)
