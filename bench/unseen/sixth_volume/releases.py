"""Releases with a fault of their own."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import scaled_elsewhere, unrelated_alert
from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.press import PRESS, REGISTRY
from bench.unseen.sixth_volume.telling import END, all_ready, drag, grafana, readings_are_stale, sixth, trace_fails, traces_fail
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(CARDS, "releases", Truth("terminal-gateway", "bad_rollout"), decoy=True)
def reversal_without_its_original_ends_the_program(r: Recording) -> None:
    """A new gateway follows a nil pointer whenever a reversal names a payment that it has not seen."""
    unrelated_alert(r, "bin-cache", at=-30)
    pods = r.rollout(0, "terminal-gateway", image=CARDS.workload("terminal-gateway").image.replace("7.18.2", "7.20.0"))
    all_ready(r, pods, 9)
    panic = "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x8b1c42]\n\ngoroutine 48213 [running]:\ngithub.example/tollgate/terminal-gateway/iso8583.(*Reversal).Original(...)\n\t/src/iso8583/reversal.go:57\ngithub.example/tollgate/terminal-gateway/session.(*Session).handle(0xc0009a4000, {0xc000e12000, 0x91, 0x1000})\n\t/src/session/session.go:212 +0x3a2"
    for number, pod in enumerate(pods):
        for restarts, at in enumerate((31.0 + 13 * number, 96.0 + 17 * number, 176.0 + 11 * number), start=1):
            r.log(at - 0.2, pod, panic, "fatal")
            r.ended(at, pod, "Error", 2, restarts=restarts)
            r.unready(at + 0.4, pod)
            if restarts > 1:
                r.event(
                    at + 1.1,
                    pod,
                    "BackOff",
                    f"Back-off restarting failed container terminal-gateway in pod {pod.name}_{pod.namespace}({pod.uid})",
                    count=restarts,
                )
            r.normal(at + 11 * restarts, pod, "Started", "Started container terminal-gateway")
            r.ready(at + 11 * restarts + 3, pod)
    r.disturb("terminal-gateway", "auth-router", 40, errors=0.03)
    for at in (48.0, 110.0, 150.0, 205.0):
        trace_fails(r, at, ("terminal-gateway", "auth-router"), "context canceled", kind="context.Canceled", milliseconds=40)
    r.logs(
        every(33, END, 19),
        "terminal-gateway",
        '{"level":"warn","ts":"2026-10-13T10:00:00.000Z","logger":"session","msg":"host reconnected","terminal":"T{n}","resend":true}',
        "warning",
    )
    r.alert(
        104,
        "TerminalsDisconnected",
        "31% of terminals lost their session in 5m",
        severity="critical",
        service="terminal-gateway",
        namespace="acquiring",
        pending="1m",
    )
    r.alert(
        231,
        "KubePodCrashLooping",
        f'Pod acquiring/{pods[0].name} (terminal-gateway) is in waiting state (reason: "CrashLoopBackOff") on cluster dc1.',
        pod=pods[0].name,
        namespace="acquiring",
        container="terminal-gateway",
    )


@sixth(PRESS, "releases", Truth("site", "bad_rollout"), decoy=True)
def articles_without_a_section_are_not_shown(r: Recording) -> None:
    """A template of a new release asks the section of an article for its path; old articles have none."""
    scaled_elsewhere(r, "image-proxy", 3, at=-120)
    pods = r.rollout(0, "site", image=f"{REGISTRY}/site:2026-09-08.2")
    all_ready(r, pods, 8)
    line = '[2026-09-08T10:00:00.000000+00:00] request.CRITICAL: Uncaught PHP Exception Error: "Call to a member function getSlug() on null" at ArticlePath.php line 44 {"exception":"[object] (Error(code: 0): Call to a member function getSlug() on null at /app/src/Routing/ArticlePath.php:44)"} []'
    r.logs(every(12, END, 8), "site", line, "error", error_type="Error")
    traces_fail(
        r,
        ("haproxy-ingress", "varnish", "site"),
        "500 Internal Server Error",
        passed_on=0.6,
        since=13,
        status=500,
        kind="500",
        step=12,
        share=0.4,
        outer=500,
    )
    for at in every(16, END, 37):
        trace = f"{round(at * 7_919):032x}"
        r.span(
            at,
            "site",
            "",
            "GET /{section}/{slug}",
            error="Call to a member function getSlug() on null",
            error_type="Error",
            kind="server",
            milliseconds=21,
            trace=trace,
            more={"code.filepath": "/app/src/Routing/ArticlePath.php", "http.response.status_code": 500},
        )
    r.logs(
        every(20, END, 21),
        "varnish",
        '10.244.8.3 - - "GET http://www.inkwell.example/archive/{n} HTTP/1.1" 500 2211 "-" "Mozilla/5.0" pass',
        "warning",
    )
    grafana(r, 150, "5xx of www", "ratio=0.38", team="readers", severity="critical")


@sixth(WATER, "releases", Truth("usage-api", "bad_rollout"))
def each_hour_is_asked_for_alone(r: Recording) -> None:
    """A new endpoint asks the database once for each hour of a year, where one question was enough."""
    pods = r.rollout(0, "usage-api", image=WATER.workload("usage-api").image.replace("0.61.0", "0.62.0"))
    all_ready(r, pods, 7)
    drag(r, ("kong", "customer-portal", "usage-api"), 7_400, since=11, step=9)
    for at in every(15, END, 12):
        for number in range(3):
            r.span(
                at + number / 20,
                "usage-api",
                "timescale",
                "SELECT reading_hourly",
                milliseconds=17,
                callee_attribute="server.address",
                more={
                    "db.system.name": "postgresql",
                    "db.query.text": "SELECT volume FROM reading_hourly WHERE meter_id = $1 AND hour = $2",
                },
            )
    r.disturb("usage-api", "timescale", 10, errors=0.0, slower=1.4)
    r.metric(40, r.pod("timescale"), "pg_stat_database_xact_commit_rate", 41_200, 9_000)
    for number, pod in enumerate(r.pods("usage-api")):
        r.metric(58 + 9 * number, pod, "http_requests_in_progress", 64, 20)
    r.logs(
        every(40, END, 15),
        "customer-portal",
        "2026-12-08 10:00:00,000 ERROR portal.views meter page for {n}: httpx.ReadTimeout: The read operation timed out",
    )
    r.alert(188, "PortalSlow", "p95 of meter pages is 9.8 s", team="portal", service="customer-portal")


@sixth(WATER, "releases", Truth("frame-decoder", "bad_rollout"))
def volumes_are_read_as_signed(r: Recording) -> None:
    """A decoder reads the upper bit of a volume as its sign, which nothing minds until the database does."""
    pods = r.rollout(0, "frame-decoder", image=WATER.workload("frame-decoder").image.replace("0.61.0", "0.61.2"))
    all_ready(r, pods, 5)
    for at in every(8, END, 22):
        r.logs(
            (at,),
            "frame-decoder",
            "2026-12-08T10:00:00.000000Z  INFO frame_decoder::batch: decoded frames=512 lag_ms={n} min_volume=-2147481.1",
            "info",
        )
    refused = 'org.postgresql.util.PSQLException: ERROR: new row for relation "_hyper_1_402_chunk" violates check constraint "reading_volume_check"\n  Detail: Failing row contains (881204, -2147481.104, 0.61.2).\n\tat org.postgresql.core.v3.QueryExecutorImpl.receiveErrorResponse(QueryExecutorImpl.java:2733)\n\tat net.rill.jobs.TimescaleSink.flush(TimescaleSink.java:96)'
    for at in every(14, END, 18):
        r.logs(
            (at,),
            "flink-taskmanager",
            "2026-12-08 10:00:00,000 WARN  org.apache.flink.runtime.taskmanager.Task [] - Sink: timescale (3/9)#{n} switched from RUNNING to FAILED with failure cause:\n"
            + refused,
            error_type="org.postgresql.util.PSQLException",
        )
        r.log(
            at + 0.6,
            "flink-jobmanager",
            "2026-12-08 10:00:00,000 INFO  org.apache.flink.runtime.executiongraph.ExecutionGraph [] - Job readings-to-timescale (5f0c77d2a9e8416bb1) switched from state RUNNING to RESTARTING.",
            "info",
        )
    r.logs(
        every(14, END, 21),
        "timescale",
        '2026-12-08 10:00:00.000 UTC [{n}] ERROR:  new row for relation "_hyper_1_402_chunk" violates check constraint "reading_volume_check"',
    )
    traces_fail(
        r,
        ("flink-taskmanager", "timescale"),
        'ERROR: new row for relation "_hyper_1_402_chunk" violates check constraint "reading_volume_check"',
        since=14,
        step=20,
        share=0.6,
        kind="23514",
        more={"db.system.name": "postgresql"},
    )
    r.logs(
        every(35, END, 17),
        "leak-detector",
        "2026-12-08 10:00:00,000 WARNING leak_detector.windows flow of street segment {n} is negative, ignored",
        "warning",
    )
    readings_are_stale(r, every(85, END, 41), 6, 225)
