"""
Fits the coefficients of `headwater.causes.confidence` to what a run wrote with `--calibration FILE`, and prints them.

The form is that of the engine: the logistic of a sum, shrunk by nᵖ / (nᵖ + s) where symptoms n are few. A ridge holds the coefficients
towards those set by hand, so that few cases move them little. A coefficient whose sign the cases would turn against reason is none: it
becomes 0 and the others are fitted again. What a fit would be worth is told by leaving out one fault type at a time: those cases are
forecast by a fit that saw none of their kind.
"""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from math import exp, log
from pathlib import Path
from typing import NamedTuple

import msgspec
from bench.accuracy.calibration import Calibration, Forecast, calibration
from bench.accuracy.features import Features

from headwater.causes.confidence import SYMPTOMS_COUNTED_MAX


class Shrink(NamedTuple):
    """How few symptoms shrink a forecast: nᵖ / (nᵖ + s)."""

    power: float = 2.0
    offset: float = 0.75

    def of(self, symptoms: int) -> float:
        """What a forecast from so many is multiplied with."""
        counted: float = float(min(symptoms, SYMPTOMS_COUNTED_MAX)) ** self.power
        return counted / (counted + self.offset)


SHRINK = Shrink()
NAMES = ("constant", "share", "share − runner-up", "pattern is complete", "modalities − 1", "root is latent")
PRIOR = (-1.6, 3.2, 2.4, 0.5, 0.3, -0.8)
"""Set by hand, before there was anything to fit to."""

SIGNS = (0, 1, 1, 1, 1, -1)
RIDGE = 1.0
SHRINKS = (Shrink(1.0, 1.5), Shrink(1.0, 0.75), Shrink(2.0, 0.75))
STEPS = 50
FREE, HELD = 1e-3, 1e6
"""Penalties of what may be anything, and of what must stay where it is."""

Vector = Sequence[float]


class Example(msgspec.Struct, frozen=True):
    """One case as the fit sees it."""

    vector: Vector
    shrunk: float  # what the logistic is multiplied with
    hit: bool


def example_of(features: Features, *, shrink: Shrink = SHRINK) -> Example:
    """What the coefficients are multiplied with."""
    vector = (
        1.0,
        features.share,
        features.share - features.runner_up_share,
        float(features.pattern_is_complete),
        float(max(0, features.modalities - 1)),
        float(features.root_is_latent),
    )
    return Example(vector, shrink.of(features.symptoms), features.hit)


def probability(coefficients: Vector, example: Example) -> float:
    """The forecast."""
    return logistic(coefficients, example.vector) * example.shrunk


def logistic(coefficients: Vector, vector: Vector) -> float:
    """The logistic of their product."""
    score = sum(a * b for a, b in zip(coefficients, vector, strict=True))
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, score))))


def fit(examples: Sequence[Example], *, penalties: Vector, towards: Vector) -> list[float]:
    """Newton's steps, with the expected curvature, on the penalised likelihood."""
    size = len(towards)
    found = list(towards)
    for _ in range(STEPS):
        gradient = [penalties[i] * (found[i] - towards[i]) for i in range(size)]
        curvature = [[penalties[i] if i == j else 0.0 for j in range(size)] for i in range(size)]
        for example in examples:
            chance = logistic(found, example.vector)
            forecast = min(max(chance * example.shrunk, 1e-9), 1 - 1e-9)
            slope = example.shrunk * chance * (1 - chance)
            error = (forecast - example.hit) * slope / (forecast * (1 - forecast))
            weight = slope * slope / (forecast * (1 - forecast))
            for i, a in enumerate(example.vector):
                gradient[i] += error * a
                for j, b in enumerate(example.vector):
                    curvature[i][j] += weight * a * b
        step = solve(curvature, gradient)
        found = [value - max(-1.0, min(1.0, change)) for value, change in zip(found, step, strict=True)]
        if max(map(abs, step)) < 1e-9:
            break
    return found


