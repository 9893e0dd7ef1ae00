"""Memory that is not given back, and a helper's container that has too little."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout, unrelated_alert
from bench.unseen.events import every
from bench.unseen.second_volume.gable import GABLE
from bench.unseen.second_volume.hearth import HEARTH
from bench.unseen.second_volume.telling import broken, monitor, second
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@second(HEARTH, "memory of a container", Truth("embedder", "out_of_memory"), decoy=True)
def proxy_container_outgrows_its_limit(r: Recording) -> None:
    unrelated_alert(r, "feature-store")
    for number, pod in enumerate(r.pods("embedder")):
        for restarts, at in enumerate((3.0 + number, 72.0 + number, 170.0 + number), start=1):
            r.metric(at - 1, pod, "container_memory_working_set_bytes", 133_900_000, 127_000_000, unit="bytes", intent="metric.memory.high")
            r.oom_kill(at, pod, "envoy", 128)
            r.ended(at + 0.4, pod, "OOMKilled", 137, container="istio-proxy", restarts=restarts)
            r.event(
                at + 3,
                pod,
                "Unhealthy",
                f'Readiness probe failed: Get "http://{pod.address}:15021/healthz/ready": dial tcp {pod.address}:15021: connect: connection refused',
                count=restarts,
            )
            r.unready(at + 3.3, pod)
            r.ready(at + 24, pod)
    reset = "upstream connect error or disconnect/reset before headers. reset reason: connection termination"
    broken(
        r,
        ("istio-ingressgateway", "prompt-gateway", "chat-api", "embedder"),
        reset,
        error_type="503",
        status=503,
        share=0.55,
        step=12,
        until=230,
    )
    line = '[2026-07-21T10:00:00.000Z] "POST /embed HTTP/1.1" 503 UC upstream_reset_before_response_started{connection_termination} - "-" 2211 95 9 - "-" "python-httpx/0.28.1" "{n}" "embedder:8000" "10.244.3.71:8000" outbound|8000||embedder.hearth.svc.cluster.local'
    r.logs(every(4, 230, 17), "chat-api", line, "warning", container="istio-proxy")
    r.alert(
        160,
        "ContainerOomKilledAgain",
        "istio-proxy in embedder was OOMKilled 2 times in 10 minutes",
        namespace="hearth",
        container="istio-proxy",
        pod=r.pod("embedder").name,
    )
    r.burn(190, "chat-api", severity="warning")


@second(GABLE, "memory of a container", Truth("jobs", "out_of_memory"), decoy=True)
def worker_that_never_gives_back(r: Recording) -> None:
    recent_rollout(r, "collab", "2026.31.1", at=-140)
    for number, pod in enumerate(r.pods("jobs")):
        for step, at in enumerate(every(-20 + 7 * number, 55 + 7 * number, 25)):
            r.metric(at, pod, "kubernetes.memory.usage_pct", 88 + 3 * step, 85, unit="%", intent="metric.memory.high")
        at = 62.0 + 40 * number
        r.log(at - 9, pod, "pid=1 tid=2hk4 class=MergeTenantsJob jid=81f0 INFO: start", "info")
        r.oom_kill(at, pod, "ruby", 1024)
        r.ended(at + 0.5, pod, "OOMKilled", 137)
        r.normal(at + 2, pod, "Started", "Started container jobs")
        r.log(at + 8, pod, "pid=1 tid=2h9a WARN: 25 jobs of a process that went away were pushed back to their queues", "warning")
        r.metric(at + 95, pod, "kubernetes.memory.usage_pct", 92, 85, unit="%", intent="metric.memory.high")
    second_time = r.pod("jobs")
    r.oom_kill(215, second_time, "ruby", 1024)
    r.ended(215.5, second_time, "OOMKilled", 137, restarts=2)
    monitor(
        r,
        120,
        "[gable] Sidekiq queue latency",
        "queue `default` is 410 s behind, threshold 300",
        service="jobs",
        env="prod",
        kube_namespace="gable",
    )
    r.alert(236, "SidekiqQueueLatencyHigh", "Jobs in queue default wait for 9 minutes", queue="default", service="jobs", namespace="gable")
