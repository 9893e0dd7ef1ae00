"""Lines of a journal become an incident of their node."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from headwater.edges.nats.embedded import EmbeddedServer
from headwater.model.results import decode_result
from headwater.service.clock import WallClock
from headwater.service.collect_journal import collect_journal
from headwater.service.engine import load_knowledge, make_runtime
from headwater.service.settings import EngineSettings, JournalSettings, Settings
from headwater.service.wiring import Feed, open_client

pytestmark = pytest.mark.nats


def line_of(**fields: str) -> str:
    entry = {"__CURSOR": "s=1;i=2", "__REALTIME_TIMESTAMP": str(WallClock().now() // 1_000), "_HOSTNAME": "worker-1", "_PID": "1"}
    return json.dumps(entry | fields)


async def test_a_failed_container_runtime_becomes_an_incident_of_its_node(nats_server: EmbeddedServer, tmp_path: Path) -> None:
    path = tmp_path / "journal.json"
    failed = {"UNIT": "containerd.service", "MESSAGE_ID": "d9b373ed55a64feb8242e02dbe79a49c", "UNIT_RESULT": "oom-kill"}
    path.write_text(line_of(MESSAGE="containerd.service: Failed with result 'oom-kill'.", **failed) + "\n")
    stop = asyncio.Event()
    async with asyncio.timeout(60), open_client(Settings(), server=nats_server.options) as client, asyncio.TaskGroup() as tasks:
        await client.prepare()
        runtime = make_runtime(EngineSettings(topology_wait_seconds=0), load_knowledge(""), await client.engine_connections("default"))
        tasks.create_task(runtime.run(stop))
        await collect_journal(client, JournalSettings(file=str(path)), stop)
        async for message in client.follow(Feed.RESULTS, start_at=WallClock().now() - 60 * 10**9):
            result = decode_result(message.data)
            break
        stop.set()
    assert result.cause is not None
    assert (result.cause.symptom_class, result.cause.entity) == ("node.runtime", "default/Node//worker-1")


@pytest.mark.skipif(shutil.which("journalctl") is None, reason="no journalctl is installed")
async def test_the_real_journal_is_followed_until_stopped(nats_server: EmbeddedServer) -> None:
    stop = asyncio.Event()
    async with asyncio.timeout(60), open_client(Settings(), server=nats_server.options) as client, asyncio.TaskGroup() as tasks:
        await client.prepare()
        following = tasks.create_task(collect_journal(client, JournalSettings(), stop))
        await asyncio.wait((following,), timeout=0.5)
        assert not following.done()
        stop.set()
