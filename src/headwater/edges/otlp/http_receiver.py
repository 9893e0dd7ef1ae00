"""
OTLP over HTTP: /v1/traces and /v1/logs, in protobuf or JSON, answered in the encoding that was asked.

200 once what matters is stored, with partial success where something was refused; 503 with Retry-After while nothing can be stored.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from headwater.edges.http.receiving import Answer, Handler, ReceivedRequest, come_back_later
from headwater.edges.otlp.intake import TelemetryIntake
from headwater.edges.otlp.read_json import logs_from_json, traces_from_json
from headwater.edges.otlp.status import encoded_status
from headwater.edges.otlp.telemetry import Received, UnreadableRequestError
from headwater.model.events import UnifiedEvent

TRACES_PATH = "/v1/traces"
LOGS_PATH = "/v1/logs"
_JSON = "application/json"
_PROTOBUF = "application/x-protobuf"
_INVALID_ARGUMENT = 3
_BUSY = "nothing can be stored just now: NATS is away or full; send it again"


class EventStore(Protocol):
    """Where events go."""

    async def store(self, events: Sequence[UnifiedEvent]) -> bool:
        """Whether all are stored; False where that cannot be just now."""


class _Signal(NamedTuple):
    from_json: Callable[[bytes], Received]
    from_protobuf: Callable[[bytes], Received] | None
    answer: Callable[[Received], bytes]  # in protobuf
    rejected_name: str


def otlp_routes(intake: TelemetryIntake, store: EventStore, now: Callable[[], int]) -> Mapping[str, Handler]:
    """The handlers of OTLP's paths."""

    def handler_of(signal: _Signal) -> Handler:
        async def handle(request: ReceivedRequest) -> Answer:
            return await _handle(signal, request, intake, store, now)

        return handle

    return {TRACES_PATH: handler_of(_traces()), LOGS_PATH: handler_of(_logs())}


async def take_and_store(intake: TelemetryIntake, store: EventStore, received: Received, now: int) -> bool:
    """Whether what matters of a request is stored."""
    events = intake.take(received, now)
    if not events or await store.store(events):
        return True
    intake.not_stored(events)
    return False


async def _handle(signal: _Signal, request: ReceivedRequest, intake: TelemetryIntake, store: EventStore, now: Callable[[], int]) -> Answer:
    is_json = request.content_type == _JSON
    read = signal.from_json if is_json else signal.from_protobuf
    if not is_json and request.content_type != _PROTOBUF:
        return _failed(415, f"Content-Type is {_PROTOBUF} or {_JSON}", is_json=True)
    if read is None:
        return _failed(415, "protobuf is understood with `pip install headwater[otlp]`; send JSON, or install it", is_json=True)
    try:
        received = read(request.body)
    except UnreadableRequestError as error:
        return _failed(400, str(error)[:1_000], is_json=is_json)
    if not await take_and_store(intake, store, received, now()):
        return _failed(503, _BUSY, is_json=is_json, headers=come_back_later("").headers)
    if not is_json:
        return Answer(200, signal.answer(received), _PROTOBUF)
    partial = (
        {"partialSuccess": {signal.rejected_name: str(received.rejected), "errorMessage": received.reason}} if received.rejected else {}
    )
    return Answer(200, msgspec.json.encode(partial), _JSON)


def _failed(status: int, text: str, *, is_json: bool, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with the Status message that the protocol asks for."""
    if is_json:
        return Answer(
            status, msgspec.json.encode({"code": _INVALID_ARGUMENT if status < 500 else 14, "message": text}), _JSON, headers or {}
        )
    return Answer(status, encoded_status(_INVALID_ARGUMENT if status < 500 else 14, text), _PROTOBUF, headers or {})


def _traces() -> _Signal:
    protobuf = _protobuf()
    if protobuf is None:
        return _Signal(traces_from_json, None, lambda _: b"", "rejectedSpans")
    answer = protobuf.traces_answer
    return _Signal(traces_from_json, protobuf.traces_from_protobuf, lambda received: answer(received).SerializeToString(), "rejectedSpans")


def _logs() -> _Signal:
    protobuf = _protobuf()
    if protobuf is None:
        return _Signal(logs_from_json, None, lambda _: b"", "rejectedLogRecords")
    answer = protobuf.logs_answer
    return _Signal(logs_from_json, protobuf.logs_from_protobuf, lambda received: answer(received).SerializeToString(), "rejectedLogRecords")


def _protobuf() -> Any:
    """The reader of protobuf; None without the extra, when JSON alone is understood."""
    try:
        from headwater.edges.otlp import read_protobuf
    except ImportError:
        return None
    return read_protobuf
