"""Names that are not answered, for some who ask."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import nightly_job
from bench.unseen.events import every
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, slow_calls, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fourth(TELLERS, "names", Truth("coredns", "dns_failure"), decoy=True)
def only_names_of_the_world_outside_are_not_answered(r: Recording) -> None:
    nightly_job(r, "eod-settlement", at=-110)
    r.change(-4, r.of("ConfigMap", "coredns", "kube-system"), "data changed: Corefile", "config", ["Corefile"])
    unknown = "java.net.UnknownHostException: instant.clearhub.example: Temporary failure in name resolution"
    failing(
        r,
        ("scheme-gateway", "instant.clearhub.example"),
        unknown,
        since=27,
        step=12,
        share=0.9,
        error_type="java.net.UnknownHostException",
        milliseconds=10_010,
        slower=40,
    )
    failing(
        r,
        ("notification-hub", "api.smsroute.example"),
        "getaddrinfo EAI_AGAIN api.smsroute.example",
        since=31,
        step=18,
        share=0.9,
        error_type="EAI_AGAIN",
        milliseconds=10_004,
        slower=60,
    )
    r.logs(
        every(29, 300, 15),
        "scheme-gateway",
        '{"@timestamp":"-","level":"ERROR","logger_name":"c.c.p.scheme.Pacs008Sender","message":"E2E{n} not sent, put back to SCT.OUT","stack_trace":"org.springframework.web.client.ResourceAccessException: I/O error on POST request for \\"https://instant.clearhub.example/pacs008\\": instant.clearhub.example: Temporary failure in name resolution"}',
        error_type="java.net.UnknownHostException",
    )
    r.logs(
        every(33, 300, 26),
        "notification-hub",
        '{"level":50,"name":"hub","msg":"sms not sent","err":{"code":"EAI_AGAIN","syscall":"getaddrinfo","hostname":"api.smsroute.example"},"id":"{n}"}',
    )
    for number, pod in enumerate(r.pods("coredns")):
        r.log(24.0 + number, pod, "[INFO] Reloading", "info")
        r.log(24.4 + number, pod, "[INFO] plugin/reload: Running configuration SHA512 = 5b1f0c9a7e", "info")
        for times, at in enumerate(every(96 + 3 * number, 300, 16)):
            host = ("instant.clearhub.example.", "api.smsroute.example.", "time.corvid.example.")[times % 3]
            r.log(
                r.nearly(at, 4),
                pod,
                f"[ERROR] plugin/errors: 2 {host} A: read udp {pod.address}:4{int(at) % 900 + 100}->10.20.0.22:53: i/o timeout",
            )
    unusual(r, 115, r.pod("mq-payments"), "ibmmq_queue_depth{queue=SCT.OUT}", 1_920, 0, 40)
    grafana(
        r,
        160,
        "Instant payments without answer of the scheme",
        "84% of payments got no pacs.002 within 10s",
        folder="payments-slo",
        severity="critical",
        team="instant",
    )
    r.alert(
        260,
        "CoreDNSForwardErrors",
        "CoreDNS is returning SERVFAIL for 31% of forward requests to 10.20.0.22:53.",
        namespace="kube-system",
        to="10.20.0.22:53",
        pending="3m",
    )


@fourth(GRID, "names", Truth("coredns", "dns_failure"))
def resolver_ends_over_a_loop_it_found(r: Recording) -> None:
    loop = '[FATAL] plugin/loop: Loop (127.0.0.1:41892 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 4547991504243258144.3688648895315093531."'
    workload, old = GRID.workload("coredns"), list(r.pods("coredns"))
    revision = r.of("ReplicaSet", old[0].name.rpartition("-")[0], "kube-system")
    for number, pod in enumerate(old):
        r.gone(0.5 + 9 * number, pod, revision)
        new = r.new_replica(1.0 + 9 * number, workload, revision, 30 + number)
        ends = (5.0, 19.0, 47.0, 95.0, 186.0)
        for after in ends:
            r.log(1.0 + 9 * number + after - 0.3, new, loop, "fatal")
        r.crash_loop(1.0 + 9 * number, new, ends, 1)
    r.no_endpoints(10.2, "kube-dns")
    looked = "lookup {0} on 10.96.0.10:53: read udp 10.244.2.9:38811->10.96.0.10:53: read: no route to host"
    for path, host, step in (
        (("customer-api", "energy-reports"), "energy-reports.grid.svc.cluster.local", 23),
        (("device-auth", "grid-pooler"), "grid-pooler.grid.svc.cluster.local", 26),
        (("charge-control", "flex-optimizer"), "flex-optimizer.grid.svc.cluster.local", 37),
        (("flex-optimizer", "api.meteocast.example"), "api.meteocast.example", 44),
    ):
        failing(
            r,
            path,
            "dial tcp: " + looked.format(host),
            since=12 + step / 4,
            step=step,
            share=0.8,
            error_type="*net.DNSError",
            milliseconds=5_005,
            slower=7,
        )
    slow_calls(r, "tariff", "grid-pooler", 48, since=15, until=150, step=40)
    r.logs(
        every(13, 300, 17),
        "customer-api",
        '{"time":"-","level":"ERROR","source":"graphql/resolve.go:204","msg":"resolver failed","field":"Site.report","err":"dial tcp: lookup energy-reports.grid.svc.cluster.local on 10.96.0.10:53: no such host","req":"{n}"}',
    )
    r.logs(
        every(16, 300, 25),
        "emqx",
        "2026-11-08T02:11:19.000000+00:00 [error] clientid: meter-{n}, msg: authn_http_request_failed, reason: nxdomain, tag: AUTHN",
    )
    grafana(r, 105, "Meters refused", "51% of CONNECTs were refused over 2m", folder="mqtt", severity="critical", listener="tcp:default")
    r.burn(140, "customer-api")
    r.alert(
        250, "CoreDNSDown", "CoreDNS has disappeared from Prometheus target discovery.", job="kube-dns", severity="critical", pending="3m"
    )
