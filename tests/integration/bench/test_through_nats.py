"""A real server between a recording and a live engine changes no answer."""

from pathlib import Path

import pytest
from bench.accuracy.cases import find_sets, read_case
from bench.accuracy.outcomes import outcome_of
from bench.accuracy.playing import play
from bench.accuracy.through_nats import play_through_nats
from tests.unit.bench.accuracy.recorded import CALLS, DATA, outage, write_case

from headwater.model.results import finding_bytes

pytestmark = pytest.mark.nats

FOLDERS = [folder for each in (find_sets(DATA) if DATA.is_dir() else []) for folder in each.cases[::80]]


def assert_same_answers(folder: Path) -> None:
    (found,) = find_sets(folder)
    case = read_case(found.cases[0])

    here, there = play(case), play_through_nats(case)

    assert [finding_bytes(result) for result in there.incidents] == [finding_bytes(result) for result in here.incidents]
    assert outcome_of(case, there).prediction.ranking == outcome_of(case, here).prediction.ranking
    assert there.rejected == here.rejected


@pytest.mark.parametrize("name", ["cart", "orders"])
def test_a_server_between_changes_no_finding(tmp_path: Path, name: str) -> None:
    write_case(tmp_path, "one", outage(name), calls=CALLS)
    assert_same_answers(tmp_path)


@pytest.mark.skipif(not FOLDERS, reason=f"there are no recorded failures in {DATA}: name their folder in HEADWATER_DATA")
@pytest.mark.parametrize("folder", [pytest.param(each.path, id=each.name) for each in FOLDERS])
def test_nor_does_it_for_failures_that_others_recorded(folder: Path) -> None:
    assert_same_answers(folder)
