"""A set of outcomes beside its truths."""

from collections.abc import Mapping, Sequence

import msgspec
from bench.accuracy.calibration import Forecast
from bench.accuracy.cases import CaseSet
from bench.accuracy.floors import floors
from bench.accuracy.labels import Label, read_labels
from bench.accuracy.outcomes import Outcome
from bench.accuracy.scorer import Figures, Row, figures_by_group, score


class Evaluation(msgspec.Struct, frozen=True):
    """What came of one set; without truths, rows, figures, floors and forecasts are empty."""

    set: CaseSet
    outcomes: Sequence[Outcome]
    rows: Sequence[Row]
    figures: Mapping[str, Figures]
    floors: Mapping[str, Figures]
    forecasts: Sequence[Forecast]
    false_incidents: Sequence[int]  # of each case: incidents told, beyond the first, that do not blame what failed

    @property
    def minutes(self) -> float:
        """How long the recordings of all cases are together."""
        return sum(outcome.minutes for outcome in self.outcomes)


def evaluate(each: CaseSet, outcomes: Sequence[Outcome]) -> Evaluation:
    """Score the outcomes of a set. The rarity of a kind of event is one of all its cases, so a lone case has no floors."""
    played = {outcome.folder.name: outcome for outcome in outcomes}
    labels = [label for label in read_labels(each.path) if label.case in played]
    rows = score(labels, {name: outcome.prediction for name, outcome in played.items()})
    beside = floors(each.cases) if labels and len(each.cases) > 1 else {}
    return Evaluation(
        set=each,
        outcomes=outcomes,
        rows=rows,
        figures=figures_by_group(rows) if rows else {},
        floors={name: figures_by_group(score(labels, predictions))["all"] for name, predictions in beside.items()},
        forecasts=[(played[row.label.case].confidence, row.rank == 1) for row in rows],
        false_incidents=[false_incidents(played[label.case], label) for label in labels],
    )


def false_incidents(outcome: Outcome, label: Label) -> int:
    """Incidents beyond the first that do not name what failed."""
    return sum(name != label.truth for name in outcome.named[1:])
