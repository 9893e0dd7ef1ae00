"""An incident as a person wants to read it at three in the morning: cause, what to do, timeline, tree, impact, doubts. In this order."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.text import Text

from headwater.cli.render_tree import tree_lines
from headwater.cli.terminal import clean, width, wrapped
from headwater.cli.tree import forest_of, observed_only
from headwater.cli.words import (
    STATUS_STYLES,
    VERDICT_STYLES,
    clock,
    entity_name,
    entity_of,
    entity_place,
    instant_of,
    lag,
    partial_of,
    pods,
    sentence_of,
    severity_style,
    shortened,
    status_of,
)
from headwater.model.entities import WORKLOAD_KINDS
from headwater.model.results import CorrelationResult, Member
from headwater.model.severity import SEVERITY_BY_WIRE, Severity
from headwater.model.times import NANOSECONDS_PER_SECOND

_LABEL_WIDTH = 12
_EXPLAINED_MAX = 32
_CONTEXT_MAX = 8
_NAMES_IN_SENTENCE_MAX = 5
_ID_LENGTH = 10
_TREE_LINES_MAX = 24
_TEXT_WIDTH_MIN, _TEXT_WIDTH_MAX = 40, 80
_MOMENT_WIDTH = 23  # of a line of the timeline: margin, time, difference, mark and gap
_NAMES_MAX = 12
_DELAY_SHOWN_MAX_MS = 3_600_000
_SERVING_KINDS = WORKLOAD_KINDS | {"Pod", "Service"}
_ROLE_MARKS = {"root": "●", "cause": "○", "symptom": "→", "context": "·"}


def incident_lines(result: CorrelationResult) -> Iterator[Text]:
    """The whole screen."""
    yield from _headline(result)
    yield Text()
    yield from _facts(result)
    yield from _remedy(result)
    yield from _timeline(result)
    if result.edges:
        yield _heading("Why")
        yield from _tree(result)
    yield from alternative_lines(result)


def _tree(result: CorrelationResult) -> Iterator[Text]:
    """What the root explains; the rest is in the timeline, and in `explain`."""
    lines = list(tree_lines(result, has_unexplained=False))
    yield from lines[:_TREE_LINES_MAX]
    left_out = [f"{len(lines) - _TREE_LINES_MAX} more steps"] if len(lines) > _TREE_LINES_MAX else []
    if unexplained := len(forest_of(result).unexplained):
        left_out.append(f"{unexplained} more {'is' if unexplained == 1 else 'are'} connected, but not explained by it")
    if left_out:
        yield Text(f"  … {'; '.join(left_out)} (headwater explain {clean(result.id[:_ID_LENGTH])})", style="dim")


def _headline(result: CorrelationResult) -> Iterator[Text]:
    line = Text()
    line.append(f" {clean(result.severity).upper()} ", style=f"{severity_style(result.severity)} reverse")
    line.append(f" {clean(result.type)}", style="bold")
    if result.pattern and result.pattern != result.type:
        line.append(f" ({clean(result.pattern)})", style="dim")
    yield line
    line = Text(f" incident {clean(result.id)}, revision {result.revision}, ", style="dim")
    line.append(clean(status_of(result)), style=STATUS_STYLES.get(result.status, ""))
    yield line
    yield Text()
    yield from _wrapped(cause_sentence(result), indent=0, style="bold")


def cause_sentence(result: CorrelationResult) -> str:
    """One sentence: what began it, and what it did."""
    affected = [service for service in result.impact.services if service not in _own_names(result)]
    sentence = clean(result.root_cause) + _what_came_of_it(result)
    if result.verdict == "inconclusive":
        sentence = f"Perhaps {sentence}"
    if affected:
        named = _listed(affected, _NAMES_IN_SENTENCE_MAX)
        # What is slow or fails now and then is felt; only what is down takes others with it.
        sentence += f"; it took {named} with it" if result.severity == Severity.CRITICAL.wire else f"; felt by {named}"
    return f"{sentence}."


def _what_came_of_it(result: CorrelationResult) -> str:
    """Of a change, which is nothing bad by itself, the gravest thing that it brought about at once."""
    root = forest_of(result).root if result.cause.symptom_class.startswith("change.") else None
    effects = [node.member for node in observed_only(root).children if node.member is not None] if root is not None else []

    def gravity(member: Member) -> tuple[bool, Severity]:
        # A failed call blames somebody else, and is further away than what is wrong by itself.
        is_failed_call = bool(member.peer) and member.symptom_class.startswith("svc.")
        return not is_failed_call, SEVERITY_BY_WIRE.get(member.severity, Severity.INFO)

    gravest = max(effects, key=gravity, default=None)
    return f": {sentence_of(gravest)}" if gravest is not None else ""


def _own_names(result: CorrelationResult) -> list[str]:
    """What impact.services calls the cause itself: the first service, where the cause is a pod, a workload or a service."""
    parts = (result.cause.owner or result.cause.entity).split("/")
    return result.impact.services[:1] if len(parts) > 1 and parts[1] in _SERVING_KINDS else []


def _facts(result: CorrelationResult) -> Iterator[Text]:
    cause = result.cause
    where = clean(entity_place(cause.entity))
    if cause.owner and cause.owner != cause.entity:
        where += f", of {clean(entity_name(cause.owner))}"
    yield from _fact("Cause", where)
    mechanism = f"{clean(cause.mechanism)} " if cause.mechanism else ""
    yield from _fact(
        "", f"{mechanism}({clean(cause.symptom_class)}{', event ' + clean(cause.event_id) if cause.event_id else ''})", style="dim"
    )
    yield from _fact("Confidence", f"{result.verdict} ({result.confidence:.2f})", style=VERDICT_STYLES.get(result.verdict, ""))
    impact = result.impact
    yield from _fact("Impact", f"{_listed(impact.services) or 'no service known'}; {pods(impact.pods)} of the affected workloads")
    places = [text for text in (_named("namespace", impact.namespaces), _named("on node", impact.nodes)) if text]
    if places:
        yield from _fact("", ", ".join(places), style="dim")
    yield from _fact("When", _when(result))
    if result.partial:
        yield from _fact("Partial", f"a limit was reached: {', '.join(partial_of(result))}", style="yellow")
    for label, other in (("Merged into", result.merged_into), ("Split from", result.split_from), ("Again", result.recurrence_of)):
        if other:
            yield from _fact(label, clean(other))


def _when(result: CorrelationResult) -> str:
    text = f"{clock(result.first_seen)} to {clock(result.last_seen)} UTC"
    day = clean(result.first_seen[:10], 10)
    # Events that were recorded long ago were not late.
    is_fresh = bool(result.detected_at) and result.detection_delay_ms < _DELAY_SHOWN_MAX_MS
    delay = f"; told {_delay(result.detection_delay_ms)} its first event" if is_fresh else ""
    return f"{day} {text}{delay}"


def _delay(milliseconds: int) -> str:
    if milliseconds < 1:
        return "with"
    return f"{milliseconds} ms after" if milliseconds < 1_000 else f"{milliseconds / 1_000:.3g} s after"


def _remedy(result: CorrelationResult) -> Iterator[Text]:
    details = result.remediation_details
    if not (result.remediation or details.steps or details.commands):
        return
    yield _heading("What to do")
    if result.remediation:
        yield from _wrapped(result.remediation, indent=2, style="bold green")
    for number, step in enumerate(details.steps, start=1):
        yield from _wrapped(f"{number}. {clean(step)}", indent=2, hanging=3)
    for command in details.commands:
        yield Text(f"  $ {clean(command, 2_000)}", style="cyan")
    if details.risk:
        yield from _wrapped(f"risk: {clean(details.risk)}", indent=2, style="dim")


def _timeline(result: CorrelationResult) -> Iterator[Text]:
    if not result.members:
        return
    yield _heading("Timeline (UTC)")
    start = _start_of(result)
    shown = _most_telling(result.members, start)
    usual = Counter(entity.namespace for member in shown if (entity := entity_of(member.entity))).most_common(1)
    places = [_place_of(member, usual[0][0] if usual else "") for member in shown]
    room = width() - _MOMENT_WIDTH - max(map(len, places))
    text_width = min(max(_TEXT_WIDTH_MIN, room), _TEXT_WIDTH_MAX, max(len(sentence_of(member)) for member in shown))
    for member, place in zip(shown, places, strict=True):
        yield _moment(member, start, text_width, place)
    left_out = len(result.members) - len(shown)
    if left_out:
        rest = " that it does not explain" if sum(member.role != "context" for member in result.members) <= _EXPLAINED_MAX else ""
        yield Text(f"  … and {left_out} more{rest} (-o json has all)", style="dim")


def _start_of(result: CorrelationResult) -> int | None:
    """When the root began; one that was only inferred has no member to say so."""
    root = next((member.first_seen for member in result.members if member.role == "root"), result.cause.time)
    earliest = min(member.first_seen for member in result.members)
    return instant_of(root or earliest)


def _most_telling(members: Sequence[Member], start: int | None) -> list[Member]:
    """What is explained, as far as it goes, and of the rest what is nearest to the start; by time."""

    def order(member: Member) -> tuple[str, int]:
        return member.first_seen, _ROLES.index(member.role) if member.role in _ROLES else len(_ROLES)

    def distance(member: Member) -> int:
        return abs((instant_of(member.first_seen) or 0) - (start or 0))

    explained = sorted(
        (member for member in members if member.role != "context"), key=lambda member: (member.role != "root", order(member))
    )
    context = sorted((member for member in members if member.role == "context"), key=distance)
    return sorted([*explained[:_EXPLAINED_MAX], *context[:_CONTEXT_MAX]], key=order)


_ROLES = ("root", "cause", "symptom", "context")


def _place_of(member: Member, usual_namespace: str) -> str:
    """Its kind, as its name is in the sentence; its namespace where that is not the usual one; how often."""
    entity = entity_of(member.entity)
    is_elsewhere = entity is not None and entity.namespace not in ("", usual_namespace)
    place = f"{entity.kind}{f' in {entity.namespace}' if is_elsewhere else ''}" if entity else ""
    times = f" ×{member.count}{'~' if member.count_is_estimated else ''}" if member.count > 1 else ""
    return clean(place + times)


def _moment(member: Member, start: int | None, text_width: int, place: str) -> Text:
    instant = instant_of(member.first_seen)
    difference = lag((instant - start) / NANOSECONDS_PER_SECOND) if instant is not None and start is not None and instant != start else ""
    style = "bold red" if member.role == "root" else "dim" if member.role == "context" else ""
    line = Text(f"  {clock(member.first_seen)} ")
    line.append(f"{difference:>7} ", style="dim")
    line.append(f"{_ROLE_MARKS.get(member.role, '·')} {sentence_of(member, text_width):<{text_width}}", style=style)
    line.append(f"  {place}", style="dim")
    return line


def alternative_lines(result: CorrelationResult) -> Iterator[Text]:
    """What else could have been the cause, and why it is not."""
    if not result.alternatives:
        return
    yield _heading("Also considered")
    said = {(member.entity, member.symptom_class): sentence_of(member) for member in reversed(result.members)}
    for other in result.alternatives:
        what = said.get((other.entity, other.symptom_class), "")
        where = f"{entity_place(other.entity)} {other.symptom_class}"
        yield from _wrapped(f"{other.share:.2f}  {f'{what} ({where})' if what else where}", indent=2, hanging=6)
        yield from _wrapped(shortened(other.why_not), indent=8, style="dim")


def _heading(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _fact(label: str, text: str, style: str = "") -> Iterator[Text]:
    margin = " " * _LABEL_WIDTH
    for number, line in enumerate(wrapped(text, margin, margin)):
        fact = Text(margin if number else f"{label:<{_LABEL_WIDTH}}", style="dim")
        fact.append(line[_LABEL_WIDTH:], style=style or "default")
        yield fact


def _wrapped(text: str, *, indent: int, hanging: int = 0, style: str = "") -> Iterator[Text]:
    first, rest = " " * indent, " " * (indent + hanging)
    yield from (Text(line, style=style) for line in wrapped(text, first, rest))


def _listed(names: Sequence[str], names_max: int = _NAMES_MAX) -> str:
    shown = [clean(name, 80) for name in names[:names_max]]
    return ", ".join(shown) + (f" and {len(names) - len(shown)} more" if len(names) > len(shown) else "")


def _named(what: str, names: Sequence[str]) -> str:
    return f"{what}{'' if len(names) == 1 else 's'} {_listed(names)}" if names else ""
