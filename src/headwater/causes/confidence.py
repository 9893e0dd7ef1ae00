"""
How sure a finding is.

The form is that of docs/explanation/root-cause.md; its coefficients were fitted (`python -m bench.accuracy.fit_confidence`), then rounded:
to recorded failures and to invented ones, half of which nobody who writes rules had read, for such are users' failures.
"""

from enum import StrEnum
from math import exp

CONFIRMED_FROM = 0.75
LIKELY_FROM = 0.5
SYMPTOMS_COUNTED_MAX = 8
FEW_SYMPTOMS = 0.75
"""A lone symptom keeps four sevenths of its confidence, three keep nine tenths."""


class Certainty(StrEnum):
    """The verdict on the wire."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    INCONCLUSIVE = "inconclusive"


def confidence(
    *,
    share: float,
    runner_up_share: float,
    symptoms: int,
    modalities: int,
    pattern_is_complete: bool,
    root_is_latent: bool,
) -> float:
    """
    Between 0 and 1, to three digits.

    A lone symptom explains itself wholly, so shares alone would call it certain: few symptoms shrink the answer.
    """
    score = (
        -1.8
        + 2.4 * share
        + 1.2 * (share - runner_up_share)
        + 1.8 * pattern_is_complete
        + 0.6 * max(0, modalities - 1)
        - 1.8 * root_is_latent
    )
    counted = min(symptoms, SYMPTOMS_COUNTED_MAX) ** 2
    return round(1.0 / (1.0 + exp(-score)) * counted / (counted + FEW_SYMPTOMS), 3)


def certainty(value: float) -> Certainty:
    """The verdict for a confidence."""
    if value >= CONFIRMED_FROM:
        return Certainty.CONFIRMED
    return Certainty.LIKELY if value >= LIKELY_FROM else Certainty.INCONCLUSIVE
