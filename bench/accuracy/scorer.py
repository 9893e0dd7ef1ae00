"""
AC@k, Avg@5, MRR, fault AC@k and delay with bootstrap intervals, by group.

Definitions: a case's rank is that of the first suspect with the truth's name; its fault rank that of the first with name and fault type.
A case without a prediction counts as wrong. The order of a ranking stands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import TypeVar

import msgspec
from bench.accuracy.labels import Label
from bench.accuracy.ranking import Prediction

Item = TypeVar("Item")

SEED = 7
SAMPLES = 1_000
GROUPED_BY = ("split", "system", "fault_class", "fault_type")


class Row(msgspec.Struct, frozen=True):
    """One case, scored; ranks count from 1, 0 stands for not named at all."""

    label: Label
    rank: int
    fault_rank: int
    class_rank: int  # as the fault rank, where the type's class is enough
    delay: float | None


class Figures(msgspec.Struct, frozen=True):
    """One group of cases."""

    cases: int
    at_1: float
    at_1_interval: tuple[float, float]
    at_3: float
    at_5: float
    average_5: float
    reciprocal_rank: float
    fault_at_1: float
    fault_at_3: float
    class_at_1: float
    median_delay: float | None


def score(labels: Sequence[Label], predictions: Mapping[str, Prediction]) -> list[Row]:
    """Every truth beside its prediction."""
    class_of = {label.fault_type: label.fault_class for label in labels}
    return [_row(label, predictions.get(label.case), class_of) for label in labels]


def _row(label: Label, prediction: Prediction | None, class_of: Mapping[str | None, str | None]) -> Row:
    ranking = prediction.ranking if prediction else ()
    named = [(place, suspect.fault_type) for place, suspect in enumerate(ranking, start=1) if suspect.object == label.truth]
    fault = (place for place, fault_type in named if fault_type == label.fault_type)
    of_class = (place for place, fault_type in named if fault_type and class_of.get(fault_type) == label.fault_class)
    delay = None
    if label.inject_time and prediction and prediction.detected_at:
        delay = _seconds(prediction.detected_at) - _seconds(label.inject_time)
    return Row(label, next((place for place, _ in named), 0), next(fault, 0), next(of_class, 0), delay)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def groups(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """All, then each split, system, fault class and fault type, in order of appearance."""
    found: dict[str, list[Row]] = {"all": list(rows)}
    for field in GROUPED_BY:
        for row in rows:
            if value := getattr(row.label, field):
                found.setdefault(f"{field}={value}", []).append(row)
    return found


def figures(rows: Sequence[Row], random: Random) -> Figures:
    """The figures of one group."""

    def within(k: int, rank_of: Callable[[Row], int] = lambda row: row.rank) -> list[float]:
        return [1.0 if 0 < rank_of(row) <= k else 0.0 for row in rows]

    delays = sorted(row.delay for row in rows if row.delay is not None and row.delay >= 0)
    return Figures(
        cases=len(rows),
        at_1=mean(within(1)),
        at_1_interval=bootstrap(within(1), mean, random),
        at_3=mean(within(3)),
        at_5=mean(within(5)),
        average_5=mean(mean(within(k)) for k in range(1, 6)),
        reciprocal_rank=mean(1 / row.rank if row.rank else 0.0 for row in rows),
        fault_at_1=mean(within(1, lambda row: row.fault_rank)),
        fault_at_3=mean(within(3, lambda row: row.fault_rank)),
        class_at_1=mean(within(1, lambda row: row.class_rank)),
        median_delay=delays[len(delays) // 2] if delays else None,
    )


def figures_by_group(rows: Sequence[Row]) -> dict[str, Figures]:
    """The figures of every group; one sequence of random numbers for all, so that a run repeats exactly."""
    random = Random(SEED)
    return {name: figures(members, random) for name, members in groups(rows).items()}


def mean(values: Iterable[float]) -> float:
    """The mean, 0 of nothing."""
    known = list(values)
    return sum(known) / len(known) if known else 0.0


def bootstrap(values: Sequence[Item], statistic: Callable[[Sequence[Item]], float], random: Random) -> tuple[float, float]:
    """The 95 % interval of a statistic over samples drawn with replacement."""
    found = sorted(statistic(random.choices(values, k=len(values))) for _ in range(SAMPLES))
    return found[round(SAMPLES * 0.025)], found[round(SAMPLES * 0.975) - 1]
