"""What a machine needs besides its pods: a kubelet, a kernel with room, and to stay up."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout, unrelated_alert
from bench.unseen.events import every
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import (
    calls_of_node,
    failing,
    flow_dropped,
    fourth,
    grafana,
    request,
    slow_serving,
    unready_because,
    unusual,
)
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fourth(TELLERS, "daemons", Truth("rke-wkr-d2-02", "kubelet_down", "node"))
def agent_cannot_renew_its_own_certificate(r: Recording) -> None:
    node = "rke-wkr-d2-02"
    for at in (-1.0, 9.0, 21.0, 33.0):
        r.node_log(
            at + 1,
            node,
            'E0914 03:11:00.811204 1620 server.go:302] "Failed to run kubelet" err="failed to run Kubelet: unable to load bootstrap kubeconfig: stat /var/lib/rancher/rke2/agent/bootstrap.kubeconfig: no such file or directory"',
            level="error",
            program="rke2",
        )
        r.unit(at + 1.4, node, "rke2-agent.service", "rke2-agent.service: Failed with result 'exit-code'.", result="exit-code")
    r.node_log(
        0.2,
        node,
        "part of the existing bootstrap client certificate in /var/lib/rancher/rke2/agent/kubelet.kubeconfig is expired: 2026-09-14 03:10:58 +0000 UTC",
        level="error",
        program="rke2",
    )
    r.node_turns(46, node, "NodeStatusUnknown", "Kubelet stopped posting node status.")
    unready_because(r, node, 46)
    r.event(47, r.of("Node", node), "NodeNotReady", f"Node {node} status is now: NodeNotReady", component="node-controller")
    slow_serving(r, "haproxy-ingress", "sso", 640, since=55, step=21)
    slow_serving(r, "payment-orchestrator", "limits", 190, since=55, step=30)
    slow_serving(r, "channel-api", "payment-orchestrator", 520, since=57, step=24)
    grafana(r, 130, "Instant payments p99", "p99 of POST /v1/payments is 1.9s (limit 1.5s)", folder="payments-slo", team="instant")
    r.alert(
        110,
        "TargetDown",
        "17% of the kubelet/kubelet targets in kube-system namespace are down.",
        job="kubelet",
        namespace="kube-system",
        service="kubelet",
    )
    r.alert(170, "KubeNodeNotReady", f"{node} has been unready for more than 2 minutes.", node=node, condition="Ready", pending="2m")


@fourth(GRID, "daemons", Truth("talos-hel1-wk-1", "node_reboot", "node"), decoy=True)
def hypervisor_resets_one_of_its_guests(r: Recording) -> None:
    node = "talos-hel1-wk-1"
    recent_rollout(r, "customer-api", "v2.61.1", at=-170)
    for pod in r.objects.apps_on(node):
        r.silent[pod.name] = 0.0
    for caller, callee, share, _ in calls_of_node(r, node):
        if not share:
            continue
        r.disturb(caller, callee, 0, errors=0.6 * share, slower=1 + 20 * share, until=125)
        for at in every(3, 95, 44):
            request(r, r.nearly(at, 25), (caller, callee), "read tcp: i/o timeout", error_type="timeout", milliseconds=5_000)
    r.logs(
        every(4, 80, 11),
        "envoy-grid-edge",
        '{"start_time":"2026-11-08T02:11:04.311Z","method":"POST","x-envoy-origin-path":"/graphql","response_code":503,"response_flags":"UF,URX","response_code_details":"upstream_reset_before_response_started{connection_timeout}","upstream_host":"10.244.9.14:8080","id":"{n}"}',
        "warning",
    )
    r.node_turns(41, node, "NodeStatusUnknown", "Kubelet stopped posting node status.")
    unready_because(r, node, 41)
    grafana(r, 60, "Shards of the shadows", "cluster_state of shadow-redis is fail", folder="redis", severity="critical", namespace="grid")
    about = r.of("Node", node)
    r.node_log(83, node, "Linux version 6.6.64-talos (@buildkitsandbox) (gcc (GCC) 14.2.0) #1 SMP", level="info")
    r.normal(96, about, "Starting", "Starting kubelet.")
    r.event(97, about, "Rebooted", f"Node {node} has been rebooted, boot id: 3f1c82d0-9a44-4c0e-8a0b-5b1f7b1a2c66")
    r.normal(98, about, "NodeReady", f"Node {node} status is now: NodeReady")
    for number, pod in enumerate(r.objects.apps_on(node)):
        at = 101.0 + 1.7 * number
        r.normal(at, pod, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
        r.ended(at + 0.5, pod, "Unknown", 255, restarts=1)
        r.normal(at + 4, pod, "Started", f"Started container {pod.app}")
        r.ready(at + 17, pod)
    r.alert(200, "NodeRebooted", f"{node} has booted 2m ago", node=node, severity="info")


@fourth(TELLERS, "tables", Truth("rke-wkr-d3-01", "process_ids_exhausted", "node"))
def children_of_a_health_check_are_never_reaped(r: Recording) -> None:
    node = "rke-wkr-d3-01"
    database = r.pod("sso-db")
    failing(
        r,
        ("haproxy-ingress", "sso"),
        "HTTP 500 Internal Server Error",
        since=5,
        step=19,
        share=0.4,
        error_type="500",
        status=500,
        milliseconds=5_040,
        slower=20,
    )
    r.logs(
        every(6, 300, 17),
        "sso",
        "WARN  [io.agroal.pool] (agroal-11) Datasource '<default>': FATAL: could not fork new process for connection: Resource temporarily unavailable ({n})",
        "warning",
    )
    for at in every(7, 300, 21):
        r.log(
            r.nearly(at), database, "2026-09-14 03:11:07.402 UTC [1] LOG:  could not fork client backend: Resource temporarily unavailable"
        )
    grafana(
        r,
        75,
        "Synthetic login",
        "login of the synthetic customer failed from dc1 and dc3",
        folder="synthetics",
        severity="critical",
        journey="login",
    )
    java = "java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached"
    here = [
        pod
        for pod in r.objects.apps_on(node)
        if pod.app in ("payment-orchestrator", "sanctions-screening", "statement-writer", "events-kafka")
    ]
    for number, pod in enumerate(here):
        for at in every(60 + 13 * number, 300, 71):
            r.log(
                r.nearly(at),
                pod,
                f'[{81_200 + int(at)}.104s][warning][os,thread] Failed to start thread "Unknown thread" with pthread_create (EAGAIN) for attributes: stacksize: 1024k, guardsize: 0k, detached.',
                "warning",
            )
            r.log(r.nearly(at + 0.2), pod, f'Exception in thread "pool-9-thread-1" {java}', error_type="java.lang.OutOfMemoryError")
    for number, pod in enumerate(here[:3]):
        r.event(
            140.0 + number,
            pod,
            "Unhealthy",
            "Liveness probe errored: rpc error: code = Unknown desc = failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: fork/exec /proc/self/exe: resource temporarily unavailable: unknown",
            count=3,
            since=120,
        )
    r.node_log(118, node, "cgroup: fork rejected by pids controller in /kubepods.slice/kubepods-burstable.slice")
    r.node_turns(151, node, "KubeletHasInsufficientPID", "kubelet has insufficient PID available", condition="PIDPressure", status="True")
    r.normal(151.3, r.of("Node", node), "NodeHasInsufficientPID", f"Node {node} status is now: NodeHasInsufficientPID")
    for at in (153.0, 240.0):
        r.event(at, r.of("Node", node), "EvictionThresholdMet", "Attempting to reclaim pids", since=153)
    failing(
        r,
        ("channel-api", "payment-orchestrator"),
        "feign.RetryableException: Connection reset executing POST http://payment-orchestrator:8080/internal/payments",
        since=80,
        step=41,
        share=0.2,
        error_type="java.net.SocketException",
        milliseconds=60,
    )
    r.burn(210, "sso")


@fourth(GRID, "tables", Truth("talos-fsn1-wk-1", "conntrack_exhaustion", "node"), decoy=True)
def map_of_connections_takes_no_more_entries(r: Recording) -> None:
    node = "talos-fsn1-wk-1"
    unrelated_alert(r, "report-viewer")
    about = r.of("Node", node)
    unusual(r, -30, about, "cilium_bpf_map_pressure{map_name=ct4_global}", 0.93, 0.1, 0.6)
    unusual(r, 170, about, "cilium_bpf_map_pressure{map_name=ct4_global}", 1.0, 0.1, 0.6)
    here = [
        pod
        for pod in r.objects.apps_on(node)
        if pod.app in ("customer-api", "charge-control", "meter-ingest", "rollup-worker", "energy-reports")
    ]
    targets = {
        "customer-api": ("grid/device-shadow", 9_320),
        "charge-control": ("grid/tariff", 9_340),
        "meter-ingest": ("grid/emqx", 1_883),
        "rollup-worker": ("grid/grid-pooler", 6_432),
        "energy-reports": ("grid/telemetry-ch", 9_000),
    }
    for number, at in enumerate(every(2, 300, 11)):
        pod = here[number % len(here)]
        target, port = targets[pod.app]
        flow_dropped(r, r.nearly(at, 4), pod, target, port, "CT_MAP_INSERTION_FAILED")
    for caller, callee, _, pods in calls_of_node(r, node):
        if pods:
            r.disturb(caller, callee, 1, errors=0.09, slower=4)
            for at in every(5, 290, 88):
                request(r, r.nearly(at, 60), (caller, callee), "dial tcp: i/o timeout", error_type="timeout", milliseconds=3_010, by=pods)
    for pod in here[:3]:
        r.event(
            r.nearly(45, 40),
            pod,
            "Unhealthy",
            f'Readiness probe failed: Get "http://{pod.address}:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
            count=2,
            since=20,
        )
    agent = next(pod for pod in r.pods("cilium") if pod.node == node)
    r.log(
        140,
        agent,
        'time="2026-11-08T02:13:20Z" level=warning msg="Conntrack garbage collector interval is at its minimum" interval=10s map=cilium_ct4_global entries=524288 deleted=118 subsys=map-ct',
        "warning",
    )
    grafana(r, 120, "Everything is a little slow", "p99 of 8 of 23 calls is three times the usual", folder="overview", product="platform")
    r.alert(
        220,
        "CiliumAgentMapPressure",
        f"Cilium agent {agent.name} has map pressure above 90% on map ct4_global",
        pod=agent.name,
        map_name="ct4_global",
        namespace="kube-system",
        pending="3m",
    )
