"""
The versions of one entity, and from when to when each held.

A pure function of the set of versions: whichever order they came in, the same ones hold at the same instants.
"""

from bisect import insort

import msgspec

from headwater.model.objects import ObjectVersion, decode_object_version
from headwater.topology.extraction import facts_of
from headwater.topology.facts import Facts, sharing
from headwater.topology.intervals import BEGINNING, FOREVER
from headwater.topology.limits import VERSION_LATENESS_MAX, VERSIONS_PER_ENTITY_MAX
from headwater.topology.records import Record, record_of
from headwater.topology.sayings import Sayings

Segment = tuple[int, int, Facts]
"""These facts held from the first instant until before the second."""


class History:
    """What is known of one entity: authoritative versions or, while there is none, what events said of it."""

    __slots__ = (
        "_appended",
        "_base",
        "_ends_first",
        "_facts",
        "_has_late",
        "_is_stale",
        "_latest",
        "floor",
        "known_since",
        "records",
        "sayings",
        "segments",
    )

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.sayings = Sayings()  # empty where there are records
        self.floor = BEGINNING
        """Before this instant nothing is known any more: older versions were forgotten."""
        self.known_since = FOREVER
        """When the present life of the first version was first told of, where that version was not the first of it."""
        self.segments: list[Segment] = []
        self._facts: dict[int, Facts] = {}
        self._ends_first = FOREVER  # when the first of the versions ended: before, there is nothing to forget
        self._base = b""  # the content on which others are packed
        self._latest = BEGINNING  # when the last of the versions began to hold
        self._has_late = False
        self._is_stale = False  # the segments were found before the last news
        self._appended: Record | None = None  # the only news since the segments were found, where it simply follows

    @property
    def ends_first(self) -> int:
        """Before this instant there is nothing to forget."""
        return self._ends_first if self.records else self.sayings.ends_first

    def add(self, record: Record, version: ObjectVersion) -> bool:
        """Take an authoritative version. Returns whether it was news."""
        content_hash = record.content_hash
        known = next((each for each in self.records if each.content_hash == content_hash and each.is_same(record)), None)
        follows = known is None and self._follows(record)
        if known is not None:
            record = known.joined(record)
            if record == known:
                return False
            self.records.remove(known)
        insort(self.records, self._pack(record))
        self._appended, self._is_stale = record if follows else None, True
        self.sayings.clear()
        if not record.is_tombstone and record.content_hash not in self._facts:
            last = self.segments[-1][2] if self.segments else None
            self._facts[record.content_hash] = sharing(facts_of(version), last)
        return True

    def _pack(self, record: Record) -> Record:
        """The record as it is kept; one that has too little in common with those before is what the next are packed on."""
        packed = record.packed_on(self._base) if self._base else record
        if packed is record or 2 * len(packed.packed) > len(record.packed):
            if not record.base and not record.is_tombstone:
                self._base = record.packed
            return record
        return packed

    def _follows(self, record: Record) -> bool:
        """Whether a version simply follows all others, as nearly every one does, so that nothing else differs but the end of the last."""
        if self._is_stale or not self.records or not self.segments or self._has_late or record.is_late:
            return False
        last = self.records[-1]
        is_same_life = not last.is_tombstone and not _is_of_another_life(last, record)
        return is_same_life and record > last and record.valid_from > self._latest

    def trim(self) -> int:
        """Forget the oldest versions beyond the limit. Returns how many."""
        excess = len(self.records) - VERSIONS_PER_ENTITY_MAX
        if excess <= 0:
            return 0
        floor = max(self.floor, self._timeline()[excess][0])
        self._keep(self.records[excess:], floor)
        return excess

    def forget(self, before: int) -> int:
        """Drop the versions that had ended before an instant, or what no event said since. Returns how many."""
        if self.ends_first > before:
            return 0
        if not self.records:
            return self.sayings.forget(before)
        timeline = self._timeline()
        ended = [(end, record) for _start, end, record in timeline if end <= before]
        if ended:
            # What remains is not extended back over the time of what was dropped.
            floor = max(self.floor, *(end for end, _ in ended))
            self._keep([record for _start, end, record in timeline if end > before], floor)
        return len(ended)

    def _keep(self, records: list[Record], floor: int) -> None:
        """Have only these versions, which hold from no earlier than `floor`, and as long as they did."""
        known_since = dict(zip(self.records, self._known_since(), strict=True))
        self.known_since = known_since[records[0]] if records else FOREVER
        self.records, self.floor = records, floor
        self._appended, self._is_stale = None, True
        self._tidy()

    def refresh(self) -> list[Segment]:
        """Find anew which facts held when. Returns what was thought before."""
        previous = self.segments
        if self._appended is not None:
            self.segments = self._segments_with(self._appended)
        elif self.records:
            self.segments = self._segments_of_records()
        else:
            self.segments = [(BEGINNING, FOREVER, each.facts) for each in self.sayings.kept]
        self._appended, self._is_stale = None, False
        return previous

    def _segments_with(self, record: Record) -> list[Segment]:
        """The segments, continued by a version that follows all others."""
        start, end, facts = self.segments[-1]
        if end != FOREVER:
            return self._segments_of_records()
        begins = self._latest = record.valid_from
        self._ends_first = min(self._ends_first, begins)
        if record.is_tombstone:
            return [*self.segments[:-1], (start, begins, facts)]
        now = self._facts[record.content_hash]
        return self.segments if now == facts else [*self.segments[:-1], (start, begins, facts), (begins, FOREVER, now)]

    def _segments_of_records(self) -> list[Segment]:
        if len(self.records) == 1 and not self.records[0].is_tombstone:
            return self._segment_of_one(self.records[0])
        segments: list[Segment] = []
        timeline = self._timeline()
        self._ends_first = min(end for _start, end, _record in timeline)
        self._latest = max(start for start, _end, _record in timeline)
        self._has_late = any(record.is_late for record in self.records)
        for start, end, record in timeline:
            if record.is_tombstone or start >= end:
                continue
            facts = self._facts[record.content_hash]
            if segments and segments[-1][1] == start and segments[-1][2] == facts:
                segments[-1] = (segments[-1][0], end, facts)
            else:
                segments.append((start, end, facts))
        return segments

    def _segment_of_one(self, record: Record) -> list[Segment]:
        """The only version, which holds since its object was made, for ever; nearly all there are are such."""
        start = max(self.floor, min(record.valid_from, record.created_at))
        self._ends_first, self._latest, self._has_late = FOREVER, start, record.is_late
        return [(start, FOREVER, self._facts[record.content_hash])]

    def _timeline(self) -> list[tuple[int, int, Record]]:
        """From when to when each version held; a tombstone holds for no time at all."""
        timeline: list[tuple[int, int, Record]] = []
        following = FOREVER
        for start, record in reversed(self._starts()):
            if start < 0:
                timeline.append((record.valid_from, record.valid_from, record))
                continue
            start = min(start, following)  # a late version that came after its successor never held
            timeline.append((start, start if record.is_tombstone else following, record))
            following = start
        timeline.reverse()
        return timeline

    def _starts(self) -> list[tuple[int, Record]]:
        """
        When each version began to hold: the first of a life at its creation, others when observed or, too late, when they came.

        What came late does not make its successor late. The first of a life is never late, since its creation tells that it existed;
        nor is what was told within the horizon of the first telling of that life, since nobody was told otherwise before.
        Negative for a tombstone of a life that was over already.
        """
        starts: list[tuple[int, Record]] = []
        previous: Record | None = None
        latest = self.floor
        for record, known_since in zip(self.records, self._known_since(), strict=True):
            if record.is_tombstone and previous is not None and _is_of_another_life(previous, record):
                starts.append((-1, record))
                continue
            start = record.valid_from
            if not record.is_tombstone and _is_first_of_life(previous, record):
                start = min(start, record.created_at)
            elif record.is_late and record.holds_from - known_since > VERSION_LATENESS_MAX:
                starts.append((max(latest, record.holds_from), record))
                previous = record
                continue
            latest = max(latest, start)
            starts.append((latest, record))
            previous = record
        return starts

    def _known_since(self) -> list[int]:
        """Of each version, when anything was first told of the life of the object that it belongs to."""
        lives: list[int] = []
        first_told = [self.known_since]
        previous: Record | None = None
        for record in self.records:
            if record.is_tombstone and previous is not None and _is_of_another_life(previous, record):
                lives.append(len(first_told) - 1)
                continue
            if previous is not None and not record.is_tombstone and _is_first_of_life(previous, record):
                first_told.append(FOREVER)
            first_told[-1] = min(first_told[-1], record.told_at)
            lives.append(len(first_told) - 1)
            previous = record
        return [first_told[life] for life in lives]

    def _tidy(self) -> None:
        kept = {each.content_hash for each in self.records}
        self._facts = {key: facts for key, facts in self._facts.items() if key in kept}

    def restore(self, floor: int, known_since: int, versions: list[tuple[int, int, int, str]], sayings: list[tuple[int, str]]) -> None:
        """Hold what a snapshot of another history held: the instants and contents of its versions, the hours of what events said."""
        self.floor, self.known_since = floor, known_since
        for valid_from, holds_from, told_at, content in versions:
            version = msgspec.structs.replace(decode_object_version(content.encode()), valid_from=valid_from)
            record = record_of(version)._replace(holds_from=holds_from, told_at=told_at)
            self.records.append(self._pack(record))
            if not version.deleted:
                self._facts[record.content_hash] = facts_of(version)
        for hour, content in sayings:
            self.sayings.restore(decode_object_version(content.encode()), hour)

    def versions(self) -> list[ObjectVersion]:
        """What was observed, oldest first; partial versions where there is nothing better."""
        return [record.version for record in self.records] or [saying.record.version for saying in self.sayings.kept]

    def holds_at(self, at: int) -> bool:
        """Whether the entity existed at an instant."""
        return any(start <= at < end for start, end, _ in self.segments)

    def began_before(self, at: int) -> bool:
        """Whether the entity existed at an instant and is known to have begun by then."""
        return any(BEGINNING < start <= at < end for start, end, _ in self.segments)

    def facts_at(self, at: int) -> Facts | None:
        """The facts at an instant, else the nearest before it, else the first after it."""
        chosen: Facts | None = None
        for start, _end, facts in self.segments:
            if chosen is None or start <= at:
                chosen = facts
        return chosen


def _is_first_of_life(previous: Record | None, record: Record) -> bool:
    """Whether an object was made before this version and after the previous one, so that the version holds since it was made."""
    return previous is None or (record.created_at > BEGINNING and (previous.is_tombstone or _is_of_another_life(previous, record)))


def _is_of_another_life(previous: Record, record: Record) -> bool:
    """Whether the object was deleted and made again between the two: the deletion of one uid does not end its successor."""
    return bool(previous.uid) and bool(record.uid) and previous.uid != record.uid
