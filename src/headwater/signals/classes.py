"""Classes of symptoms: what mechanism a symptom shows, and what that mechanism is worth as a root, as evidence and alone."""

from collections.abc import Mapping

import msgspec

from headwater.model.located_yaml import Located, Problem
from headwater.model.severity import Severity
from headwater.model.times import seconds
from headwater.signals.reading import Reader, suggestion

MODALITIES = ("change", "kernel", "kubernetes", "log", "metric", "node", "service")
GAP_SECONDS_MAX = 900
"""A longer gap would keep incidents from ever becoming final in time."""

_REQUIRED = ("layer", "spontaneity", "evidence", "gap_seconds", "severity", "modality", "mechanism")
_OPTIONAL = ("usual", "user_visible")
USUAL_MAX = 1_000
_FLAGS = ("is_change", "is_virtual", "is_service", "tell_alone", "stops_hosted")


class SymptomClass(msgspec.Struct, frozen=True):
    """One mechanism. A class says how a thing fails, never which message said so."""

    name: str
    layer: int  # 0 change or infrastructure, 1 kernel or container, 2 pod, 3 service, 4 edge
    spontaneity: float  # how plausible it is as a root without a cause of its own, 0..1
    evidence: float  # how much one occurrence weighs when causes are ranked, 0..1
    gap: int  # nanoseconds of silence that end an occurrence
    severity: Severity
    modality: str  # which kind of observer sees it; one of MODALITIES
    mechanism: str  # in words, to follow "it was": "killed by the kernel for exceeding its memory limit"
    is_change: bool = False  # somebody's act, not a failure
    is_virtual: bool = False  # made by the engine, never by an event
    is_service: bool = False  # of a service: makes that service degraded
    tell_alone: bool = False  # worth telling before anything else has failed
    stops_hosted: bool = False  # of a node: whatever it hosts is affected, whether or not it has complained yet
    user_visible: tuple[str, ...] = ()  # kinds of it by which users feel it: told alone, and what an incident is judged from
    usual: float = 0.0  # how many observations an ordinary ten minutes of one entity hold, as long as its own history is short


def read_class(name: str, located: Located, earlier: Mapping[str, SymptomClass], problems: list[Problem]) -> SymptomClass | None:
    """The class written here; one that repeats an earlier class needs only the fields it changes. None where it cannot be told."""
    reader = Reader(located, problems, (*_REQUIRED, *_OPTIONAL, *_FLAGS))
    before = earlier.get(name)
    if before is None:
        missing = [key for key in _REQUIRED if reader.member(key) is None]
        if missing:
            reader.complain(None, f"the class {name} lacks {', '.join(missing)}", "A new class needs all of them")
            return None
        before = SymptomClass(name, 0, 0.0, 0.0, 0, Severity.INFO, "service", "")
    modality = reader.text("modality", before.modality)
    if modality not in MODALITIES:
        reader.complain(reader.member("modality"), f"the modality {modality!r} is unknown", suggestion(modality, MODALITIES))
    gap_seconds = reader.number("gap_seconds", -1, least=1, most=GAP_SECONDS_MAX)
    return SymptomClass(
        name=name,
        layer=int(reader.number("layer", before.layer, least=0, most=4)),
        spontaneity=reader.number("spontaneity", before.spontaneity, least=0.001, most=1),
        evidence=reader.number("evidence", before.evidence, least=0, most=1),
        gap=before.gap if gap_seconds < 0 else seconds(gap_seconds),
        severity=reader.severity("severity", before.severity),
        modality=modality,
        mechanism=reader.text("mechanism", before.mechanism),
        is_change=reader.flag("is_change", default=before.is_change),
        is_virtual=reader.flag("is_virtual", default=before.is_virtual),
        is_service=reader.flag("is_service", default=before.is_service),
        tell_alone=reader.flag("tell_alone", default=before.tell_alone),
        stops_hosted=reader.flag("stops_hosted", default=before.stops_hosted),
        user_visible=_kinds(reader, before),
        usual=reader.number("usual", before.usual, least=0, most=USUAL_MAX),
    )


def _kinds(reader: Reader, before: SymptomClass) -> tuple[str, ...]:
    member = reader.member("user_visible")
    return before.user_visible if member is None else tuple(sorted(str(item.value) for item in member.items()))
