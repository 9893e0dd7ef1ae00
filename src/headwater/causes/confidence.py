"""
How sure a finding is.

The form is that of docs/explanation/root-cause.md; its coefficients were fitted to recorded failures with each fault type left out in turn
(`python -m bench.accuracy.fit_confidence`), then rounded.
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
        -1.1
        + 3.2 * share
        + 2.4 * (share - runner_up_share)
        + 1.0 * pattern_is_complete
        + 0.2 * max(0, modalities - 1)
        - 0.7 * root_is_latent
    )
    counted = min(symptoms, SYMPTOMS_COUNTED_MAX) ** 2
    return round(1.0 / (1.0 + exp(-score)) * counted / (counted + FEW_SYMPTOMS), 3)


def certainty(value: float) -> Certainty:
    """The verdict for a confidence."""
    if value >= CONFIRMED_FROM:
        return Certainty.CONFIRMED
    return Certainty.LIKELY if value >= LIKELY_FROM else Certainty.INCONCLUSIVE
