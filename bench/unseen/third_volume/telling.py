"""What stories of the third volume have in common: alerts of clouds and dashboards, nodes that are lost or emptied, pods that find no place."""
# ruff: noqa: E501  (what programs write is as long as it is)

from collections.abc import Sequence
from datetime import datetime

from bench.unseen.events import Event, every
from bench.unseen.names import digest
from bench.unseen.object_parts import Thing
from bench.unseen.telemetry import Recording

GRPC_UNAVAILABLE = {"rpc.system": "grpc", "rpc.grpc.status_code": 14}
GRPC_DEADLINE = {"rpc.system": "grpc", "rpc.grpc.status_code": 4}
ON_EVERY_NODE = frozenset({"log-router"})
"""What a drain leaves where it is."""


def _alarm(r: Recording, at: float, source: str, name: str, message: str, severity: str, labels: dict[str, str]) -> None:
    attributes: Event = {"alertname": name, "status": "firing", "startsAt": r.time(at), "fingerprint": digest(source, name)[:16], **labels}
    intent = {"intent": f"alert.{source}"}
    r.tell(at, kind="alert", source=source, severity=severity, category="alert", message=message, semantic=intent, attributes=attributes)


def google_alert(r: Recording, at: float, policy: str, condition: str, *, severity: str = "error", **labels: str) -> None:
    """An incident of Google's Cloud Monitoring opens."""
    _alarm(r, at, "gcp-monitoring", policy, f"Alert firing: {policy}. {condition}", severity, labels)


def azure_alert(r: Recording, at: float, rule: str, why: str, *, sev: int = 1, **labels: str) -> None:
    """A rule of Azure Monitor fires."""
    severity = "critical" if sev == 0 else "error" if sev == 1 else "warning"
    _alarm(r, at, "azure-monitor", rule, f"Fired:Sev{sev} Azure Monitor Alert {rule}: {why}", severity, labels)


def grafana_alert(r: Recording, at: float, title: str, summary: str, *, folder: str, severity: str = "error", **labels: str) -> None:
    """A rule that Grafana itself evaluates fires."""
    _alarm(r, at, "grafana", title, f"[FIRING:1] {title} {folder}: {summary}", severity, {"grafana_folder": folder, **labels})


def klog(r: Recording, at: float, level: str) -> str:
    """How lines of Kubernetes' own programs begin."""
    moment = r.time(at + 0.118)
    return f"{level}{moment[5:7]}{moment[8:10]} {moment[11:23]}112       1"


def pending(r: Recording, pod: Thing, at: float, why: str, again: Sequence[float]) -> None:
    """No node takes a pod: said at once and each time it is tried again."""
    waits = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": why, "lastTransitionTime": r.second(at)}
    r.objects.get("Pod", pod.name, pod.namespace)["status"] = {"phase": "Pending", "conditions": [waits]}
    r.state(at + 0.1, pod, "Unschedulable", why, lastTransitionTime=r.second(at))
    for times, moment in enumerate((at, *again), start=1):
        r.event(moment, pod, "FailedScheduling", why, component="default-scheduler", count=times, since=at)


def not_created(r: Recording, owner: Thing, times: Sequence[float], why: str, component: str = "replicaset-controller") -> None:
    """A controller may not create a pod, and tries at longer and longer intervals."""
    for count, at in enumerate(times, start=1):
        r.event(at, owner, "FailedCreate", f"Error creating: {why}", component=component, count=count, since=times[0])
    r.state(times[0] + 0.2, owner, "FailedCreate", why, lastTransitionTime=r.second(times[0]))


