"""Connections that nobody gives back, a primary that is one no longer, and locks that are held too long."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import nightly_job, recent_rollout, unrelated_alert
from bench.unseen.events import every
from bench.unseen.second_volume.freight import FREIGHT
from bench.unseen.second_volume.gable import GABLE
from bench.unseen.second_volume.hearth import HEARTH
from bench.unseen.second_volume.telling import broken, monitor, second, waiting
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@second(GABLE, "pool", Truth("jobs", "pool_exhaustion"), decoy=True)
def more_threads_than_connections(r: Recording) -> None:
    unrelated_alert(r, "invoices")
    for number, pod in enumerate(r.rollout(0, "jobs", what="environment", names=("RAILS_MAX_THREADS", "SIDEKIQ_CONCURRENCY"))):
        r.ready(9 + number, pod)
        r.metric(40 + 6 * number, pod, "activerecord.connection_pool.waiting", 17, 1)
    error = "could not obtain a connection from the pool within 5.000 seconds (waited 5.003 seconds); all pooled connections were in use"
    broken(
        r,
        ("jobs", "mysql"),
        f"ActiveRecord::ConnectionTimeoutError: {error}",
        since=16,
        error_type="ActiveRecord::ConnectionTimeoutError",
        step=8,
        milliseconds=5_003,
        share=0.6,
    )
    r.logs(
        every(17, 240, 9),
        "jobs",
        "pid=1 tid={n} class=InvoiceReminderJob elapsed=5.011 ERROR: ActiveRecord::ConnectionTimeoutError: " + error,
    )
    monitor(r, 120, "[gable] Sidekiq failures", "61% of jobs, threshold 5%", service="jobs", env="prod")
    r.alert(200, "SidekiqRetriesGrow", "4100 jobs wait for a retry", service="jobs", namespace="gable")


@second(FREIGHT, "pool", Truth("route-planner", "pool_exhaustion"))
def connections_kept_while_others_are_asked(r: Recording) -> None:
    r.change(-30, r.of("ConfigMap", "route-planner-config"), "data changed: planner.toml", "config", ("planner.toml",))
    for number, pod in enumerate(r.pods("route-planner")):
        r.log(0.5 + number, pod, "INFO planner::config: planner.toml reloaded: database.max_connections 40 -> 4", "info")
        for at in every(6 + number, 240, 9):
            r.log(r.nearly(at), pod, "ERROR planner::store: sqlx::Error::PoolTimedOut: pool timed out while waiting for an open connection")
    broken(
        r,
        ("eta-worker", "route-planner"),
        "io.grpc.StatusRuntimeException: INTERNAL: pool timed out while waiting for an open connection",
        since=7,
        error_type="INTERNAL",
        step=9,
        milliseconds=30_000,
        share=0.5,
        slower=90,
        more={"rpc.system": "grpc", "rpc.grpc.status_code": 13},
    )
    r.metric(50, r.pod("route-planner"), "db_client_connections_pending_requests", 118, 10)
    r.logs(
        every(12, 240, 17),
        "eta-worker",
        "ERROR [fre.tid.eta.Consumer] no route for {n}: io.grpc.StatusRuntimeException: INTERNAL: pool timed out while waiting for an open connection",
    )
    r.alert(130, "EtaMissing", "44% of parcels have no arrival time", team="planning")


@second(GABLE, "failover", Truth("mysql", "database_failover"), decoy=True)
def writes_go_to_a_replica(r: Recording) -> None:
    nightly_job(r, "nightly-export", at=-90)
    first, other = r.pods("mysql")
    r.log(0, first, "2026-08-11T10:00:00.000000Z 0 [Warning] [MY-010055] [Server] Setting super_read_only=ON.", "warning")
    r.log(
        1.4,
        other,
        "2026-08-11T10:00:01.000000Z 41 [System] [MY-011507] [Repl] Plugin group_replication reported: 'A new primary with address mysql-1.mysql:3306 was elected. The new primary will execute all previous group transactions before allowing writes.'",
        "info",
    )
    r.log(
        0.6,
        first,
        "2026-08-11T10:00:00.000000Z 0 [Warning] [MY-011499] [Repl] Plugin group_replication reported: 'Members removed from the group: mysql-0.mysql:3306'",
        "warning",
    )
    read_only = "The MySQL server is running with the --super-read-only option so it cannot execute this statement"
    broken(
        r,
        ("traefik", "portal", "mysql"),
        f"ActiveRecord::StatementInvalid: Trilogy::ProtocolError: 1290: {read_only}",
        since=3,
        error_type="ActiveRecord::StatementInvalid",
        step=9,
        share=0.3,
        outer=500,
        more={"db.system.name": "mysql", "db.response.status_code": "1290"},
    )
    broken(
        r,
        ("traefik", "portal", "invoices", "mysql"),
        f"SQLSTATE[HY000]: General error: 1290 {read_only}",
        since=4,
        error_type="PDOException",
        step=19,
        share=0.4,
        outer=500,
    )
    broken(
        r,
        ("jobs", "mysql"),
        f"ActiveRecord::StatementInvalid: Trilogy::ProtocolError: 1290: {read_only}",
        since=3,
        error_type="ActiveRecord::StatementInvalid",
        step=17,
        share=0.8,
    )
    r.logs(
        every(6, 240, 21),
        "identity",
        "fail: Microsoft.EntityFrameworkCore.Update[10000] MySqlConnector.MySqlException (0x80004005): " + read_only,
    )
    r.alert(60, "MySQLGroupReplicationPrimaryChanged", "Group gable has a new primary: mysql-1", cluster="gable", namespace="gable")
    r.burn(140, "portal")


@second(HEARTH, "failover", Truth("meter-db", "database_failover"), decoy=True)
def leader_was_demoted_in_the_middle_of_the_day(r: Recording) -> None:
    recent_rollout(r, "embedder", "r205", at=-150)
    first, other = r.pods("meter-db")
    for at, pod, line in (
        (0.0, first, "ERROR: failed to update leader lock"),
        (0.4, first, "INFO: Demoting self (immediate-nolock)"),
        (1.0, first, "LOG:  received immediate shutdown request"),
        (11.0, other, "INFO: promoted self to leader by acquiring session lock"),
        (11.3, other, "LOG:  received promote request"),
        (13.5, other, "LOG:  database system is ready to accept connections"),
        (19.0, first, "INFO: no action. I am (meter-db-0), a secondary, and following a leader (meter-db-1)"),
    ):
        r.log(at, pod, line, "error" if "ERROR" in line else "info")
    r.logs(
        every(2, 12, 3),
        "usage-meter",
        "fail: Hearth.Metering.Recorder[9] Npgsql.NpgsqlException (0x80004005): Exception while reading from stream ---> System.IO.EndOfStreamException: Attempted to read past the end of the stream. {n}",
    )
    error = "Npgsql.PostgresException (0x80004005): 25006: cannot execute INSERT in a read-only transaction"
    broken(
        r,
        ("usage-meter", "meter-db"),
        error,
        since=14,
        error_type="25006",
        step=8,
        share=0.9,
        more={"db.system.name": "postgresql", "db.response.status_code": "25006"},
    )
    broken(
        r,
        ("istio-ingressgateway", "prompt-gateway", "usage-meter"),
        "Request failed with status code 500",
        since=15,
        error_type="500",
        status=500,
        step=23,
        share=0.3,
        outer=500,
    )
    r.logs(every(16, 240, 13), "usage-meter", f"fail: Microsoft.EntityFrameworkCore.Update[10000] {error}")
    r.alert(
        75, "PatroniFailover", "Cluster meter-db changed its leader from meter-db-0 to meter-db-1", scope="meter-db", namespace="hearth"
    )


@second(GABLE, "lock", Truth("mysql", "lock_contention"))
def change_of_a_table_waits_for_a_report(r: Recording) -> None:
    job = r.of("Job", "portal-migrate-20260811", "gable")
    r.normal(0, job, "SuccessfulCreate", "Created pod: portal-migrate-20260811-x8k2p", "job-controller")
    r.logs(
        every(30, 240, 30),
        "mysql",
        "2026-08-11T10:00:00.000000Z {n} [Note] [MY-010914] [Server] slow log: Query_time: 31.2 Lock_time: 31.1 state: Waiting for table metadata lock: ALTER TABLE `seats` ADD COLUMN `locale` varchar(8)",
        "warning",
    )
    for path, kind in (
        (("traefik", "portal", "mysql"), "ActiveRecord::LockWaitTimeout"),
        (("jobs", "mysql"), "ActiveRecord::LockWaitTimeout"),
    ):
        broken(
            r,
            path,
            "ActiveRecord::LockWaitTimeout: Trilogy::ProtocolError: 1205: Lock wait timeout exceeded; try restarting transaction",
            since=32,
            error_type=kind,
            step=11,
            share=0.5,
            slower=900,
            milliseconds=20_000,
            outer=500,
        )
    waiting(r, "portal", "mysql", 14_000, since=10, step=9)
    r.metric(70, r.pod("mysql"), "mysql.performance.threads_running", 204, 60)
    monitor(r, 110, "[gable] MySQL waits for metadata locks", "178 sessions, threshold 10", service="mysql", env="prod")
    r.burn(160, "portal")


@second(FREIGHT, "lock", Truth("geo-postgres", "lock_contention"), decoy=True)
def forgotten_session_holds_the_rows(r: Recording) -> None:
    unrelated_alert(r, "position-stream")
    for number, at in enumerate(every(3, 240, 12)):
        line = f"LOG:  process {2210 + 7 * number} still waiting for ShareLock on transaction 88120417 after 1000.{number:03d} ms"
        r.log(r.nearly(at), "geo-postgres", line, "warning")
        r.log(
            r.nearly(at + 0.1, 0.5),
            "geo-postgres",
            f"DETAIL:  Process holding the lock: 1987. Wait queue: {', '.join(str(2210 + 7 * each) for each in range(min(number + 1, 9)))}.",
            "warning",
        )
    timeout = "ERROR: canceling statement due to lock timeout (SQLSTATE 55P03)"
    broken(
        r,
        ("edge-proxy", "tracking-api", "geo-postgres"),
        timeout,
        since=9,
        error_type="55P03",
        step=9,
        share=0.4,
        slower=300,
        milliseconds=5_000,
        outer=500,
        more={"db.system.name": "postgresql", "db.response.status_code": "55P03"},
    )
    waiting(r, "tracking-api", "geo-postgres", 4_800, since=6, step=11)
    r.logs(every(10, 240, 14), "tracking-api", '{"time":"-","level":"ERROR","msg":"update of parcel TW{n} failed","err":"' + timeout + '"}')
    r.alert(
        110,
        "PostgresLongIdleInTransaction",
        "A session is idle in transaction for 14 minutes",
        datname="geo",
        service="geo-postgres",
        namespace="freight",
    )
    r.burn(180, "tracking-api", severity="warning")
