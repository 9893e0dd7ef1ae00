"""Others, outside of the cluster, that do not answer."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import unrelated_alert
from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.press import PRESS
from bench.unseen.sixth_volume.telling import END, grafana, quarkus, sixth, trace_fails, traces_fail
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(CARDS, "outside", Truth("auth.meridian-scheme.example", "external_outage"))
def scheme_signs_on_to_nobody(r: Recording) -> None:
    """A card scheme takes requests and leaves them without an answer."""
    traces_fail(
        r,
        ("terminal-gateway", "auth-router", "auth.meridian-scheme.example"),
        "The timeout period of 7000ms has been exceeded while executing POST /iso20022/cain.001 for server auth.meridian-scheme.example:443",
        since=1,
        step=8,
        share=0.97,
        slower=100,
        kind="io.vertx.core.http.HttpClosedException",
        milliseconds=7_000,
        outer=504,
    )
    r.logs(
        every(8, END, 12),
        "auth-router",
        quarkus("net.tollgate.auth.schemes.Meridian", "no answer to cain.001 in 7000 ms, stand-in used, trace {n}", level="WARN"),
        "warning",
    )
    r.logs(
        every(20, END, 17),
        "auth-router",
        quarkus(
            "net.tollgate.auth.schemes.Breaker",
            "CircuitBreaker 'meridian' is OPEN and does not permit further calls, trace {n}",
            "io.smallrye.faulttolerance.core.circuit.breaker.CircuitBreakerOpenException\n\tat net.tollgate.auth.schemes.Meridian.send(Meridian.java:88)",
        ),
    )
    for number, pod in enumerate(r.pods("auth-router")[:2]):
        r.metric(44 + 8 * number, pod, "http_client_active_requests", 410 + number, 100)
    r.logs(
        every(9, END, 15),
        "terminal-gateway",
        '{"level":"error","ts":"2026-10-13T10:00:00.000Z","logger":"iso8583","msg":"stand-in declined","stan":{n},"field39":"91","error":"upstream answered 504"}',
    )
    r.alert(
        71,
        "AuthorisationApprovalRateLow",
        "Approval rate is 12% over 5m (usual 91%)",
        severity="critical",
        service="auth-router",
        namespace="acquiring",
        pending="1m",
    )
    r.alert(
        88,
        "AuthorisationLatencyHigh",
        "99th percentile of authorisations is 7.2 s",
        severity="critical",
        service="terminal-gateway",
        namespace="acquiring",
        pending="1m",
    )


@sixth(PRESS, "outside", Truth("media.objectstore.example", "external_outage"), decoy=True)
def pictures_are_not_to_be_had(r: Recording) -> None:
    """The store of pictures, which a provider runs, answers most requests with an error of its own."""
    unrelated_alert(r, "search-indexer", at=-40)
    r.change(-70, r.of("ConfigMap", "image-proxy-presets"), "data changed: presets.conf", "config", ("presets.conf",))
    down = "InternalError: We encountered an internal error. Please try again. status code: 500"
    traces_fail(
        r,
        ("haproxy-ingress", "varnish", "image-proxy", "media.objectstore.example"),
        down,
        passed_on=0.15,
        since=2,
        step=9,
        share=0.8,
        slower=15,
        status=500,
        kind="InternalError",
        milliseconds=1_900,
    )
    for at in every(11, END, 34):
        trace_fails(
            r,
            r.nearly(at),
            ("haproxy-ingress", "newsdesk", "media.objectstore.example"),
            "Aws::S3::Errors::InternalError: We encountered an internal error. Please try again.",
            status=500,
            kind="Aws::S3::Errors::InternalError",
            milliseconds=9_400,
        )
    r.disturb("newsdesk", "media.objectstore.example", 8, errors=0.8, slower=60)
    r.logs(
        every(3, END, 10),
        "image-proxy",
        'ERROR [2026-09-08T10:00:00Z] Completed in 1.904s request_id={n} method=GET status=500 error="Can\'t download source image: operation error S3: GetObject, https response error StatusCode: 500, InternalError: We encountered an internal error. Please try again."',
    )
    r.logs(
        every(13, END, 29),
        "newsdesk",
        "E, [2026-09-08T10:00:00.000000 #1] ERROR -- : [{n}] Aws::S3::Errors::InternalError (We encountered an internal error. Please try again.)",
    )
    grafana(r, 104, "Pictures fail", "5xx=79%", team="readers", severity="critical")
