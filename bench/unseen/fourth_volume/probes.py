"""Programs that the kubelet does not give the time they need."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.fourth_volume.chance import certificate_renewed
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, unusual
from bench.unseen.object_parts import Thing
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


def _killed(r: Recording, pod: Thing, at: float, probe: str, times: int, code: int, *, grace: float) -> None:
    r.event(at, pod, "Unhealthy", f"Liveness probe failed: {probe}", count=3 * times, since=at - 20)
    r.normal(at + 0.1, pod, "Killing", f"Container {pod.app} failed liveness probe, will be restarted")
    r.ended(at + grace, pod, "Error", code, restarts=times)
    r.unready(at + grace + 0.3, pod)
    r.normal(at + grace + 0.9, pod, "Created", f"Created container: {pod.app}")
    r.normal(at + grace + 1.1, pod, "Started", f"Started container {pod.app}")


@fourth(TELLERS, "probes", Truth("sso", "startup_too_slow"))
def login_builds_itself_anew_at_every_start(r: Recording) -> None:
    pods = r.rollout(0, "sso", image="quay.io/keycloak/keycloak:26.0.8")
    for number, pod in enumerate(pods):
        for times, start in enumerate((6.0, 71.0, 139.0, 214.0), start=1):
            at = start + 4 * number
            r.log(at, pod, "Changes detected in configuration. Updating the server image.", "info")
            r.log(at + 1.2, pod, "Updating the configuration and installing your custom providers, if any. Please wait.", "info")
            refused = f'Get "http://{pod.address}:8080/health/live": dial tcp {pod.address}:8080: connect: connection refused'
            r.event(at + 14, pod, "Unhealthy", f"Readiness probe failed: {refused}", count=5 * times, since=12.0)
            _killed(r, pod, at + 34, refused, times, 143, grace=24)
    r.no_endpoints(5, "sso")
    r.unavailable(7, "sso")
    r.disturb("sso", "sso-db", 4, errors=0.0)
    r.silent["sso"] = 4
    failing(r, ("haproxy-ingress", "sso"), "HTTP 503 Service Unavailable", since=6, step=14, error_type="503", status=503, milliseconds=2)
    r.logs(
        every(8, 300, 16),
        "haproxy-ingress",
        '10.244.9.1:{n} [14/Sep/2026:03:12:09.551] https~ payments_sso_8080/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 190/188/0/0/0 0/0 "POST https://id.corvid.example/realms/retail/protocol/openid-connect/token HTTP/2.0"',
        "warning",
    )
    r.logs(
        every(150, 300, 24),
        "channel-api",
        '{"@timestamp":"-","level":"ERROR","logger_name":"o.s.s.o.s.r.a.JwtAuthenticationProvider","message":"An error occurred while attempting to decode the Jwt: Couldn\'t retrieve remote JWK set: org.springframework.web.client.ResourceAccessException: I/O error on GET request","request":"{n}"}',
        error_type="org.springframework.security.oauth2.jwt.JwtException",
    )
    grafana(
        r,
        110,
        "Synthetic login",
        "login of the synthetic customer failed from dc1, dc2 and dc3",
        folder="synthetics",
        severity="critical",
        journey="login",
    )
    r.alert(
        230,
        "KubePodCrashLooping",
        f"Pod payments/{pods[0].name} (sso) is in waiting state (reason: CrashLoopBackOff).",
        pod=pods[0].name,
        namespace="payments",
        container="sso",
    )


@fourth(GRID, "probes", Truth("charge-control", "probe_misconfigured"), decoy=True)
def liveness_asks_at_the_port_of_the_metrics_that_moved(r: Recording) -> None:
    certificate_renewed(r, "edge-wildcard-tls", "envoy-gateway-system")
    pods = r.rollout(0, "charge-control", what="template", names=("livenessProbe.httpGet.port", "livenessProbe.httpGet.path"))
    for number, pod in enumerate(pods):
        r.ready(13.0 + number, pod)
        for times, start in enumerate((38.0, 82.0, 127.0, 172.0, 218.0), start=1):
            at = start + 5 * number
            _killed(
                r,
                pod,
                at,
                f'Get "http://{pod.address}:9390/livez": dial tcp {pod.address}:9390: connect: connection refused',
                times,
                2,
                grace=2,
            )
            r.log(at + 0.3, pod, '{"level":"info","message":"received SIGTERM, closing 126 websockets","time":"-"}', "info")
            r.log(at + 4.4, pod, '{"level":"info","message":"ocpp listener is up","addr":":9310","time":"-"}', "info")
            r.ready(at + 9.0, pod)
    failing(
        r,
        ("envoy-grid-edge", "charge-control"),
        "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
        since=40,
        step=13,
        share=0.35,
        error_type="503",
        status=503,
    )
    failing(
        r,
        ("customer-api", "charge-control"),
        'Post "http://charge-control:9310/sessions": EOF',
        since=44,
        step=41,
        share=0.3,
        error_type="*url.Error",
    )
    r.logs(
        every(41, 280, 14),
        "envoy-grid-edge",
        '{"start_time":"2026-11-08T02:12:10.311Z","method":"GET","x-envoy-origin-path":"/ocpp/ST-{n}","protocol":"HTTP/1.1","response_code":503,"response_flags":"UC","response_code_details":"upstream_reset_before_response_started{connection_termination}","upstream_cluster":"httproute/grid/ocpp/rule/0"}',
        "warning",
    )
    unusual(r, 75, r.of("Service", "charge-control"), "ocpp_reconnects_per_minute", 340, 2, 25)
    grafana(
        r, 160, "Stations reconnect again and again", "median websocket lives 41s (usually 9h)", folder="charging", product="charge-control"
    )
    r.alert(
        270,
        "KubeContainerRestartsHigh",
        "Containers of grid/charge-control restarted 13 times within 5m",
        namespace="grid",
        container="charge-control",
    )
