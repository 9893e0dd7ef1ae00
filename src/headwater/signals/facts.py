"""What a signal may ask of an event: named fields, of the wire or derived, each computed when first asked for."""

from collections.abc import Callable
from re import compile as compile_pattern
from typing import Any

from headwater.model.entities import Reference
from headwater.model.heads import EventHead, MetricsHead
from headwater.signals.labels import labelled
from headwater.signals.obstacles import obstacle_in, obstacles_in
from headwater.signals.peers import peer_of
from headwater.signals.references import NOTHING, about_of, text_at
from headwater.signals.vocabulary import (
    CHANGE_ACTIONS,
    ERROR_TYPE_NAMES,
    GRPC_CODE_NAMES,
    GRPC_CODES,
    LEVELS,
    OWN_TIME_NAMES,
    STATUS_CODE_NAMES,
    STATUS_NAMES,
    STATUS_WORDS,
    USUAL_TIME_NAMES,
)
from headwater.signals.words import MESSAGE_CHARACTERS_MAX, error_word, spaced


class Facts:
    """
    One event that may be a symptom, under questioning.

    `captured` holds the named groups of the patterns that matched, `detail` the kind that the speaking signal found.
    """

    __slots__ = ("_about", "_cache", "_peer", "_peer_known", "attributes", "captured", "detail", "event")

    def __init__(self, event: EventHead) -> None:
        self.event = event
        self.attributes = event.attributes or NOTHING
        self.captured: dict[str, str] = {}
        self.detail = ""
        self._cache: dict[str, Any] = {}
        self._about: Reference | None = None
        self._peer: Reference | None = None
        self._peer_known = False

    def __getitem__(self, name: str) -> Any:
        """The derived field of this name."""
        if name not in self._cache:
            self._cache[name] = DERIVED[name](self)
        return self._cache[name]

    @property
    def about(self) -> Reference:
        """What the event is about."""
        if self._about is None:
            self._about = about_of(self.event)
        return self._about

    @property
    def labelled(self) -> Reference | None:
        """What the labels of an alert name."""
        if "labelled" not in self._cache:
            self._cache["labelled"] = labelled(self.event)
        found: Reference | None = self._cache["labelled"]
        return found

    @property
    def peer(self) -> Reference | None:
        """Whom the event blames."""
        if not self._peer_known:
            self._peer, self._peer_known = peer_of(self.event, self.about), True
        return self._peer


def message_of(facts: Facts) -> str:
    """What the event says: at most the first 2 KiB, of the innermost part that says anything."""
    event = facts.event
    text = event.application.message if event.application is not None else ""
    if not text and event.kubernetes is not None:
        text = event.kubernetes.message
    text = text or event.message or text_at(facts.attributes, "exception.message") or text_at(facts.attributes, "otel.status_description")
    return text[:MESSAGE_CHARACTERS_MAX]


def raw_error_type_of(facts: Facts) -> str:
    """The error type as the event writes it: its own field, an attribute, or the name of a gRPC code."""
    event = facts.event
    if event.application is not None and event.application.error_type:
        return event.application.error_type
    for name in ERROR_TYPE_NAMES:
        if text := text_at(facts.attributes, name):
            return text
    code = grpc_code_of(facts)
    return GRPC_CODES[code] if code is not None and 0 < code < len(GRPC_CODES) else ""


def grpc_code_of(facts: Facts) -> int | None:
    """The gRPC status code as a number."""
    for name in GRPC_CODE_NAMES:
        value = facts.attributes.get(name)
        if isinstance(value, str) and value.upper() in GRPC_CODES:
            return GRPC_CODES.index(value.upper())
        if value is not None:
            return whole_number(value)
    network = facts.event.network
    if network is not None and network.status_code is not None and network.status_code < 100:
        return network.status_code
    return None


def error_type_of(facts: Facts) -> str:
    """The error type as one word, empty where there is none or it is a number, except an SQLSTATE's five digits."""
    raw = facts["error_type_raw"]
    is_number = raw.isdecimal() and len(raw) != SQLSTATE_CHARACTERS
    return "" if not raw or is_number or raw == "_OTHER" else error_word(raw)


def status_code_of(facts: Facts) -> int | None:
    """The HTTP status code."""
    network = facts.event.network
    if network is not None and network.status_code is not None and network.status_code >= 100:
        return network.status_code
    for name in STATUS_CODE_NAMES:
        code = whole_number(facts.attributes.get(name))
        if code is not None:
            return code
    return whole_number(facts["error_type_raw"])


def status_of(facts: Facts) -> str:
    """The status a span ended with: ok, error, or empty where it has none."""
    for name in STATUS_NAMES:
        value = facts.attributes.get(name)
        if isinstance(value, str) or (isinstance(value, int) and 0 <= value <= 9):
            return STATUS_WORDS.get(str(value), "")
    return ""


def level_of(facts: Facts) -> str:
    """The worst of what severity, application.level and a span's status say; empty for Kubernetes, metrics, the kernel and alerts."""
    event = facts.event
    if event.kubernetes is not None or event.metrics is not None or event.kernel is not None or facts["alert"]:
        return ""
    if facts["status"] == "error":
        return "error"
    own = LEVELS.get(event.severity, "")
    said = LEVELS.get(event.application.level, "") if event.application is not None else ""
    return min(own, said, key=_BADNESS.__getitem__)


