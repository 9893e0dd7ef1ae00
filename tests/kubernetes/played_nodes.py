"""
Nodes that are only played: registered, kept alive by leases, and running the pods that the real scheduler gives them.

A node whose machine is switched off says nothing more, and the real controllers find out.
"""

import asyncio
import itertools
import uuid
from collections.abc import Mapping, Sequence
from types import TracebackType

import aiohttp
from tests.kubernetes.admin_api import MERGE, STRATEGIC, AdminApi, Document, RefusedError
from tests.kubernetes.played_pods import PlayedPod
from tests.kubernetes.played_status import now

_RENEW_SECONDS = 2.0
_LEASES = "kube-node-lease"
_TROUBLE = (aiohttp.ClientError, OSError, TimeoutError, RefusedError)
_GOOD_CONDITIONS = (
    ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
)


class PlayedNodes:
    """All kubelets of a cluster; use it in an `async with`, after which their nodes are gone."""

    def __init__(self, api: AdminApi) -> None:
        self._api = api
        self._numbers = itertools.count(1)
        self._nodes: dict[str, int] = {}
        self._added: list[str] = []
        self._addresses = itertools.count(2)
        self._pods: dict[str, PlayedPod] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._renewing: dict[str, asyncio.Task[None]] = {}
        self._events: dict[tuple[str, str, str], tuple[str, int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.troubles: list[str] = []

    async def __aenter__(self) -> "PlayedNodes":
        self._task(self._watch())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for name in self._added:
            await self._api.delete("Node", "", name)

    async def add(
        self, name: str, *, labels: Mapping[str, str], taints: Sequence[Document] = (), processors: str = "4", pods: str = "110"
    ) -> None:
        """A new machine."""
        number = self._nodes[name] = next(self._numbers)
        self._added.append(name)
        metadata = {
            "name": name,
            "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", **labels},
        }
        spec = {"podCIDR": f"10.244.{number}.0/24", "providerID": f"played:///{name}", "taints": list(taints)}
        await self._api.create({"apiVersion": "v1", "kind": "Node", "metadata": metadata, "spec": spec})
        resources = {"cpu": processors, "memory": "8Gi", "pods": pods, "ephemeral-storage": "100Gi"}
        status = {
            "capacity": resources,
            "allocatable": resources,
            "conditions": [
                {
                    "type": kind,
                    "status": said,
                    "reason": reason,
                    "message": message,
                    "lastHeartbeatTime": now(),
                    "lastTransitionTime": now(),
                }
                for kind, said, reason, message in _GOOD_CONDITIONS
            ],
            "addresses": [{"type": "InternalIP", "address": self._host(name)}, {"type": "Hostname", "address": name}],
            "nodeInfo": {
                "kernelVersion": "6.12.0",
                "osImage": "Debian GNU/Linux 13 (trixie)",
                "containerRuntimeVersion": "containerd://2.1.4",
                "kubeletVersion": "v1.36.3",
                "kubeProxyVersion": "",
                "machineID": uuid.uuid4().hex,
                "systemUUID": str(uuid.uuid4()),
                "bootID": str(uuid.uuid4()),
                "operatingSystem": "linux",
                "architecture": "amd64",
            },
        }
        await self._api.patch("Node", "", name, {"status": status}, part="status", content=STRATEGIC)
        self._renewing[name] = self._task(self._renew(name))

    def switch_off(self, name: str) -> None:
        """The machine goes silent, with all that runs on it."""
        del self._nodes[name]
        self._renewing.pop(name).cancel()
        for uid, pod in list(self._pods.items()):
            if pod.content["spec"]["nodeName"] == name:
                self._forget(uid)

    async def event(self, pod: Document, *, reason: str, message: str, is_warning: bool = False) -> None:
        """Post an Event of a pod, or count it where it was posted before."""
        metadata, node = pod["metadata"], pod["spec"]["nodeName"]
        key = (metadata["uid"], reason, message)
        if key in self._events:
            name, count = self._events[key]
            self._events[key] = (name, count + 1)
            change = {"count": count + 1, "lastTimestamp": now()}
            try:
                await self._api.patch("Event", metadata["namespace"], name, change, content=MERGE)
            except RefusedError as error:
                if error.code != 404:
                    raise
            else:
                return
        name = f"{metadata['name']}.{uuid.uuid4().hex[:16]}"
        self._events[key] = (name, 1)
        about = {"apiVersion": "v1", "kind": "Pod", **{field: metadata[field] for field in ("name", "namespace", "uid", "resourceVersion")}}
        content = {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": metadata["namespace"]},
            "involvedObject": about,
            "type": "Warning" if is_warning else "Normal",
            "reason": reason,
            "message": message,
            "source": {"component": "kubelet", "host": node},
            "reportingComponent": "kubelet",
            "reportingInstance": node,
            "firstTimestamp": now(),
            "lastTimestamp": now(),
            "count": 1,
        }
        try:
            await self._api.create(content, namespace=metadata["namespace"])
        except RefusedError as error:
            # A namespace that goes takes no more Events.
            if error.code not in (403, 404):
                raise

    def _host(self, name: str) -> str:
        return f"192.168.10.{self._nodes[name]}"

    async def _renew(self, name: str) -> None:
        while True:
            spec = {"holderIdentity": name, "leaseDurationSeconds": 40, "renewTime": now(is_micro=True)}
            lease = {
                "apiVersion": "coordination.k8s.io/v1",
                "kind": "Lease",
                "metadata": {"name": name, "namespace": _LEASES},
                "spec": spec,
            }
            try:
                await self._api.apply(lease)
            except _TROUBLE as error:
                self.troubles.append(f"lease of {name}: {error}")
            await asyncio.sleep(_RENEW_SECONDS)

    async def _watch(self) -> None:
        while True:
            try:
                listed = await self._api.request("GET", "/api/v1/pods", fieldSelector="spec.nodeName!=")
                for pod in listed["items"]:
                    self._take("ADDED", pod)
                query = {"fieldSelector": "spec.nodeName!=", "resourceVersion": listed["metadata"]["resourceVersion"]}
                async with self._api.watch("/api/v1/pods", **query) as events:
                    async for event in events:
                        if event["type"] == "ERROR":
                            break
                        self._take(event["type"], event["object"])
            except _TROUBLE as error:
                self.troubles.append(f"watch: {error}")
                await asyncio.sleep(0.5)

    def _take(self, action: str, content: Document) -> None:
        uid, node = content["metadata"]["uid"], content["spec"].get("nodeName")
        if action == "DELETED":
            self._forget(uid)
        elif node in self._nodes and content.get("status", {}).get("phase") not in ("Succeeded", "Failed"):
            if uid not in self._pods:
                address = f"10.244.{self._nodes[node]}.{next(self._addresses) % 250 + 2}"
                self._pods[uid] = PlayedPod(self._api, self, content, address, self._host(node))
                self._running[uid] = self._task(self._pods[uid].run())
            pod = self._pods[uid]
            is_new = content["metadata"].get("deletionTimestamp") and not pod.content["metadata"].get("deletionTimestamp")
            pod.content = content
            if is_new or (content["metadata"].get("deletionTimestamp") and action == "ADDED"):
                self._running[uid].cancel()
                self._running[uid] = self._task(pod.end())

    def _forget(self, uid: str) -> None:
        self._pods.pop(uid, None)
        running = self._running.pop(uid, None)
        if running is not None:
            running.cancel()

    def _task(self, work: "asyncio._CoroutineLike[None]") -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.ensure_future(work)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.troubles.append(repr(task.exception()))
