"""Symptoms, occurrences and vertices made for a test, with what it does not say filled in."""

from headwater.causes.rules import Rule
from headwater.correlation.occurrences import Occurrence, join, occurrence_of
from headwater.correlation.vertices import Edge, Vertex, VertexKey, sort_key_of
from headwater.model.entities import Entity, Reference
from headwater.model.identity import observation_hash
from headwater.model.severity import Severity
from headwater.model.symptoms import Symptom
from headwater.model.times import seconds
from headwater.testing.bare_objects import entity, instant
from headwater.testing.playback import packaged_knowledge


def symptom(
    second: float = 0,
    symptom_class: str = "svc.timeout",
    about: str = "api",
    peer: str = "",
    *,
    event_id: str = "",
    onset: float | None = None,
    severity: Severity = Severity.WARNING,
    trace: str = "",
    source: str = "otel",
    text: str = "timeout",
    detail: str = "",
) -> Symptom:
    """A symptom of a service that happened at a second."""
    event_id = event_id or f"{symptom_class}-{about}-{second}"
    return Symptom(
        symptom_class=symptom_class,
        about=Reference("default", "Service", "shop", about),
        peer=Reference("default", "Service", "shop", peer) if peer else None,
        occurred_at=instant(second),
        onset=instant(second if onset is None else onset),
        severity=severity,
        trace_id=trace,
        event_id=event_id,
        source=source,
        observation=observation_hash(source, event_id, b""),
        text=text,
        detail=detail,
    )


def occurrence(*symptoms: Symptom) -> Occurrence:
    """One session of these."""
    found = occurrence_of(symptoms[0])
    for each in symptoms[1:]:
        join(found, occurrence_of(each))
    return found


def vertex(
    second: float,
    symptom_class: str,
    about: str,
    peer: str = "",
    *,
    unit: str = "",
    count: int = 1,
    traces: tuple[str, ...] = (),
    last: float | None = None,
    services: tuple[str, ...] = (),
    number: int = 0,
    detail: str = "",
) -> Vertex:
    """A vertex about `Kind/name`, of one occurrence unless its class is virtual."""
    known = packaged_knowledge().catalogue.classes[symptom_class]
    key = VertexKey(_entity(about), symptom_class, _entity(peer) if peer else None)
    end = second if last is None else last
    told = [
        symptom(second if n == 0 else end, symptom_class, about, peer, event_id=f"{symptom_class} {about} {n}", trace=trace, detail=detail)
        for n, trace in zip(range(max(count, len(traces), 1)), (*traces, *[""] * count, ""), strict=False)
    ]
    occurrences = [] if known.is_virtual else [occurrence(*told)]
    return Vertex(
        key=key,
        symptom_class=known,
        onset=instant(second),
        first=instant(second),
        last=instant(end),
        occurrences=occurrences,
        services=tuple(_entity(each) for each in services),
        peer_services=(_entity(peer),) if peer else (),
        unit=_entity(unit or about),
        sort_key=sort_key_of(key, instant(second), instant(second)),
        number=number or id_of(key, second),
    )


def id_of(key: VertexKey, second: float) -> int:
    """A number of its own for each vertex of a test."""
    return observation_hash(str(key), str(second), b"") % 2**31


def link(cause: Vertex, effect: Vertex, weight: float = 0.6, rule: str = "") -> None:
    """A possible step from one to the other."""
    name = rule or f"{cause.key.symptom_class}>{effect.key.symptom_class}"
    effect.causes = [*effect.causes, Edge(cause, effect, name, (), weight, effect.onset - cause.onset)]
    cause.effects = {**cause.effects, effect.number: effect}


def rule(cause: str, effect: str, *path: str, lag: tuple[float, float, float] = (-5, 10, 60), probability: float = 0.6) -> Rule:
    """A rule of the test's own."""
    low, typical, high = (seconds(each) for each in lag)
    return Rule(f"{cause}>{effect}", cause, effect, path, probability, low, typical, high, "")


def _entity(shorthand: str) -> Entity:
    kind, _, name = shorthand.partition("/")
    return entity(kind, name)
