"""A logistics platform: streams of parcels and positions over Kafka, in Go, Rust, Java, Elixir and PHP, on machines of its own."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS

REGISTRY = "zot.tidewater.example/freight"


def _own(name: str, **more: object) -> Workload:
    return Workload(name, **{"image": f"{REGISTRY}/{name}:118.0", **more})  # type: ignore[arg-type]


def _stateful(name: str, image: str, port: int, language: str, **more: object) -> Workload:
    parts: dict[str, object] = {"kind": "StatefulSet", "replicas": 1, "memory": "4Gi", "probe_path": "", "claim": "120Gi"}
    return Workload(name, **{"image": image, "port": port, "language": language, **parts, **more})  # type: ignore[arg-type]


FREIGHT = Application(
    name="tidewater-freight",
    namespace="freight",
    neighbours=NEIGHBOURS,
    nodes={"wrk-a1": "hall-a", "wrk-a2": "hall-a", "wrk-b1": "hall-b", "wrk-b2": "hall-b", "wrk-c1": "hall-c"},
    workloads=(
        DNS,
        Workload("edge-proxy", namespace="edge", image="docker.io/envoyproxy/envoy:distroless-v1.32.2", port=10080, language="envoy", probe_path="/ready"),
        _own("order-intake", replicas=3, environment=("KAFKA_BROKERS", "LABEL_URL"), secrets=("order-intake-kafka",), has_autoscaler=True),
        _own("route-planner", language="rust", configs=("route-planner-config",), memory="1Gi"),
        _own("dispatcher", language="elixir", port=4000, probe_path="/up", memory="1Gi", configs=("dispatcher-env",)),
        _own("tracking-api", replicas=3),
        _own("position-stream", replicas=3, language="java", probe_path="/q/health/ready", memory="2Gi", secrets=("position-stream-kafka",)),
        _own("eta-worker", language="java", port=0, probe_path="", memory="1536Mi", secrets=("eta-worker-kafka",)),
        _own("label-printer", language="php", probe_path="/ping", memory="384Mi"),
        _stateful("kafka", "quay.io/strimzi/kafka:0.45.0-kafka-3.9.0", 9092, "java", replicas=3, namespace="kafka", claim="600Gi"),
        Workload("schema-registry", namespace="kafka", image="docker.io/confluentinc/cp-schema-registry:7.8.0", port=8081, language="java", probe_path="/subjects"),
        Workload("strimzi-cluster-operator", namespace="kafka", replicas=1, image="quay.io/strimzi/operator:0.45.0", port=0, language="java", probe_path=""),
        _stateful("geo-postgres", "docker.io/postgis/postgis:16-3.4", 5432, "postgres"),
        _stateful("fleet-redis", "docker.io/valkey/valkey:8.0.1", 6379, "redis", claim="", memory="2Gi"),
        Workload("parcel-archiver", kind="CronJob", image=f"{REGISTRY}/parcel-archiver:31.2", port=0, probe_path=""),
        _own("carrier-sync", replicas=1, language="php", port=0, probe_path=""),
    ),
    calls=(
        Call("edge-proxy", "order-intake", "POST /orders", 48, 420),
        Call("edge-proxy", "tracking-api", "GET /parcels/{code}", 21, 900),
        Call("order-intake", "kafka", "orders publish", 6, 410),
        Call("order-intake", "label-printer", "POST /labels", 70, 180),
        Call("order-intake", "schema-registry", "GET /subjects/orders-value/versions/latest", 9, 30),
        Call("position-stream", "kafka", "positions process", 7, 2_200),
        Call("position-stream", "fleet-redis", "HSET", 1.2, 1_900),
        Call("eta-worker", "kafka", "eta.requests process", 11, 380),
        Call("eta-worker", "route-planner", "planner.v1.Planner/Route", 62, 370),
        Call("route-planner", "geo-postgres", "SELECT edges", 9, 720),
        Call("route-planner", "api.mapgrid.example", "GET /traffic/v5/tiles", 95, 60),
        Call("tracking-api", "fleet-redis", "HGETALL", 1.1, 880),
        Call("tracking-api", "geo-postgres", "SELECT parcels", 7, 410),
        Call("dispatcher", "kafka", "dispatch.assigned publish", 5, 160),
        Call("dispatcher", "tracking-api", "GET /parcels/{code}", 19, 200),
    ),
    habits=(
        Habit("order-intake", '{"time":"-","level":"INFO","msg":"order accepted","order":"{n}","lines":3}', "info", 25),
        Habit("tracking-api", '{"time":"-","level":"WARN","msg":"unknown parcel code","code":"TW{n}"}', "warning", 50),
        Habit("route-planner", "INFO planner::solve: route found legs=7 cost={n}", "info", 30),
        Habit("dispatcher", "[info] GET /up Sent 200 in {n}µs", "info", 30),
        Habit("position-stream", "INFO  [fre.tid.pos.Enricher] (stream-thread-2) 500 positions enriched, watermark {n}", "info", 35),
        Habit("label-printer", '[notice] app.NOTICE: Label format "zpl-legacy" is deprecated {"order":{n}} []', "info", 70),
        Habit("kafka", "INFO [GroupCoordinator 1]: Member eta-{n} in group eta-worker has left, reason: the consumer is being closed (kafka.coordinator.group.GroupCoordinator)", "info", 190),
        Habit("label-printer", '[error] app.ERROR: carrier answered 422 for an address without a postcode {"order":{n}} []', "error", 130),
    ),
    log_source="vector",
    day="2026-07-07",
)  # fmt: skip
