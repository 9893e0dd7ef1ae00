"""A switch for card payments: terminals speak ISO 8583 to Go, Quarkus and Spring decide, in an Istio mesh; keys and schemes are outside."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS

REGISTRY = "nexus.tollgate.example/acquiring"


def _own(name: str, **more: object) -> Workload:
    return Workload(name, **{"image": f"{REGISTRY}/{name}:7.18.2", "has_sidecar": True, **more})  # type: ignore[arg-type]


def _quarkus(name: str, **more: object) -> Workload:
    return _own(name, **{"language": "java", "probe_path": "/q/health/ready", "memory": "1536Mi", "cpu": "2", **more})


CARDS = Application(
    name="tollgate-switch",
    namespace="acquiring",
    neighbours=NEIGHBOURS,
    nodes={
        "tg-r03-n11": "dc1-row3",
        "tg-r03-n12": "dc1-row3",
        "tg-r07-n04": "dc1-row7",
        "tg-r07-n05": "dc1-row7",
        "tg-r12-n01": "dc2-row12",
        "tg-r12-n02": "dc2-row12",
    },
    workloads=(
        DNS,
        Workload("istiod", namespace="istio-system", image="docker.io/istio/pilot:1.26.3", port=15012, probe_path="/ready", memory="2Gi"),
        Workload("istio-ingressgateway", namespace="istio-system", image="docker.io/istio/proxyv2:1.26.3", port=8443, language="envoy", probe_path="/healthz/ready"),
        Workload("cert-manager", namespace="cert-manager", replicas=1, image="quay.io/jetstack/cert-manager-controller:v1.18.2", port=9402, probe_path="/livez"),
        _own("terminal-gateway", replicas=4, port=8583, probe_path="", configs=("terminal-gateway-config",)),
        _quarkus("auth-router", replicas=4, configs=("auth-router-routes",), has_autoscaler=True),
        _quarkus("risk-rules", replicas=3, memory="2Gi"),
        _own("pin-service", replicas=2, secrets=("pin-service-hsm-client",)),
        _own("token-vault", replicas=3, secrets=("token-vault-db",), environment=("PG_DSN", "KEK_ID")),
        _own("merchant-api", language="java", probe_path="/actuator/health/readiness", memory="1Gi", secrets=("merchant-api-oracle",)),
        _quarkus("clearing-writer", replicas=2, port=0, probe_path=""),
        _own("limit-keeper", replicas=2, port=8080, probe_path="/healthz"),
        Workload("kafka", kind="StatefulSet", replicas=3, image="quay.io/strimzi/kafka:0.46.0-kafka-3.9.1", port=9093, language="java", memory="6Gi", probe_path="", claim="400Gi"),
        Workload("vault-pg", kind="StatefulSet", replicas=3, image="ghcr.io/cloudnative-pg/postgresql:16.9", port=5432, language="postgres", memory="8Gi", probe_path="", claim="200Gi"),
        Workload("bin-cache", replicas=2, image="docker.io/library/memcached:1.6.38", port=11211, language="memcached", probe_path=""),
        Workload("settlement-cut", kind="CronJob", image=f"{REGISTRY}/settlement-cut:7.18.0", port=0, language="java", probe_path=""),
        Workload("scheme-simulator", replicas=1, image=f"{REGISTRY}/scheme-simulator:dev", port=0, probe_path=""),
    ),
    calls=(
        Call("istio-ingressgateway", "merchant-api", "GET /v1/merchants/{id}/payments", 60, 160),
        Call("terminal-gateway", "auth-router", "POST /authorisations", 110, 1_300),
        Call("auth-router", "risk-rules", "POST /decisions", 18, 1_280),
        Call("auth-router", "pin-service", "POST /pin/verify", 22, 640),
        Call("auth-router", "token-vault", "POST /tokens/resolve", 9, 1_150),
        Call("auth-router", "limit-keeper", "POST /limits/reserve", 7, 1_240),
        Call("auth-router", "bin-cache", "get bin", 0.7, 1_300),
        Call("auth-router", "auth.meridian-scheme.example", "POST /iso20022/cain.001", 64, 1_100),
        Call("auth-router", "kafka", "authorisations publish", 4, 1_250),
        Call("pin-service", "hsm.keyhouse.example", "CA translate PIN", 6, 640),
        Call("token-vault", "vault-pg", "SELECT token", 3, 1_160),
        Call("limit-keeper", "vault-pg", "UPDATE limit", 5, 1_200),
        Call("risk-rules", "kafka", "features process", 5, 1_100),
        Call("clearing-writer", "kafka", "authorisations process", 8, 1_240),
        Call("clearing-writer", "oracle-scan.tollgate.example", "INSERT CLEARING", 12, 600),
        Call("merchant-api", "oracle-scan.tollgate.example", "SELECT PAYMENT", 21, 170),
        Call("merchant-api", "token-vault", "POST /tokens/resolve", 10, 90),
    ),
    habits=(
        Habit("terminal-gateway", '{"level":"info","ts":"2026-10-13T10:00:00.000Z","logger":"iso8583","msg":"0810 network management","stan":{n}}', "info", 25),
        Habit("terminal-gateway", '{"level":"warn","ts":"2026-10-13T10:00:00.000Z","logger":"iso8583","msg":"terminal clock differs","terminal":"T{n}","seconds":41}', "warning", 60),
        Habit("auth-router", '{"timestamp":"-","level":"INFO","loggerName":"net.tollgate.auth.Router","message":"declined 51 insufficient funds, trace {n}"}', "info", 20),
        Habit("risk-rules", '{"timestamp":"-","level":"WARN","loggerName":"net.tollgate.risk.Features","message":"no velocity feature for merchant {n}"}', "warning", 48),
        Habit("token-vault", '{"time":"-","level":"INFO","msg":"token resolved","token":"tok_{n}"}', "info", 30),
        Habit("clearing-writer", '{"timestamp":"-","level":"INFO","loggerName":"net.tollgate.clearing.Batch","message":"batch {n} written, 500 rows"}', "info", 40),
        Habit("merchant-api", "2026-10-13T10:00:00.000Z  WARN 1 --- [nio-8080-exec-{n}] o.s.w.s.m.s.DefaultHandlerExceptionResolver : Resolved [HttpMediaTypeNotAcceptableException: No acceptable representation]", "warning", 85),
        Habit("merchant-api", "2026-10-13T10:00:00.000Z ERROR 1 --- [nio-8080-exec-{n}] n.t.merchant.Webhooks : merchant webhook answered 410 Gone", "error", 140),
        Habit("vault-pg", "2026-10-13 10:00:00.000 UTC [31] LOG:  checkpoint complete: wrote {n} buffers (0.8%); 0 WAL file(s) added, 0 removed, 2 recycled", "info", 100),
    ),
    log_source="fluentd",
    day="2026-10-13",
    writes_times=True,
)  # fmt: skip
