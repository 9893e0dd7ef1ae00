"""
How a played kubelet runs one pod: the statuses and Events that a real one writes, with shorter waits between tries.

What goes wrong is said by annotations of the pod, which may change while it runs, or follows from what it refers to, as in a cluster.
"""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator
from typing import Protocol

from tests.kubernetes.admin_api import STRATEGIC, AdminApi, Document, RefusedError
from tests.kubernetes.played_status import PodStatus

BEHAVIOUR = "played/behaviour"
"""`oom:2` and `crash:2` end the container so many seconds after its start, `unready` has its readiness probe fail."""
CRASHES_ON = "played/crashes-on"
"""`config-map/key=text`: the container ends while that key of that ConfigMap, which it reads, has that text in it."""
NEEDS = "played/needs"
"""A Service: the readiness probe fails while it has no ready endpoint."""

NO_SUCH_TAG = "missing"
_TICK = 1.0
_START = 0.3
_MOUNT_AGAIN = (1.0, 2.0, 4.0, 8.0)
_PULL_AGAIN = (3.0, 6.0, 12.0)
_CREATE_AGAIN = 3.0
_RESTART_AFTER = (0.5, 4.0, 8.0, 16.0)
_PROBE_SECONDS = 5.0


class Recorder(Protocol):
    """Writes Events."""

    async def event(self, pod: Document, *, reason: str, message: str, is_warning: bool = False) -> None:
        """Post one, or count it where it was posted before."""


