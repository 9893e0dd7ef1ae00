"""Passwords, files and settings that are no longer what a program was started with."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import old_crash_loop
from bench.unseen.events import every
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

SQL = {"db.system.name": "cockroachdb", "db.namespace": "payments"}
POSTGRES = {"db.system.name": "postgresql", "db.namespace": "grid"}


@fourth(TELLERS, "keys and files", Truth("balances", "credentials_rotated"))
def connections_outlive_the_password_they_were_opened_with(r: Recording) -> None:
    external = r.of("ExternalSecret", "balances-crdb", "payments")
    r.normal(-150, external, "Updated", "Updated Secret", "external-secrets")
    r.change(-150, r.of("Secret", "balances-crdb", "payments"), "data changed: password", "secret", ["password"])
    failing(
        r,
        ("haproxy-ingress", "channel-api", "balances"),
        'I/O error on GET request for "http://balances:8080/balances/DE89370400440532013000": Read timed out',
        since=4,
        until=120,
        step=24,
        share=0.2,
        slower=30,
        error_type="java.net.SocketTimeoutException",
        milliseconds=5_000,
        outer=504,
    )
    grafana(
        r, 70, "Balance tile empty in the app", "7.1% of sessions saw no balance", folder="mobile", severity="critical", team="channels"
    )
    for number, at in enumerate(every(20, 300, 21)):
        pod = r.pods("payments-crdb")[number % 3]
        r.log(
            r.nearly(at, 4),
            pod,
            'I260914 03:10:12.004411 71220 4@util/log/event_log.go:90 ⋮ [T1,Vsystem,n2,client=10.244.6.14:48112,hostssl,user=‹balances›] 210 ={"Timestamp":1789355412004,"EventType":"client_authentication_failed","Network":"tcp","Transport":"hostssl","Reason":"CREDENTIALS_INVALID","Detail":"password authentication failed for user ‹balances›","Method":"scram-sha-256"}',
            "info",
        )
    r.logs(
        every(95, 300, 15),
        "balances",
        '{"@timestamp":"-","level":"WARN","logger_name":"com.zaxxer.hikari.pool.HikariPool","message":"HikariPool-1 - Pool stats (total=3, active=3, idle=0, waiting={n})"}',
        "warning",
    )
    r.logs(
        every(125, 300, 19),
        "balances",
        '{"@timestamp":"-","level":"ERROR","logger_name":"o.h.engine.jdbc.spi.SqlExceptionHelper","message":"HikariPool-1 - Connection is not available, request timed out after 30001ms (total=0, active=0, idle=0, waiting={n})","stack_trace":"Caused by: org.postgresql.util.PSQLException: ERROR: password authentication failed for user balances"}',
        error_type="java.sql.SQLTransientConnectionException",
    )
    failing(
        r,
        ("haproxy-ingress", "channel-api", "balances", "payments-crdb"),
        "ERROR: password authentication failed for user balances",
        since=125,
        step=24,
        share=0.8,
        error_type="28P01",
        more=SQL,
        milliseconds=30_004,
        outer=503,
    )
    r.burn(260, "channel-api")


@fourth(GRID, "keys and files", Truth("rollup-worker", "missing_config"))
def nobody_misses_a_file_until_pods_move(r: Recording) -> None:
    r.change(-170, r.of("ConfigMap", "rollup-worker", "grid"), "deleted", "config", action="DELETED")
    r.objects.remove("ConfigMap", "rollup-worker", "grid")
    workload, old = GRID.workload("rollup-worker"), r.pods("rollup-worker")
    revision = r.of("ReplicaSet", old[0].name.rpartition("-")[0], "grid")
    for number, pod in enumerate(list(old)):
        at = 2.0 + 21 * number
        r.normal(at, pod, "Descheduled", "pod eviction from " + pod.node + " node by sigs.k8s.io/descheduler", "sigs.k8s.io/descheduler")
        r.gone(at + 0.5, pod, revision)
        new = r.new_replica(at + 1.1, workload, revision, 40 + number, starts=False)
        for times, after in enumerate((2.0, 6.0, 18.0, 50.0, 112.0, 200.0), start=3):
            said = 'MountVolume.SetUp failed for volume "config" : configmap "rollup-worker" not found'
            r.event(at + after, new, "FailedMount", said, count=times, since=at + 2)
        r.mark_unready(at + 1.2, new)
    r.silent["rollup-worker"] = 45
    unusual(r, 95, r.of("Service", "nats"), "nats_consumer_num_pending{stream_name=METERS,consumer_name=rollup}", 61_200, 0, 4_000)
    grafana(
        r,
        150,
        "Readings are late",
        "newest reading in TimescaleDB is 141s old (limit 90s)",
        folder="data-freshness",
        severity="critical",
        dataset="readings",
    )
    r.alert(
        190,
        "NatsConsumerPendingHigh",
        "Consumer rollup of stream METERS has 118402 pending messages",
        stream_name="METERS",
        consumer_name="rollup",
        namespace="grid",
    )
    r.logs(
        every(110, 300, 26),
        "flex-optimizer",
        "WARNING flex.horizon: newest reading of feeder F-{n} is older than 120 s, falling back to the profile of last week",
        "warning",
    )
    r.alert(
        285,
        "KubeDeploymentReplicasMismatch",
        "Deployment grid/rollup-worker has not matched the expected number of replicas for longer than 4 minutes.",
        deployment="rollup-worker",
        namespace="grid",
        pending="4m",
    )


@fourth(TELLERS, "settings", Truth("limits", "init_failure"))
def hotfix_changed_a_migration_that_had_run(r: Recording) -> None:
    image = TELLERS.workload("limits").image.replace("R26.09.1", "R26.09.2")
    pods = r.rollout(0, "limits", image=image, starts=False)
    said = "ERROR: Validate failed: Migrations have failed validation\nMigration checksum mismatch for migration version 42.1\n-> Applied to database : 1187340215\n-> Resolved locally    : -402118733\nEither revert the changes to the migration, or run repair to update the schema history."
    for pod in pods:
        r.objects.get("Pod", pod.name, "payments")["spec"]["initContainers"] = [
            {"name": "flyway", "image": "docker.io/flyway/flyway:10.22"}
        ]
        for number, at in enumerate((9.0, 24.0, 52.0, 101.0, 190.0), start=1):
            r.log(at - 0.5, pod, said, container="flyway")
            told = "container flyway terminated: Error, exit code 1"
            r.state(at, pod, "Error", told, container="flyway", exit_code=1, finishedAt=r.second(at))
            if number > 1:
                back_off = f"Back-off restarting failed container flyway in pod {pod.name}_payments({pod.uid})"
                r.event(at + 1, pod, "BackOff", back_off, count=number, since=25)
        wait = f"back-off 20s restarting failed container=flyway pod={pod.name}_payments({pod.uid})"
        r.waits(25.2, pod, "CrashLoopBackOff", wait, container="flyway", restarts=2)
        r.mark_unready(1, pod)
    r.silent["limits"] = 4
    r.no_endpoints(6, "limits")
    r.unavailable(7, "limits")
    refused = "io.vertx.core.impl.NoStackTraceThrowable: finishConnect(..) failed: Connection refused: limits/10.96.14.77:8080"
    failing(
        r,
        ("haproxy-ingress", "channel-api", "payment-orchestrator", "limits"),
        refused,
        since=8,
        error_type="java.net.ConnectException",
        milliseconds=4,
    )
    r.logs(
        every(9, 300, 17),
        "payment-orchestrator",
        '{"@timestamp":"-","level":"ERROR","logger_name":"c.c.p.orchestrator.flow.PaymentFlow","message":"step CHECK_LIMITS of E2E{n} failed, compensating","stack_trace":"feign.RetryableException: Connection refused executing POST http://limits:8080/limits/check"}',
        error_type="feign.RetryableException",
    )
    grafana(
        r,
        140,
        "Instant payments accepted",
        "0 payments accepted in 2m (usually 610)",
        folder="payments-slo",
        severity="critical",
        team="instant",
    )


@fourth(GRID, "settings", Truth("grid-pooler", "config_error"), decoy=True)
def pooler_was_told_of_a_database_host_that_is_not(r: Recording) -> None:
    old_crash_loop(r, "edge-simulator")
    r.change(-6, r.of("ConfigMap", "grid-pooler", "grid"), "data changed: pgbouncer.ini", "config", ["pgbouncer.ini"])
    for number, pod in enumerate(r.pods("grid-pooler")):
        r.log(40 + 7 * number, pod, "2026-11-08 02:11:40.310 UTC [1] LOG got SIGHUP, re-reading config", "info")
        for at in every(42 + 7 * number, 300, 21):
            r.log(
                r.nearly(at), pod, "2026-11-08 02:11:42.118 UTC [1] WARNING DNS lookup failed: grid-tsdb-rw.gird.svc: result=0", "warning"
            )
            r.log(
                r.nearly(at + 2),
                pod,
                f"2026-11-08 02:11:44.802 UTC [1] LOG C-0x55c1{int(at):04x}: grid/tariff@10.244.2.9:41122 closing because: server login has been failing, cached error: server DNS lookup failed (server_login_retry) (age=15s)",
                "info",
            )
    down = "FATAL: server login has been failing, cached error: server DNS lookup failed (server_login_retry) (SQLSTATE 08P01)"
    failing(
        r,
        ("envoy-grid-edge", "customer-api", "tariff", "grid-pooler"),
        down,
        since=41,
        error_type="08P01",
        more=POSTGRES,
        milliseconds=15_010,
    )
    failing(r, ("emqx", "device-auth", "grid-pooler"), down, since=46, step=34, error_type="08P01", more=POSTGRES, milliseconds=15_005)
    r.disturb("rollup-worker", "grid-pooler", 42, errors=1.0)
    r.logs(
        every(50, 300, 19),
        "emqx",
        "2026-11-08T02:12:01.440911+00:00 [error] clientid: meter-{n}, msg: authn_http_request_failed, tag: AUTHN, status_code: 500, provider: emqx_auth_http",
    )
    r.logs(
        every(44, 300, 23),
        "rollup-worker",
        '{"level":"ERROR","msg":"copy failed, batch goes back to the stream","err":"failed to connect to `user=rollup database=grid`: server error: FATAL: server login has been failing","batch":{n}}',
    )
    unusual(r, 105, r.of("Service", "emqx"), "emqx_authentication_failed_rate", 212, 0, 9, unit="1/s")
    grafana(r, 130, "Meters refused", "38% of CONNECTs were refused over 2m", folder="mqtt", severity="critical", listener="tcp:default")
    r.burn(220, "tariff")
