"""What was told: the memory behind sticky ids, revisions, hysteresis and alerts. Only telling reads it; a snapshot brings it back."""

import msgspec

from headwater.correlation.occurrences import SymptomKey
from headwater.correlation.verdict import Summary
from headwater.model.entities import Reference
from headwater.model.identity import digest
from headwater.model.results import CorrelationResult
from headwater.model.times import seconds

REVISIONS_FREE = 8
"""Lesser revisions an incident may tell in a row."""

REVISION_REFILL = seconds(2)
"""After these, one more in this time."""

RECURRENCE_WINDOW = seconds(86_400)
"""A fault of the same entity and class within a day of a final one is its recurrence."""


_USUAL = "usual"
"""At the end of an anchor on the wire: it is of lines that are always written."""


class Anchor(msgspec.Struct, frozen=True):
    """The earliest real observation of an incident when it was first told: whoever holds it continues the incident."""

    key: SymptomKey
    occurred_at: int
    observation: int


def anchor_on_the_wire(anchor: Anchor) -> list[str]:
    """The anchor as a result carries it."""
    key = anchor.key
    usual = [_USUAL] if key.is_usual else []
    return [str(key.about), key.symptom_class, str(key.peer or ""), str(anchor.occurred_at), f"{anchor.observation:016x}", *usual]


def anchor_of_result(result: CorrelationResult) -> Anchor | None:
    """The anchor that a result carries, None where it carries none that can be read."""
    try:
        is_usual = result.anchor[5:] == [_USUAL]
        about, symptom_class, peer, occurred_at, observation = result.anchor[:5] if is_usual else result.anchor
        key = SymptomKey(_reference(about), symptom_class, _reference(peer) if peer else None, is_usual)
        return Anchor(key, int(occurred_at), int(observation, 16))
    except ValueError:
        return None


def _reference(text: str) -> Reference:
    cluster, scheme, namespace, name = text.split("/", 3)
    return Reference(cluster, scheme, namespace, name)


def incident_id(domain: str, anchor: Anchor) -> str:
    """Sticky: a new root, onset or type never changes it."""
    return digest(domain, *anchor.key.sort_key, str(anchor.occurred_at), f"{anchor.observation:016x}")


class Told(msgspec.Struct, eq=False):
    """One incident that was told."""

    id: str
    anchor: Anchor
    order: int  # of first telling
    summary: Summary
    result: CorrelationResult  # the last revision
    revision: int
    status: str
    last: int  # nanoseconds: the latest observation of its part
    detected_at: int  # received time of the first telling
    alerted: Summary | None = None
    split_from: str = ""
    recurrence_of: str = ""
    is_final: bool = False
    allowance: int = REVISIONS_FREE
    allowance_at: int = 0
    due_at: int = 0  # received time at which news held back is looked at again, 0 for none
    held_root: str = ""  # a new root that must hold until due_at
    awaited_until: int = 0  # event clock: until then an expected effect may come, 0 for none
    silent_until: int = 0  # position of the log up to which it was told by an earlier run

    @property
    def is_open(self) -> bool:
        """Whether it can still change by itself."""
        return not self.is_final and self.status in ("open", "resolved")

    def spend(self, now: int) -> bool:
        """Take one lesser revision from the allowance; False where none is left."""
        refilled = (now - self.allowance_at) // REVISION_REFILL
        if refilled > 0:
            self.allowance = min(REVISIONS_FREE, self.allowance + refilled)
            self.allowance_at = now
        if self.allowance <= 0:
            return False
        self.allowance -= 1
        return True


class Waits(msgspec.Struct, frozen=True):
    """What open incidents wait for."""

    due_at: int | None  # the received time at which news held back is looked at again
    awaited_until: int | None  # the event clock at which an expected effect is missing
    quiet_since: int | None  # the earliest last observation of those that are not resolved


