"""The story on a real server, with its own names and with others: live and from the stream, byte for byte the same findings."""

import asyncio
import json
from collections.abc import Mapping
from re import compile as compile_pattern
from typing import Any

import msgspec
import pytest
from tests.e2e.program import STORY
from tests.integration.service.test_runtime import ENGINE, KNOWLEDGE, running, told

from headwater.edges.nats.embedded import EmbeddedServer
from headwater.model.objects import ObjectVersion
from headwater.model.results import CorrelationResult, finding_bytes
from headwater.service.engine import system_maker
from headwater.service.event_lines import event_line
from headwater.service.replay import Replay, replay_stream
from headwater.service.settings import Settings
from headwater.service.wiring import Client, open_client
from headwater.testing.demo_shop import demo_cluster
from headwater.testing.kubernetes_objects import cluster_objects
from headwater.topology.loader import K8sRelationshipLoader

pytestmark = pytest.mark.nats

OWN_NAMES: dict[str, str] = {}
OTHER_NAMES = {
    "mysql": "postgres",
    "mysqld": "postgres",
    "api": "backend",
    "frontend": "storefront",
    "production": "prod-eu",
    "abc": "x7k2p",
}
_WORD = compile_pattern(r"[A-Za-z0-9]+")


class Shape(msgspec.Struct, frozen=True):
    """What the contract promises of the story."""

    type: str
    severity: str
    root_cause: str
    entity: str
    owner: str
    related_events: list[str]
    services: list[str]
    pods: int
    remediation: str
    verdict: str
    pattern: str


def shape_of(result: CorrelationResult) -> Shape:
    return Shape(
        result.type, result.severity, result.root_cause, result.cause.entity, result.cause.owner, result.related_events,
        result.impact.services, result.impact.pods, result.remediation, result.verdict, result.pattern,
    )  # fmt: skip


def renamed(content: Any, names: Mapping[str, str]) -> Any:
    """The same content, every whole word that has another name called by it."""
    return json.loads(_WORD.sub(lambda word: names.get(word[0], word[0]), json.dumps(content)))


def versions(names: Mapping[str, str], *, replicas_fewer: int) -> list[ObjectVersion]:
    cluster = demo_cluster()
    for app in ("frontend", "api")[:replicas_fewer]:
        cluster.workloads[app].pods.pop()
    return K8sRelationshipLoader().versions(renamed(list(cluster_objects(cluster)), names))


async def told_live(client: Client, names: Mapping[str, str], pods: int) -> CorrelationResult:
    async with running(client), client.publisher() as publisher:
        for event in STORY:
            line = event_line(json.dumps(renamed(event, names)).encode(), now=0)
            await publisher.publish_raw(line.data, event_id=line.event_id, source=line.source, trace_id=line.trace_id)
        await publisher.flush()
        return await told(client, lambda result: len(result.related_events) == len(STORY) and result.impact.pods == pods)


async def replayed(client: Client) -> list[CorrelationResult]:
    replay = Replay(system_maker(ENGINE, KNOWLEDGE)(None))
    events, topology = await client.events(), await client.topology()
    try:
        await replay_stream(replay, events, topology)
    finally:
        await events.close()
        await topology.close()
    replay.settle()
    return replay.incidents(also_ended=True)


async def both_ways(server: EmbeddedServer, names: Mapping[str, str], *, replicas_fewer: int) -> Shape:
    async with open_client(Settings(), server=server.options) as client, asyncio.timeout(60):
        await client.prepare()
        await client.publish_versions(versions(names, replicas_fewer=replicas_fewer))
        live = await told_live(client, names, 15 - replicas_fewer)
        (again,) = await replayed(client)
    assert again.id == live.id
    assert finding_bytes(again) == finding_bytes(live)
    return shape_of(live)


async def test_the_story_is_found_again_byte_for_byte(nats_server: EmbeddedServer) -> None:
    shape = await both_ways(nats_server, OWN_NAMES, replicas_fewer=0)
    assert shape.root_cause == "mysql-pod-abc OOM at 10:00:00"
    assert shape.related_events == ["mysql-pod-abc OOM", "api timeout to mysql-service", "frontend 503 from api-service"]
    assert (shape.type, shape.remediation, shape.pods) == ("cascading_failure", "increase mysql memory limits", 15)


async def test_with_other_names_and_two_replicas_fewer_it_has_the_same_shape(nats_server: EmbeddedServer, tmp_path_factory: Any) -> None:
    other = await both_ways(nats_server, OTHER_NAMES, replicas_fewer=2)
    async with EmbeddedServer(tmp_path_factory.mktemp("own"), sync_always=False) as server:
        own = await both_ways(server, OWN_NAMES, replicas_fewer=0)
    assert other.pods == 13
    expected = renamed(msgspec.to_builtins(own), OTHER_NAMES) | {"pods": 13}
    assert msgspec.to_builtins(other) == expected
