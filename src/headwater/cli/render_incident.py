"""An incident as a person wants to read it at three in the morning: cause, what to do, timeline, tree, impact, doubts. In this order."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from rich.text import Text

from headwater.cli.render_tree import tree_lines
from headwater.cli.terminal import clean, width
from headwater.cli.words import (
    STATUS_STYLES,
    VERDICT_STYLES,
    clock,
    entity_name,
    entity_place,
    instant_of,
    lag,
    pods,
    sentence_of,
    severity_style,
    shortened,
    status_of,
)
from headwater.model.entities import WORKLOAD_KINDS
from headwater.model.results import CorrelationResult, Member
from headwater.model.times import NANOSECONDS_PER_SECOND

_LABEL_WIDTH = 12
_TIMELINE_MAX = 40
_TREE_LINES_MAX = 24
_TEXT_WIDTH_MAX = 64
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
        lines = list(tree_lines(result))
        yield from lines[:_TREE_LINES_MAX]
        if len(lines) > _TREE_LINES_MAX:
            yield Text(f"  … {len(lines) - _TREE_LINES_MAX} more; headwater explain {result.id[:10]} shows all", style="dim")
    yield from alternative_lines(result)


def _headline(result: CorrelationResult) -> Iterator[Text]:
    line = Text()
    line.append(f" {clean(result.severity).upper()} ", style=f"{severity_style(result.severity)} reverse")
    line.append(f" {clean(result.type)}", style="bold")
    if result.pattern and result.pattern != result.type:
        line.append(f" ({clean(result.pattern)})", style="dim")
    line.append(f"   incident {clean(result.id)}, revision {result.revision}, ", style="dim")
    line.append(clean(status_of(result)), style=STATUS_STYLES.get(result.status, ""))
    yield line
    yield Text()
    yield from _wrapped(cause_sentence(result), indent=0, style="bold")


def cause_sentence(result: CorrelationResult) -> str:
    """One sentence: what began it, and what it did."""
    affected = [service for service in result.impact.services if service not in _own_names(result)]
    sentence = clean(result.root_cause)
    if result.verdict == "inconclusive":
        sentence = f"Perhaps {sentence}"
    if affected:
        sentence += f"; it took {_listed(affected)} with it"
    return f"{sentence}."


def _own_names(result: CorrelationResult) -> list[str]:
    """What impact.services calls the cause itself: the first service, where the cause is a pod, a workload or a service."""
    parts = (result.cause.owner or result.cause.entity).split("/")
    return result.impact.services[:1] if len(parts) > 1 and parts[1] in _SERVING_KINDS else []


def _facts(result: CorrelationResult) -> Iterator[Text]:
    cause = result.cause
    where = clean(entity_place(cause.entity))
    if cause.owner and cause.owner != cause.entity:
        where += f", of {clean(entity_name(cause.owner))}"
    yield _fact("Cause", where)
    mechanism = f"{clean(cause.mechanism)} " if cause.mechanism else ""
    yield _fact("", f"{mechanism}({clean(cause.symptom_class)}{', event ' + clean(cause.event_id) if cause.event_id else ''})", style="dim")
    sure = Text(f"{result.verdict} ", style=VERDICT_STYLES.get(result.verdict, ""))
    sure.append(f"({result.confidence:.2f})", style="default")
    yield _fact("Confidence", sure)
    impact = result.impact
    yield _fact("Impact", f"{_listed(impact.services) or 'no service known'}; {pods(impact.pods)} of the affected workloads")
    places = [text for text in (_named("namespace", impact.namespaces), _named("node", impact.nodes)) if text]
    if places:
        yield _fact("", ", ".join(places), style="dim")
    yield _fact("When", _when(result))
    if result.partial:
        yield _fact("Partial", f"a limit was reached: {_listed(result.partial)}; some evidence is missing", style="yellow")
    for label, other in (("Merged into", result.merged_into), ("Split from", result.split_from), ("Again", result.recurrence_of)):
        if other:
            yield _fact(label, clean(other))


def _when(result: CorrelationResult) -> str:
    text = f"{clock(result.first_seen)} to {clock(result.last_seen)} UTC"
    day = clean(result.first_seen[:10], 10)
    # Events that were recorded long ago were not late.
    is_fresh = bool(result.detected_at) and result.detection_delay_ms < _DELAY_SHOWN_MAX_MS
    delay = f"; told {_delay(result.detection_delay_ms)} the deciding event" if is_fresh else ""
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
    members = sorted(result.members, key=lambda member: (member.first_seen, _ROLES.index(member.role) if member.role in _ROLES else 9))
    shown = members[:_TIMELINE_MAX]
    root = next((member for member in members if member.role == "root"), shown[0])
    start = instant_of(root.first_seen)
    text_width = min(_TEXT_WIDTH_MAX, max(len(sentence_of(member)) for member in shown))
    for member in shown:
        yield _moment(member, start, text_width)
    if len(members) > len(shown):
        yield Text(f"  … and {len(members) - len(shown)} more (-o json has all)", style="dim")


_ROLES = ("root", "cause", "symptom", "context")


def _moment(member: Member, start: int | None, text_width: int) -> Text:
    instant = instant_of(member.first_seen)
    difference = lag((instant - start) / NANOSECONDS_PER_SECOND) if instant is not None and start is not None and instant != start else ""
    style = "bold red" if member.role == "root" else "dim" if member.role == "context" else ""
    line = Text(f"  {clock(member.first_seen)} ")
    line.append(f"{difference:>7} ", style="dim")
    line.append(f"{_ROLE_MARKS.get(member.role, '·')} {sentence_of(member):<{text_width}}", style=style)
    times = f" ×{member.count}{'~' if member.count_is_estimated else ''}" if member.count > 1 else ""
    line.append(f"  {clean(entity_place(member.entity))}{times}", style="dim")
    return line


def alternative_lines(result: CorrelationResult) -> Iterator[Text]:
    """What else could have been the cause, and why it is not."""
    if not result.alternatives:
        return
    yield _heading("Also considered")
    for other in result.alternatives:
        line = Text(f"  {other.share:.2f}  ", style="dim")
        line.append(f"{clean(entity_place(other.entity))} {clean(other.symptom_class)}", style="default")
        yield line
        yield from _wrapped(shortened(other.why_not), indent=8, style="dim")


def _heading(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _fact(label: str, text: str | Text, style: str = "") -> Text:
    line = Text(f"{label:<{_LABEL_WIDTH}}", style="dim")
    line.append_text(text if isinstance(text, Text) else Text(text, style=style or "default"))
    return line


def _wrapped(text: str, *, indent: int, hanging: int = 0, style: str = "") -> Iterator[Text]:
    first, rest = " " * indent, " " * (indent + hanging)
    for line in wrap(clean(text, 2_000), width(), initial_indent=first, subsequent_indent=rest, break_long_words=False):
        yield Text(line, style=style)


def _listed(names: Sequence[str]) -> str:
    shown = [clean(name, 80) for name in names[:_NAMES_MAX]]
    return ", ".join(shown) + (f" and {len(names) - len(shown)} more" if len(names) > len(shown) else "")


def _named(what: str, names: Sequence[str]) -> str:
    return f"{what}{'' if len(names) == 1 else 's'} {_listed(names)}" if names else ""
