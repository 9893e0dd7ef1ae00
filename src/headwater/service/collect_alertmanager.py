"""The Alertmanager collector: its webhook on a port, its alerts to the stream."""

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from headwater.edges.alertmanager.receiver import PATH, AlertReceiver
from headwater.service.clock import Clock, WallClock
from headwater.service.event_relay import open_relay
from headwater.service.listening import HttpReceiver, listen_options, warn_if_open
from headwater.service.settings import AlertmanagerSettings
from headwater.service.wiring import Client

_log = structlog.get_logger("headwater.collect")


async def collect_alertmanager(
    client: Client,
    settings: AlertmanagerSettings,
    stop: asyncio.Event,
    *,
    clock: Clock | None = None,
    listening: Callable[[str], None] = lambda _url: None,
) -> None:
    """Receive alerts until `stop`. `listening` is told the URL for webhook_configs once it can be posted to."""
    options = listen_options("alertmanager.listen", settings.listen, token=settings.token)
    async with open_relay(client, cluster=settings.cluster) as relay:
        receiver = AlertReceiver(relay, (clock or WallClock()).now)
        async with HttpReceiver(options, {PATH: receiver.receive}) as server:
            warn_if_open(options)
            _log.info("waiting for alerts: name this URL in Alertmanager's webhook_configs", url=f"{server.url}{PATH}")
            listening(f"{server.url}{PATH}")
            await stop.wait()
        _log.info("stopped", **msgspec.structs.asdict(receiver.counters), relay=msgspec.structs.asdict(relay.counters))