class PlayedPod:
    """One pod on its node. `content` is kept as the API last showed it."""

    def __init__(self, api: AdminApi, recorder: Recorder, content: Document, address: str, host_address: str) -> None:
        self._api = api
        self._recorder = recorder
        self.content = content
        self._status = PodStatus(content, address, host_address)
        self._namespace: str = content["metadata"]["namespace"]
        self._name: str = content["metadata"]["name"]

    async def run(self) -> None:
        """Until cancelled, which is how a machine goes silent."""
        await self._put_status()
        await self._mount()
        await asyncio.sleep(_START)
        for container in self._containers:
            await self._pull(container)
            await self._configure(container)
        restarts = 0
        while True:
            for container in self._containers:
                await self._say("Created", f"Created container: {container['name']}")
                await self._say("Started", f"Started container {container['name']}")
            self._status.started(f"containerd://{hashlib.sha256(uuid.uuid4().bytes).hexdigest()}")
            end = await self._live()
            self._status.terminated(exit_code=137 if end == "oom" else 1, reason="OOMKilled" if end == "oom" else "Error")
            await self._put_status()
            await asyncio.sleep(_TICK)
            await self._back_off(restarts)
            restarts += 1

    async def end(self) -> None:
        """It is being deleted: stop its containers and let go of it."""
        await self._say("Killing", f"Stopping container {self._containers[0]['name']}")
        self._status.stopped()
        await self._put_status()
        uid = self.content["metadata"]["uid"]
        await self._api.delete("Pod", self._namespace, self._name, {"gracePeriodSeconds": 0, "preconditions": {"uid": uid}})

    @property
    def _containers(self) -> list[Document]:
        return list(self.content["spec"]["containers"])

    def _annotation(self, name: str) -> str:
        return str((self.content["metadata"].get("annotations") or {}).get(name, ""))

    async def _mount(self) -> None:
        for volume in self.content["spec"].get("volumes", ()):
            tries = 0
            async for problem in self._missing(volume):
                message = f'MountVolume.SetUp failed for volume "{volume["name"]}" : {problem}'
                await self._say("FailedMount", message, is_warning=True)
                await asyncio.sleep(_MOUNT_AGAIN[min(tries, len(_MOUNT_AGAIN) - 1)])
                tries += 1

    async def _missing(self, volume: Document) -> AsyncIterator[str]:
        """What a volume lacks, as long as it does."""
        for kind, name in (
            ("ConfigMap", (volume.get("configMap") or {}).get("name")),
            ("Secret", (volume.get("secret") or {}).get("secretName")),
        ):
            while name and not await self._is_there(kind, name):
                yield f'{kind.lower()} "{name}" not found'

    async def _is_there(self, kind: str, name: str) -> bool:
        try:
            await self._api.get(kind, self._namespace, name)
        except RefusedError as error:
            return error.code != 404
        return True

    async def _pull(self, container: Document) -> None:
        image = container["image"]
        await self._say("Pulling", f'Pulling image "{image}"')
        tries = 0
        while container["image"].endswith(NO_SUCH_TAG):
            reference = f'failed to pull and unpack image "{image}": failed to resolve reference "{image}": {image}: not found'
            message = f'Failed to pull image "{image}": rpc error: code = NotFound desc = {reference}'
            await self._say("Failed", message, is_warning=True)
            await self._say("Failed", "Error: ErrImagePull", is_warning=True)
            await self._wait_with("ErrImagePull", message)
            await asyncio.sleep(_TICK)
            back_off = f'Back-off pulling image "{image}"'
            await self._say("BackOff", back_off)
            await self._say("Failed", "Error: ImagePullBackOff", is_warning=True)
            await self._wait_with("ImagePullBackOff", f"{back_off}: ErrImagePull: {message}")
            await asyncio.sleep(_PULL_AGAIN[min(tries, len(_PULL_AGAIN) - 1)])
            tries += 1
        await self._say("Pulled", f'Successfully pulled image "{image}" in 812ms (812ms including waiting). Image size: 40961234 bytes.')

    async def _configure(self, container: Document) -> None:
        """The environment is made from what it refers to, or the container is not."""
        for kind, name in _needed_by(container):
            while not await self._is_there(kind, name):
                problem = f'{kind.lower()} "{name}" not found'
                await self._say("Failed", f"Error: {problem}", is_warning=True)
                await self._wait_with("CreateContainerConfigError", problem)
                await asyncio.sleep(_CREATE_AGAIN)

    async def _live(self) -> str:
        """Until it ends, and of what."""
        loop = asyncio.get_running_loop()
        began = probed = loop.time()
        ready: bool | None = None
        while True:
            behaviour, _, after = self._annotation(BEHAVIOUR).partition(":")
            if behaviour in ("oom", "crash") and loop.time() - began >= float(after or 0):
                return behaviour
            if await self._reads_what_it_cannot_bear():
                return "crash"
            is_ready = behaviour != "unready" and await self._has_what_it_needs()
            if not is_ready and loop.time() - probed >= _PROBE_SECONDS:
                probed = loop.time()
                await self._say("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", is_warning=True)
            if is_ready != ready:
                ready = is_ready
                self._status.set_ready(is_ready)
                await self._put_status()
            await asyncio.sleep(_TICK)

    async def _reads_what_it_cannot_bear(self) -> bool:
        name, _, rest = self._annotation(CRASHES_ON).partition("/")
        key, _, text = rest.partition("=")
        if not name:
            return False
        try:
            content = await self._api.get("ConfigMap", self._namespace, name)
        except RefusedError:
            return False
        return text in (content.get("data") or {}).get(key, "")

    async def _has_what_it_needs(self) -> bool:
        service = self._annotation(NEEDS)
        if not service:
            return True
        slices = await self._api.list("EndpointSlice", self._namespace, labelSelector=f"kubernetes.io/service-name={service}")
        return any(endpoint["conditions"].get("ready") for each in slices for endpoint in each.get("endpoints") or ())

    async def _back_off(self, restarts: int) -> None:
        container = self._containers[0]
        if restarts:
            pod = f"{self._name}_{self._namespace}({self.content['metadata']['uid']})"
            seconds = min(10 * 2 ** (restarts - 1), 300)
            await self._say("BackOff", f"Back-off restarting failed container {container['name']} in pod {pod}", is_warning=True)
            await self._wait_with("CrashLoopBackOff", f"back-off {seconds}s restarting failed container={container['name']} pod={pod}")
        await asyncio.sleep(_RESTART_AFTER[min(restarts, len(_RESTART_AFTER) - 1)])
        self._status.restarted()
        await self._say("Pulled", f'Container image "{container["image"]}" already present on machine and can be accessed by the pod')

    async def _wait_with(self, reason: str, message: str) -> None:
        self._status.waiting(reason, message)
        await self._put_status()

    async def _put_status(self) -> None:
        try:
            await self._api.patch("Pod", self._namespace, self._name, {"status": self._status.document()}, part="status", content=STRATEGIC)
        except RefusedError as error:
            if error.code not in (404, 409):
                raise

    async def _say(self, reason: str, message: str, *, is_warning: bool = False) -> None:
        await self._recorder.event(self.content, reason=reason, message=message, is_warning=is_warning)


def _needed_by(container: Document) -> list[tuple[str, str]]:
    """The ConfigMaps and Secrets that a container's environment cannot do without."""
    found = [(source, "configMapRef", "secretRef") for source in container.get("envFrom", ())]
    found += [(entry.get("valueFrom") or {}, "configMapKeyRef", "secretKeyRef") for entry in container.get("env", ())]
    needed = [(kind, source.get(field)) for source, *fields in found for kind, field in zip(("ConfigMap", "Secret"), fields, strict=True)]
    return [(kind, reference["name"]) for kind, reference in needed if reference and not reference.get("optional")]
