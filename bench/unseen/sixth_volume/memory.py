"""Memory that is not enough: of a JVM, and of a machine."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.hosts import callers_suffer, evict, of_apps
from bench.unseen.sixth_volume.press import PRESS
from bench.unseen.sixth_volume.telling import access, grafana, quarkus, sixth, traces_fail
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(CARDS, "memory", Truth("risk-rules", "out_of_memory"), decoy=True)
def list_of_blocked_cards_is_larger_than_the_heap(r: Recording) -> None:
    """A list of ten times the usual length is loaded, and the JVM gives up when its heap is full."""
    recent_rollout(r, "limit-keeper", "7.18.3", at=-95)
    for number, pod in enumerate(r.pods("risk-rules")):
        begin = 24.0 * number
        r.log(begin - 12, pod, quarkus("net.tollgate.risk.Lists", "loading list blocked-pans, 31804112 entries", level="INFO"), "info")
        r.metric(
            begin + 1, pod, "jvm_memory_used_bytes{area=heap}", 1_570_000_000, 1_450_000_000, unit="bytes", intent="metric.memory.high"
        )
        for restarts, after in enumerate((9.0, 88.0, 181.0), start=1):
            at = begin + after
            thrown = "java.lang.OutOfMemoryError: Java heap space\n\tat java.base/java.util.HashMap.resize(HashMap.java:702)\n\tat net.tollgate.risk.Lists.put(Lists.java:118)"
            r.log(
                at - 0.4, pod, quarkus("io.quarkus.vertx.core.runtime.VertxCoreRecorder", "Uncaught exception received by Vert.x", thrown)
            )
            r.log(at, pod, "Terminating due to java.lang.OutOfMemoryError: Java heap space", "fatal")
            r.ended(at + 0.6, pod, "Error", 3, restarts=restarts)
            r.unready(at + 1.0, pod)
            r.normal(at + 2.2, pod, "Started", "Started container risk-rules")
            r.ready(at + 31, pod)
    traces_fail(
        r,
        ("terminal-gateway", "auth-router", "risk-rules"),
        "Connection refused: risk-rules/10.96.40.2:8080",
        since=10,
        step=11,
        share=0.45,
        kind="ConnectException",
        outer=503,
    )
    access(
        r,
        every(11, 250, 15),
        "auth-router",
        "risk-rules",
        status=503,
        flags="UF",
        details="upstream_reset_before_response_started{remote_connection_failure,delayed_connect_error:_111}",
        failure="delayed_connect_error:_111",
    )
    r.alert(
        75,
        "AuthorisationApprovalRateLow",
        "Approval rate is 58% over 5m (usual 91%)",
        severity="critical",
        service="auth-router",
        namespace="acquiring",
        pending="1m",
    )
    r.alert(
        212, "JvmMemoryFillingUp", "JVM memory is filling up (> 80%)", pending="2m", pod=r.pod("risk-rules").name, namespace="acquiring"
    )


@sixth(PRESS, "memory", Truth("press-worker-03", "memory_pressure", "node"))
def machine_runs_out_of_memory_for_all(r: Recording) -> None:
    """What pods of one machine use grows beyond what it has, and the kubelet evicts some of them."""
    node = "press-worker-03"
    about = r.of("Node", node)
    r.metric(
        -14, about, "node_memory_MemAvailable_bytes", 310_000_000, 1_500_000_000, unit="bytes", intent="metric.memory.low", above=False
    )
    r.node_log(
        -3,
        node,
        'I0908 10:00:00.000000  1377 eviction_manager.go:366] "Eviction manager: attempting to reclaim" resourceName="memory"',
        level="info",
        program="kubelet",
    )
    r.node_turns(
        0, node, "KubeletHasInsufficientMemory", "kubelet has insufficient memory available", condition="MemoryPressure", status="True"
    )
    r.normal(0.3, about, "NodeHasInsufficientMemory", f"Node {node} status is now: NodeHasInsufficientMemory")
    r.event(1, about, "EvictionThresholdMet", "Attempting to reclaim memory")
    apps = ("site", "newsdesk", "live-blog", "paywall", "image-proxy", "search-indexer", "push-sender", "varnish")
    chosen = of_apps(r.objects.apps_on(node), apps)[:4]
    for number, pod in enumerate(chosen):
        numbers = f"Threshold quantity: 100Mi, available: {61_240 + 811 * number}Ki. Container {pod.app} was using {604 + 37 * number}Mi, request is 256Mi, has larger consumption of memory"
        evict(r, 4.0 + 31 * number, pod, "memory", numbers)
    r.event(140, about, "EvictionThresholdMet", "Attempting to reclaim memory", count=4, since=1)
    callers_suffer(r, node, 6, "connect ECONNREFUSED", "ECONNREFUSED", until=120, milliseconds=4, step=20, only=[pod.app for pod in chosen])
    r.logs(
        every(36, 100, 11),
        "haproxy-ingress",
        '[WARNING] (8) : Server newsroom_live-blog_8080/srv002 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. {n} sessions active',
        "warning",
    )
    grafana(r, 98, "Homepage slower than usual", "p95=2.9s", severity="warning", team="readers")
    r.alert(205, "KubeNodePressure", f"{node} has active condition MemoryPressure.", node=node, condition="MemoryPressure", pending="3m")
