"""A shop in a namespace of its own, on nodes of its own: what breaks in the scenarios."""

from collections.abc import Mapping
from typing import Any

from tests.kubernetes.admin_api import AdminApi, Document, until
from tests.kubernetes.played_nodes import PlayedNodes
from tests.kubernetes.played_pods import CRASHES_ON, NEEDS

WORKLOADS = {
    "mysql": "StatefulSet",
    "redis": "Deployment",
    "api": "Deployment",
    "frontend": "Deployment",
    "worker": "Deployment",
    "mailer": "Deployment",
}
REPLICAS = {"api": 2, "frontend": 2}
_PLACE = "shop"


class Shop:
    """What a test does to one shop. Its nodes are named `<namespace>-a`, `-b` and so on."""

    def __init__(self, api: AdminApi, nodes: PlayedNodes, namespace: str) -> None:
        self.api = api
        self.nodes = nodes
        self.namespace = namespace

    async def open(self, *, nodes: int = 2, pods_per_node: int = 110) -> None:
        """Set it up and wait until everything is ready, long since as far as anyone can tell."""
        await self.api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}})
        for letter in "abcd"[:nodes]:
            await self.add_node(letter, pods=str(pods_per_node))
        await until("the namespace has its account", self._has_account)
        for content in self._objects():
            await self.apply(content)
        await until(f"all pods of {self.namespace} are ready", self._is_ready)
        # A shop that has been there for long has no Events of its beginning left; what is told late must not outlive them.
        await until(f"the beginning of {self.namespace} is told", self._is_told)
        await self.api.request("DELETE", f"/api/v1/namespaces/{self.namespace}/events")

    async def add_node(self, letter: str, *, pods: str = "110") -> None:
        """Another machine for this shop alone."""
        taints = [{"key": _PLACE, "value": self.namespace, "effect": "NoSchedule"}]
        await self.nodes.add(self.node(letter), labels={_PLACE: self.namespace}, taints=taints, pods=pods)

    def node(self, letter: str) -> str:
        """The name of one of its nodes."""
        return f"{self.namespace}-{letter}"

    async def close(self) -> None:
        """Let the namespace go. Its nodes must still be there to let go of its pods."""
        await self.api.delete("Namespace", "", self.namespace)

    async def apply(self, content: Document) -> Document:
        """Make or change an object of the shop."""
        return await self.api.apply(content | {"metadata": content["metadata"] | {"namespace": self.namespace}})

    async def change(self, kind: str, name: str, change: Document) -> Document:
        """Change an object of the shop."""
        return await self.api.patch(kind, self.namespace, name, change)

    async def pods(self, app: str) -> list[Document]:
        """Its pods of one workload."""
        return await self.api.list("Pod", self.namespace, labelSelector=f"app={app}")

    async def pods_on(self, node: str) -> list[Document]:
        """Its pods on one of its nodes."""
        return await self.api.list("Pod", self.namespace, fieldSelector=f"spec.nodeName={node}")

    async def roll_out(self, name: str, image: str) -> None:
        """A new version of a workload."""
        template = {"spec": {"containers": [{"name": name, "image": image}]}}
        await self.api.patch(
            WORKLOADS[name], self.namespace, name, {"spec": {"template": template}}, content="application/strategic-merge-patch+json"
        )

    async def _has_account(self) -> bool:
        return any(each["metadata"]["name"] == "default" for each in await self.api.list("ServiceAccount", self.namespace))

    async def _is_ready(self) -> bool:
        pods = await self.api.list("Pod", self.namespace)
        wanted = sum(REPLICAS.get(name, 1) for name in WORKLOADS)
        return len(pods) == wanted and all(is_ready(pod) for pod in pods)

    async def _is_told(self) -> bool:
        events = await self.api.list("Event", self.namespace, fieldSelector="reason=ScalingReplicaSet")
        return len({each["involvedObject"]["name"] for each in events}) == sum(kind == "Deployment" for kind in WORKLOADS.values())

    def _objects(self) -> list[Document]:
        return [
            content for name, kind in WORKLOADS.items() for content in (self.settings(name), self.service(name), self.workload(name, kind))
        ]

    def settings(self, name: str) -> Document:
        """The ConfigMap that a workload reads."""
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"{name}-config"}, "data": {"settings": "level=info"}}

    def service(self, name: str) -> Document:
        """The Service of a workload."""
        spec = {"selector": {"app": name}, "ports": [{"name": "main", "port": 8080}]}
        return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}

    def workload(self, name: str, kind: str = "Deployment", **spec: Any) -> Document:
        """A workload of the shop, which reads its own ConfigMap and runs on the shop's nodes."""
        annotations = {CRASHES_ON: f"{name}-config/settings=nonsense"} | ({NEEDS: "api"} if name == "frontend" else {})
        container = {
            "name": name,
            "image": f"registry.example/{name}:1.4.2",
            "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
            "volumeMounts": [{"name": "config", "mountPath": "/etc/shop"}],
        }
        pod = {
            "nodeSelector": {_PLACE: self.namespace},
            "tolerations": [{"key": _PLACE, "operator": "Exists"}, *_leaves_lost_nodes(10)],
            "terminationGracePeriodSeconds": 1,
            "containers": [container],
            "volumes": [{"name": "config", "configMap": {"name": f"{name}-config"}}],
        }
        template: Mapping[str, Any] = {"metadata": {"labels": {"app": name}, "annotations": annotations}, "spec": pod}
        more = {"serviceName": name} if kind == "StatefulSet" else {}
        content = {"replicas": REPLICAS.get(name, 1), "selector": {"matchLabels": {"app": name}}, "template": template, **more, **spec}
        return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "labels": {"app": name}}, "spec": content}


def is_ready(pod: Document) -> bool:
    """Whether a pod says that it is."""
    return any(each["type"] == "Ready" and each["status"] == "True" for each in pod.get("status", {}).get("conditions", ()))


def _leaves_lost_nodes(seconds: int) -> list[Document]:
    return [
        {"key": f"node.kubernetes.io/{what}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": seconds}
        for what in ("not-ready", "unreachable")
    ]
