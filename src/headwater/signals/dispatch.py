"""From an event to the few signals it might fit, by dictionaries over the values of key fields; most events find none at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from re import Pattern
from typing import Any

import msgspec

from headwater.model.heads import EventHead
from headwater.signals.conditions import Condition, Test
from headwater.signals.facts import Facts
from headwater.signals.fields import WIRE_FIELDS, getter_of
from headwater.signals.mentions import mentions_any
from headwater.signals.signal import Signal
from headwater.signals.vocabulary import ALARMING_NAMES, LEVELS, STATUS_WORDS

KEY_FIELDS = (
    "kernel.syscall", "kubernetes.reason", "change", "semantic.intent", "metrics.metric_name", "alert", "error_type",
    "status_code", "status", "level",
)  # fmt: skip
"""Each signal is found by the first of these that it names values for."""

ANY = ""
"""The key of signals that take any value of their key field."""

_EARLY_FIELDS = ("change", "metrics.metric_name")
_KUBERNETES_FIELDS = ("kubernetes.reason", "change")
_STATUS_CODES = range(100, 600)
_HARMLESS_BELOW = 400
_LEVELS_ALARMING = frozenset(name for name, level in LEVELS.items() if level != "info")
_STATUSES_HARMLESS = frozenset(word for word, status in STATUS_WORDS.items() if status == "ok")
_GRPC_HARMLESS = ("0", "OK")
_AUDIBLE: dict[str, Callable[[Any], bool]] = {
    "level": lambda value: value in ("error", "warning"),
    "status": lambda value: value == "error",
    "status_code": lambda value: isinstance(value, int) and value >= _HARMLESS_BELOW,
}
"""What healthy events have instead is never looked up."""
_KEYS_CACHED_MAX = 8_192
_GETTERS = {field: getter for field in KEY_FIELDS if (getter := getter_of(field)) is not None}


class Dispatch(msgspec.Struct, frozen=True):
    """The compiled look-up: key field → value → signals."""

    buckets: Mapping[str, Mapping[Any, tuple[Signal, ...]]]
    changes: Mapping[str, frozenset[str]]  # action → kinds of objects whose change is told
    mentions: Pattern[str]  # any text that a signal of others than Kubernetes looks for in messages
    early: Mapping[tuple[str, Any], tuple[tuple[Test, ...], ...]]  # key → of each signal what is cheap to ask of the event as it is
    by_key: dict[tuple[Any, ...], tuple[Signal, ...]]  # a cache of pure results, emptied when full

    @staticmethod
    def of(signals: Iterable[Signal]) -> "Dispatch":
        """Index the signals."""
        signals = tuple(signals)
        found: dict[str, dict[Any, list[Signal]]] = {field: defaultdict(list) for field in KEY_FIELDS}
        for signal in signals:
            field, values = key_of(signal)
            for value in values:
                found[field][value].append(signal)
        changes: dict[str, list[str]] = defaultdict(list)
        for change in found["change"]:
            action, _, kind = change.partition(" ")
            changes[action].append(kind)
        buckets = {field: {value: tuple(members) for value, members in values.items()} for field, values in found.items()}
        return Dispatch(
            buckets=buckets,
            changes={action: frozenset(kinds) for action, kinds in changes.items()},
            mentions=mentions_any(_mentions(signals)),
            early={
                (field, value): tuple(tuple(_early_tests(signal)) for signal in members)
                for field in _EARLY_FIELDS
                for value, members in buckets[field].items()
            },
            by_key={},
        )

    def may_speak(self, event: EventHead) -> bool:
        """Whether an event could fit any signal: cheap, false for healthy traffic, and never false for what fits one."""
        kubernetes = event.kubernetes
        if kubernetes is not None:
            if kubernetes.reason in self.buckets["kubernetes.reason"]:
                return True
            kinds = self.changes.get(kubernetes.action)
            if kinds is None or not kubernetes.object_kind:
                return kinds is not None
            return kubernetes.object_kind in kinds and self._may_fit(event, "change", f"{kubernetes.action} {kubernetes.object_kind}")
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
        if semantic is not None and semantic.intent and semantic.intent in self.buckets["semantic.intent"]:
            return True
        if metrics is not None and self._may_fit(event, "metrics.metric_name", metrics.metric_name):
            return True
        return kernel is not None and kernel.syscall in self.buckets["kernel.syscall"]

    def _may_fit(self, event: EventHead, field: str, value: str) -> bool:
        """Whether any signal of a key is still possible: most samples are below all bounds, most updates change no specification."""
        signals = self.early.get((field, value))
        if signals is None:
            return False
        facts = Facts(event)
        for tests in signals:
            for test in tests:
                if not test(facts):
                    break
            else:
                return True
        return False

    def candidates(self, facts: Facts) -> tuple[Signal, ...]:
        """The signals that the event's key fields speak for, by precedence, each with the conditions still to be tested."""
        fields = _KUBERNETES_FIELDS if facts.event.kubernetes is not None else KEY_FIELDS
        values = [_as_key(_GETTERS[field](facts)) for field in fields]
        # Most messages mention nothing that any signal looks for: then none of those signals has to be asked.
        mentions_nothing = fields is KEY_FIELDS and self.mentions.search(facts["message_lower"]) is None
        key = (mentions_nothing, *values)
        found = self.by_key.get(key)
        if found is None:
            found = tuple(self._candidates(facts, fields, key))
            if len(self.by_key) >= _KEYS_CACHED_MAX:
                self.by_key.clear()
            self.by_key[key] = found
        return found

    def _candidates(self, facts: Facts, fields: tuple[str, ...], key: tuple[Any, ...]) -> list[Signal]:
        signals: list[Signal] = []
        mentions_nothing, *values = key
        for field, value in zip(fields, values, strict=True):
            if value is not None and value != "":
                signals.extend(self.buckets[field].get(value, ()))
                signals.extend(self.buckets[field].get(ANY, ()))
        signals.sort(key=_by_precedence)
        known = frozenset(fields)
        return [
            msgspec.structs.replace(signal, when=_untested(signal.when, known), unless=_untested(signal.unless, known))
            for signal in signals
            if not (mentions_nothing and any(condition.mentions for condition in signal.when))
            and all(condition.test(facts) for condition in signal.when if _is_settled(condition, known))
            and not any(condition.test(facts) for condition in signal.unless if _is_settled(condition, known))
        ]


