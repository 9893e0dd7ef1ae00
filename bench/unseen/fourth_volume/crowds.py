"""More than can be carried: of messages, of devices, of attempts."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import nightly_job
from bench.unseen.events import every
from bench.unseen.fourth_volume.chance import filling_in_days
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, slow_calls, slow_serving, unusual
from bench.unseen.object_parts import owner_of
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fourth(TELLERS, "crowds", Truth("scheme-gateway", "queue_backlog"), decoy=True)
def one_message_is_put_back_for_ever(r: Recording) -> None:
    nightly_job(r, "eod-settlement", at=-60)
    filling_in_days(r, "data-payments-crdb-1", "payments", at=-160)
    thrown = '{"@timestamp":"-","level":"WARN","logger_name":"o.s.jms.listener.DefaultMessageListenerContainer","message":"Execution of JMS message listener failed, and no ErrorHandler has been set.","stack_trace":"jakarta.xml.bind.UnmarshalException - with linked exception: [org.xml.sax.SAXParseException; lineNumber: 1; columnNumber: 1184; The entity name must immediately follow the \'&\' in the entity reference.]","message_id":"ID:414d5120504159514d312020{n}"}'
    for at in every(1, 300, 7):
        r.log(
            r.nearly(at),
            r.pods("scheme-gateway")[int(at) % 2],
            thrown.replace("{n}", "8f11c266"),
            "warning",
            error_type="jakarta.xml.bind.UnmarshalException",
        )
    for at, depth in ((40.0, 611), (100.0, 1_904), (160.0, 3_288), (220.0, 4_610), (280.0, 4_999)):
        unusual(r, at, r.pod("mq-payments"), "ibmmq_queue_depth{queue=SCT.OUT}", depth, 0, 40)
    r.disturb("scheme-gateway", "instant.clearhub.example", 5, errors=0.0, slower=1.0)
    grafana(
        r,
        95,
        "Instant payments without answer of the scheme",
        "71% of payments got no pacs.002 within 10s",
        folder="payments-slo",
        severity="critical",
        team="instant",
    )
    r.alert(
        170,
        "MQQueueDepthHigh",
        "SCT.OUT on PAYQM1 holds 3288 of 5000 messages, oldest is 165s old",
        qmgr="PAYQM1",
        queue="SCT.OUT",
        namespace="payments",
        severity="critical",
    )
    failing(
        r,
        ("haproxy-ingress", "channel-api", "payment-orchestrator", "mq-payments"),
        "JMSWMQ2007: Failed to send a message to destination 'SCT.OUT'. reason '2053' ('MQRC_Q_FULL')",
        since=268,
        until=350,
        step=15,
        share=0.9,
        error_type="com.ibm.msg.client.jms.DetailedResourceAllocationException",
        milliseconds=9,
        more={"messaging.system": "ibm_mq", "messaging.destination.name": "SCT.OUT"},
        outer=503,
    )


@fourth(GRID, "crowds", Truth("emqx", "thundering_herd"))
def carrier_gives_all_meters_their_line_back_at_once(r: Recording) -> None:
    unusual(r, -2, r.of("Service", "emqx"), "emqx_connections_count", 18_210, 78_000, 84_000)
    r.logs(
        every(0, 240, 9),
        "emqx",
        "2026-11-08T02:11:00.204110+00:00 [warning] msg: listener_accept_throttled, listener: tcp:default, reason: max_conn_rate, peername: 100.64.3.9:{n}",
        "warning",
    )
    r.metric(14, r.of("Service", "emqx"), "emqx_client_connect_rate", 4_900, 600, unit="1/s", intent="metric.traffic.high")
    slow_serving(r, "emqx", "device-auth", 3_800, since=5, step=14)
    slow_calls(r, "device-auth", "grid-pooler", 1_900, since=8, step=25)
    failing(
        r, ("emqx", "device-auth"), "{error,timeout}", since=16, step=15, share=0.6, error_type="timeout", milliseconds=5_000, slower=500
    )
    r.logs(
        every(18, 300, 15),
        "emqx",
        "2026-11-08T02:11:21.440911+00:00 [error] clientid: meter-{n}, msg: authn_http_request_failed, reason: timeout, tag: AUTHN, provider: emqx_auth_http",
    )
    r.logs(
        every(22, 300, 27),
        "device-auth",
        '{"time":"-","level":"WARN","msg":"slow credential lookup","client":"meter-{n}","took_ms":1880,"in_flight":412}',
        "warning",
    )
    for number, pod in enumerate(r.pods("device-auth")):
        r.metric(45.0 + 5 * number, pod, "container_cpu_usage_ratio", 0.99, 0.8, intent="metric.cpu.high")
        for at in (60.0, 120.0, 190.0):
            r.event(
                r.nearly(at, 9),
                pod,
                "Unhealthy",
                f'Readiness probe failed: Get "http://{pod.address}:8085/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
                count=int(at) // 20,
                since=55,
            )
    slow_calls(r, "tariff", "grid-pooler", 240, since=30, step=30)
    grafana(r, 90, "Meters refused", "58% of CONNECTs were refused over 2m", folder="mqtt", severity="critical", listener="tcp:default")
    r.alert(
        200,
        "PgBouncerClientsWaiting",
        "64 clients of database grid wait for a server connection, pool of 40 is in use",
        namespace="grid",
        database="grid",
        service="grid-pooler",
        pending="2m",
    )


@fourth(TELLERS, "overload", Truth("channel-api", "retry_storm"))
def every_timeout_is_asked_for_three_times_more(r: Recording) -> None:
    slow_serving(r, "payment-orchestrator", "limits", 610, since=0, until=24, step=8)
    r.disturb("payment-orchestrator", "limits", 0, errors=0.02, slower=38, until=62)
    for at, rate in ((15.0, 610), (45.0, 1_480), (75.0, 2_390)):
        r.metric(at, r.of("Service", "payment-orchestrator"), "http_server_requests_per_second", rate, 320, intent="metric.traffic.high")
    r.logs(
        every(9, 300, 10),
        "channel-api",
        '{"@timestamp":"-","level":"WARN","logger_name":"c.c.p.channel.OrchestratorClient","message":"POST /internal/payments timed out after 2000 ms, attempt 3 of 4 follows at once","endToEndId":"E2E{n}"}',
        "warning",
    )
    slow_serving(r, "channel-api", "payment-orchestrator", 9_100, since=12, step=13)
    failing(
        r,
        ("haproxy-ingress", "channel-api", "payment-orchestrator"),
        "feign.RetryableException: Read timed out executing POST http://payment-orchestrator:8080/internal/payments",
        since=14,
        step=16,
        share=0.7,
        slower=40,
        error_type="java.net.SocketTimeoutException",
        milliseconds=8_010,
        outer=504,
    )
    r.logs(
        every(30, 300, 19),
        "payment-orchestrator",
        '{"@timestamp":"-","level":"WARN","logger_name":"o.a.tomcat.util.threads.ThreadPoolExecutor","message":"Maximum number of threads (200) created for connector with address [null] and port [8080]","n":{n}}',
        "warning",
    )
    r.logs(
        every(36, 300, 23),
        "payment-orchestrator",
        '{"@timestamp":"-","level":"INFO","logger_name":"c.c.p.orchestrator.flow.Idempotency","message":"E2E{n} is already being processed, duplicate answered with 409"}',
        "info",
    )
    for number, pod in enumerate(r.pods("payment-orchestrator")):
        r.metric(60.0 + 3 * number, pod, "container_cpu_usage_ratio", 0.97, 0.8, intent="metric.cpu.high")
    grafana(
        r,
        80,
        "Instant payments accepted",
        "102 payments accepted in 2m (usually 610)",
        folder="payments-slo",
        severity="critical",
        team="instant",
    )
    r.burn(170, "channel-api")


@fourth(GRID, "overload", Truth("firmware-packager", "noisy_neighbour"))
def packager_uses_all_processors_of_a_machine(r: Recording) -> None:
    node = "talos-fsn1-wk-1"
    owner, job = r.of("CronJob", "firmware-packager", "grid"), r.of("Job", "firmware-packager-29863120", "grid")
    labels = {"app.kubernetes.io/name": "firmware-packager"}
    r.objects.add(
        "Job",
        job.name,
        "grid",
        r.second(-9),
        metadata={
            "labels": labels,
            "ownerReferences": [owner_of(owner)],
        },
        spec={"parallelism": 1},
    )
    r.normal(-9, owner, "SuccessfulCreate", f"Created job {job.name}", "cronjob-controller")
    packer = r.new_replica(-8, GRID.workload("firmware-packager"), job, 0, node=node)
    r.objects.get("Pod", packer.name, "grid")["spec"]["containers"][0]["resources"] = {}
    r.log(-3, packer, '{"level":"INFO","msg":"packing","images":412,"workers":64,"compressor":"xz -9e -T0"}', "info")
    here = {pod.app: pod for pod in r.objects.apps_on(node)}
    for number, app in enumerate(("energy-reports", "nats", "grid-pooler")):
        unusual(r, 60.0 + 11 * number, here[app], "container_pressure_cpu_waiting_seconds_rate", 0.83, 0, 0.08)
    slow_calls(r, "rollup-worker", "nats", 960, since=6, step=23)
    slow_calls(r, "tariff", "grid-pooler", 310, since=9, step=20)
    slow_serving(r, "customer-api", "energy-reports", 2_700, since=7, step=18)
    slow_calls(r, "meter-ingest", "nats", 410, since=8, step=31)
    r.logs(
        every(12, 300, 21),
        "meter-ingest",
        "2026-11-08T02:11:12.121100Z  WARN meter_ingest::pump: publish acknowledged late took_ms=410 stream=METERS seq={n}",
        "warning",
    )
    r.log(48, here["nats"], "[1] 2026/11/08 02:11:48.100440 [WRN] 10.244.1.7:6222 - rid:9 - Slow route write, 1.02s", "warning")
    failing(
        r,
        ("envoy-grid-edge", "customer-api", "energy-reports"),
        'Get "http://energy-reports:8086/reports/S-4411": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
        since=20,
        step=29,
        share=0.25,
        slower=20,
        error_type="timeout",
        milliseconds=3_000,
        outer=504,
    )
    grafana(r, 110, "Reports are slow", "p95 of GET /reports/{site} is 3.0s (limit 800ms)", folder="customer", product="reports")
    r.metric(130, r.of("Node", node), "node_load1_per_core", 9.4, 2, intent="metric.load.high")
    r.metric(134, packer, "container_cpu_usage_cores", 7.4, 4, intent="metric.cpu.high")
    r.alert(
        235,
        "NodeSystemSaturation",
        f"System load per core at {node}:9100 has been above 2 for the last 3 minutes, is currently at 9.41.",
        instance=f"{node}:9100",
        pending="3m",
    )
