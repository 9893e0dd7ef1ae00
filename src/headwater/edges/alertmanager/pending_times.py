"""How long an alert's rule waited before it fired, by the rule's name: the trouble began that much earlier."""

from collections.abc import Mapping
from importlib.resources import files
from re import compile as compile_pattern
from typing import NamedTuple

from headwater.model.located_yaml import KnowledgeError, Located, Problem, load_located

FILE = "pending_times.yaml"
_DURATION = compile_pattern(r"(?:\d{1,4}h)?(?:\d{1,4}m)?(?:\d{1,6}s)?").fullmatch


class PendingTime(NamedTuple):
    """What a rule waits where the alert has these labels."""

    labels: Mapping[str, str]
    duration: str  # as Prometheus writes it, `15m`


PendingTimes = Mapping[str, tuple[PendingTime, ...]]


def pending_of(times: PendingTimes, labels: Mapping[str, str]) -> str:
    """How long the rule of an alert with these labels waited; "" where that is not known."""
    for time in times.get(labels.get("alertname", ""), ()):
        if all(labels.get(name) == value for name, value in time.labels.items()):
            return time.duration
    return ""


def shipped_pending_times() -> PendingTimes:
    """The table that comes with Headwater."""
    return parse_pending_times(FILE, files("headwater.edges.alertmanager").joinpath(FILE).read_text(encoding="utf-8"))


def parse_pending_times(file: str, text: str) -> PendingTimes:
    """The table in this text. Raises KnowledgeError with every problem."""
    problems: list[Problem] = []
    located = load_located(file, text)
    times: dict[str, tuple[PendingTime, ...]] = {}
    if not isinstance(located.value, dict):
        raise KnowledgeError([located.problem("the table is not a mapping", "Write alert names, each with its duration")])
    for name, entry in located.value.items():
        choices = entry.value if isinstance(entry.value, list) else [entry]
        times[name] = tuple(time for choice in choices if (time := _read(choice, problems)) is not None)
    if problems:
        raise KnowledgeError(problems)
    return times


def _read(entry: Located, problems: list[Problem]) -> PendingTime | None:
    duration, labels = entry, None
    if isinstance(entry.value, dict):
        unknown = sorted(set(entry.value) - {"when", "for"})
        found = entry.get("for")
        if unknown or found is None:
            problems.append(entry.problem("an entry has `for` and, if it needs one, `when`", "Write {when: {label: value}, for: 15m}"))
            return None
        duration, labels = found, entry.get("when")
    if not isinstance(duration.value, str) or not duration.value or not _DURATION(duration.value):
        problems.append(duration.problem(f"{duration.value!r} is no duration", "Write one such as 15m or 1h30m"))
        return None
    if labels is None:
        return PendingTime({}, duration.value)
    if not isinstance(labels.value, dict) or not all(isinstance(value.value, str) for value in labels.value.values()):
        problems.append(labels.problem("`when` is not a mapping of labels", "Write {label: value}, both texts"))
        return None
    return PendingTime({name: value.value for name, value in labels.value.items()}, duration.value)
