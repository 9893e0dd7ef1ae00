"""Releases that are well by themselves and not with those they talk to."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.fourth_volume.chance import settings_edited
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fourth(TELLERS, "releases", Truth("payment-orchestrator", "bad_rollout"), decoy=True)
def caller_is_a_version_ahead_of_who_it_calls(r: Recording) -> None:
    settings_edited(r, "haproxy-ingress", "haproxy-controller", "timeout-queue", at=-70)
    image = TELLERS.workload("payment-orchestrator").image.replace("R26.09.1", "R26.10.0")
    for number, pod in enumerate(r.rollout(0, "payment-orchestrator", image=image)):
        r.log(
            17.0 + 2 * number,
            pod,
            '{"@timestamp":"-","level":"INFO","logger_name":"c.c.p.orchestrator.OrchestratorApplication","message":"Started OrchestratorApplication in 12.9 seconds (process running for 13.6)"}',
            "info",
        )
        r.ready(18.0 + 2 * number, pod)
    thrown = "404 Not Found from POST http://sanctions-screening:8080/v2/screen/parties"
    failing(
        r,
        ("haproxy-ingress", "channel-api", "payment-orchestrator", "sanctions-screening"),
        thrown,
        since=24,
        step=17,
        share=0.45,
        error_type="404",
        status=404,
        milliseconds=6,
        more={"http.response.status_code": 404, "url.full": "http://sanctions-screening:8080/v2/screen/parties"},
    )
    r.logs(
        every(25, 300, 15),
        "payment-orchestrator",
        '{"@timestamp":"-","level":"ERROR","logger_name":"c.c.p.orchestrator.flow.PaymentFlow","message":"step SCREEN_PARTIES of E2E{n} failed","stack_trace":"feign.FeignException$NotFound: [404 Not Found] during [POST] to [http://sanctions-screening:8080/v2/screen/parties] [ScreeningClient#parties(PartiesRequest)]: []"}',
        error_type="feign.FeignException$NotFound",
    )
    r.logs(
        every(26, 300, 33),
        "sanctions-screening",
        "WARN  [com.cor.scr.AccessLog] (executor-thread-{n}) POST /v2/screen/parties 404 0 - feign-hc5 from payment-orchestrator",
        "warning",
    )
    grafana(
        r,
        155,
        "Corporate payments rejected",
        "44% of payments with more than one party ended in RJCT/MS03",
        folder="payments-slo",
        severity="critical",
        team="corporate",
    )
    r.burn(215, "channel-api")


@fourth(GRID, "releases", Truth("meter-ingest", "bad_rollout"))
def producer_writes_what_its_consumers_cannot_read(r: Recording) -> None:
    image = f"{GRID.workload('meter-ingest').image.rpartition(':')[0]}:v2.62.0"
    for number, pod in enumerate(r.rollout(0, "meter-ingest", image=image)):
        r.log(7.0 + number, pod, "2026-11-08T02:11:07.400118Z  INFO meter_ingest: starting version=2.62.0 envelope=zstd", "info")
        r.ready(9.0 + number, pod)
    r.logs(
        every(14, 300, 8),
        "rollup-worker",
        '{"level":"ERROR","msg":"cannot decode reading, message is redelivered","err":"proto: cannot parse invalid wire-format data","stream":"METERS","seq":{n},"deliveries":3}',
        error_type="proto.wireFormat",
    )
    for at in every(15, 300, 16):
        r.span(
            r.nearly(at, 6),
            "rollup-worker",
            "",
            "METERS process",
            error="proto: cannot parse invalid wire-format data",
            error_type="*errors.prefixError",
            milliseconds=2,
            kind="consumer",
            more={"messaging.system": "nats", "messaging.destination.name": "METERS", "messaging.operation.type": "process"},
        )
    r.disturb("rollup-worker", "nats", 14, errors=0.97)
    r.disturb("rollup-worker", "grid-pooler", 14, errors=0.0, slower=0.4)
    unusual(r, 70, r.of("Service", "nats"), "nats_consumer_num_redelivered{stream_name=METERS,consumer_name=rollup}", 38_400, 0, 50)
    for at in (120.0, 210.0):
        r.log(
            at,
            r.pod("nats", 1),
            "[1] 2026/11/08 02:13:10.811204 [WRN] JetStream consumer '$G > METERS > rollup' exceeded max deliver attempts for 912 messages",
            "warning",
        )
    grafana(
        r,
        140,
        "Readings are late",
        "newest reading in TimescaleDB is 128s old (limit 90s)",
        folder="data-freshness",
        severity="critical",
        dataset="readings",
    )
    r.logs(
        every(130, 300, 31),
        "flex-optimizer",
        "WARNING flex.horizon: newest reading of feeder F-{n} is older than 120 s, falling back to the profile of last week",
        "warning",
    )
    r.alert(
        255,
        "NatsConsumerPendingHigh",
        "Consumer rollup of stream METERS has 260118 pending messages",
        stream_name="METERS",
        consumer_name="rollup",
        namespace="grid",
    )
