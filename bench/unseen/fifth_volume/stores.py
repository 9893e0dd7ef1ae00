"""Stores that change hands, fill up, or know another password than their clients."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.fifth_volume.quarry import QUARRY
from bench.unseen.fifth_volume.telling import alarm, fifth, monitor
from bench.unseen.fifth_volume.wander import AURORA, WANDER
from bench.unseen.fourth_volume.telling import failing, grafana, slow_calls
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

MYSQL = {"db.system.name": "mysql", "db.namespace": "wander"}
POSTGRES = {"db.system.name": "postgresql", "db.namespace": "quarry"}


@fifth(WANDER, "hands of stores", Truth("loyalty", "credentials_rotated"), decoy=True)
def rotated_secret_is_read_only_when_a_pod_starts(r: Recording) -> None:
    recent_rollout(r, "reviews", "20261012.4", at=-120)
    r.normal(-40, r.of("ExternalSecret", "loyalty-db", "booking"), "Updated", "Updated Secret", "external-secrets")
    r.change(-40, r.of("Secret", "loyalty-db", "booking"), "data changed: password", "secret", ["password"])
    denied = "Access denied for user 'loyalty'@'10.60.38.77' (using password: YES)"
    failing(
        r,
        ("web", "booking", "loyalty"),
        "cURL error 28: Operation timed out after 3001 milliseconds with 0 bytes received for http://loyalty:8091/members/81120",
        since=3,
        until=100,
        step=21,
        share=0.3,
        slower=40,
        error_type="GuzzleHttp\\Exception\\ConnectException",
        milliseconds=3_001,
        outer=502,
    )
    failing(
        r,
        ("web", "booking", "loyalty", AURORA),
        denied,
        since=45,
        step=19,
        share=0.7,
        error_type="ER_ACCESS_DENIED_ERROR",
        more=MYSQL,
        milliseconds=6,
    )
    r.logs(
        every(60, 300, 16),
        "loyalty",
        '{"level":"error","timestamp":"-","message":"Access denied for user \'loyalty\'@\'10.60.38.77\' (using password: YES)","code":"ER_ACCESS_DENIED_ERROR","errno":1045,"sqlState":"28000","member":"{n}"}',
        error_type="ER_ACCESS_DENIED_ERROR",
    )
    r.logs(
        every(12, 300, 24),
        "booking",
        '[2026-10-12T02:00:00.000000+00:00] production.ERROR: no member data, selling without points {"member":{n}}',
    )
    monitor(r, 85, "Bookings per minute below forecast", "sum(last_5m) = 61, forecast 104..131", priority=1, service="booking", env="prod")
    monitor(r, 210, "Error rate of loyalty", "41.2% of requests > 5%", service="loyalty", env="prod")


@fifth(WANDER, "hands of stores", Truth(AURORA, "database_failover", "host"))
def writer_endpoint_still_leads_to_the_old_writer(r: Recording) -> None:
    gone = "SQLSTATE[HY000]: General error: 2006 MySQL server has gone away"
    read_only = (
        "SQLSTATE[HY000]: General error: 1290 The MySQL server is running with the --read-only option so it cannot execute this statement"
    )
    failing(
        r, ("web", "booking", AURORA), gone, since=1, until=30, step=7, share=0.9, error_type="PDOException", more=MYSQL, milliseconds=900
    )
    failing(
        r,
        ("availability", AURORA),
        "invalid connection",
        since=2,
        until=34,
        step=9,
        share=0.9,
        error_type="*errors.errorString",
        more=MYSQL,
        milliseconds=700,
    )
    failing(
        r,
        ("web", "booking", AURORA),
        read_only,
        since=36,
        until=240,
        step=17,
        share=0.8,
        error_type="PDOException",
        more=MYSQL,
        milliseconds=5,
    )
    failing(
        r,
        ("web", "checkout", AURORA),
        "Mysql2::Error: The MySQL server is running with the --read-only option so it cannot execute this statement",
        since=38,
        until=250,
        step=23,
        share=0.7,
        error_type="ActiveRecord::StatementInvalid",
        more=MYSQL,
        milliseconds=6,
    )
    r.logs(
        every(38, 245, 14),
        "booking",
        '[2026-10-12T02:00:00.000000+00:00] production.ERROR: SQLSTATE[HY000]: General error: 1290 The MySQL server is running with the --read-only option so it cannot execute this statement (Connection: mysql, SQL: insert into `bookings` ...) {"reference":"WM{n}"}',
        error_type="Illuminate\\Database\\QueryException",
    )
    r.logs(
        every(4, 32, 9),
        "itinerary-worker",
        "2026-10-12T02:00:04.000Z 7 TID-{n} ERROR: Mysql2::Error::ConnectionError: Lost connection to server during query",
        error_type="Mysql2::Error::ConnectionError",
    )
    monitor(r, 70, "Payments accepted", "success ratio 22.4% < 95%", priority=1, service="checkout", env="prod")
    alarm(
        r,
        95,
        "wander-prod-writer-DatabaseConnections",
        "1 out of the last 1 datapoints [3.0] was less than the threshold (40.0).",
        DBClusterIdentifier="wander-prod",
        Namespace="AWS/RDS",
    )
    r.burn(150, "booking")


@fifth(QUARRY, "full stores", Truth("jobs-db", "volume_full"))
def forgotten_replication_slot_keeps_every_segment(r: Recording) -> None:
    first = r.pods("jobs-db")[0]
    slow_calls(r, "job-planner", "jobs-db", 1_900, since=3, until=44, step=13)
    no = "server closed the connection unexpectedly"
    failing(
        r,
        ("lab-gateway-nginx", "submit-api", "job-planner", "jobs-db"),
        "FATAL: the database system is in recovery mode (SQLSTATE 57P03)",
        since=48,
        step=19,
        share=0.9,
        error_type="57P03",
        more=POSTGRES,
        milliseconds=12,
    )
    failing(
        r,
        ("batch-runner", "jobs-db"),
        no,
        since=47,
        step=26,
        share=0.9,
        error_type="psycopg.OperationalError",
        more=POSTGRES,
        milliseconds=40,
    )
    r.logs(
        every(49, 300, 17),
        "batch-runner",
        "[2026-12-02 02:00:00,000: ERROR/ForkPoolWorker-2] Task lab.align[{n}] raised unexpected: OperationalError('connection failed: connection to server at \"10.96.7.31\", port 5432 failed: Connection refused')",
        error_type="psycopg.OperationalError",
    )
    for at in (45.0, 92.0, 171.0, 262.0):
        r.log(
            at,
            first,
            '{"level":"info","ts":"2026-12-02T02:00:45.000Z","logger":"postgres","msg":"record","logging_pod":"jobs-db-0","record":{"error_severity":"PANIC","sql_state_code":"53100","message":"could not write to file \\"pg_wal/xlogtemp.211\\": No space left on device"}}',
            "fatal",
        )
    r.log(
        47,
        first,
        '{"level":"error","ts":"2026-12-02T02:00:47.000Z","logger":"instance-manager","msg":"Detected low-disk space condition, avoid starting the instance","logging_pod":"jobs-db-0"}',
    )
    r.event(50, first, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500", count=24, since=50)
    r.unready(51, first)
    r.no_endpoints(52, "jobs-db-rw")
    r.alert(120, "CNPGClusterHAWarning", "CNPG Cluster jobs-db less than 2 standby replicas.", namespace="lab", cnpg_cluster="jobs-db")
    grafana(r, 80, "No job was accepted", "0 jobs accepted in 2m (usually 640)", folder="platform", severity="critical", team="compute")
    r.alert(
        255,
        "KubePersistentVolumeFillingUp",
        "The PersistentVolume claimed by data-jobs-db-0 in Namespace lab is only 0% free.",
        severity="critical",
        pending="1m",
        namespace="lab",
        persistentvolumeclaim="data-jobs-db-0",
    )


@fifth(QUARRY, "full stores", Truth("rook-ceph-osd", "volume_full"), decoy=True)
def one_store_of_objects_is_full_and_all_writes_stop(r: Recording) -> None:
    r.change(-70, r.of("ConfigMap", "portal-settings", "lab"), "data changed: banner", "config", ["banner"])
    slow_calls(r, "batch-runner", "rook-ceph-rgw", 21_000, since=2, step=15, errors=0.3)
    failing(
        r,
        ("batch-runner", "rook-ceph-rgw"),
        'Read timeout on endpoint URL: "http://rook-ceph-rgw.rook-ceph:8080/results/J-81120/out.parquet"',
        since=30,
        step=21,
        share=0.7,
        slower=300,
        error_type="botocore.exceptions.ReadTimeoutError",
        milliseconds=60_000,
    )
    r.logs(
        every(34, 300, 18),
        "batch-runner",
        "[2026-12-02 02:00:34,000: ERROR/ForkPoolWorker-4] result of J-{n} not stored: botocore.exceptions.ReadTimeoutError: Read timeout on endpoint URL",
        error_type="botocore.exceptions.ReadTimeoutError",
    )
    grafana(r, 75, "Jobs end late", "p95 of the last step is 61s (limit 9s)", folder="platform", team="compute")
    r.logs(
        every(90, 300, 41),
        "rook-ceph-mon",
        "debug 2026-12-02T02:01:30.000+0000 7f1c2a7fc640 -1 log_channel(cluster) log [ERR] : Health check update: 1 full osd(s) (OSD_FULL)",
    )
    r.logs(
        every(96, 300, 45),
        "rook-ceph-mon",
        "debug 2026-12-02T02:01:36.000+0000 7f1c2a7fc640  0 log_channel(cluster) log [WRN] : Health check failed: 4 pool(s) full (POOL_FULL)",
        "warning",
    )
    r.log(
        98,
        r.pods("rook-ceph-osd")[2],
        "debug 2026-12-02T02:01:38.000+0000 7fa1c0a4d700 -1 osd.2 811 log_channel(cluster) log [ERR] : full status failsafe engaged, dropping updates, now 97% full",
    )
    r.alert(190, "CephOSDFull", "OSD full, writes blocked", severity="critical", pending="1m", namespace="rook-ceph")
    r.alert(240, "CephPoolFull", "Pool is full - writes are blocked", severity="critical", pending="1m", namespace="rook-ceph")
