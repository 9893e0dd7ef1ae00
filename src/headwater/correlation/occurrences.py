"""
Occurrences: symptoms of one class, about one reference, blaming one reference, folded into sessions.

Folding is a join (minimum, maximum, union, smallest hashes): any order, repetition or batching of the same symptoms gives the same
occurrences. References stay as observed; which entities they meant is decided when an incident is judged.
"""

from bisect import insort
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import fsum
from typing import TypeVar

import msgspec

from headwater.model.entities import Reference
from headwater.model.identity import text_hash
from headwater.model.severity import Severity
from headwater.model.symptoms import Symptom

COUNTED_EXACTLY_MAX = 64
HASHES_MAX = COUNTED_EXACTLY_MAX + 1
"""One more than is counted exactly, so that the last exact count can be told from the first estimate."""

SAMPLES_MAX = 8
TRACES_MAX = 16
SOURCES_MAX = 8
DETAILS_MAX = 8
LINES_MAX = 16
USUAL_MARK = " (usual)"
"""In orders and labels: of lines that are always written."""

_HASH_SPACE = 2**64
_Kept = TypeVar("_Kept")


def distinct(hashes: list[int]) -> int:
    """How many different numbers there were, of which the smallest are kept: exact to 64, then estimated from their density."""
    if len(hashes) < HASHES_MAX:
        return len(hashes)
    return max(HASHES_MAX, round((HASHES_MAX - 1) * _HASH_SPACE / (hashes[-1] + 1)))


class SymptomKey(msgspec.Struct, frozen=True, order=True):
    """What symptoms must share to be one occurrence."""

    about: Reference
    symptom_class: str
    peer: Reference | None
    is_usual: bool = False  # whether log lines tell it that its workload always writes

    @property
    def sort_key(self) -> tuple[str, str, str]:
        """A total order of keys."""
        return (str(self.about), self.symptom_class, str(self.peer or "") + USUAL_MARK * self.is_usual)


def key_of(symptom: Symptom) -> SymptomKey:
    """What a symptom must share with others to be one occurrence with them."""
    return SymptomKey(symptom.about, symptom.symptom_class, symptom.peer, symptom.is_usual)


class Sample(msgspec.Struct, frozen=True, order=True, array_like=True):
    """One observation of an occurrence, kept by name; ordered by onset, then how early that may have been, time and hash."""

    onset: int
    onset_earliest: int  # it may have begun so early, where a state was read and not seen to begin
    occurred_at: int
    observation: int
    event_id: str
    source: str
    text: str
    weight: float = 1.0  # how strongly it was measured

    @property
    def onset_spread(self) -> int:
        """Nanoseconds: how much earlier than its onset it may have begun."""
        return self.onset - self.onset_earliest


class Occurrence(msgspec.Struct, eq=False):
    """
    One session. `first` and `last` are the observers' times of its earliest and latest observation, `onset` when it began.

    Of its observations the smallest 65 hashes are kept for the count, the smallest 8 by hash and the earliest by name; of log lines
    that differ in more than values the smallest 16 by template, each by its earliest observation.
    """

    key: SymptomKey
    onset: int
    first: int
    last: int
    severity: Severity
    earliest: Sample
    hashes: list[int]  # ascending
    samples: dict[int, Sample]
    traces: dict[int, str]  # hash of the trace id to the trace id
    sources: list[str]  # ascending
    repeats: int = 1  # the most that one observation counts for
    details: list[str] = []  # ascending: the kinds of its class that its observations told
    lines: dict[int, Sample] = {}  # by template: the earliest observation of each log line
    resumed: int = 0  # when the trouble began that this session resumes after a pause; 0 where it is no other's
    told_in: str = ""  # the incident it was last told as a member of; telling, not finding

    @property
    def began(self) -> int:
        """When its trouble began, be it in a session before it."""
        return min(self.onset, self.resumed) if self.resumed else self.onset

    @property
    def sort_key(self) -> tuple[int, int, tuple[str, str, str]]:
        """A total order of the occurrences at one time."""
        return (self.onset, self.first, self.key.sort_key)

    @property
    def count(self) -> int:
        """How many different observations, estimated beyond 64."""
        return max(distinct(self.hashes), self.repeats)

    @property
    def weight(self) -> float:
        """How strongly it was measured: the mean of the observations kept by hash, which are a fair sample in any order."""
        samples = self.samples
        return fsum(sample.weight for sample in samples.values()) / len(samples) if samples else 1.0

    @property
    def count_is_estimated(self) -> bool:
        """Whether `count` is an estimate."""
        return self.count > COUNTED_EXACTLY_MAX

    def holds(self, key: SymptomKey, occurred_at: int) -> bool:
        """Whether an observation of this key and time is in this session."""
        return self.key == key and self.first <= occurred_at <= self.last


