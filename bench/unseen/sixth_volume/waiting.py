"""Programs that wait: for another, for a lock, for a connection."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.press import PRESS
from bench.unseen.sixth_volume.telling import END, access, drag, grafana, quarkus, sixth, trace_fails, traces_fail, waits_for
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(CARDS, "waiting", Truth("risk-rules", "slow_service"), decoy=True)
def rule_with_a_pattern_that_backtracks(r: Recording) -> None:
    """An analyst's new rule takes seconds for names of merchants with many spaces."""
    recent_rollout(r, "merchant-api", "7.18.4", at=-130)
    drag(r, ("terminal-gateway", "auth-router", "risk-rules"), 6_200, since=4, step=9)
    blocked = "Thread Thread[#71,vert.x-worker-thread-9,5,main] has been blocked for 61208 ms, time limit is 60000 ms"
    stack = "io.vertx.core.VertxException: Thread blocked\n\tat java.base/java.util.regex.Pattern$Loop.match(Pattern.java:5154)\n\tat java.base/java.util.regex.Pattern$GroupTail.match(Pattern.java:5000)\n\tat net.tollgate.risk.rules.MerchantName.matches(MerchantName.java:29)"
    for number, pod in enumerate(r.pods("risk-rules")):
        for at in every(66 + 5 * number, END, 43):
            r.log(r.nearly(at), pod, quarkus("io.vertx.core.impl.BlockedThreadChecker", blocked, stack, level="WARN"), "warning")
        r.metric(52 + 6 * number, pod, "process_cpu_usage", 0.98, 0.8, intent="metric.cpu.high")
    traces_fail(
        r,
        ("terminal-gateway", "auth-router", "risk-rules"),
        "The timeout period of 3000ms has been exceeded while executing POST /decisions for server risk-rules:8080",
        since=6,
        step=13,
        share=0.6,
        slower=120,
        kind="java.util.concurrent.TimeoutException",
        milliseconds=3_000,
        outer=504,
    )
    access(
        r, every(8, END, 21), "auth-router", "risk-rules", status=0, flags="DC", details="downstream_remote_disconnect", milliseconds=3_001
    )
    r.alert(
        92,
        "AuthorisationLatencyHigh",
        "99th percentile of authorisations is 3.4 s",
        severity="critical",
        service="terminal-gateway",
        namespace="acquiring",
        pending="1m",
    )


@sixth(PRESS, "waiting", Truth("mariadb", "lock_contention"), decoy=True)
def table_is_altered_behind_a_long_query(r: Recording) -> None:
    """Somebody alters the table of articles; it waits for a report, and everybody else waits for it."""
    recent_rollout(r, "paywall", "2026-09-08", at=-88)
    r.metric(9, r.pod("mariadb"), "mysql_global_status_threads_running", 188, 40)
    r.logs(
        every(31, END, 26),
        "mariadb",
        "[Note] 172 threads are in state 'Waiting for table metadata lock' (processlist: ALTER TABLE article ADD INDEX embargo_until, 1 waiting; SELECT article, 171 waiting)",
        "warning",
    )
    waits_for(r, "site", "mariadb", 14_000, since=3, step=9)
    waits_for(r, "newsdesk", "mariadb", 21_000, since=5, step=16)
    timeout = "SQLSTATE[HY000]: General error: 1205 Lock wait timeout exceeded; try restarting transaction"
    traces_fail(
        r,
        ("haproxy-ingress", "varnish", "site", "mariadb"),
        timeout,
        passed_on=0.4,
        since=35,
        step=13,
        share=0.5,
        slower=80,
        kind="Doctrine\\DBAL\\Exception\\LockWaitTimeoutException",
        milliseconds=30_001,
        outer=503,
    )
    r.logs(
        every(36, END, 19),
        "newsdesk",
        "E, [2026-09-08T10:00:00.000000 #1] ERROR -- : [{n}] ActiveRecord::LockWaitTimeout (Trilogy::ProtocolError: 1205: Lock wait timeout exceeded; try restarting transaction)",
    )
    r.logs(
        every(50, END, 33),
        "site",
        "WARNING: [pool www] server reached pm.max_children setting (40), consider raising it",
        "warning",
    )
    grafana(r, 80, "5xx of www", "ratio=0.31", team="readers", severity="critical")


