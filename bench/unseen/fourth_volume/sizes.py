"""Too few for what comes."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, slow_serving, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fourth(TELLERS, "sizes", Truth("channel-api", "autoscaler_maxed"), decoy=True)
def salaries_of_a_whole_country_arrive(r: Recording) -> None:
    recent_rollout(r, "balances", "R26.09.2", at=-140)
    scaler = r.of("HorizontalPodAutoscaler", "channel-api", "payments")
    for at, size in ((2.0, 5), (33.0, 6)):
        r.normal(
            at,
            scaler,
            "SuccessfulRescale",
            f"New size: {size}; reason: pods metric http_requests_in_flight above target",
            "horizontal-pod-autoscaler",
        )
        for number, pod in enumerate(r.scale(at + 0.3, "channel-api", size, told=False)):
            r.ready(at + 27 + number, pod)
    r.state(66, scaler, "TooManyReplicas", "the desired replica count is more than the maximum replica count")
    unusual(r, 12, r.of("Service", "channel-api"), "http_server_requests_per_second", 61, 6, 16)
    for number, at in enumerate(every(70, 290, 37)):
        r.metric(at, r.pods("channel-api")[number % 6], "container_cpu_usage_ratio", 0.98, 0.85, intent="metric.cpu.high")
    slow_serving(r, "haproxy-ingress", "channel-api", 4_400, since=8, step=12)
    failing(
        r,
        ("haproxy-ingress", "channel-api"),
        "HTTP 503 Service Unavailable",
        since=40,
        step=21,
        share=0.2,
        slower=24,
        error_type="503",
        status=503,
        milliseconds=5_001,
    )
    r.logs(
        every(38, 300, 14),
        "haproxy-ingress",
        '10.244.9.1:{n} [14/Sep/2026:08:01:09.882] https~ payments_channel-api_8080/<NOSRV> 0/5001/-1/-1/5001 503 217 - - sQ-- 1811/1790/902/300/0 411/0 "GET https://pay.corvid.example/v1/accounts HTTP/2.0"',
        "warning",
    )
    grafana(
        r,
        105,
        "Queue at the ingress",
        "payments_channel-api_8080: 411 requests are queued",
        folder="edge",
        severity="critical",
        backend="payments_channel-api_8080",
    )
    r.alert(
        250,
        "KubeHpaMaxedOut",
        "HPA payments/channel-api has been running at max replicas for longer than 3 minutes.",
        horizontalpodautoscaler="channel-api",
        namespace="payments",
        pending="3m",
    )


@fourth(GRID, "sizes", Truth("rollup-worker", "scaled_too_low"))
def two_of_three_workers_were_saved(r: Recording) -> None:
    r.scale(0, "rollup-worker", 1)
    for at, pending in ((60.0, 31_000), (120.0, 74_000), (180.0, 118_000), (240.0, 160_000)):
        unusual(r, at, r.of("Service", "nats"), "nats_consumer_num_pending{stream_name=METERS,consumer_name=rollup}", pending, 0, 4_000)
    (left,) = r.pods("rollup-worker")
    r.metric(75, left, "container_cpu_usage_ratio", 0.99, 0.85, intent="metric.cpu.high")
    r.logs(
        every(20, 300, 14),
        "rollup-worker",
        '{"level":"WARN","msg":"batch is full, next one follows at once","stream":"METERS","size":1000,"lag_s":{n}}',
        "warning",
    )
    r.disturb("rollup-worker", "nats", 3, errors=0.0, slower=3.5)
    grafana(
        r,
        130,
        "Readings are late",
        "newest reading in TimescaleDB is 118s old (limit 90s)",
        folder="data-freshness",
        severity="critical",
        dataset="readings",
    )
    r.logs(
        every(140, 300, 30),
        "flex-optimizer",
        "WARNING flex.horizon: newest reading of feeder F-{n} is older than 120 s, falling back to the profile of last week",
        "warning",
    )
    r.alert(
        210,
        "NatsConsumerPendingHigh",
        "Consumer rollup of stream METERS has 139004 pending messages",
        stream_name="METERS",
        consumer_name="rollup",
        namespace="grid",
    )