class Change(msgspec.Struct, frozen=True):
    """What folding one symptom did."""

    occurrence: Occurrence
    absorbed: tuple[Occurrence, ...]  # other sessions that became part of it
    is_new: bool
    has_moved: bool  # its onset or first time is earlier than before
    has_grown: bool  # anything a finding shows changed
    resuming: tuple[Occurrence, ...] = ()  # sessions that resume another trouble than before


def occurrence_of(symptom: Symptom) -> Occurrence:
    """The session of one symptom alone."""
    sample = Sample(
        symptom.onset,
        symptom.onset - symptom.onset_spread,
        symptom.occurred_at,
        symptom.observation,
        symptom.event_id,
        symptom.source,
        symptom.text,
        symptom.weight,
    )
    return Occurrence(
        key=key_of(symptom),
        onset=symptom.onset,
        first=symptom.occurred_at,
        last=symptom.occurred_at,
        severity=symptom.severity,
        earliest=sample,
        hashes=[symptom.observation],
        samples={symptom.observation: sample},
        traces={text_hash(symptom.trace_id): symptom.trace_id} if symptom.trace_id else {},
        sources=[symptom.source] if symptom.source else [],
        details=[symptom.detail] if symptom.detail else [],
        repeats=symptom.repeats,
        lines={symptom.line: sample} if symptom.line else {},
    )


def _extent(each: Occurrence) -> tuple[object, ...]:
    """What a finding shows of it, but the smallest hashes themselves."""
    counts = (len(each.hashes), len(each.traces), each.repeats)
    return (each.onset, each.first, each.last, each.severity, each.earliest, *counts, *each.details)


def join(into: Occurrence, other: Occurrence) -> bool:
    """Make `into` the session of both. True where anything a finding shows changed."""
    before = _extent(into)
    largest_before = into.hashes[-1]
    if other.resumed:
        into.resumed = min(into.began, other.resumed)
    into.onset = min(into.onset, other.onset)
    into.first = min(into.first, other.first)
    into.last = max(into.last, other.last)
    into.severity = max(into.severity, other.severity)
    into.earliest = min(into.earliest, other.earliest)
    into.repeats = max(into.repeats, other.repeats)
    for observation in other.hashes:
        if observation not in into.hashes and (len(into.hashes) < HASHES_MAX or observation < into.hashes[-1]):
            insort(into.hashes, observation)
            del into.hashes[HASHES_MAX:]
    for observation, sample in other.samples.items():
        known = into.samples.get(observation)
        # The same observation may have come twice without a time of its own.
        if known is not None and sample < known:
            into.samples[observation] = sample
        _keep_smallest(into.samples, observation, sample, SAMPLES_MAX)
    traces_changed = False
    for trace, trace_id in other.traces.items():
        traces_changed |= _keep_smallest(into.traces, trace, trace_id, TRACES_MAX)
    for source in other.sources:
        if source not in into.sources:
            insort(into.sources, source)
            del into.sources[SOURCES_MAX:]
    for detail in other.details:
        if detail not in into.details:
            insort(into.details, detail)
            del into.details[DETAILS_MAX:]
    lines_changed = False
    for line, sample in other.lines.items():
        lines_changed |= _keep_earliest(into.lines, line, sample)
    after = _extent(into)
    return before != after or traces_changed or lines_changed or largest_before != into.hashes[-1]


def _shown(session: Occurrence) -> tuple[object, ...]:
    """Most of what a finding shows of a session."""
    return (
        session.onset, session.first, session.last, session.severity, session.earliest, len(session.hashes), len(session.traces),
        session.repeats, *session.details,
    )  # fmt: skip


