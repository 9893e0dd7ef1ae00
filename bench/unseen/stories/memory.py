"""Something runs out of memory: by a leak, by a lowered limit, by its own fork, or by what shares its node."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import nightly_job, old_crash_loop, recent_rollout
from bench.unseen.events import every
from bench.unseen.more_applications import ML, TELEMETRY
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story


@story(BANK, "memory", Truth("fraud-check", "out_of_memory"), decoy=True)
def java_heap_leak(r: Recording) -> None:
    recent_rollout(r, "customer-profile", "2.30.2")
    first, second = r.pods("fraud-check")
    for at, used in zip(every(-150, -10, 35), (0.81, 0.86, 0.9, 0.94, 0.97), strict=True):
        r.metric(at, first, "container_memory_working_set_bytes_ratio", used, 0.8, intent="metric.memory.high")
    r.logs(every(-60, -6, 9), "fraud-check", "[gc] GC({n}) Pause Full (G1 Compaction Pause) 1498M->1497M(1536M) 1873.402ms", "warning")
    for start, pod in ((0.0, first), (64.0, second)):
        r.ended(start, pod, "OOMKilled", 137)
        r.event(
            start + 0.6,
            pod,
            "Unhealthy",
            f'Readiness probe failed: Get "http://{pod.address}:8080/actuator/health/readiness": dial tcp {pod.address}:8080: connect: connection refused',
            count=3,
        )
        r.unready(start + 1, pod)
        r.normal(start + 1.5, pod, "Started", "Started container fraud-check")
    r.ended(140, first, "OOMKilled", 137, restarts=2)
    r.event(
        142,
        first,
        "BackOff",
        f"Back-off restarting failed container fraud-check in pod {first.name}_{first.namespace}({first.uid})",
        count=2,
        since=120,
    )
    reset = "upstream connect error or disconnect/reset before headers. reset reason: connection termination"
    r.failures(
        every(1, 200, 9), ("istio-ingressgateway", "web-bff", "transfers", "fraud-check"), reset, error_type="503", status=503, outer=502
    )
    line = '[{at}] "POST /score HTTP/1.1" 503 UC upstream_reset_before_response_started{connection_termination} - "-" 412 95 88 - "-" "Java-http-client/21" "{n}" "fraud-check:8080" "10.244.5.31:8080"'
    r.logs(every(2, 190, 16), "transfers", line.replace("{at}", r.time(2)), "warning", container="istio-proxy")
    r.disturb("transfers", "fraud-check", errors=0.45, slower=4)
    r.disturb("web-bff", "transfers", errors=0.42)
    r.burn(170, "transfers")


@story(SHOP, "memory", Truth("search", "out_of_memory"))
def limit_lowered(r: Recording) -> None:
    pods = r.rollout(0, "search", what="resources", names=("limits.memory",))
    for number, pod in enumerate(pods):
        begin = 9 + 3 * number
        r.objects.get("Pod", pod.name, pod.namespace)["spec"]["containers"][0]["resources"]["limits"]["memory"] = "96Mi"
        for after in (0.0, 14.0, 41.0, 90.0):
            r.oom_kill(begin + after, pod, "node", 96, source="kmsg")
        r.crash_loop(begin + 0.1, pod, (0.0, 14.0, 41.0, 90.0), 137, reason="OOMKilled")
    r.no_endpoints(24, "search")
    r.unavailable(26, "search")
    r.silent["search"] = 20
    refused = "connect ECONNREFUSED 10.96.41.7:3000"
    r.failures(every(22, 260, 11), ("ingress-nginx-controller", "storefront", "search"), refused, error_type="ECONNREFUSED", milliseconds=4)
    r.logs(
        every(24, 250, 15),
        "storefront",
        '{"level":"error","event":"upstream.failed","upstream":"search","err":{"code":"ECONNREFUSED","syscall":"connect"},"req":"{n}"}',
    )
    r.disturb("storefront", "search", 20, errors=1.0)
    r.alert(
        255,
        "KubePodCrashLooping",
        "Pod is crash looping.",
        pending="15m",
        pod=pods[0].name,
        namespace="shopfront",
        container="search",
        reason="CrashLoopBackOff",
    )


@story(ML, "memory", Truth("featurizer", "out_of_memory"), decoy=True)
def worker_killed_by_signal(r: Recording) -> None:
    nightly_job(r, "nightly-retrain")
    pods = r.pods("featurizer")
    for number, at in enumerate((0.0, 33.0, 58.0, 96.0, 141.0, 170.0)):
        pod = pods[number % 3]
        r.oom_kill(at, pod, "celery", 6144)
        r.log(
            at + 0.3,
            pod,
            f"[ERROR/MainProcess] Process 'ForkPoolWorker-{number + 2}' pid:{2_300 + number} exited with 'signal 9 (SIGKILL)'",
        )
        lost = f"[ERROR/MainProcess] Task handler raised error: WorkerLostError('Worker exited prematurely: signal 9 (SIGKILL) Job: {410 + number}.')"
        r.log(at + 0.5, pod, lost, error_type="billiard.exceptions.WorkerLostError")
        r.metric(at - 8, pod, "container_memory_working_set_bytes", 6.4e9, 5.8e9, unit="By", intent="metric.memory.high")
    for at in every(40, 220, 25):
        r.slow(at, "api", "GET /v1/features/latest", 4_900, 60)
    r.logs(every(60, 230, 24), "api", "WARNING api.features: feature set {n} is stale: last computed more than 10 minutes ago", "warning")
    r.alert(
        200,
        "QueueBacklogGrowing",
        "Queue quarry.features has grown for 3 minutes",
        queue="quarry.features",
        namespace="quarry",
        pending="3m",
    )


@story(TELEMETRY, "memory", Truth("kafka", "out_of_memory"))
def broker_heap_exhausted(r: Recording) -> None:
    broker = r.pod("kafka", 1)
    r.log(
        -12,
        broker,
        "WARN [SocketServer listenerType=BROKER, nodeId=1] Slow processor: 2143 ms in poll (kafka.network.Processor)",
        "warning",
    )
    heap = "java.lang.OutOfMemoryError: Java heap space\n\tat java.base/java.nio.HeapByteBuffer.<init>(HeapByteBuffer.java:64)\n\tat org.apache.kafka.common.memory.MemoryPool$1.tryAllocate(MemoryPool.java:30)"
    r.log(
        0,
        broker,
        "ERROR Encountered fatal fault: caught exception in request handler thread (org.apache.kafka.server.fault.ProcessTerminatingFaultHandler) "
        + heap,
        "fatal",
        error_type="java.lang.OutOfMemoryError",
    )
    r.ended(1.2, broker, "Error", 3)
    r.unready(2, broker)
    r.silent[broker.name] = 2
    down = f"%3|1780000000.114|FAIL|rdkafka#producer-2| [thrd:{broker.name}.kafka:9092/1]: {broker.name}.kafka:9092/1: Connect to ipv4#{broker.address}:9092 failed: Connection refused (after 0ms in state CONNECT)"
    for app in ("normalizer", "stream-joiner"):
        r.logs(every(3, 130, 16), app, down, source="logs")
    r.logs(
        every(5, 120, 13),
        "ingest-gateway",
        'level=error msg="produce failed" topic=raw.metrics partition={n} err="kafka server: tried to send a message to a replica that is not the leader for some partition"',
    )
    r.failures(every(4, 125, 10), ("ingest-gateway", "kafka"), "Local: Message timed out", error_type="timeout", milliseconds=10_000)
    for app in ("normalizer", "stream-joiner"):
        r.disturb(app, "kafka", errors=0.3, slower=12)
    r.disturb("ingest-gateway", "kafka", errors=0.34, slower=40)
    r.alert(
        95,
        "KafkaUnderReplicatedPartitions",
        "Broker has 118 under-replicated partitions",
        namespace="beacon",
        pod=r.pod("kafka", 0).name,
        pending="1m",
    )
    r.alert(
        150,
        "ConsumerLagHigh",
        "Consumer group normalizer is 412,000 records behind on raw.metrics",
        consumergroup="normalizer",
        topic="raw.metrics",
        namespace="beacon",
        severity="critical",
    )


@story(SHOP, "memory", Truth("cart-redis", "out_of_memory"), decoy=True)
def silent_cache_killed(r: Recording) -> None:
    old_crash_loop(r, "ab-test-sandbox")
    redis = r.pod("cart-redis")
    # Nothing but the kernel tells of the victim: its logs and its status are lost.
    r.oom_kill(0, redis, "redis-server", 1024, source="kmsg")
    r.oom_kill(74, redis, "redis-server", 1024, source="kmsg")
    r.silent["cart-redis"] = -300
    error = 'MaxRetriesPerRequestError: Reached the max retries per request limit (which is 20). Refer to "maxRetriesPerRequest" option for details.'
    r.failures(
        every(2, 165, 8),
        ("ingress-nginx-controller", "storefront", "cart", "cart-redis"),
        error,
        error_type="MaxRetriesPerRequestError",
        milliseconds=2_100,
    )
    r.logs(
        every(1, 160, 12),
        "cart",
        "[ioredis] Unhandled error event: Error: connect ECONNREFUSED 10.96.88.12:6379 at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1607:16)",
    )
    r.logs(every(9, 160, 20), "checkout", '{"level":"error","event":"cart.unavailable","status":500,"cart":"{n}"}')
    for caller, callee in (("cart", "cart-redis"), ("storefront", "cart"), ("checkout", "cart")):
        r.disturb(caller, callee, errors=0.7, slower=6)
    r.burn(150, "cart")


@story(ML, "memory", Truth("trainer", "memory_pressure"))
def hungry_trainer_evicts_neighbours(r: Recording) -> None:
    trainer = r.pod("trainer")
    node = trainer.node
    victims = [pod for pod in r.objects.apps_on(node) if pod.app in ("api", "featurizer", "portal", "lineage", "model-server")]
    for at, used in ((-60.0, 21e9), (-30.0, 25e9), (0.0, 28.4e9)):
        r.metric(at, trainer, "container_memory_working_set_bytes", used, 12e9, unit="By", intent="metric.memory.high")
    r.node_turns(
        6, node, "NodeHasInsufficientMemory", "kubelet has insufficient memory available", condition="MemoryPressure", status="True"
    )
    r.event(6.5, r.of("Node", node), "NodeHasInsufficientMemory", f"Node {node} status is now: NodeHasInsufficientMemory", warning=False)
    r.event(7, r.of("Node", node), "EvictionThresholdMet", "Attempting to reclaim memory")
    for number, pod in enumerate(victims):
        at = 9.0 + 5 * number
        short = f"The node was low on resource: memory. Threshold quantity: 100Mi, available: 61Mi. Container {pod.app} was using 812Mi, request is 256Mi, has larger consumption of memory. "
        r.event(at, pod, "Evicted", short)
        r.state(at + 0.4, pod, "Evicted", short)
        r.silent[pod.name] = at
        r.mark_unready(at, pod)
    evicted = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 48Mi. Container trainer was using 28114Mi, request is 256Mi, has larger consumption of memory. "
    r.event(40, trainer, "Evicted", evicted)
    r.state(40.5, trainer, "Evicted", evicted)
    r.mark_unready(40, trainer)
    path = ("portal", "api", "metadata-db")
    r.failures(
        every(14, 110, 14),
        path[:2],
        "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
        error_type="ConnectionError",
    )
    r.disturb("portal", "api", 10, errors=0.3)
    r.alert(130, "KubeNodePressure", "Node has as active Condition MemoryPressure.", node=node, condition="MemoryPressure", pending="10m")
