"""More work than there is power for, or less power than there was."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import nightly_job
from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.press import PRESS
from bench.unseen.sixth_volume.telling import END, access, all_ready, drag, grafana, sixth, traces_fail, waits_for
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(CARDS, "load", Truth("auth-router", "cpu_throttling"))
def limit_in_thousandths_that_was_meant_in_cores(r: Recording) -> None:
    """Limits were brought into order for all apps, and one that needs two cores has four tenths of one."""
    pods = r.rollout(0, "auth-router", what="resources", names=("containers.auth-router.resources.limits.cpu",))
    all_ready(r, pods, 41)
    for number, pod in enumerate(pods):
        r.objects.get("Pod", pod.name)["spec"]["containers"][0]["resources"]["limits"]["cpu"] = "400m"
        r.metric(
            58 + 4 * number, pod, "container_cpu_cfs_throttled_periods_ratio", 0.88 + number / 100, 0.25, intent="metric.cpu.throttled"
        )
        r.event(
            96 + 7 * number,
            pod,
            "Unhealthy",
            f'Readiness probe failed: Get "http://{pod.address}:15020/app-health/auth-router/readyz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
            count=2,
        )
    drag(r, ("terminal-gateway", "auth-router"), 3_300, since=44, step=8)
    access(r, every(50, END, 17), "terminal-gateway", "auth-router", status=504, flags="UT", details="response_timeout", milliseconds=5_000)
    traces_fail(
        r,
        ("terminal-gateway", "auth-router"),
        "context deadline exceeded",
        since=48,
        step=26,
        share=0.3,
        slower=30,
        kind="context.DeadlineExceeded",
        milliseconds=5_000,
    )
    r.alert(
        120,
        "AuthorisationLatencyHigh",
        "99th percentile of authorisations is 5.0 s",
        severity="critical",
        service="terminal-gateway",
        namespace="acquiring",
        pending="1m",
    )
    r.alert(
        243,
        "CPUThrottlingHigh",
        f"88.2% throttling of CPU in namespace acquiring for container auth-router in pod {pods[0].name}.",
        severity="info",
        pod=pods[0].name,
        namespace="acquiring",
        container="auth-router",
        pending="3m",
    )


@sixth(CARDS, "load", Truth("terminal-gateway", "retry_storm"), decoy=True)
def gateway_asks_again_before_it_can_have_an_answer(r: Recording) -> None:
    """A setting has each message sent again after 90 ms, up to eight times; an answer usually takes 110."""
    nightly_job(r, "settlement-cut", at=-55)
    r.change(0, r.of("ConfigMap", "terminal-gateway-config"), "data changed: gateway.yaml", "config", ("gateway.yaml",))
    r.logs(
        (7.0, 7.6, 8.1, 9.0),
        "terminal-gateway",
        '{"level":"info","ts":"2026-10-13T10:00:00.000Z","logger":"config","msg":"reloaded gateway.yaml","upstream.timeout":"90ms","upstream.attempts":8,"generation":{n}}',
        "info",
    )
    r.metric(34, r.of("Service", "auth-router"), "istio_requests_rate", 9_640, 2_000, intent="metric.traffic.high")
    r.logs(
        every(12, END, 10),
        "terminal-gateway",
        '{"level":"warn","ts":"2026-10-13T10:00:00.000Z","logger":"upstream","msg":"no answer in 90ms, sending again","attempt":7,"stan":{n}}',
        "warning",
    )
    drag(r, ("terminal-gateway", "auth-router"), 1_900, since=20, step=12)
    traces_fail(
        r,
        ("terminal-gateway", "auth-router"),
        "context deadline exceeded",
        since=11,
        step=13,
        share=0.85,
        slower=6,
        kind="context.DeadlineExceeded",
        milliseconds=90,
    )
    access(r, every(26, END, 19), "auth-router", "limit-keeper", status=503, flags="UO", details="overflow", milliseconds=0)
    for number, pod in enumerate(r.pods("auth-router")):
        r.metric(60 + 5 * number, pod, "container_cpu_usage_ratio", 0.99, 0.8, intent="metric.cpu.high")
    r.alert(
        118,
        "AuthorisationLatencyHigh",
        "99th percentile of authorisations is 2.7 s",
        severity="critical",
        service="auth-router",
        namespace="acquiring",
        pending="1m",
    )
    r.alert(
        190,
        "DuplicateAuthorisations",
        "64% of authorisations were seen before",
        severity="critical",
        service="auth-router",
        namespace="acquiring",
    )


@sixth(PRESS, "load", Truth("search-indexer", "queue_backlog"))
def archive_is_indexed_anew_at_noon(r: Recording) -> None:
    """An editor asks for the archive to be indexed again; the two readers of the queue need hours for it, and news waits behind."""
    r.log(-6, "newsdesk", "I, [2026-09-08T10:00:00.000000 #1]  INFO -- : [Reindex] enqueued 318204 articles to article.published", "info")
    for number, at in enumerate((10.0, 75.0, 140.0, 205.0)):
        r.metric(at, r.pod("rabbitmq"), "rabbitmq_queue_messages_ready{queue=article.published}", 317_900 - 2_400 * number, 200)
    for number, pod in enumerate(r.pods("search-indexer")):
        r.metric(28 + 6 * number, pod, "container_cpu_usage_ratio", 0.99, 0.85, intent="metric.cpu.high")
    for at in every(14, END, 15):
        r.slow(r.nearly(at), "search-indexer", "article.published process", 12_900 * r.random.uniform(0.8, 1.2), 180)
    r.logs(
        every(12, END, 14),
        "search-indexer",
        "I, [2026-09-08T10:00:00.000000 #1]  INFO -- : bulk of 500 articles in 12.9s, age of oldest message {n}s",
        "info",
    )
    r.disturb("search-indexer", "elasticsearch", 12, errors=0.0, slower=1.6)
    r.logs(
        every(40, END, 24),
        "rabbitmq",
        "[info] <0.{n}.0> queue 'article.published' in vhost 'press': segment written, 311 MiB in memory",
        "info",
    )
    grafana(r, 96, "Queue article.published", "messages=311400", team="search", severity="warning", queue="article.published")
    grafana(r, 190, "Search is behind", "newest article 3 min old", team="search")


@sixth(WATER, "load", Truth("emqx", "thundering_herd"))
def all_meters_come_back_at_once(r: Recording) -> None:
    """The listeners of the broker were restarted, and half a million meters connect again in the same minute."""
    for number, pod in enumerate(r.pods("emqx")):
        r.log(
            0.3 * number,
            pod,
            "2026-12-08T10:00:00.000000+00:00 [warning] msg: listener_restarted, listener: ssl:default, reason: update_config",
            "warning",
        )
        for at in every(5 + number, 200, 21):
            r.log(
                r.nearly(at),
                pod,
                "2026-12-08T10:00:00.000000+00:00 [warning] msg: esockd_accept_rate_limited, listener: ssl:default, pause_ms: 1000",
                "warning",
            )
        r.metric(24 + 3 * number, pod, "emqx_client_connect_rate", 8_940 + 120 * number, 400)
        r.metric(40 + 3 * number, pod, "emqx_vm_cpu_use", 99, 85, unit="%", intent="metric.cpu.high")
        r.log(
            46 + number,
            pod,
            '2026-12-08T10:00:00.000000+00:00 [warning] msg: alarm_is_activated, message: <<"98.9% cpu usage">>, name: <<"high_cpu_usage">>',
            "warning",
        )
    drag(r, ("emqx", "device-twin"), 4_800, since=9, step=10)
    waits_for(r, "device-twin", "timescale", 2_100, since=15, step=20)
    traces_fail(r, ("emqx", "device-twin"), "timeout", since=20, step=17, share=0.5, slower=300, kind="timeout", milliseconds=5_000)
    r.logs(
        every(21, END, 12),
        "emqx",
        "2026-12-08T10:00:00.000000+00:00 [error] clientid: m{n}, msg: http_auth_request_failed, tag: AUTHN, resource: authn:http:post, reason: timeout, peername: 10.61.3.9:51733",
    )
    r.logs(
        every(30, END, 28),
        "device-twin",
        "[error] ** (DBConnection.ConnectionError) connection not available and request was dropped from queue after 2071ms ({n})",
    )
    r.metric(50, r.pod("frame-decoder"), "frames_decoded_per_second", 610, 2_000, above=False)
    r.alert(170, "MetersOffline", "71% of meters are offline", severity="critical", team="field", service="emqx")
