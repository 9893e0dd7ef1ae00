"""Memory that is used up, slowly and all at once."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.fourth_volume.chance import settings_edited
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import calls_of_node, failing, fourth, grafana, slow_calls, slow_serving, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

ENTRY = ("haproxy-ingress", "channel-api", "payment-orchestrator")
GRPC = {"rpc.system": "grpc", "rpc.service": "scoring.v2.Scoring", "rpc.method": "Score"}


@fourth(TELLERS, "swelling", Truth("fraud-scoring", "out_of_memory"), decoy=True)
def model_is_held_twice_after_a_refresh(r: Recording) -> None:
    settings_edited(r, "limits-application", "payments", "application.yaml")
    for pod in r.pods("fraud-scoring"):
        r.log(r.nearly(-12), pod, "INFO:scoring.registry:model bundle 2026-09-14.1 is available, loading beside 2026-09-13.1", "info")
    slow_serving(r, "payment-orchestrator", "fraud-scoring", 1_450, since=8, until=100, step=15)
    failing(
        r,
        (*ENTRY, "fraud-scoring"),
        "DEADLINE_EXCEEDED: deadline exceeded after 1.499914s. Name resolution delay 0.000000000 seconds. [closed=[], open=[[buffered_nanos=48122, remote_addr=fraud-scoring/10.96.71.20:50051]]]",
        since=20,
        until=95,
        share=0.3,
        error_type="DEADLINE_EXCEEDED",
        milliseconds=1_500,
        more={**GRPC, "rpc.grpc.status_code": 4},
    )
    grafana(r, 62, "Instant payments p99", "p99 of POST /v1/payments is 2.4s (limit 1.5s)", folder="payments-slo", team="instant")
    for number, pod in enumerate(r.pods("fraud-scoring")):
        for times, at in enumerate((104.0, 171.0, 252.0), start=1):
            at += 19 * number
            process = r.random.randrange(3_000, 60_000)
            r.node_log(
                at,
                pod.node,
                f"Memory cgroup out of memory: Killed process {process} (python3) total-vm:9120344kB, anon-rss:3098112kB, file-rss:11204kB, shmem-rss:0kB, UID:10001 pgtables:6912kB oom_score_adj:936",
                level="error",
            )
            r.ended(at + 0.8, pod, "OOMKilled", 137, restarts=times)
            r.unready(at + 1.1, pod)
            r.normal(at + 2.6, pod, "Started", "Started container fraud-scoring")
            r.ready(at + 31, pod)
    failing(
        r,
        (*ENTRY, "fraud-scoring"),
        "UNAVAILABLE: io exception Channel Pipeline: [SslHandler#0, ProtocolNegotiators$ClientTlsHandler#0, WriteBufferingAndExceptionHandler#0]",
        since=105,
        share=0.5,
        error_type="UNAVAILABLE",
        more={**GRPC, "rpc.grpc.status_code": 14},
    )
    r.logs(
        every(30, 290, 14),
        "payment-orchestrator",
        '{"@timestamp":"-","level":"WARN","logger_name":"c.c.p.orchestrator.risk.ScoringClient","message":"no score for E2E{n}, payment is held for manual review"}',
        "warning",
    )
    r.burn(240, "payment-orchestrator")


@fourth(GRID, "swelling", Truth("talos-nbg1-wk-2", "memory_pressure", "node"))
def slab_of_a_machine_never_shrinks(r: Recording) -> None:
    node = "talos-nbg1-wk-2"
    about = r.of("Node", node)
    for at, left in ((-40.0, 1_411_000_000), (15.0, 402_000_000), (45.0, 97_000_000)):
        unusual(r, at, about, "node_memory_MemAvailable_bytes", left, 4_100_000_000, 9_800_000_000, unit="bytes")
    for at in (40.0, 83.0, 161.0):
        r.event(at, about, "EvictionThresholdMet", "Attempting to reclaim memory", since=40)
    r.node_turns(
        48, node, "KubeletHasInsufficientMemory", "kubelet has insufficient memory available", condition="MemoryPressure", status="True"
    )
    r.normal(48.4, about, "NodeHasInsufficientMemory", f"Node {node} status is now: NodeHasInsufficientMemory")
    for at in (52.0, 96.0):
        r.node_log(
            at,
            node,
            'W1108 02:11:40.118204 1804 eviction_manager.go:378] "Eviction manager: attempting to reclaim" resourceName="memory"',
            program="kubelet",
        )
    victims = [pod for pod in r.objects.apps_on(node) if pod.app in ("flex-optimizer", "rollup-worker", "charge-control", "device-auth")]
    for number, pod in enumerate(victims):
        at = 53.0 + 16 * number
        said = f"The node was low on resource: memory. Threshold quantity: 100Mi, available: 92184Ki. Container {pod.app} was using 911Mi, request is 256Mi, has larger consumption of memory. "
        r.event(at, pod, "Evicted", said)
        r.normal(at + 0.2, pod, "Killing", f"Stopping container {pod.app}")
        r.state(at + 0.6, pod, "Evicted", said)
        r.mark_unready(at + 0.6, pod)
        r.silent[pod.name] = at + 0.5
    slow_calls(r, "tariff", "grid-pooler", 190, since=3, until=60)
    slow_calls(r, "device-shadow", "shadow-redis", 61, since=3, until=120)
    for caller, callee, share, _ in calls_of_node(r, node):
        if callee in ("flex-optimizer", "charge-control", "device-auth"):
            failing(
                r,
                (caller, callee),
                "context deadline exceeded",
                since=54,
                step=27,
                share=share,
                error_type="timeout",
                milliseconds=5_000,
                slower=9,
            )
    r.logs(
        every(10, 120, 17),
        "device-shadow",
        '{"level":"WARN","msg":"redis command slow","cmd":"hset","addr":"10.244.4.9:6379","took":"61.{n}ms"}',
        "warning",
    )
    r.alert(
        170,
        "NodeMemoryMajorPagesFaults",
        f"Memory major pages are occurring at very high rate at {node}:9100, 812 major page faults per second, which is above the threshold of 500.",
        instance=f"{node}:9100",
        pending="2m",
    )
    r.alert(
        225,
        "KubeNodePressure",
        f"{node} has active Condition MemoryPressure. This indicates resource usage exceeds eviction thresholds.",
        node=node,
        condition="MemoryPressure",
        severity="info",
    )
