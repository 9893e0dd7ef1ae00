"""More than there is room for: players, reconnecting viewers, letters."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.second_volume.telling import broken, held_up
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.arena import ARENA
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.third_volume.telling import azure_alert, google_alert, grafana_alert, redis_line
from bench.unseen.third_volume.ward import WARD
from bench.unseen.truths import Truth


def _grows_to_its_limit(r: Recording) -> None:
    scaler = r.of("HorizontalPodAutoscaler", "session-gateway")
    reason = "cpu resource utilization (percentage of request) above target"
    for at, size in ((-62.0, 5), (-2.0, 6)):
        r.normal(at, scaler, "SuccessfulRescale", f"New size: {size}; reason: {reason}", "horizontal-pod-autoscaler")
        for number, pod in enumerate(r.scale(at + 0.2, "session-gateway", size, told=False)):
            r.ready(at + 16 + number, pod)
        r.change(
            at + 0.1,
            r.of("Deployment", "session-gateway"),
            f"scaled from {size - 2 if size == 5 else 5} to {size}",
            "scale",
            ["replicas"],
            replicas=size,
        )
    limited = "the desired replica count is more than the maximum replica count"
    r.state(13, scaler, "TooManyReplicas", limited, lastTransitionTime=r.second(13))
    r.objects.get("HorizontalPodAutoscaler", "session-gateway")["status"] = {
        "currentReplicas": 6,
        "desiredReplicas": 6,
        "conditions": [{"type": "ScalingLimited", "status": "True", "reason": "TooManyReplicas", "message": limited}],
    }


@third(ARENA, "crowds", Truth("session-gateway", "autoscaler_maxed"), decoy=True)
def season_opens_at_midnight(r: Recording) -> None:
    recent_rollout(r, "leaderboard", "2026.18.3", at=-160)
    _grows_to_its_limit(r)
    r.metric(-40, r.of("Service", "session-gateway"), "envoy_cluster_upstream_rq_rate", 1_710, 1_200, intent="metric.traffic.high")
    r.metric(35, r.of("Service", "session-gateway"), "envoy_cluster_upstream_rq_rate", 3_940, 1_200, intent="metric.traffic.high")
    for number, pod in enumerate(r.pods("session-gateway")):
        r.metric(48 + 4 * number, pod, "container_cpu_usage_ratio", 0.97 + number / 300, 0.85, intent="metric.cpu.high")
    held_up(r, ("contour-envoy", "session-gateway"), 1_900, since=18, step=9)
    r.logs(
        every(30, 240, 10),
        "contour-envoy",
        '[2026-05-25T00:02:11.118Z] "POST /session.v2.Sessions/Open HTTP/2" 503 UO 812 81 0 - "10.132.0.9" "arena-ios/26.18" "{n}" "play.arena.example" "-"',
        "warning",
    )
    r.logs(
        every(33, 240, 14),
        "session-gateway",
        '{"level":"warn","caller":"session/open.go:61","msg":"open took long","took_ms":{n}}',
        "warning",
    )
    r.logs(
        every(50, 240, 38),
        "matchmaker",
        '{"timestamp":"-","level":"INFO","fields":{"message":"tick","queued":{n},"note":"pool is large"},"target":"matchmaker::pool"}',
        "info",
    )
    google_alert(
        r,
        95,
        "Session open p95",
        "Condition 'p95 above 800 ms' for loadbalancing.googleapis.com/https/total_latencies is above the threshold of 800 with a value of 2114.",
        severity="error",
    )
    r.alert(
        215,
        "KubeHpaMaxedOut",
        "HPA arena/session-gateway has been running at max replicas for longer than 3 minutes.",
        horizontalpodautoscaler="session-gateway",
        namespace="arena",
        pending="3m",
    )


@third(REEL, "crowds", Truth("live-chat", "thundering_herd"))
def all_viewers_reconnect_in_the_same_second(r: Recording) -> None:
    # The carrier dropped every connection for some seconds; players retry without any jitter.
    r.logs(
        (0.0, 0.4, 0.9, 1.3, 2.0),
        "traefik",
        '10.42.3.1 - - [19/Sep/2026:20:01:02 +0000] "GET /v1/play/{n} HTTP/2.0" 499 21 "-" "-" {n} "media-playback-api@kubernetes" "http://10.42.1.23:8080" 41ms',
        "warning",
    )
    r.metric(4, r.of("Service", "live-chat"), "traefik_service_open_connections", 512, 20_000, intent="metric.traffic.low", above=False)
    r.metric(14, r.of("Service", "live-chat"), "phoenix_socket_connects_per_second", 11_480, 400, intent="metric.traffic.high")
    first, second = r.pods("live-chat")
    for number, pod in enumerate((first, second)):
        r.metric(22 + number, pod, "vm_total_run_queue_lengths_total", 4_210 + 77 * number, 50)
        r.metric(27 + number, pod, "container_cpu_usage_ratio", 1.0, 0.85, intent="metric.cpu.high")
        for at in every(16 + number, 240, 8):
            r.log(
                r.nearly(at),
                pod,
                f"[error] Task #PID<0.{41_000 + 9 * int(at)}.0> started from Chat.Presence terminating ** (exit) exited in: GenServer.call(Chat.Presence_shard{int(at) % 8}, {{:track, ...}}, 5000) ** (EXIT) time out",
            )
        for at in every(19 + number, 240, 21):
            r.log(r.nearly(at), pod, f"[warning] Ranch acceptor reached max_connections 16384, {int(at) * 40} connections wait", "warning")
    # Whoever fails the probe hands its viewers to the other, which then fails it too.
    for number, (at, back) in enumerate(((34.0, 58.0), (64.0, 95.0), (101.0, 130.0), (137.0, 171.0), (178.0, 214.0))):
        pod = (first, second)[number % 2]
        why = f'Readiness probe failed: Get "http://{pod.address}:4000/health": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
        r.event(at, pod, "Unhealthy", why, count=3 * (number // 2 + 1), since=28)
        r.unready(at + 0.4, pod)
        r.ready(back, pod)
    r.logs(
        every(20, 240, 12),
        "traefik",
        '10.42.3.1 - - [19/Sep/2026:20:01:22 +0000] "GET /socket/websocket?vsn=2.0.0 HTTP/1.1" 502 11 "-" "-" {n} "media-live-chat@kubernetes" "http://10.42.0.31:4000" 10003ms',
        "warning",
    )
    for at in every(24, 240, 33):
        closed = f"# Client id={4_100 + int(at)} addr=10.42.0.31:50112 laddr=10.42.3.9:6379 fd=61 name= age=3 idle=0 scheduled to be closed ASAP for overcoming of output buffer limits."
        r.log(r.nearly(at), "play-redis", redis_line(r, at, "M", closed), "warning")
    r.disturb("traefik", "live-chat", 8, errors=0.6, slower=700)
    r.disturb("live-chat", "play-redis", 10, errors=0.05, slower=25)
    grafana_alert(r, 70, "Chat joins failing", "61% of joins, above 5% for 30s", folder="video", severity="critical", service="live-chat")
    r.alert(
        190, "TraefikServiceErrors", "Service media-live-chat has 58% of 5xx", service="media-live-chat@kubernetes", severity="critical"
    )


def _queue_grows(r: Recording) -> None:
    for at, ready in ((0.0, 2_900), (60.0, 21_400), (120.0, 30_100), (180.0, 29_700), (240.0, 29_350)):
        r.metric(at, r.of("Service", "rabbitmq"), "rabbitmq_queue_messages_ready{queue=letters}", ready, 2_000, intent="metric.queue.depth")
    for number, pod in enumerate(r.pods("letter-renderer")):
        r.metric(25 + 6 * number, pod, "container_cpu_usage_ratio", 0.99, 0.85, intent="metric.cpu.high")
        for at in every(-30 + 4 * number, 240, 15):
            r.log(
                r.nearly(at),
                pod,
                f"info: Letters.Renderer[7] Rendered letter {700_100 + int(at) + 31 * number} of batch Q3 in 1.3{int(at) % 10} s",
                "info",
            )


@third(WARD, "crowds", Truth("letter-renderer", "queue_backlog"))
def letters_of_a_whole_quarter_wait(r: Recording) -> None:
    owner, job = r.of("CronJob", "quarter-letters", "care"), r.of("Job", "quarter-letters-29867400", "care")
    r.normal(-44, owner, "SuccessfulCreate", f"Created job {job.name}", "cronjob-controller")
    r.normal(-43.8, job, "SuccessfulCreate", f"Created pod: {job.name}-w4nkz", "job-controller")
    r.normal(36, job, "Completed", "Job completed", "job-controller")
    _queue_grows(r)
    # Who discharges a patient now waits behind the quarter; what else is sent is held back a little.
    for at in every(70, 240, 24):
        r.log(
            r.nearly(at),
            "admissions",
            '{"@t":"-","@mt":"Discharge letter for {Admission} not there after {Seconds} s, ward is told to print later","@l":"Warning","Admission":'
            + str(88_000 + int(at))
            + ',"Seconds":60}',
            "warning",
        )
    broker = r.pod("rabbitmq", 1)
    r.log(
        48, broker, "[info] <0.2204.0> queue 'letters' in vhost '/' has 21402 messages ready and 2 consumers with a prefetch of 1", "info"
    )
    for at in every(52, 240, 62):
        r.metric(at, broker, "rabbitmq_channel_state_flow_ratio", 0.4, 0.1)
    r.disturb("letter-renderer", "rabbitmq", 5, errors=0.0, slower=1.4)
    r.disturb("hl7-bridge", "rabbitmq", 50, errors=0.0, slower=7)
    broken(
        r,
        ("ingress-nginx-controller", "ward-portal", "admissions"),
        "Request failed with status code 504",
        since=75,
        step=47,
        status=504,
        error_type="504",
        milliseconds=60_000,
        outer=504,
        share=0.03,
    )
    r.alert(
        108,
        "RabbitmqTooManyReadyMessages",
        "RabbitMQ queue letters has 29k ready messages and grows",
        namespace="care",
        queue="letters",
        vhost="/",
    )
    azure_alert(r, 200, "discharge-letters-late", "p90 of letter age is 410 s, greater than 120", sev=2, resource="ward-suite-prod")
