"""Times, durations, entities and severities as people read them."""

from re import compile as compile_pattern

from headwater.cli.terminal import clean
from headwater.model.entities import Entity, parse_entity
from headwater.model.results import CorrelationResult, Member
from headwater.model.severity import SEVERITY_BY_WIRE, Severity
from headwater.model.times import NANOSECONDS_PER_SECOND, InvalidTimeError, clock_of, parse_time

_ENTITY = compile_pattern(r"(?<![\w/.-])[A-Za-z0-9_.-]+/([A-Z][A-Za-z]+)/[a-z0-9.-]*/([A-Za-z0-9_.:-]+)")
_TEN_SECONDS = 10
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR

SEVERITY_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.WARNING: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "cyan",
    Severity.DEBUG: "dim",
}
VERDICT_STYLES = {"confirmed": "green", "likely": "yellow", "inconclusive": "dim"}
_PARTIAL_WORDS = {
    "occurrences": "older symptoms were forgotten",
    "members": "only its earliest symptoms were judged",
    "candidates": "not every possible cause was looked at",
    "incidents": "older incidents were forgotten",
    "base_rates": "what is usual here is known only in part",
    "lines": "which log lines are usual here is known only in part",
    "recoveries": "older recoveries were forgotten",
    "topology": "the topology is known only in part",
    "pattern_anchors": "another pattern might name it better",
    "pattern_candidates": "another pattern might name it better",
    "pattern_references": "another pattern might name it better",
}
"""What a limit that was reached means to the reader of a finding."""

STATUS_STYLES = {"open": "red", "resolved": "green", "merged": "dim", "retracted": "dim"}


def age(seconds: float) -> str:
    """As kubectl says it: 45s, 12m, 5h, 3d."""
    whole = max(0, int(seconds))
    if whole < 2 * _MINUTE:
        return f"{whole}s"
    if whole < 2 * _HOUR:
        return f"{whole // _MINUTE}m"
    if whole < 2 * _DAY:
        return f"{whole // _HOUR}h"
    return f"{whole // _DAY}d"


def lag(seconds: float) -> str:
    """A signed difference: +15s, -2.5s, +3m20s."""
    sign = "-" if seconds < 0 else "+"
    amount = abs(seconds)
    if amount < _MINUTE:
        return f"{sign}{amount:.3g}s" if amount >= _TEN_SECONDS else f"{sign}{amount:.2g}s"
    minutes, rest = divmod(round(amount), _MINUTE)
    return f"{sign}{minutes}m{rest:02d}s" if rest else f"{sign}{minutes}m"


def instant_of(text: str) -> int | None:
    """The instant of a wire time, None where there is none."""
    try:
        return parse_time(text)
    except InvalidTimeError:
        return None


def clock(text: str) -> str:
    """The time of day of a wire time."""
    instant = instant_of(text)
    return clock_of(instant) if instant is not None else "?"


def since(text: str, now: int) -> str:
    """How long ago a wire time was."""
    instant = instant_of(text)
    return age((now - instant) / NANOSECONDS_PER_SECOND) if instant is not None else "?"


def entity_of(text: str) -> Entity | None:
    """The entity written so, None where it is not one."""
    try:
        return parse_entity(text)
    except ValueError:
        return None


def entity_name(text: str) -> str:
    """`Kind/name`."""
    entity = entity_of(text)
    return entity.short if entity else text


def shortened(text: str) -> str:
    """The text with entities written as `Kind/name`."""
    return _ENTITY.sub(r"\1/\2", text)


def name_of(text: str) -> str:
    """The name alone."""
    entity = entity_of(text)
    return entity.name if entity else text


def sentence_of(member: Member, length_max: int = 120) -> str:
    """What happened to what: "mysql-pod-abc OOM"."""
    return clean(f"{name_of(member.entity)} {member.text or member.symptom_class}", length_max)


def entity_place(text: str) -> str:
    """`Kind/name in namespace`."""
    entity = entity_of(text)
    if entity is None:
        return text
    return f"{entity.short} in {entity.namespace}" if entity.namespace else entity.short


def severity_style(wire: str) -> str:
    """The colour of a severity."""
    return SEVERITY_STYLES[SEVERITY_BY_WIRE.get(wire, Severity.INFO)]


def pods(count: int) -> str:
    """`1 pod`, `15 pods`."""
    return f"{count} pod{'' if count == 1 else 's'}"


def partial_of(result: CorrelationResult) -> list[str]:
    """What limits that were reached leave open, each once."""
    return list(dict.fromkeys(_PARTIAL_WORDS.get(name, clean(name, 40)) for name in result.partial))


def status_of(result: CorrelationResult) -> str:
    """The status, with what ends it."""
    return f"{result.status}, final" if result.final else result.status