@sixth(WATER, "waiting", Truth("usage-api", "pool_exhaustion"))
def exports_keep_their_connections(r: Recording) -> None:
    """Customers fetch their year as a file, and each download holds a connection until its end."""
    r.logs(
        every(-10, 40, 9),
        "usage-api",
        '2026-12-08 10:00:00,000 INFO uvicorn.access 10.244.7.21:{n} - "GET /v1/usage/export?format=csv&days=366 HTTP/1.1" 200',
        "info",
    )
    error = "QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00 (Background on this error at: https://sqlalche.me/e/20/3o7r)"
    traces_fail(
        r,
        ("kong", "customer-portal", "usage-api"),
        "500 Internal Server Error",
        since=32,
        step=10,
        share=0.8,
        slower=300,
        status=500,
        kind="500",
        milliseconds=30_010,
    )
    r.logs(
        every(32, END, 11),
        "usage-api",
        '2026-12-08 10:00:00,000 ERROR uvicorn.error Exception in ASGI application\nTraceback (most recent call last):\n  File "/app/usage_api/readings.py", line 88, in usage\n    async with session.begin():\nsqlalchemy.exc.TimeoutError: '
        + error,
        error_type="sqlalchemy.exc.TimeoutError",
    )
    waits_for(r, "customer-portal", "usage-api", 27_000, since=18, step=15)
    r.logs(
        every(45, END, 23),
        "customer-portal",
        "2026-12-08 10:00:00,000 ERROR portal.views meter page for {n}: httpx.HTTPStatusError: Server error '500 Internal Server Error' for url 'http://usage-api:8000/v1/usage'",
    )
    for number, pod in enumerate(r.pods("usage-api")):
        r.event(
            90 + 7 * number,
            pod,
            "Unhealthy",
            f'Readiness probe failed: Get "http://{pod.address}:8000/livez": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
            count=2,
        )


@sixth(CARDS, "waiting", Truth("merchant-api", "pool_exhaustion"))
def connections_leak_where_an_error_is_caught(r: Recording) -> None:
    """A report leaves its connection open on an error path; after a busy hour none is left."""
    pool = "HikariPool-1 - Connection is not available, request timed out after 30000ms (total=10, active=10, idle=0, waiting={n})"
    thrown = (
        "java.sql.SQLTransientConnectionException: "
        + pool
        + "\n\tat com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:709)\n\tat net.tollgate.merchant.Payments.list(Payments.java:77)"
    )
    r.logs(
        every(-60, 10, 23),
        "merchant-api",
        "2026-10-13T10:00:00.000Z  WARN 1 --- [l-1 housekeeper] com.zaxxer.hikari.pool.ProxyLeakTask : Connection leak detection triggered for oracle.jdbc.driver.T4CConnection@3f{n} on thread nio-8080-exec-3, stack trace follows\njava.lang.Exception: Apparent connection leak detected\n\tat net.tollgate.merchant.Reports.monthly(Reports.java:142)",
        "warning",
    )
    r.logs(
        every(31, END, 12),
        "merchant-api",
        "2026-10-13T10:00:00.000Z ERROR 1 --- [nio-8080-exec-7] o.a.c.c.C.[.[.[/].[dispatcherServlet] : Servlet.service() threw exception\n"
        + thrown,
        error_type="java.sql.SQLTransientConnectionException",
    )
    for at in every(30, END, 11):
        moment = r.nearly(at)
        said = {"exception.type": "java.sql.SQLTransientConnectionException", "http.response.status_code": 500}
        error = pool.replace("{n}", str(r.random.randrange(20, 60)))
        r.span(
            moment,
            "merchant-api",
            "",
            "GET /v1/merchants/{id}/payments",
            error=error,
            error_type="500",
            status=500,
            kind="server",
            milliseconds=30_004,
            more=said,
        )
        trace_fails(r, moment + 0.2, ("istio-ingressgateway", "merchant-api"), "504", status=504, kind="504", milliseconds=15_000)
    r.disturb("istio-ingressgateway", "merchant-api", 20, errors=0.9, slower=240)
    access(
        r,
        every(16, END, 18),
        "istio-ingressgateway",
        "merchant-api",
        status=504,
        flags="UT",
        details="response_timeout",
        milliseconds=15_000,
    )
    for number, pod in enumerate(r.pods("merchant-api")):
        r.metric(33 + 4 * number, pod, "hikaricp_connections_pending", 38 + number, 5)
    r.alert(
        150,
        "MerchantPortalErrors",
        "88% of requests of merchants answered 5xx",
        severity="critical",
        service="merchant-api",
        namespace="acquiring",
        pending="2m",
    )
