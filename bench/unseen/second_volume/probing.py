"""Probes that kill what is only busy."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import old_crash_loop, scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.second_volume.freight import FREIGHT
from bench.unseen.second_volume.hearth import HEARTH
from bench.unseen.second_volume.telling import broken, killed_by_probe, monitor, second
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@second(FREIGHT, "probe", Truth("dispatcher", "probe_misconfigured"), decoy=True)
def one_second_is_not_enough(r: Recording) -> None:
    old_crash_loop(r, "carrier-sync")
    for number, pod in enumerate(
        r.rollout(0, "dispatcher", what="template", names=("livenessProbe.timeoutSeconds", "livenessProbe.failureThreshold"))
    ):
        r.ready(12 + number, pod)
        failed = f'Liveness probe failed: Get "http://{pod.address}:4000/up": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
        for restarts, at in enumerate((38.0 + 9 * number, 112.0 + 9 * number, 186.0 + 9 * number), start=1):
            r.log(at - 4, pod, "[info] schedule for 2140 vans planned in 1630ms", "info")
            killed_by_probe(r, pod, at, failed, restarts, code=143)
            r.log(at + 1, pod, "[notice] SIGTERM received - shutting down", "info")
    broken(
        r,
        ("dispatcher", "tracking-api"),
        "** (Mint.TransportError) socket closed",
        since=42,
        until=235,
        step=37,
        share=0.1,
        error_type="Mint.TransportError",
    )
    r.alert(
        150,
        "KubePodRestartingOften",
        "dispatcher was restarted more than 3 times in 10 minutes",
        namespace="freight",
        deployment="dispatcher",
    )
    r.no_endpoints(128, "dispatcher")
    monitor(r, 200, "Dispatch assignments per minute", "42 below 900", service="dispatcher", env="prod")


@second(HEARTH, "probe", Truth("llm-server", "probe_misconfigured"))
def busy_server_does_not_answer_the_probe(r: Recording) -> None:
    r.change(
        0,
        r.of("Deployment", "llm-server"),
        "template changed: livenessProbe.periodSeconds, livenessProbe.timeoutSeconds",
        "template",
        ("livenessProbe",),
    )
    for number, pod in enumerate(r.rollout(0.4, "llm-server", told=False)):
        r.ready(26 + number, pod)
        failed = f'Liveness probe failed: Get "http://{pod.address}:8000/health": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
        for at in every(34 + number, 240, 31):
            r.log(
                at,
                pod,
                "INFO 07-21 10:00:00 metrics.py:455] Avg prompt throughput: 9120.7 tokens/s, Running: 212 reqs, Waiting: 48 reqs, GPU KV cache usage: 97.8%",
                "info",
            )
        for restarts, at in enumerate((52.0 + 14 * number, 150.0 + 14 * number), start=1):
            killed_by_probe(r, pod, at, failed, restarts)
            r.log(at + 0.6, pod, "INFO:     Shutting down", "info")
            r.log(at + 36, pod, "INFO 07-21 10:00:00 gpu_model_runner.py:1875] Starting to load model /models/chat-70b...", "info")
    broken(
        r,
        ("istio-ingressgateway", "prompt-gateway", "chat-api", "llm-server"),
        "httpx.ConnectError: All connection attempts failed",
        since=56,
        error_type="ConnectError",
        share=0.6,
    )
    r.logs(
        every(58, 240, 16),
        "chat-api",
        "ERROR:    Exception in ASGI application: httpx.RemoteProtocolError: Server disconnected without sending a response.",
    )
    r.alert(
        205,
        "LLMTimeToFirstTokenHigh",
        "95th percentile of the time to the first token is 21 s",
        service="chat-api",
        namespace="hearth",
        severity="critical",
    )
    scaled_elsewhere(r, "tokenizer", 3, at=-90)
