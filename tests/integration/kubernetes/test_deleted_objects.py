"""What is deleted stays to be read, as it was, for as long as events about it are kept."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.program import Headwater
from tests.integration.kubernetes.collecting import OPTIONS, until
from tests.integration.kubernetes.fake_api import running_api
from tests.integration.kubernetes.objects import metadata, pod

from headwater.edges.kubernetes.credentials import Plain
from headwater.edges.nats.embedded import EmbeddedServer
from headwater.model.entities import DEFAULT_CLUSTER
from headwater.model.times import format_time, seconds
from headwater.service.clock import WallClock
from headwater.service.collect_kubernetes import KubernetesCollector
from headwater.service.runtime import DELETIONS_KEPT
from headwater.service.settings import KubernetesSettings, Settings
from headwater.service.wiring import open_client

pytestmark = pytest.mark.nats

DAY = seconds(86_400)


async def test_a_deleted_pod_is_shown_as_it_was_and_its_end_is_kept_for_a_day(nats_server: EmbeddedServer, tmp_path: Path) -> None:
    headwater = Headwater(tmp_path)
    headwater.environment |= {"HEADWATER_NATS": nats_server.url, "HEADWATER_NATS_TOKEN": nats_server.options.token or ""}

    async def shown(at: int) -> Any:
        done = await asyncio.to_thread(headwater, "topology", "show", "Pod/mysql-0", "--at", format_time(at), "-o", "json")
        return json.loads(done.stdout)

    owners = [{"kind": "StatefulSet", "name": "mysql", "uid": "uid-s", "controller": True}]
    clock, stop = WallClock(), asyncio.Event()
    async with running_api() as api, open_client(Settings(), server=nats_server.options) as client:
        await client.prepare()
        api.put("StatefulSet", {"metadata": metadata("mysql", "uid-s"), "spec": {"replicas": 1}})
        api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1", ownerReferences=owners))
        async with client.collector_connections() as connections, asyncio.TaskGroup() as tasks:
            collector = KubernetesCollector(KubernetesSettings(), Plain(api.url), connections, clock, options=OPTIONS, read_seconds=0.05)
            tasks.create_task(collector.run(stop))
            await until(collector.synced.is_set)
            before = clock.now()
            stored = collector.counts.versions
            api.remove("Pod", "uid-1")
            await until(lambda: collector.counts.versions > stored)
            after = clock.now()
            stop.set()
        was, now = await shown(before), await shown(after)
        assert (was["exists"], was["owner"], now["exists"]) == (True, "default/StatefulSet/shop/mysql", False)
        assert {"relation": "runs on", "entity": "default/Node//node-a"} in was["relations"]
        assert [version["deleted"] for version in now["versions"]] == [False, True]

        # The daily care leaves it alone until nothing in TRACES can be about it any more.
        assert DELETIONS_KEPT >= DAY
        care = await client.engine_connections("default")
        await care.forget_deleted(after - DELETIONS_KEPT)
        async with client.collector_connections() as connections:
            kept = {version.name: version.deleted for version in await connections.latest_versions(DEFAULT_CLUSTER)}
        assert kept == {"mysql": False, "mysql-0": True}
