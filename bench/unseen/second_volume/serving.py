"""Services and meshes that send requests to nobody, or refuse them."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import nightly_job, recent_rollout
from bench.unseen.events import every
from bench.unseen.second_volume.freight import FREIGHT
from bench.unseen.second_volume.gable import GABLE
from bench.unseen.second_volume.hearth import HEARTH
from bench.unseen.second_volume.telling import broken, monitor, second
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@second(FREIGHT, "port of a service", Truth("label-printer", "service_port"))
def chart_points_to_the_port_of_old(r: Recording) -> None:
    service = r.of("Service", "label-printer")
    r.change(0, service, "ports changed: main targetPort 8080 to 9000", "service", ("ports",))
    r.objects.get("Service", "label-printer")["spec"]["ports"][0]["targetPort"] = 9000
    refused = 'Post "http://label-printer:8080/labels": dial tcp 10.96.44.12:8080: connect: connection refused'
    broken(r, ("edge-proxy", "order-intake", "label-printer"), refused, since=2, error_type="*net.OpError", step=9, milliseconds=2)
    r.logs(
        every(3, 240, 13),
        "order-intake",
        '{"time":"-","level":"ERROR","msg":"no label","order":"{n}","err":"Post \\"http://label-printer:8080/labels\\": dial tcp 10.96.44.12:8080: connect: connection refused"}',
    )
    r.alert(95, "OrdersWithoutLabel", "38% of orders of the last 5 minutes have no label", team="intake", namespace="freight")
    r.burn(170, "order-intake")


@second(GABLE, "port of a service", Truth("tenants", "service_port"), decoy=True)
def port_name_that_no_container_has(r: Recording) -> None:
    recent_rollout(r, "invoices", "2026.31.1", at=-100)
    r.objects.get("Service", "tenants")["spec"]["ports"][0]["targetPort"] = "http-main"
    for number, pod in enumerate(r.rollout(0, "tenants", image=GABLE.workload("tenants").image.replace("31.0", "32.0"))):
        r.ready(8 + number, pod)
        r.objects.get("Pod", pod.name, "gable")["spec"]["containers"][0]["ports"] = [
            {"name": "http", "containerPort": 7000, "protocol": "TCP"}
        ]
    r.change(1, r.of("Service", "tenants"), "ports changed: main targetPort 7000 to http-main", "service", ("ports",))
    r.no_endpoints(7, "tenants")
    for caller, error, kind in (
        (
            "portal",
            'Faraday::ConnectionFailed: Failed to open TCP connection to tenants:7000 (Connection refused - connect(2) for "tenants" port 7000)',
            "Faraday::ConnectionFailed",
        ),
        ("collab", "** (Mint.TransportError) connection refused", "Mint.TransportError"),
    ):
        broken(r, ("traefik", caller, "tenants"), error, since=8, error_type=kind, step=13, milliseconds=3)
    r.logs(
        every(9, 240, 15),
        "portal",
        "[   812.104231s]  WARN ThreadId(01) outbound:proxy{addr=10.96.61.9:7000}:service{ns=gable name=tenants port=7000}: linkerd_stack::failfast: Service entering failfast after 3s",
        "warning",
        container="linkerd-proxy",
    )
    r.logs(
        every(11, 240, 21),
        "portal",
        "E, [2026-08-11T10:00:00.0 #1] ERROR -- : [{n}] Faraday::ConnectionFailed (Failed to open TCP connection to tenants:7000 (Connection refused))",
    )
    monitor(r, 90, "[gable] 5xx on portal", "31.2% of requests, threshold 2%", service="portal", env="prod")


@second(HEARTH, "mesh policy", Truth("chat-api", "mesh_policy"))
def subset_that_nobody_defined(r: Recording) -> None:
    r.objects.add(
        "VirtualService",
        "chat-api",
        "hearth",
        spec={"hosts": ["chat-api"], "http": [{"route": [{"destination": {"host": "chat-api", "subset": "canary"}}]}]},
    )
    r.change(0, r.of("VirtualService", "chat-api"), "spec changed: http", "spec", ("http",))
    line = '[2026-07-21T10:00:00.000Z] "POST /complete HTTP/1.1" 503 NC cluster_not_found - "-" 0 0 0 - "10.8.2.14" "node" "{n}" "chat-api:8000" "-" - - 10.96.12.3:8000 10.8.2.14:40122 - default'
    r.logs(every(3, 240, 9), "prompt-gateway", line, "warning", container="istio-proxy")
    broken(
        r,
        ("istio-ingressgateway", "prompt-gateway", "chat-api"),
        "Request failed with status code 503",
        since=2,
        error_type="503",
        status=503,
        step=11,
        milliseconds=1,
    )
    r.logs(
        every(5, 240, 14),
        "prompt-gateway",
        '{"level":50,"time":1784000000000,"name":"prompt-gateway","err":{"type":"AxiosError","message":"Request failed with status code 503","code":"ERR_BAD_RESPONSE"},"msg":"completion failed"}',
    )
    r.alert(
        70,
        "IstioRequests5xx",
        "100% of requests from prompt-gateway to chat-api answered 503",
        severity="critical",
        destination_service="chat-api",
        namespace="hearth",
    )
    nightly_job(r, "batch-embed")


@second(GABLE, "mesh policy", Truth("identity", "mesh_policy"), decoy=True)
def callers_that_are_no_longer_allowed(r: Recording) -> None:
    nightly_job(r, "nightly-export", at=-80)
    r.change(
        0,
        r.of("AuthorizationPolicy", "identity-callers"),
        "spec changed: requiredAuthenticationRefs",
        "spec",
        ("requiredAuthenticationRefs",),
    )
    r.objects.add("AuthorizationPolicy", "identity-callers", "gable", spec={"targetRef": {"kind": "Server", "name": "identity"}})
    said = '[  9130.550120s]  INFO ThreadId(01) inbound:accept{client.addr=10.244.9.{n}:51210 server.addr=10.244.4.7:8080}:server{port=8080}:http: linkerd_app_inbound::policy::http: Request denied server.group=policy.linkerd.io server.kind=server server.name=identity route.name=default client.tls=Some(Established { client_id: Some(ClientId(Dns(Name("portal.gable.serviceaccount.identity.linkerd.cluster.local")))) })'
    r.logs(every(2, 240, 10), "identity", said, "info", container="linkerd-proxy")
    broken(
        r,
        ("traefik", "portal", "identity"),
        "the server responded with status 403",
        since=2,
        error_type="Faraday::ForbiddenError",
        status=403,
        step=9,
        outer=500,
        milliseconds=3,
    )
    r.logs(
        every(4, 240, 15),
        "portal",
        "E, [2026-08-11T10:00:00.0 #1] ERROR -- : [{n}] Faraday::ForbiddenError (the server responded with status 403) app/lib/session_gate.rb:31",
    )
    monitor(r, 75, "[gable] Logins fail", "success rate 0.4%, threshold 97%", service="identity", env="prod")
    r.burn(160, "portal")
