"""What a collector tells that watches the API: Event objects, states that objects went into, and what somebody changed."""

from collections.abc import Sequence
from typing import Any

from bench.unseen.events import Events, context_of, entity_of
from bench.unseen.object_parts import Thing


class ClusterEvents(Events):
    """Of one cluster."""

    def event(
        self,
        at: float,
        about: Thing,
        reason: str,
        message: str,
        *,
        warning: bool = True,
        component: str = "kubelet",
        count: int = 1,
        since: float | None = None,
    ) -> None:
        """An Event object, at its last time."""
        attributes = {"count": count, "firstTimestamp": self.time(at if since is None else since), "k8s.event.component": component}
        self._kubernetes(at, about, reason, message, "EVENT", warning, attributes)

    def normal(self, at: float, about: Thing, reason: str, message: str, component: str = "kubelet") -> None:
        """An Event object of type Normal."""
        self.event(at, about, reason, message, warning=False, component=component)

    def state(self, at: float, about: Thing, reason: str, message: str, *, warning: bool = True, **attributes: Any) -> None:
        """What an object went into."""
        self._kubernetes(at, about, reason, message, "STATE", warning, attributes)

    def change(
        self, at: float, about: Thing, message: str, what: str, names: Sequence[str] = (), *, action: str = "MODIFIED", **attributes: Any
    ) -> None:
        """What somebody did to an object."""
        said = {"k8s.change": what, **({"k8s.changed": list(names)} if names else {}), **attributes}
        self._kubernetes(at, about, "", f"{about.kind} {about.name} {message}", action, False, said)

    def _kubernetes(
        self, at: float, about: Thing, reason: str, message: str, action: str, warning: bool, attributes: dict[str, Any]
    ) -> None:
        told = {
            "event_type": "Warning" if warning else "Normal",
            "object": f"{about.kind.lower()}/{about.name}",
            "object_kind": about.kind,
            "message": message,
            "action": action,
        }
        if reason:
            told["reason"] = reason
        severity = "warning" if warning else "info"
        self.tell(
            at,
            kind="kubernetes",
            source="kubernetes",
            severity=severity,
            message=message,
            entity=entity_of(about),
            kubernetes=told,
            attributes=attributes,
            k8s_context=context_of(about),
        )

    def ended(self, at: float, pod: Thing, reason: str, code: int, *, container: str = "", restarts: int = 1) -> None:
        """A container ended otherwise than with 0, and was started again."""
        container = container or pod.app
        attributes: dict[str, Any] = {"container": container, "exit_code": code, "finishedAt": self.second(at)}
        self.state(at, pod, reason, f"container {container} terminated: {reason}, exit code {code}", **attributes)
        for status in self._statuses(pod):
            if status["name"] == container:
                status |= {"restartCount": restarts, "ready": False}
                status["lastState"] = {"terminated": {"reason": reason, "exitCode": code, "finishedAt": self.second(at)}}

    def waits(self, at: float, pod: Thing, reason: str, message: str, *, container: str = "", restarts: int = 0) -> None:
        """A container began to wait, for another reason than before."""
        container = container or pod.app
        self.state(at, pod, reason, message, container=container, restart_count=restarts)
        for status in self._statuses(pod):
            if status["name"] == container:
                status |= {"ready": False, "started": False, "state": {"waiting": {"reason": reason, "message": message}}}
        self.mark_unready(at, pod)

    def unready(self, at: float, pod: Thing, message: str = "containers with unready status: [{}]") -> None:
        """A running pod lost its readiness."""
        self.state(at, pod, "Unready", f"not ready: {message.format(pod.app)}", lastTransitionTime=self.second(at))
        self.mark_unready(at, pod)

    def ready(self, at: float, pod: Thing) -> None:
        """A pod has its readiness (again)."""
        self.state(at, pod, "Ready", "ready", warning=False)
        for condition in self._conditions(pod):
            if condition["type"] in ("Ready", "ContainersReady"):
                condition |= {"status": "True", "lastTransitionTime": self.second(at)}

    def mark_unready(self, at: float, pod: Thing, status: str = "False") -> None:
        """Only in the object."""
        for condition in self._conditions(pod):
            if condition["type"] in ("Ready", "ContainersReady"):
                condition |= {"status": status, "lastTransitionTime": self.second(at)}

    def no_endpoints(self, at: float, service: str) -> None:
        """The last ready endpoint of a Service went."""
        self.state(at, self.of("Service", service, self.application.namespace_of(service)), "EndpointsEmpty", "has no ready endpoint")

    def node_turns(self, at: float, node: str, reason: str, message: str, *, condition: str = "Ready", status: str = "Unknown") -> None:
        """A condition of a node changed for the worse."""
        self.state(at, self.of("Node", node), reason, message, lastTransitionTime=self.second(at))
        conditions = self.objects.get("Node", node)["status"]["conditions"]
        found = next((each for each in conditions if each["type"] == condition), None)
        if found is None:
            found = {"type": condition}
            conditions.append(found)
        found |= {"status": status, "reason": reason, "message": message, "lastTransitionTime": self.second(at)}

    def unavailable(self, at: float, app: str, message: str = "Deployment does not have minimum availability.") -> None:
        """A Deployment has fewer replicas than it must."""
        self.state(at, self.of("Deployment", app), "MinimumReplicasUnavailable", message, lastTransitionTime=self.second(at))

    def crash_loop(self, at: float, pod: Thing, ends: Sequence[float], code: int, *, reason: str = "Error", container: str = "") -> None:
        """A container ends again and again, at these times from `at`."""
        container = container or pod.app
        for number, after in enumerate(ends, start=1):
            self.ended(at + after, pod, reason, code, container=container, restarts=number)
            if number > 1:
                message = f"Back-off restarting failed container {container} in pod {pod.name}_{pod.namespace}({pod.uid})"
                self.event(at + after + 1.2, pod, "BackOff", message, count=number, since=at + ends[1] + 1.2)
            if number == 2:
                wait = f"back-off 20s restarting failed container={container} pod={pod.name}_{pod.namespace}({pod.uid})"
                self.waits(at + after + 1.0, pod, "CrashLoopBackOff", wait, container=container, restarts=number)

    def _statuses(self, pod: Thing) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.objects.get("Pod", pod.name, pod.namespace)["status"]["containerStatuses"]
        return found

    def _conditions(self, pod: Thing) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.objects.get("Pod", pod.name, pod.namespace)["status"]["conditions"]
        return found
