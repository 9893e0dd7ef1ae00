"""A signal: which events show which class of symptom, about whom, blaming whom, in which words; compiled from one entry of YAML."""

from collections.abc import Callable, Mapping

import msgspec

from headwater.model.entities import Reference
from headwater.model.located_yaml import Located, Problem
from headwater.model.severity import Severity
from headwater.signals.classes import SymptomClass
from headwater.signals.conditions import Condition, read_conditions
from headwater.signals.details import Detail, Table, read_detail
from headwater.signals.facts import Facts
from headwater.signals.fields import FIELD_NAMES, getter_of
from headwater.signals.onsets import ONSET_BEFORE_MAX, duration_of
from headwater.signals.peers import host_reference
from headwater.signals.phrases import Phrase, read_phrase
from headwater.signals.reading import Reader, suggestion
from headwater.signals.references import KIND_BY_TYPE, is_stated, node_of, object_reference, workload_of
from headwater.signals.weights import Weight, read_weight

KEYS = frozenset(
    {
        "class", "when", "unless", "about", "peer", "phrase", "severity", "precedence", "also", "pending", "disabled", "detail", "details",
        "container", "keys", "weight",
    }
)  # fmt: skip
PRECEDENCE_DEFAULT = 50

About = Callable[[Facts], Reference | None]
Peer = Callable[[Facts], Reference | None]


class Signal(msgspec.Struct, frozen=True):
    """One entry of the catalogue. Of the signals an event fits, the first in order of precedence speaks, and each marked `also`."""

    id: str
    symptom_class: SymptomClass
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    about: About
    peer: Peer
    phrase: Phrase
    detail: Detail
    details: frozenset[str]  # all that `detail` may be
    severity: Severity
    precedence: int  # higher first; equals in the order they were first read
    is_additional: bool
    pending: int  # nanoseconds an alert waits before it fires
    weight: Weight | None = None  # how strongly the event shows it; None where always in full
    order: int = 0

    def fits(self, facts: Facts) -> bool:
        """Whether the event shows this."""
        facts.captured = {}
        for condition in self.when:
            if not condition.test(facts):
                return False
        if any(condition.test(facts) for condition in self.unless):
            return False
        return self.about(facts) is not None


def read_signal(
    id: str,  # noqa: A002
    located: Located,
    classes: Mapping[str, SymptomClass],
    problems: list[Problem],
    tables: Mapping[str, Table] | None = None,
) -> Signal | None:
    """The signal written here, None where it is switched off or wrong."""
    reader = Reader(located, problems, KEYS)
    if reader.flag("disabled", default=False):
        return None
    symptom_class = _class_of(reader, classes)
    when, phrase = reader.member("when"), reader.member("phrase")
    for name, member in (("when", when), ("phrase", phrase)):
        if member is None:
            reader.complain(None, f"the signal {id} lacks {name}", f"Add {name}")
    if symptom_class is None or when is None or phrase is None:
        return None
    unless = reader.member("unless")
    detail, details = read_detail(reader, tables or {})
    return Signal(
        id=id,
        symptom_class=symptom_class,
        when=read_conditions(when, problems),
        unless=read_conditions(unless, problems) if unless is not None else (),
        about=_about(reader),
        peer=_peer(reader, symptom_class),
        phrase=read_phrase(phrase, problems),
        detail=detail,
        details=details,
        severity=reader.severity("severity", symptom_class.severity),
        precedence=int(reader.number("precedence", PRECEDENCE_DEFAULT, least=0, most=100)),
        is_additional=reader.flag("also", default=False),
        pending=_pending(reader),
        weight=read_weight(reader.member("weight"), problems),
    )


def _class_of(reader: Reader, classes: Mapping[str, SymptomClass]) -> SymptomClass | None:
    name = reader.text("class", "")
    found = classes.get(name)
    if found is None:
        reader.complain(reader.member("class"), f"there is no class {name!r}", suggestion(name, classes))
    elif found.is_virtual:
        reader.complain(reader.member("class"), f"the class {name} is made by the engine alone", "Use the class of what was observed")
    return found


def _pending(reader: Reader) -> int:
    text = reader.text("pending", "")
    pending = duration_of(text) if text else 0
    if pending is None or pending > ONSET_BEFORE_MAX:
        reader.complain(reader.member("pending"), f"pending {text!r} is not a time up to 15m", "Write it as 90s, 5m or 1m30s")
        return 0
    return pending


def _about(reader: Reader) -> About:
    member = reader.member("about")
    if member is None or member.value == "subject":
        return lambda facts: facts.about
    if member.value == "node":
        return lambda facts: node_of(facts.event) or (facts.about if facts.about.scheme == "Node" else None)
    if member.value == "labels":
        return lambda facts: facts.labelled
    if member.value == "workload":
        return lambda facts: workload_of(facts.event, facts.about)
    if isinstance(member.value, dict):
        return _named_object(Reader(member, reader.problems, ("kind", "name", "namespace")))
    reader.complain(
        member, f"about {member.plain()!r} is unknown", "Write subject, node, workload, labels, or {kind: Pod, name: attributes.pod}"
    )
    return lambda facts: facts.about


def _named_object(reader: Reader, *, otherwise_subject: bool = True) -> About:
    """An object whose name stands in a field; where it does not, what the event is about, or nobody."""
    kind, name = reader.text("kind", ""), reader.text("name", "")
    namespace = reader.text("namespace", "attributes.namespace")
    name_of, namespace_of = getter_of(name), getter_of(namespace)
    if kind not in KIND_BY_TYPE.values():
        reader.complain(reader.member("kind"), f"there is no kind {kind!r}", suggestion(kind, KIND_BY_TYPE.values()))
    if name_of is None or namespace_of is None:
        reader.complain(
            reader.member("name"), f"{name!r} or {namespace!r} is no field", suggestion(name, [*FIELD_NAMES, "attributes.NAME"])
        )
        return lambda facts: facts.about

    def find(facts: Facts) -> Reference | None:
        found, where = name_of(facts), namespace_of(facts)
        if not otherwise_subject and (not isinstance(found, str) or not found):
            return None
        if (otherwise_subject and facts.about.scheme == kind) or not isinstance(found, str) or not found:
            return facts.about if is_stated(facts.event) else None
        return object_reference(facts.about.cluster, kind, where if isinstance(where, str) and where else facts.about.namespace, found)

    return find


def _peer(reader: Reader, symptom_class: SymptomClass) -> Peer:
    member = reader.member("peer")
    if member is None:
        return (lambda facts: facts.peer) if symptom_class.is_service else (lambda _facts: None)
    if isinstance(member.value, dict):
        return _named_object(Reader(member, reader.problems, ("kind", "name", "namespace")), otherwise_subject=False)
    sources: list[Peer] = []
    for item in member.items():
        getter = getter_of(str(item.value))
        if item.value == "blamed":
            sources.append(lambda facts: facts.peer)
        elif item.value == "none":
            sources.append(lambda _facts: None)
        elif getter is not None:
            sources.append(_host_in(str(item.value)))
        else:
            reader.complain(item, f"peer {item.plain()!r} is unknown", "Write blamed, none, or a field that holds a host, as match.host")
    return lambda facts: next((peer for source in sources if (peer := source(facts)) is not None), None)


def _host_in(path: str) -> Peer:
    getter = getter_of(path)
    assert getter is not None

    def find(facts: Facts) -> Reference | None:
        host = getter(facts)
        return host_reference(host, facts.about) if isinstance(host, str) and host else None

    return find
