"""Policies that are too tight, and names that nobody resolves."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout, scaled_elsewhere, unrelated_alert
from bench.unseen.events import every
from bench.unseen.object_parts import Content, Thing
from bench.unseen.second_volume.freight import FREIGHT
from bench.unseen.second_volume.gable import GABLE
from bench.unseen.second_volume.hearth import HEARTH
from bench.unseen.second_volume.telling import broken, monitor, second
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


def _policy(r: Recording, name: str, namespace: str, app: str, action: str, rules: Content) -> Thing:
    chosen = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": app}}, **rules}
    r.objects.add("NetworkPolicy", name, namespace, r.second(0), spec=chosen)
    policy = r.of("NetworkPolicy", name, namespace)
    words = "added" if action == "ADDED" else "spec changed: " + ", ".join(sorted(rules))
    r.change(0, policy, words, "networkpolicy", (), action=action)
    return policy


def _dropped(r: Recording, at: float, source: Thing, target: Thing, port: int, direction: str) -> None:
    about = source if direction == "egress" else target
    r.tell(
        at,
        kind="network",
        source="hubble",
        severity="warning",
        message=f"{source.namespace}/{source.name} <> {target.namespace}/{target.name}:{port} policy-verdict:none {direction.upper()} DENIED (TCP Flags: SYN)",
        network={"protocol": "tcp", "source_ip": source.address, "dest_ip": target.address, "dest_port": port, "direction": direction},
        attributes={"drop_reason": "POLICY_DENIED"},
        k8s_context={"kind": "Pod", "name": about.name, "namespace": about.namespace, "uid": about.uid, "node_name": about.node},
    )


@second(FREIGHT, "network policy", Truth("position-stream", "network_policy"), decoy=True)
def only_the_web_may_be_reached(r: Recording) -> None:
    recent_rollout(r, "label-printer", "118.1", at=-110)
    _policy(
        r,
        "position-stream-egress",
        "freight",
        "position-stream",
        "ADDED",
        {"policyTypes": ["Egress"], "egress": [{"ports": [{"port": 443}, {"port": 53}]}]},
    )
    for number, at in enumerate(every(3, 240, 12)):
        target = r.pods("kafka")[number % 3] if number % 4 else r.pod("fleet-redis")
        _dropped(r, r.nearly(at), r.pods("position-stream")[number % 3], target, 9092 if number % 4 else 6379, "egress")
    line = "WARN  [org.apa.kaf.cli.NetworkClient] (stream-thread-1) [Consumer clientId=position-stream-1, groupId=position-stream] Connection to node 2 (kafka-2.kafka.svc/10.244.11.{n}:9092) could not be established. Node may not be available."
    r.logs(every(8, 240, 9), "position-stream", line, "warning")
    broken(
        r,
        ("position-stream", "kafka"),
        "org.apache.kafka.common.errors.DisconnectException",
        since=12,
        error_type="DisconnectException",
        step=19,
        milliseconds=10_000,
    )
    broken(
        r,
        ("position-stream", "fleet-redis"),
        "io.netty.channel.ConnectTimeoutException: connection timed out after 10000 ms: fleet-redis/10.96.3.7:6379",
        since=14,
        error_type="ConnectTimeoutException",
        step=18,
        milliseconds=10_000,
    )
    r.alert(
        140,
        "KafkaConsumerGroupLag",
        "Group position-stream is 412000 messages behind on positions",
        consumergroup="position-stream",
        topic="positions",
    )
    monitor(r, 190, "Vehicle positions are old", "oldest 190 s, threshold 60 s", service="tracking-api")


@second(HEARTH, "network policy", Truth("vector-db", "network_policy"), decoy=True)
def callers_of_another_label(r: Recording) -> None:
    unrelated_alert(r, "usage-meter")
    source = {"from": [{"podSelector": {"matchLabels": {"app": "chat-api-v2"}}}], "ports": [{"port": 6333}]}
    _policy(r, "vector-db", "hearth", "vector-db", "MODIFIED", {"policyTypes": ["Ingress"], "ingress": [source]})
    for number, at in enumerate(every(2, 240, 11)):
        _dropped(r, r.nearly(at), r.pods("chat-api")[number % 3], r.pods("vector-db")[number % 2], 6333, "ingress")
    timeout = "qdrant_client.http.exceptions.ResponseHandlingException: timed out"
    broken(
        r,
        ("istio-ingressgateway", "prompt-gateway", "chat-api", "vector-db"),
        timeout,
        since=7,
        error_type="ResponseHandlingException",
        step=12,
        milliseconds=5_000,
        outer=500,
        slower=60,
    )
    r.logs(every(8, 240, 15), "chat-api", "ERROR:chat_api.retrieval:search in docs failed for {n}: ResponseHandlingException: timed out")
    flag = '[2026-07-21T10:00:00.000Z] "- - -" 0 UF,URX delayed_connect_error:_110 - "-" 0 0 10001 - "-" "-" "-" "-" "10.244.6.8:6333" outbound|6333||vector-db.hearth.svc.cluster.local - 10.96.88.2:6333 10.244.3.71:{n} - -'
    r.logs(every(9, 240, 17), "chat-api", flag, "warning", container="istio-proxy")
    r.alert(110, "RetrievalErrorRatio", "Retrieval fails for 99% of prompts", severity="critical", service="chat-api", namespace="hearth")


@second(GABLE, "names", Truth("coredns", "dns_failure"), decoy=True)
def upstream_resolver_does_not_answer(r: Recording) -> None:
    scaled_elsewhere(r, "collab", 3, at=-85)
    r.objects.add("ConfigMap", "coredns", "kube-system")
    r.change(0, r.of("ConfigMap", "coredns", "kube-system"), "data changed: Corefile", "config", ("Corefile",))
    r.logs((21.0, 22.5), "coredns", "[INFO] Reloading complete", "info")
    for host, step in (("api.taxrates.example.", 11), ("smtp.postrelay.example.", 14)):
        r.logs(
            every(24, 240, step), "coredns", "[ERROR] plugin/errors: 2 " + host + " A: read udp 10.244.2.5:{n}->172.31.0.99:53: i/o timeout"
        )
    broken(
        r,
        ("traefik", "portal", "invoices", "api.taxrates.example"),
        "cURL error 6: Could not resolve host: api.taxrates.example",
        since=28,
        error_type="GuzzleHttp\\Exception\\ConnectException",
        step=13,
        milliseconds=10_000,
        outer=500,
        share=0.9,
    )
    r.logs(
        every(30, 240, 16),
        "invoices",
        '[2026-08-11T10:00:00] app.CRITICAL: Uncaught GuzzleHttp\\Exception\\ConnectException: cURL error 6: Could not resolve host: api.taxrates.example {"invoice":{n}} []',
    )
    broken(
        r,
        ("jobs", "smtp.postrelay.example"),
        "SocketError: getaddrinfo: Temporary failure in name resolution",
        since=29,
        error_type="SocketError",
        step=21,
        milliseconds=10_000,
    )
    r.alert(
        120, "CoreDNSForwardErrorsHigh", "97% of forwarded queries to 172.31.0.99:53 fail", namespace="kube-system", severity="critical"
    )
    r.alert(200, "InvoicesNotRendered", "Invoices cannot be rendered for 6 minutes", service="invoices", team="billing")


@second(FREIGHT, "names", Truth("coredns", "dns_failure"))
def stub_zone_was_dropped(r: Recording) -> None:
    r.objects.add("ConfigMap", "coredns", "kube-system")
    r.change(0, r.of("ConfigMap", "coredns", "kube-system"), "data changed: Corefile", "config", ("Corefile",))
    r.logs((18.0, 19.1), "coredns", "[INFO] plugin/reload: Running configuration SHA512 = 5d1f0c{n}", "info")
    for at in every(22, 240, 9):
        r.log(
            r.nearly(at),
            r.pods("coredns")[int(at) % 2],
            f'[INFO] 10.244.7.{int(at) % 200}:40{int(at):03d} - 8121 "A IN geo-postgres.freight.svc.cluster.local. udp 56 false 512" SERVFAIL qr,rd 56 0.00021s',
            "warning",
        )
    for path, error, kind in (
        (
            ("eta-worker", "route-planner", "geo-postgres"),
            "error communicating with database: failed to lookup address information: Temporary failure in name resolution",
            "sqlx::Error::Io",
        ),
        (
            ("edge-proxy", "tracking-api", "fleet-redis"),
            "dial tcp: lookup fleet-redis.freight.svc.cluster.local on 10.96.0.10:53: server misbehaving",
            "*net.DNSError",
        ),
        (
            ("edge-proxy", "order-intake", "label-printer"),
            'Post "http://label-printer:8080/labels": dial tcp: lookup label-printer on 10.96.0.10:53: server misbehaving',
            "*net.DNSError",
        ),
        (("dispatcher", "tracking-api"), "** (Mint.TransportError) non-existing domain", "Mint.TransportError"),
    ):
        broken(r, path, error, since=24, error_type=kind, step=22, share=0.8, milliseconds=40)
    r.logs(
        every(27, 240, 23),
        "position-stream",
        "WARN  [org.apa.kaf.cli.ClientUtils] (stream-thread-3) Couldn't resolve server kafka-bootstrap.kafka.svc:9092 from bootstrap.servers as DNS resolution failed for kafka-bootstrap.kafka.svc",
        "warning",
    )
    r.alert(100, "DNSServfailRatio", "81% of answers of cluster DNS are SERVFAIL", severity="critical", namespace="kube-system")
    r.burn(170, "tracking-api")
