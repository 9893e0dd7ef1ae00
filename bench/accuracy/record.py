"""The committed figures, and what a run must not fall below."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from bench.accuracy.calibration import Calibration, calibration
from bench.accuracy.evaluation import Evaluation
from bench.accuracy.report import milliseconds_per_thousand
from bench.accuracy.scorer import Figures

RECORD = Path(__file__).parents[1] / "accuracy.json"

TOLERANCE = 0.01
"""One point: less is the noise of a tie."""

_HELD = ("at_1", "at_3", "fault_at_1", "class_at_1")


class SetRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One set."""

    cases: int
    alerts: int
    incidents: int
    minutes: float
    milliseconds_per_thousand_events: float
    figures: Mapping[str, Figures] = {}
    floors: Mapping[str, Figures] = {}
    false_incidents_per_case: float = 0.0


class Record(msgspec.Struct, frozen=True):
    """All sets, and the calibration of those with truths together."""

    sets: Mapping[str, SetRecord]
    calibration: Calibration


def record_of(evaluations: Sequence[Evaluation]) -> Record:
    """The figures of a run."""
    forecasts = [forecast for evaluation in evaluations for forecast in evaluation.forecasts]
    return Record({evaluation.set.name: _set_record(evaluation) for evaluation in evaluations}, calibration(forecasts))


def _set_record(evaluation: Evaluation) -> SetRecord:
    outcomes, false = evaluation.outcomes, evaluation.false_incidents
    return SetRecord(
        cases=len(outcomes),
        alerts=sum(outcome.alerts for outcome in outcomes),
        incidents=sum(len(outcome.incidents) for outcome in outcomes),
        minutes=evaluation.minutes,
        milliseconds_per_thousand_events=milliseconds_per_thousand(outcomes),
        figures=evaluation.figures,
        floors=evaluation.floors,
        false_incidents_per_case=sum(false) / len(false) if false else 0.0,
    )


def write(record: Record, file: Path) -> None:
    """As JSON with three digits, for people to read the difference of."""
    content = _rounded(msgspec.to_builtins(record))
    file.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n")


def _rounded(content: object) -> object:
    if isinstance(content, dict):
        return {key: _rounded(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_rounded(value) for value in content]
    return round(content, 3) if isinstance(content, float) else content


def read(file: Path = RECORD) -> Record:
    """What was committed."""
    return msgspec.json.decode(file.read_bytes(), type=Record)


def losses(before: Record, now: Record) -> list[str]:
    """What fell by more than a point, or rose that should not: false alerts where nothing failed. Sets that only one has are left out."""
    found: list[str] = []
    for name, old in before.sets.items():
        new = now.sets.get(name)
        if new is None or new.cases != old.cases:
            continue
        for field in _HELD if old.figures else ():
            was, is_now = getattr(old.figures["all"], field), getattr(new.figures["all"], field)
            if is_now < was - TOLERANCE:
                found.append(f"{name}: {field} fell from {was:.3f} to {is_now:.3f}")
        if not old.figures and new.alerts > old.alerts:
            found.append(f"{name}: {new.alerts} false alerts where there were {old.alerts}")
    return found
