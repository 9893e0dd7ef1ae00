"""What stories of the fourth volume have in common: requests as agents of OpenTelemetry write them, and detectors of other makes."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from bench.unseen.events import Event, context_of, entity_of, every
from bench.unseen.names import digest
from bench.unseen.object_parts import Content, Thing
from bench.unseen.telemetry import Recording
from bench.unseen.truths import story

fourth = partial(story, volume=4)
"""Registers a story of this volume."""


def addressed(r: Recording, callee: str) -> dict[str, Any]:
    """How an agent names who was called: stores and hosts by their address, services by their name."""
    found = next((each for each in r.application.all_workloads if each.name == callee), None)
    if found is None:
        return {"server.address": callee, "server.port": 443}
    if found.kind != "StatefulSet":
        return {"peer.service": callee}
    return {"server.address": f"{found.service_name}.{r.application.namespace_of(callee)}.svc.cluster.local", "server.port": found.port}


def request(
    r: Recording,
    at: float,
    path: Sequence[str],
    error: str,
    *,
    error_type: str = "",
    status: int = 0,
    milliseconds: float = 25.0,
    outer: int = 500,
    more: Mapping[str, Any] | None = None,
    by: Sequence[Thing] = (),
) -> None:
    """One request that fails at the end of a path; everybody before says so by a span of serving and one of calling."""
    trace = digest("fourth request", str(r.random.random()))[:32]
    operations = {(call.caller, call.callee): call.operation for call in r.application.calls}
    pods = {app: [r.random.choice(living)] for app in path if (living := r.living(app, at))} | ({path[-2]: by} if by else {})
    for depth, (caller, callee) in enumerate(reversed(list(pairwise(path)))):
        taken = milliseconds + 3.0 * depth
        operation = operations[caller, callee]
        if depth == 0:
            said: Event = {**addressed(r, callee), **(more or {})}
            r.span(
                at,
                caller,
                "",
                operation,
                error=error,
                error_type=error_type,
                status=status,
                milliseconds=taken,
                trace=trace,
                more=said,
                by=pods.get(caller, ()),
            )
            continue
        told = {"http.response.status_code": outer}
        r.span(
            at + depth / 40,
            callee,
            "",
            operation,
            error=f"{outer}",
            error_type=str(outer),
            status=outer,
            milliseconds=taken - 1,
            trace=trace,
            kind="server",
            more=told,
            by=pods.get(callee, ()),
        )
        r.span(
            at + depth / 40 + 0.01,
            caller,
            "",
            operation,
            error=f"{operation} returned {outer}",
            error_type=str(outer),
            status=outer,
            milliseconds=taken,
            trace=trace,
            more={**addressed(r, callee), **told},
            by=pods.get(caller, ()),
        )


def disturb(r: Recording, caller: str, callee: str, since: float, errors: float, slower: float) -> None:
    """The statistics of a call are others from then on; of two phases of one failure they show the middle from the first on."""
    former = r.disturbed.get((caller, callee))
    if former is not None:
        since, errors, slower = min(since, former.since), (errors + former.errors) / 2, max(slower, former.slower)
    r.disturb(caller, callee, since, errors=errors, slower=slower)


def failing(
    r: Recording,
    path: Sequence[str],
    error: str,
    *,
    since: float = 4.0,
    until: float = 300.0,
    step: float = 20.0,
    share: float = 1.0,
    slower: float = 1.0,
    **said: Any,
) -> None:
    """Requests along a path fail again and again, and the statistics of its calls show it."""
    for at in every(since, until, step):
        request(r, r.nearly(at, step / 2), path, error, **said)
    for caller, callee in pairwise(path):
        disturb(r, caller, callee, since, share, slower)


def slow_calls(
    r: Recording,
    caller: str,
    callee: str,
    milliseconds: float,
    *,
    since: float = 5.0,
    until: float = 300.0,
    step: float = 18.0,
    errors: float = 0.02,
) -> None:
    """A caller waits for one that writes no spans of its own."""
    call = next(each for each in r.application.calls if (each.caller, each.callee) == (caller, callee))
    for at in every(since, until, step):
        r.slow(r.nearly(at, step / 2), caller, call.operation, milliseconds * r.random.uniform(0.7, 1.4), call.milliseconds, callee=callee)
    disturb(r, caller, callee, since, errors, milliseconds / call.milliseconds)


def slow_serving(
    r: Recording, caller: str, app: str, milliseconds: float, *, since: float = 5.0, until: float = 300.0, step: float = 18.0
) -> None:
    """An app takes long by its own doing, as its own spans of serving say, and who calls it waits."""
    call = next(each for each in r.application.calls if (each.caller, each.callee) == (caller, app))
    for at in every(since, until, step):
        r.slow(r.nearly(at, step / 2), app, call.operation, milliseconds * r.random.uniform(0.7, 1.4), call.milliseconds)
    disturb(r, caller, app, since, 0.03, milliseconds / call.milliseconds)


def grafana(r: Recording, at: float, title: str, summary: str, *, folder: str, severity: str = "warning", **labels: str) -> None:
    """A rule that is managed in Grafana begins to fire."""
    said: Event = {
        "alertname": title,
        "grafana_folder": folder,
        "severity": severity,
        "status": "firing",
        "startsAt": r.time(at),
        "fingerprint": digest("grafana", title, summary)[:16],
        **labels,
    }
    word = "critical" if severity == "critical" else "warning"
    intent = {"intent": f"alert.{title}"}
    r.tell(at, kind="alert", source="grafana", severity=word, category="alert", message=summary, semantic=intent, attributes=said)


def unusual(r: Recording, at: float, about: Thing, name: str, amount: float, low: float, high: float, *, unit: str = "") -> None:
    """A detector that learns what is usual saw a series leave its band."""
    said: Event = {"expected.low": low, "expected.high": high, **({"service.name": about.app} if about.kind == "Pod" else {})}
    r.tell(
        at,
        kind="metric",
        source="vmanomaly",
        severity="warning",
        message=f"{name} is {amount:g}, expected between {low:g} and {high:g}",
        entity=entity_of(about),
        semantic={"intent": "metric.anomaly"},
        metrics={"metric_name": name, "value": amount, **({"unit": unit} if unit else {})},
        attributes=said,
        k8s_context=context_of(about),
    )


def flow_dropped(r: Recording, at: float, source: Thing, target: str, port: int, reason: str, *, peer: Thing | None = None) -> None:
    """Hubble saw a packet dropped on its way out of a pod, or into one where a peer is given."""
    about = peer or source
    said: Event = {
        "verdict": "DROPPED",
        "drop_reason": reason,
        "traffic_direction": "INGRESS" if peer else "EGRESS",
        "hubble.source": f"{source.namespace}/{source.name}",
        "hubble.destination": target,
    }
    network: Content = {"protocol": "tcp", "source_ip": source.address, "dest_port": port, "direction": "ingress" if peer else "egress"}
    if peer:
        network["dest_ip"] = peer.address
    r.tell(
        at,
        kind="network",
        source="hubble",
        severity="warning",
        message=f"{source.namespace}/{source.name} -> {target}:{port} {reason} DROPPED (TCP Flags: SYN)",
        network=network,
        attributes=said,
        k8s_context=context_of(about),
    )


def calls_of_node(r: Recording, node: str) -> list[tuple[str, str, float, list[Thing]]]:
    """Calls between apps of which pods are on a node: caller, callee, the callee's share there, and the caller's pods there."""
    there = r.objects.apps_on(node)
    found = []
    for call in r.application.calls:
        callees, here = r.objects.pods_ever(call.callee), [pod for pod in there if pod.app == call.caller]
        share = sum(pod.node == node for pod in callees) / len(callees) if callees else 0.0
        if share or here:
            found.append((call.caller, call.callee, share, here))
    return found


def unready_because(r: Recording, node: str, at: float) -> None:
    """The node controller marks the pods of a node that says nothing."""
    r.normal(at + 0.3, r.of("Node", node), "NodeNotReady", f"Node {node} status is now: NodeNotReady", "node-controller")
    for number, pod in enumerate(r.objects.apps_on(node)):
        r.event(at + 0.6 + number / 9, pod, "NodeNotReady", "Node is not ready", component="node-controller")
        r.unready(at + 0.7 + number / 9, pod, "Node is not ready")
