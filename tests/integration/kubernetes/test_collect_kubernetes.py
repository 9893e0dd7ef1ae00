"""The collector as its users run it: on a real nats-server, started again, and beside the engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.integration.kubernetes.collecting import OPTIONS, until
from tests.integration.kubernetes.fake_api import FakeApi, running_api
from tests.integration.kubernetes.objects import Document, metadata, pod

from headwater.correlation.limits import Settings as CoreSettings
from headwater.correlation.system import CorrelationSystem
from headwater.edges.kubernetes.credentials import Plain
from headwater.edges.nats.embedded import EmbeddedServer
from headwater.model.times import format_time, seconds
from headwater.service.clock import WallClock
from headwater.service.collect_kubernetes import KubernetesCollector, collect_kubernetes
from headwater.service.config import ConfigurationError
from headwater.service.engine import load_knowledge
from headwater.service.replay import Replay, replay_stream
from headwater.service.settings import KubernetesSettings, Settings
from headwater.service.wiring import Client, open_client

pytestmark = pytest.mark.nats


@asynccontextmanager
async def collecting(client: Client, api: FakeApi) -> AsyncIterator[KubernetesCollector]:
    stop = asyncio.Event()
    async with client.collector_connections() as connections, asyncio.TaskGroup() as tasks:
        collector = KubernetesCollector(KubernetesSettings(), Plain(api.url), connections, WallClock(), options=OPTIONS, read_seconds=0.05)
        tasks.create_task(collector.run(stop))
        try:
            await until(collector.synced.is_set)
            yield collector
        finally:
            stop.set()


def crash(number: int) -> Document:
    """The status of a container that was killed for memory for the so-manieth time."""
    finished_at = format_time(WallClock().now() - seconds(10 - number))
    ended = {"exitCode": 137, "reason": "OOMKilled", "containerID": f"containerd://c{number}", "finishedAt": finished_at}
    waiting = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s"}}
    return {"containerStatuses": [{"name": "main", "restartCount": number, "state": waiting, "lastState": {"terminated": ended}}]}


async def test_a_loop_of_kills_becomes_an_incident_and_a_new_start_tells_nothing_twice(nats_server: EmbeddedServer) -> None:
    owners = [{"kind": "StatefulSet", "name": "mysql", "uid": "uid-s", "controller": True}]
    async with running_api() as api, open_client(Settings(), server=nats_server.options) as client:
        await client.prepare()
        api.put("StatefulSet", {"metadata": metadata("mysql", "uid-s", labels={"app": "mysql"}), "spec": {"replicas": 1}})
        api.put("Service", {"metadata": metadata("mysql", "uid-v"), "spec": {"selector": {"app": "mysql"}, "clusterIP": "10.96.0.7"}})
        api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1", ownerReferences=owners))
        async with collecting(client, api) as collector:
            for number in (1, 2, 3):
                api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1", status=crash(number), ownerReferences=owners))
            await until(lambda: collector.counts.events == 4)
        async with collecting(client, api) as collector:
            assert (collector.counts.events, collector.counts.versions) == (0, 0)

        replay = Replay(CorrelationSystem(load_knowledge(""), CoreSettings(domain="default")))
        events, topology = await client.events(), await client.topology()
        await replay_stream(replay, events, topology)
        replay.settle()
        await events.close()
        await topology.close()
    (incident,) = replay.incidents()
    assert incident.root_cause.startswith("mysql-0 OOMKilled")
    assert incident.impact.services == ["mysql"]
    assert incident.impact.pods == 1


async def test_credentials_that_cannot_be_used_are_a_wrong_configuration(nats_server: EmbeddedServer) -> None:
    async with open_client(Settings(), server=nats_server.options) as client:
        with pytest.raises(ConfigurationError, match="there is no kubeconfig"):
            await collect_kubernetes(client, KubernetesSettings(kubeconfig="/nowhere/config"), asyncio.Event())
