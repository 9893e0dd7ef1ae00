"""Spans and log records as far as Headwater reads them, bounded and checked; which encoding they came in is gone here."""

from collections.abc import Callable, Iterable
from enum import IntEnum
from re import compile as compile_pattern
from typing import Any, NamedTuple

import msgspec

from headwater.model.texts import clean_text

Value = str | int | float | bool

ITEMS_MAX = 20_000
"""Spans or log records of one request; those after are rejected as partial success says."""
TEXT_CHARACTERS_MAX = 512
"""Of an attribute; a longer one is cut, as are messages and names."""
MESSAGE_CHARACTERS_MAX = 2_048
NAME_CHARACTERS_MAX = 200

_TRACE_ID = compile_pattern(r"(?!0{32})[0-9a-f]{32}").fullmatch
_SPAN_ID = compile_pattern(r"(?!0{16})[0-9a-f]{16}").fullmatch

PEER_NAMES = ("peer.service", "server.address", "net.peer.name", "network.peer.address", "net.peer.ip", "net.sock.peer.addr")
"""Who was called, the most telling first."""
STATUS_NAMES = ("http.response.status_code", "http.status_code")

SPAN_ATTRIBUTES = frozenset(
    {
        *PEER_NAMES, *STATUS_NAMES, "server.port", "net.peer.port", "http.request.method", "http.method", "http.route", "rpc.system",
        "rpc.service", "rpc.method", "rpc.grpc.status_code", "rpc.response.status_code", "db.system", "db.system.name", "messaging.system",
        "messaging.destination.name", "error.type", "exception.type", "exception.message", "k8s.pod.name", "k8s.namespace.name",
    }
)  # fmt: skip
"""What is read of a span or a log record. Addresses of users, queries and headers are not: they are nobody's business here."""

SOURCE_ATTRIBUTES = frozenset(
    {
        "service.name", "service.namespace", "service.version", "service.instance.id", "deployment.environment.name", "container.id",
        "k8s.cluster.name", "k8s.namespace.name", "k8s.pod.name", "k8s.pod.uid", "k8s.node.name", "k8s.container.name",
        "k8s.deployment.name", "k8s.statefulset.name", "k8s.daemonset.name", "k8s.job.name", "k8s.cronjob.name", "k8s.replicaset.name",
    }
)  # fmt: skip
"""What is read of a resource."""


class SpanKind(IntEnum):
    """OTLP's numbers."""

    UNSPECIFIED = 0
    INTERNAL = 1
    SERVER = 2
    CLIENT = 3
    PRODUCER = 4
    CONSUMER = 5


CALLING = frozenset({SpanKind.CLIENT, SpanKind.PRODUCER})
CALLED = frozenset({SpanKind.SERVER, SpanKind.CONSUMER})
STATUS_ERROR = 2
SEVERITY_ERROR = 17
"""The least of OTLP's severity numbers that is an error."""


class Source(msgspec.Struct, frozen=True):
    """Who sent it: a resource."""

    service: str
    attributes: dict[str, Value]

    def __getitem__(self, name: str) -> str:
        value = self.attributes.get(name, "")
        return value if isinstance(value, str) else ""


class Span(NamedTuple):
    """One operation."""

    source: Source
    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: int
    started_at: int
    ended_at: int
    status: int
    message: str
    attributes: dict[str, Value]
    exception_type: str = ""
    exception_message: str = ""

    @property
    def duration(self) -> int:
        """Nanoseconds, never negative."""
        return max(0, self.ended_at - self.started_at)

    @property
    def peer(self) -> str:
        """Whom it called; "" where it called nobody or does not say."""
        if self.kind not in CALLING:
            return ""
        return next((str(self.attributes[name]) for name in PEER_NAMES if self.attributes.get(name)), "")

    @property
    def http_status(self) -> int:
        """The HTTP status code; 0 where there is none."""
        return next((code for name in STATUS_NAMES if isinstance(code := self.attributes.get(name), int)), 0)


class LogRecord(NamedTuple):
    """One line."""

    source: Source
    occurred_at: int
    severity: int
    severity_text: str
    body: str
    trace_id: str
    span_id: str
    attributes: dict[str, Value]


class Received(NamedTuple):
    """What a request held, and what of it was refused."""

    spans: list[Span]
    logs: list[LogRecord]
    rejected: int = 0
    reason: str = ""  # of the first that was refused


class UnreadableRequestError(ValueError):
    """The body is not what its content type says."""


def source_of(attributes: dict[str, Value]) -> Source:
    """The sender with these attributes; OpenTelemetry's own word where it has no name."""
    name = attributes.get("service.name")
    return Source(clean_text(name, NAME_CHARACTERS_MAX) if isinstance(name, str) and name else "unknown_service", attributes)


def kept(pairs: Iterable[tuple[str, Any]], wanted: frozenset[str], plain: Callable[[Any], Value | None]) -> dict[str, Value]:
    """Those attributes that are read, as plain values; the last of equal names counts."""
    attributes: dict[str, Value] = {}
    for name, value in pairs:
        if name in wanted:
            found = plain(value)
            if found is not None:
                attributes[name] = clean_text(found, TEXT_CHARACTERS_MAX) if isinstance(found, str) else found
    return attributes


def flaw_of(trace_id: str, span_id: str, *, is_needed: bool) -> str:
    """What is wrong with these ids; "" if nothing. A log record needs none."""
    if not is_needed and not trace_id and not span_id:
        return ""
    if not _TRACE_ID(trace_id):
        return f"trace id {trace_id[:40]!r} is not 16 bytes, or is zero"
    if (is_needed or span_id) and not _SPAN_ID(span_id):
        return f"span id {span_id[:24]!r} is not 8 bytes, or is zero"
    return ""


class Collecting:
    """Gathers spans and log records of one request, and counts what is refused."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.logs: list[LogRecord] = []
        self._rejected = 0
        self._reason = ""

    def add_span(self, span: Span) -> None:
        """Take a span, or refuse it."""
        flaw = flaw_of(span.trace_id, span.span_id, is_needed=True) or self._over_limit(len(self.spans))
        if flaw:
            self._refuse(flaw)
        else:
            self.spans.append(span)

    def add_log(self, record: LogRecord) -> None:
        """Take a log record, or refuse it. Ids that are none are left out: the line is worth more than its trace."""
        flaw = self._over_limit(len(self.logs))
        if flaw:
            self._refuse(flaw)
            return
        if flaw_of(record.trace_id, record.span_id, is_needed=False):
            record = record._replace(trace_id="", span_id="")
        self.logs.append(record)

    def done(self) -> Received:
        """All of it."""
        return Received(self.spans, self.logs, self._rejected, self._reason)

    def _over_limit(self, count: int) -> str:
        return f"at most {ITEMS_MAX} are taken at once: send smaller batches" if count >= ITEMS_MAX else ""

    def _refuse(self, flaw: str) -> None:
        self._rejected += 1
        self._reason = self._reason or flaw
