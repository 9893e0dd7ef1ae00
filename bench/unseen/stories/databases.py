"""Stores that are up and keep their callers waiting: locks, slow queries, connections that are all taken."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import old_crash_loop, recent_rollout, scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.more_applications import ML, TELEMETRY
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story


@story(BANK, "database", Truth("ledger", "pool_exhaustion"))
def pool_made_too_small(r: Recording) -> None:
    for number, pod in enumerate(r.rollout(0, "ledger", what="environment", names=("SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE",))):
        r.ready(18 + number, pod)
    waiting = "c.z.h.p.HikariPool : HikariPool-1 - Connection is not available, request timed out after 5002ms (total=2, active=2, idle=0, waiting=61)"
    r.logs(every(26, 220, 8), "ledger", waiting, error_type="java.sql.SQLTransientConnectionException")
    for at in every(27, 220, 18):
        r.span(
            r.nearly(at),
            "ledger",
            "",
            "GET /balances/{account}",
            error="Unable to acquire JDBC Connection [HikariPool-1 - Connection is not available, request timed out after 5002ms]",
            error_type="org.springframework.dao.DataAccessResourceFailureException",
            status=500,
            milliseconds=5_004,
            kind="server",
        )
    r.failures(
        every(28, 220, 13),
        ("istio-ingressgateway", "web-bff", "accounts", "ledger"),
        "HTTP 500 in GET /balances/{account}",
        error_type="500",
        status=500,
        milliseconds=5_008,
    )
    r.failures(
        every(33, 220, 27),
        ("web-bff", "transfers", "ledger"),
        "HTTP 500 in POST /entries",
        error_type="500",
        status=500,
        milliseconds=5_006,
    )
    r.disturb("accounts", "ledger", 24, errors=0.5, slower=150)
    r.disturb("transfers", "ledger", 24, errors=0.5, slower=120)
    r.burn(175, "accounts")


@story(BANK, "database", Truth("ledger-db", "lock_contention"), decoy=True)
def one_transaction_locks_a_table(r: Recording) -> None:
    recent_rollout(r, "web-bff", "2.30.5", at=-130)
    (database,) = r.pods("ledger-db")
    for number, at in enumerate(every(1, 210, 9)):
        backend = 4_100 + number
        r.log(
            r.nearly(at),
            database,
            f"LOG:  process {backend} still waiting for ShareLock on transaction 88120417 after 1000.071 ms",
            "warning",
        )
        if number % 3 == 0:
            r.log(
                at + 0.1, database, f"DETAIL:  Process holding the lock: 3977. Wait queue: {backend}, {backend + 1}, {backend + 5}.", "info"
            )
    r.logs(
        every(32, 210, 20),
        "ledger",
        'c.a.b.ledger.EntryWriter : org.postgresql.util.PSQLException: ERROR: canceling statement due to lock timeout Where: while updating tuple (4711,{n}) in relation "balance"',
        error_type="org.postgresql.util.PSQLException",
    )
    for at in every(6, 210, 14):
        r.slow(r.nearly(at), "ledger", "UPDATE balance", 9_800, 6, callee="ledger-db")
    r.failures(
        every(12, 210, 16),
        ("istio-ingressgateway", "web-bff", "transfers", "ledger"),
        "java.net.SocketTimeoutException: Read timed out",
        error_type="timeout",
        milliseconds=10_000,
        outer=504,
    )
    r.disturb("ledger", "ledger-db", errors=0.25, slower=600)
    r.disturb("transfers", "ledger", errors=0.5, slower=200)
    r.disturb("accounts", "ledger", errors=0.1, slower=60)
    r.burn(160, "transfers")


@story(SHOP, "database", Truth("catalog-mongo", "slow_service"))
def query_without_an_index(r: Recording) -> None:
    (mongo,) = r.pods("catalog-mongo")
    line = '{"t":{"$date":"2026-04-03T09:00:00.000+00:00"},"s":"I","c":"COMMAND","id":51803,"ctx":"conn{n}","msg":"Slow query","attr":{"type":"command","ns":"catalog.products","planSummary":"COLLSCAN","docsExamined":1840211,"nreturned":24,"durationMillis":6412}}'
    r.logs(every(0, 220, 7), "catalog-mongo", line, "warning")
    r.metric(12, mongo, "container_cpu_usage_ratio", 0.99, 0.9, intent="metric.cpu.high")
    for at in every(8, 220, 12):
        r.slow(r.nearly(at), "catalog", "find products", 6_500, 8, callee="catalog-mongo")
    r.failures(
        every(15, 220, 14),
        ("ingress-nginx-controller", "storefront", "catalog"),
        "timeout of 5000ms exceeded",
        error_type="ECONNABORTED",
        milliseconds=5_000,
        outer=504,
    )
    r.disturb("catalog", "catalog-mongo", errors=0.05, slower=700)
    r.disturb("storefront", "catalog", errors=0.5, slower=130)
    r.disturb("search", "catalog", errors=0.5, slower=140)
    r.burn(170, "storefront")


@story(SHOP, "database", Truth("cart-redis", "pool_exhaustion"), decoy=True)
def too_many_clients(r: Recording) -> None:
    scaled_elsewhere(r, "image-resizer", 4)
    (redis,) = r.pods("cart-redis")
    r.metric(-5, redis, "redis_connected_clients", 998, 900)
    error = "ReplyError: ERR max number of clients reached"
    r.failures(
        every(0, 200, 9), ("ingress-nginx-controller", "storefront", "cart", "cart-redis"), error, error_type="ReplyError", milliseconds=3
    )
    r.logs(
        every(1, 200, 13),
        "cart",
        "[ioredis] Unhandled error event: ReplyError: ERR max number of clients reached at parseError (/app/node_modules/redis-parser/lib/parser.js:179:12)",
    )
    r.failures(every(8, 200, 33), ("storefront", "checkout", "cart"), "HTTP 500 in GET /cart", error_type="500", status=500)
    for caller, callee in (("cart", "cart-redis"), ("storefront", "cart"), ("checkout", "cart")):
        r.disturb(caller, callee, errors=0.6)
    r.alert(130, "RedisTooManyConnections", "Redis has 1000 of 1000 clients", pod=redis.name, namespace="shopfront", pending="2m")
    r.burn(150, "cart")


@story(ML, "database", Truth("featurizer", "pool_exhaustion"))
def too_many_workers_for_the_database(r: Recording) -> None:
    for number, pod in enumerate(r.scale(0, "featurizer", 12)):
        r.ready(9 + number, pod)
    (database,) = r.pods("metadata-db")
    r.metric(18, database, "pg_stat_activity_count", 100, 90, intent="metric.connections.high")
    for at in every(14, 210, 7):
        user = "featurizer" if int(at) % 3 else "api"
        r.log(r.nearly(at), database, f"FATAL:  sorry, too many clients already (user={user}, host=10.244.3.{int(at) % 200})", "fatal")
    for at in every(20, 210, 60):
        r.log(r.nearly(at), database, "LOG:  connection statistics: 86 of 100 by role featurizer, 9 by role api, 2 by role lineage", "info")
    error = '(psycopg2.OperationalError) connection to server at "metadata-db" (10.96.44.4), port 5432 failed: FATAL: sorry, too many clients already'
    r.failures(every(15, 210, 13), ("portal", "api", "metadata-db"), error, error_type="psycopg2.OperationalError", milliseconds=8)
    r.failures(every(22, 210, 30), ("portal", "lineage", "metadata-db"), error, error_type="psycopg2.OperationalError", milliseconds=8)
    r.logs(
        every(16, 210, 19),
        "featurizer",
        "[ERROR/ForkPoolWorker-4] Task quarry.features.compute[{n}] raised unexpected: OperationalError('FATAL: sorry, too many clients already')",
        error_type="psycopg2.OperationalError",
    )
    for caller in ("api", "featurizer", "lineage"):
        r.disturb(caller, "metadata-db", 14, errors=0.4)
    r.disturb("portal", "api", 15, errors=0.3)
    r.burn(165, "api")


@story(TELEMETRY, "database", Truth("registry-sql", "slow_service"), decoy=True)
def database_starved_by_its_disk(r: Recording) -> None:
    old_crash_loop(r, "schema-explorer")
    (database,) = r.pods("registry-sql")
    for at in every(0, 200, 24):
        r.log(
            r.nearly(at),
            database,
            "SQL Server has encountered 118 occurrence(s) of I/O requests taking longer than 15 seconds to complete on file [/var/opt/mssql/data/registry.mdf] in database id 7.",
            "warning",
        )
    for at in every(6, 200, 13):
        r.slow(r.nearly(at), "device-registry", "SELECT devices", 15_200, 6, callee="registry-sql")
    timeout = "Microsoft.Data.SqlClient.SqlException (0x80131904): Execution Timeout Expired. The timeout period elapsed prior to completion of the operation or the server is not responding."
    r.failures(
        every(18, 200, 17),
        ("ingest-gateway", "device-registry", "registry-sql"),
        timeout,
        error_type="Microsoft.Data.SqlClient.SqlException",
        milliseconds=30_000,
    )
    r.failures(
        every(20, 200, 45),
        ("dashboard", "device-registry"),
        "The operation was canceled: TaskCanceledException after 10 s",
        error_type="timeout",
        milliseconds=10_000,
    )
    r.disturb("device-registry", "registry-sql", errors=0.3, slower=1_500)
    r.disturb("ingest-gateway", "device-registry", errors=0.4, slower=500)
    r.burn(150, "device-registry")
