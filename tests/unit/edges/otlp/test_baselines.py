"""What is usual, how it is learned, and when it changes."""

import pytest
from tests.unit.edges.otlp.telemetry import MILLISECOND, START

from headwater.edges.otlp import baselines as module
from headwater.edges.otlp.baselines import SAMPLES_MIN, WINDOW, Baselines

OPERATION = ("api", "GET /", "")


def taught(baselines: Baselines, milliseconds: float, *, count: int = SAMPLES_MIN, at: int = START) -> None:
    for _ in range(count):
        baselines.judge(OPERATION, round(milliseconds * MILLISECOND), at, is_healthy=True)


def is_slow(baselines: Baselines, milliseconds: float, at: int = START) -> bool:
    return baselines.judge(OPERATION, round(milliseconds * MILLISECOND), at, is_healthy=False) is not None


def test_nothing_is_slow_before_enough_was_seen() -> None:
    baselines = Baselines()
    taught(baselines, 10, count=SAMPLES_MIN - 1)
    assert not is_slow(baselines, 100_000)
    taught(baselines, 10, count=1)
    assert is_slow(baselines, 100_000)


@pytest.mark.parametrize(("milliseconds", "slow"), [(10, False), (19, False), (55, False), (70, True), (1_000, True)])
def test_slow_is_twice_the_highest_percent_and_a_twentieth_of_a_second_more_than_the_median(milliseconds: float, slow: bool) -> None:
    baselines = Baselines()
    taught(baselines, 10)
    assert is_slow(baselines, milliseconds) is slow


def test_slow_traffic_teaches_nothing_while_it_is_the_exception() -> None:
    baselines = Baselines()
    taught(baselines, 10, count=500)
    taught(baselines, 1_000, count=100)
    assert is_slow(baselines, 1_000)


def test_what_is_slow_for_two_whole_windows_is_usual_then() -> None:
    baselines = Baselines()
    taught(baselines, 10, count=200)
    for window in range(1, 3):
        assert is_slow(baselines, 1_000, at=START + window * WINDOW)
        taught(baselines, 1_000, count=200, at=START + window * WINDOW)
    assert not is_slow(baselines, 1_000, at=START + 3 * WINDOW)


def test_errors_teach_nothing() -> None:
    baselines = Baselines()
    for _ in range(200):
        assert not is_slow(baselines, 5)
    assert not is_slow(baselines, 1_000)


def test_old_windows_are_forgotten() -> None:
    baselines = Baselines()
    taught(baselines, 1_000, count=200)
    for window in range(1, 9):
        taught(baselines, 10, count=200, at=START + window * WINDOW)
    assert is_slow(baselines, 1_000, at=START + 9 * WINDOW)


def test_operations_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OPERATIONS_MAX", 1)
    baselines = Baselines()
    taught(baselines, 10)
    baselines.judge(("other", "GET /", ""), 1, START, is_healthy=True)
    assert baselines.forgotten == 1
    assert not is_slow(baselines, 1_000)


def test_durations_of_any_size_are_taken() -> None:
    baselines = Baselines()
    for duration in (0, 1, 2**63, 10**25):
        baselines.judge(OPERATION, duration, START, is_healthy=True)
