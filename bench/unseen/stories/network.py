"""Everybody is well and they do not reach each other: policies and certificates."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import recent_rollout, scaled_elsewhere, unrelated_alert
from bench.unseen.events import every
from bench.unseen.more_applications import TELEMETRY
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story


@story(BANK, "network", Truth("ledger", "network_policy"), decoy=True)
def policy_forgets_a_caller(r: Recording) -> None:
    recent_rollout(r, "transfers", "2.30.2", at=-140)
    policy = r.of("NetworkPolicy", "ledger", "core-banking")
    r.change(0, policy, "changed: ingress", "spec", ["ingress"])
    chosen = {"matchLabels": {"app.kubernetes.io/name": "ledger"}}
    source = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "accounts"}}}
    r.objects.add(
        "NetworkPolicy", "ledger", "core-banking", spec={"podSelector": chosen, "policyTypes": ["Ingress"], "ingress": [{"from": [source]}]}
    )
    reset = "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: connection timeout"
    r.failures(
        every(6, 200, 10),
        ("istio-ingressgateway", "web-bff", "transfers", "ledger"),
        reset,
        error_type="503",
        status=503,
        outer=500,
        milliseconds=10_000,
    )
    line = '[2026-03-03T10:00:00.000Z] "POST /entries HTTP/1.1" 503 UF,URX upstream_reset_before_response_started{connection_timeout} - "-" 311 114 10000 - "-" "Java-http-client/21" "{n}" "ledger:8080" "10.244.5.31:8080" outbound|8080||ledger.core-banking.svc.cluster.local'
    r.logs(every(8, 200, 15), "transfers", line, "warning", container="istio-proxy")
    r.logs(
        every(10, 200, 31),
        "transfers",
        "c.a.b.transfers.LedgerClient : posting of entry {n} failed after 2 attempts: 503 Service Unavailable",
    )
    r.disturb("transfers", "ledger", errors=1.0, slower=100)
    r.disturb("web-bff", "transfers", errors=0.95, slower=60)
    r.burn(165, "transfers")


@story(TELEMETRY, "network", Truth("registry-sql", "network_policy"), decoy=True)
def packets_dropped_by_policy(r: Recording) -> None:
    scaled_elsewhere(r, "dashboard", 3)
    r.change(0, r.of("NetworkPolicy", "registry-sql", "beacon"), "added", "added", action="ADDED")
    chosen = {"matchLabels": {"app.kubernetes.io/name": "registry-sql"}}
    r.objects.add(
        "NetworkPolicy", "registry-sql", "beacon", r.second(0), spec={"podSelector": chosen, "policyTypes": ["Ingress"], "ingress": []}
    )
    database = r.pod("registry-sql")
    for number, at in enumerate(every(2, 190, 12)):
        caller = r.pods("device-registry")[number % 2]
        r.tell(
            r.nearly(at),
            kind="network",
            source="ebpf",
            severity="warning",
            message=f"Policy denied DROPPED (TCP Flags: SYN) {caller.name} -> {database.name}:1433",
            network={
                "protocol": "tcp",
                "source_ip": caller.address,
                "dest_ip": database.address,
                "dest_port": 1433,
                "direction": "ingress",
            },
            attributes={"drop_reason": "POLICY_DENIED"},
            k8s_context={"kind": "Pod", "name": database.name, "namespace": "beacon", "uid": database.uid, "node_name": database.node},
        )
    timeout = "Microsoft.Data.SqlClient.SqlException (0x80131904): Connection Timeout Expired. The timeout period elapsed while attempting to consume the pre-login handshake acknowledgement."
    r.failures(
        every(16, 190, 14),
        ("ingest-gateway", "device-registry", "registry-sql"),
        timeout,
        error_type="Microsoft.Data.SqlClient.SqlException",
        milliseconds=15_000,
    )
    r.logs(
        every(17, 190, 25),
        "device-registry",
        "fail: Microsoft.EntityFrameworkCore.Database.Connection[20004] An error occurred using the connection to database 'registry' on server 'registry-sql,1433'.",
    )
    r.disturb("device-registry", "registry-sql", errors=1.0, slower=900)
    r.disturb("ingest-gateway", "device-registry", errors=0.9, slower=400)
    r.burn(150, "device-registry")


@story(BANK, "network", Truth("fraud-check", "certificate"))
def workload_certificate_expired(r: Recording) -> None:
    for pod in r.pods("fraud-check"):
        r.log(
            -30,
            pod,
            "warning envoy config external/envoy/source/common/config/grpc_stream.h:152 StreamSecrets gRPC config stream to sds-grpc closed: 14, connection error",
            "warning",
            container="istio-proxy",
        )
    broken = "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure, transport failure reason: TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:certificate has expired:TLS_error_end"
    r.failures(
        every(2, 200, 10),
        ("istio-ingressgateway", "web-bff", "transfers", "fraud-check"),
        broken,
        error_type="503",
        status=503,
        outer=500,
        milliseconds=12,
    )
    line = '[2026-03-03T10:00:00.000Z] "POST /score HTTP/1.1" 503 UF upstream_reset_before_response_started{remote_connection_failure|TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED} - "-" 0 201 9 - "-" "Java-http-client/21" "{n}" "fraud-check:8080" "10.244.8.4:8080"'
    r.logs(every(3, 200, 14), "transfers", line, "warning", container="istio-proxy")
    r.disturb("transfers", "fraud-check", errors=1.0)
    r.disturb("web-bff", "transfers", errors=0.98)
    r.burn(150, "transfers")


@story(SHOP, "network", Truth("storefront", "certificate"), decoy=True)
def public_certificate_expired(r: Recording) -> None:
    unrelated_alert(r, "search")
    rule = {
        "host": "shop.marigold.example",
        "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "storefront", "port": {"number": 3000}}}}]},
    }
    r.objects.add(
        "Ingress",
        "storefront",
        "shopfront",
        spec={"ingressClassName": "nginx", "tls": [{"hosts": ["shop.marigold.example"], "secretName": "storefront-tls"}], "rules": [rule]},
    )
    r.objects.add("Secret", "storefront-tls", "shopfront", type="kubernetes.io/tls")
    certificate = r.of("Certificate", "storefront-tls", "shopfront")
    r.event(
        -60,
        certificate,
        "Failed",
        'The certificate request has failed to complete and will be retried: Failed to wait for order resource "storefront-tls-1-3021" to become ready: order is in "invalid" state: ',
        component="cert-manager-certificates-issuing",
        count=41,
        since=-86_400 * 12,
    )
    for at in every(0, 200, 18):
        r.log(
            r.nearly(at, 5),
            r.pod("ingress-nginx-controller"),
            'W0403 09:00:04.112 controller.go:1480] SSL certificate for server "shop.marigold.example" has expired (2026-04-03 09:00:00 +0000 UTC)',
            "warning",
        )
    r.alert(
        62,
        "BlackboxProbeFailed",
        "https://shop.marigold.example/ cannot be probed: tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
        instance="https://shop.marigold.example/",
        target="storefront",
        severity="critical",
        pending="1m",
    )
    r.alert(
        95,
        "SSLCertExpired",
        "The certificate of shop.marigold.example has expired",
        service="storefront",
        namespace="shopfront",
        host="shop.marigold.example",
        severity="critical",
    )
    r.disturb("ingress-nginx-controller", "storefront", errors=0.0)
