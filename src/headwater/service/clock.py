"""The only place of Headwater that reads the wall clock; the core is told the time."""

from time import time_ns
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> int:
        """Nanoseconds since 1970."""


class WallClock:
    """The machine's clock."""

    def now(self) -> int:
        """Nanoseconds since 1970."""
        return time_ns()
