"""What a collector makes of a real API server that dies, forgets and refuses, under the rights that the manifests give it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import structlog
from tests.kubernetes.admin_api import AdminApi, Document, until
from tests.kubernetes.control_plane import ControlPlane
from tests.kubernetes.correlating import OPTIONS, Correlator, correlating
from tests.kubernetes.deployed import collector_kubeconfig
from tests.kubernetes.relay import Relay

pytestmark = pytest.mark.kubernetes


class Place:
    """A namespace, and a collector that looks at it through a network that can be cut."""

    def __init__(self, name: str, api: AdminApi, relay: Relay, correlator: Correlator) -> None:
        self.name = name
        self.api = api
        self.relay = relay
        self.correlator = correlator

    async def put(self, name: str, value: str) -> None:
        """Have a ConfigMap with this value."""
        await self.api.apply(config_map(self.name, name, value))

    async def tells(self, what: str, *, times: int = 1) -> None:
        """Wait until an event says it."""
        await until(f"it is told that {what}", lambda: self._tells(what, times))

    async def _tells(self, what: str, times: int) -> bool:
        return (await self.correlator.messages()).count(what) >= times

    async def is_gone(self, kind: str, name: str) -> None:
        """Wait until the topology knows that an object was deleted."""

        async def is_deleted() -> bool:
            return any(
                version.deleted and (version.kind, version.namespace, version.name) == (kind, self.name, name)
                for version in await self.correlator.versions()
            )

        await until(f"{kind} {name} is known to be gone", is_deleted)

    async def state_is(self, kind: str, state: str) -> None:
        """Wait until a kind is read so."""

        async def has_state() -> bool:
            return self.correlator.health(kind).state == state

        await until(f"{kind} is {state}, not {self.correlator.health(kind)}", has_state)


@asynccontextmanager
async def watched(plane: ControlPlane, folder: Path, name: str) -> AsyncIterator[Place]:
    """A namespace with a ConfigMap, a Secret and a Service, watched."""
    async with AdminApi(plane) as api, Relay(plane.api_port) as relay:
        await api.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        for each in ("first", "second", "third"):
            await api.apply(config_map(name, each, "1"))
        spec = {"selector": {"app": "shop"}, "ports": [{"port": 80}]}
        await api.apply({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop", "namespace": name}, "spec": spec})
        kubeconfig = await collector_kubeconfig(plane, api, folder / "kubeconfig", server=relay.url)
        async with correlating(folder / "nats", kubeconfig, namespaces=name, has_engine=False, options=OPTIONS) as correlator:
            yield Place(name, api, relay, correlator)


def config_map(namespace: str, name: str, value: str) -> Document:
    """A ConfigMap with one value."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}, "data": {"value": value}}


async def forget_history(plane: ControlPlane, api: AdminApi) -> None:
    """Have etcd throw away what was, and the API server the changes that it remembers."""
    listed = await api.request("GET", "/api/v1/namespaces")
    revision = listed["metadata"]["resourceVersion"]
    compaction = {"revision": revision, "physical": True}
    async with aiohttp.ClientSession() as session, session.post(f"{plane.etcd_url}/v3/kv/compaction", json=compaction) as answer:
        assert answer.status == 200, await answer.text()
    plane.kill_api()
    plane.start_api()
    await asyncio.to_thread(plane.wait_for_api)


async def test_an_api_server_that_dies_in_the_middle_of_its_watches_is_taken_up_again(control_plane: ControlPlane, tmp_path: Path) -> None:
    async with watched(control_plane, tmp_path, "dying") as place:
        await place.put("first", "2")
        await place.tells("ConfigMap first changed: value")
        control_plane.kill_api()
        await place.state_is("ConfigMap", "unavailable")
        control_plane.start_api()
        await asyncio.to_thread(control_plane.wait_for_api)
        await place.put("second", "2")
        await place.api.delete("ConfigMap", "dying", "third")
        await place.tells("ConfigMap second changed: value")
        await place.is_gone("ConfigMap", "third")
        await place.state_is("Pod", "synced")
        messages = await place.correlator.messages()
        assert messages.count("ConfigMap first changed: value") == 1
        assert messages.count("ConfigMap second changed: value") == 1


