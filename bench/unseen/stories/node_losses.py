"""Nodes, or whole zones, that go away, with what ran on them; some say so, some are only missed."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import old_crash_loop, recent_rollout, scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.more_applications import ML, TELEMETRY
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story

UNKNOWN = "Kubelet stopped posting node status."


def node_silent(r: Recording, at: float, node: str) -> None:
    """What the control plane tells of a node that no longer reports, and of its pods."""
    about = r.of("Node", node)
    r.node_turns(at, node, "NodeStatusUnknown", UNKNOWN)
    r.normal(at + 0.2, about, "NodeNotReady", f"Node {node} status is now: NodeNotReady", "node-controller")
    for number, pod in enumerate(r.objects.apps_on(node)):
        r.event(at + 0.4 + number / 10, pod, "NodeNotReady", "Node is not ready", component="node-controller")
        r.state(at + 0.5 + number / 10, pod, "Unready", "not ready: Node is not ready", lastTransitionTime=r.second(at))
        r.mark_unready(at, pod)


def pods_silent(r: Recording, node: str, at: float = 0.0) -> None:
    """Nothing more is heard from the pods of a node."""
    for pod in r.objects.apps_on(node):
        r.silent[pod.name] = at


def calls_into(r: Recording, node: str) -> list[tuple[str, str, float]]:
    """Of each call to an app with pods on the node: caller, callee, and the share of its pods that are there."""
    found = []
    for call in r.application.calls:
        pods = r.objects.pods(call.callee) if call.callee in {each.name for each in r.application.workloads} else []
        there = sum(pod.node == node for pod in pods)
        if there:
            found.append((call.caller, call.callee, there / len(pods)))
    return found


@story(BANK, "node loss", Truth("ip-10-20-2-61.eu-west-1.compute.internal", "node_down", "node"), decoy=True)
def host_died(r: Recording) -> None:
    node = "ip-10-20-2-61.eu-west-1.compute.internal"
    recent_rollout(r, "notifications", "2.30.4", at=-120)
    pods_silent(r, node)
    for caller, callee, share in calls_into(r, node):
        r.disturb(caller, callee, errors=share, slower=5)
        for at in every(6, 170, 19):
            error = (
                "java.net.http.HttpTimeoutException: request timed out"
                if callee != "ledger-db"
                else "org.postgresql.util.PSQLException: The connection attempt failed."
            )
            r.span(r.nearly(at, 4), caller, callee, "call", error=error, error_type="timeout", milliseconds=5_000)
    node_silent(r, 42, node)
    for pod in r.objects.apps_on(node):
        if pod.app not in ("log-router", "ledger-db"):
            r.event(
                225,
                pod,
                "TaintManagerEviction",
                f"Marking for deletion Pod {pod.namespace}/{pod.name}",
                component="taint-eviction-controller",
                warning=False,
            )
    line = '[2026-03-03T10:00:00.000Z] "GET /accounts/{n} HTTP/1.1" 504 UT response_timeout - "-" 0 24 5001 - "-" "okhttp/4.12" "{n}" "accounts:8080" "10.244.6.90:8080"'
    r.logs(every(8, 170, 17), "web-bff", line, "warning", container="istio-proxy")
    r.alert(
        95,
        "TargetDown",
        "16.7% of the kubelet targets in kube-system namespace are down.",
        job="kubelet",
        namespace="kube-system",
        service="kubelet",
        pending="1m",
    )
    r.alert(
        230,
        "KubeNodeUnreachable",
        f"{node} is unreachable and some workloads may be rescheduled.",
        node=node,
        key="node.kubernetes.io/unreachable",
        effect="NoSchedule",
        pending="3m",
    )


@story(TELEMETRY, "node loss", Truth("aks-work-000003", "node_down", "node"))
def host_missed_only_by_its_callers(r: Recording) -> None:
    node = "aks-work-000003"
    pods_silent(r, node)
    # No event of the node itself is recorded: whoever collects those was on it.
    for caller, callee, share in calls_into(r, node):
        r.disturb(caller, callee, errors=share, slower=8)
        for at in every(5, 190, 22):
            r.span(r.nearly(at, 5), caller, callee, "call", error="context deadline exceeded", error_type="timeout", milliseconds=10_000)
    for pod in r.objects.apps_on(node):
        address = f"{pod.address}:9090"
        r.alert(
            64,
            "TargetDown",
            f"{address} cannot be scraped",
            job=pod.app,
            namespace=pod.namespace,
            pod=pod.name,
            node=node,
            instance=address,
            pending="1m",
        )
        r.state(46, pod, "Unready", "not ready: Node is not ready", lastTransitionTime=r.second(41))
        r.mark_unready(41, pod)
    r.alert(
        120,
        "NodeExporterDown",
        f"node exporter of {node} has been absent for two minutes",
        instance=f"{node}:9100",
        node=node,
        job="node-exporter",
        pending="2m",
        severity="critical",
    )


@story(ML, "node loss", Truth("europe-north1-b", "zone_outage", "zone"))
def zone_goes_dark(r: Recording) -> None:
    nodes = [node for node, zone in r.application.nodes.items() if zone == "europe-north1-b"]
    for node in nodes:
        pods_silent(r, node)
        for caller, callee, share in calls_into(r, node):
            r.disturb(caller, callee, errors=min(0.9, share), slower=6)
            for at in every(5, 200, 31):
                r.span(
                    r.nearly(at, 6),
                    caller,
                    callee,
                    "call",
                    error="HTTPConnectionPool: Read timed out. (read timeout=10)",
                    error_type="timeout",
                    milliseconds=10_000,
                )
    for number, node in enumerate(nodes):
        node_silent(r, 40.0 + 3 * number, node)
    r.logs(every(14, 200, 26), "api", "ERROR amqp.connection: timed out connecting to broker-1.broker.quarry:5672 (attempt {n})")
    r.alert(
        160, "KubeNodeNotReady", f"{nodes[0]} has been unready for more than 2 minutes.", node=nodes[0], condition="Ready", pending="2m"
    )
    r.alert(
        161, "KubeNodeNotReady", f"{nodes[1]} has been unready for more than 2 minutes.", node=nodes[1], condition="Ready", pending="2m"
    )
    r.burn(140, "api")


@story(SHOP, "node loss", Truth("pool-b-03ce", "kubelet_down", "node"))
def kubelet_fails_to_start(r: Recording) -> None:
    node = "pool-b-03ce"
    begin = "kubelet.service: Main process exited, code=exited, status=1/FAILURE"
    for number, at in enumerate((0.0, 12.0, 24.0, 36.0, 48.0, 60.0)):
        r.node_log(
            at - 0.5,
            node,
            'E0403 09:18:44.310 kubelet_server.go: "command failed" err="failed to load Kubelet config file: unknown field evictionHardd"',
            level="error",
            program="kubelet",
        )
        r.node_log(at, node, begin, program="systemd")
        r.unit(at + 0.1, node, "kubelet", "kubelet.service: Failed with result 'exit-code'.", result="exit-code")
        r.node_log(
            at + 10, node, f"kubelet.service: Scheduled restart job, restart counter is at {number + 1}.", level="info", program="systemd"
        )
    node_silent(r, 45, node)
    for caller, callee, share in calls_into(r, node):
        r.disturb(caller, callee, 50, errors=share * 0.2)
    # Its pods run on, but are no longer among the endpoints; the others have more to do.
    for at in every(60, 200, 20):
        r.slow(r.nearly(at, 5), "storefront", "GET /", 1_900, 120)
    r.alert(180, "KubeNodeNotReady", f"{node} has been unready for more than 2 minutes.", node=node, condition="Ready", pending="2m")


@story(BANK, "node loss", Truth("ip-10-20-0-17.eu-west-1.compute.internal", "runtime_down", "node"), decoy=True)
def container_runtime_dies(r: Recording) -> None:
    node = "ip-10-20-0-17.eu-west-1.compute.internal"
    old_crash_loop(r, "ledger-reconciler-v1")
    r.node_log(
        -1,
        node,
        'time="2026-03-03T09:58:12Z" level=fatal msg="unexpected fault address 0x7f1c" goroutine="metadata.gc"',
        level="error",
        program="containerd",
    )
    r.unit(0, node, "containerd", "containerd.service: Failed with result 'core-dump'.", result="core-dump")
    for at in every(9, 130, 20):
        r.node_log(
            at,
            node,
            'E0303 "Status from runtime service failed" err="rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused\\""',
            level="error",
            program="kubelet",
        )
    message = "container runtime is down"
    r.node_turns(34, node, "KubeletNotReady", message, status="False")
    r.normal(34.2, r.of("Node", node), "NodeNotReady", f"Node {node} status is now: NodeNotReady")
    r.event(
        36,
        r.of("Node", node),
        "ContainerGCFailed",
        'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused"',
    )
    for pod in r.objects.apps_on(node):
        r.event(40, pod, "NodeNotReady", "Node is not ready", component="node-controller")
        r.state(40.2, pod, "Unready", "not ready: Node is not ready", lastTransitionTime=r.second(39))
        r.mark_unready(39, pod)
        r.event(
            60,
            pod,
            "Unhealthy",
            'Readiness probe errored: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused"',
            count=4,
            since=20,
        )
    r.failures(
        every(45, 160, 21),
        ("istio-ingressgateway", "web-bff"),
        "upstream connect error or disconnect/reset before headers. reset reason: connection timeout",
        error_type="503",
        status=503,
        outer=503,
        milliseconds=10_000,
    )
    r.disturb("istio-ingressgateway", "web-bff", 44, errors=0.2)


@story(SHOP, "node loss", Truth("pool-a-9b2d", "node_reboot", "node"))
def kernel_panic_and_reboot(r: Recording) -> None:
    node = "pool-a-9b2d"
    there = r.objects.apps_on(node)
    for pod in there:
        r.silent[pod.name] = 0
    for caller, callee, share in calls_into(r, node):
        r.disturb(caller, callee, errors=share, slower=3, until=95)
        for at in every(3, 80, 14):
            r.span(r.nearly(at, 4), caller, callee, "call", error="connect ETIMEDOUT", error_type="ETIMEDOUT", milliseconds=3_000)
    r.event(74, r.of("Node", node), "Rebooted", f"Node {node} has been rebooted, boot id: 5b0f3c5e-9d5c-4b57-8e33-0f0d1c2a7711")
    r.normal(74.2, r.of("Node", node), "Starting", "Starting kubelet.")
    r.node_log(72, node, "Linux version 6.8.0-51-generic (buildd@lcy02) #52-Ubuntu SMP PREEMPT_DYNAMIC", level="info")
    r.node_log(73, node, "EXT4-fs (sda1): recovery complete", level="info")
    for number, pod in enumerate(there):
        at = 82.0 + number
        r.ended(at, pod, "Unknown" if number % 2 else "Error", 255, restarts=1)
        r.normal(at + 0.2, pod, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
        r.unready(at + 0.3, pod)
        r.normal(at + 3, pod, "Started", f"Started container {pod.app}")
        r.ready(at + 12, pod)
    r.burn(70, "storefront", severity="warning")


@story(TELEMETRY, "node loss", Truth("aks-data-000001", "node_drain", "node"), decoy=True)
def drained_with_the_only_replica(r: Recording) -> None:
    node = "aks-data-000001"
    scaled_elsewhere(r, "query-api", 3, at=-90)
    r.change(0, r.of("Node", node), "changed: unschedulable", "spec", ["unschedulable"])
    r.normal(0.4, r.of("Node", node), "NodeNotSchedulable", f"Node {node} status is now: NodeNotSchedulable")
    r.objects.get("Node", node)["spec"] |= {
        "unschedulable": True,
        "taints": [{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}],
    }
    impacted = calls_into(r, node)
    evicted = [pod for pod in r.objects.apps_on(node) if pod.app not in ("edge-agent", "log-router")]
    for number, pod in enumerate(evicted):
        at = 3.0 + number
        r.state(at, pod, "EvictionByEvictionAPI", "Eviction API: evicting")
        r.normal(at + 0.2, pod, "Killing", f"Stopping container {pod.app}")
        r.silent[pod.name] = at
        workload = r.application.workload(pod.app)
        if workload.kind == "Deployment":
            new = r.new_replica(
                at + 0.6, workload, r.of("ReplicaSet", pod.name.rpartition("-")[0], pod.namespace), 40, node="aks-work-000001"
            )
            r.ready(at + 16, new)
            r.forget(at, pod)
        elif workload.kind == "StatefulSet":
            r.mark_unready(at, pod)
            r.event(
                at + 9,
                pod,
                "FailedScheduling",
                "0/5 nodes are available: 1 node(s) were unschedulable, 4 node(s) had volume node affinity conflict. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.",
                component="default-scheduler",
                count=3,
            )
    stuck = ("kafka", "tsdb", "registry-sql")
    for caller, callee, share in impacted:
        until = 170.0 if callee in stuck else 28.0
        r.disturb(caller, callee, 5, errors=share, until=until)
        for at in every(7, until, 24):
            r.span(
                r.nearly(at, 4),
                caller,
                callee,
                "call",
                error=f"dial tcp: lookup {callee}: connect: connection refused",
                error_type="connection_refused",
                milliseconds=6,
            )
    r.burn(130, "ingest-gateway")
