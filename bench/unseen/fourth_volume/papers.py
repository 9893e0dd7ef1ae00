"""Certificates that nobody renewed."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

MQ = {"messaging.system": "ibm_mq", "messaging.destination.name": "SCT.OUT"}


@fourth(TELLERS, "papers", Truth("mq-payments", "certificate"))
def queue_manager_shows_an_expired_label(r: Recording) -> None:
    failed = "JMSWMQ0018: Failed to connect to queue manager 'PAYQM1' with connection mode 'Client' and host name 'mq-payments(1414)'. JMSCMQ0001: IBM MQ call failed with compcode '2' ('MQCC_FAILED') reason '2393' ('MQRC_SSL_INITIALIZATION_ERROR')."
    failing(
        r,
        ("scheme-gateway", "mq-payments"),
        failed,
        since=2,
        step=26,
        share=0.5,
        error_type="com.ibm.msg.client.jms.DetailedJMSException",
        more=MQ,
        milliseconds=64,
    )
    failing(
        r,
        ("haproxy-ingress", "channel-api", "payment-orchestrator", "mq-payments"),
        failed,
        since=70,
        step=18,
        share=0.8,
        error_type="com.ibm.msg.client.jms.DetailedJMSException",
        more=MQ,
        milliseconds=71,
        outer=503,
    )
    r.logs(
        every(3, 300, 16),
        "scheme-gateway",
        '{"@timestamp":"-","level":"ERROR","logger_name":"o.s.jms.listener.DefaultMessageListenerContainer","message":"Could not refresh JMS Connection for destination \'SCT.OUT\' - retrying using FixedBackOff{interval=5000, currentAttempts={n}, maxAttempts=unlimited}. Cause: JMSWMQ0018: Failed to connect to queue manager \'PAYQM1\'; AMQ9771: SSL handshake failed. javax.net.ssl.SSLHandshakeException: PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed"}',
        error_type="javax.net.ssl.SSLHandshakeException",
    )
    queue_manager = r.pod("mq-payments")
    for planned in every(4, 300, 22):
        at = r.nearly(planned)
        r.log(
            at,
            queue_manager,
            "2026-09-14T03:11:04.610Z AMQ9665E: SSL connection closed by remote end of channel '????'. [CommentInsert1(????), CommentInsert2(gsk_secure_soc_init), CommentInsert3(10.244.11.31)]",
        )
        r.log(
            at + 0.1,
            queue_manager,
            "2026-09-14T03:11:04.612Z AMQ9999E: Channel '????' to host '10.244.11.31' ended abnormally. [CommentInsert1(????), CommentInsert2(????), CommentInsert3(10.244.11.31)]",
        )
    unusual(r, 95, queue_manager, "ibmmq_qmgr_connection_count", 3, 34, 61)
    grafana(
        r,
        140,
        "Instant payments accepted",
        "41 payments accepted in 2m (usually 610)",
        folder="payments-slo",
        severity="critical",
        team="instant",
    )
    r.alert(
        240,
        "X509CertificateExpired",
        'Certificate for "CN=PAYQM1,OU=payments,O=corvid" expired 4 minutes ago',
        subject_CN="PAYQM1",
        secret_name="mq-payments-tls",
        secret_namespace="payments",
        severity="critical",
    )


@fourth(GRID, "papers", Truth("emqx", "certificate"))
def meters_hang_up_on_the_listener(r: Recording) -> None:
    unusual(r, 55, r.of("Service", "meter-ingest"), "meter_ingest_messages_per_second", 2_110, 3_200, 4_300)
    unusual(r, 85, r.of("Service", "nats"), "nats_stream_messages_in_rate{stream_name=METERS}", 1_640, 3_200, 4_300)
    r.disturb("meter-ingest", "emqx", 10, errors=0.0)
    r.logs(
        every(60, 300, 21),
        "meter-ingest",
        "2026-11-08T02:12:00.000000Z  WARN meter_ingest::pump: batch closed by timer, not by size messages={n} wanted=500",
        "warning",
    )
    r.logs(
        every(4, 300, 11),
        "emqx",
        "2026-11-08T02:11:04.110031+00:00 [error] supervisor: 'esockd_connection_sup - <0.2841.0>', errorContext: connection_shutdown, reason: #{max => 1000000, reason => {ssl_error,{tls_alert,{certificate_expired,\"TLS server: In state connection received CLIENT ALERT: Fatal - Certificate Expired\\n\"}}}}, offender: [{pid,<0.{n}.9>},{name,connection}]",
        "info",
    )
    grafana(
        r,
        130,
        "Readings are missing",
        "38.1% of meters sent no reading in the last interval",
        folder="data-freshness",
        severity="critical",
        dataset="readings",
    )
    r.alert(
        170,
        "EmqxConnectionsDropped",
        "live connections fell from 81204 to 49880 within 3m",
        namespace="grid",
        cluster="emqx",
        severity="critical",
    )
    r.alert(
        225,
        "SSLCertExpired",
        "certificate served at mqtt.voltmere.example:8883 is not valid any more",
        instance="mqtt.voltmere.example:8883",
        job="blackbox-tls",
        severity="critical",
    )
    r.logs(
        every(140, 300, 40),
        "flex-optimizer",
        "WARNING flex.horizon: 31% of meters of feeder F-{n} are silent, forecast widened",
        "warning",
    )
