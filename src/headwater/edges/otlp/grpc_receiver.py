"""
OTLP over gRPC; needs the extra `headwater[otlp]`.

Answers once what matters is stored, with partial success where something was refused; RESOURCE_EXHAUSTED with RetryInfo, which is what
exporters understand as back-pressure, while nothing can be stored.
"""

from collections.abc import Awaitable, Callable
from hmac import compare_digest
from types import TracebackType
from typing import Any, NoReturn

import grpc
import grpc.aio
from opentelemetry.proto.collector.logs.v1.logs_service_pb2_grpc import LogsServiceServicer, add_LogsServiceServicer_to_server
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceServicer, add_TraceServiceServicer_to_server

from headwater.edges.http.receiving import ListenError, ListenOptions
from headwater.edges.otlp.http_receiver import EventStore, take_and_store
from headwater.edges.otlp.intake import TelemetryIntake
from headwater.edges.otlp.read_protobuf import logs_answer, read_logs, read_traces, traces_answer
from headwater.edges.otlp.status import encoded_status
from headwater.edges.otlp.telemetry import Received

_RESOURCE_EXHAUSTED = 8
_RETRY_SECONDS = 5
_GRACE_SECONDS = 3.0


class GrpcReceiver:
    """Serves OTLP's trace and logs services; use it in an `async with`."""

    def __init__(self, options: ListenOptions, intake: TelemetryIntake, store: EventStore, now: Callable[[], int]) -> None:
        self._options = options
        self._server = grpc.aio.server(
            maximum_concurrent_rpcs=options.requests_max,
            options=[("grpc.max_receive_message_length", options.body_bytes_max), ("grpc.so_reuseport", 0)],
        )
        taker = _Taker(options, intake, store, now)
        add_TraceServiceServicer_to_server(_Traces(taker), self._server)
        add_LogsServiceServicer_to_server(_Logs(taker), self._server)
        self.port = 0

    @property
    def address(self) -> str:
        """Where it listens, `HOST:PORT`."""
        return f"{self._options.host}:{self.port}"

    async def __aenter__(self) -> "GrpcReceiver":
        host = f"[{self._options.host}]" if ":" in self._options.host else self._options.host
        where = f"{host}:{self._options.port}"
        try:
            self.port = self._server.add_insecure_port(where)
        except RuntimeError as error:
            raise ListenError(f"cannot listen on {where}; stop what listens there, or give another address") from error
        await self._server.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._server.stop(_GRACE_SECONDS)


class _Taker:
    def __init__(self, options: ListenOptions, intake: TelemetryIntake, store: EventStore, now: Callable[[], int]) -> None:
        self._token = options.token
        self._intake, self._store, self._now = intake, store, now

    async def take(self, received: Received, context: Any) -> None:
        """Store what matters, or end the call with why not."""
        if not await take_and_store(self._intake, self._store, received, self._now()):
            text = "nothing can be stored just now: NATS is away or full; send it again"
            details = encoded_status(_RESOURCE_EXHAUSTED, text, retry_seconds=_RETRY_SECONDS)
            await _abort(context, grpc.StatusCode.RESOURCE_EXHAUSTED, text, (("grpc-status-details-bin", details),))

    async def check(self, context: Any) -> None:
        """End a call that does not bring the token."""
        if not self._token:
            return
        given = next((value for name, value in context.invocation_metadata() or () if name == "authorization"), "")
        scheme, _, token = str(given).partition(" ")
        if scheme.lower() != "bearer" or not compare_digest(token.strip().encode(), self._token.encode()):
            await _abort(context, grpc.StatusCode.UNAUTHENTICATED, "send the receiver's token as `authorization: Bearer TOKEN`")


class _Traces(TraceServiceServicer):  # type: ignore[misc]
    def __init__(self, taker: _Taker) -> None:
        self._taker = taker

    async def Export(self, request: Any, context: Any) -> Any:  # noqa: N802  (the service's own name)
        await self._taker.check(context)
        return await _answered(read_traces(request), traces_answer, self._taker.take, context)


class _Logs(LogsServiceServicer):  # type: ignore[misc]
    def __init__(self, taker: _Taker) -> None:
        self._taker = taker

    async def Export(self, request: Any, context: Any) -> Any:  # noqa: N802  (the service's own name)
        await self._taker.check(context)
        return await _answered(read_logs(request), logs_answer, self._taker.take, context)


async def _answered(
    received: Received, answer: Callable[[Received], Any], take: Callable[[Received, Any], Awaitable[None]], context: Any
) -> Any:
    await take(received, context)
    return answer(received)


async def _abort(context: Any, code: Any, text: str, metadata: tuple[tuple[str, bytes], ...] = ()) -> NoReturn:
    await context.abort(code, text, metadata)
    raise AssertionError("abort raises")
