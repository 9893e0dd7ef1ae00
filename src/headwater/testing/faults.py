"""
Fault families: what breaks, by which mechanism it spreads, how long each step takes and how often it is seen.

Written from how Kubernetes and its clients behave; nothing here knows how anybody explains failures.
"""

from collections.abc import Callable
from random import Random

from headwater.model.times import seconds
from headwater.testing import wire
from headwater.testing.calls import Telemetry, impair
from headwater.testing.kubernetes_objects import pod_object, replica_set_object, workload_object
from headwater.testing.recording import Fault, Recorder
from headwater.testing.world import Cluster, Pod, Workload, make_pod, suffix

FAMILIES: dict[str, Callable[["Break"], None]] = {}
"""Every fault family by name; each is told where to break what, and writes down what is seen."""


class Break:
    """One fault in the making: where, when, and the dice and the recorder to tell it with."""

    def __init__(self, rng: Random, cluster: Cluster, recorder: Recorder, fault: Fault, *, workload: Workload, pod: Pod, at: int) -> None:
        self.rng = rng
        self.cluster = cluster
        self.recorder = recorder
        self.workload = workload
        self.pod = pod  # where families that break one pod do so, and whose node families that break a node break
        self.at = at
        self.fault = fault
        self.telemetry = Telemetry(rng, cluster, recorder)

    def after(self, earliest: float, latest: float, *, since: int | None = None) -> int:
        """An instant so many seconds after the fault began, or after `since`."""
        return (self.at if since is None else since) + seconds(self.rng.uniform(earliest, latest))

    def emit(self, at: int, body: wire.Body, *, clock: str = "control-plane") -> str:
        """Something was seen."""
        return self.recorder.emit(at, body, clock=clock)

    def blame(self, unit: str, root_event_id: str = "") -> None:
        """The truth: this is the culprit, and this event says so first."""
        self.fault.unit = unit
        self.fault.root_event_id = root_event_id

    def chance(self, probability: float) -> bool:
        """Whether something so likely happens."""
        return self.rng.random() < probability


def _family(name: str) -> Callable[[Callable[[Break], None]], Callable[[Break], None]]:
    def register(tell: Callable[[Break], None]) -> Callable[[Break], None]:
        FAMILIES[name] = tell
        return tell

    return register


@_family("oom")
def _out_of_memory(case: Break) -> None:
    pod = case.pod
    case.blame(case.workload.unit, _kill_for_memory(case, pod, case.at))
    _unready(case, pod, case.after(2, 25))
    impair(case.telemetry, case.workload.app, case.after(0, 8))


@_family("oomloop")
def _out_of_memory_again_and_again(case: Break) -> None:
    root = ""
    for pod in case.workload.pods:
        for turn in range(3):
            killed = _kill_for_memory(case, pod, case.after(turn * 35, turn * 35 + 6))
            root = root or killed
        _crash_loop(case, pod, case.after(40, 80), exit_code=137)
    case.blame(case.workload.unit, root)
    impair(case.telemetry, case.workload.app, case.after(0, 8))


@_family("node")
def _node_loss(case: Break) -> None:
    node = case.pod.node
    noticed = case.after(40, 50)  # the node lifecycle controller waits for four missed leases
    message = "Kubelet stopped posting node status."
    root = case.emit(noticed, wire.state_change("Node", "", node, "NodeNotReady", message, node=node))
    case.emit(
        case.after(0, 1, since=noticed), wire.object_event("Node", "", node, "NodeNotReady", f"Node {node} status is now: NodeNotReady")
    )
    case.blame(f"Node//{node}", root)
    hit: list[str] = []
    for workload, pod in case.cluster.pods_on(node):
        if case.chance(0.5):
            case.emit(case.after(0, 5, since=noticed), wire.pod_event(pod, "NodeNotReady", "Node is not ready", is_warning=True))
        case.emit(case.after(0, 5, since=noticed), wire.pod_state(pod, "PodNotReady", "pod not ready, status Running"))
        if case.chance(0.7):
            evicted = case.after(300, 310, since=noticed)
            case.emit(evicted, wire.pod_event(pod, "TaintManagerEviction", f"Marking for deletion Pod {pod.namespace}/{pod.name}"))
        # The other replica of coredns answers.
        if workload.app != case.cluster.dns and workload.app not in hit:
            hit.append(workload.app)
            impair(case.telemetry, workload.app, case.after(0, 10), failures=("timeout", "timeout", "503"), lag=0.5)


