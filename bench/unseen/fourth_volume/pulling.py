"""Images that do not come, for new pods only, while the old ones work on."""
# ruff: noqa: E501  (what programs write is as long as it is)

from collections.abc import Sequence

from bench.unseen.events import every
from bench.unseen.fourth_volume.chance import replicas_lag
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, flow_dropped, fourth, grafana, slow_serving
from bench.unseen.object_parts import Thing
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


def _never_pulled(r: Recording, pods: Sequence[Thing], image: str, why: str, times: Sequence[float]) -> None:
    for number, pod in enumerate(pods):
        first = times[0] + number
        for count, moment in enumerate(times, start=1):
            at = moment + number
            r.event(at, pod, "Pulling", f'Pulling image "{image}"', warning=False, count=count, since=first)
            r.event(at + 0.9, pod, "Failed", f'Failed to pull image "{image}": {why}', count=count, since=first + 0.9)
            r.event(at + 0.95, pod, "Failed", "Error: ErrImagePull", count=count, since=first + 0.95)
            r.event(at + 9, pod, "BackOff", f'Back-off pulling image "{image}"', warning=False, count=2 * count, since=first + 9)
            r.event(at + 9.1, pod, "Failed", "Error: ImagePullBackOff", count=2 * count, since=first + 9.1)
        r.waits(first + 1, pod, "ErrImagePull", why)
        r.waits(first + 10, pod, "ImagePullBackOff", f'Back-off pulling image "{image}": ErrImagePull: {why}')


@fourth(TELLERS, "pulling", Truth("channel-api", "image_pull_denied"))
def pull_account_lapsed_before_the_morning_peak(r: Recording) -> None:
    scaler = r.of("HorizontalPodAutoscaler", "channel-api", "payments")
    image = TELLERS.workload("channel-api").image
    r.normal(
        1,
        scaler,
        "SuccessfulRescale",
        "New size: 6; reason: cpu resource utilization (percentage of request) above target",
        "horizontal-pod-autoscaler",
    )
    new = r.scale(1.2, "channel-api", 6, told=False, starts=False)
    why = f'failed to pull and unpack image "{image}": failed to resolve reference "{image}": unexpected status from HEAD request to https://nexus.corvid.example:8443/v2/payments/channel-api/manifests/R26.09.1: 401 Unauthorized'
    _never_pulled(r, new, image, why, (2.4, 17.0, 46.0, 92.0, 184.0))
    for number, pod in enumerate(r.lasting("channel-api")):
        r.metric(20 + 3 * number, pod, "container_cpu_usage_ratio", 0.99, 0.8, intent="metric.cpu.high")
    slow_serving(r, "haproxy-ingress", "channel-api", 3_100, since=15, step=13)
    r.logs(
        every(30, 290, 15),
        "haproxy-ingress",
        '10.244.9.1:{n} [14/Sep/2026:07:31:09.882] https~ payments_channel-api_8080/<NOSRV> 0/5001/-1/-1/5001 503 217 - - sQ-- 611/598/402/130/0 88/0 "POST https://pay.corvid.example/v1/payments HTTP/2.0"',
        "warning",
    )
    grafana(
        r,
        120,
        "Queue at the ingress",
        "payments_channel-api_8080: 131 requests are queued",
        folder="edge",
        severity="critical",
        backend="payments_channel-api_8080",
    )
    r.alert(
        270,
        "KubeHpaReplicasMismatch",
        "HPA payments/channel-api has not matched the desired number of replicas for longer than 4 minutes.",
        horizontalpodautoscaler="channel-api",
        namespace="payments",
        pending="4m",
    )


@fourth(GRID, "pulling", Truth("flex-optimizer", "image_unusable"), decoy=True)
def image_was_built_for_the_other_processor(r: Recording) -> None:
    replicas_lag(r, "customer-api")
    image = f"{GRID.workload('flex-optimizer').image.rpartition(':')[0]}:v2.61.1"
    pods = r.rollout(0, "flex-optimizer", image=image, starts=False)
    why = f'failed to pull and unpack image "{image}": no match for platform in manifest: not found'
    _never_pulled(r, pods, image, why, (2.0, 16.0, 44.0, 91.0, 180.0))
    r.no_endpoints(6, "flex-optimizer")
    r.unavailable(7, "flex-optimizer")
    failing(
        r,
        ("envoy-grid-edge", "customer-api", "charge-control", "flex-optimizer"),
        'Post "http://flex-optimizer:8000/schedule": dial tcp 10.96.118.40:8000: connect: no route to host',
        since=7,
        error_type="*net.OpError",
        milliseconds=3,
        outer=502,
    )
    for at in every(8, 250, 22):
        flow_dropped(r, r.nearly(at), r.pod("charge-control"), "grid/flex-optimizer", 8_000, "SERVICE_BACKEND_NOT_FOUND")
    r.logs(
        every(9, 290, 16),
        "charge-control",
        '{"level":"error","station":"ST-{n}","error":"Post \\"http://flex-optimizer:8000/schedule\\": dial tcp 10.96.118.40:8000: connect: no route to host","message":"no schedule, charging uncontrolled","time":"-"}',
    )
    grafana(
        r,
        150,
        "Charging without a schedule",
        "41 stations charge without a schedule",
        folder="flex",
        severity="critical",
        product="smart-charging",
    )
