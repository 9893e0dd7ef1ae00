"""The answers of OTLP's protocol, over HTTP and gRPC: partial success, back-pressure, refusals."""

import sys
from collections.abc import Sequence

import aiohttp
import grpc
import msgspec
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2_grpc import LogsServiceStub
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from tests.unit.edges.otlp.telemetry import START
from tests.unit.edges.otlp.test_reading import LOG_JSON, SPAN_JSON, logs_json, logs_protobuf, traces_json, traces_protobuf

from headwater.edges.http.receiving import HttpReceiver, ListenError, ListenOptions
from headwater.edges.otlp.grpc_receiver import GrpcReceiver
from headwater.edges.otlp.http_receiver import LOGS_PATH, TRACES_PATH, otlp_routes
from headwater.edges.otlp.intake import TelemetryIntake
from headwater.edges.otlp.status import encoded_status
from headwater.model.events import UnifiedEvent

PROTOBUF = "application/x-protobuf"
JSON = "application/json"


class ListStore:
    """Stores in a list, unless it is away."""

    def __init__(self) -> None:
        self.events: list[UnifiedEvent] = []
        self.is_away = False

    async def store(self, events: Sequence[UnifiedEvent]) -> bool:
        if self.is_away:
            return False
        self.events += events
        return True


def receiver(store: ListStore) -> HttpReceiver:
    return HttpReceiver(ListenOptions(), otlp_routes(TelemetryIntake(), store, lambda: START))


def grpc_receiver(store: ListStore, options: ListenOptions | None = None) -> GrpcReceiver:
    return GrpcReceiver(options or ListenOptions(), TelemetryIntake(), store, lambda: START)


async def post(url: str, body: bytes, content_type: str) -> tuple[int, bytes, dict[str, str]]:
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers={"Content-Type": content_type}) as response:
        return response.status, await response.read(), dict(response.headers)


@pytest.mark.parametrize(
    ("path", "body", "content_type", "answer"),
    [
        (TRACES_PATH, traces_json(SPAN_JSON), JSON, b"{}"),
        (TRACES_PATH, traces_protobuf(), PROTOBUF, b""),
        (LOGS_PATH, logs_json(LOG_JSON), JSON + "; charset=utf-8", b"{}"),
        (LOGS_PATH, logs_protobuf(), PROTOBUF, b""),
    ],
)
async def test_what_is_taken_is_answered_in_the_same_encoding(path: str, body: bytes, content_type: str, answer: bytes) -> None:
    store = ListStore()
    async with receiver(store) as server:
        status, content, headers = await post(f"{server.url}{path}", body, content_type)
    assert (status, content) == (200, answer)
    assert headers["Content-Type"].startswith(content_type.partition(";")[0])
    assert len(store.events) == 1


async def test_what_is_refused_is_counted_in_partial_success() -> None:
    flawed = ExportTraceServiceRequest.FromString(traces_protobuf())
    flawed.resource_spans[0].scope_spans[0].spans[0].trace_id = b"short"
    async with receiver(ListStore()) as server:
        _, content, _ = await post(f"{server.url}{TRACES_PATH}", flawed.SerializeToString(), PROTOBUF)
        partial = ExportTraceServiceResponse.FromString(content).partial_success
        assert (partial.rejected_spans, "trace id" in partial.error_message) == (1, True)
        _, content, _ = await post(f"{server.url}{TRACES_PATH}", traces_json(SPAN_JSON | {"traceId": "x"}), JSON)
        assert msgspec.json.decode(content)["partialSuccess"]["rejectedSpans"] == "1"


@pytest.mark.parametrize("content_type", [JSON, PROTOBUF])
async def test_while_nothing_can_be_stored_senders_are_told_when_to_come_back(content_type: str) -> None:
    store = ListStore()
    store.is_away = True
    body = traces_json(SPAN_JSON) if content_type == JSON else traces_protobuf()
    async with receiver(store) as server:
        status, content, headers = await post(f"{server.url}{TRACES_PATH}", body, content_type)
        assert (status, headers["Retry-After"]) == (503, "5")
        message = msgspec.json.decode(content)["message"] if content_type == JSON else Status.FromString(content).message
        assert "send it again" in message
        store.is_away = False
        assert (await post(f"{server.url}{TRACES_PATH}", body, content_type))[0] == 200
    assert len(store.events) == 1


@pytest.mark.parametrize(
    ("content_type", "status"), [(JSON, 400), (PROTOBUF, 400), ("text/plain", 415), ("application/x-www-form-urlencoded", 415)]
)
async def test_what_cannot_be_read_is_refused(content_type: str, status: int) -> None:
    async with receiver(ListStore()) as server:
        assert (await post(f"{server.url}{TRACES_PATH}", b"\xff\xff\xff", content_type))[0] == status


async def test_grpc_takes_spans_and_logs() -> None:
    store = ListStore()
    async with grpc_receiver(store) as server, grpc.aio.insecure_channel(server.address) as channel:
        answer = await TraceServiceStub(channel).Export(ExportTraceServiceRequest.FromString(traces_protobuf()))
        assert answer.partial_success.rejected_spans == 0
        await LogsServiceStub(channel).Export(ExportLogsServiceRequest.FromString(logs_protobuf()))
    assert [event.type for event in store.events] == ["service", "log"]


async def test_grpc_says_that_it_is_exhausted_and_when_to_come_back() -> None:
    store = ListStore()
    store.is_away = True
    async with grpc_receiver(store) as server, grpc.aio.insecure_channel(server.address) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await TraceServiceStub(channel).Export(ExportTraceServiceRequest.FromString(traces_protobuf()))
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    details = dict(caught.value.trailing_metadata() or ())["grpc-status-details-bin"]
    assert isinstance(details, bytes)
    retry = RetryInfo()
    assert Status.FromString(details).details[0].Unpack(retry)
    assert retry.retry_delay.seconds == 5


async def test_grpc_asks_for_the_token() -> None:
    request = ExportTraceServiceRequest.FromString(traces_protobuf())
    async with grpc_receiver(ListStore(), ListenOptions(token="t")) as server, grpc.aio.insecure_channel(server.address) as channel:
        stub = TraceServiceStub(channel)
        await stub.Export(request, metadata=(("authorization", "Bearer t"),))
        for metadata in ((), (("authorization", "Bearer x"),), (("authorization", "t"),)):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await stub.Export(request, metadata=metadata)
            assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_grpc_tells_of_a_taken_port() -> None:
    async with grpc_receiver(ListStore()) as server:
        with pytest.raises(ListenError):
            async with grpc_receiver(ListStore(), ListenOptions(port=server.port)):
                pass


def test_a_status_is_what_google_reads() -> None:
    status = Status.FromString(encoded_status(14, "ü" * 100, retry_seconds=300))
    retry = RetryInfo()
    status.details[0].Unpack(retry)
    assert (status.code, status.message, retry.retry_delay.seconds) == (14, "ü" * 100, 300)


async def test_without_the_extra_json_is_taken_and_protobuf_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "headwater.edges.otlp.read_protobuf", None)
    monkeypatch.delattr("headwater.edges.otlp.read_protobuf", raising=False)
    async with receiver(ListStore()) as server:
        assert (await post(f"{server.url}{TRACES_PATH}", traces_json(SPAN_JSON), JSON))[0] == 200
        assert (await post(f"{server.url}{LOGS_PATH}", logs_json(LOG_JSON), JSON))[0] == 200
        status, content, _ = await post(f"{server.url}{TRACES_PATH}", traces_protobuf(), PROTOBUF)
    assert (status, b"headwater[otlp]" in content) == (415, True)
