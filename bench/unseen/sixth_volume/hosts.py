"""What stories about machines have in common: who is on one, who calls them, and what becomes of them."""

from collections.abc import Sequence

from bench.unseen.events import every
from bench.unseen.object_parts import Thing
from bench.unseen.telemetry import Recording


def callers_suffer(
    r: Recording,
    node: str,
    since: float,
    error: str,
    kind: str,
    *,
    until: float = 210.0,
    milliseconds: float = 3_000.0,
    step: float = 33.0,
    only: Sequence[str] = (),
) -> None:
    """Calls to apps with pods on a machine (or only to some) fail as often as they meet one of those."""
    for call in r.application.calls:
        if call.callee.endswith(".example") or (only and call.callee not in only):
            continue
        pods = r.objects.pods_ever(call.callee)
        share = sum(pod.node == node for pod in pods) / max(1, len(pods))
        if not share:
            continue
        r.disturb(call.caller, call.callee, since, errors=share * 0.9, slower=4, until=until + 30)
        elsewhere = [pod for pod in r.pods(call.caller) if pod.node != node]
        for at in every(since + 20 * (1 - share), until, step / share**0.5):
            moment = r.nearly(at, 9)
            r.span(moment, call.caller, call.callee, call.operation, error=error, error_type=kind, milliseconds=milliseconds, by=elsewhere)


def goes_dark(r: Recording, node: str, silent_at: float, known_at: float) -> None:
    """Nothing comes of a machine any more, and the control plane learns it after a while."""
    about = r.of("Node", node)
    for pod in r.objects.apps_on(node):
        r.silent[pod.name] = silent_at
    r.node_turns(known_at, node, "NodeStatusUnknown", "Kubelet stopped posting node status.")
    r.normal(known_at + 0.2, about, "NodeNotReady", f"Node {node} status is now: NodeNotReady", "node-controller")
    not_ready(r, node, known_at + 0.4)


def not_ready(r: Recording, node: str, at: float) -> None:
    """The node controller marks the pods of a machine."""
    for number, pod in enumerate(r.objects.apps_on(node)):
        r.event(at + number / 10, pod, "NodeNotReady", "Node is not ready", component="node-controller")
        r.unready(at + 0.1 + number / 10, pod, "Node is not ready")


def evict(r: Recording, at: float, pod: Thing, resource: str, numbers: str) -> None:
    """The kubelet takes a pod down to save its machine, and another comes elsewhere."""
    message = f"The node was low on resource: {resource}. {numbers}. "
    r.event(at, pod, "Evicted", message)
    r.normal(at + 0.2, pod, "Killing", f"Stopping container {pod.app}")
    r.state(at + 0.6, pod, "Evicted", message)
    r.mark_unready(at + 0.6, pod)
    r.silent[pod.name] = at
    workload = r.application.workload(pod.app)
    if workload.kind == "Deployment":
        revision = r.of("ReplicaSet", pod.name.rpartition("-")[0], pod.namespace)
        others = sorted(name for name in r.application.nodes if name != pod.node)
        new = r.new_replica(at + 1.1, workload, revision, 70 + round(at), node=others[round(at) % len(others)])
        r.ready(at + 22, new)


def of_apps(pods: Sequence[Thing], apps: Sequence[str]) -> list[Thing]:
    """Those of these apps."""
    return [pod for pod in pods if pod.app in apps]
