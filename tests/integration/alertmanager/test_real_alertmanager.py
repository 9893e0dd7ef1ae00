"""A real Alertmanager posts to our receiver, and its alert becomes an incident of the engine."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from headwater.edges.nats.embedded import EmbeddedServer
from headwater.model.results import CorrelationResult, decode_result
from headwater.service.clock import WallClock
from headwater.service.collect_alertmanager import collect_alertmanager
from headwater.service.engine import load_knowledge, make_runtime
from headwater.service.settings import AlertmanagerSettings, EngineSettings, Settings
from headwater.service.wiring import Client, Feed, open_client

PROGRAM = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
TOKEN = "a token of this test"

pytestmark = [
    pytest.mark.nats,
    pytest.mark.skipif(PROGRAM is None, reason="no Alertmanager is installed (Debian's package prometheus-alertmanager)"),
]


@pytest.fixture
async def client(nats_server: EmbeddedServer) -> AsyncIterator[Client]:
    async with open_client(Settings(), server=nats_server.options) as client:
        await client.prepare()
        yield client


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@asynccontextmanager
async def alertmanager(folder: Path, webhook: str) -> AsyncIterator[str]:
    """A running Alertmanager that tells this webhook; its API's URL."""
    assert PROGRAM is not None
    port = free_port()
    config = folder / "alertmanager.yml"
    config.write_text(
        "route: {receiver: headwater, group_by: [alertname], group_wait: 50ms, group_interval: 1s, repeat_interval: 1h}\n"
        f"receivers: [{{name: headwater, webhook_configs: [{{url: '{webhook}', send_resolved: true,"
        f" http_config: {{authorization: {{credentials: {TOKEN}}}}}}}]}}]\n"
    )
    process = await asyncio.create_subprocess_exec(
        PROGRAM, f"--config.file={config}", f"--storage.path={folder / 'data'}", f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=", stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(20):
            await _until_ready(url)
        yield url
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _until_ready(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(f"{url}/-/ready") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.05)


async def post_alert(url: str, labels: dict[str, str], **times: str) -> None:
    alert = {"labels": labels, "annotations": {"summary": "a node is lost"}, **times}
    async with aiohttp.ClientSession() as session, session.post(f"{url}/api/v2/alerts", json=[alert]) as response:
        assert response.status == 200, await response.text()


@asynccontextmanager
async def collecting(client: Client) -> AsyncIterator[str]:
    """The collector, running; the URL of its webhook."""
    stop = asyncio.Event()
    url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    settings = AlertmanagerSettings(listen="127.0.0.1:0", token=TOKEN)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(collect_alertmanager(client, settings, stop, listening=url.set_result))
        yield await url
        stop.set()


async def statuses(client: Client, count: int) -> list[str]:
    """What the first events on the stream say of their alerts."""
    found: list[str] = []
    async for message in client.follow(Feed.EVENTS, start_at=WallClock().now() - 60 * 10**9):
        assert message.subject == "traces.none.alertmanager"
        found.append("resolved" if b'"status":"resolved"' in message.data else "firing")
        if len(found) == count:
            return found
    return found


async def first_result(client: Client) -> CorrelationResult:
    async for message in client.follow(Feed.RESULTS, start_at=WallClock().now() - 60 * 10**9):
        return decode_result(message.data)
    raise AssertionError("the stream ended")


async def test_an_alert_of_a_real_alertmanager_becomes_an_incident(client: Client, tmp_path: Path) -> None:
    stop = asyncio.Event()
    engine = EngineSettings(topology_wait_seconds=0)
    runtime = make_runtime(engine, load_knowledge(""), await client.engine_connections("default"))
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        tasks.create_task(runtime.run(stop))
        async with collecting(client) as webhook, alertmanager(tmp_path, webhook) as url:
            await post_alert(url, {"alertname": "KubeNodeNotReady", "node": "worker-1", "severity": "warning"})
            result = await first_result(client)
            assert result.cause is not None
            assert result.cause.symptom_class == "node.notready"
            assert result.cause.entity == "default/Node//worker-1"
        stop.set()


async def test_the_end_of_an_alert_is_told_too(client: Client, tmp_path: Path) -> None:
    async with asyncio.timeout(60), collecting(client) as webhook, alertmanager(tmp_path, webhook) as url:
        labels = {"alertname": "KubeletDown", "node": "worker-1"}
        await post_alert(url, labels)
        assert await statuses(client, 1) == ["firing"]
        await post_alert(url, labels, endsAt=datetime.fromtimestamp(WallClock().now() / 1e9, UTC).isoformat())
        assert await statuses(client, 2) == ["firing", "resolved"]
