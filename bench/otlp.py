"""
The OpenTelemetry receiver: spans a second, on one core, from the bytes of a request to the events that it is worth.

Requests are seeded: traces of three services of which a share of the calls fail or are slow, 512 spans a request as batch processors send
them. "taken" is reading and judging alone, in processor time; "by gRPC" and "by HTTP" send the same requests through the loopback from the
same process, in wall time, so that the sender's work is in it.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from headwater.edges.http.receiving import HttpReceiver, ListenOptions
from headwater.edges.otlp.grpc_receiver import GrpcReceiver
from headwater.edges.otlp.http_receiver import TRACES_PATH, otlp_routes
from headwater.edges.otlp.intake import TelemetryIntake
from headwater.edges.otlp.read_protobuf import traces_from_protobuf
from headwater.model.events import UnifiedEvent
from headwater.model.times import parse_time, seconds
from headwater.testing.measuring import machine, median

START = parse_time("2026-01-05T10:00:00Z")
MILLISECOND = 1_000_000
SERVICES = ("frontend", "api", "orders")
SPANS_PER_REQUEST = 512
SERVER, CLIENT = 2, 3


class CountingStore:
    """Counts events and keeps none."""

    def __init__(self) -> None:
        self.count = 0

    async def store(self, events: Sequence[UnifiedEvent]) -> bool:
        """Count them."""
        self.count += len(events)
        return True


def requests_of(spans: int, failing: float) -> list[bytes]:
    """Requests with so many spans, of which so many in a hundred fail."""
    rng = random.Random(7)
    requests: list[bytes] = []
    for number in range(spans // SPANS_PER_REQUEST):
        request = ExportTraceServiceRequest()
        service = SERVICES[number % len(SERVICES)]
        group = request.resource_spans.add()
        for name, value in {
            "service.name": service, "k8s.namespace.name": "shop", "k8s.pod.name": f"{service}-7d4b9c6f5-x2x{number % 5}",
            "k8s.node.name": "worker-1", "telemetry.sdk.language": "go", "process.runtime.name": "go",
        }.items():  # fmt: skip
            attribute = group.resource.attributes.add()
            attribute.key, attribute.value.string_value = name, value
        scope = group.scope_spans.add()
        for _ in range(SPANS_PER_REQUEST // 2):
            trace, served, called = rng.randbytes(16), rng.randbytes(8), rng.randbytes(8)
            fails = rng.random() * 100 < failing
            milliseconds = rng.lognormvariate(2, 0.3)
            _add(scope.spans.add(), trace, called, served, CLIENT, milliseconds / 2, fails)
            _add(scope.spans.add(), trace, served, b"", SERVER, milliseconds, fails)
        requests.append(request.SerializeToString())
    return requests


def _add(span: object, trace: bytes, own: bytes, parent: bytes, kind: int, milliseconds: float, fails: bool) -> None:
    values = {
        "trace_id": trace,
        "span_id": own,
        "parent_span_id": parent,
        "kind": kind,
        "name": "GET /orders" if kind == SERVER else "SELECT",
    }
    values |= {"start_time_unix_nano": START, "end_time_unix_nano": START + round(milliseconds * MILLISECOND)}
    for name, value in values.items():
        setattr(span, name, value)
    texts = {
        "http.request.method": "GET",
        "url.path": "/orders/17",
        "user_agent.original": "Mozilla/5.0",
        "network.protocol.version": "1.1",
    }
    if kind == CLIENT:
        texts |= {"server.address": "mysql.shop.svc.cluster.local", "db.system.name": "mysql", "db.query.text": "SELECT * FROM orders"}
    for name, text in texts.items():
        attribute = span.attributes.add()  # type: ignore[attr-defined]
        attribute.key, attribute.value.string_value = name, text
    if fails:
        span.status.code, span.status.message = 2, "timed out"  # type: ignore[attr-defined]


def taken(requests: Sequence[bytes]) -> float:
    """Spans a second of processor time."""
    intake = TelemetryIntake()
    began = time.process_time()
    for number, request in enumerate(requests):
        now = START + number * seconds(0.01)
        intake.take(traces_from_protobuf(request), now)
        intake.pass_time(now)
    return len(requests) * SPANS_PER_REQUEST / (time.process_time() - began)


async def by_grpc(requests: Sequence[bytes]) -> float:
    """Spans a second of wall time, four requests at once."""
    receiver = GrpcReceiver(ListenOptions(body_bytes_max=1 << 24), TelemetryIntake(), CountingStore(), time.time_ns)
    async with receiver as server, grpc.aio.insecure_channel(server.address) as channel:
        stub = TraceServiceStub(channel)
        decoded = [ExportTraceServiceRequest.FromString(request) for request in requests]
        return await _rate(len(requests), lambda number: stub.Export(decoded[number]))


async def by_http(requests: Sequence[bytes]) -> float:
    """Spans a second of wall time, four requests at once."""
    receiver = HttpReceiver(ListenOptions(), otlp_routes(TelemetryIntake(), CountingStore(), time.time_ns))
    async with receiver as server, aiohttp.ClientSession(headers={"Content-Type": "application/x-protobuf"}) as session:

        async def send(number: int) -> None:
            async with session.post(f"{server.url}{TRACES_PATH}", data=requests[number]) as response:
                assert response.status == 200

        return await _rate(len(requests), send)


async def _rate(count: int, send: Callable[[int], Awaitable[object]]) -> float:
    numbers = iter(range(count))

    async def sender() -> None:
        for number in numbers:
            await send(number)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(4):
            tasks.create_task(sender())
    return count * SPANS_PER_REQUEST / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spans", type=int, default=50_000)
    parser.add_argument("--failing", type=float, default=1.0, help="calls in a hundred that fail")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    requests = requests_of(options.spans, options.failing)
    size = sum(map(len, requests)) / len(requests) / 1024
    print(f"{len(requests)} requests of {SPANS_PER_REQUEST} spans, {size:.0f} KiB each, median of {options.repeats} runs; {machine()}")
    print(f"  {median([taken(requests) for _ in range(options.repeats)]):>10,.0f} spans/s  taken")
    print(f"  {median([asyncio.run(by_grpc(requests)) for _ in range(options.repeats)]):>10,.0f} spans/s  by gRPC")
    print(f"  {median([asyncio.run(by_http(requests)) for _ in range(options.repeats)]):>10,.0f} spans/s  by HTTP")


if __name__ == "__main__":
    main()
