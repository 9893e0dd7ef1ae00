"""What the running engine says of itself: counters and a line in the log once a minute."""

from collections.abc import Mapping
from time import monotonic
from typing import Any

import msgspec

_LOG_SECONDS = 60.0


class Telemetry(msgspec.Struct):
    """Counts since the start; the core's own counters stand beside them in the log."""

    counts: dict[str, int] = {}
    lag_seconds: float = 0.0  # how old the latest input was when it was judged
    _logged_at: float = msgspec.field(default_factory=monotonic)
    _logged_inputs: int = 0

    def count(self, name: str, amount: int = 1) -> None:
        """Add to a counter."""
        if amount:
            self.counts[name] = self.counts.get(name, 0) + amount

    def log_if_due(self, log: Any, core: Mapping[str, int], **context: Any) -> None:
        """Write the line of this minute, if it has not been written."""
        now = monotonic()
        if now - self._logged_at < _LOG_SECONDS:
            return
        inputs = self.counts.get("inputs", 0)
        rate = (inputs - self._logged_inputs) / (now - self._logged_at)
        self._logged_at, self._logged_inputs = now, inputs
        log.info(
            "working", inputs_per_second=round(rate, 1), lag_seconds=round(self.lag_seconds, 3), **context, **self.counts, core=dict(core)
        )