def _is_settled(condition: Condition, known: frozenset[str]) -> bool:
    """Whether the key alone decides a condition, and nothing is lost by not testing it again."""
    return condition.field in known and not condition.captures


def _untested(conditions: tuple[Condition, ...], known: frozenset[str]) -> tuple[Condition, ...]:
    return tuple(condition for condition in conditions if not _is_settled(condition, known))


def _early_tests(signal: Signal) -> Iterator[Test]:
    for condition in signal.when:
        if not condition.captures and (condition.field in WIRE_FIELDS or condition.field.startswith("attributes.")):
            yield condition.test


def _mentions(signals: Iterable[Signal]) -> Iterator[str]:
    for signal in signals:
        if key_of(signal)[0] not in _KUBERNETES_FIELDS:
            for condition in signal.when:
                yield from condition.mentions


def _as_key(value: Any) -> Any:
    return value if isinstance(value, str | int) else None


def key_of(signal: Signal) -> tuple[str, tuple[Any, ...]]:
    """The key field and its values by which a signal is found; `("", ())` where there is none."""
    for field in KEY_FIELDS:
        conditions = [condition for condition in signal.when if condition.field == field]
        for condition in conditions:
            if condition.values is not None:
                return field, tuple(dict.fromkeys(condition.values))
        if conditions and field == "status_code":
            return field, tuple(code for code in _STATUS_CODES if all(condition.test(_only_code(code)) for condition in conditions))
        if conditions and field in ("error_type", "alert", "semantic.intent"):
            return field, (ANY,)
    return "", ()


def key_problem(signal: Signal) -> tuple[str, str] | None:
    """Why a signal could never be found, and what to do; None where it can."""
    field, values = key_of(signal)
    if not values:
        return "would have to be asked of every event", f"Compare one of these with a value: {', '.join(KEY_FIELDS)}"
    audible = _AUDIBLE.get(field)
    silent = [value for value in values if not audible(value)] if audible is not None else []
    if silent:
        return f"asks for {field} {silent[0]}, which is healthy", "Ask for level error or warning, status error, status_code of 400 or more"
    return None


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
    if code is not None and not (isinstance(code, int) and code < _HARMLESS_BELOW):
        return True
    code = get("rpc.grpc.status_code") or get("rpc.response.status_code") or get("grpc.status_code")
    return bool(code) and code not in _GRPC_HARMLESS
