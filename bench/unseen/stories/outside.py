"""Causes that are nobody's here: others' interfaces that are down, refuse, or answer too late; and brokers that everybody waits for."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import old_crash_loop, recent_rollout, scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.more_applications import ML, TELEMETRY
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story


@story(SHOP, "outside", Truth("api.cardbridge.example", "external_outage", "host"), decoy=True)
def card_processor_down(r: Recording) -> None:
    recent_rollout(r, "checkout", "5.12.4", at=-180)
    r.failures(
        every(0, 220, 9),
        ("ingress-nginx-controller", "storefront", "checkout", "api.cardbridge.example"),
        "HTTP 503 in POST /v3/charges",
        error_type="503",
        status=503,
        milliseconds=700,
        outer=502,
    )
    r.logs(
        every(1, 220, 12),
        "checkout",
        '{"level":"error","event":"charge.failed","provider":"cardbridge","status":503,"body":"Service Unavailable","order":"{n}"}',
    )
    r.disturb("checkout", "api.cardbridge.example", errors=0.95, slower=4)
    r.disturb("storefront", "checkout", errors=0.9)
    r.burn(150, "checkout")


@story(BANK, "outside", Truth("fx.rateboard.example", "external_outage", "host"))
def rates_are_refused(r: Recording) -> None:
    r.failures(
        every(0, 210, 12),
        ("istio-ingressgateway", "web-bff", "transfers", "fx.rateboard.example"),
        "429 Too Many Requests from GET https://fx.rateboard.example/v1/quotes",
        error_type="429",
        status=429,
        milliseconds=40,
        outer=502,
    )
    r.logs(
        every(2, 210, 17),
        "transfers",
        'c.a.b.transfers.Quotes : quota of rate provider used up: 429 Too Many Requests: "{\\"error\\":\\"rate_limited\\",\\"retry_after\\":3600}" for transfer {n}',
        error_type="HttpClientErrorException$TooManyRequests",
    )
    r.disturb("transfers", "fx.rateboard.example", errors=0.97)
    r.disturb("web-bff", "transfers", errors=0.3)
    r.burn(165, "transfers")


@story(TELEMETRY, "outside", Truth("hooks.pagerelay.example", "external_outage", "host"), decoy=True)
def pages_are_not_delivered(r: Recording) -> None:
    scaled_elsewhere(r, "normalizer", 4, at=-100)
    error = 'Post "https://hooks.pagerelay.example/v2/enqueue": net/http: TLS handshake timeout'
    for at in every(0, 200, 11):
        r.span(
            r.nearly(at),
            "alert-evaluator",
            "hooks.pagerelay.example",
            "POST /v2/enqueue",
            error=error,
            error_type="timeout",
            milliseconds=10_000,
            callee_attribute="server.address",
        )
    r.logs(
        every(1, 200, 18),
        "alert-evaluator",
        'level=error msg="notify failed" receiver=pager attempt={n} err="Post \\"https://hooks.pagerelay.example/v2/enqueue\\": net/http: TLS handshake timeout"',
    )
    r.disturb("alert-evaluator", "hooks.pagerelay.example", errors=1.0, slower=90)
    r.alert(
        120,
        "NotificationsFailing",
        "100% of the notifications to the pager fail",
        service="alert-evaluator",
        namespace="beacon",
        integration="webhook",
        severity="critical",
        pending="1m",
    )


@story(ML, "outside", Truth("broker", "out_of_memory"), decoy=True)
def broker_above_its_watermark(r: Recording) -> None:
    old_crash_loop(r, "notebook-dev")
    pod = r.pod("broker", 1)
    node = f"rabbit@{pod.name}.broker-nodes.quarry"
    r.metric(-15, pod, "rabbitmq_process_resident_memory_ratio", 0.39, 0.35, intent="metric.memory.high")
    r.log(
        0,
        pod,
        f"[warning] <0.389.0> memory resource limit alarm set on node '{node}'.\n\n*** Publishers will be blocked until this alarm clears ***",
        "warning",
    )
    for at in every(20, 200, 45):
        r.log(r.nearly(at), pod, "[info] <0.388.0> vm_memory_high_watermark set. Memory used: 861204480 allowed: 858993459", "warning")
    r.failures(
        every(32, 210, 16),
        ("portal", "api", "broker"),
        "kombu.exceptions.OperationalError: timed out publishing to quarry.jobs",
        error_type="timeout",
        milliseconds=30_000,
    )
    r.logs(every(34, 210, 28), "scheduler", "[ERROR/MainProcess] beat: Connection error: publisher is blocked. Trying again in {n} ms...")
    r.disturb("api", "broker", errors=0.6, slower=5_000)
    r.disturb("scheduler", "broker", errors=0.8, slower=5_000)
    r.alert(
        75,
        "RabbitmqMemoryAlarm",
        "RabbitMQ node blocks publishers: memory",
        namespace="quarry",
        pod=pod.name,
        severity="critical",
        pending="1m",
    )


@story(TELEMETRY, "outside", Truth("kafka", "crash_loop"))
def broker_with_a_damaged_log(r: Recording) -> None:
    broker = r.pod("kafka", 2)
    for at in (0.0, 21.0, 56.0, 118.0):
        r.log(
            at - 0.4,
            broker,
            "ERROR Exiting Kafka due to fatal exception (kafka.Kafka$) org.apache.kafka.common.errors.CorruptRecordException: Found record size -1610 smaller than minimum record overhead (14) in file /var/lib/kafka/data/raw.metrics-11/00000000000418822001.log.",
            "fatal",
            error_type="org.apache.kafka.common.errors.CorruptRecordException",
        )
    r.crash_loop(0, broker, (0.0, 21.0, 56.0, 118.0), 1)
    r.silent[broker.name] = 0
    down = f"%3|1780000000.902|FAIL|rdkafka#consumer-1| [thrd:{broker.name}.kafka:9092/2]: {broker.name}.kafka:9092/2: Connect to ipv4#{broker.address}:9092 failed: Connection refused (after 0ms in state CONNECT)"
    for app in ("normalizer", "stream-joiner"):
        r.logs(every(2, 190, 26), app, down)
        r.disturb(app, "kafka", errors=0.3, slower=6)
    r.failures(
        every(4, 190, 17),
        ("ingest-gateway", "kafka"),
        "kafka: Failed to produce message to topic raw.metrics: kafka server: In the middle of a leadership election, there is currently no leader for this partition",
        error_type="LeaderNotAvailable",
    )
    r.disturb("ingest-gateway", "kafka", errors=0.33)
    r.alert(
        110,
        "KafkaUnderReplicatedPartitions",
        "Broker has 96 under-replicated partitions",
        namespace="beacon",
        pod=r.pod("kafka", 0).name,
        pending="1m",
    )


@story(BANK, "outside", Truth("profile-cache", "slow_service"))
def cache_blocked_by_one_command(r: Recording) -> None:
    for at in every(2, 190, 16):
        r.slow(r.nearly(at), "customer-profile", "GET", 2_900, 1, callee="profile-cache")
    r.failures(
        every(4, 190, 11),
        ("istio-ingressgateway", "web-bff", "customer-profile", "profile-cache"),
        "io.lettuce.core.RedisCommandTimeoutException: Command timed out after 3 second(s)",
        error_type="io.lettuce.core.RedisCommandTimeoutException",
        milliseconds=3_000,
        outer=504,
    )
    r.logs(
        every(5, 190, 20),
        "customer-profile",
        "c.a.b.profile.ProfileCache : falling back to the store for profile {n}: Command timed out after 3 second(s)",
        "warning",
    )
    r.metric(30, r.pod("profile-cache"), "redis_slowlog_last_duration_seconds", 2.7, 0.1, unit="s")
    r.disturb("customer-profile", "profile-cache", errors=0.4, slower=1_500)
    r.disturb("web-bff", "customer-profile", errors=0.4, slower=100)
    r.burn(150, "customer-profile")
