"""Which patterns an incident completes: a pure function of the set of its sightings, whatever their order."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from headwater.model.entities import Entity
from headwater.patterns.pattern_library import PatternLibrary
from headwater.patterns.scene import Place, Scene, Sighting
from headwater.patterns.schema import ANCHOR, SILENT, Condition, Pattern, Standing

ANCHORS_MAX = 8
"""Instances tried per pattern: the earliest anchors; more are named in `limits`."""

REFERENCES_MAX = 32
"""Sightings of one role that another is compared with: the earliest, one per entity; more are named in `limits`."""

CANDIDATES_MAX = 64
"""Sightings looked at for one role of one instance: the earliest; more are named in `limits`."""

LIMIT_ANCHORS = "pattern_anchors"
LIMIT_CANDIDATES = "pattern_candidates"
LIMIT_REFERENCES = "pattern_references"

Filled = Mapping[str, tuple[Sighting, ...]]


class PatternMatch(msgspec.Struct, frozen=True, kw_only=True):
    """One complete instance of a pattern."""

    pattern: Pattern
    anchor: Sighting
    root: Sighting  # the preferred of `roots`; the anchor where only a silent cause will do
    roots: tuple[Sighting, ...]  # every sighting the pattern would call the cause, preferred first
    may_be_silent: bool  # the cause may also be one that nothing reported and the anchor follows from
    roles: dict[str, tuple[Sighting, ...]]  # the filled ones, with the anchor
    required: int  # how many required roles it has, all filled
    score: float  # the weight of its filled roles
    limits: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[int, float, str, int, str]:
        """Smaller is better: more required roles, more weight, then id, and of one pattern the earliest root."""
        return (-self.required, -self.score, self.pattern.id, self.root.onset, self.root.key)


def match(library: PatternLibrary, scene: Scene) -> tuple[PatternMatch, ...]:
    """The complete patterns, best first; of each pattern, the best instance per fault unit of its root."""
    pool = _Pool(scene)
    found: dict[tuple[str, Entity, Entity | None], PatternMatch] = {}
    for pattern in library.possible(pool.names):
        anchors = pool.of_classes(pattern.anchor)
        if any(role.is_required and not pool.may_fill(role.condition) for role in pattern.roles):
            continue
        for anchor in anchors[:ANCHORS_MAX]:
            instance = _Instance(pattern, anchor, scene, pool, has_more_anchors=len(anchors) > ANCHORS_MAX).complete()
            if instance is None:
                continue
            key = (pattern.id, instance.root.unit, instance.anchor.peer if instance.may_be_silent else None)
            if key not in found or instance.rank < found[key].rank:
                found[key] = instance
    return tuple(sorted(found.values(), key=lambda instance: instance.rank))


class _Pool:
    """The sightings of a scene by (onset, key), found by class."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._by_class: dict[str, list[Sighting]] = {}
        for sighting in sorted(scene.sightings, key=_when):
            for name in sighting.names:
                self._by_class.setdefault(name, []).append(sighting)
        self._accusers = [sighting for sighting in scene.sightings if sighting.peer is not None]
        self._blaming: dict[str, frozenset[str]] = {}
        self.names = frozenset(self._by_class)
        self._of_classes: dict[tuple[str, ...], list[Sighting]] = {}

    def of_classes(self, classes: tuple[str, ...]) -> list[Sighting]:
        """Those of these classes, in order."""
        found = self._of_classes.get(classes)
        if found is None:
            present = [self._by_class[name] for name in dict.fromkeys(classes) if name in self._by_class]
            if len(present) == 1:
                found = present[0]
            else:
                found = sorted({sighting.key: sighting for members in present for sighting in members}.values(), key=_when)
            self._of_classes[classes] = found
        return found

    def blaming(self, blamed: Sighting) -> frozenset[str]:
        """The keys of the others that blame a sighting: every pattern asks for them."""
        found = self._blaming.get(blamed.key)
        if found is None:
            others = [other.key for other in self._accusers if other.key != blamed.key and self._scene.blames(other, blamed)]
            found = self._blaming[blamed.key] = frozenset(others)
        return found

    def may_fill(self, condition: Condition) -> bool:
        """Whether there are enough of the right classes, wherever they stand: most patterns end here."""
        return len(self.of_classes(condition.classes)) >= condition.occurrences_min

    def within(self, condition: Condition, onset: int) -> Sequence[Sighting]:
        """Those of the classes that began in time, as seen from an anchor's onset."""
        found = self.of_classes(condition.classes)
        if condition.lag is None:
            return found
        earliest, latest = onset + condition.lag[0], onset + condition.lag[1]
        return found[bisect_left(found, earliest, key=_onset) : bisect_right(found, latest, key=_onset)]


