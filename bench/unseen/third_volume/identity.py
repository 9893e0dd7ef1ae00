"""Proofs that others do not accept: a certificate and the key of another, times that cannot be."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.third_volume.telling import azure_alert, grafana_alert, klog
from bench.unseen.third_volume.ward import WARD
from bench.unseen.truths import Truth

AHEAD = "k3s-ams-01"


@third(WARD, "identity", Truth("ingress-nginx-controller", "certificate"))
def certificate_came_without_its_key(r: Recording) -> None:
    # Only one of two files was replaced; the controller falls back to the certificate that it made for itself.
    r.objects.add("Secret", "ward-tls", "care")
    r.change(0, r.of("Secret", "ward-tls", "care"), "changed: tls.crt", "secret", ["tls.crt"])
    for number, pod in enumerate(r.pods("ingress-nginx-controller")):
        at = 0.8 + number / 2
        mismatch = 'unexpected error creating SSL Cert: "tls: private key does not match public key"'
        r.log(
            at,
            pod,
            f'{klog(r, at, "E")} backend_ssl.go:60] "Error obtaining X.509 certificate" key="care/ward-tls" err={mismatch}',
            container="controller",
        )
        for moment in every(at + 1, 240, 58):
            line = f'{klog(r, moment, "W")} controller.go:1469] Error getting SSL certificate "care/ward-tls": local SSL certificate care/ward-tls was not found. Using default certificate'
            r.log(moment, pod, line, "warning", container="controller")
        for moment in every(4 + 3 * number, 240, 8):
            alert = f"2026/10/12 {r.time(moment)[11:19]} [crit] 41#41: *{91_000 + int(moment) * 7} SSL_do_handshake() failed (SSL: error:0A000416:SSL routines::ssl/tls alert certificate unknown:SSL alert number 46) while SSL handshaking, client: 203.0.113.{20 + int(moment) % 90}, server: 0.0.0.0:443"
            r.log(r.nearly(moment), pod, alert)
    r.metric(55, r.of("Service", "ward-portal"), "nginx_ingress_controller_requests_rate", 0.4, 4, intent="metric.traffic.low", above=False)
    azure_alert(
        r,
        92,
        "ward-portal-availability",
        "availability test 'open ward 4B' failed from 5 of 5 locations: the remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch",
        sev=0,
        resource="ward-suite-prod",
    )
    r.alert(
        170,
        "ProbeFailed",
        "Probe of https://ward.example/health failed: x509: certificate is valid for ingress.local, not ward.example",
        severity="critical",
        instance="https://ward.example/health",
        job="blackbox",
    )


@third(REEL, "identity", Truth(AHEAD, "clock_skew", "node"))
def store_refuses_requests_of_tomorrow(r: Recording) -> None:
    # One machine believed a switch that came up with another time; only what it signs is refused.
    r.node_log(-2, AHEAD, "Selected source 10.7.0.2", level="info", program="chronyd")
    r.node_log(0, AHEAD, "System clock wrong by 1126.448119 seconds", program="chronyd")
    r.node_log(0.1, AHEAD, "System clock was stepped by 1126.448119 seconds", program="chronyd")
    r.node_log(
        0.6, AHEAD, "systemd-journald: Time jumped backwards relative to last boot, rotating.", level="info", program="systemd-journald"
    )
    transcoder, api, chat = (next(pod for pod in r.pods(app) if pod.node == AHEAD) for app in ("transcoder", "playback-api", "live-chat"))
    for at in every(3, 250, 9):
        line = f'level=error msg="upload failed" job={88_000 + int(at)} err="The difference between the request time and the server\'s time is too large."'
        r.log(r.nearly(at), transcoder, line, error_type="RequestTimeTooSkewed")
    for at in every(5, 250, 12):
        r.log(
            r.nearly(at),
            api,
            f'time=- level=WARN msg="token refused" session={61_000 + int(at)} err="token has invalid claims: token is expired"',
            "warning",
        )
    for at in every(8, 250, 17):
        r.log(r.nearly(at), chat, f"[warning] socket refused: Phoenix.Token {{:error, :expired}} user u{4_000 + int(at)}", "warning")
    r.logs(
        every(7, 250, 14),
        "traefik",
        '10.42.3.1 - - [19/Sep/2026:03:31:40 +0000] "GET /v1/play/{n} HTTP/2.0" 401 33 "-" "-" {n} "media-playback-api@kubernetes" "http://10.42.0.7:8080" 2ms',
        "warning",
    )
    r.disturb("transcoder", "minio", 2, errors=0.34)
    r.disturb("traefik", "playback-api", 4, errors=0.33)
    r.disturb("traefik", "live-chat", 6, errors=0.4)
    grafana_alert(
        r, 100, "Plays refused", "31% of plays answer 401, above 3% for 1m", folder="video", severity="critical", service="playback-api"
    )
    r.alert(
        200,
        "NodeClockSkewDetected",
        f"Clock at {AHEAD}:9100 is out of sync by more than 0.05s. Ensure NTP is configured correctly on this host.",
        instance=f"{AHEAD}:9100",
        pending="2m",
    )
