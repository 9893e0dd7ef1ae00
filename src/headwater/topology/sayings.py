"""
What events said of one entity: partial versions that hold always, until no event has said so for long.

A pure function of the set of sayings: of each its latest hour, of too many the smallest by hash.
"""

from typing import NamedTuple

import msgspec

from headwater.model.objects import ObjectVersion
from headwater.topology.extraction import facts_of
from headwater.topology.facts import Facts
from headwater.topology.intervals import BEGINNING, FOREVER
from headwater.topology.limits import CONTEXT_BUCKET, CONTEXTS_PER_ENTITY_MAX
from headwater.topology.records import Record, record_of


class Saying(NamedTuple):
    """A partial version, and the latest hour in which an event said so."""

    record: Record
    facts: Facts
    hour: int

    @property
    def end(self) -> int:
        """When the hour was over."""
        return self.hour + CONTEXT_BUCKET


class Sayings:
    """The partial versions of one entity."""

    __slots__ = ("_heard", "kept")

    def __init__(self) -> None:
        self.kept: list[Saying] = []
        self._heard: list[tuple[ObjectVersion, int]] = []  # as they came, until when that is no news: most events of a pod say the same

    def knows(self, version: ObjectVersion, said_at: int) -> bool:
        """Whether this is no news, which costs less to find out than to write it down."""
        return any(said_at < end and version == heard for heard, end in self._heard)

    def add(self, version: ObjectVersion, said_at: int) -> tuple[bool, int]:
        """Take what an event said at an instant. Returns whether other facts hold now, and how many were dropped for the limit."""
        # What an event says has no beginning: it holds always, whenever that was.
        record = record_of(msgspec.structs.replace(version, valid_from=BEGINNING))
        saying = Saying(record, facts_of(version), min(max(said_at, BEGINNING), FOREVER - 1) // CONTEXT_BUCKET * CONTEXT_BUCKET)
        self._heard = [each for each in self._heard if each[0] != version][1 - CONTEXTS_PER_ENTITY_MAX :]
        self._heard.append((version, saying.end))
        for index, known in enumerate(self.kept):
            if known.record == record:
                if saying.hour > known.hour:
                    self.kept[index] = saying
                return False, 0
        self.kept.append(saying)
        self.kept.sort(key=lambda each: (each.record.content_hash, each.record.content))
        if len(self.kept) <= CONTEXTS_PER_ENTITY_MAX:
            return True, 0
        return self.kept.pop() is not saying, 1

    def restore(self, version: ObjectVersion, hour: int) -> None:
        """Take one out of a snapshot, in its order."""
        self.kept.append(Saying(record_of(version), facts_of(version), hour))

    @property
    def last_said_at(self) -> int:
        """The latest hour in which an event said anything that is kept."""
        return max((each.hour for each in self.kept), default=BEGINNING)

    @property
    def ends_first(self) -> int:
        """Before this instant there is nothing to forget."""
        return min((each.end for each in self.kept), default=FOREVER)

    def forget(self, before: int) -> int:
        """Drop what no event said since an instant. Returns how many."""
        count = len(self.kept)
        self.kept = [each for each in self.kept if each.end > before]
        self._heard.clear()
        return count - len(self.kept)

    def clear(self) -> None:
        """Know nothing any more."""
        self.kept.clear()
        self._heard.clear()
