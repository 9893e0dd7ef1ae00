"""The payments of a bank: Spring, Quarkus and Keycloak over CockroachDB, IBM MQ and Kafka, behind HAProxy, on machines of its own in three halls."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS

REGISTRY = "nexus.corvid.example:8443/payments"


def _own(name: str, **more: object) -> Workload:
    parts: dict[str, object] = {"language": "java", "probe_path": "/actuator/health/readiness", "memory": "1536Mi", "cpu": "1"}
    return Workload(name, **{"image": f"{REGISTRY}/{name}:R26.09.1", **parts, **more})  # type: ignore[arg-type]


TELLERS = Application(
    name="corvid-payments",
    namespace="payments",
    neighbours=NEIGHBOURS,
    nodes={
        "rke-wkr-d1-01": "dc1",
        "rke-wkr-d1-02": "dc1",
        "rke-wkr-d2-01": "dc2",
        "rke-wkr-d2-02": "dc2",
        "rke-wkr-d3-01": "dc3",
        "rke-wkr-d3-02": "dc3",
    },
    workloads=(
        DNS,
        Workload("calico-node", kind="DaemonSet", namespace="calico-system", image="docker.io/calico/node:v3.28.2", port=0, probe_path=""),
        Workload("haproxy-ingress", namespace="haproxy-controller", image="docker.io/haproxytech/kubernetes-ingress:3.0.6", port=8443, language="haproxy", configs=("haproxy-ingress",)),
        Workload("kyverno-admission", namespace="kyverno", replicas=1, image="ghcr.io/kyverno/kyverno:v1.13.2", port=9443, memory="384Mi"),
        Workload("external-secrets", namespace="external-secrets", replicas=1, image="ghcr.io/external-secrets/external-secrets:v0.10.7", port=0, probe_path=""),
        _own("channel-api", replicas=3, has_autoscaler=True, environment=("ORCHESTRATOR_URL", "SSO_ISSUER")),
        _own("payment-orchestrator", replicas=3, secrets=("orchestrator-crdb",), configs=("orchestrator-application",), memory="2Gi"),
        _own("balances", secrets=("balances-crdb",)),
        _own("limits", probe_path="/q/health/ready", memory="768Mi", configs=("limits-application",)),
        _own("sanctions-screening", probe_path="/q/health/ready", memory="6Gi", cpu="2"),
        _own("fraud-scoring", language="python", port=50051, probe_path="", memory="3Gi", cpu="2"),
        _own("scheme-gateway", secrets=("scheme-gateway-mq-tls",), environment=("MQ_CONN_NAME", "SCHEME_URL")),
        _own("statement-writer", port=0, probe_path="", secrets=("statement-writer-kafka",)),
        _own("notification-hub", language="node", port=3000, probe_path="/live", memory="512Mi"),
        Workload("sso", image="quay.io/keycloak/keycloak:26.0.7", port=8080, language="java", memory="2Gi", cpu="2", probe_path="/health/ready", secrets=("sso-db",)),
        Workload("sso-db", kind="StatefulSet", replicas=1, image="docker.io/library/postgres:16.6", port=5432, language="postgres", memory="2Gi", probe_path="", claim="40Gi"),
        Workload("payments-crdb", kind="StatefulSet", replicas=3, image="docker.io/cockroachdb/cockroach:v24.3.1", port=26257, memory="8Gi", cpu="4", probe_path="/health?ready=1", claim="300Gi"),
        Workload("mq-payments", kind="StatefulSet", replicas=1, image="icr.io/ibm-messaging/mq:9.4.1.0-r1", port=1414, language="mq", memory="2Gi", probe_path="", claim="60Gi"),
        Workload("events-kafka", kind="StatefulSet", replicas=3, image="quay.io/strimzi/kafka:0.45.0-kafka-3.9.0", port=9093, language="java", memory="4Gi", cpu="2", probe_path="", claim="250Gi"),
        Workload("eod-settlement", kind="CronJob", image=f"{REGISTRY}/eod-settlement:R26.09.1", port=0, language="java", probe_path=""),
        _own("swift-archive-viewer", replicas=1, port=0, probe_path="", image=f"{REGISTRY}/swift-archive-viewer:R24.02.7"),
    ),
    calls=(
        Call("haproxy-ingress", "channel-api", "POST /v1/payments", 190, 640),
        Call("haproxy-ingress", "sso", "POST /realms/retail/protocol/openid-connect/token", 48, 210),
        Call("channel-api", "sso", "GET /realms/retail/protocol/openid-connect/certs", 9, 40),
        Call("channel-api", "balances", "GET /balances/{iban}", 21, 520),
        Call("channel-api", "payment-orchestrator", "POST /internal/payments", 140, 310),
        Call("payment-orchestrator", "limits", "POST /limits/check", 16, 310),
        Call("payment-orchestrator", "fraud-scoring", "scoring.v2.Scoring/Score", 38, 305),
        Call("payment-orchestrator", "sanctions-screening", "POST /screen", 44, 300),
        Call("payment-orchestrator", "payments-crdb", "INSERT payments", 9, 930),
        Call("payment-orchestrator", "mq-payments", "SCT.OUT send", 5, 300),
        Call("payment-orchestrator", "events-kafka", "payments.events publish", 6, 620),
        Call("limits", "payments-crdb", "UPSERT limit_usage", 7, 310),
        Call("balances", "payments-crdb", "SELECT postings", 6, 700),
        Call("scheme-gateway", "mq-payments", "SCT.OUT receive", 5, 300),
        Call("scheme-gateway", "instant.clearhub.example", "POST /pacs008", 240, 290),
        Call("statement-writer", "events-kafka", "payments.events process", 12, 600),
        Call("statement-writer", "payments-crdb", "INSERT statement_lines", 8, 600),
        Call("notification-hub", "events-kafka", "payments.events process", 9, 580),
        Call("notification-hub", "api.smsroute.example", "POST /messages", 130, 160),
        Call("sso", "sso-db", "SELECT user_session", 3, 480),
    ),
    habits=(
        Habit("channel-api", '{"@timestamp":"-","level":"INFO","logger_name":"c.c.p.channel.web.PaymentController","message":"payment accepted","thread_name":"tomcat-handler-{n}","endToEndId":"E2E{n}"}', "info", 24),
        Habit("channel-api", '{"@timestamp":"-","level":"WARN","logger_name":"o.s.w.s.m.s.DefaultHandlerExceptionResolver","message":"Resolved [org.springframework.web.HttpRequestMethodNotSupportedException: Request method \'HEAD\' is not supported]"}', "warning", 65),
        Habit("payment-orchestrator", '{"@timestamp":"-","level":"WARN","logger_name":"com.zaxxer.hikari.pool.PoolBase","message":"HikariPool-1 - Failed to validate connection org.postgresql.jdbc.PgConnection@{n} (This connection has been closed.). Possibly consider using a shorter maxLifetime value."}', "warning", 120),
        Habit("haproxy-ingress", '10.244.9.1:{n} [14/Sep/2026:03:10:22.104] https~ payments_channel-api_8080/SRV_2 0/0/1/182/183 201 512 - - ---- 212/198/14/5/0 0/0 "POST https://pay.corvid.example/v1/payments HTTP/2.0"', "info", 28),
        Habit("payments-crdb", "I260914 03:10:11.402133 {n} kv/kvserver/queue.go:1203 ⋮ [T1,Vsystem,n2,s2,r88/3:‹/Table/112/1›] 61  processing replica took 1.2s", "info", 55),
        Habit("mq-payments", "2026-09-14T03:10:05.122Z AMQ9209E: Connection to host '10.244.7.1' for channel 'MONITOR.SVRCONN' closed. [CommentInsert1(10.244.7.1 (10.244.7.{n}))]", "error", 95),
        Habit("notification-hub", '{"level":40,"name":"hub","msg":"push token expired, falling back to sms","customer":"c{n}"}', "warning", 40),
        Habit("sso", "WARN  [org.keycloak.events] (executor-thread-{n}) type=\"LOGIN_ERROR\", realmName=\"retail\", clientId=\"mobile\", error=\"invalid_user_credentials\"", "warning", 45),
        Habit("statement-writer", "INFO  o.a.k.c.consumer.internals.ConsumerCoordinator : [Consumer clientId=statement-writer-1, groupId=statement-writer] Committed offset {n}", "info", 50),
    ),
    log_source="fluentd",
    day="2026-09-14",
    writes_times=True,
)  # fmt: skip
