"""One clock is read between two readings of the other, and the error is what could have passed meanwhile."""

from itertools import count
from pathlib import Path

from headwater.edges.kernel.boot_clock import measure_difference, read_boot_id


def test_the_quickest_of_the_tries_counts() -> None:
    readings = iter([0, 100, 1_000, 1_010, 2_000, 2_400, 3_000, 3_100, 4_000, 4_100])
    walls = iter([50_050, 51_007, 52_000, 53_000, 54_000])
    difference = measure_difference(lambda: next(walls), lambda: next(readings))
    assert difference == (51_007 - 1_005, 5)


def test_the_difference_is_within_its_error() -> None:
    ticks = count(0, 7)
    difference = measure_difference(lambda: next(ticks) + 1_000_000, lambda: next(ticks))
    assert abs(difference.offset - 1_000_000) <= difference.error == 7


def test_a_boot_without_an_id_has_none(tmp_path: Path) -> None:
    assert read_boot_id(tmp_path / "missing") == ""
    (tmp_path / "boot_id").write_text("2f1c-boot\n")
    assert read_boot_id(tmp_path / "boot_id") == "2f1c-boot"
