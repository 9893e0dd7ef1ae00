"""The other two: a platform for machine learning on Celery and RabbitMQ, and one for device telemetry on Kafka."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS


def _python(name: str, **more: object) -> Workload:
    parts: dict[str, object] = {"port": 8000, "language": "python", "memory": "2Gi", "cpu": "2"}
    return Workload(name, **{"image": f"registry.quarry.example/ml/{name}:2026.4.1", **parts, **more})  # type: ignore[arg-type]


ML = Application(
    name="quarry-ml",
    namespace="quarry",
    neighbours=NEIGHBOURS,
    nodes={
        "gke-quarry-cpu-1a7c": "europe-north1-a",
        "gke-quarry-cpu-4e02": "europe-north1-b",
        "gke-quarry-cpu-88fd": "europe-north1-c",
        "gke-quarry-gpu-52b9": "europe-north1-a",
        "gke-quarry-gpu-c0a3": "europe-north1-b",
    },
    workloads=(
        DNS,
        Workload("calico-node", kind="DaemonSet", namespace="kube-system", image="quay.io/calico/node:v3.29.1", port=0, probe_path=""),
        _python("portal"),
        _python("api", replicas=3),
        _python("scheduler", replicas=1, port=0, probe_path=""),
        _python("featurizer", replicas=3, port=0, probe_path="", memory="6Gi", configs=("featurizer-settings",)),
        _python("trainer", replicas=2, port=0, probe_path="", memory="24Gi", secrets=("hub-token",)),
        _python("model-server", image="registry.quarry.example/ml/model-server:24.09", port=8001, memory="16Gi"),
        _python("lineage", replicas=1),
        Workload(
            "metadata-db",
            kind="StatefulSet",
            replicas=1,
            image="docker.io/bitnami/postgresql:15.8.0",
            port=5432,
            language="postgres",
            memory="4Gi",
            probe_path="",
            claim="100Gi",
        ),
        Workload(
            "broker",
            kind="StatefulSet",
            replicas=3,
            image="docker.io/library/rabbitmq:3.13-management",
            port=5672,
            language="rabbitmq",
            memory="2Gi",
            probe_path="",
            claim="20Gi",
        ),
        Workload(
            "artifact-store",
            kind="StatefulSet",
            replicas=1,
            image="quay.io/minio/minio:RELEASE.2026-01-18",
            port=9000,
            language="go",
            memory="4Gi",
            claim="2Ti",
        ),
        Workload(
            "nightly-retrain", kind="CronJob", image="registry.quarry.example/ml/trainer:2026.4.1", port=0, language="python", probe_path=""
        ),
        Workload("notebook-dev", replicas=1, image="registry.quarry.example/ml/notebook:dev", port=0, language="python", probe_path=""),
    ),
    calls=(
        Call("portal", "api", "GET /v1/experiments", 45, 180),
        Call("api", "metadata-db", "SELECT runs", 7, 650),
        Call("api", "broker", "publish quarry.jobs", 3, 150),
        Call("api", "model-server", "ModelInfer", 85, 420),
        Call("api", "artifact-store", "GetObject", 30, 90),
        Call("featurizer", "broker", "consume quarry.features", 4, 220),
        Call("featurizer", "metadata-db", "INSERT features", 11, 240),
        Call("featurizer", "artifact-store", "PutObject", 60, 120),
        Call("trainer", "broker", "consume quarry.train", 4, 30),
        Call("trainer", "artifact-store", "GetObject", 140, 60),
        Call("scheduler", "broker", "publish quarry.beat", 3, 60),
        Call("model-server", "artifact-store", "HeadObject", 9, 40),
        Call("portal", "lineage", "GET /graph", 60, 30),
        Call("lineage", "metadata-db", "SELECT edges", 14, 40),
    ),
    habits=(
        Habit("portal", "WARNING django.request: Not Found: /static/img/old-logo.svg", "warning", 45),
        Habit("api", 'INFO uvicorn.access: 10.244.3.9:{n} - "GET /v1/health HTTP/1.1" 200', "info", 25),
        Habit("featurizer", "[INFO/ForkPoolWorker-2] Task quarry.features.compute[{n}] succeeded in 2.41s: None", "info", 30),
        Habit("featurizer", "UserWarning: pandas only supports SQLAlchemy connectable; other DBAPI2 objects are not tested", "warning", 80),
        Habit("broker", "[info] <0.{n}.0> accepting AMQP connection (10.244.7.3:{n} -> 10.244.2.8:5672)", "info", 35),
        Habit("trainer", "[ERROR/MainProcess] Task quarry.train.sweep[{n}] raised expected: TrialPruned()", "error", 150),
        Habit("metadata-db", 'LOG:  automatic vacuum of table "quarry.public.runs": index scans: 1', "info", 110),
    ),
    day="2026-05-05",
)


def _dotnet(name: str, **more: object) -> Workload:
    parts: dict[str, object] = {"port": 8080, "language": "dotnet", "memory": "768Mi", "cpu": "1"}
    return Workload(name, **{"image": f"beacon.azurecr.example/{name}:3.7.2", **parts, **more})  # type: ignore[arg-type]


TELEMETRY = Application(
    name="beacon-telemetry",
    namespace="beacon",
    neighbours=NEIGHBOURS,
    nodes={
        "aks-work-000001": "westeurope-1",
        "aks-work-000002": "westeurope-2",
        "aks-work-000003": "westeurope-3",
        "aks-work-000004": "westeurope-1",
        "aks-data-000001": "westeurope-2",
    },
    workloads=(
        DNS,
        Workload("ingest-gateway", replicas=3, image="beacon.azurecr.example/ingest-gateway:1.88.0", port=4317, language="go"),
        _dotnet("normalizer", replicas=3, configs=("normalizer-settings",)),
        _dotnet("stream-joiner"),
        _dotnet("device-registry"),
        Workload(
            "registry-sql",
            kind="StatefulSet",
            replicas=1,
            image="mcr.example/mssql/server:2022-latest",
            port=1433,
            language="mssql",
            memory="6Gi",
            probe_path="",
            claim="64Gi",
        ),
        Workload(
            "kafka",
            kind="StatefulSet",
            replicas=3,
            image="quay.io/strimzi/kafka:0.44.0-kafka-3.8.0",
            port=9092,
            language="java",
            memory="4Gi",
            probe_path="",
            claim="500Gi",
        ),
        Workload(
            "tsdb",
            kind="StatefulSet",
            replicas=2,
            image="beacon.azurecr.example/tsdb:0.61.3",
            port=8428,
            language="go",
            memory="8Gi",
            claim="1Ti",
        ),
        Workload("query-api", image="beacon.azurecr.example/query-api:1.42.0", port=8481, language="go", cpu="2"),
        _dotnet("dashboard", image="docker.io/beaconlabs/dashboard:3.7.2"),
        Workload("alert-evaluator", image="beacon.azurecr.example/alert-evaluator:1.19.0", port=9095, language="go"),
        Workload("edge-agent", kind="DaemonSet", image="beacon.azurecr.example/edge-agent:0.14.0", port=0, language="go", probe_path=""),
        Workload("compactor", kind="CronJob", image="beacon.azurecr.example/compactor:0.61.3", port=0, language="go", probe_path=""),
        Workload(
            "schema-explorer", replicas=1, image="beacon.azurecr.example/schema-explorer:0.3.1", port=0, language="dotnet", probe_path=""
        ),
    ),
    calls=(
        Call("ingest-gateway", "kafka", "raw.metrics publish", 5, 3_000),
        Call("ingest-gateway", "device-registry", "GET /devices/{id}", 12, 800),
        Call("device-registry", "registry-sql", "SELECT devices", 6, 820),
        Call("normalizer", "kafka", "raw.metrics process", 8, 2_900),
        Call("stream-joiner", "kafka", "clean.metrics process", 9, 2_700),
        Call("stream-joiner", "tsdb", "POST /write", 25, 600),
        Call("query-api", "tsdb", "POST /select", 60, 340),
        Call("dashboard", "query-api", "GET /api/query", 95, 260),
        Call("alert-evaluator", "query-api", "GET /api/query", 88, 80),
        Call("dashboard", "device-registry", "GET /devices", 20, 110),
        Call("alert-evaluator", "hooks.pagerelay.example", "POST /v2/enqueue", 110, 6),
    ),
    habits=(
        Habit("ingest-gateway", 'level=info msg="batch accepted" size=512 tenant={n}', "info", 20),
        Habit("ingest-gateway", 'level=warn msg="dropping datapoint older than 2h" device={n}', "warning", 60),
        Habit("normalizer", "info: Beacon.Normalizer.Worker[12] Processed 2048 records up to offset {n}", "info", 25),
        Habit(
            "device-registry",
            "warn: Microsoft.EntityFrameworkCore.Query[20504] Compiling a query which loads related collections for more than one collection navigation",
            "warning",
            75,
        ),
        Habit(
            "dashboard",
            "warn: Microsoft.AspNetCore.HttpsPolicy.HttpsRedirectionMiddleware[3] Failed to determine the https port for redirect.",
            "warning",
            90,
        ),
        Habit(
            "kafka",
            "INFO [ReplicaFetcher replicaId=1, leaderId=2, fetcherId=0] Truncating partition clean.metrics-{n} (kafka.server.ReplicaFetcherThread)",
            "info",
            80,
        ),
        Habit("alert-evaluator", 'level=error msg="rule skipped" rule=disk_forecast err="no data points in range"', "error", 120),
    ),
    day="2026-06-02",
)