async def test_what_was_deleted_while_the_network_was_cut_is_told_when_it_is_back(control_plane: ControlPlane, tmp_path: Path) -> None:
    async with watched(control_plane, tmp_path, "cut") as place:
        place.relay.cut()
        await place.state_is("ConfigMap", "unavailable")
        await place.api.delete("ConfigMap", "cut", "first")
        await place.api.delete("Service", "cut", "shop")
        await place.put("second", "2")
        place.relay.mend()
        await place.is_gone("ConfigMap", "first")
        await place.is_gone("Service", "shop")
        await place.tells("ConfigMap second changed: value")
        assert place.correlator.health("ConfigMap").lists == 1


async def test_what_was_deleted_before_the_server_forgot_its_history_is_found_by_listing_again(
    control_plane: ControlPlane, tmp_path: Path
) -> None:
    async with watched(control_plane, tmp_path, "forgotten") as place:
        place.relay.cut()
        await place.state_is("ConfigMap", "unavailable")
        await place.api.delete("ConfigMap", "forgotten", "first")
        await place.api.delete("Service", "forgotten", "shop")
        await place.put("second", "2")
        await forget_history(control_plane, place.api)
        place.relay.mend()
        await place.is_gone("ConfigMap", "first")
        await place.is_gone("Service", "shop")
        await place.tells("ConfigMap second changed: value")
        assert place.correlator.health("ConfigMap").expired >= 1
        assert place.correlator.health("ConfigMap").lists == 2
        assert (await place.correlator.messages()).count("ConfigMap first deleted") == 1


async def test_what_was_deleted_while_no_collector_ran_is_found_by_the_next_one(control_plane: ControlPlane, tmp_path: Path) -> None:
    async with watched(control_plane, tmp_path, "absent") as place:
        await place.put("second", "2")
        await place.tells("ConfigMap second changed: value")
    async with AdminApi(control_plane) as api:
        await api.delete("ConfigMap", "absent", "first")
        await api.apply(config_map("absent", "third", "2"))
        kubeconfig = await collector_kubeconfig(control_plane, api, tmp_path / "kubeconfig")
        async with correlating(tmp_path / "nats", kubeconfig, namespaces="absent", has_engine=False) as correlator:
            messages = await correlator.messages()
            assert messages.count("ConfigMap first deleted") == 1
            assert messages.count("ConfigMap third changed: value") == 1
            assert messages.count("ConfigMap second changed: value") == 1


async def test_a_right_that_is_taken_away_costs_one_kind_and_a_clear_warning_until_it_is_given_back(
    control_plane: ControlPlane, tmp_path: Path
) -> None:
    with structlog.testing.capture_logs() as logs:
        async with watched(control_plane, tmp_path, "refused") as place:
            role = await place.api.get("ClusterRole", "", "headwater-headwater-kubernetes")
            await place.api.patch("ClusterRole", "", role["metadata"]["name"], {"rules": without(role["rules"], "configmaps")})
            await until("the right is gone", lambda: may_not(place.api, "configmaps"))
            place.relay.drop()
            await place.state_is("ConfigMap", "forbidden")
            await place.put("first", "2")
            await place.api.delete("Service", "refused", "shop")
            await place.is_gone("Service", "shop")
            await place.state_is("Pod", "synced")
            await place.api.patch("ClusterRole", "", role["metadata"]["name"], {"rules": role["rules"]})
            await place.tells("ConfigMap first changed: value")
            await place.state_is("ConfigMap", "synced")
    warnings = [
        entry
        for entry in logs
        if entry["log_level"] == "warning" and entry.get("kind") == "ConfigMap" and "may not be read" in entry["event"]
    ]
    assert len(warnings) == 1
    assert "grant get, list and watch" in warnings[0]["event"]
    assert "configmaps is forbidden" in warnings[0]["reason"]
    # The manifests grant no Secrets, and the collector says so once.
    assert [entry["kind"] for entry in logs if "may not be read" in entry["event"]].count("Secret") == 1


def without(rules: list[Document], resource: str) -> list[Document]:
    """The rules of a role less one resource."""
    return [rule | {"resources": [each for each in rule["resources"] if each != resource]} for rule in rules]


async def may_not(api: AdminApi, resource: str) -> bool:
    """Whether the authorizer knows that the collector may not list it any more."""
    attributes = {"verb": "list", "group": "", "version": "v1", "resource": resource}
    user = "system:serviceaccount:headwater:headwater-kubernetes"
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": user, "resourceAttributes": attributes},
    }
    answer = await api.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
    return not answer["status"]["allowed"]
