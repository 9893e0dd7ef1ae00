"""The collector over HTTP and NATS, without Alertmanager: back-pressure and recovery."""

import asyncio

import aiohttp
import msgspec
import pytest

from headwater.edges.nats.connection import connect
from headwater.edges.nats.embedded import EmbeddedServer
from headwater.edges.nats.streams import ensure_streams
from headwater.model.times import format_time
from headwater.service import event_relay
from headwater.service.clock import WallClock
from headwater.service.collect_alertmanager import collect_alertmanager
from headwater.service.settings import AlertmanagerSettings, Settings
from headwater.service.wiring import Feed, open_client

pytestmark = pytest.mark.nats


def body_of(name: str) -> bytes:
    alert = {"status": "firing", "labels": {"alertname": name}, "startsAt": format_time(WallClock().now())}
    return msgspec.json.encode({"version": "4", "alerts": [alert]})


async def test_while_nats_is_away_alerts_are_turned_away_and_taken_when_it_is_back(
    nats_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_relay, "PATIENCE_SECONDS", 0.3)
    stop = asyncio.Event()
    url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.timeout(60), connect(nats_server.options) as connection:
        await ensure_streams(connection)
        async with open_client(Settings(), server=nats_server.options) as client, asyncio.TaskGroup() as tasks:
            settings = AlertmanagerSettings(listen="127.0.0.1:0")
            tasks.create_task(collect_alertmanager(client, settings, stop, listening=url.set_result))
            async with aiohttp.ClientSession() as session:
                async with session.post(await url, data=body_of("Before")) as response:
                    assert response.status == 200
                await connection.api("STREAM.DELETE.TRACES")
                body = body_of("During")
                async with session.post(await url, data=body) as response:
                    assert (response.status, response.headers["Retry-After"]) == (503, "5")
                await ensure_streams(connection)
                while True:
                    async with session.post(await url, data=body) as response:
                        if response.status == 200:
                            break
            async for message in client.follow(Feed.EVENTS, start_at=WallClock().now() - 60 * 10**9):
                assert b"During" in message.data
                break
            stop.set()
