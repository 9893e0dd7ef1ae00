"""A collector that was away: what limits others and what is secret, told with the time of the change, and nothing twice."""

from typing import Any

import pytest
from tests.integration.kubernetes.collecting import Published, SetClock, collecting, until
from tests.integration.kubernetes.fake_api import FakeApi, running_api
from tests.integration.kubernetes.objects import Document, metadata

from headwater.model.times import parse_time

NOW = parse_time("2026-01-05T10:00:00Z")
WHILE_AWAY = "2026-01-05T09:57:00Z"


def written(at: str, *keys: str) -> list[Document]:
    """What the server says about who wrote what, and when."""
    return [{"manager": "kubectl", "operation": "Update", "time": at, "fieldsV1": {"f:data": {f"f:{key}": {} for key in keys}}}]


def policy(**spec: Any) -> Document:
    head = metadata("deny", "uid-n", managedFields=written(WHILE_AWAY if spec else "2026-01-05T09:00:00Z"))
    return {"metadata": head, "spec": {"podSelector": {}, **spec}}


def secret(*entries: Document) -> Document:
    return {"metadata": metadata("key", "uid-k", managedFields=list(entries))}


def hook(bundle: str, policy: str = "Fail") -> Document:
    webhook = {
        "name": "guard",
        "failurePolicy": policy,
        "clientConfig": {"caBundle": bundle, "service": {"namespace": "shop", "name": "g"}},
    }
    return {"metadata": metadata("guard", "uid-h", namespace=""), "webhooks": [webhook]}


def put_all(api: FakeApi) -> None:
    api.put("NetworkPolicy", policy())
    api.put("Secret", secret(*written("2026-01-05T09:00:00Z", "password")))
    api.put("ValidatingWebhookConfiguration", hook("old"))
    api.put("ServiceAccount", {"metadata": metadata("robot", "uid-s"), "secrets": [{"name": "token"}]})
    api.put("Service", {"metadata": metadata("api", "uid-v"), "spec": {"selector": {"app": "api"}, "ports": [{"port": 80}]}})
    quota = {"spec": {"hard": {"pods": "3"}}, "status": {"hard": {"pods": "3"}, "used": {"pods": "3"}}}
    api.put("ResourceQuota", {"metadata": metadata("tight", "uid-q"), **quota})


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


async def test_what_changed_while_the_collector_was_away_is_told_once_with_its_own_time(clock: SetClock) -> None:
    published = Published(clock)
    async with running_api() as api:
        put_all(api)
        async with collecting(api, published, clock):
            assert published.reasons() == ["QuotaReached ResourceQuota/tight"]
        async with collecting(api, published, clock) as collector:
            assert (collector.counts.events, collector.counts.versions) == (0, 0)

        api.put("NetworkPolicy", policy(ingress=[]))
        api.put("Secret", secret(*written("2026-01-05T09:00:00Z", "password"), *written(WHILE_AWAY, "token")))
        api.put("ValidatingWebhookConfiguration", hook("new"))
        api.put("NetworkPolicy", {"metadata": metadata("late", "uid-l") | {"creationTimestamp": WHILE_AWAY}, "spec": {"podSelector": {}}})
        api.remove("ServiceAccount", "uid-s")
        async with collecting(api, published, clock):
            away = published.events[1:]
            assert sorted(published.reasons()[1:]) == [
                "ADDED added NetworkPolicy/late",
                "DELETED deleted ServiceAccount/robot",
                "MODIFIED secret Secret/key",
                "MODIFIED spec NetworkPolicy/deny",
            ]
            assert {each.timestamp for each in away if "ServiceAccount" not in (each.message or "")} == {"2026-01-05T09:57:00.000Z"}
            assert [each.attributes["k8s.changed"] for each in away if each.attributes and "k8s.changed" in each.attributes] == [
                ["ingress"],
                ["token"],
            ]
        async with collecting(api, published, clock) as collector:
            assert (collector.counts.events, collector.counts.versions) == (0, 0)


async def test_what_was_told_live_is_not_told_again_by_the_next_list(clock: SetClock) -> None:
    published = Published(clock)
    async with running_api() as api:
        put_all(api)
        async with collecting(api, published, clock):
            api.put("ValidatingWebhookConfiguration", hook("old", "Ignore"))
            api.put("Service", {"metadata": metadata("api", "uid-v"), "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}})
            api.put(
                "NetworkPolicy",
                {"metadata": metadata("live", "uid-l") | {"creationTimestamp": "2026-01-05T10:00:00Z"}, "spec": {"podSelector": {}}},
            )
            api.remove("NetworkPolicy", "uid-n")
            await until(lambda: len(published.events) == 5)
        told = published.reasons()
        assert sorted(told[1:]) == [
            "ADDED added NetworkPolicy/live",
            "DELETED deleted NetworkPolicy/deny",
            "MODIFIED spec Service/api",
            "MODIFIED spec ValidatingWebhookConfiguration/guard",
        ]
        async with collecting(api, published, clock) as collector:
            assert (collector.counts.events, published.reasons()) == (0, told)
