"""From an event to the few signals it might fit, by dictionaries over the values of key fields; most events find none at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from headwater.model.heads import EventHead
from headwater.signals.facts import Facts
from headwater.signals.fields import getter_of
from headwater.signals.signal import Signal
from headwater.signals.vocabulary import ALARMING_NAMES, LEVELS, STATUS_WORDS

KEY_FIELDS = (
    "kernel.syscall", "kubernetes.reason", "change", "semantic.intent", "metrics.metric_name", "alert", "error_type",
    "status_code", "status", "level",
)  # fmt: skip
"""Each signal is found by the first of these that it names values for."""

ANY = ""
"""The key of signals that take any value of their key field."""

_KUBERNETES_FIELDS = ("kubernetes.reason", "change")
_STATUS_CODES = range(100, 600)
_HARMLESS_BELOW = 400
_LEVELS_ALARMING = frozenset(name for name, level in LEVELS.items() if level != "info")
_STATUSES_HARMLESS = frozenset(word for word, status in STATUS_WORDS.items() if status == "ok")
_GETTERS = {field: getter for field in KEY_FIELDS if (getter := getter_of(field)) is not None}


class Dispatch(msgspec.Struct, frozen=True):
    """The compiled look-up: key field → value → signals."""

    buckets: Mapping[str, Mapping[Any, tuple[Signal, ...]]]
    changes: Mapping[str, frozenset[str]]  # action → kinds of objects whose change is told

    @staticmethod
    def of(signals: Iterable[Signal]) -> "Dispatch":
        """Index the signals."""
        found: dict[str, dict[Any, list[Signal]]] = {field: defaultdict(list) for field in KEY_FIELDS}
        for signal in signals:
            field, values = key_of(signal)
            for value in values:
                found[field][value].append(signal)
        changes: dict[str, list[str]] = defaultdict(list)
        for change in found["change"]:
            action, _, kind = change.partition(" ")
            changes[action].append(kind)
        return Dispatch(
            buckets={field: {value: tuple(members) for value, members in values.items()} for field, values in found.items()},
            changes={action: frozenset(kinds) for action, kinds in changes.items()},
        )

    def may_speak(self, event: EventHead) -> bool:
        """Whether an event could fit any signal: cheap, false for healthy traffic, and never false for what fits one."""
        kubernetes = event.kubernetes
        if kubernetes is not None:
            if kubernetes.reason in self.buckets["kubernetes.reason"]:
                return True
            kinds = self.changes.get(kubernetes.action)
            return kinds is not None and (not kubernetes.object_kind or kubernetes.object_kind in kinds)
        if event.severity in _LEVELS_ALARMING:
            return True
        network = event.network
        if network is not None and network.status_code and (network.status_code >= _HARMLESS_BELOW or network.status_code < 100):
            return True
        attributes = event.attributes
        if attributes and _is_alarming(attributes):
            return True
        application = event.application
        if application is not None and (application.error_type or application.level in _LEVELS_ALARMING):
            return True
        return self._has_key_of_its_own(event)

    def _has_key_of_its_own(self, event: EventHead) -> bool:
        semantic, metrics, kernel = event.semantic, event.metrics, event.kernel
        if semantic is not None and semantic.intent in self.buckets["semantic.intent"]:
            return True
        if metrics is not None and metrics.metric_name in self.buckets["metrics.metric_name"]:
            return True
        return kernel is not None and kernel.syscall in self.buckets["kernel.syscall"]

    def candidates(self, facts: Facts) -> list[Signal]:
        """The signals whose key the event holds, in order of precedence."""
        found: list[Signal] = []
        for field in _KUBERNETES_FIELDS if facts.event.kubernetes is not None else KEY_FIELDS:
            members = self.buckets[field]
            value = _GETTERS[field](facts) if members else None
            if isinstance(value, str | int) and value:
                found.extend(members.get(value, ()))
                found.extend(members.get(ANY, ()))
        found.sort(key=_by_precedence)
        return found


def key_of(signal: Signal) -> tuple[str, tuple[Any, ...]]:
    """The key field and its values by which a signal is found; `("", ())` where there is none."""
    for field in KEY_FIELDS:
        conditions = [condition for condition in signal.when if condition.field == field]
        for condition in conditions:
            if condition.values is not None:
                return field, tuple(dict.fromkeys(condition.values))
        if conditions and field == "status_code":
            return field, tuple(code for code in _STATUS_CODES if all(condition.test(_only_code(code)) for condition in conditions))
        if conditions and field in ("error_type", "alert"):
            return field, (ANY,)
    return "", ()


def _only_code(code: int) -> Facts:
    return Facts(EventHead(id="", attributes={"http.response.status_code": code}))


def _by_precedence(signal: Signal) -> tuple[int, int]:
    return (-signal.precedence, signal.order)


def _is_alarming(attributes: dict[str, Any]) -> bool:
    if not ALARMING_NAMES.isdisjoint(attributes):
        return True
    get = attributes.get
    status = get("otel.status_code") or get("status")
    if status is not None and (not isinstance(status, str) or status not in _STATUSES_HARMLESS):
        return True
    code = get("http.response.status_code") or get("http.status_code")
    return code is not None and not (isinstance(code, int) and code < _HARMLESS_BELOW)