class ToldMemory:
    """All told incidents, found by id and by anchor."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._by_id: dict[str, Told] = {}
        self._by_anchor: dict[SymptomKey, list[Told]] = {}
        self._last_of_root: dict[str, tuple[str, int]] = {}
        self.published: dict[str, tuple[int, CorrelationResult]] = {}
        """By id, the order and the last revision of incidents that an earlier run told and this run has not come to yet."""
        self._published_at: dict[SymptomKey, list[tuple[Anchor, str]]] = {}
        self.replay_until = 0
        """Up to this position of the log an earlier run told all there was to tell; 0 where there was none."""
        self.forgotten = 0
        self._waits: Waits | None = None  # None where it must be worked out again

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, identifier: str) -> Told | None:
        """The incident of an id."""
        return self._by_id.get(identifier)

    def anchored_at(self, key: SymptomKey) -> list[Told]:
        """The incidents whose anchor is a symptom of this key."""
        return self._by_anchor.get(key, [])

    def is_anchored_at(self, key: SymptomKey) -> bool:
        """Whether any incident, of this run or an earlier one, has its anchor at a symptom of this key."""
        return key in self._by_anchor or key in self._published_at

    def publish_earlier(self, order: int, result: CorrelationResult) -> None:
        """Remember what an earlier run told last of an incident."""
        anchor = anchor_of_result(result)
        if anchor is not None:
            self.published[result.id] = (order, result)
            self._published_at.setdefault(anchor.key, []).append((anchor, result.id))

    def published_at(self, key: SymptomKey) -> list[tuple[Anchor, str]]:
        """The anchors of this key, with their ids, that an earlier run told."""
        return [(anchor, identifier) for anchor, identifier in self._published_at.get(key, ()) if identifier in self.published]

    def forget_published(self) -> None:
        """The log has passed all that an earlier run told."""
        self.published, self._published_at, self.replay_until = {}, {}, 0

    def add(self, told: Told) -> None:
        """Remember an incident; at the limit ended ones, then the first told, are forgotten."""
        if told.id not in self._by_id:
            self._make_room()
            self._by_anchor.setdefault(told.anchor.key, []).append(told)
        self._by_id[told.id] = told
        self.note_change()

    def open_incidents(self) -> list[Told]:
        """Those that can still change, first told first."""
        return [told for told in self._by_id.values() if told.is_open]

    def note_change(self) -> None:
        """Something was told, held back or looked at again."""
        self._waits = None

    def waits(self) -> Waits:
        """What open incidents wait for; asked for every batch, and worked out only after a change."""
        if self._waits is None:
            held = self.open_incidents()
            self._waits = Waits(
                due_at=min((told.due_at for told in held if told.due_at), default=None),
                awaited_until=min((told.awaited_until for told in held if told.awaited_until), default=None),
                quiet_since=min((told.last for told in held if told.status == "open"), default=None),
            )
        return self._waits

    def take_due(self, received_at: int, watermark: int) -> list[Told]:
        """The open incidents that waited for one of these instants, and wait for it no more."""
        waits = self.waits()
        is_due = waits.due_at is not None and waits.due_at <= received_at
        if not is_due and (waits.awaited_until is None or waits.awaited_until >= watermark):
            return []
        self.note_change()
        due: list[Told] = []
        for told in self.open_incidents():
            is_held = 0 < told.due_at <= received_at
            if is_held or 0 < told.awaited_until < watermark:
                due.append(told)
            if is_held and not told.held_root:
                told.due_at = 0
            if 0 < told.awaited_until < watermark:
                told.awaited_until = 0
        return due

    def all_incidents(self) -> list[Told]:
        """All, first told first."""
        return sorted(self._by_id.values(), key=lambda told: told.order)

    def remember_end(self, told: Told, ended_at: int) -> None:
        """A final incident may recur."""
        self._last_of_root[told.summary.root] = (told.id, ended_at)
        while len(self._last_of_root) > self._limit:
            del self._last_of_root[next(iter(self._last_of_root))]

    def recurrence(self, root: str, at: int) -> str:
        """The id of the latest final incident with the same root, within a day."""
        identifier, ended_at = self._last_of_root.get(root, ("", 0))
        return identifier if identifier and at - ended_at <= RECURRENCE_WINDOW else ""

    def forget(self, told: Told) -> None:
        """Drop an incident."""
        self.note_change()
        del self._by_id[told.id]
        held = [other for other in self._by_anchor[told.anchor.key] if other is not told]
        if held:
            self._by_anchor[told.anchor.key] = held
        else:
            del self._by_anchor[told.anchor.key]

    def forget_ended(self, before: int) -> None:
        """Drop what ended, and can have nothing more to say, before this instant of the event clock."""
        for told in [told for told in self._by_id.values() if not told.is_open and told.last < before]:
            self.forget(told)

    def recurrences(self) -> dict[str, tuple[str, int]]:
        """For the snapshot."""
        return dict(self._last_of_root)

    def restore(self, incidents: list[Told], recurrences: dict[str, tuple[str, int]]) -> None:
        """Take over a snapshot."""
        for told in incidents:
            self.add(told)
        self._last_of_root = dict(recurrences)

    def _make_room(self) -> None:
        if len(self._by_id) < self._limit:
            return
        ended_first = sorted(self._by_id.values(), key=lambda told: (told.is_open, told.order))
        for told in ended_first[: max(1, self._limit // 10)]:
            self.forget(told)
            self.forgotten += 1
