"""The gate against losing what was reached."""

from pathlib import Path

import msgspec
from bench.accuracy.calibration import calibration
from bench.accuracy.record import Record, SetRecord, losses, read, write
from bench.accuracy.scorer import Figures

HALF = Figures(
    cases=10, at_1=0.5, at_1_interval=(0.2, 0.8), at_3=0.5, at_5=0.5, average_5=0.5, reciprocal_rank=0.5, fault_at_1=0.5, fault_at_3=0.5,
    class_at_1=0.5, median_delay=None,
)  # fmt: skip


def record(at_1: float = 0.5, *, alerts: int = 0, cases: int = 10) -> Record:
    failures = SetRecord(cases, 5, 5, 60.0, 1.0, {"all": msgspec.structs.replace(HALF, at_1=at_1)})
    return Record({"failures": failures, "quiet": SetRecord(3, alerts, alerts, 21.0, 1.0)}, calibration([(0.5, True)]))


def test_a_fall_by_more_than_a_point_is_a_loss_and_a_gain_is_none() -> None:
    assert losses(record(), record(0.48)) == ["failures: at_1 fell from 0.500 to 0.480"]
    assert losses(record(), record(0.495)) == []
    assert losses(record(), record(0.9)) == []


def test_an_alert_where_nothing_failed_is_a_loss() -> None:
    assert losses(record(), record(alerts=1)) == ["quiet: 1 false alerts where there were 0"]


def test_a_set_of_other_cases_is_not_compared() -> None:
    assert losses(record(), record(0.1, cases=9)) == []


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    write(record(), tmp_path / "record.json")
    assert read(tmp_path / "record.json") == record()
