"""Those that get less of a machine than they need, and those that take long for what they do."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.second_volume.telling import broken, held_up, waiting
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.arena import ARENA
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.third_volume.telling import GRPC_DEADLINE, google_alert, grafana_alert, put_elsewhere, redis_line
from bench.unseen.truths import Truth


@third(ARENA, "contention", Truth("matchmaker", "cpu_throttling"))
def recommendation_of_a_quiet_night_is_applied(r: Recording) -> None:
    # The vertical autoscaler saw few players for a week, and lowers the limit with the request.
    nodes = ("gke-arena-prod-general-7c1f2a90-4x8d", "gke-arena-prod-general-b03e51cc-hh5t")
    for number, old in enumerate(r.pods("matchmaker")):
        at = 31.0 * number
        r.normal(at - 0.1, old, "EvictedByVPA", "Pod was evicted by VPA Updater to apply resource recommendation.", "vpa-updater")
        new = put_elsewhere(r, at, old, nodes[number], reason="EvictionByEvictionAPI", why="Eviction API: evicting", ready_after=9)
        resources = {"requests": {"cpu": "63m", "memory": "256Mi"}, "limits": {"cpu": "315m", "memory": "1Gi"}}
        r.objects.get("Pod", new.name)["spec"]["containers"][0]["resources"] = resources
        for moment in every(at + 14, 240, 12):
            line = f'{{"timestamp":"-","level":"WARN","fields":{{"message":"tick overran its budget","budget_ms":50,"took_ms":{390 + int(moment) % 170}}},"target":"matchmaker::pool"}}'
            r.log(r.nearly(moment), new, line, "warning")
        for moment in (at + 45, at + 105, at + 165):
            r.metric(moment, new, "container_cpu_cfs_throttled_periods_ratio", 0.83, 0.25, intent="metric.cpu.throttled")
    held_up(r, ("session-gateway", "matchmaker"), 1_300, since=14, step=10)
    broken(
        r,
        ("contour-envoy", "session-gateway", "matchmaker"),
        "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
        since=36,
        step=13,
        error_type="DEADLINE_EXCEEDED",
        milliseconds=2_000,
        share=0.25,
        slower=70,
        outer=504,
        more=GRPC_DEADLINE,
    )
    google_alert(
        r,
        125,
        "Time to match p90",
        "Condition 'p90 above 20 s' for workload.googleapis.com/match_wait is above the threshold of 20 with a value of 71.",
    )
    pod = r.pod("matchmaker")
    r.alert(
        210,
        "CPUThrottlingHigh",
        f"81.4% throttling of CPU in namespace arena for container matchmaker in pod {pod.name}.",
        severity="info",
        namespace="arena",
        pod=pod.name,
        container="matchmaker",
        pending="2m",
    )


@third(REEL, "contention", Truth("transcoder", "noisy_neighbour"), decoy=True)
def scratch_files_of_a_slow_preset(r: Recording) -> None:
    scaled_elsewhere(r, "packager", 3, at=-95)
    loud = next(pod for pod in r.pods("transcoder") if pod.node == "k3s-ams-04")
    node, cache = r.of("Node", loud.node), r.pod("play-redis")
    chat = next(pod for pod in r.pods("live-chat") if pod.node == loud.node)
    r.log(-6, loud, 'level=info msg="job started" job=88213 codec=av1 preset=2 passes=2 scratch=/var/lib/scratch rungs=9', "info")
    for at in every(8, 240, 58):
        r.metric(at, node, "node_pressure_io_waiting_seconds_rate", 0.71, 0.2, intent="metric.disk.slow")
        r.metric(at + 2, loud, "container_fs_writes_bytes_rate", 1_240_000_000, 200_000_000, unit="bytes", intent="metric.disk.busy")
    r.metric(70, node, "node_load1", 47.2, 24)
    for at in every(5, 240, 14):
        r.log(
            r.nearly(at),
            cache,
            redis_line(
                r,
                at,
                "M",
                "* Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer without waiting for fsync to complete, this may slow down Redis.",
            ),
            "warning",
        )
    for at in every(9, 240, 13):
        r.log(
            r.nearly(at),
            r.pods("playback-api")[int(at) % 3],
            f'time=- level=WARN msg="redis slow" cmd=get took=1.{int(at):03d}s session={50_000 + int(at)}',
            "warning",
        )
    for at in every(13, 240, 22):
        r.log(r.nearly(at), chat, f"[warning] Redix PUBLISH room:{3_000 + int(at)} took {1_400 + int(at)}ms", "warning")
    for at in every(20, 240, 29):
        r.log(
            r.nearly(at), "live-chat", "[error] ** (exit) exited in: GenServer.call(Chat.Redix, {:pipeline, ...}, 5000) ** (EXIT) time out"
        )
    why = f'Readiness probe failed: Get "http://{chat.address}:4000/health": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    for count, at in enumerate((41.0, 97.0, 163.0), start=1):
        r.event(at, chat, "Unhealthy", why, count=count, since=41)
    r.event(66, cache, "Unhealthy", "Readiness probe failed: dial tcp: i/o timeout", count=2, since=52)
    r.disturb("playback-api", "play-redis", 4, errors=0.04, slower=900)
    r.disturb("live-chat", "play-redis", 6, errors=0.12, slower=1_100)
    r.disturb("traefik", "playback-api", 6, errors=0.05, slower=40)
    r.disturb("traefik", "live-chat", 8, errors=0.1, slower=60)
    grafana_alert(r, 118, "Playback start p95", "3.1 s, above 2 s for 1m", folder="video", service="playback-api")
    r.alert(
        200,
        "NodeSystemSaturation",
        "System load per core at k3s-ams-04:9100 has been above 2 for the last 2 minutes, is currently at 2.95.",
        instance="k3s-ams-04:9100",
    )


def _reads_what_is_dead(r: Recording) -> None:
    for number, pod in enumerate(r.pods("cassandra")):
        for at in every(-8 + 5 * number, 240, 16):
            dead = 48_000 + 211 * (int(at) + 20)
            r.log(
                r.nearly(at),
                pod,
                f"WARN  [ReadStage-{2 + int(at) % 9}] ReadCommand.java:611 - Read 212 live rows and {dead} tombstone cells for query SELECT * FROM arena.items_by_player WHERE player = 7f{int(at) + 40:04x} LIMIT 5000 ALLOW FILTERING; token -4418820417, read took 1.8 s",
                "warning",
            )
        for at in every(24 + 9 * number, 240, 51):
            r.log(
                r.nearly(at),
                pod,
                f"WARN  [Service Thread] GCInspector.java:282 - G1 Old Generation GC in {1_100 + 9 * int(at)}ms.  G1 Eden Space: 2147483648 -> 0; G1 Old Gen: 5872025600 -> 4110000000",
                "warning",
            )
        r.metric(40 + 3 * number, pod, "cassandra_table_readlatency_p99_seconds{table=items_by_player}", 3.9, 0.1)


@third(ARENA, "contention", Truth("cassandra", "slow_service"))
def tombstones_of_a_clean_up_are_read_by_everybody(r: Recording) -> None:
    timeout = "com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException: Cassandra timeout during read query at consistency LOCAL_QUORUM (2 responses were required but only 1 replica responded). In case this was generated during read repair, the consistency level is not representative of the actual consistency."
    _reads_what_is_dead(r)
    waiting(r, "inventory", "cassandra", 2_600, since=2, step=8)
    broken(
        r,
        ("session-gateway", "inventory", "cassandra"),
        timeout,
        since=10,
        step=14,
        error_type="ReadTimeoutException",
        milliseconds=5_000,
        share=0.2,
        slower=600,
        outer=504,
    )
    broken(
        r,
        ("purchases", "inventory"),
        "io.grpc.StatusRuntimeException: DEADLINE_EXCEEDED: CallOptions deadline exceeded after 2.999812422s. Name resolution delay 0.000000000 seconds. [closed=[], open=[[buffered_nanos=412331, remote_addr=inventory/10.8.14.20:9300]]]",
        since=14,
        step=23,
        error_type="DEADLINE_EXCEEDED",
        milliseconds=3_000,
        share=0.3,
        slower=90,
        more=GRPC_DEADLINE,
    )
    r.logs(
        every(15, 240, 18),
        "session-gateway",
        '{"level":"error","caller":"session/open.go:74","msg":"inventory did not answer, session opens without items","player":"p{n}","error":"rpc error: code = DeadlineExceeded desc = context deadline exceeded"}',
    )
    google_alert(
        r,
        110,
        "Sessions opened without items",
        "Condition 'share above 5%' for workload.googleapis.com/session_degraded is above the threshold of 0.05 with a value of 0.33.",
    )
    r.burn(170, "inventory")
