"""Lines of logs bear the time at which their program writes them, in its own form."""

import pytest
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.stamping import stamp
from bench.unseen.telemetry import Recording

AT = 12.345


def stamped(line: str) -> tuple[str, str]:
    """The line as it is written, and the day and hour of its event."""
    recording = Recording(GRID, "case")
    recording.log(AT, "nats", line)
    stamp(recording)
    (event,) = recording.in_order()
    assert event["message"] == event["application"]["message"]
    return event["message"], event["timestamp"]


@pytest.mark.parametrize(
    ("before", "wrong", "after"),
    [
        ("", "2020-01-02T03:04:05.678901", "Z  INFO pump: batch"),
        ('{"start_time":"', "2020-01-02T03:04:05.678", 'Z","method":"GET"}'),
        ('{"@timestamp":"', "-", '","level":"INFO"}'),
        ('{"level":"info","time":"', "-", '"}'),
    ],
)
def test_a_time_in_the_form_of_iso_is_that_of_the_event(before: str, wrong: str, after: str) -> None:
    line, at = stamped(before + wrong + after)
    assert line.startswith(before + at.removesuffix("Z"))
    assert line.endswith(after)


def test_each_program_keeps_its_own_form() -> None:
    _, at = stamped("")
    year, month, day, clock = at[2:4], at[5:7], at[8:10], at[11:23]
    assert stamped("E200102 03:04:05.678901 88 server.go:311 fatal")[0] == f"E{year}{month}{day} {clock}000 88 server.go:311 fatal"
    assert stamped("W0102 03:04:05.678901  1804 manager.go:378] low")[0] == f"W{month}{day} {clock}000  1804 manager.go:378] low"
    assert stamped("[1] 2020/01/02 03:04:05.678901 [WRN] slow")[0] == f"[1] 20{year}/{month}/{day} {clock}000 [WRN] slow"
    assert stamped("1:M 02 Jan 2020 03:04:05.678 # fail")[0] == f"1:M {day} Nov 20{year} {clock} # fail"


def test_a_line_without_a_time_stays_as_it_is() -> None:
    assert stamped("nvme nvme0: Abort status: 0x0")[0] == "nvme nvme0: Abort status: 0x0"


def test_only_the_first_time_of_a_line_is_that_of_the_event() -> None:
    line, _ = stamped("2020-01-02 03:04:05.678 UTC [1] LOG:  last known good was 2019-12-31 00:00:00.000 UTC")
    assert line.endswith("2019-12-31 00:00:00.000 UTC")
