"""The signal catalogue: raw event → symptoms. The mapping is data, compiled once; healthy traffic costs a few look-ups."""

from collections.abc import Iterator, Mapping

import msgspec

from headwater.model.entities import SCHEMES, Reference
from headwater.model.heads import EventHead
from headwater.model.identity import observation_hash
from headwater.model.located_yaml import KnowledgeError, Located, Problem, load_located
from headwater.model.symptoms import Symptom
from headwater.signals.classes import SymptomClass, read_class
from headwater.signals.details import Table, is_mark, read_table
from headwater.signals.dispatch import Dispatch, key_problem
from headwater.signals.facts import Facts
from headwater.signals.onsets import onset_of, onset_spread_of, repeats_of
from headwater.signals.peers import call_between
from headwater.signals.reading import Reader
from headwater.signals.recoveries import Recoveries, read_recovery
from headwater.signals.signal import Signal, read_signal
from headwater.signals.templates import line_of
from headwater.signals.weights import weight_of

_NONE: tuple[Symptom, ...] = ()


class Catalogue(msgspec.Struct, frozen=True):
    """All classes and signals, ready to be asked."""

    classes: Mapping[str, SymptomClass]
    signals: Mapping[str, Signal]
    dispatch: Dispatch
    recoveries: Recoveries

    @staticmethod
    def from_texts(texts: Mapping[str, str]) -> "Catalogue":
        """
        Compile these files, in their order; an entry replaces an earlier one of its id or name.

        Raises KnowledgeError with every problem found.
        """
        problems: list[Problem] = []
        documents = _documents(texts, problems)
        classes: dict[str, SymptomClass] = {}
        for document in documents:
            for name, located in document.entries("classes"):
                read = read_class(name, located, classes, problems)
                if read is not None:
                    classes[name] = read
        tables = {name: read_table(located, problems) for document in documents for name, located in document.entries("details")}
        signals = _signals(documents, classes, tables, problems)
        recoveries = {
            name: read_recovery(name, located, classes, problems)
            for document in documents
            for name, located in document.entries("recoveries")
        }
        if problems:
            raise KnowledgeError(problems)
        return Catalogue(classes=classes, signals=signals, dispatch=Dispatch.of(signals.values()), recoveries=Recoveries.of(recoveries))

    @property
    def names(self) -> frozenset[str]:
        """What a condition may name: each class, and each kind of it that a signal tells, as `class/kind`."""
        kinds = (f"{signal.symptom_class.name}/{detail}" for signal in self.signals.values() for detail in signal.details)
        return frozenset((*self.classes, *kinds))

    def symptoms_of(self, event: EventHead, data: bytes, *, occurred_at: int, trace_id: str) -> tuple[Symptom, ...]:
        """What an event shows to be wrong. `data` is the JSON it was decoded from."""
        if not self.dispatch.may_speak(event):
            return _NONE
        facts = Facts(event)
        found = [_symptom(signal, facts, data, occurred_at=occurred_at, trace_id=trace_id) for signal in self._speaking(facts)]
        return tuple(found) if found else _NONE

    def signals_of(self, event: EventHead) -> tuple[str, ...]:
        """The ids of the signals that would speak, for people who ask why."""
        return tuple(signal.id for signal in self._speaking(Facts(event))) if self.dispatch.may_speak(event) else ()

    def _speaking(self, facts: Facts) -> Iterator[Signal]:
        """The first signal that fits, and each additional one. Names that a pattern captured hold until the next is asked for."""
        has_spoken = False
        for signal in self.dispatch.candidates(facts):
            if (signal.is_additional or not has_spoken) and signal.fits(facts):
                has_spoken = has_spoken or not signal.is_additional
                yield signal

    def call_of(self, event: EventHead) -> tuple[Reference, Reference] | None:
        """Who calls whom, where an event says so: a span or edge statistics with service.name and a peer."""
        attributes = event.attributes
        if attributes is None or event.type == "log" or "alertname" in attributes:
            return None
        if "peer.service" not in attributes and "server.address" not in attributes:
            return None
        caller = attributes.get("service.name")
        if not isinstance(caller, str) or not caller:
            if event.entity is None or event.entity.type != "service" or not event.entity.name:
                return None
            caller = event.entity.name
        return call_between(event, caller)


def _documents(texts: Mapping[str, str], problems: list[Problem]) -> list[Reader]:
    documents: list[Reader] = []
    for file, text in texts.items():
        try:
            documents.append(Reader(load_located(file, text), problems, ("classes", "details", "signals", "recoveries")))
        except KnowledgeError as error:
            problems.extend(error.problems)
    return documents


def _signals(
    documents: list[Reader], classes: Mapping[str, SymptomClass], tables: Mapping[str, Table], problems: list[Problem]
) -> dict[str, Signal]:
    entries: dict[str, Located] = {}
    for document in documents:
        entries.update(document.entries("signals"))
    signals: dict[str, Signal] = {}
    for order, (id, located) in enumerate(entries.items()):  # noqa: A001
        signal = read_signal(id, located, classes, problems, tables)
        if signal is None:
            continue
        problem = key_problem(signal) if signal.when else None
        if problem is not None:
            problems.append(located.problem(f"the signal {id} {problem[0]}", problem[1]))
        signals[id] = msgspec.structs.replace(signal, order=order)
    return signals


def _symptom(signal: Signal, facts: Facts, data: bytes, *, occurred_at: int, trace_id: str) -> Symptom:
    about, peer, event = signal.about(facts), signal.peer(facts), facts.event
    assert about is not None  # else the signal would not fit
    # A service account may have its workload's name, a host that has it is the workload's own.
    if peer is not None and peer.name == about.name and (peer == about or peer.scheme in SCHEMES):
        peer = None
    detail = signal.detail(facts)
    facts.detail = "" if is_mark(detail) else detail
    onset = onset_of(facts.attributes, occurred_at, gap=signal.symptom_class.gap, pending=signal.pending)
    return Symptom(
        symptom_class=signal.symptom_class.name,
        about=about,
        peer=peer,
        occurred_at=occurred_at,
        onset=onset,
        onset_spread=onset_spread_of(facts.attributes),
        severity=signal.severity,
        trace_id=trace_id,
        event_id=event.id,
        source=event.source,
        observation=observation_hash(event.source, event.id, data),
        text=signal.phrase(facts, peer.name if peer is not None else ""),
        detail=detail,
        repeats=repeats_of(facts.attributes, occurred_at, onset),
        line=_line_of(facts),
        weight=weight_of(signal.weight, facts, occurred_at),
    )


def _line_of(facts: Facts) -> int:
    """The template of what a program wrote; what Kubernetes, the kernel and detectors say is told apart by their classes."""
    event = facts.event
    is_written = event.type == "log" or (event.application is not None and event.application.message)
    return line_of(facts["message"], facts["error_type_raw"]) if is_written and facts["level"] else 0