def solve(matrix: Sequence[Vector], right: Vector) -> list[float]:
    """Gauss' elimination with pivots."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda index: abs(rows[index][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for index in range(size):
            if index != column and rows[index][column]:
                factor = rows[index][column] / rows[column][column]
                rows[index] = [a - factor * b for a, b in zip(rows[index], rows[column], strict=True)]
    return [rows[index][size] / rows[index][index] for index in range(size)]


def left_out(cases: Sequence[Features], fit_to: Callable[[Sequence[Features]], Callable[[Features], float]]) -> list[Forecast]:
    """Each case forecast by a fit to all cases of other fault types."""
    forecasts: list[Forecast] = []
    for fault_type in sorted({(case.set, case.fault_type) for case in cases}):
        forecast = fit_to([case for case in cases if (case.set, case.fault_type) != fault_type])
        forecasts += [(forecast(case), case.hit) for case in cases if (case.set, case.fault_type) == fault_type]
    return forecasts


def fitted(cases: Sequence[Features], *, ridge: float = RIDGE, shrink: Shrink = SHRINK) -> Callable[[Features], float]:
    """All coefficients fitted."""
    found = coefficients_of(cases, ridge=ridge, shrink=shrink)
    return lambda case: probability(found, example_of(case, shrink=shrink))


def coefficients_of(cases: Sequence[Features], *, ridge: float = RIDGE, shrink: Shrink = SHRINK) -> list[float]:
    """The coefficients for these cases."""
    examples = [example_of(case, shrink=shrink) for case in cases]
    penalties, towards = [FREE, *[ridge] * (len(PRIOR) - 1)], list(PRIOR)
    while True:
        found = fit(examples, penalties=penalties, towards=towards)
        turned = [index for index, sign in enumerate(SIGNS) if found[index] * sign < -FREE]
        if not turned:
            return found
        worst = max(turned, key=lambda index: abs(found[index]))
        penalties[worst], towards[worst] = HELD, 0.0


def platt(cases: Sequence[Features]) -> Callable[[Features], float]:
    """Two parameters over the logit of the confidence as it is."""
    found = fit([Example(_logit(case), 1.0, case.hit) for case in cases], penalties=(FREE, 0.1), towards=(0.0, 1.0))
    return lambda case: logistic(found, _logit(case))


def _logit(case: Features) -> Vector:
    kept = max(0.001, min(0.999, case.confidence))
    return 1.0, log(kept / (1 - kept))


def line(name: str, found: Calibration) -> str:
    low, high = found.error_interval
    return f"{name:44s} ECE {found.error:.3f} [{low:.3f}, {high:.3f}]  Brier {found.brier:.3f}  AURC {found.risk_area:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy.fit_confidence", description=__doc__)
    parser.add_argument("file", type=Path, help="as written with --calibration")
    parser.add_argument("--ridge", type=float, default=RIDGE, help="how strongly the coefficients in force are held")
    parser.add_argument("--power", type=float, default=SHRINK.power, help="the p of nᵖ / (nᵖ + s)")
    parser.add_argument("--offset", type=float, default=SHRINK.offset, help="its s")
    options = parser.parse_args()
    cases = [msgspec.json.decode(text, type=Features) for text in options.file.read_bytes().splitlines()]
    print(f"{len(cases)} cases, {sum(case.hit for case in cases)} right; left out is one fault type at a time")
    print(line("as it is", calibration([(case.confidence, case.hit) for case in cases])))
    print(line("share of hits alone, left out", calibration(left_out(cases, _constant))))
    print(line("Platt over the confidence, left out", calibration(left_out(cases, platt))))
    for ridge, shrink in product((options.ridge, options.ridge * 10), SHRINKS):
        forecasts = left_out(cases, partial(fitted, ridge=ridge, shrink=shrink))
        print(line(f"ridge {ridge:g}, p {shrink.power:g}, s {shrink.offset:g}, left out", calibration(forecasts)))
    chosen = Shrink(options.power, options.offset)
    held = f"ridge {options.ridge:g}, p {chosen.power:g}, s {chosen.offset:g}"
    print(f"\nproposed, fitted to all with {held}; n is at most {SYMPTOMS_COUNTED_MAX}")
    found = coefficients_of(cases, ridge=options.ridge, shrink=chosen)
    for name, by_hand, proposed in zip(NAMES, PRIOR, found, strict=True):
        print(f"  {name:24s} {by_hand:+.2f} → {proposed:+.2f}")


def _constant(cases: Sequence[Features]) -> Callable[[Features], float]:
    hits = sum(case.hit for case in cases) / max(1, len(cases))
    return lambda _case: hits


if __name__ == "__main__":
    main()
