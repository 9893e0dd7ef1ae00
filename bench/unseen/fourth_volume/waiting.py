"""Those who are up and keep everybody waiting."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, slow_calls, slow_serving, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

COCKROACH = {"db.system.name": "cockroachdb", "db.namespace": "payments"}
POSTGRES = {"db.system.name": "postgresql", "db.namespace": "grid"}


@fourth(TELLERS, "waiting", Truth("payments-crdb", "lock_contention"), decoy=True)
def correction_of_a_year_of_bookings_in_one_transaction(r: Recording) -> None:
    recent_rollout(r, "statement-writer", "R26.09.2", at=-150)
    slow_calls(r, "payment-orchestrator", "payments-crdb", 6_400, since=4, step=15, errors=0.2)
    slow_calls(r, "balances", "payments-crdb", 2_200, since=9, step=26)
    retry = 'ERROR: restart transaction: TransactionRetryWithProtoRefreshError: TransactionRetryError: retry txn (RETRY_SERIALIZABLE - failed preemptive refresh due to conflicting locks on ‹/Table/114/1/"DE89370400440532013000"/0› [reason=wait_policy])'
    failing(
        r,
        ("haproxy-ingress", "channel-api", "payment-orchestrator", "payments-crdb"),
        retry,
        since=14,
        step=19,
        share=0.35,
        error_type="40001",
        more=COCKROACH,
        milliseconds=7_900,
        slower=50,
    )
    r.logs(
        every(12, 300, 15),
        "payment-orchestrator",
        '{"@timestamp":"-","level":"WARN","logger_name":"c.c.p.orchestrator.db.RetryingTransactions","message":"attempt 5 of 5 for E2E{n} failed: ERROR: restart transaction: TransactionRetryWithProtoRefreshError (SQLState: 40001)"}',
        "warning",
        error_type="org.springframework.dao.CannotAcquireLockException",
    )
    grafana(
        r,
        95,
        "Instant payments p99",
        "p99 of POST /v1/payments is 8.1s (limit 1.5s)",
        folder="payments-slo",
        team="instant",
        severity="critical",
    )
    for number, at in enumerate(every(70, 300, 31)):
        pod = r.pods("payments-crdb")[number % 3]
        r.log(
            r.nearly(at),
            pod,
            'W260914 03:12:10.330184 88211 kv/kvserver/concurrency/concurrency_manager.go:611 ⋮ [T1,n2,s2,r114/2:‹/Table/114/1{-/"DE9"}›] 421  request has been waiting 41.2s on lock held by txn 8f1c02aa key=‹/Table/114/1/"DE89"/0› isoLevel=Serializable pri=0.00 meta={id=8f1c02aa dur=211.8s}',
            "warning",
        )
    r.log(
        212,
        r.pod("payments-crdb"),
        'I260914 03:14:32.008811 411 10@util/log/event_log.go:90 ⋮ [T1,n1,client=10.244.3.2:51100,hostssl,user=‹ops_fix›] 988 ={"EventType":"slow_query","Statement":"UPDATE postings SET booking_text = ‹_› WHERE value_date >= ‹_›","ApplicationName":"psql","Age":211804.2,"NumRows":0}',
        "warning",
    )
    unusual(r, 120, r.of("Service", "payments-crdb"), "sql_txn_contended_count_rate", 311, 0, 14, unit="1/s")
    r.alert(250, "HighTxnContention", "41% of transactions of payments-crdb are retried", namespace="payments", cluster="payments-crdb")


@fourth(GRID, "waiting", Truth("grid-pooler", "pool_exhaustion"))
def solver_thinks_with_its_transactions_open(r: Recording) -> None:
    pooler = r.pods("grid-pooler")
    slow_calls(r, "tariff", "grid-pooler", 8_300, since=6, step=18, errors=0.2)
    slow_calls(r, "device-auth", "grid-pooler", 7_100, since=11, step=29, errors=0.2)
    waited = "FATAL: query_wait_timeout (SQLSTATE 08P01)"
    failing(
        r,
        ("envoy-grid-edge", "customer-api", "tariff", "grid-pooler"),
        waited,
        since=128,
        step=19,
        share=0.5,
        error_type="08P01",
        more=POSTGRES,
        milliseconds=120_000,
    )
    failing(
        r,
        ("envoy-grid-edge", "customer-api", "tariff"),
        'status: DeadlineExceeded, message: "Timeout expired"',
        since=16,
        until=126,
        step=17,
        share=0.5,
        error_type="DEADLINE_EXCEEDED",
        milliseconds=3_000,
        outer=504,
        more={"rpc.system": "grpc", "rpc.grpc.status_code": 4},
    )
    failing(r, ("emqx", "device-auth"), "{error,timeout}", since=20, step=31, share=0.4, error_type="timeout", milliseconds=5_000)
    for number, at in enumerate((32.0, 92.0, 152.0, 212.0, 272.0)):
        r.log(
            at,
            pooler[number % 2],
            f"2026-11-08 02:12:{int(at) % 60:02d}.004 UTC [1] LOG stats: {61 - 9 * number} xacts/s, 70 queries/s, in 41021 B/s, out 66001 B/s, xact 8100211 us, query 3300 us, wait {4_100_000 + 900_000 * number} us",
            "info",
        )
    for at in every(130, 300, 14):
        r.log(
            r.nearly(at),
            pooler[int(at) % 2],
            f"2026-11-08 02:13:10.118 UTC [1] LOG C-0x5603a{int(at)}: grid/tariff@10.244.2.9:4{int(at) + 1200} closing because: query_wait_timeout (age=120s)",
            "warning",
        )
    r.logs(
        every(21, 300, 24),
        "emqx",
        "2026-11-08T02:11:21.440911+00:00 [error] clientid: meter-{n}, msg: authn_http_request_failed, reason: timeout, tag: AUTHN, provider: emqx_auth_http",
    )
    grafana(r, 110, "Quotes are slow", "p95 of tariff.v1.Tariff/Quote is 3.0s (limit 250ms)", folder="pricing", product="tariff")
    r.alert(
        180,
        "PgBouncerClientsWaiting",
        "118 clients of database grid wait for a server connection, pool of 40 is in use",
        namespace="grid",
        database="grid",
        service="grid-pooler",
        pending="2m",
    )
    r.alert(
        240,
        "PostgresIdleInTransaction",
        "36 sessions of user flex are idle in transaction for more than 60s",
        namespace="grid",
        datname="grid",
        usename="flex",
    )


@fourth(TELLERS, "slowness", Truth("sanctions-screening", "slow_service"))
def heap_is_too_full_to_do_anything_but_collect(r: Recording) -> None:
    path = ("haproxy-ingress", "channel-api", "payment-orchestrator", "sanctions-screening")
    slow_serving(r, "payment-orchestrator", "sanctions-screening", 6_900, since=3, step=14)
    slow_calls(r, "channel-api", "payment-orchestrator", 7_400, since=5, step=33)
    failing(
        r,
        path,
        "feign.RetryableException: Read timed out executing POST http://sanctions-screening:8080/screen",
        since=25,
        step=24,
        share=0.4,
        slower=60,
        error_type="java.net.SocketTimeoutException",
        milliseconds=10_000,
        outer=504,
    )
    r.logs(
        every(8, 300, 16),
        "haproxy-ingress",
        '10.244.9.1:{n} [14/Sep/2026:03:12:09.551] https~ payments_channel-api_8080/SRV_3 0/0/1/-1/30002 504 194 - - sH-- 611/598/402/130/0 0/0 "POST https://pay.corvid.example/v1/payments HTTP/2.0"',
        "warning",
    )
    grafana(
        r,
        70,
        "Instant payments p99",
        "p99 of POST /v1/payments is 11.4s (limit 1.5s)",
        folder="payments-slo",
        team="instant",
        severity="critical",
    )
    for number, pod in enumerate(r.pods("sanctions-screening")):
        for times, at in enumerate(every(115 + 6 * number, 300, 34)):
            r.log(
                at,
                pod,
                f"[{81_200 + int(at)}.104s][info][gc] GC({4_110 + times}) Pause Full (G1 Compaction Pause) 6101M->{5_871 + 7 * times}M(6144M) 8{int(at)}.118ms",
                "info",
            )
        for at in every(150 + 9 * number, 300, 55):
            r.event(
                r.nearly(at),
                pod,
                "Unhealthy",
                f'Readiness probe failed: Get "http://{pod.address}:8080/q/health/ready": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
                count=int(at) // 30,
                since=150,
            )
    unusual(r, 140, r.pod("sanctions-screening"), "jvm_gc_pause_seconds_sum_rate", 0.91, 0, 0.03)
    r.burn(180, "payment-orchestrator")
    r.alert(
        265,
        "JvmGcOverhead",
        "JVM spends 91% of its time on collecting garbage",
        namespace="payments",
        service="sanctions-screening",
        pending="2m",
    )


@fourth(GRID, "slowness", Truth("device-shadow", "cpu_throttling"))
def somebody_trusted_the_recommended_limit(r: Recording) -> None:
    for number, pod in enumerate(r.rollout(-3, "device-shadow", what="resources", names=("limits.cpu", "requests.cpu"))):
        r.objects.get("Pod", pod.name, "grid")["spec"]["containers"][0]["resources"]["limits"]["cpu"] = "120m"
        r.ready(9.0 + number, pod)
        r.metric(75.0 + 4 * number, pod, "container_cpu_cfs_throttled_periods_ratio", 0.93, 0.25, intent="metric.cpu.throttled")
    slow_serving(r, "customer-api", "device-shadow", 940, since=12, step=15)
    slow_serving(r, "charge-control", "device-shadow", 1_020, since=16, step=27)
    failing(
        r,
        ("envoy-grid-edge", "customer-api", "device-shadow"),
        "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
        since=24,
        step=21,
        share=0.3,
        error_type="DEADLINE_EXCEEDED",
        milliseconds=2_000,
        outer=504,
        more={"rpc.system": "grpc", "rpc.grpc.status_code": 4},
    )
    r.logs(
        every(26, 300, 19),
        "charge-control",
        '{"level":"warn","station":"ST-{n}","error":"rpc error: code = DeadlineExceeded desc = context deadline exceeded","message":"state not written, station repeats it","time":"-"}',
        "warning",
    )
    grafana(r, 100, "App is slow", "p95 of SiteOverview is 2.6s (limit 600ms)", folder="customer", product="app")
    pod = r.pod("device-shadow")
    r.alert(
        280,
        "CPUThrottlingHigh",
        f"93.12% throttling of CPU in namespace grid for container device-shadow in pod {pod.name}.",
        severity="info",
        pending="4m",
        namespace="grid",
        pod=pod.name,
        container="device-shadow",
    )
