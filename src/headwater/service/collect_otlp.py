"""The OpenTelemetry collector: OTLP over HTTP and gRPC on ports, what went wrong to the stream."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import NamedTuple

import msgspec
import structlog

from headwater.edges.http.receiving import ListenOptions
from headwater.edges.otlp.http_receiver import LOGS_PATH, TRACES_PATH, otlp_routes
from headwater.edges.otlp.intake import TelemetryIntake
from headwater.model.times import seconds
from headwater.service.clock import Clock, WallClock
from headwater.service.config import ConfigurationError, Problem
from headwater.service.event_relay import EventRelay, open_relay
from headwater.service.listening import HttpReceiver, listen_options, warn_if_open
from headwater.service.settings import OtlpSettings
from headwater.service.wiring import Client

_TICK_SECONDS = 0.5
_BODY_BYTES_MAX = 16 * 1024 * 1024

_log = structlog.get_logger("headwater.collect")


class Listening(NamedTuple):
    """Where telemetry can be sent; "" where it cannot."""

    http: str = ""  # a URL
    grpc: str = ""  # HOST:PORT


async def collect_otlp(
    client: Client,
    settings: OtlpSettings,
    stop: asyncio.Event,
    *,
    clock: Clock | None = None,
    listening: Callable[[Listening], None] = lambda _where: None,
) -> None:
    """Receive spans and logs until `stop`. `listening` is told where, once they can be sent."""
    now = (clock or WallClock()).now
    if not settings.listen and not settings.grpc_listen:
        raise ConfigurationError([Problem("otlp.listen", "is empty, as is otlp.grpc_listen", "name an address for one of them")])
    intake = TelemetryIntake(interval=seconds(settings.interval_seconds))
    async with open_relay(client, cluster=settings.cluster) as relay, AsyncExitStack() as stack:
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        where = await _listen(settings, intake, relay, now, stack)
        _log.info("waiting for telemetry", http=where.http, grpc=where.grpc, paths=[TRACES_PATH, LOGS_PATH])
        listening(where)
        ticking = tasks.create_task(_conclude(intake, relay, now))
        await stop.wait()
        ticking.cancel()
        await relay.store(intake.pass_time(now(), is_end=True))
        _log.info(
            "stopped", **msgspec.structs.asdict(intake.counters), forgotten=intake.forgotten, relay=msgspec.structs.asdict(relay.counters)
        )


async def _listen(
    settings: OtlpSettings, intake: TelemetryIntake, relay: EventRelay, now: Callable[[], int], stack: AsyncExitStack
) -> Listening:
    http = grpc = ""
    if settings.listen:
        options = _options("otlp.listen", settings.listen, settings.token)
        server = await stack.enter_async_context(HttpReceiver(options, otlp_routes(intake, relay, now)))
        http = server.url
    if settings.grpc_listen:
        options = _options("otlp.grpc_listen", settings.grpc_listen, settings.token)
        try:
            from headwater.edges.otlp.grpc_receiver import GrpcReceiver
        except ImportError as error:
            if not settings.listen:
                raise ConfigurationError([Problem("otlp.grpc_listen", str(error), "pip install 'headwater[otlp]'")]) from error
            _log.warning("gRPC is not served: pip install 'headwater[otlp]', or leave otlp.grpc_listen empty", reason=str(error))
        else:
            receiver = await stack.enter_async_context(GrpcReceiver(options, intake, relay, now))
            grpc = receiver.address
    return Listening(http, grpc)


def _options(key: str, address: str, token: str) -> ListenOptions:
    options = listen_options(key, address, token=token, body_bytes_max=_BODY_BYTES_MAX)
    warn_if_open(options)
    return options


async def _conclude(intake: TelemetryIntake, relay: EventRelay, now: Callable[[], int]) -> None:
    """Store what falls due, until cancelled."""
    while True:
        await asyncio.sleep(_TICK_SECONDS)
        events = intake.pass_time(now())
        if events and not await relay.store(events):
            intake.not_stored(events)