@_family("disk")
def _disk_pressure(case: Break) -> None:
    node = case.pod.node
    status = f"Node {node} status is now: NodeHasDiskPressure"
    root = case.emit(case.at, wire.state_change("Node", "", node, "DiskPressure", "kubelet has disk pressure", node=node))
    case.emit(case.after(0, 2), wire.object_event("Node", "", node, "NodeHasDiskPressure", status))
    case.emit(
        case.after(0, 4),
        wire.object_event("Node", "", node, "EvictionThresholdMet", "Attempting to reclaim ephemeral-storage", is_warning=True),
    )
    case.blame(f"Node//{node}", root)
    message = "The node was low on resource: ephemeral-storage. Threshold quantity: 5368709120, available: 4913204Ki."
    for workload, pod in case.cluster.pods_on(node):
        if not case.chance(0.8):
            continue
        case.emit(case.after(3, 40), wire.pod_event(pod, "Evicted", message, is_warning=True), clock=node)
        case.emit(case.after(10, 50), wire.pod_state(pod, "PodNotReady", "pod not ready, status Failed"))
        if workload.app != case.cluster.dns:
            impair(case.telemetry, workload.app, case.after(10, 50), likelihood=0.5, lag=0.5)


@_family("config")
def _config_change(case: Break) -> None:
    workload = case.workload
    change = wire.object_change("ConfigMap", workload.namespace, workload.config_map, f"configmap {workload.config_map} modified: data")
    case.blame(f"ConfigMap/{workload.namespace}/{workload.config_map}", case.emit(case.at, change))
    pods = workload.pods
    if workload.kind == "Deployment" and case.chance(0.5):
        pods = _roll_out(case, case.after(1, 20))
    for pod in pods:
        exited = case.after(8, 30)
        if case.chance(0.6):
            line = "invalid configuration: TIMEOUT_SECONDS: cannot parse 'five' as integer"
            case.emit(exited, wire.log_line(workload, pod, "error", line, error_type="ConfigurationError"), clock=pod.node)
        case.emit(case.after(0, 1, since=exited), _exit_state(workload, pod, 1))
        _restart(case, workload, pod, case.after(0.5, 3, since=exited))
        _crash_loop(case, pod, case.after(20, 60), exit_code=1)
        _unready(case, pod, case.after(25, 60))
    impair(case.telemetry, workload.app, case.after(15, 40), failures=("refused", "503", "timeout"))


@_family("rollout")
def _bad_rollout(case: Break) -> None:
    workload = case.workload
    pods = _roll_out(case, case.at)
    for pod in pods:
        for _ in range(case.rng.choice([1, 2, 3])):
            at = case.after(15, 70)
            trace_id = case.telemetry.new_trace()
            error = "java.lang.NullPointerException: Cannot invoke Order.getTotal() because order is null"
            span = wire.server_span(workload, pod=pod, error=error, error_type="NullPointerException", status=500, latency_ms=12)
            case.recorder.emit(at, span, clock=pod.node, trace_id=trace_id)
            if case.chance(0.5):
                case.emit(at, wire.log_line(workload, pod, "error", error, error_type="NullPointerException"), clock=pod.node)
    impair(case.telemetry, workload.app, case.after(15, 70), failures=("500", "500", "502"))


@_family("image")
def _image_pull(case: Break) -> None:
    workload = case.workload
    image = f"{workload.image}-missing"
    missing = f'Failed to pull image "{image}": rpc error: code = NotFound desc = failed to pull and unpack image "{image}": not found'
    for pod in _roll_out(case, case.at, is_starting=False):
        pulled = case.after(5, 20)
        case.emit(case.after(1, 4), wire.pod_event(pod, "Pulling", f'Pulling image "{image}"'), clock=pod.node)
        case.emit(pulled, wire.pod_event(pod, "Failed", missing, is_warning=True), clock=pod.node)
        case.emit(pulled, wire.pod_event(pod, "Failed", "Error: ErrImagePull", is_warning=True), clock=pod.node)
        case.emit(case.after(0, 1, since=pulled), _waiting_state(workload, pod, "ErrImagePull"))
        backed_off = case.after(10, 16, since=pulled)
        case.emit(backed_off, wire.pod_event(pod, "BackOff", f'Back-off pulling image "{image}"'), clock=pod.node)
        case.emit(backed_off, _waiting_state(workload, pod, "ImagePullBackOff"))
        case.emit(case.after(10, 40), wire.pod_state(pod, "PodNotReady", "pod not ready, status Pending"))
    impair(case.telemetry, workload.app, case.after(10, 40), likelihood=0.5)


@_family("silent")
def _silent_bug(case: Break) -> None:
    root = ""
    for _ in range(3):
        pod = case.rng.choice(case.workload.pods)
        slow = wire.slow_span(
            case.workload,
            pod=pod if case.workload.names_pods else None,
            latency_ms=case.rng.uniform(2_000, 9_000),
            normal_ms=case.rng.uniform(5, 60),
        )
        seen = case.recorder.emit(case.after(0, 20), slow, clock=pod.node, trace_id=case.telemetry.new_trace())
        root = root or seen
    case.blame(case.workload.unit, root)
    impair(case.telemetry, case.workload.app, case.at)


@_family("blind")
def _blind_dependency(case: Break) -> None:
    case.blame(case.workload.unit)  # it is not instrumented: only those who call it speak
    impair(case.telemetry, case.workload.app, case.at, likelihood=1.0)


