"""Whether confidence means what it says: expected calibration error, Brier score, area under risk and coverage."""

from collections.abc import Sequence
from random import Random

import msgspec
from bench.accuracy.scorer import SEED, bootstrap, mean

BINS = 10
Forecast = tuple[float, bool]
"""A confidence, and whether it was right."""


class Calibration(msgspec.Struct, frozen=True):
    """Of all forecasts together."""

    cases: int
    error: float  # expected calibration error over ten equal bins
    error_interval: tuple[float, float]
    brier: float
    risk_area: float  # the mean error rate over all coverages, the surest cases first


def calibration(forecasts: Sequence[Forecast]) -> Calibration:
    """How well the confidences of these forecasts are calibrated."""
    interval = bootstrap(forecasts, expected_error, Random(SEED)) if forecasts else (0.0, 0.0)
    return Calibration(len(forecasts), expected_error(forecasts), interval, brier(forecasts), risk_area(forecasts))


def expected_error(forecasts: Sequence[Forecast]) -> float:
    """The mean distance of confidence and share of hits over the bins, each weighed by its cases."""
    bins: list[list[Forecast]] = [[] for _ in range(BINS)]
    for forecast in forecasts:
        bins[min(BINS - 1, int(forecast[0] * BINS))].append(forecast)
    distances = (abs(sum(confidence - hit for confidence, hit in members)) for members in bins)
    return sum(distances) / len(forecasts) if forecasts else 0.0


def brier(forecasts: Sequence[Forecast]) -> float:
    """The mean squared distance of confidence and truth."""
    return mean((confidence - hit) ** 2 for confidence, hit in forecasts)


def risk_area(forecasts: Sequence[Forecast]) -> float:
    """The mean, over every number of cases kept, of the share of wrong ones among the surest; ties share their place."""
    by_confidence: dict[float, list[bool]] = {}
    for confidence, hit in forecasts:
        by_confidence.setdefault(confidence, []).append(hit)
    risks: list[float] = []
    seen, wrong = 0, 0.0
    for _, hits in sorted(by_confidence.items(), reverse=True):
        share = hits.count(False) / len(hits)
        for _ in hits:
            seen, wrong = seen + 1, wrong + share
            risks.append(wrong / seen)
    return mean(risks)
