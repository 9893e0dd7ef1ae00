"""The status of a pod as a kubelet keeps it: conditions whose transition times change with their status only."""

from typing import Any

from headwater.model.times import format_time
from headwater.service.clock import WallClock

Document = dict[str, Any]


def now(*, is_micro: bool = False) -> str:
    """The time as Kubernetes writes it: in seconds, and of leases and new Events in microseconds."""
    second, _, fraction = format_time(WallClock().now()).removesuffix("Z").partition(".")
    return f"{second}.{fraction[:6]:0<6}Z" if is_micro else f"{second}Z"


class PodStatus:
    """What is so of a pod; `document` is what is written. All containers go through the same."""

    def __init__(self, pod: Document, address: str, host_address: str) -> None:
        self._containers = [dict(each) for each in pod["spec"]["containers"]]
        self._phase = "Pending"
        self._began = now()
        self._addresses = {"hostIP": host_address, "hostIPs": [{"ip": host_address}], "podIP": address, "podIPs": [{"ip": address}]}
        self._state: Document = {"waiting": {"reason": "ContainerCreating"}}
        self._last: Document = {}
        self._container_id = ""
        self._started_at = ""
        self._is_ready = False
        self._restarts = 0
        self._conditions: dict[str, Document] = {}
        for kind in ("PodReadyToStartContainers", "Initialized"):
            self._condition(kind, is_true=True)
        self._set_conditions()

    def started(self, container_id: str) -> None:
        """The containers run."""
        self._phase, self._container_id, self._started_at = "Running", container_id, now()
        self._state = {"running": {"startedAt": self._started_at}}

    def set_ready(self, is_ready: bool) -> None:
        """What the readiness probe says."""
        self._is_ready = is_ready
        self._set_conditions()

    def terminated(self, *, exit_code: int, reason: str) -> None:
        """The containers ended."""
        ended = {
            "exitCode": exit_code,
            "reason": reason,
            "startedAt": self._started_at,
            "finishedAt": now(),
            "containerID": self._container_id,
        }
        self._state = {"terminated": ended}
        self.set_ready(False)

    def waiting(self, reason: str, message: str) -> None:
        """The containers do not run, and why; how they ended is kept."""
        if "terminated" in self._state:
            self._last = self._state
        self._state = {"waiting": {"reason": reason, "message": message}}

    def restarted(self) -> None:
        """The containers are to start again."""
        if "terminated" in self._state:
            self._last = self._state
        self._restarts += 1

    def stopped(self) -> None:
        """The containers were told to end, and did."""
        if "running" in self._state:
            self.terminated(exit_code=0, reason="Completed")

    def document(self) -> Document:
        """The status to write."""
        return {
            "phase": self._phase,
            "startTime": self._began,
            **self._addresses,
            "conditions": list(self._conditions.values()),
            "containerStatuses": [self._of(container) for container in self._containers],
        }

    def _of(self, container: Document) -> Document:
        state = {"running": None, "waiting": None, "terminated": None} | self._state
        status = {
            "name": container["name"],
            "image": container["image"],
            "imageID": f"{container['image']}@sha256:0" if self._container_id else "",
            "restartCount": self._restarts,
            "ready": self._is_ready,
            "started": "running" in self._state,
            "state": state,
            "lastState": self._last,
        }
        return status | ({"containerID": self._container_id} if self._container_id else {})

    def _set_conditions(self) -> None:
        names = " ".join(each["name"] for each in self._containers)
        why = {} if self._is_ready else {"reason": "ContainersNotReady", "message": f"containers with unready status: [{names}]"}
        for kind in ("Ready", "ContainersReady"):
            self._condition(kind, is_true=self._is_ready, **why)

    def _condition(self, kind: str, *, is_true: bool, **why: str) -> None:
        status = "True" if is_true else "False"
        old = self._conditions.get(kind, {})
        since = old["lastTransitionTime"] if old.get("status") == status else now()
        self._conditions[kind] = {"type": kind, "status": status, "lastTransitionTime": since, "reason": None, "message": None, **why}
