"""No figure on failures that others recorded may fall by more than a point below those committed in bench/accuracy.json."""

import os
import re
from pathlib import Path

import pytest
from bench.accuracy.cases import find_sets
from bench.accuracy.evaluation import evaluate
from bench.accuracy.outcomes import run_cases
from bench.accuracy.record import losses, read, record_of

PAGE = Path("docs/explanation/misses.md")
CASE_NAME = re.compile(r"\b(?:cob|nez)-[0-9a-f]{8}\b")

DATA = Path(os.environ.get("HEADWATER_DATA") or os.environ.get("DATA") or "../shared/data")
SETS = find_sets(DATA) if DATA.is_dir() else []


@pytest.mark.slow
@pytest.mark.skipif(not SETS, reason=f"there are no recorded failures in {DATA}: name their folder in HEADWATER_DATA")
def test_what_was_reached_on_recorded_failures_is_not_lost() -> None:
    outcomes = {outcome.folder.path: outcome for outcome in run_cases([folder for each in SETS for folder in each.cases], jobs=2)}
    evaluations = [evaluate(each, [outcomes[folder.path] for folder in each.cases]) for each in SETS]

    assert losses(read(), record_of(evaluations)) == [], "after a loss that is meant: python -m bench.accuracy DATA --record"
    missed = {row.label.case for each in evaluations for row in each.rows if row.rank != 1}
    assert set(CASE_NAME.findall(PAGE.read_text())) == missed, f"{PAGE} goes through every missed case, and no other: read them again"
