"""Names that are not resolved, and certificates that nobody trusts any more."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.press import PRESS
from bench.unseen.sixth_volume.telling import END, grafana, quarkus, says_and_ends, sixth, traces_fail
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(PRESS, "names", Truth("coredns", "dns_failure"), decoy=True)
def resolver_asks_itself(r: Recording) -> None:
    """A change of the machines' resolver makes the cluster's DNS forward to itself, which it notices and ends."""
    recent_rollout(r, "image-proxy", "v3.27.0", at=-105)
    line = '[FATAL] plugin/loop: Loop (127.0.0.1:41519 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 4547991504243258144.3688648895315093531."'
    says_and_ends(r, r.pods("coredns"), 0, line, (1.0, 14.0, 39.0, 88.0, 175.0))
    r.no_endpoints(4, "kube-dns")
    for path, error, kind in (
        (
            ("haproxy-ingress", "varnish", "site", "mariadb"),
            "SQLSTATE[HY000] [2002] php_network_getaddresses: getaddrinfo for mariadb failed: Temporary failure in name resolution",
            "Doctrine\\DBAL\\Exception\\ConnectionException",
        ),
        (("haproxy-ingress", "live-blog", "rabbitmq"), "getaddrinfo EAI_AGAIN rabbitmq", "EAI_AGAIN"),
        (("push-sender", "api.pushrelay.example"), "getaddrinfo EAI_AGAIN api.pushrelay.example", "EAI_AGAIN"),
        (
            ("newsdesk", "api.wireservice.example"),
            "Failed to open TCP connection to api.wireservice.example:443 (getaddrinfo: Temporary failure in name resolution)",
            "SocketError",
        ),
    ):
        traces_fail(r, path, error, since=6, step=23, kind=kind, milliseconds=5_005, share=0.6)
    r.logs(
        every(7, END, 18),
        "site",
        '[2026-09-08T10:00:00.000000+00:00] app.ERROR: cURL error 6: Could not resolve host: paywall (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) {"article":{n}} []',
    )
    r.logs(
        every(9, END, 25),
        "search-indexer",
        "E, [2026-09-08T10:00:00.000000 #1] ERROR -- : Bunny::TCPConnectionFailedForAllHosts Could not establish TCP connection to any of the configured hosts ({n})",
    )
    grafana(r, 72, "Homepage unreachable", "probe_success=0", severity="critical", team="readers", instance="https://www.inkwell.example/")
    grafana(r, 132, "Live readers", "90 (usually > 4000)", team="live", severity="critical")


@sixth(CARDS, "names", Truth("pin-service", "certificate"))
def client_certificate_for_the_key_house_runs_out(r: Recording) -> None:
    """The certificate with which the service of PINs shows itself to the HSM ends at midnight, and nobody has signed another."""
    r.alert(
        -170,
        "CertManagerCertExpirySoon",
        "The cert `pin-service-hsm-client` is less than a day from expiry.",
        exported_namespace="acquiring",
        namespace="cert-manager",
        pending="1h",
    )
    traces_fail(
        r,
        ("terminal-gateway", "auth-router", "pin-service", "hsm.keyhouse.example"),
        "remote error: tls: expired certificate",
        passed_on=0.5,
        since=1,
        step=9,
        kind="*tls.permanentError",
        milliseconds=31,
        outer=502,
    )
    r.logs(
        every(1, END, 11),
        "pin-service",
        '{"time":"-","level":"ERROR","msg":"hsm session not opened","host":"hsm.keyhouse.example:1500","err":"remote error: tls: expired certificate","attempt":{n}}',
    )
    thrown = (
        "jakarta.ws.rs.WebApplicationException: Bad Gateway, status code 502\n\tat net.tollgate.auth.PinClient.verify(PinClient.java:52)"
    )
    r.logs(every(3, END, 15), "auth-router", quarkus("net.tollgate.auth.Router", "PIN not verified, declined 81, trace {n}", thrown))
    for number, pod in enumerate(r.pods("pin-service")):
        r.event(22 + number, pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", count=3)
        r.unready(23 + number, pod)
    r.no_endpoints(24.5, "pin-service")
    r.alert(
        61,
        "PinVerificationFailures",
        "94% of PIN verifications fail",
        severity="critical",
        service="pin-service",
        namespace="acquiring",
        pending="1m",
    )
    r.alert(
        90,
        "AuthorisationApprovalRateLow",
        "Approval rate is 44% over 5m (usual 91%)",
        severity="critical",
        service="auth-router",
        namespace="acquiring",
        pending="1m",
    )
