"""A collector whose account may publish events and nothing else, as the page on NATS recommends."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from headwater.edges.nats.embedded import find_binary
from headwater.edges.nats.errors import RequestError
from headwater.model.events import UnifiedEvent
from headwater.service.settings import ConnectionSettings, Settings
from headwater.service.wiring import TRACES, open_client

pytestmark = pytest.mark.nats

USERS = """
authorization { users = [
  {user: all, password: all}
  {user: collector, password: collector, permissions: {publish: ["traces.>"], subscribe: ["_INBOX.>"]}}
] }
"""


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    """A server with an account for everything and one for collectors."""
    ports, path = tmp_path / "ports", tmp_path / "server.conf"
    ports.mkdir()
    store = json.dumps(str(tmp_path / "store"))
    path.write_text(f'listen: "127.0.0.1:-1"\nports_file_dir: {json.dumps(str(ports))}\njetstream {{ store_dir: {store} }}\n{USERS}')
    process = await asyncio.create_subprocess_exec(find_binary({}), "--config", path, stderr=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(20):
            while not any(file.stat().st_size for file in ports.iterdir()):  # noqa: ASYNC110  # it is another process that writes
                await asyncio.sleep(0.01)
        (url,) = json.loads(next(ports.iterdir()).read_text())["nats"]
        yield url
    finally:
        process.terminate()
        await process.wait()


def settings_for(user: str, url: str) -> Settings:
    return Settings(nats=ConnectionSettings(url=url, user=user, password=user))


async def test_a_collector_needs_no_more_than_to_publish(url: str) -> None:
    async with asyncio.timeout(60), open_client(settings_for("all", url)) as everything:
        await everything.prepare()
        async with open_client(settings_for("collector", url)) as client:
            with pytest.raises(RequestError):
                await client.prepare()
            (remark,) = await client.prepare_if_allowed()
            assert "could not be looked at" in remark
            async with client.publisher() as publisher:
                await publisher.publish_many([UnifiedEvent(id=f"oom-{number}", source="ebpf") for number in range(3)])
        (traces,) = (report for report in await everything.stream_reports() if report.name == TRACES)
        assert traces.messages == 3


async def test_an_account_that_may_look_prepares_as_ever(url: str) -> None:
    async with asyncio.timeout(60), open_client(settings_for("all", url)) as client:
        assert await client.prepare_if_allowed() == await client.prepare() == []
