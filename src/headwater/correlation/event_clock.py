"""The event clock: how far the log has come, as the observers' clocks tell it, bounded by the stream's."""

import msgspec

from headwater.correlation.limits import ALLOWED_LEAD, WATERMARK_DELAY


class EventClock(msgspec.Struct):
    """
    E = max(E, min(occurred_at, received_at + 5 s)), and it grows with received time elapsed.

    Growth is added from message to message, so it is a function of the log: telling the time in between, or not, changes nothing
    that a later message finds. It never jumps to the wall clock: a log of last week stays in last week.
    """

    at: int = 0
    received_at: int = 0

    def observe(self, occurred_at: int, received_at: int) -> None:
        """A message came."""
        # Comparisons, not max and min: this runs for every message.
        at = self.at
        if received_at > self.received_at:
            if at:
                at += received_at - self.received_at
            self.received_at = received_at
        latest = received_at + ALLOWED_LEAD
        if occurred_at < latest:
            latest = occurred_at
        self.at = latest if latest > at else at

    def pass_time(self, received_at: int) -> None:
        """Nothing came until then; an earlier instant than the last changes nothing."""
        if received_at > self.received_at:
            if self.at:
                self.at += received_at - self.received_at
            self.received_at = received_at

    @property
    def watermark(self) -> int:
        """Before this instant everything is taken to have been told."""
        return self.at - WATERMARK_DELAY

    def received_when(self, instant: int) -> int:
        """At what received time the event clock will show this instant if nothing comes."""
        return self.received_at + max(0, instant - self.at)