def _keep_earliest(kept: dict[int, Sample], line: int, sample: Sample) -> bool:
    known = kept.get(line)
    if known is None:
        return _keep_smallest(kept, line, sample, LINES_MAX)
    if sample < known:
        kept[line] = sample
        return True
    return False


def _keep_smallest(kept: dict[int, _Kept], number: int, value: _Kept, limit: int) -> bool:
    if number in kept:
        return False
    if len(kept) >= limit:
        largest = max(kept)
        if number > largest:
            return False
        del kept[largest]
    kept[number] = value
    return True


def _resume(sessions: list[Occurrence], pause: int) -> tuple[Occurrence, ...]:
    """
    Tell each session of a key which trouble it resumes; return those of which that changed.

    More observations make pauses shorter and never longer, so that a trouble is only ever found to have begun earlier. Where what a session
    resumes is forgotten by now, it stays as it was told.
    """
    changed: list[Occurrence] = []
    for before, session in pairwise(sorted(sessions, key=lambda session: session.first)):
        if session.first - before.last < pause and before.began < session.began:
            session.resumed = before.began
            changed.append(session)
    return tuple(changed)


class OccurrenceStore:
    """All sessions that may still belong to an incident; the seed's event tracker."""

    def __init__(self) -> None:
        self._sessions: dict[SymptomKey, list[Occurrence]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Occurrence]:
        for sessions in self._sessions.values():
            yield from sessions

    def fold(self, symptom: Symptom, gap: int, pause: int = 0) -> Change:
        """
        Add a symptom: to the session within `gap` nanoseconds of it, merging two that it bridges, or as a session of its own.

        A session that begins within `pause` nanoseconds after another resumes its trouble.
        """
        key = key_of(symptom)
        sessions = self._sessions.setdefault(key, [])
        at = symptom.occurred_at
        near = [session for session in sessions if session.first - gap <= at <= session.last + gap]
        if near:
            change = self._extend(key, near, occurrence_of(symptom))
        else:
            occurrence = occurrence_of(symptom)
            sessions.append(occurrence)
            self._count += 1
            change = Change(occurrence, (), is_new=True, has_moved=True, has_grown=True)
        sessions = self._sessions[key]
        # A session that only lasts longer shortens no pause but the one after it.
        if pause and len(sessions) > 1 and (change.has_moved or any(each.first > change.occurrence.last for each in sessions)):
            resuming = _resume(sessions, pause)
            return msgspec.structs.replace(change, resuming=resuming) if resuming else change
        return change

    def _extend(self, key: SymptomKey, near: list[Occurrence], single: Occurrence) -> Change:
        # In their total order: which of them goes on must not depend on which came first.
        session, *absorbed = sorted(near, key=lambda each: each.sort_key) if len(near) > 1 else near
        onset, first = session.onset, session.first
        grown = join(session, single)
        for other in absorbed:
            join(session, other)
            self._sessions[key] = [kept for kept in self._sessions[key] if kept is not other]
            self._count -= 1
        moved = bool(absorbed) or session.onset < onset or session.first < first
        return Change(session, tuple(absorbed), is_new=False, has_moved=moved, has_grown=grown or moved)

    def find(self, key: SymptomKey, occurred_at: int) -> Occurrence | None:
        """The session that holds this observation."""
        for session in self._sessions.get(key, ()):
            if session.holds(key, occurred_at):
                return session
        return None

    def sessions_of(self, key: SymptomKey) -> list[Occurrence]:
        """The sessions of a key."""
        return self._sessions.get(key, [])

    def forget(self, occurrences: Iterable[Occurrence]) -> None:
        """Drop sessions that can no longer change."""
        for occurrence in occurrences:
            sessions = self._sessions.get(occurrence.key, [])
            kept = [session for session in sessions if session is not occurrence]
            self._count -= len(sessions) - len(kept)
            if kept:
                self._sessions[occurrence.key] = kept
            else:
                self._sessions.pop(occurrence.key, None)

    def restore(self, occurrences: Iterable[Occurrence]) -> None:
        """Take over the sessions of a snapshot."""
        for occurrence in occurrences:
            self._sessions.setdefault(occurrence.key, []).append(occurrence)
            self._count += 1
