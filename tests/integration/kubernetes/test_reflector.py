"""What the collector makes of a server that pages, expires, breaks off, refuses, and changes while nobody looks."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.integration.kubernetes.collecting import Published, SetClock, collecting, health_of, until
from tests.integration.kubernetes.fake_api import FakeApi, running_api
from tests.integration.kubernetes.objects import config_map, metadata, pod, unready

from headwater.model.entities import SCHEME_ADDRESS, Entity, Reference
from headwater.model.times import parse_time, seconds
from headwater.service.settings import KubernetesSettings
from headwater.service.topology_view import graph_of

NOW = parse_time("2026-01-05T10:00:00Z")
LATER = "2026-01-05T10:00:05Z"


@pytest.fixture
async def api() -> AsyncIterator[FakeApi]:
    async with running_api() as server:
        yield server


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW + seconds(10))


@pytest.fixture
def published(clock: SetClock) -> Published:
    return Published(clock)


def named(published: Published, *, deleted: bool = False) -> list[str]:
    return [version.name for version in published.versions if version.deleted is deleted and version.kind == "Pod"]


async def test_a_long_list_comes_in_pages_and_whole(api: FakeApi, published: Published, clock: SetClock) -> None:
    for index in range(20):
        api.put("Pod", pod(f"web-{index}", f"uid-{index:02}", address=f"10.0.0.{index}"))
    async with collecting(api, published, clock):
        assert sorted(named(published)) == sorted(f"web-{index}" for index in range(20))
        pages = [query for path, query, _ in api.requests if path == "/api/v1/pods" and "limit" in query]
        assert [query.get("continue") for query in pages] == [None, "7", "14"]


async def test_changes_after_the_list_come_by_the_watch(api: FakeApi, published: Published, clock: SetClock) -> None:
    async with collecting(api, published, clock) as collector:
        api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1"))
        api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1", status=unready(LATER)))
        await until(lambda: published.reasons() == ["Unready Pod/mysql-0"])
        api.remove("Pod", "uid-1")
        await until(lambda: named(published, deleted=True) == ["mysql-0"])
        assert health_of(collector, "Pod").lists == 1
    assert published.events[0].timestamp == "2026-01-05T10:00:05.000Z"


async def test_a_kind_in_which_nothing_happens_is_read_again_as_soon_as_the_server_answers(
    api: FakeApi, published: Published, clock: SetClock
) -> None:
    async with collecting(api, published, clock) as collector:
        health = health_of(collector, "Pod")
        await until(lambda: health.watches == 1)
        api.is_away = True
        api.drop_connections()
        await until(lambda: health.state == "unavailable")
        api.is_away = False
        await until(lambda: health.state == "synced", seconds=2)
        assert (health.problem, health.lists, health.bookmarks) == ("", 1, 0)


async def test_an_expired_version_is_followed_by_one_list_that_finds_what_was_missed(
    api: FakeApi, published: Published, clock: SetClock
) -> None:
    api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1"))
    api.put("Pod", pod("redis-0", "uid-2", address="10.0.0.2"))
    async with collecting(api, published, clock) as collector:
        health = health_of(collector, "Pod")
        await until(lambda: health.watches == 1)
        api.is_away = True
        api.drop_connections()
        await until(lambda: health.state == "unavailable")
        api.remove("Pod", "uid-2")
        api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1", status=unready(LATER)))
        api.expire("Pod")
        api.is_away = False
        await until(lambda: named(published, deleted=True) == ["redis-0"])
        await until(lambda: published.reasons() == ["Unready Pod/mysql-0"])
        assert (health.expired, health.lists) == (1, 2)


async def test_a_broken_connection_is_resumed_where_it_broke_without_another_list(
    api: FakeApi, published: Published, clock: SetClock
) -> None:
    api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1"))
    async with collecting(api, published, clock) as collector:
        health = health_of(collector, "Pod")
        await until(lambda: health.watches == 1)
        api.drop_connections()
        api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1", status=unready(LATER)))
        await until(lambda: published.reasons() == ["Unready Pod/mysql-0"])
        assert (health.lists, health.failures >= 1) == (1, True)


@pytest.mark.parametrize("ending", ["expired", "closed"])
async def test_a_server_that_ends_every_watch_is_not_asked_in_a_hot_loop(
    api: FakeApi, published: Published, clock: SetClock, ending: str
) -> None:
    async with collecting(api, published, clock) as collector:
        health = health_of(collector, "Pod")
        await until(lambda: health.watches == 1)
        api.ends_watches = ending
        api.drop_connections()
        loop = asyncio.get_running_loop()
        began = loop.time()
        await until(lambda: health.watches >= 12)
        # Ten waits of a backoff that grows to 50 ms, each at least half of it.
        assert loop.time() - began > 0.2


async def test_an_object_larger_than_a_message_is_left_out_and_counted(api: FakeApi, published: Published, clock: SetClock) -> None:
    api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1"))
    many = [{"name": f"container-{index}", "image": "x" * 1_000} for index in range(1_000)]
    api.put("Pod", {"metadata": metadata("huge", "uid-2"), "spec": {"containers": many}})
    async with collecting(api, published, clock) as collector:
        assert named(published) == ["mysql-0"]
        assert collector.counts.objects_too_large == 1


async def test_bookmarks_move_the_version_that_is_resumed_from(api: FakeApi, published: Published, clock: SetClock) -> None:
    async with collecting(api, published, clock) as collector:
        health = health_of(collector, "Pod")
        api.apply("Pod", {"type": "BOOKMARK", "object": {"kind": "Pod", "metadata": {"resourceVersion": "9000"}}})
        await until(lambda: health.bookmarks == 1)
        api.drop_connections()

        def resumed() -> list[str]:
            return [query["resourceVersion"] for path, query, _ in api.requests if path == "/api/v1/pods" and "watch" in query]

        await until(lambda: resumed()[1:] == ["9000"])


async def test_a_kind_that_may_not_be_read_is_left_out_and_the_rest_goes_on(api: FakeApi, published: Published, clock: SetClock) -> None:
    api.forbidden = {"ConfigMap"}
    api.put("ConfigMap", config_map("settings", "uid-9", key="value"))
    api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1"))
    async with collecting(api, published, clock) as collector:
        assert health_of(collector, "ConfigMap").state == "forbidden"
        assert "configmaps is forbidden" in health_of(collector, "ConfigMap").problem
        assert named(published) == ["mysql-0"]
        # Rights that are given later are used without a restart.
        api.forbidden = set()
        await until(lambda: any(version.name == "settings" for version in published.versions))


async def test_rights_taken_while_watching_leave_what_was_seen(api: FakeApi, published: Published, clock: SetClock) -> None:
    api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1"))
    async with collecting(api, published, clock) as collector:
        api.forbidden = {"Pod"}
        api.drop_connections()
        await until(lambda: health_of(collector, "Pod").state == "forbidden")
        assert named(published, deleted=True) == []


async def test_secrets_are_asked_for_by_name_only_and_their_changes_name_keys(api: FakeApi, published: Published, clock: SetClock) -> None:
    def secret(written_at: str, value: str) -> dict[str, object]:
        fields = [{"manager": "kubectl", "time": written_at, "fieldsV1": {"f:data": {".": {}, "f:password": {}}}}]
        return {"metadata": metadata("credentials", "uid-7", managedFields=fields), "data": {"password": value}}

    api.put("Secret", secret("2026-01-05T09:00:00Z", "aHVudGVyMg=="))
    async with collecting(api, published, clock):
        api.put("Secret", secret(LATER, "c2VjcmV0"))
        await until(lambda: published.reasons() == ["MODIFIED secret Secret/credentials"])
    asked = {accept for path, _, accept in api.requests if path == "/api/v1/secrets"}
    assert all("as=PartialObjectMetadata" in accept for accept in asked)
    assert "password" in (published.events[0].message or "")
    stored = repr(published.inputs)
    assert "aHVudGVyMg==" not in stored
    assert "c2VjcmV0" not in stored


async def test_a_changed_config_map_names_its_keys_and_never_its_values(api: FakeApi, published: Published, clock: SetClock) -> None:
    api.put("ConfigMap", config_map("settings", "uid-9", size="256M", mode="fast"))
    async with collecting(api, published, clock):
        api.put("ConfigMap", config_map("settings", "uid-9", size="1G-confidential", mode="fast"))
        await until(lambda: published.reasons() == ["MODIFIED config ConfigMap/settings"])
    assert published.events[0].message == "ConfigMap settings changed: size"
    assert "1G-confidential" not in repr(published.inputs)


async def test_a_new_start_tells_what_happened_meanwhile_and_nothing_twice(api: FakeApi, published: Published, clock: SetClock) -> None:
    api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1"))
    api.put("Pod", pod("redis-0", "uid-2", address="10.0.0.2"))
    api.put("ConfigMap", config_map("settings", "uid-9", size="256M"))
    event = {
        "metadata": metadata("mysql-0.1", "uid-e", creationTimestamp="2026-01-05T09:59:00Z"),
        "involvedObject": {"kind": "Pod", "name": "mysql-0", "namespace": "shop", "uid": "uid-1"},
        "reason": "BackOff",
        "type": "Warning",
        "message": "Back-off restarting failed container",
        "lastTimestamp": "2026-01-05T09:59:30Z",
    }
    api.put("Event", event)
    async with collecting(api, published, clock):
        assert published.reasons() == ["BackOff Pod/mysql-0"]
    before = len(published.versions)
    async with collecting(api, published, clock) as collector:
        assert (collector.counts.events, len(published.versions)) == (0, before)
    api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1", status=unready(LATER)))
    api.put("ConfigMap", config_map("settings", "uid-9", size="1G"))
    api.remove("Pod", "uid-2")
    async with collecting(api, published, clock):
        assert sorted(published.reasons()[1:]) == ["MODIFIED config ConfigMap/settings", "Unready Pod/mysql-0"]
        assert named(published, deleted=True) == ["redis-0"]


async def test_only_the_namespaces_and_labels_that_are_wanted_are_asked_for(api: FakeApi, published: Published, clock: SetClock) -> None:
    api.by_path["/api/v1/namespaces/shop/pods"] = "Pod"
    settings = KubernetesSettings(namespaces="shop, ops", selector="team=shop")
    async with collecting(api, published, clock, settings=settings):
        paths = {path for path, _, _ in api.requests}
        assert {"/api/v1/namespaces/shop/pods", "/api/v1/namespaces/ops/pods", "/api/v1/nodes"} <= paths
        assert "/api/v1/pods" not in paths
        selectors = {path: query.get("labelSelector") for path, query, _ in api.requests}
        assert selectors["/api/v1/namespaces/shop/pods"] == "team=shop"
        assert selectors["/api/v1/nodes"] is None
        assert selectors["/api/v1/namespaces/shop/events"] is None


async def test_an_address_that_another_workload_takes_over_leads_to_each_in_its_time(
    api: FakeApi, published: Published, clock: SetClock
) -> None:
    """The new pod was made, and waited, while the old one still had the address."""
    api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.9"))
    async with collecting(api, published, clock):
        clock.at = NOW + seconds(60)
        api.remove("Pod", "uid-1")
        await until(lambda: named(published, deleted=True) == ["mysql-0"])
        clock.at = NOW + seconds(120)
        api.put("Pod", pod("batch-1", "uid-2", address="10.0.0.9", app="batch", started_at="2026-01-05T10:01:30Z"))
        await until(lambda: "batch-1" in named(published))
    graph = graph_of(published.versions)
    address = Reference("default", SCHEME_ADDRESS, "", "10.0.0.9")
    assert graph.resolve(address, NOW + seconds(30)) == Entity("default", "Pod", "shop", "mysql-0")
    assert graph.resolve(address, NOW + seconds(100)) == Entity("default", "Pod", "shop", "batch-1")
    assert graph.pods_of(Entity("default", "Node", "", "node-a"), NOW + seconds(30)) == (Entity("default", "Pod", "shop", "mysql-0"),)


async def test_the_trace_that_an_annotation_names_is_the_events_trace(api: FakeApi, published: Published, clock: SetClock) -> None:
    annotations = {"headwater.dev/trace-id": "checkout-42", "note": "dropped"}
    api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1", annotations=annotations))
    async with collecting(api, published, clock):
        api.put("Pod", pod("mysql-0", "uid-1", address="10.0.0.1", status=unready(LATER), annotations=annotations))
        await until(lambda: len(published.events) == 1)
    context = published.events[0].trace_context
    assert context is not None
    assert context.trace_id == "checkout-42"
    assert "dropped" not in repr(published.inputs)
