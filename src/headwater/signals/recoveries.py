"""
Recoveries: events by which Kubernetes says that something goes well after all; compiled from the `recoveries` of the catalogue.

What they end was a passing trouble where it did not last; what they excuse belongs to every start or stop of a pod.
"""

from collections.abc import Mapping

import msgspec

from headwater.model.entities import Reference
from headwater.model.heads import EventHead
from headwater.model.located_yaml import Located, Problem
from headwater.model.times import seconds
from headwater.signals.onsets import duration_of
from headwater.signals.reading import Reader, suggestion
from headwater.signals.references import about_of, workload_of

EXCUSED_MAX = seconds(300)
"""A start or stop that takes longer is trouble."""


class Recovery(msgspec.Struct, frozen=True):
    """One entry: the reasons of Kubernetes' events, and the classes of the same object that they end or excuse."""

    name: str
    reasons: tuple[str, ...]
    says: tuple[str, ...]  # only where the message holds one of these, in small letters; empty for every message
    unless: tuple[str, ...]  # not where the message holds one of these, in small letters
    ends: frozenset[str]
    excuses: frozenset[str]
    excused_for: int  # nanoseconds from the recovery on
    kinds: frozenset[str] = frozenset()  # only troubles of these kinds of their class; empty for all

    @property
    def concerns(self) -> frozenset[str]:
        """The classes that it ends or excuses."""
        return self.ends | self.excuses

    def speaks(self, event: EventHead) -> bool:
        """Whether an event of one of the reasons is this recovery."""
        if not (self.says or self.unless) or event.kubernetes is None:
            return True
        message = event.kubernetes.message.lower()
        is_said = not self.says or any(word in message for word in self.says)
        return is_said and not any(word in message for word in self.unless)


def read_recovery(name: str, located: Located, classes: Mapping[str, object], problems: list[Problem]) -> Recovery:
    """The recovery written here; what is wrong with it becomes problems."""
    reader = Reader(located, problems, ("reasons", "says", "unless", "ends", "kinds", "excuses", "for", "because"))
    text = reader.text("for", "")
    excused_for = duration_of(text) if text else 0
    if excused_for is None or excused_for > EXCUSED_MAX:
        reader.complain(reader.member("for"), f"for {text!r} is not a time up to 5m", "Write it as 60s or 2m")
        excused_for = 0
    if not _texts(reader, "reasons"):
        reader.complain(None, f"the recovery {name} lacks reasons", "List the reasons of Kubernetes' events")
    for key in ("ends", "excuses"):
        member = reader.member(key)
        for item in member.items() if member is not None else ():
            if item.value not in classes:
                reader.complain(item, f"there is no class {item.plain()!r}", suggestion(str(item.value), classes))
    return Recovery(
        name=name,
        reasons=_texts(reader, "reasons"),
        says=tuple(word.lower() for word in _texts(reader, "says")),
        unless=tuple(word.lower() for word in _texts(reader, "unless")),
        ends=frozenset(_texts(reader, "ends")),
        excuses=frozenset(_texts(reader, "excuses")),
        excused_for=excused_for,
        kinds=frozenset(_texts(reader, "kinds")),
    )


class Recoveries(msgspec.Struct, frozen=True):
    """All of them, by the reason of the event and by the class that they end or excuse."""

    by_reason: Mapping[str, tuple[Recovery, ...]]
    by_class: Mapping[str, tuple[Recovery, ...]]

    @staticmethod
    def of(recoveries: Mapping[str, Recovery]) -> "Recoveries":
        """Index them."""
        by_reason: dict[str, list[Recovery]] = {}
        by_class: dict[str, list[Recovery]] = {}
        for name in sorted(recoveries):
            recovery = recoveries[name]
            for reason in recovery.reasons:
                by_reason.setdefault(reason, []).append(recovery)
            for symptom_class in sorted(recovery.concerns):
                by_class.setdefault(symptom_class, []).append(recovery)
        return Recoveries(
            by_reason={reason: tuple(found) for reason, found in by_reason.items()},
            by_class={symptom_class: tuple(found) for symptom_class, found in by_class.items()},
        )

    def told_by(self, event: EventHead) -> tuple[tuple[Recovery, Reference], ...]:
        """The recoveries that an event tells, and of which object; mostly none, at the price of a look-up."""
        if event.kubernetes is None:
            return ()
        found = self.by_reason.get(event.kubernetes.reason)
        if found is None:
            return ()
        about = about_of(event)
        # What befalls a revision is often told of its workload.
        named = (about, workload_of(event, about)) if about.scheme == "ReplicaSet" else (about,)
        return tuple((recovery, reference) for recovery in found if recovery.speaks(event) for reference in named)


def _texts(reader: Reader, key: str) -> tuple[str, ...]:
    member = reader.member(key)
    return tuple(str(item.value) for item in member.items()) if member is not None else ()
