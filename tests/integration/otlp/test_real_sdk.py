"""The real OpenTelemetry SDK sends by gRPC and by HTTP, and what it tells becomes an incident of the engine."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

pytest.importorskip("opentelemetry.sdk", reason="the OpenTelemetry SDK is not installed")

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context

from headwater.edges.nats.embedded import EmbeddedServer
from headwater.model.events import UnifiedEvent, validate_event
from headwater.model.results import CorrelationResult, decode_result
from headwater.service.clock import WallClock
from headwater.service.collect_otlp import Listening, collect_otlp
from headwater.service.engine import load_knowledge, make_runtime
from headwater.service.settings import EngineSettings, OtlpSettings, Settings
from headwater.service.wiring import Client, Feed, open_client

pytestmark = pytest.mark.nats

TOKEN = "a token of this test"
MINUTE = 60 * 10**9
ExporterMaker = Callable[[Listening], SpanExporter]


def grpc_exporter(where: Listening) -> SpanExporter:
    return GrpcExporter(endpoint=where.grpc, insecure=True, headers={"authorization": f"Bearer {TOKEN}"}, timeout=5)


def http_exporter(where: Listening) -> SpanExporter:
    headers = {"authorization": f"Bearer {TOKEN}"}
    return HttpExporter(endpoint=f"{where.http}/v1/traces", headers=headers, timeout=5, compression=Compression.Gzip)


@pytest.fixture
async def client(nats_server: EmbeddedServer) -> AsyncIterator[Client]:
    async with open_client(Settings(), server=nats_server.options) as client:
        await client.prepare()
        yield client


@asynccontextmanager
async def collecting(client: Client, *, interval_seconds: float = 1.0) -> AsyncIterator[Listening]:
    stop = asyncio.Event()
    where: asyncio.Future[Listening] = asyncio.get_running_loop().create_future()
    settings = OtlpSettings(listen="127.0.0.1:0", grpc_listen="127.0.0.1:0", token=TOKEN, interval_seconds=interval_seconds)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(collect_otlp(client, settings, stop, listening=where.set_result))
        yield await where
        stop.set()


def resource(service: str) -> Resource:
    return Resource({"service.name": service, "k8s.namespace.name": "shop", "k8s.pod.name": f"{service}-1", "k8s.node.name": "n1"})


@contextmanager
def tracer(service: str, exporter: SpanExporter) -> Iterator[Any]:
    provider = TracerProvider(resource=resource(service), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield provider.get_tracer("test")


def failing_shop(exporter: SpanExporter) -> None:
    """The frontend calls the API, which waits for MySQL in vain; three times, as an SDK would tell it."""
    with tracer("frontend", exporter) as frontend, tracer("api", exporter) as api:
        for _ in range(3):
            request = frontend.start_span("GET /", kind=SpanKind.SERVER)
            call = frontend.start_span(
                "GET", context=set_span_in_context(request), kind=SpanKind.CLIENT, attributes={"server.address": "api"}
            )
            served = api.start_span("GET /orders", context=set_span_in_context(call), kind=SpanKind.SERVER)
            query = api.start_span("SELECT", context=set_span_in_context(served), kind=SpanKind.CLIENT)
            query.set_attributes({"db.system.name": "mysql", "server.address": "mysql", "db.query.text": "SELECT secret"})
            query.record_exception(TimeoutError("timed out after 5 s"))
            query.set_status(Status(StatusCode.ERROR, "timed out after 5 s"))
            query.end()
            for span, code in ((served, 500), (call, 500), (request, 503)):
                span.set_attribute("http.response.status_code", code)
                span.set_status(Status(StatusCode.ERROR))
                span.end()


def healthy_shop(exporter: SpanExporter) -> None:
    with tracer("frontend", exporter) as frontend, tracer("api", exporter) as api:
        request = frontend.start_span("GET /", kind=SpanKind.SERVER)
        call = frontend.start_span("GET", context=set_span_in_context(request), kind=SpanKind.CLIENT, attributes={"server.address": "api"})
        api.start_span("GET /orders", context=set_span_in_context(call), kind=SpanKind.SERVER).end()
        call.end()
        request.end()


async def stored(client: Client, count: int) -> list[UnifiedEvent]:
    events: list[UnifiedEvent] = []
    async for message in client.follow(Feed.EVENTS, start_at=WallClock().now() - MINUTE):
        events.append(validate_event(message.data))
        if len(events) == count:
            return events
    return events


async def results(client: Client) -> AsyncIterator[CorrelationResult]:
    async for message in client.follow(Feed.RESULTS, start_at=WallClock().now() - MINUTE):
        yield decode_result(message.data)


@pytest.mark.parametrize("exporter", [grpc_exporter, http_exporter])
async def test_failing_calls_become_an_incident(client: Client, exporter: ExporterMaker) -> None:
    stop = asyncio.Event()
    runtime = make_runtime(EngineSettings(topology_wait_seconds=0), load_knowledge(""), await client.engine_connections("default"))
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        tasks.create_task(runtime.run(stop))
        async with collecting(client) as where:
            await asyncio.to_thread(failing_shop, exporter(where))
            async for result in results(client):
                classes = {member.symptom_class for member in result.members}
                if {"svc.timeout", "svc.5xx"} <= classes:
                    break
        stop.set()


async def test_an_error_is_told_with_what_matters_and_nothing_else(client: Client) -> None:
    async with asyncio.timeout(60), collecting(client, interval_seconds=300) as where:
        await asyncio.to_thread(failing_shop, grpc_exporter(where))
        events = await stored(client, 12)
    query = events[0]
    assert query.attributes is not None
    assert query.trace_context is not None
    assert query.id == f"{query.trace_context.trace_id}-{query.trace_context.span_id}"
    assert query.attributes["server.address"] == "mysql"
    assert query.attributes["exception.type"] == "TimeoutError"
    assert "db.query.text" not in query.attributes
    assert query.k8s_context is not None
    assert (query.k8s_context.kind, query.k8s_context.name, query.k8s_context.node_name) == ("Pod", "api-1", "n1")


async def test_healthy_traffic_tells_only_who_calls_whom(client: Client) -> None:
    async with asyncio.timeout(60), collecting(client) as where:
        await asyncio.to_thread(healthy_shop, http_exporter(where))
        (event,) = await stored(client, 1)
    assert event.semantic is not None
    assert event.attributes is not None
    assert event.semantic.intent == "trace.edge_stats"
    assert (event.attributes["service.name"], event.attributes["peer.service"]) == ("frontend", "api")


@pytest.mark.filterwarnings("ignore:`LoggingHandler`:DeprecationWarning")
async def test_an_exception_that_is_logged_is_told(client: Client) -> None:
    async with asyncio.timeout(60), collecting(client) as where:
        provider = LoggerProvider(resource=resource("api"), shutdown_on_exit=False)
        exporter = OTLPLogExporter(endpoint=f"{where.http}/v1/logs", headers={"authorization": f"Bearer {TOKEN}"})
        provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
        logger = logging.Logger("shop")
        logger.addHandler(LoggingHandler(logger_provider=provider))

        def log() -> None:
            logger.warning("nothing to see")
            try:
                raise ConnectionRefusedError("connection refused by mysql:3306")
            except ConnectionRefusedError:
                logger.exception("cannot read orders")

        await asyncio.to_thread(log)
        (event,) = await stored(client, 1)
    assert event.application is not None
    assert (event.message, event.application.error_type) == ("cannot read orders", "ConnectionRefusedError")


async def test_who_brings_no_token_is_turned_away(client: Client) -> None:
    async with asyncio.timeout(60), collecting(client) as where:
        for exporter in (GrpcExporter(endpoint=where.grpc, insecure=True), HttpExporter(endpoint=f"{where.http}/v1/traces")):
            with tracer("api", exporter) as api:
                span = api.start_span("GET", kind=SpanKind.SERVER)
                span.end()
            assert await asyncio.to_thread(exporter.export, [span]) is SpanExportResult.FAILURE
