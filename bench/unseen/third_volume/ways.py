"""Ways between two that both are well: a resolver of one machine, a rule for what leaves, a port by name."""
# ruff: noqa: E501  (what programs write is as long as it is)

from collections.abc import Mapping

from bench.unseen.clusters import Workload
from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.object_parts import Thing
from bench.unseen.second_volume.telling import broken
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.arena import ARENA
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.third_volume.telling import google_alert, grafana_alert
from bench.unseen.truths import Truth
from msgspec.structs import replace

DEAF = "gke-arena-prod-general-7c1f2a90-q2lm"
CACHED = replace(
    ARENA,
    workloads=(
        *ARENA.workloads,
        Workload(
            "node-local-dns",
            kind="DaemonSet",
            namespace="kube-system",
            image="registry.k8s.io/dns/k8s-dns-node-cache:1.23.1",
            port=0,
            probe_path="",
        ),
    ),
)


def _lookups_fail(r: Recording, there: Mapping[str, Thing]) -> None:
    for caller, callee, error, kind in (
        (
            "inventory",
            "cassandra",
            "java.net.UnknownHostException: cassandra: Temporary failure in name resolution",
            "java.net.UnknownHostException",
        ),
        ("purchases", "inventory", "io.grpc.StatusRuntimeException: UNAVAILABLE: Unable to resolve host inventory", "UNAVAILABLE"),
        (
            "purchases",
            "api.playstore.example",
            "java.net.UnknownHostException: api.playstore.example: Temporary failure in name resolution",
            "java.net.UnknownHostException",
        ),
        (
            "matchmaker",
            "room-allocator",
            'status: Unavailable, message: "dns error: failed to lookup address information: Temporary failure in name resolution"',
            "UNAVAILABLE",
        ),
    ):
        operation = next(call.operation for call in CACHED.calls if (call.caller, call.callee) == (caller, callee))
        share = 1 / len(r.pods(caller))
        r.disturb(caller, callee, 3, errors=0.8 * share, slower=5)
        for at in every(5, 240, 21):
            r.span(r.nearly(at, 7), caller, callee, operation, error=error, error_type=kind, milliseconds=5_010, by=(there[caller],))


@third(CACHED, "ways", Truth("node-local-dns", "dns_failure"))
def cache_of_one_machine_asks_in_vain(r: Recording) -> None:
    cache = next(pod for pod in r.pods("node-local-dns") if pod.node == DEAF)
    there = {pod.app: pod for pod in r.objects.apps_on(DEAF)}
    for number, at in enumerate(every(0, 240, 6)):
        name = ("cassandra", "room-allocator", "inventory", "matchmaker")[number % 4]
        r.log(
            r.nearly(at),
            cache,
            f"[ERROR] plugin/errors: 2 {name}.arena.svc.cluster.local. A: read tcp 10.132.0.11:{38_000 + 17 * number}->10.8.0.10:53: i/o timeout",
            container="node-cache",
        )
    for count, at in enumerate((44.0, 109.0, 171.0), start=1):
        why = 'Liveness probe failed: Get "http://169.254.20.10:8080/health": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
        r.event(at, cache, "Unhealthy", why, count=2 * count, since=44)
    _lookups_fail(r, there)
    for at in every(6, 240, 15):
        line = f'{{"@timestamp":"-","level":"ERROR","logger_name":"shop.grant.Granter","message":"grant of order {52_000 + int(at)} failed: io.grpc.StatusRuntimeException: UNAVAILABLE: Unable to resolve host inventory"}}'
        r.log(r.nearly(at), there["purchases"], line, error_type="io.grpc.StatusRuntimeException")
    for at in every(9, 240, 26):
        r.log(
            r.nearly(at),
            there["matchmaker"],
            f'{{"timestamp":"-","level":"ERROR","fields":{{"message":"claim failed, match {8_000 + int(at)} goes back to the pool","error":"dns error: failed to lookup address information: Temporary failure in name resolution"}},"target":"matchmaker::rooms"}}',
        )
    google_alert(
        r,
        140,
        "Purchase confirm error ratio",
        "Condition 'errors above 5%' for workload.googleapis.com/rpc.client.errors is above the threshold of 0.05 with a value of 0.38.",
        severity="critical",
    )
    r.burn(190, "session-gateway", severity="warning")