class _Instance:
    """One pattern tried at one anchor."""

    def __init__(self, pattern: Pattern, anchor: Sighting, scene: Scene, pool: _Pool, *, has_more_anchors: bool) -> None:
        self.pattern = pattern
        self.anchor = anchor
        self.scene = scene
        self.pool = pool
        self.filled: dict[str, tuple[Sighting, ...]] = {ANCHOR: (anchor,)}
        self.limits = {LIMIT_ANCHORS} if has_more_anchors else set[str]()
        self._references_of: dict[tuple[str, bool], tuple[Sighting, ...]] = {}
        self._blaming: dict[str, frozenset[str]] = {}  # by role

    def complete(self) -> PatternMatch | None:
        score, required = 0.0, 0
        for role in self.pattern.roles:
            chosen = self._enough(role.condition)
            if chosen:
                self.filled[role.name] = chosen
                score += role.weight
                required += role.is_required
            elif role.is_required:
                return None
        if score < self.pattern.complete_at or any(self._enough(condition) for condition in self.pattern.exclusions):
            return None
        roots = tuple(dict.fromkeys(self.filled[name][0] for name in self.pattern.roots if name in self.filled))
        return PatternMatch(
            pattern=self.pattern,
            anchor=self.anchor,
            root=roots[0] if roots else self.anchor,
            roots=roots,
            may_be_silent=SILENT in self.pattern.roots,
            roles=self.filled,
            required=required,
            score=score,
            limits=tuple(sorted(self.limits)),
        )

    def _enough(self, condition: Condition) -> tuple[Sighting, ...]:
        """The sightings that count, by (onset, key); none where they are too few."""
        others = self.pool.within(condition, self.anchor.onset)
        if condition.with_anchor and not _is_within(0, condition.lag) and any(name in condition.classes for name in self.anchor.names):
            others = sorted((*others, self.anchor), key=_when)
        if len(others) < condition.occurrences_min:
            return ()
        if len(others) > CANDIDATES_MAX:
            self.limits.add(LIMIT_CANDIDATES)
            others = others[:CANDIDATES_MAX]
        chosen = tuple([other for other in others if self._counts(condition, other)])
        enough = (
            len(chosen) >= condition.occurrences_min
            and len({other.entity for other in chosen}) >= condition.entities_min
            and len({other.unit for other in chosen}) >= condition.units_min
            and sum(_events_within(other, self.anchor.onset, condition.within) for other in chosen) >= condition.count_min
        )
        return chosen if enough else ()

    def _counts(self, condition: Condition, other: Sighting) -> bool:
        if other.key == self.anchor.key:
            # It stands nowhere to itself; but whom it blames is its own.
            return condition.with_anchor and (not _asks_outside(condition) or self.scene.is_at(Place.BLAMES_OUTSIDE, other, other))
        if condition.at and not self._stands_anywhere(condition.at, other):
            return False
        return (
            (not condition.blame or self._blames(condition.blame, other))
            and (not condition.blamed_by or self._is_blamed(condition.blamed_by, other))
            and (not condition.follows or self._follows(condition.follows, other))
            and (not condition.due_to or self._blames(condition.due_to, other) or self._follows(condition.due_to, other))
        )

    def _stands_anywhere(self, places: Iterable[Standing], other: Sighting) -> bool:
        for standing in places:
            place, name = standing.place, standing.relative_to
            if place is Place.ANY:
                if self.filled.get(name):
                    return True
                continue
            for here in self._references(name):
                if here.key != other.key and self.scene.is_at(place, here, other):
                    return True
        return False

    def _blames(self, name: str, other: Sighting) -> bool:
        if other.peer is None:
            return False
        found = self._blaming.get(name)
        if found is None:
            found = self._blaming[name] = frozenset().union(*[self.pool.blaming(blamed) for blamed in self._references(name)])
        return other.key in found

    def _is_blamed(self, name: str, other: Sighting) -> bool:
        blaming = self._references(name, per_entity=False)
        accused_by = self.pool.blaming(other)
        return bool(accused_by) and any(here.key in accused_by for here in blaming)

    def _follows(self, name: str, other: Sighting) -> bool:
        return any(cause.key != other.key and self.scene.follows(cause, other) for cause in self._references(name, per_entity=False))

    def _references(self, name: str, *, per_entity: bool = True) -> tuple[Sighting, ...]:
        found = self._references_of.get((name, per_entity))
        if found is None:
            sightings = self.filled.get(name, ())
            if per_entity:
                # Where a thing stands does not depend on how often it was seen.
                earliest: dict[Entity, Sighting] = {}
                for sighting in sightings:
                    earliest.setdefault(sighting.entity, sighting)
                sightings = tuple(earliest.values())
            if len(sightings) > REFERENCES_MAX:
                self.limits.add(LIMIT_REFERENCES)
            found = self._references_of[name, per_entity] = sightings[:REFERENCES_MAX]
        return found


def _asks_outside(condition: Condition) -> bool:
    return bool(condition.at) and all(standing.place is Place.BLAMES_OUTSIDE for standing in condition.at)


def _when(sighting: Sighting) -> tuple[int, str]:
    return (sighting.onset, sighting.key)


def _is_within(lag: int, bounds: tuple[int, int] | None) -> bool:
    return bounds is None or bounds[0] <= lag <= bounds[1]


def _onset(sighting: Sighting) -> int:
    return sighting.onset


def _events_within(sighting: Sighting, start: int, within: int | None) -> int:
    """Events of a sighting within the span from `start`, taken as spread evenly, since an occurrence keeps only its ends and its count."""
    if within is None:
        return sighting.count
    end, lasts, gaps = start + within, sighting.last - sighting.onset, sighting.count - 1
    if lasts == 0 or gaps == 0:
        return sighting.count if start <= sighting.onset <= end else 0
    first = max(0, -((sighting.onset - start) * gaps // lasts))  # rounded up: the first event not before `start`
    last = min(gaps, (end - sighting.onset) * gaps // lasts)
    return max(0, last - first + 1)
