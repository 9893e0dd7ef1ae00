"""Partners that do not answer, and rights that were taken away."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, slow_calls, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

KAFKA = {"messaging.system": "kafka", "messaging.destination.name": "payments.events", "messaging.operation.type": "receive"}


@fourth(TELLERS, "outside", Truth("instant.clearhub.example", "external_outage", "host"), decoy=True)
def scheme_gets_slower_and_then_says_it_is_closed(r: Recording) -> None:
    recent_rollout(r, "scheme-gateway", "R26.09.2", at=-95)
    slow_calls(r, "scheme-gateway", "instant.clearhub.example", 8_600, since=3, until=110, step=13, errors=0.05)
    unusual(r, 65, r.pod("mq-payments"), "ibmmq_queue_depth{queue=SCT.OUT}", 940, 0, 40)
    grafana(
        r,
        85,
        "Instant payments without answer of the scheme",
        "22% of payments got no pacs.002 within 10s",
        folder="payments-slo",
        team="instant",
    )
    closed = '503 Service Unavailable on POST request for "https://instant.clearhub.example/pacs008": "<html><head><title>Service temporarily unavailable</title></head>..."'
    failing(
        r,
        ("scheme-gateway", "instant.clearhub.example"),
        closed,
        since=104,
        step=10,
        share=0.9,
        error_type="503",
        status=503,
        milliseconds=41,
        slower=30,
        more={"http.response.status_code": 503},
    )
    r.logs(
        every(105, 300, 12),
        "scheme-gateway",
        '{"@timestamp":"-","level":"ERROR","logger_name":"c.c.p.scheme.Pacs008Sender","message":"E2E{n} not sent, put back to SCT.OUT","stack_trace":"org.springframework.web.client.HttpServerErrorException$ServiceUnavailable: 503 Service Unavailable: [<html><head><title>Service temporarily unavailable</title></head>... (418 bytes)]"}',
        error_type="org.springframework.web.client.HttpServerErrorException$ServiceUnavailable",
    )
    r.logs(
        every(112, 300, 40),
        "scheme-gateway",
        '{"@timestamp":"-","level":"WARN","logger_name":"i.g.r.circuitbreaker.internal.CircuitBreakerStateMachine","message":"CircuitBreaker \'clearhub\' changed state from CLOSED to OPEN","n":{n}}',
        "warning",
    )
    grafana(
        r,
        190,
        "Instant payments without answer of the scheme",
        "96% of payments got no pacs.002 within 10s",
        folder="payments-slo",
        severity="critical",
        team="instant",
    )


@fourth(GRID, "outside", Truth("api.meteocast.example", "external_outage", "host"))
def forecasts_end_in_the_middle_of_the_answer(r: Recording) -> None:
    cut = "httpx.RemoteProtocolError: peer closed connection without sending complete message body (received 48211 bytes, expected 391202)"
    failing(
        r,
        ("envoy-grid-edge", "customer-api", "charge-control", "flex-optimizer"),
        "HTTP 500 from http://flex-optimizer:8000/schedule",
        since=14,
        step=19,
        share=0.6,
        slower=20,
        error_type="500",
        status=500,
        milliseconds=6_100,
        outer=502,
    )
    for at in every(8, 300, 15):
        r.span(
            r.nearly(at, 6),
            "flex-optimizer",
            "",
            "GET /v2/pointforecast",
            error=cut,
            error_type="httpx.RemoteProtocolError",
            milliseconds=6_030,
            more={
                "server.address": "api.meteocast.example",
                "server.port": 443,
                "http.request.method": "GET",
                "http.response.status_code": 200,
            },
        )
    r.disturb("flex-optimizer", "api.meteocast.example", 2, errors=0.95, slower=35)
    r.logs(
        every(16, 300, 18),
        "charge-control",
        '{"level":"error","station":"ST-{n}","error":"schedule: unexpected status 500","message":"no schedule, charging uncontrolled","time":"-"}',
    )
    for at in every(130, 300, 20):
        r.log(
            r.nearly(at),
            r.pods("flex-optimizer")[int(at) % 2],
            "ERROR flex.weather: forecast for 51.34,12.37 not usable after 3 attempts: peer closed connection without sending complete message body (received 48211 bytes, expected 391202)",
            error_type="httpx.RemoteProtocolError",
        )
    grafana(
        r,
        120,
        "Charging without a schedule",
        "212 stations charge without a schedule",
        folder="flex",
        severity="critical",
        product="smart-charging",
    )
    r.burn(200, "charge-control")


@fourth(TELLERS, "rights", Truth("statement-writer", "access_denied"))
def reader_is_struck_from_the_list_of_a_topic(r: Recording) -> None:
    r.change(-25, r.of("KafkaUser", "statement-writer", "payments"), "spec changed: authorization.acls", "spec", ["authorization.acls"])
    denied = "org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [payments.events]"
    for at in every(2, 300, 13):
        r.span(
            r.nearly(at, 5),
            "statement-writer",
            "",
            "payments.events process",
            error=denied,
            error_type="org.apache.kafka.common.errors.TopicAuthorizationException",
            milliseconds=6,
            kind="consumer",
            more={**KAFKA, "server.address": "events-kafka.payments.svc.cluster.local"},
        )
    r.disturb("statement-writer", "events-kafka", 2, errors=1.0)
    r.disturb("statement-writer", "payments-crdb", 4, errors=0.0, slower=0.5)
    r.logs(
        every(3, 300, 14),
        "statement-writer",
        "ERROR o.s.k.l.KafkaMessageListenerContainer : Authentication/Authorization Exception, retrying in 10000 ms org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [payments.events] ({n})",
        error_type="org.apache.kafka.common.errors.TopicAuthorizationException",
    )
    for number, at in enumerate(every(5, 300, 27)):
        r.log(
            r.nearly(at),
            r.pods("events-kafka")[number % 3],
            "INFO Principal = User:CN=statement-writer is Denied operation = READ from host = 10.244.8.19 on resource = Topic:LITERAL:payments.events for request = Fetch with resourceRefCount = 1 based on rule DefaultDeny (kafka.authorizer.logger)",
            "info",
        )
    unusual(r, 140, r.of("Service", "events-kafka"), "kafka_consumergroup_lag_sum{consumergroup=statement-writer}", 71_200, 0, 900)
    grafana(
        r,
        210,
        "Statements are late",
        "newest statement line is 3m40s old (limit 60s)",
        folder="back-office",
        severity="critical",
        team="accounts",
    )


@fourth(GRID, "rights", Truth("envoy-gateway", "access_denied"), decoy=True)
def control_plane_no_longer_sees_where_pods_are(r: Recording) -> None:
    role = r.of("ClusterRole", "envoy-gateway")
    r.change(0, role, "changed: rules", "rules", ["rules"])
    for at in every(12, 300, 24):
        r.log(
            r.nearly(at),
            "envoy-gateway",
            'W1108 02:11:12.004118       1 reflector.go:569] sigs.k8s.io/controller-runtime/pkg/cache/internal/informers.go:114: failed to list *v1.EndpointSlice: endpointslices.discovery.k8s.io is forbidden: User "system:serviceaccount:envoy-gateway-system:envoy-gateway" cannot list resource "endpointslices" in API group "discovery.k8s.io" at the cluster scope',
            "warning",
        )
    image = f"{GRID.workload('customer-api').image.rpartition(':')[0]}:v2.61.2"
    for number, pod in enumerate(r.rollout(34, "customer-api", image=image)):
        r.ready(46.0 + 2 * number, pod)
    r.state(
        52,
        r.of("Deployment", "customer-api"),
        "NewReplicaSetAvailable",
        f'ReplicaSet "{r.pod("customer-api").name.rpartition("-")[0]}" has successfully progressed.',
        warning=False,
    )
    failing(
        r,
        ("envoy-grid-edge", "customer-api"),
        "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure, transport failure reason: delayed connect error: No route to host",
        since=42,
        step=10,
        error_type="503",
        status=503,
        milliseconds=3_050,
        slower=8,
    )
    r.logs(
        every(43, 300, 12),
        "envoy-grid-edge",
        '{"start_time":"2026-11-08T02:11:48.311Z","method":"POST","x-envoy-origin-path":"/graphql",":authority":"app.voltmere.example","response_code":503,"response_flags":"UF","response_code_details":"upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_No_route_to_host}","upstream_host":"10.244.21.8:8080","upstream_cluster":"httproute/grid/app/rule/0","id":"{n}"}',
        "warning",
    )
    grafana(
        r,
        110,
        "App is down",
        "synthetic check of app.voltmere.example: HTTP 503 from fsn1, nbg1 and ams",
        folder="synthetics",
        severity="critical",
        product="app",
    )
    r.burn(175, "customer-api")