@third(ARENA, "ways", Truth("purchases", "network_policy"), decoy=True)
def what_may_leave_is_written_down_anew(r: Recording) -> None:
    recent_rollout(r, "leaderboard", "2026.18.3", at=-115)
    rules = {
        "policyTypes": ["Egress"],
        "egress": [{"to": [{"podSelector": {}}]}, {"to": [{"namespaceSelector": {}}], "ports": [{"port": 53, "protocol": "UDP"}]}],
    }
    selected = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "purchases"}}, **rules}
    r.objects.add("NetworkPolicy", "purchases-egress", "arena", spec=selected)
    r.change(0, r.of("NetworkPolicy", "purchases-egress", "arena"), "changed: egress", "spec", ["egress"])
    timed_out = "java.net.http.HttpConnectTimeoutException: HTTP connect timed out"
    path = ("contour-envoy", "session-gateway", "purchases", "api.playstore.example")
    broken(
        r,
        path,
        timed_out,
        since=9,
        step=11,
        error_type="java.net.http.HttpConnectTimeoutException",
        milliseconds=5_000,
        outer=504,
        slower=45,
    )
    r.logs(
        every(10, 240, 12),
        "purchases",
        '{"@timestamp":"-","level":"ERROR","logger_name":"shop.verify.StoreClient","message":"verify failed for order {n}: '
        + timed_out
        + '"}',
        error_type="java.net.http.HttpConnectTimeoutException",
    )
    r.logs(
        every(30, 240, 37),
        "purchases",
        '{"@timestamp":"-","level":"WARN","logger_name":"io.opentelemetry.exporter.internal.http.HttpExporter","message":"Failed to export spans. The request could not be executed. Full error message: Failed to connect to otlp.observe.example/203.0.113.61:443","n":{n}}',
        "warning",
    )
    r.alert(120, "PurchaseVerifyErrors", "97% of purchase verifications failed over 2m", severity="critical", team="economy")


@third(REEL, "ways", Truth("live-chat", "service_port"))
def route_names_a_port_that_has_another_name(r: Recording) -> None:
    r.objects.get("Service", "live-chat")["spec"]["ports"][0]["name"] = "http"
    r.change(0, r.of("Service", "live-chat"), "changed: ports", "spec", ["ports"])
    for number, pod in enumerate(r.pods("traefik")):
        for at in every(0.7 + number / 3, 240, 15):
            moment = r.time(at)[:19] + "Z"
            line = f'time="{moment}" level=error msg="Cannot create service: service port not found" ingress=live-chat namespace=media serviceName=live-chat servicePort="&ServiceBackendPort{{Name:ws,Number:0,}}" providerName=kubernetes'
            r.log(at, pod, line)
    r.logs(
        every(3, 240, 8),
        "traefik",
        '10.42.3.1 - - [19/Sep/2026:21:12:40 +0000] "GET /socket/websocket?vsn=2.0.0 HTTP/1.1" 404 19 "-" "-" {n} "-" "-" 0ms',
        "warning",
    )
    # Who was connected stays so, until the idle time of the proxy is over.
    r.metric(70, r.of("Service", "live-chat"), "phoenix_socket_connects_per_second", 0, 20, intent="metric.traffic.low", above=False)
    r.metric(130, r.of("Service", "live-chat"), "chat_connected_users", 9_100, 30_000, intent="metric.traffic.low", above=False)
    r.disturb("traefik", "live-chat", 2, errors=0.98, slower=0.1)
    grafana_alert(r, 95, "Chat joins failing", "100% of joins, above 5% for 30s", folder="video", severity="critical", service="live-chat")
