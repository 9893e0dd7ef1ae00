"""The whole bench over tiny recordings that the tests write."""

from pathlib import Path

import pytest
from bench.accuracy.cases import find_sets
from bench.accuracy.evaluation import evaluate
from bench.accuracy.miss_summary import summary_lines
from bench.accuracy.misses import NO_EVENT, misses_of
from bench.accuracy.outcomes import run_cases
from bench.accuracy.report import print_quiet
from tests.unit.bench.accuracy.recorded import CALLS, healthy_call, outage, write_case, write_labels


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    failures, quiet = tmp_path / "deep" / "failures", tmp_path / "quiet"
    write_case(failures, "one", outage("cart"), calls=CALLS)
    write_case(failures, "two", outage("orders"), calls=CALLS)
    labels = [{"case": "one", "object": "cart", "fault_type": "oom"}, {"case": "two", "service": "mail", "fault_type": "oom"}]
    write_labels(failures, labels)
    write_case(quiet, "calm", [healthy_call(second) for second in (0, 300)], calls=CALLS)
    return tmp_path


def test_sets_are_found_at_any_depth(folder: Path) -> None:
    assert [(each.name, [case.name for case in each.cases]) for each in find_sets(folder)] == [
        ("failures", ["one", "two"]),
        ("quiet", ["calm"]),
    ]


def test_who_was_killed_for_his_memory_is_named_and_not_who_waits_for_him(folder: Path) -> None:
    failures = find_sets(folder)[0]
    evaluation = evaluate(failures, run_cases(failures.cases, 1))

    assert [row.rank for row in evaluation.rows] == [1, 0]
    assert evaluation.figures["all"].at_1 == 0.5
    assert set(evaluation.floors) == {"loudest", "rarest", "newest"}
    assert [hit for _, hit in evaluation.forecasts] == [True, False]
    (miss,) = misses_of(evaluation.rows, {outcome.folder.name: outcome for outcome in evaluation.outcomes})
    assert miss.lacking() == NO_EVENT
    told = "\n".join([*summary_lines(evaluation.rows, [miss]), *miss.lines()])
    assert "orders" in told
    assert "(nothing)" in told


def test_a_set_without_truths_has_no_figures_but_a_count_of_what_was_told(folder: Path) -> None:
    quiet = find_sets(folder)[1]
    evaluation = evaluate(quiet, run_cases(quiet.cases, 1))

    assert evaluation.rows == []
    assert evaluation.figures == {}
    assert [len(outcome.incidents) for outcome in evaluation.outcomes] == [0]


def test_sets_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for above in ("old", "new"):
        write_case(tmp_path / above / "shop", "one", outage("cart"))
    assert [each.name for each in find_sets(tmp_path)] == ["new-shop", "old-shop"]
    assert [case.set_name for each in find_sets(tmp_path) for case in each.cases] == ["new-shop", "old-shop"]


def test_a_recording_without_events_or_calls_tells_nothing(tmp_path: Path) -> None:
    write_case(tmp_path / "empty", "one", [])
    (tmp_path / "empty" / "one" / "calls.json").unlink()
    (found,) = find_sets(tmp_path)

    evaluation = evaluate(found, run_cases(found.cases, 1))

    assert evaluation.minutes == 0.0
    assert evaluation.outcomes[0].prediction.ranking == []
    print_quiet(found.name, evaluation.outcomes, evaluation.minutes)
