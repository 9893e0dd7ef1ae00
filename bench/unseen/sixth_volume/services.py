"""Services that send their requests to nobody, or to the wrong door."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.sixth_volume.press import PRESS
from bench.unseen.sixth_volume.telling import END, grafana, sixth, trace_fails, traces_fail
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(PRESS, "services", Truth("paywall", "service_selector"))
def labels_of_all_services_but_not_of_all_pods(r: Recording) -> None:
    """A common label was added to what is deployed from one folder; the pods of one app come from another."""
    service = r.of("Service", "paywall")
    r.change(0, service, "selector changed: press.inkwell.example/tier", "service", ("selector",))
    r.objects.get("Service", "paywall")["spec"]["selector"] = {"app.kubernetes.io/name": "paywall", "press.inkwell.example/tier": "readers"}
    r.no_endpoints(0.8, "paywall")
    refused = (
        'cURL error 7: Failed to connect to paywall port 8080 after 1 ms: Could not connect to server for "http://paywall:8080/meter".'
    )
    traces_fail(
        r,
        ("varnish", "site", "paywall"),
        refused,
        since=2,
        step=9,
        kind="Symfony\\Component\\HttpClient\\Exception\\TransportException",
        milliseconds=1,
        outer=200,
    )
    r.logs(
        every(3, END, 12),
        "site",
        '[2026-09-08T10:00:00.000000+00:00] app.ERROR: paywall did not answer, article is shown to everybody {"article":{n},"error":"Failed to connect to paywall port 8080"} []',
    )
    grafana(r, 128, "New subscriptions", "0 in 15 min (usually 12)", team="revenue")
    grafana(r, 180, "Meter hits", "-100%", team="revenue", severity="warning")


@sixth(WATER, "services", Truth("valve-control", "service_port"))
def port_of_metrics_instead_of_calls(r: Recording) -> None:
    """A Service was turned to the port where only metrics are served."""
    r.change(0, r.of("Service", "valve-control"), "ports changed: main targetPort 50061 to 9464", "service", ("ports",))
    r.objects.get("Service", "valve-control")["spec"]["ports"][0]["targetPort"] = 9464
    broken = "failed to connect to all addresses; last error: UNKNOWN: ipv4:10.0.117.20:50061: Failed parsing HTTP/2"
    for at in every(4, END, 13):
        trace_fails(
            r,
            r.nearly(at),
            ("leak-detector", "valve-control"),
            broken,
            kind="UNAVAILABLE",
            milliseconds=20_003,
            more={"rpc.system": "grpc", "rpc.grpc.status_code": 14},
        )
    r.disturb("leak-detector", "valve-control", 3, errors=1.0, slower=90)
    traces_fail(
        r,
        ("kong", "device-twin", "valve-control"),
        "** (GRPC.RPCError) status: 14, message: :connection_closed",
        since=5,
        step=12,
        kind="GRPC.RPCError",
        milliseconds=6,
        more={"rpc.system": "grpc", "rpc.grpc.status_code": 14},
    )
    r.logs(
        every(5, END, 16),
        "leak-detector",
        "2026-12-08 10:00:00,000 ERROR leak_detector.actions valve of segment {n} was not closed: StatusCode.UNAVAILABLE " + broken,
    )
    r.logs(
        every(7, END, 19),
        "device-twin",
        '[error] Task #PID<0.{n}.0> started from Twin.Valves terminating\n** (MatchError) no match of right hand side value: {:error, %GRPC.RPCError{status: 14, message: ":connection_closed"}}',
    )
    r.alert(160, "ValveCommandsFail", "Valves do not answer commands (100% of 14)", severity="critical", team="field")
