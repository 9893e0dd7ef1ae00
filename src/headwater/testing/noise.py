"""What clusters say all day: benign warnings that belong to no fault, and healthy traffic."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from headwater.model.times import seconds
from headwater.testing import wire
from headwater.testing.calls import Telemetry, speaking_pod
from headwater.testing.recording import Recorder
from headwater.testing.world import Cluster, Pod, Workload, make_pod


class Chatter:
    """Unrelated events of one cluster, drawn from its own dice."""

    def __init__(self, rng: Random, cluster: Cluster, recorder: Recorder) -> None:
        self.rng = rng
        self.cluster = cluster
        self.recorder = recorder
        self.telemetry = Telemetry(rng, cluster, recorder)
        self.callers = [app for app, callees in cluster.calls.items() if callees]

    def unrelated(self, count: int, start: int, end: int) -> None:
        """
        So many events at any time and place, of the kinds that mislead: they look like causes or symptoms and are neither.

        Deployments and configuration changes that do no harm are among them.
        """
        kinds: list[tuple[float, Callable[[int], None]]] = [
            (0.25, self._readiness_blip),
            (0.15, self._restart),
            (0.10, self._throttling),
            (0.12, self._harmless_rollout),
            (0.10, self._harmless_config_change),
            (0.03, self._memory_pressure),
            (0.25, self._failed_call),
        ]
        self._draw(kinds, count, start, end)

    def benign(self, count: int, start: int, end: int) -> None:
        """So many everyday warnings: nothing here is worth waking anybody for."""
        kinds: list[tuple[float, Callable[[int], None]]] = [
            (0.30, self._readiness_blip),
            (0.12, self._resolved_scheduling),
            (0.10, self._dns_config_forming),
            (0.13, self._failed_call),
            (0.05, self._restart),
            (0.10, self._metric_warning),
            (0.05, self._throttling),
            (0.15, self._warning_line),
        ]
        self._draw(kinds, count, start, end)

    def healthy(self, count: int, start: int, end: int) -> None:
        """So many healthy events: calls that go well, information, ordinary Kubernetes Events and updates that change nothing."""
        kinds: list[tuple[float, Callable[[int], None]]] = [
            (0.45, lambda at: self._good_call(at, *self._any_call())),
            (0.25, self._information_line),
            (0.15, self._ordinary_event),
            (0.05, self._good_sample),
            (0.10, self._status_update),
        ]
        self._draw(kinds, count, start, end)

    def every_call(self, start: int, end: int, *, missing: float = 0.0) -> None:
        """One good call along each edge of the call graph, but for a share that nobody has ever traced."""
        for caller in self.callers:
            for callee in self.cluster.calls[caller]:
                at = self._instant(start, end)
                if self.rng.random() >= missing:
                    self._good_call(at, caller, callee)

    def _draw(self, kinds: list[tuple[float, Callable[[int], None]]], count: int, start: int, end: int) -> None:
        weights = [weight for weight, _ in kinds]
        for _ in range(count):
            kind = self.rng.choices([tell for _, tell in kinds], weights)[0]
            kind(self._instant(start, end))

    def _instant(self, start: int, end: int) -> int:
        return start + round(self.rng.random() * (end - start))

    def _any_pod(self) -> tuple[Workload, Pod]:
        workload = self.rng.choice(self.cluster.applications())
        return workload, self.rng.choice(workload.pods)

    def _any_call(self) -> tuple[str, str]:
        caller = self.rng.choice(self.callers)
        return caller, self.rng.choice(self.cluster.calls[caller])

    def _readiness_blip(self, at: int) -> None:
        _, pod = self._any_pod()
        if self.rng.random() < 0.5:
            message = f'Readiness probe failed: Get "http://{pod.address}:8080/healthz": context deadline exceeded'
            self.recorder.emit(at, wire.pod_event(pod, "Unhealthy", message, is_warning=True), clock=pod.node)
        else:
            self.recorder.emit(at, wire.pod_state(pod, "PodNotReady", "pod not ready, status Running"))

    def _restart(self, at: int) -> None:
        workload, pod = self._any_pod()
        state = wire.pod_state(pod, "ContainerRestarts", f"container {workload.app} restarted", container=workload.app)
        self.recorder.emit(at, state)

    def _throttling(self, at: int) -> None:
        _, pod = self._any_pod()
        self.recorder.emit(at, wire.throttling_alert(pod, self.rng.uniform(26, 60)))

    def _harmless_rollout(self, at: int) -> None:
        workload, _ = self._any_pod()
        while workload.kind != "Deployment":
            workload, _ = self._any_pod()
        if self.rng.random() < 0.5:
            modified = {"k8s.change": "rollout"}
            message = f"deployment {workload.name} modified: spec.template"
            body = wire.object_change("Deployment", workload.namespace, workload.name, message, **modified)
        else:
            message = f"Scaled up replica set {workload.replica_set} from 0 to {len(workload.pods)}"
            body = wire.object_event("Deployment", workload.namespace, workload.name, "ScalingReplicaSet", message)
        self.recorder.emit(at, body)

    def _harmless_config_change(self, at: int) -> None:
        workload, _ = self._any_pod()
        message = f"configmap {workload.config_map} modified: data"
        self.recorder.emit(at, wire.object_change("ConfigMap", workload.namespace, workload.config_map, message))

    def _memory_pressure(self, at: int) -> None:
        node = self.rng.choice(self.cluster.nodes)
        message = "kubelet has insufficient memory available"
        self.recorder.emit(at, wire.state_change("Node", "", node, "MemoryPressure", message, node=node))

    def _failed_call(self, at: int) -> None:
        caller, callee = self._any_call()
        workload = self.cluster.workloads[caller]
        pod = self.rng.choice(workload.pods)
        failure = self.rng.choice(["timeout", "500", "503"])
        span = wire.call_span(self.cluster, caller, callee, pod=speaking_pod(workload, pod), failure=failure, latency_ms=5_000)
        self.recorder.emit(at, span, clock=pod.node, trace_id=self.telemetry.new_trace())

    def _resolved_scheduling(self, at: int) -> None:
        """A new pod waits for a node a little: only pods without one can be told so."""
        workload, neighbour = self._any_pod()
        nodes = len(self.cluster.nodes)
        index = len(workload.pods) + self.rng.randrange(20)
        pod = make_pod(self.rng, workload, index, neighbour.node, "")
        message = f"0/{nodes} nodes are available: {nodes} Insufficient cpu. preemption: 0/{nodes} nodes are available."
        waiting = replace(pod, node="")
        self.recorder.emit(at, wire.pod_event(waiting, "FailedScheduling", message, is_warning=True))
        assigned = f"Successfully assigned {pod.namespace}/{pod.name} to {pod.node}"
        self.recorder.emit(at + seconds(self.rng.uniform(2, 20)), wire.pod_event(pod, "Scheduled", assigned))

    def _dns_config_forming(self, at: int) -> None:
        _, pod = self._any_pod()
        message = "Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.96.0.10"
        self.recorder.emit(at, wire.pod_event(pod, "DNSConfigForming", message, is_warning=True), clock=pod.node)

    def _metric_warning(self, at: int) -> None:
        _, pod = self._any_pod()
        name = self.rng.choice(["cpu_usage_percent", "memory_usage_percent"])
        self.recorder.emit(at, wire.metric_sample(pod, name, self.rng.uniform(80, 93), severity="warning"))

    def _warning_line(self, at: int) -> None:
        workload, pod = self._any_pod()
        line = self.rng.choice(["slow query took 310 ms", "retrying request (1/3)", "cache miss rate above 20%", "deprecated option used"])
        self.recorder.emit(at, wire.log_line(workload, pod, "warning", line), clock=pod.node)

    def _good_call(self, at: int, caller: str, callee: str) -> None:
        workload = self.cluster.workloads[caller]
        pod = self.rng.choice(workload.pods)
        span = wire.call_span(
            self.cluster, caller, callee, pod=speaking_pod(workload, pod), failure=None, latency_ms=self.rng.uniform(2, 60)
        )
        self.recorder.emit(at, span, clock=pod.node, trace_id=self.telemetry.new_trace())

    def _information_line(self, at: int) -> None:
        workload, pod = self._any_pod()
        self.recorder.emit(at, wire.log_line(workload, pod, "info", "request handled"), clock=pod.node)

    def _ordinary_event(self, at: int) -> None:
        workload, pod = self._any_pod()
        reason, message = self.rng.choice(
            [("Pulled", f'Container image "{workload.image}" already present on machine'), ("Created", f"Created container {workload.app}")]
        )
        self.recorder.emit(at, wire.pod_event(pod, reason, message), clock=pod.node)

    def _good_sample(self, at: int) -> None:
        _, pod = self._any_pod()
        self.recorder.emit(at, wire.metric_sample(pod, "cpu_usage_percent", self.rng.uniform(5, 60)))

    def _status_update(self, at: int) -> None:
        workload, _ = self._any_pod()
        message = f"{workload.kind.lower()} {workload.name} modified: status"
        self.recorder.emit(at, wire.object_change(workload.kind, workload.namespace, workload.name, message))
