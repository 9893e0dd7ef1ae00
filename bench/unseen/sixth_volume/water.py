"""A water utility's meters: an Erlang broker, decoders in Rust, Flink and Redpanda in between, TimescaleDB, and Elixir and Python in front."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS

REGISTRY = "rillwater.azurecr.example/metering"


def _own(name: str, **more: object) -> Workload:
    return Workload(name, **{"image": f"{REGISTRY}/{name}:0.61.0", **more})  # type: ignore[arg-type]


def _store(name: str, image: str, port: int, language: str, **more: object) -> Workload:
    parts: dict[str, object] = {"kind": "StatefulSet", "replicas": 3, "memory": "6Gi", "probe_path": "", "claim": "250Gi"}
    return Workload(name, **{"image": image, "port": port, "language": language, **parts, **more})  # type: ignore[arg-type]


def _flink(name: str, port: int, **more: object) -> Workload:
    parts: dict[str, object] = {
        "image": f"{REGISTRY}/flink-jobs:1.20.1-61",
        "language": "java",
        "probe_path": "",
        "configs": ("flink-config",),
    }
    return Workload(name, port=port, **{**parts, **more})  # type: ignore[arg-type]


WATER = Application(
    name="rill-water",
    namespace="metering",
    neighbours=NEIGHBOURS,
    nodes={
        "aks-meter-20417733-vmss000000": "northeurope-1",
        "aks-meter-20417733-vmss000001": "northeurope-2",
        "aks-meter-20417733-vmss000002": "northeurope-3",
        "aks-meter-20417733-vmss000004": "northeurope-1",
        "aks-stream-31192004-vmss000000": "northeurope-2",
    },
    workloads=(
        DNS,
        Workload("cilium", kind="DaemonSet", namespace="kube-system", image="quay.io/cilium/cilium:v1.16.5", port=0, probe_path=""),
        Workload("kong", namespace="kong", image="docker.io/library/kong:3.8.0", port=8443, language="lua", probe_path="/status"),
        _store("emqx", "docker.io/emqx/emqx:5.8.3", 1883, "erlang", memory="4Gi", claim="20Gi"),
        _own("frame-decoder", replicas=3, language="rust", port=9100, configs=("frame-decoder-profiles",)),
        _own("valve-control", language="rust", port=50061),
        _store("redpanda", "docker.io/redpandadata/redpanda:v24.3.2", 9092, "c++"),
        _flink("flink-jobmanager", 6123, replicas=1, memory="2Gi"),
        _flink("flink-taskmanager", 6122, replicas=3, memory="8Gi", cpu="4"),
        _store("timescale", "docker.io/timescale/timescaledb-ha:pg16.6-ts2.17.2", 5432, "postgres", replicas=2, memory="16Gi", claim="1Ti"),
        _own("device-twin", replicas=3, language="elixir", port=4000, probe_path="/health", memory="1Gi", secrets=("device-twin-database",)),
        _own("leak-detector", language="python", port=0, probe_path="", memory="2Gi"),
        _own("usage-api", replicas=3, language="python", port=8000, probe_path="/livez", memory="768Mi"),
        _own("customer-portal", language="python", port=8000, probe_path="/livez", memory="768Mi", environment=("USAGE_URL", "SMS_URL")),
        _store("minio", "quay.io/minio/minio:RELEASE.2026-06-13T11-33-47Z", 9000, "go", replicas=2, memory="2Gi"),
        Workload("nightly-rollup", kind="CronJob", image=f"{REGISTRY}/nightly-rollup:0.61.0", port=0, language="python", probe_path=""),
        Workload("firmware-canary", replicas=1, image=f"{REGISTRY}/firmware-canary:0.3.0", port=0, language="rust", probe_path=""),
    ),
    calls=(
        Call("kong", "customer-portal", "GET /meters", 140, 190),
        Call("kong", "device-twin", "GET /ws/twin", 11, 120),
        Call("customer-portal", "usage-api", "GET /v1/usage/{meter}", 58, 240),
        Call("customer-portal", "sms.textbridge.example", "POST /messages", 120, 12),
        Call("usage-api", "timescale", "SELECT reading_hourly", 19, 260),
        Call("emqx", "device-twin", "POST /auth/device", 13, 620),
        Call("frame-decoder", "emqx", "$share/decoders/up/# process", 2, 4_100),
        Call("frame-decoder", "redpanda", "readings publish", 5, 3_900),
        Call("flink-taskmanager", "redpanda", "readings process", 6, 3_800),
        Call("flink-taskmanager", "timescale", "COPY reading", 24, 420),
        Call("flink-taskmanager", "minio", "PUT /checkpoints/{key}", 33, 70),
        Call("flink-taskmanager", "flink-jobmanager", "heartbeat", 2, 180),
        Call("leak-detector", "redpanda", "flow.windows process", 9, 700),
        Call("leak-detector", "valve-control", "valves.v1.Valves/Close", 45, 6),
        Call("device-twin", "timescale", "SELECT device", 4, 680),
        Call("device-twin", "valve-control", "valves.v1.Valves/State", 20, 80),
        Call("valve-control", "emqx", "down/{meter}/valve publish", 3, 60),
    ),
    habits=(
        Habit("frame-decoder", "2026-12-08T10:00:00.000000Z  INFO frame_decoder::batch: decoded frames=512 lag_ms={n}", "info", 18),
        Habit("frame-decoder", "2026-12-08T10:00:00.000000Z  WARN frame_decoder::wmbus: duplicate access number, frame dropped meter={n}", "warning", 50),
        Habit("emqx", "2026-12-08T10:00:00.000000+00:00 [warning] clientid: m{n}, msg: dropped_qos0_packet, reason: queue_full, topic: down/clock", "warning", 65),
        Habit("device-twin", "request_id=F{n} [info] GET /health Sent 200 in 212µs", "info", 30),
        Habit("usage-api", '2026-12-08 10:00:00,000 INFO uvicorn.access 10.244.7.21:{n} - "GET /v1/usage HTTP/1.1" 200', "info", 20),
        Habit("customer-portal", "2026-12-08 10:00:00,000 WARNING django.request Not Found: /.env ({n})", "warning", 70),
        Habit("flink-jobmanager", "2026-12-08 10:00:00,000 INFO  org.apache.flink.runtime.checkpoint.CheckpointCoordinator [] - Completed checkpoint {n} for job 5f0c77d2a9e8416bb1 (18874368 bytes, checkpointDuration=1210 ms, finalizationTime=14 ms).", "info", 45),
        Habit("leak-detector", "2026-12-08 10:00:00,000 ERROR leak_detector.model meter {n} has no baseline, skipped", "error", 150),
        Habit("timescale", "2026-12-08 10:00:00.000 UTC [77] LOG:  checkpoint complete: wrote {n} buffers (2.0%); 0 WAL file(s) added, 1 removed, 6 recycled", "info", 110),
    ),
    log_source="vector",
    day="2026-12-08",
    writes_times=True,
)  # fmt: skip
