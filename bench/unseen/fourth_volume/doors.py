"""Ways in that lead nowhere while all pods are well."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.fourth_volume.chance import certificate_renewed, settings_edited
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fourth(TELLERS, "doors", Truth("fraud-scoring", "service_selector"), decoy=True)
def chart_adds_a_label_to_the_service_only(r: Recording) -> None:
    certificate_renewed(r, "pay-edge-tls", "haproxy-controller", at=-120)
    settings_edited(r, "orchestrator-application", "payments", "application.yaml", at=-30)
    r.change(0, r.of("Service", "fraud-scoring", "payments"), "changed: selector", "spec", ["selector"])
    r.objects.get("Service", "fraud-scoring")["spec"]["selector"] = {
        "app.kubernetes.io/name": "fraud-scoring",
        "app.kubernetes.io/instance": "fraud-scoring-blue",
    }
    r.no_endpoints(0.7, "fraud-scoring")
    refused = "UNAVAILABLE: io exception Channel Pipeline: [SslHandler#0, ProtocolNegotiators$ClientTlsHandler#0, WriteBufferingAndExceptionHandler#0]: finishConnect(..) failed: Connection refused: fraud-scoring/10.96.71.20:50051"
    failing(
        r,
        ("haproxy-ingress", "channel-api", "payment-orchestrator", "fraud-scoring"),
        refused,
        since=38,
        step=17,
        share=0.9,
        error_type="UNAVAILABLE",
        milliseconds=3,
        outer=503,
        more={"rpc.system": "grpc", "rpc.service": "scoring.v2.Scoring", "rpc.method": "Score", "rpc.grpc.status_code": 14},
    )
    r.logs(
        every(39, 300, 15),
        "payment-orchestrator",
        '{"@timestamp":"-","level":"ERROR","logger_name":"c.c.p.orchestrator.risk.ScoringClient","message":"no score for E2E{n}, payment is rejected by policy","stack_trace":"io.grpc.StatusRuntimeException: UNAVAILABLE: io exception"}',
        error_type="io.grpc.StatusRuntimeException",
    )
    grafana(
        r,
        150,
        "Payments rejected by risk",
        "93% of payments are rejected with AM05/NOAS (usually 0.4%)",
        folder="fraud",
        severity="critical",
        team="fraud",
    )
    r.burn(215, "payment-orchestrator")


@fourth(GRID, "doors", Truth("customer-api", "ingress_refused"))
def route_may_no_longer_point_across_namespaces(r: Recording) -> None:
    grant = r.of("ReferenceGrant", "edge-to-grid", "grid")
    r.change(-3, grant, "deleted", "deleted", action="DELETED")
    refused = "Backend ref to Service grid/customer-api not permitted by any ReferenceGrant."
    route = r.of("HTTPRoute", "app", "envoy-gateway-system")
    parent = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "edge"}
    r.objects.add(
        "HTTPRoute",
        "app",
        "envoy-gateway-system",
        apiVersion="gateway.networking.k8s.io/v1",
        spec={
            "parentRefs": [parent],
            "hostnames": ["app.voltmere.example"],
            "rules": [{"backendRefs": [{"kind": "Service", "namespace": "grid", "name": "customer-api", "port": 8080}]}],
        },
        status={
            "parents": [
                {
                    "parentRef": parent,
                    "controllerName": "gateway.envoyproxy.io/gatewayclass-controller",
                    "conditions": [
                        {"type": "Accepted", "status": "True", "reason": "Accepted"},
                        {"type": "ResolvedRefs", "status": "False", "reason": "RefNotPermitted", "message": refused},
                    ],
                }
            ]
        },
    )
    r.state(1.2, route, "RefNotPermitted", refused)
    r.log(
        0.8,
        "envoy-gateway",
        '{"level":"info","logger":"gateway-api.runner","caller":"runner/runner.go:118","msg":"received an update","runner":"gateway-api"}',
        "info",
    )
    r.disturb("envoy-grid-edge", "customer-api", 2, errors=1.0, slower=0.05)
    for at in every(3, 300, 12):
        r.span(
            r.nearly(at, 5),
            "envoy-grid-edge",
            "",
            "POST /graphql",
            error="500",
            error_type="500",
            status=500,
            milliseconds=0.4,
            kind="server",
            more={
                "http.response.status_code": 500,
                "response_flags": "-",
                "server.address": "app.voltmere.example",
                "http.route": "/graphql",
            },
        )
    r.logs(
        every(4, 300, 13),
        "envoy-grid-edge",
        '{"start_time":"2026-11-08T02:11:04.311Z","method":"POST","x-envoy-origin-path":"/graphql",":authority":"app.voltmere.example","response_code":500,"response_flags":"-","response_code_details":"direct_response","duration":0,"upstream_host":null,"upstream_cluster":null,"route_name":"httproute/envoy-gateway-system/app/rule/0/match/0/app_voltmere_example","id":"{n}"}',
        "warning",
    )
    grafana(
        r,
        85,
        "App is down",
        "synthetic check of app.voltmere.example: HTTP 500 from fsn1, nbg1 and ams",
        folder="synthetics",
        severity="critical",
        product="app",
    )
    r.alert(
        190, "TrafficOfServiceVanished", "customer-api serves 0 requests per second (usually 9)", service="customer-api", namespace="grid"
    )
