"""What goes wrong in the shops, each in its own way: what somebody does, or what happens to a machine. What follows is Kubernetes' own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from tests.kubernetes.admin_api import Document, RefusedError, until
from tests.kubernetes.played_pods import BEHAVIOUR
from tests.kubernetes.shop import Shop

_STRATEGIC = "application/strategic-merge-patch+json"


class Damage(NamedTuple):
    """What it is that an incident should tell."""

    root: str  # how the root cause is told, up to its time
    services: tuple[str, ...]  # in any order
    pods: int = 0  # of the workloads concerned, where it is known beforehand


Fault = Callable[[Shop], Awaitable[Damage]]


async def memory_runs_out(shop: Shop) -> Damage:
    """The database needs more than its limit, again and again."""
    await shop.change("Pod", "mysql-0", {"metadata": {"annotations": {BEHAVIOUR: "oom:2"}}})
    return Damage("mysql-0 OOMKilled", ("mysql",), pods=1)


async def image_is_not_there(shop: Shop) -> Damage:
    """A release names an image that nobody pushed."""
    await shop.roll_out("api", "registry.example/api:1.5.0-missing")
    return Damage("api rolled out", ("api",), pods=3)


async def configuration_is_changed(shop: Shop) -> Damage:
    """Somebody changes a value that the worker cannot bear."""
    await shop.change("ConfigMap", "worker-config", {"data": {"settings": "level=nonsense"}})
    return Damage("worker-config configuration changed", ("worker",), pods=1)


async def node_is_lost(shop: Shop) -> Damage:
    """One of two machines goes silent."""
    node = shop.node("b")
    lost = await shop.pods_on(node)
    shop.nodes.switch_off(node)
    return Damage(f"{node} not ready", tuple({pod["metadata"]["labels"]["app"] for pod in lost}))


async def nothing_is_large_enough(shop: Shop) -> Damage:
    """Somebody asks for more processors than any machine has."""
    content = shop.workload("reports")
    content["spec"]["template"]["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "64"}}
    await shop.apply(shop.settings("reports"))
    await shop.apply(shop.service("reports"))
    await shop.apply(content)
    return Damage("reports rolled out", ("reports",), pods=1)


async def volume_names_no_config_map(shop: Shop) -> Damage:
    """A new workload mounts a ConfigMap that nobody made."""
    await shop.apply(shop.service("billing"))
    await shop.apply(shop.workload("billing"))
    return Damage("billing rolled out", ("billing",), pods=1)


async def environment_names_no_config_map(shop: Shop) -> Damage:
    """A release takes its environment from a ConfigMap that nobody made."""
    container = {"name": "mailer", "envFrom": [{"configMapRef": {"name": "mailer-limits"}}]}
    change: Document = {"spec": {"template": {"spec": {"containers": [container]}}}}
    await shop.api.patch("Deployment", shop.namespace, "mailer", change, content=_STRATEGIC)
    return Damage("mailer rolled out", ("mailer",), pods=2)


async def quota_is_used_up(shop: Shop) -> Damage:
    """The namespace may have no more pods than it has, and somebody asks for more."""
    count = len(await shop.api.list("Pod", shop.namespace))
    await shop.apply({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "pods"}, "spec": {"hard": {"pods": str(count)}}})

    async def is_counted() -> bool:
        quota = await shop.api.get("ResourceQuota", shop.namespace, "pods")
        return bool(quota.get("status", {}).get("used", {}).get("pods") == str(count))

    await until("the quota counts", is_counted)
    await shop.change("Deployment", "frontend", {"spec": {"replicas": 5}})
    return Damage("pods quota changed", ("frontend",), pods=2)


async def drain_is_blocked(shop: Shop) -> Damage:
    """
    Somebody drains the machine of the database, whose budget lets nobody take it away; what did go finds no room on the other machine.

    The drain tries again every five seconds, as kubectl does.
    """
    budget = {"minAvailable": 1, "selector": {"matchLabels": {"app": "mysql"}}}
    await shop.apply({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "mysql"}, "spec": budget})

    async def is_counted() -> bool:
        said = await shop.api.get("PodDisruptionBudget", shop.namespace, "mysql")
        return bool(said.get("status", {}).get("currentHealthy") == 1)

    await until("the budget counts", is_counted)
    (database,) = await shop.pods("mysql")
    node = database["spec"]["nodeName"]
    await shop.api.patch("Node", "", node, {"spec": {"unschedulable": True}})
    pods = await shop.pods_on(node)
    waiting = [pod["metadata"]["name"] for pod in pods]
    for _ in range(3):
        waiting = [name for name in waiting if not await _evict(shop, name)]
        await asyncio.sleep(5)
    assert waiting == ["mysql-0"]
    return Damage(f"{node} cordoned", tuple({pod["metadata"]["labels"]["app"] for pod in pods} - {"mysql"}))


async def _evict(shop: Shop, pod: str) -> bool:
    """Whether the pod may go, and goes."""
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": shop.namespace}}
    try:
        await shop.api.request("POST", f"/api/v1/namespaces/{shop.namespace}/pods/{pod}/eviction", eviction)
    except RefusedError as error:
        if error.code != 429:
            raise
        return False
    return True