def alert_of(facts: Facts) -> str:
    """The name of a firing alert."""
    name = text_at(facts.attributes, "alertname")
    return "" if text_at(facts.attributes, "status") == "resolved" else name


def alert_words_of(facts: Facts) -> str:
    """The words that the name of a firing alert is made of: `EtcdGRPCRequestsSlow` is `etcd grpc requests slow`."""
    return spaced(facts["alert"])


def lost_ms_of(facts: Facts) -> float | None:
    """
    How many milliseconds a slow span or call lost: its own time where the event tells it, else all of it, less what is usual.

    None where the event measures nothing.
    """
    own = _first_number(facts.attributes, OWN_TIME_NAMES)
    if own is None:
        network = facts.event.network
        if network is None or network.latency_ns is None:
            return None
        own = network.latency_ns / 1e6
    return own - (_first_number(facts.attributes, USUAL_TIME_NAMES) or 0.0)


def percent_of(facts: Facts) -> float | None:
    """
    The value of a metric in percent, also where it is told as a share: its unit or name says so, or it is too small.

    None where it is no share of anything: seconds, bytes, cores, counts.
    """
    metrics = facts.event.metrics
    if metrics is None or metrics.value is None or _is_amount(metrics):
        return None
    is_share = metrics.unit in SHARE_UNITS or metrics.metric_name.endswith("_ratio") or 0 <= metrics.value <= 1
    return metrics.value * 100 if is_share and metrics.unit not in PERCENT_UNITS else metrics.value


def side_of(facts: Facts) -> str:
    """On which side of what it should be a metric is, by the sentence that tells it: `below`, `above`, or empty where it does not say."""
    metrics = facts.event.metrics
    if metrics is None or metrics.value is None:
        return ""
    band = BAND(facts["message_lower"])
    if band is not None:
        return "below" if metrics.value < float(band["least"]) else "above" if metrics.value > float(band["most"]) else ""
    said = SIDE(facts["message_lower"])
    return ("below" if said[0] in BELOW else "above") if said is not None else ""


def _is_amount(metrics: MetricsHead) -> bool:
    if metrics.unit in SHARE_UNITS or metrics.unit in PERCENT_UNITS or metrics.metric_name.endswith(SHARE_ENDINGS):
        return False
    return bool(metrics.unit) or any(word in metrics.metric_name.lower() for word in AMOUNT_WORDS)


def _first_number(attributes: dict[str, Any], names: tuple[str, ...]) -> float | None:
    for name in names:
        value = attributes.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return None


def change_of(facts: Facts) -> str:
    """What happened to which kind of object, as `MODIFIED ConfigMap`; empty for Events and state transitions."""
    kubernetes = facts.event.kubernetes
    if kubernetes is None or kubernetes.action not in CHANGE_ACTIONS:
        return ""
    return f"{kubernetes.action} {kubernetes.object_kind or (facts.about.scheme)}"


def whole_number(value: Any) -> int | None:
    """A whole number, also one written as a text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 9:
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e9 else None


_NUMBER = r"-?[0-9]{1,15}(?:[.][0-9]{1,9})?(?:e[+-]?[0-9]{1,2})?"
BAND = compile_pattern(rf"expected (?:between|within|in) (?P<least>{_NUMBER}) ?(?:and|to|[.]{{2}}) ?(?P<most>{_NUMBER})").search
BELOW = ("below", "less than", "under", "fell", "dropped", "lower than", "too low")
_ABOVE = ("above", "more than", "over", "exceeds", "exceeded", "higher than", "too high")
SIDE = compile_pattern(rf"\b(?:{'|'.join((*BELOW, *_ABOVE))})\b").search
SHARE_UNITS = ("1", "ratio")
PERCENT_UNITS = ("%", "percent")
SHARE_ENDINGS = ("_ratio", "_percent", ".percent", "_percentage", "_utilization", ".utilization", "_utilisation", "_share")
AMOUNT_WORDS = ("seconds", "bytes", "cores", "_total", "_count", "_free", "_available")
"""What the names of amounts hold, that are a share of nothing."""

SQLSTATE_CHARACTERS = 5
_BADNESS = {"error": 0, "warning": 1, "info": 2, "": 3}

DERIVED: dict[str, Callable[[Facts], Any]] = {
    "alert": alert_of,
    "alert_words": alert_words_of,
    "change": change_of,
    "error_type": error_type_of,
    "error_type_raw": raw_error_type_of,
    "level": level_of,
    "lost_ms": lost_ms_of,
    "message": message_of,
    "message_lower": lambda facts: facts["message"].lower(),
    "obstacle": lambda facts: obstacle_in(facts["message_lower"]),
    "obstacles": lambda facts: ", ".join(obstacles_in(facts["message_lower"])).replace("_", " "),
    "percent": percent_of,
    "side": side_of,
    "peer": lambda facts: facts.peer.name if facts.peer is not None else None,
    "kind": lambda facts: facts.about.scheme,
    "labelled_kind": lambda facts: facts.labelled.scheme if facts.labelled is not None else "",
    "name": lambda facts: facts.about.name,
    "node": lambda facts: facts.event.k8s_context.node_name if facts.event.k8s_context is not None else "",
    "status": status_of,
    "status_code": status_code_of,
}
"""Derived fields by name."""
