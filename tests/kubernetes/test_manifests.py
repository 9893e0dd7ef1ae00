"""The real API server takes what deploy/ has and lets its pods in, and the accounts may read what is read, and nothing else."""

import asyncio
from collections.abc import Iterable
from typing import NamedTuple

import pytest
from tests.kubernetes.admin_api import AdminApi, Document, until
from tests.kubernetes.control_plane import ControlPlane
from tests.kubernetes.deployed import COLLECTOR, NAMESPACE, apply_rights
from tests.kubernetes.played_nodes import PlayedNodes
from tests.kubernetes.shop import is_ready
from tests.unit.deploy.cluster_objects_read import manifest_objects, objects_in
from tests.unit.deploy.test_chart import VARIANTS, needs_helm, rendered

from headwater.edges.kubernetes.resources import RESOURCES

pytestmark = pytest.mark.kubernetes

READS = ("get", "list", "watch")
WRITES = ("create", "update", "patch", "delete", "deletecollection")


class Access(NamedTuple):
    """Something that an account may do or not."""

    account: str
    verb: str
    group: str
    resource: str

    def __str__(self) -> str:
        return f"{self.account} {self.verb} {self.group or 'core'}/{self.resource}"


RESOURCES_READ = sorted(
    {("" if path.startswith("api/") else path.split("/")[1], resource.plural) for resource in RESOURCES for path in resource.groups}
)
SENSITIVE = [
    Access(COLLECTOR, verb, group, resource)
    for verb, group, resource in (
        ("get", "", "secrets"),
        ("list", "", "secrets"),
        ("watch", "", "secrets"),
        ("create", "", "pods/exec"),
        ("get", "", "pods/log"),
        ("get", "", "nodes/proxy"),
        ("create", "", "serviceaccounts/token"),
        ("impersonate", "", "users"),
        ("escalate", "rbac.authorization.k8s.io", "clusterroles"),
        ("list", "rbac.authorization.k8s.io", "clusterroles"),
    )
]


async def allowed(api: AdminApi, accesses: Iterable[Access]) -> dict[Access, bool]:
    """What the server's authorizer says, in every namespace."""

    async def ask(access: Access) -> bool:
        attributes = {"verb": access.verb, "group": access.group, "version": "*"}
        resource, _, part = access.resource.partition("/")
        attributes |= {"resource": resource, "subresource": part}
        user = {"user": f"system:serviceaccount:{NAMESPACE}:{access.account}", "groups": ["system:serviceaccounts", "system:authenticated"]}
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": {**user, "resourceAttributes": attributes},
        }
        answer = await api.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
        return bool(answer["status"]["allowed"])

    asked = list(accesses)
    return dict(zip(asked, await asyncio.gather(*map(ask, asked)), strict=True))


async def test_the_server_takes_every_object_of_the_manifests_and_knows_each_of_their_fields(control_plane: ControlPlane) -> None:
    async with AdminApi(control_plane) as api:
        await apply_rights(api)
        for content in manifest_objects():
            namespaced = content if content["kind"] in ("Namespace", "ClusterRole", "ClusterRoleBinding") else in_namespace(content)
            answer = await api.apply(namespaced, dryRun="All", fieldValidation="Strict")
            assert answer["metadata"]["name"] == content["metadata"]["name"]


@needs_helm
@pytest.mark.parametrize("name", VARIANTS)
async def test_the_server_takes_what_the_chart_makes_of_other_values(control_plane: ControlPlane, name: str) -> None:
    async with AdminApi(control_plane) as api:
        await apply_rights(api)
        for namespace in ("shop", "pay"):
            await api.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
        for content in objects_in(rendered(**VARIANTS[name])):
            namespaced = content if content["kind"] in ("ClusterRole", "ClusterRoleBinding") else in_namespace(content)
            await api.apply(namespaced, dryRun="All", fieldValidation="Strict")


async def test_the_collector_may_read_what_it_watches_but_for_secrets_and_may_change_nothing(control_plane: ControlPlane) -> None:
    async with AdminApi(control_plane) as api:
        await apply_rights(api)
        reads = [Access(COLLECTOR, verb, group, resource) for group, resource in RESOURCES_READ for verb in READS]
        answers = await allowed(api, [access for access in reads if access.resource != "secrets"])
        assert [str(access) for access, may in answers.items() if not may] == []
        writes = [Access(COLLECTOR, verb, group, resource) for group, resource in RESOURCES_READ for verb in WRITES]
        answers = await allowed(api, [*writes, *SENSITIVE])
        assert [str(access) for access, may in answers.items() if may] == []


@pytest.mark.parametrize("account", ["headwater-engine", "headwater-kernel"])
async def test_who_talks_to_nats_only_may_ask_nothing_of_the_cluster(control_plane: ControlPlane, account: str) -> None:
    async with AdminApi(control_plane) as api:
        await apply_rights(api)
        accesses = [Access(account, verb, group, resource) for group, resource in RESOURCES_READ for verb in (*READS, *WRITES)]
        answers = await allowed(api, accesses)
        assert [str(access) for access, may in answers.items() if may] == []


async def test_the_pods_are_admitted_placed_and_started_once_their_secret_is_there(control_plane: ControlPlane) -> None:
    async with AdminApi(control_plane) as api, PlayedNodes(api) as nodes:
        for letter in "ab":
            await nodes.add(f"deployed-{letter}", labels={"purpose": "manifests"})
        for content in manifest_objects():
            await api.apply(content)

        async def all_wait_for_the_secret() -> bool:
            reasons = [waiting_reason(pod) for pod in await api.list("Pod", NAMESPACE)]
            return len(reasons) == 4 and set(reasons) == {"CreateContainerConfigError"}

        await until("an engine, a collector of the cluster and one on each node wait for the secret", all_wait_for_the_secret)
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "headwater-nats", "namespace": NAMESPACE}}
        await api.apply(secret | {"stringData": {"url": "nats://nats.example:4222"}})

        async def all_run() -> bool:
            pods = await api.list("Pod", NAMESPACE)
            return len(pods) == 4 and all(map(is_ready, pods))

        await until("all four run", all_run)
        await api.delete("Namespace", "", NAMESPACE)

        async def is_gone() -> bool:
            return all(each["metadata"]["name"] != NAMESPACE for each in await api.list("Namespace"))

        await until("the namespace is gone", is_gone)


def in_namespace(content: Document) -> Document:
    """As `kubectl -n` sends it."""
    return content | {"metadata": {"namespace": NAMESPACE, **content["metadata"]}}


def waiting_reason(pod: Document) -> str:
    """Why the first container does not run."""
    statuses = pod.get("status", {}).get("containerStatuses") or [{}]
    return str(((statuses[0].get("state") or {}).get("waiting") or {}).get("reason", ""))
