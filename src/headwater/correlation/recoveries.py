"""
Which troubles have passed: what was followed by its recovery within a minute, and what belongs to the start or stop of a pod.

Of each object and recovery the latest times are kept, as a set, so that order and repetition make no difference.
"""

from bisect import insort
from collections.abc import Callable

import msgspec

from headwater.correlation.limits import PASSING_MAX
from headwater.correlation.occurrences import Occurrence
from headwater.model.entities import Reference
from headwater.model.times import seconds
from headwater.signals.recoveries import Recoveries, Recovery

TIMES_MAX = 64
"""Of one object and recovery; the earliest are forgotten, and counted."""

OBJECTS_MAX = 100_000
"""Objects of which a recovery is remembered; more are not, which can only make their troubles last."""

PRECISION = seconds(1)
"""Kubernetes' events carry whole seconds."""


class RecoveryTimes(msgspec.Struct):
    """What a restart needs: for each object, for each recovery, when."""

    times: dict[Reference, dict[str, list[int]]] = {}


class RecoveryMemory:
    """Owns the recoveries of one correlation domain."""

    def __init__(self, known: Recoveries, state: RecoveryTimes | None = None) -> None:
        self._known = known
        self._state = state or RecoveryTimes()
        self._earliest = 0  # none is earlier
        self.left_out = 0

    def note(self, recovery: Recovery, about: Reference, occurred_at: int) -> bool:
        """Remember one; returns whether it is new."""
        of_object = self._state.times.get(about)
        if of_object is None:
            if len(self._state.times) >= OBJECTS_MAX:
                self.left_out += 1
                return False
            of_object = self._state.times[about] = {}
        times = of_object.setdefault(recovery.name, [])
        if occurred_at in times:
            return False
        insort(times, occurred_at)
        self._earliest = min(self._earliest, occurred_at)
        self.left_out += len(times) > TIMES_MAX
        del times[:-TIMES_MAX]
        return True

    def has_passed(self, occurrence: Occurrence) -> bool:
        """Whether an occurrence is no trouble any more, and never was a lasting one."""
        of_object = self._state.times.get(occurrence.key.about)
        if of_object is None:
            return False
        for recovery in self._known.by_class.get(occurrence.key.symptom_class, ()):
            for at in of_object.get(recovery.name, ()):
                if _is_over(occurrence, recovery, at):
                    return True
        return False

    def forget(self, before: int, is_needed: Callable[[Reference], bool]) -> None:
        """
        Drop what happened before an instant to objects that no occurrence names any more.

        An early trouble of a long incident is judged until the incident ends, and must have passed then as it had before.
        """
        if before <= self._earliest:
            return
        for about, of_object in list(self._state.times.items()):
            if all(times[0] >= before for times in of_object.values()) or is_needed(about):
                continue
            kept = {name: later for name, times in of_object.items() if (later := [at for at in times if at >= before])}
            if kept:
                self._state.times[about] = kept
            else:
                del self._state.times[about]
        held = self._state.times.values()
        self._earliest = min((times[0] for of_object in held for times in of_object.values()), default=before)

    def snapshot(self) -> RecoveryTimes:
        """What a restart needs."""
        return self._state


def _is_over(occurrence: Occurrence, recovery: Recovery, at: int) -> bool:
    symptom_class = occurrence.key.symptom_class
    if recovery.kinds and not (occurrence.details and recovery.kinds.issuperset(occurrence.details)):
        return False
    if symptom_class in recovery.ends and occurrence.last - PRECISION <= at <= occurrence.first + PASSING_MAX:
        return True
    return symptom_class in recovery.excuses and at - PRECISION <= occurrence.onset and occurrence.last <= at + recovery.excused_for
