"""How sure a finding is. The form and constants are those of docs/explanation/root-cause.md, not yet calibrated on recorded failures."""

from enum import StrEnum
from math import exp

CONFIRMED_FROM = 0.75
LIKELY_FROM = 0.5
SYMPTOMS_COUNTED_MAX = 8


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
        -1.6
        + 3.2 * share
        + 2.4 * (share - runner_up_share)
        + 0.5 * pattern_is_complete
        + 0.3 * max(0, modalities - 1)
        - 0.8 * root_is_latent
    )
    counted = min(symptoms, SYMPTOMS_COUNTED_MAX)
    return round(1.0 / (1.0 + exp(-score)) * counted / (counted + 1.5), 3)


def certainty(value: float) -> Certainty:
    """The verdict for a confidence."""
    if value >= CONFIRMED_FROM:
        return Certainty.CONFIRMED
    return Certainty.LIKELY if value >= LIKELY_FROM else Certainty.INCONCLUSIVE
