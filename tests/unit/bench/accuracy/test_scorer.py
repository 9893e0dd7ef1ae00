"""The scorer's definitions, by hand and beside the other scorer where it is at hand."""

import json
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from bench.accuracy.labels import Label
from bench.accuracy.ranking import Prediction, Suspect
from bench.accuracy.scorer import Figures, bootstrap, figures_by_group, mean, score
from tests.unit.bench.accuracy.recorded import DATA

OTHER_SCORER = DATA.parent / "tools" / "score.py"

LABELS = [
    Label("a", "cart", "app", fault_type="oom", fault_class="memory", system="x", split="dev", inject_time="2026-01-05T10:00:00Z"),
    Label("b", "node-1", "node", fault_type="dead", fault_class="node", system="x", split="dev", inject_time="2026-01-05T10:00:00Z"),
    Label("c", service="orders", fault_type="leak", fault_class="memory", system="y", split="dev"),
    Label("d", "mail", "app", fault_type="oom", fault_class="memory", system="y", split="dev"),
]
PREDICTIONS = {
    "a": Prediction("a", [Suspect("cart", "oom")], "2026-01-05T10:00:12Z"),
    "b": Prediction("b", [Suspect("cart", "oom"), Suspect("node-1", "cordoned"), Suspect("node-1", "dead")], "2026-01-05T10:01:00Z"),
    "c": Prediction("c", [Suspect("orders", "oom")], None),
}


def test_a_rank_is_of_the_first_suspect_of_that_name_and_a_fault_rank_also_of_its_type() -> None:
    rows = score(LABELS, PREDICTIONS)

    assert [(row.rank, row.fault_rank, row.class_rank, row.delay) for row in rows] == [
        (1, 1, 1, 12.0), (2, 3, 3, 60.0), (1, 0, 1, None), (0, 0, 0, None),
    ]  # fmt: skip


def test_figures_count_a_case_without_prediction_as_wrong() -> None:
    figures = figures_by_group(score(LABELS, PREDICTIONS))

    everything = figures["all"]
    assert (everything.at_1, everything.at_3, everything.fault_at_1, everything.fault_at_3) == (0.5, 0.75, 0.25, 0.5)
    assert everything.reciprocal_rank == pytest.approx((1 + 0.5 + 1) / 4)
    assert everything.average_5 == pytest.approx((0.5 + 4 * 0.75) / 5)
    assert everything.median_delay == 60.0
    assert figures["fault_class=memory"].cases == 3
    assert figures["fault_type=oom"].at_1 == 0.5


def test_the_interval_of_a_constant_is_that_constant() -> None:
    assert figures_by_group(score(LABELS[:1], PREDICTIONS))["all"].at_1_interval == (1.0, 1.0)


def test_an_interval_repeats_exactly() -> None:
    values = [0.0, 1.0, 1.0, 0.0, 1.0]
    assert bootstrap(values, mean, Random(7)) == bootstrap(values, mean, Random(7))


@pytest.mark.skipif(not OTHER_SCORER.is_file(), reason=f"the scorer to compare with is not at {OTHER_SCORER}")
def test_the_figures_are_those_of_the_other_scorer(tmp_path: Path) -> None:
    labels, predictions = tmp_path / "labels.jsonl", tmp_path / "predictions.jsonl"
    fields = ("case", "object", "object_kind", "service", "fault_type", "fault_class", "system", "split", "inject_time")
    labels.write_text("".join(json.dumps({name: getattr(label, name) for name in fields}) + "\n" for label in LABELS), encoding="utf-8")
    lines = [
        {
            "case": each.case,
            "ranking": [{"object": suspect.object, "fault_type": suspect.fault_type} for suspect in each.ranking],
            "detected_at": each.detected_at,
        }
        for each in PREDICTIONS.values()
    ]
    predictions.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    printed = subprocess.run([sys.executable, OTHER_SCORER, labels, predictions], check=True, capture_output=True, text=True).stdout

    figures = figures_by_group(score(LABELS, PREDICTIONS))
    theirs = {line[:40].strip(): re.findall(r"\d+(?:\.\d+)?|-(?=\s*$)", line[40:]) for line in printed.splitlines()[1:]}
    assert list(theirs) == [name for name in figures if not name.startswith("fault_type=")]
    for name, numbers in theirs.items():
        assert numbers == as_printed(figures[name])


def as_printed(ours: Figures) -> list[str]:
    shares = [ours.at_1, *ours.at_1_interval, ours.at_3, ours.at_5, ours.average_5, ours.reciprocal_rank, ours.fault_at_1, ours.fault_at_3]
    return [str(ours.cases), *(f"{share:.3f}" for share in shares), "-" if ours.median_delay is None else str(ours.median_delay)]
