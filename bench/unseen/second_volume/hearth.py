"""A platform that serves models: gateways in Node, servers in Python and Rust on GPUs, metering in .NET, in an Istio mesh."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS

REGISTRY = "us-east4-docker.pkg.example/hearth/serving"


def _own(name: str, **more: object) -> Workload:
    return Workload(name, **{"image": f"{REGISTRY}/{name}:r204", "has_sidecar": True, **more})  # type: ignore[arg-type]


HEARTH = Application(
    name="hearth-inference",
    namespace="hearth",
    neighbours=NEIGHBOURS,
    nodes={
        "hearth-cpu-9zmd": "us-east4-a",
        "hearth-cpu-t4xq": "us-east4-b",
        "hearth-cpu-w2bn": "us-east4-c",
        "hearth-gpu-k7vs": "us-east4-a",
        "hearth-gpu-p3hc": "us-east4-b",
    },
    workloads=(
        DNS,
        Workload("istiod", namespace="istio-system", image="docker.io/istio/pilot:1.25.1", port=15012, probe_path="/ready", memory="2Gi"),
        Workload("istio-ingressgateway", namespace="istio-system", image="docker.io/istio/proxyv2:1.25.1", port=8443, language="envoy", probe_path="/healthz/ready"),
        Workload("keda-operator", namespace="keda", replicas=1, image="ghcr.io/kedacore/keda:2.16.1", port=8081),
        Workload("gpu-device-plugin", kind="DaemonSet", namespace="gpu-system", image="nvcr.example/nvidia/k8s-device-plugin:v0.17.0", port=0, probe_path=""),
        _own("prompt-gateway", replicas=3, language="node", environment=("CHAT_URL", "MODERATION_URL"), has_autoscaler=True),
        _own("chat-api", replicas=3, language="python", port=8000, memory="2Gi", configs=("chat-flags",), secrets=("moderation-key",)),
        _own("llm-server", language="python", port=8000, memory="80Gi", cpu="12", probe_path="/health", has_sidecar=False),
        _own("embedder", language="python", port=8000, memory="6Gi", cpu="4"),
        _own("tokenizer", language="rust", port=50051, memory="256Mi"),
        _own("feature-store", port=6566, environment=("REDIS_ADDR", "WAREHOUSE_DSN")),
        _own("usage-meter", language="dotnet", memory="768Mi", configs=("usage-meter-settings",), secrets=("meter-db-login",)),
        Workload("vector-db", kind="StatefulSet", image="docker.io/qdrant/qdrant:v1.12.5", port=6333, language="rust", memory="16Gi", probe_path="/readyz", claim="400Gi"),
        Workload("result-cache", kind="StatefulSet", replicas=1, image="docker.io/library/redis:7.4.1", port=6379, language="redis", memory="8Gi", probe_path=""),
        Workload("meter-db", kind="StatefulSet", image="ghcr.io/zalando/spilo-16:3.3-p2", port=5432, language="postgres", memory="8Gi", probe_path="", claim="250Gi"),
        Workload("stream-bus", kind="StatefulSet", replicas=3, image="docker.io/library/nats:2.10.24-alpine", port=4222, memory="1Gi", claim="50Gi"),
        Workload("batch-embed", kind="CronJob", image=f"{REGISTRY}/batch-embed:r88", port=0, language="python", probe_path=""),
        Workload("eval-notebook", replicas=1, image=f"{REGISTRY}/eval-notebook:dev", port=0, language="python", probe_path=""),
    ),
    calls=(
        Call("istio-ingressgateway", "prompt-gateway", "POST /v1/chat/completions", 900, 260),
        Call("prompt-gateway", "chat-api", "POST /complete", 860, 250),
        Call("prompt-gateway", "api.moderate.example", "POST /v2/check", 80, 240),
        Call("chat-api", "tokenizer", "tokenizer.v1.Tokenizer/Encode", 4, 500),
        Call("chat-api", "llm-server", "POST /v1/completions", 780, 240),
        Call("chat-api", "embedder", "POST /embed", 38, 210),
        Call("chat-api", "vector-db", "POST /collections/docs/points/search", 14, 205),
        Call("chat-api", "result-cache", "GET", 1.1, 600),
        Call("chat-api", "feature-store", "POST /get-online-features", 8, 190),
        Call("feature-store", "result-cache", "HMGET", 1.3, 380),
        Call("embedder", "result-cache", "GET", 1.2, 300),
        Call("prompt-gateway", "stream-bus", "usage.recorded publish", 2, 250),
        Call("usage-meter", "stream-bus", "usage.recorded process", 6, 250),
        Call("usage-meter", "meter-db", "INSERT usage", 5, 260),
        Call("prompt-gateway", "usage-meter", "GET /allowance/{tenant}", 17, 250),
    ),
    habits=(
        Habit("prompt-gateway", '{"level":40,"time":1784000000000,"name":"prompt-gateway","msg":"client closed the stream early","tenant":"t{n}"}', "warning", 45),
        Habit("chat-api", 'INFO:     10.8.4.19:{n} - "POST /complete HTTP/1.1" 200 OK', "info", 20),
        Habit("llm-server", "INFO 07-21 10:00:00 metrics.py:455] Avg prompt throughput: 2310.4 tokens/s, Avg generation throughput: 611.0 tokens/s, Running: {n} reqs", "info", 30),
        Habit("tokenizer", "INFO tokenizer::serve: encoded batch tokens={n}", "info", 40),
        Habit("vector-db", "WARN qdrant::tonic::logging: gRPC /qdrant.Points/Scroll client is older than the server {n}", "warning", 100),
        Habit("usage-meter", "info: Hearth.Metering.Recorder[7] Recorded {n} tokens", "info", 30),
        Habit("feature-store", '{"level":"error","msg":"feature view user_locale_v1 is stale","age_days":{n}}', "error", 150),
    ),
    log_source="otel",
    day="2026-07-21",
)  # fmt: skip
