"""Policies of networks and of meshes that forbid too much."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.object_parts import Thing
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.telling import END, access, quarkus, sixth, trace_fails, traces_fail
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


def _denied(r: Recording, at: float, source: Thing, target: Thing, port: int) -> None:
    r.tell(
        at,
        kind="network",
        source="hubble",
        severity="warning",
        message=f"{source.namespace}/{source.name}:{r.random.randrange(32_768, 60_999)} -> {target.namespace}/{target.name}:{port} Policy denied DROPPED (TCP Flags: SYN)",
        network={"protocol": "tcp", "source_ip": source.address, "dest_ip": target.address, "dest_port": port, "direction": "ingress"},
        attributes={"drop_reason": "POLICY_DENIED", "verdict": "DROPPED"},
        k8s_context={"kind": "Pod", "name": target.name, "namespace": target.namespace, "uid": target.uid, "node_name": target.node},
    )


@sixth(WATER, "policies", Truth("timescale", "network_policy"))
def database_is_closed_to_the_twins(r: Recording) -> None:
    """A policy lists who may reach the database, and leaves one program out."""
    peers = [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": name}}} for name in ("usage-api", "flink-taskmanager", "timescale")]
    spec = {
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "timescale"}},
        "policyTypes": ["Ingress"],
        "ingress": [{"from": peers}],
    }
    r.objects.add("NetworkPolicy", "timescale-clients", created=r.second(0), spec=spec)
    r.change(0, r.of("NetworkPolicy", "timescale-clients"), "added", "networkpolicy", (), action="ADDED")
    for number, at in enumerate(every(4, END, 14)):
        _denied(r, r.nearly(at), r.pods("device-twin")[number % 3], r.pod("timescale"), 5432)
    for number, pod in enumerate(r.pods("device-twin")):
        for at in every(9 + 3 * number, END, 26):
            r.log(
                r.nearly(at),
                pod,
                "[error] Postgrex.Protocol (#PID<0.2988.0>) failed to connect: ** (DBConnection.ConnectionError) tcp connect (timescale:5432): timeout",
            )
    dropped = "** (DBConnection.ConnectionError) connection not available and request was dropped from queue after 3004ms."
    traces_fail(
        r, ("kong", "device-twin", "timescale"), dropped, since=12, step=15, kind="DBConnection.ConnectionError", milliseconds=3_004
    )
    traces_fail(r, ("emqx", "device-twin"), "500 Internal Server Error", since=14, step=18, status=500, kind="500", milliseconds=3_012)
    r.logs(
        every(15, END, 17),
        "emqx",
        "2026-12-08T10:00:00.000000+00:00 [error] clientid: m{n}, msg: http_auth_ignored, tag: AUTHN, resource: authn:http:post, status_code: 500, peername: 10.61.8.4:40112",
    )


@sixth(CARDS, "policies", Truth("limit-keeper", "mesh_policy"), decoy=True)
def callers_speak_plainly_to_one_that_wants_mutual_tls(r: Recording) -> None:
    """A rule for a host turns off the encryption of its callers, while the host takes no other."""
    scaled_elsewhere(r, "token-vault", 4, at=-60)
    r.objects.add(
        "DestinationRule",
        "limit-keeper",
        spec={
            "host": "limit-keeper",
            "trafficPolicy": {"connectionPool": {"http": {"maxRequestsPerConnection": 100}}, "tls": {"mode": "DISABLE"}},
        },
    )
    r.change(0, r.of("DestinationRule", "limit-keeper"), "spec changed: trafficPolicy", "spec", ("trafficPolicy",))
    access(
        r,
        every(2, END, 9),
        "auth-router",
        "limit-keeper",
        status=503,
        flags="UC",
        details="upstream_reset_before_response_started{connection_termination}",
        milliseconds=1,
    )
    traces_fail(
        r,
        ("terminal-gateway", "auth-router", "limit-keeper"),
        "HTTP 503: upstream connect error or disconnect/reset before headers. reset reason: connection termination",
        since=2,
        step=10,
        status=503,
        kind="WebApplicationException",
        milliseconds=2,
        outer=200,
    )
    r.logs(
        every(4, END, 17),
        "auth-router",
        quarkus(
            "net.tollgate.auth.Limits",
            "limit of card could not be reserved, declined 61, trace {n}",
            "jakarta.ws.rs.ServiceUnavailableException: HTTP 503 Service Unavailable\n\tat net.tollgate.auth.LimitClient.reserve(LimitClient.java:48)",
        ),
    )
    for at in (80.0, 190.0):
        trace_fails(
            r, at, ("auth-router", "auth.meridian-scheme.example"), "Read timed out", kind="SocketTimeoutException", milliseconds=3_000
        )
    r.alert(
        63,
        "IstioHigh5xxResponseRate",
        "High rate of HTTP 5xx responses in Istio (> 5%).",
        destination_service_name="limit-keeper",
        reporter="source",
        namespace="acquiring",
        pending="1m",
    )
    r.alert(
        74,
        "AuthorisationApprovalRateLow",
        "Approval rate is 5% over 5m (usual 91%)",
        severity="critical",
        service="auth-router",
        namespace="acquiring",
        pending="1m",
    )