@_family("dns")
def _name_resolution(case: Break) -> None:
    dns = case.cluster.workloads[case.cluster.dns]
    pod = case.rng.choice(dns.pods)
    case.blame(dns.unit, _kill_for_memory(case, pod, case.at, workload=dns))
    _unready(case, pod, case.after(2, 25))
    callers = [app for app, callees in case.cluster.calls.items() if callees]
    for caller in case.rng.sample(callers, min(12, len(callers))):
        # A failed look-up says whom the caller wanted, not who failed it.
        callee = case.rng.choice(case.cluster.calls[caller])
        began = case.after(0.5, 25, since=case.after(0, 8))
        traces = case.telemetry.failed_calls(caller, callee, began, ("dns",))
        if case.chance(0.5):
            impair(case.telemetry, caller, began, failures=("500", "503", "502"), likelihood=0.6, traces=traces, depth=1)


def _kill_for_memory(case: Break, pod: Pod, at: int, *, workload: Workload | None = None) -> str:
    workload = workload or case.workload
    killed = case.emit(at, wire.oom_kill(pod, workload.app), clock=pod.node)
    message = f"container {workload.app} terminated: OOMKilled, exit code 137"
    case.emit(
        case.after(0.2, 2, since=at), wire.pod_state(pod, "OOMKilled", message, container=workload.app, exit_code=137), clock=pod.node
    )
    _restart(case, workload, pod, case.after(1, 6, since=at))
    return killed


def _restart(case: Break, workload: Workload, pod: Pod, at: int) -> None:
    message = f"container {workload.app} restarted"
    case.emit(at, wire.pod_event(pod, "Started", f"Started container {workload.app}"), clock=pod.node)
    case.emit(at, wire.pod_state(pod, "ContainerRestarts", message, container=workload.app))


def _unready(case: Break, pod: Pod, at: int) -> None:
    message = f'Readiness probe failed: Get "http://{pod.address}:8080/healthz": dial tcp {pod.address}:8080: connect: connection refused'
    if case.chance(0.7):
        case.emit(at, wire.pod_event(pod, "Unhealthy", message, is_warning=True), clock=pod.node)
    case.emit(case.after(0, 2, since=at), wire.pod_state(pod, "PodNotReady", "pod not ready, status Running"))


def _crash_loop(case: Break, pod: Pod, at: int, *, exit_code: int) -> None:
    container = case.workload.app
    message = f"Back-off restarting failed container {container} in pod {pod.name}_{pod.namespace}({pod.uid})"
    case.emit(at, wire.pod_event(pod, "BackOff", message, is_warning=True), clock=pod.node)
    waiting = f"container {container} waiting: CrashLoopBackOff"
    case.emit(case.after(0, 1, since=at), wire.pod_state(pod, "CrashLoopBackOff", waiting, container=container, last_exit_code=exit_code))


def _exit_state(workload: Workload, pod: Pod, exit_code: int) -> wire.Body:
    message = f"container {workload.app} terminated: Error, exit code {exit_code}"
    return wire.pod_state(pod, "Error", message, container=workload.app, exit_code=exit_code)


def _waiting_state(workload: Workload, pod: Pod, reason: str) -> wire.Body:
    return wire.pod_state(pod, reason, f"container {workload.app} waiting: {reason}", container=workload.app)


def _roll_out(case: Break, at: int, *, is_starting: bool = True) -> list[Pod]:
    """A new revision of the Deployment; returns its pods. Blames the Deployment unless something is blamed already."""
    workload = case.workload
    revision = Workload(
        **{name: getattr(workload, name) for name in workload.__slots__}
        | {"template_hash": suffix(case.rng, 10), "pods": [], "created": at}
    )
    message = f"deployment {workload.name} modified: spec.template"
    modified = {"k8s.change": "rollout"}
    root = case.emit(at, wire.object_change("Deployment", workload.namespace, workload.name, message, **modified))
    if not case.fault.unit:
        case.blame(workload.unit, root)
    scaled = f"Scaled up replica set {revision.replica_set} from 0 to {len(workload.pods)}"
    case.emit(case.after(0.1, 1, since=at), wire.object_event("Deployment", workload.namespace, workload.name, "ScalingReplicaSet", scaled))
    controller = workload_object(case.rng, workload)
    replica_set = replica_set_object(case.rng, revision, controller["metadata"]["uid"], created=at)
    case.recorder.change(at, replica_set)
    for index in range(len(workload.pods)):
        node = case.rng.choice(case.cluster.nodes)
        pod = make_pod(case.rng, revision, index, node, f"10.244.{int(node.rpartition('-')[2])}.{200 + case.rng.randrange(50)}")
        revision.pods.append(pod)
        born = case.after(0.5, 4, since=at)
        case.recorder.change(born, pod_object(revision, pod, replica_set, created=born, is_ready=is_starting))
        assigned = f"Successfully assigned {pod.namespace}/{pod.name} to {node}"
        case.emit(born, wire.pod_event(pod, "Scheduled", assigned))
        if is_starting:
            case.emit(case.after(1, 5, since=born), wire.pod_event(pod, "Started", f"Started container {workload.app}"), clock=node)
    return revision.pods