def lose_nodes(r: Recording, nodes: Sequence[str], silent_at: float, known_at: float) -> None:
    """Nothing more is heard of nodes and their pods, and the control plane finds out."""
    for place, node in enumerate(nodes):
        at = known_at + 1.7 * place
        there = r.objects.apps_on(node)
        for pod in there:
            r.silent[pod.name] = silent_at
        r.node_turns(at, node, "NodeStatusUnknown", "Kubelet stopped posting node status.")
        r.amend(kubernetes=_named(r, node, "NodeNotReady", "Kubelet stopped posting node status."))
        r.normal(at + 0.2, r.of("Node", node), "NodeNotReady", f"Node {node} status is now: NodeNotReady", "node-controller")
        for number, pod in enumerate(there):
            r.event(at + 0.4 + number / 10, pod, "NodeNotReady", "Node is not ready", component="node-controller")
            r.unready(at + 0.5 + number / 10, pod, "Node is not ready")


def _named(r: Recording, node: str, reason: str, message: str) -> Event:
    about = r.of("Node", node)
    return {
        "event_type": "Warning",
        "object": f"node/{about.name}",
        "object_kind": "Node",
        "message": message,
        "action": "STATE",
        "reason": reason,
    }


def cordon(r: Recording, at: float, node: str) -> None:
    """A node takes no more pods."""
    r.change(at, r.of("Node", node), "cordoned", "cordon")
    r.amend(message="cordoned")
    r.normal(at + 0.5, r.of("Node", node), "NodeNotSchedulable", f"Node {node} status is now: NodeNotSchedulable")
    spec = r.objects.get("Node", node)["spec"]
    spec |= {"unschedulable": True, "taints": [{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}]}


def put_elsewhere(r: Recording, at: float, pod: Thing, node: str, *, reason: str, why: str, ready_after: float = 17.0) -> Thing:
    """A pod of a Deployment is taken from its node, and its replacement comes up on another."""
    r.state(at, pod, reason, why)
    r.normal(at + 0.2, pod, "Killing", f"Stopping container {pod.app}")
    revision = r.of("ReplicaSet", pod.name.rpartition("-")[0], pod.namespace)
    r.forget(at + 0.3, pod)
    workload = r.application.workload(pod.app)
    new = r.new_replica(at + 0.5, workload, revision, 50 + len(r.objects.pods_ever(pod.app)), node=node)
    r.mark_unready(at + 0.5, new)
    r.ready(at + 0.5 + ready_after, new)
    return new


def calls_of(r: Recording, node: str) -> list[tuple[str, str, str, float]]:
    """Caller, callee, operation and the share of the callee's pods, of every call to an app with pods on a node."""
    found = []
    known = {each.name for each in r.application.workloads}
    for call in r.application.calls:
        pods = r.pods(call.callee) if call.callee in known else []
        there = sum(pod.node == node for pod in pods)
        if there:
            found.append((call.caller, call.callee, call.operation, there / len(pods)))
    return found


def connections_lost(
    r: Recording, calls: Sequence[tuple[str, str, str, float]], since: float, until: float, error: str, kind: str, milliseconds: float
) -> None:
    """Some calls fail the same way, each to its share."""
    for place, (caller, callee, operation, share) in enumerate(calls):
        r.disturb(caller, callee, since, errors=share, slower=4, until=until)
        for at in every(since + 2.3 * place, until, 27):
            r.span(r.nearly(at, 6), caller, callee, operation, error=error, error_type=kind, milliseconds=milliseconds)


def redis_line(r: Recording, at: float, role: str, line: str) -> str:
    """A line as Redis writes it; its role is M, S or, of a sentinel, X."""
    moment = datetime.fromisoformat(r.time(at - 0.046))
    return f"1:{role} {moment.strftime('%d %b %Y %H:%M:%S')}.{moment.microsecond // 1000:03d} {line}"


def no_results_come(r: Recording, times: Sequence[float], since: float) -> None:
    """The reader of a queue of the hospital says for how long nothing was on it."""
    for at in times:
        said = f'{{"@t":"-","@mt":"No message on {{Queue}} for {{Seconds}} s","@l":"Warning","Queue":"lab.results","Seconds":{int(at - since)}}}'
        r.log(r.nearly(at), "lab-results", said, "warning")
