"""Cases told by and by, and all at once."""

from pathlib import Path

from bench.accuracy.cases import CaseFolder, read_case
from bench.accuracy.outcomes import outcome_of
from bench.accuracy.playing import knowledge, play, play_at_once
from tests.unit.bench.accuracy.recorded import CALLS, outage, write_case


def test_a_case_told_at_once_ends_as_one_told_by_and_by(tmp_path: Path) -> None:
    write_case(tmp_path / "made", "one", outage("cart"), calls=CALLS)
    case = read_case(CaseFolder("made", "one", tmp_path / "made" / "one"))
    by_and_by, at_once = outcome_of(case, play(case)), outcome_of(case, play_at_once(case, knowledge()))
    assert at_once.prediction.ranking == by_and_by.prediction.ranking != []


def test_nothing_comes_of_a_case_without_events(tmp_path: Path) -> None:
    write_case(tmp_path / "made", "none", ())
    case = read_case(CaseFolder("made", "none", tmp_path / "made" / "none"))
    assert play_at_once(case, knowledge()).incidents == []
