"""How sure a finding is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.causes.confidence import Certainty, certainty, confidence
from headwater.correlation.limits import Settings

shares = st.floats(0, 1)


def sure(
    *, share: float = 0.9, runner_up_share: float = 0.05, symptoms: int = 6, modalities: int = 2, pattern_is_complete: bool = True,
    root_is_latent: bool = False,
) -> float:  # fmt: skip
    return confidence(
        share=share, runner_up_share=runner_up_share, symptoms=symptoms, modalities=modalities, pattern_is_complete=pattern_is_complete,
        root_is_latent=root_is_latent,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(1.0, "confirmed"), (0.75, "confirmed"), (0.749, "likely"), (0.5, "likely"), (0.499, "inconclusive"), (0.0, "inconclusive")],
)
def test_the_verdict_follows_from_the_confidence(value: float, verdict: str) -> None:
    assert certainty(value) is Certainty(verdict)


def test_a_lone_symptom_that_explains_itself_is_not_sure_enough_for_an_alert() -> None:
    assert sure(share=1, runner_up_share=0, symptoms=1, modalities=1) < Settings().alert_confidence_min


def test_many_symptoms_of_several_kinds_with_one_cause_confirm_it() -> None:
    assert certainty(sure()) is Certainty.CONFIRMED


def test_more_than_eight_symptoms_make_nothing_surer() -> None:
    assert sure(symptoms=7) < sure(symptoms=8) == sure(symptoms=800)


def test_a_cause_that_nobody_saw_is_less_sure_and_a_pattern_makes_it_surer() -> None:
    assert sure(root_is_latent=True) < sure() > sure(pattern_is_complete=False)
    assert sure(modalities=1) < sure(modalities=2) < sure(modalities=3)


@given(shares, shares, st.integers(0, 100), st.integers(0, 6), st.booleans(), st.booleans())
def test_it_is_a_number_of_three_digits_between_nought_and_one(
    share: float, runner_up_share: float, symptoms: int, modalities: int, pattern_is_complete: bool, root_is_latent: bool
) -> None:
    value = confidence(
        share=share, runner_up_share=runner_up_share, symptoms=symptoms, modalities=modalities,
        pattern_is_complete=pattern_is_complete, root_is_latent=root_is_latent,
    )  # fmt: skip
    assert 0 <= value <= 1
    assert value == round(value, 3)


@given(shares, shares, shares)
def test_a_larger_share_never_makes_it_less_sure_nor_a_stronger_rival_surer(one: float, other: float, rival: float) -> None:
    smaller, larger = sorted((one, other))
    assert sure(share=smaller, runner_up_share=rival) <= sure(share=larger, runner_up_share=rival)
    assert sure(share=rival, runner_up_share=larger) <= sure(share=rival, runner_up_share=smaller)
