"""What stores keep from those who ask: locks, connections, the right to write."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.second_volume.telling import broken, waiting
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.arena import ARENA
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.third_volume.telling import google_alert, grafana_alert, klog, redis_line
from bench.unseen.third_volume.ward import WARD
from bench.unseen.truths import Truth
from msgspec.structs import replace

PORTAL = ("ingress-nginx-controller", "ward-portal")
TIMED_OUT = "Microsoft.Data.SqlClient.SqlException (0x80131904): Execution Timeout Expired.  The timeout period elapsed prior to completion of the operation or the server is not responding."


@third(WARD, "stores", Truth("care-sql", "lock_contention"))
def index_is_rebuilt_while_orders_are_read(r: Recording) -> None:
    owner, job = r.of("CronJob", "sql-maintenance", "care"), r.of("Job", "sql-maintenance-29867220", "care")
    r.normal(-14, owner, "SuccessfulCreate", f"Created job {job.name}", "cronjob-controller")
    r.normal(-13.9, job, "SuccessfulCreate", f"Created pod: {job.name}-7hq4c", "job-controller")
    waiting(r, "medication", "care-sql", 21_000, since=6, step=10)
    # The table of admissions is another one: only joins with orders wait.
    broken(
        r,
        (*PORTAL, "medication", "care-sql"),
        TIMED_OUT,
        since=31,
        step=9,
        error_type="-2",
        milliseconds=30_000,
        outer=500,
        share=0.55,
        slower=1_900,
    )
    r.disturb("admissions", "care-sql", 12, errors=0.02, slower=12)
    r.logs(
        every(32, 240, 10),
        "medication",
        '{"@t":"-","@mt":"Failed executing DbCommand ({elapsed}ms) [Parameters=[{parameters}], CommandType=\'{commandType}\', CommandTimeout=\'{commandTimeout}\']","@l":"Error","elapsed":"30,0{n}","commandTimeout":30,"@x":"'
        + TIMED_OUT
        + '\\n ---> System.ComponentModel.Win32Exception (258): Unknown error 258"}',
        error_type="Microsoft.Data.SqlClient.SqlException",
    )
    r.logs(
        every(48, 240, 41),
        "medication",
        '{"@t":"-","@mt":"Order {OrderId} was not saved, retrying","@l":"Warning","OrderId":{n},"@x":"Microsoft.Data.SqlClient.SqlException (0x80131904): Transaction (Process ID 88) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction."}',
        "warning",
    )
    r.logs(
        every(36, 240, 26),
        "ward-portal",
        '{"level":50,"time":1791767{n}291,"name":"ward-portal","err":{"type":"AxiosError","code":"ECONNABORTED","message":"timeout of 30000ms exceeded"},"msg":"order list failed"}',
    )
    (server,) = r.pods("care-sql")
    r.metric(50, server, "mssql_blocked_sessions", 61, 5)
    r.metric(51, server, 'mssql_wait_time_ms_rate{wait_type="LCK_M_S"}', 44_200, 1_000)
    r.alert(
        112,
        "MSSQLBlockedSessions",
        "61 sessions are blocked on care-sql, head blocker is session 97 (ALTER INDEX)",
        namespace="care",
        pod=server.name,
        instance="care-sql-0:4000",
    )
    r.burn(175, "ward-portal")


@third(REEL, "stores", Truth("playback-api", "pool_exhaustion"))
def connections_are_not_given_back_on_one_path(r: Recording) -> None:
    # What was rolled out minutes ago leaks one connection for each play of a video that is gone.
    image = REEL.workload("playback-api").image.replace("12.5", "12.6")
    for number, pod in enumerate(r.rollout(-188, "playback-api", image=image)):
        r.ready(-170 + number, pod)
        r.metric(-35 + 11 * number, pod, "redis_pool_conns_in_use", 92, 90)
        for at in every(0.5 + 8 * number, 240, 9):
            r.log(
                r.nearly(at),
                pod,
                f'time=- level=ERROR msg="session lookup" session={20_000 + 13 * int(at)} err="redis: connection pool timeout"',
            )
    r.logs(
        every(9, 240, 12),
        "traefik",
        '10.42.3.1 - - [19/Sep/2026:03:11:09 +0000] "GET /v1/play/{n} HTTP/2.0" 500 41 "-" "-" {n} "media-playback-api@kubernetes" "http://10.42.1.23:8080" 4007ms',
        "warning",
    )
    r.logs(every(4, 240, 66), "play-redis", "1:M 19 Sep 2026 03:10:44.107 * 100 changes in 300 seconds. Saving...", "info")
    r.metric(60, r.pod("play-redis"), "redis_connected_clients", 341, 300)
    r.disturb("playback-api", "play-redis", 3, errors=0.0, slower=1.0)
    r.disturb("traefik", "playback-api", 5, errors=0.45, slower=120)
    grafana_alert(
        r, 105, "Playback API 5xx", "45% of requests, above 2% for 1m", folder="video", severity="critical", service="playback-api"
    )
    grafana_alert(r, 165, "Concurrent viewers dropped", "31% fewer than ten minutes ago", folder="business")


SENTINEL = replace(
    ARENA,
    workloads=tuple(
        replace(each, replicas=3, beside={"sentinel": "docker.io/library/redis:7.4.1"}) if each.name == "scores-redis" else each
        for each in ARENA.workloads
    ),
)


def _sentinels_agree(r: Recording) -> None:
    old, new, other = r.pods("scores-redis")
    r.log(
        -9,
        old,
        redis_line(
            r,
            -9,
            "M",
            "* Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer without waiting for fsync to complete, this may slow down Redis.",
        ),
        "warning",
    )
    for number, watcher in enumerate((new, other)):
        r.log(
            0.2 + number / 3,
            watcher,
            redis_line(r, 0.2, "X", f"# +sdown master scores {old.address} 6379"),
            "warning",
            container="sentinel",
        )
    for at, line in (
        (1.1, f"# +odown master scores {old.address} 6379 #quorum 2/2"),
        (1.2, f"# +try-failover master scores {old.address} 6379"),
        (2.3, f"# +elected-leader master scores {old.address} 6379"),
        (3.8, f"# +switch-master scores {old.address} 6379 {new.address} 6379"),
        (14.0, f"* +convert-to-slave slave {old.address}:6379 {old.address} 6379 @ scores {new.address} 6379"),
    ):
        r.log(at, other, redis_line(r, at, "X", line), "warning" if "#" in line else "info", container="sentinel")
    r.log(
        3.9,
        new,
        redis_line(
            r,
            3.9,
            "M",
            "* MASTER MODE enabled (user request from 'id=41 addr=10.244.8.3:38122 laddr=10.244.6.2:6379 name=sentinel-9c1e40a2-cmd')",
        ),
        "info",
    )
    r.log(14.2, old, redis_line(r, 14.2, "S", f"* Connecting to MASTER {new.address}:6379"), "info")
    r.log(15.8, old, redis_line(r, 15.8, "S", "* MASTER <-> REPLICA sync: Finished with success"), "info")


@third(SENTINEL, "stores", Truth("scores-redis", "database_failover"))
def writers_keep_to_the_old_master(r: Recording) -> None:
    _sentinels_agree(r)
    for at in every(15, 240, 7):
        pod = r.pods("leaderboard")[int(at) % 2]
        r.log(
            r.nearly(at),
            pod,
            f'{{"timestamp":"-","level":"ERROR","fields":{{"message":"score not stored","player":"p{33_000 + int(at)}","error":"ReadOnly: You can\'t write against a read only replica."}},"target":"leaderboard::submit"}}',
        )
    broken(
        r,
        ("session-gateway", "leaderboard", "scores-redis"),
        "An error was signalled by the server - ReadOnly: You can't write against a read only replica.",
        since=15,
        step=13,
        error_type="READONLY",
        share=0.35,
        outer=500,
        more={"db.system.name": "redis"},
    )
    r.logs(
        every(1, 14, 4),
        "leaderboard",
        '{"timestamp":"-","level":"WARN","fields":{"message":"redis is slow","error":"timed out"},"target":"leaderboard::pool"}',
        "warning",
    )
    r.alert(
        20,
        "RedisMasterChanged",
        "Redis master of scores changed from scores-redis-0 to scores-redis-1",
        severity="info",
        namespace="arena",
        master="scores",
    )
    google_alert(
        r,
        170,
        "Scores written per minute (prod)",
        "Condition 'rate below floor' for workload.googleapis.com/score_submitted is below the threshold of 500 with a value of 3.",
        severity="critical",
    )


CONTROLLED = replace(
    ARENA,
    workloads=(
        *ARENA.workloads,
        replace(
            ARENA.workload("agones-allocator"),
            name="agones-controller",
            image="us-docker.pkg.dev/agones-images/release/agones-controller:1.45.0",
            port=8080,
            probe_path="/live",
        ),
    ),
)


def _leaders_give_up(r: Recording) -> None:
    first, second = r.pods("agones-controller")
    lease = "agones-system/agones-controller-lock"
    late = 'Put "https://10.8.0.1:443/apis/coordination.k8s.io/v1/namespaces/agones-system/leases/agones-controller-lock?timeout=5s": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    for number, (at, pod) in enumerate(((0.0, first), (52.0, second), (109.0, first), (176.0, second))):
        r.log(
            at - 9,
            pod,
            f"{klog(r, at - 9, 'E')} leaderelection.go:429] Failed to update lock optimistically: {late}, falling back to slow path",
        )
        r.log(
            at - 4,
            pod,
            f"{klog(r, at - 4, 'E')} leaderelection.go:436] error retrieving resource lock {lease}: {late.replace('Put', 'Get')}",
        )
        r.log(at, pod, f"{klog(r, at, 'I')} leaderelection.go:297] failed to renew lease {lease}: context deadline exceeded", "warning")
        r.log(at + 0.1, pod, f'{{"id":"{pod.name}","message":"Leader Lost","severity":"info","source":"main","time":"-"}}', "info")
        # It ends with 0, so that nothing but the new start is told of it.
        r.normal(
            at + 1.4,
            pod,
            "Pulled",
            'Container image "us-docker.pkg.dev/agones-images/release/agones-controller:1.45.0" already present on machine',
        )
        r.normal(at + 1.7, pod, "Started", "Started container agones-controller")
        if number > 1:
            r.event(
                at + 1.2,
                pod,
                "BackOff",
                f"Back-off restarting failed container agones-controller in pod {pod.name}_agones-system({pod.uid})",
                count=number - 1,
            )
        r.log(
            at + 4,
            pod,
            f"{klog(r, at + 4, 'I')} leaderelection.go:254] attempting to acquire leader lease {lease}...",
            "info",
        )


@third(CONTROLLED, "stores", Truth("agones-controller", "leader_lost"))
def nobody_renews_the_lease_of_the_fleet(r: Recording) -> None:
    _leaders_give_up(r)
    none = "rpc error: code = ResourceExhausted desc = there is no available GameServer to allocate"
    broken(
        r,
        ("session-gateway", "matchmaker", "room-allocator", "agones-allocator"),
        none,
        since=26,
        step=11,
        error_type="RESOURCE_EXHAUSTED",
        share=0.7,
        outer=503,
        more={"rpc.system": "grpc", "rpc.grpc.status_code": 8},
    )
    r.logs(
        every(27, 240, 12),
        "room-allocator",
        '{"level":"error","caller":"claim/claim.go:118","msg":"no room","fleet":"duel-eu","room":"r{n}","error":"' + none + '"}',
    )
    r.alert(
        90,
        "AgonesFleetBufferEmpty",
        "Fleet duel-eu has 0 ready of 40 wanted game servers",
        severity="critical",
        namespace="arena",
        fleet="duel-eu",
    )
    google_alert(
        r,
        150,
        "Matches started per minute (prod)",
        "Condition 'rate below floor' for workload.googleapis.com/match_started is below the threshold of 40 with a value of 9.",
        severity="critical",
    )
