"""What goes wrong with a game's backend by its own releases and settings."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout, scaled_elsewhere, unrelated_alert
from bench.unseen.events import every
from bench.unseen.second_volume.telling import broken, restarts_with
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.arena import ARENA
from bench.unseen.third_volume.building import third
from bench.unseen.truths import Truth

ENDS = (3.0, 17.0, 41.0, 88.0, 176.0)
GRPC_UNAVAILABLE = {"rpc.system": "grpc", "rpc.grpc.status_code": 14}


@third(ARENA, "code", Truth("matchmaker", "bad_rollout"), decoy=True)
def matchmaker_panics_on_an_empty_pool(r: Recording) -> None:
    scaled_elsewhere(r, "leaderboard", 3)
    image = ARENA.workload("matchmaker").image.replace("18.2", "19.0")
    pods = r.rollout(0, "matchmaker", image=image)
    line = "thread 'tokio-runtime-worker' panicked at src/pool/pairing.rs:214:41: index out of bounds: the len is 0 but the index is 0"
    restarts_with(r, pods, 6, line, ENDS, code=101)
    r.no_endpoints(12, "matchmaker")
    r.unavailable(13, "matchmaker")
    path = ("contour-envoy", "session-gateway", "matchmaker")
    broken(
        r,
        path,
        "rpc error: code = Unavailable desc = error reading from server: EOF",
        since=9,
        error_type="UNAVAILABLE",
        more=GRPC_UNAVAILABLE,
    )
    r.logs(
        every(10, 240, 16),
        "session-gateway",
        '{"level":"error","caller":"queue/enqueue.go:57","msg":"enqueue failed","error":"rpc error: code = Unavailable desc = error reading from server: EOF","player":"p{n}"}',
    )
    r.alert(
        150,
        "MatchQueueStalled",
        "No match was made for two minutes in europe-west3",
        severity="critical",
        team="live-ops",
        region="europe-west3",
    )


@third(ARENA, "memory", Truth("inventory", "out_of_memory"), decoy=True)
def inventory_outgrows_its_limit(r: Recording) -> None:
    unrelated_alert(r, "report-viewer")
    pods = r.pods("inventory")
    for number, pod in enumerate(pods):
        r.metric(
            -40 + 9 * number,
            pod,
            "container_memory_working_set_bytes",
            1_566_572_544,
            1_449_551_462,
            unit="By",
            intent="metric.memory.high",
        )
        for times, after in enumerate((0.0, 71.0, 163.0), start=1):
            at = after + 13 * number
            r.oom_kill(at, pod, "java", 1_536)
            r.ended(at + 1, pod, "OOMKilled", 137, restarts=times)
    broken(
        r,
        ("contour-envoy", "session-gateway", "inventory"),
        "rpc error: code = Unavailable desc = connection error: connect: connection refused",
        since=3,
        share=0.4,
        error_type="UNAVAILABLE",
        more=GRPC_UNAVAILABLE,
    )
    broken(
        r,
        ("purchases", "inventory"),
        "io.grpc.StatusRuntimeException: UNAVAILABLE: io exception",
        since=6,
        step=31,
        share=0.4,
        error_type="UNAVAILABLE",
        more=GRPC_UNAVAILABLE,
    )
    r.alert(120, "KubePodCrashLooping", "Pod is crash looping.", namespace="arena", pod=pods[0].name, container="inventory", pending="2m")
    r.burn(160, "session-gateway")


@third(ARENA, "configuration", Truth("purchases", "config_error"), decoy=True)
def purchases_reads_a_broken_file(r: Recording) -> None:
    recent_rollout(r, "leaderboard", "2026.18.3")
    r.change(-6, r.of("ConfigMap", "purchases-config", "arena"), "data changed: application.yaml", "config", ["application.yaml"])
    pods = r.rollout(0, "purchases", what="template", names=("annotations",))
    line = "org.springframework.boot.context.properties.bind.BindException: Failed to bind properties under 'shop.verify.timeout' to java.time.Duration: Reason: failed to convert java.lang.String to java.time.Duration (caused by java.lang.IllegalArgumentException: '5 sec' is not a valid duration)"
    restarts_with(r, pods, 8, line, ENDS)
    r.no_endpoints(11, "purchases")
    r.unavailable(12, "purchases")
    broken(
        r,
        ("contour-envoy", "session-gateway", "purchases"),
        "rpc error: code = Unavailable desc = no children to pick from",
        since=12,
        error_type="UNAVAILABLE",
        more=GRPC_UNAVAILABLE,
    )
    r.alert(190, "ShopRevenueFlatlined", "No purchase was confirmed in the last three minutes", severity="critical", team="economy")


@third(ARENA, "secret", Truth("inventory", "missing_config"))
def inventory_lost_its_secret(r: Recording) -> None:
    r.change(-30, r.of("Secret", "inventory-cassandra", "arena"), "deleted", "secret", action="DELETED")
    for number, pod in enumerate(r.rollout(0, "inventory", starts=False, what="environment", names=("JAVA_TOOL_OPTIONS",))):
        at = 2.0 + 2 * number
        why = 'secret "inventory-cassandra" not found'
        r.waits(at + 0.4, pod, "CreateContainerConfigError", why)
        for times, after in enumerate((0.0, 13.0, 40.0, 95.0, 181.0), start=1):
            r.event(at + after, pod, "Failed", f"Error: {why}", count=2 * times, since=at)
    r.no_endpoints(7, "inventory")
    r.unavailable(8, "inventory")
    broken(
        r,
        ("contour-envoy", "session-gateway", "inventory"),
        "rpc error: code = Unavailable desc = no children to pick from",
        since=8,
        error_type="UNAVAILABLE",
        more=GRPC_UNAVAILABLE,
    )
    r.alert(
        170,
        "KubeContainerWaiting",
        "Pod container waiting longer than expected",
        namespace="arena",
        container="inventory",
        reason="CreateContainerConfigError",
    )


@third(ARENA, "outside", Truth("api.playstore.example", "external_outage", "host"), decoy=True)
def store_does_not_verify(r: Recording) -> None:
    recent_rollout(r, "matchmaker", "2026.18.4")
    path = ("contour-envoy", "session-gateway", "purchases", "api.playstore.example")
    broken(
        r,
        path,
        "503 Service Unavailable from POST https://api.playstore.example/v3/purchases/verify",
        since=2,
        error_type="503",
        status=503,
        milliseconds=1_900,
        slower=15,
    )
    r.logs(
        every(4, 240, 13),
        "purchases",
        '{"@timestamp":"-","level":"ERROR","logger_name":"shop.verify.StoreClient","message":"verify failed for order {n}: 503 Service Unavailable from POST https://api.playstore.example/v3/purchases/verify"}',
    )
    r.alert(130, "PurchaseVerifyErrors", "38% of purchase verifications failed over 5m", severity="critical", team="economy")
