"""
The kernel's clock, which counts since boot, to the clock that everybody shares.

The difference is measured when events are read, so that a clock that is stepped meanwhile misplaces nothing; the error is half of
the shortest measurement.
"""

from collections.abc import Callable
from pathlib import Path
from time import monotonic_ns
from typing import NamedTuple

BOOT_ID_FILE = Path("/proc/sys/kernel/random/boot_id")
_SAMPLES = 5


class ClockDifference(NamedTuple):
    """How far the shared clock is ahead of the kernel's."""

    offset: int  # nanoseconds to add
    error: int  # nanoseconds, either way


def measure_difference(wall_now: Callable[[], int], since_boot: Callable[[], int] = monotonic_ns) -> ClockDifference:
    """Read one clock between two readings of the other; of a few tries the quickest is the best."""
    best: ClockDifference | None = None
    for _ in range(_SAMPLES):
        before = since_boot()
        wall = wall_now()
        after = since_boot()
        error = (after - before + 1) // 2
        if best is None or error < best.error:
            best = ClockDifference(wall - (before + after) // 2, error)
    assert best is not None
    return best


def read_boot_id(path: Path = BOOT_ID_FILE) -> str:
    """What tells this boot from every other; empty where the kernel does not say."""
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()[:64]
    except OSError:
        return ""
