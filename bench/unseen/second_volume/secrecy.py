"""Certificates that ran out, and passwords that only one side has changed."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import nightly_job, recent_rollout
from bench.unseen.events import every
from bench.unseen.second_volume.freight import FREIGHT
from bench.unseen.second_volume.gable import GABLE
from bench.unseen.second_volume.hearth import HEARTH
from bench.unseen.second_volume.telling import broken, monitor, second
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@second(GABLE, "certificate", Truth("linkerd-identity", "certificate"))
def issuer_of_the_mesh_has_expired(r: Recording) -> None:
    r.alert(
        -150,
        "CertificateExpiresSoon",
        "linkerd-identity-issuer expires in less than 12 hours",
        secret="linkerd-identity-issuer",
        namespace="linkerd",
        pending="1h",
    )
    r.logs(
        every(0, 240, 13),
        "linkerd-identity",
        'time="2026-08-11T10:00:00Z" level=error msg="could not process CSR because of CA cert validation failure: x509: certificate has expired or is not yet valid: current time 2026-08-11T10:00:00Z is after 2026-08-11T09:59:41Z - CSR Identity : portal.gable.serviceaccount.identity.linkerd.cluster.local"',
    )
    r.event(
        0.5,
        r.of("Deployment", "linkerd-identity"),
        "IssuerValidationFailed",
        "x509: certificate has expired or is not yet valid",
        component="linkerd-identity",
    )
    for app in ("portal", "tenants", "collab", "invoices"):
        r.logs(
            every(14, 240, 24),
            app,
            '[ {n}.118620s]  WARN ThreadId(02) identity:identity{server.addr=linkerd-identity-headless.linkerd.svc.cluster.local:8080}: linkerd_proxy_identity_client::certify: Failed to obtain identity error=status: Unknown, message: "x509: certificate has expired or is not yet valid"',
            "warning",
            container="linkerd-proxy",
        )
    for path in (("traefik", "portal", "tenants"), ("traefik", "portal", "identity"), ("traefik", "collab", "tenants"), ("jobs", "search")):
        broken(
            r,
            path,
            "client error (Connect): endpoint 10.244.4.7: invalid peer certificate: Expired",
            since=20,
            error_type="502",
            status=502,
            step=20,
            share=0.8,
            milliseconds=4,
        )
    r.logs(
        every(22, 240, 17),
        "portal",
        "[ {n}.730021s]  WARN ThreadId(01) outbound:proxy{addr=10.96.61.9:7000}: rustls::check: TLS handshake failed error=invalid peer certificate: Expired",
        "warning",
        container="linkerd-proxy",
    )
    r.burn(120, "portal")
    monitor(r, 150, "[gable] Mesh success rate", "19% in namespace gable, threshold 95%", kube_namespace="gable")


@second(HEARTH, "certificate", Truth("api.moderate.example", "certificate"), decoy=True)
def partner_let_its_certificate_run_out(r: Recording) -> None:
    recent_rollout(r, "tokenizer", "r205", at=-95)
    broken(
        r,
        ("istio-ingressgateway", "prompt-gateway", "api.moderate.example"),
        "certificate has expired",
        since=1,
        error_type="CERT_HAS_EXPIRED",
        step=9,
        milliseconds=60,
        outer=500,
    )
    r.logs(
        every(2, 240, 11),
        "prompt-gateway",
        '{"level":50,"time":1784000000000,"name":"prompt-gateway","err":{"type":"Error","message":"certificate has expired","code":"CERT_HAS_EXPIRED"},"msg":"moderation of {n} failed","host":"api.moderate.example"}',
    )
    r.logs(
        every(6, 240, 37),
        "prompt-gateway",
        '{"level":40,"time":1784000000000,"name":"prompt-gateway","msg":"refusing prompts while moderation is away","refused":{n}}',
        "warning",
    )
    r.burn(90, "prompt-gateway")
    r.alert(
        60,
        "SyntheticCheckFailed",
        "https://api.moderate.example/v2/health: SSL certificate problem: certificate has expired",
        instance="api.moderate.example",
        probe="tls",
    )


@second(FREIGHT, "credentials", Truth("eta-worker", "credentials_rotated"), decoy=True)
def user_of_the_broker_got_a_new_password(r: Recording) -> None:
    recent_rollout(r, "tracking-api", "119.0", at=-160)
    r.change(0, r.of("Secret", "eta-worker-kafka"), "data changed: password, sasl.jaas.config", "secret", ("password", "sasl.jaas.config"))
    r.logs(
        (1.5,),
        "strimzi-cluster-operator",
        "INFO  UserOperator: Reconciliation #{n}(watch) KafkaUser(kafka/eta-worker): User eta-worker in namespace kafka was MODIFIED",
        "info",
    )
    line = "ERROR [org.apache.kafka.clients.NetworkClient] [Consumer clientId=eta-worker-1, groupId=eta-worker] Connection to node 1 (kafka-1.kafka.svc/10.244.6.2:9092) failed authentication due to: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512"
    r.logs(every(14, 240, 12), "eta-worker", line)
    r.logs(
        every(15, 240, 19),
        "kafka",
        "INFO [SocketServer listenerType=BROKER, nodeId=1] Failed authentication with /10.244.9.44 (channelId=10.244.6.2:9092-10.244.9.44:{n}-3) (Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512) (org.apache.kafka.common.network.Selector)",
        "info",
    )
    broken(
        r,
        ("eta-worker", "kafka"),
        "org.apache.kafka.common.errors.SaslAuthenticationException: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512",
        since=14,
        error_type="SaslAuthenticationException",
        step=15,
    )
    r.alert(
        160,
        "KafkaConsumerGroupLag",
        "Group eta-worker is 31000 messages behind on eta.requests",
        consumergroup="eta-worker",
        topic="eta.requests",
    )


@second(HEARTH, "credentials", Truth("usage-meter", "credentials_rotated"), decoy=True)
def old_login_stays_in_the_environment(r: Recording) -> None:
    nightly_job(r, "batch-embed", at=-60)
    r.change(0, r.of("Secret", "meter-db-login"), "data changed: password", "secret", ("password",))
    r.logs((0.8,), "meter-db", "LOG:  statement: ALTER ROLE meter PASSWORD <hidden>", "info")
    r.logs(every(16, 240, 10), "meter-db", 'FATAL:  password authentication failed for user "meter"')
    error = 'Npgsql.PostgresException (0x80004005): 28P01: password authentication failed for user "meter"'
    broken(
        r,
        ("istio-ingressgateway", "prompt-gateway", "usage-meter", "meter-db"),
        error,
        since=17,
        error_type="28P01",
        step=12,
        outer=500,
        share=0.9,
        more={"db.system.name": "postgresql", "db.response.status_code": "28P01"},
    )
    r.logs(
        every(18, 240, 14),
        "usage-meter",
        "fail: Microsoft.EntityFrameworkCore.Database.Connection[20004] An error occurred using the connection to database 'meter' on server 'tcp://meter-db:5432'. Npgsql.PostgresException: 28P01: password authentication failed for user \"meter\"",
    )
    r.logs(
        every(24, 240, 31),
        "prompt-gateway",
        '{"level":50,"time":1784000000000,"name":"prompt-gateway","msg":"allowance unknown","tenant":"t{n}","status":500}',
    )
    r.alert(130, "UsageNotRecorded", "No usage was recorded for 2 minutes", team="metering", severity="critical")
