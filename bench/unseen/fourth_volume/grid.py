"""An energy platform: meters and charging stations over MQTT, Go and Rust over NATS, TimescaleDB, ClickHouse and Redis, behind Envoy Gateway, with Cilium."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS

REGISTRY = "ghcr.io/voltmere"


def _own(name: str, **more: object) -> Workload:
    return Workload(name, **{"image": f"{REGISTRY}/{name}:v2.61.0", **more})  # type: ignore[arg-type]


def _store(name: str, image: str, port: int, **more: object) -> Workload:
    parts: dict[str, object] = {"kind": "StatefulSet", "replicas": 3, "memory": "4Gi", "cpu": "2", "probe_path": "", "claim": "100Gi"}
    return Workload(name, **{"image": image, "port": port, **parts, **more})  # type: ignore[arg-type]


GRID = Application(
    name="voltmere-grid",
    namespace="grid",
    neighbours=NEIGHBOURS,
    nodes={
        "talos-fsn1-wk-1": "fsn1-dc14",
        "talos-fsn1-wk-2": "fsn1-dc14",
        "talos-nbg1-wk-1": "nbg1-dc3",
        "talos-nbg1-wk-2": "nbg1-dc3",
        "talos-hel1-wk-1": "hel1-dc2",
    },
    workloads=(
        DNS,
        Workload("cilium", kind="DaemonSet", namespace="kube-system", image="quay.io/cilium/cilium:v1.16.5", port=0, probe_path="", labels={"k8s-app": "cilium"}),
        Workload("envoy-gateway", namespace="envoy-gateway-system", replicas=1, image="docker.io/envoyproxy/gateway:v1.2.4", port=18000),
        Workload("envoy-grid-edge", namespace="envoy-gateway-system", image="docker.io/envoyproxy/envoy:distroless-v1.32.3", port=10443, language="envoy", probe_path="/ready"),
        _own("customer-api", replicas=3, has_autoscaler=True, environment=("SHADOW_ADDR", "REPORTS_URL")),
        _own("charge-control", replicas=3, port=9310, memory="768Mi"),
        _own("device-shadow", port=9320, environment=("REDIS_ADDRS",)),
        _own("device-auth", port=8085, memory="256Mi"),
        _own("meter-ingest", language="rust", replicas=3, port=9330, configs=("meter-ingest",), memory="1Gi"),
        _own("rollup-worker", replicas=3, port=0, probe_path="", memory="1Gi", configs=("rollup-worker",), secrets=("rollup-clickhouse",)),
        _own("tariff", language="rust", port=9340, memory="256Mi", secrets=("tariff-db",)),
        _own("flex-optimizer", language="python", port=8000, memory="4Gi", cpu="2"),
        _own("energy-reports", port=8086, secrets=("reports-clickhouse",)),
        _store("emqx", "docker.io/emqx/emqx:5.8.3", 1883, claim="10Gi", language="erlang"),
        _store("nats", "docker.io/library/nats:2.10.24-alpine", 4222, memory="2Gi", claim="50Gi"),
        _store("grid-tsdb", "docker.io/timescale/timescaledb-ha:pg16.6-ts2.17.2", 5432, replicas=2, language="postgres", memory="16Gi", claim="800Gi"),
        Workload("grid-pooler", image="docker.io/bitnami/pgbouncer:1.23.1", port=6432, language="c", memory="256Mi", probe_path="", configs=("grid-pooler",)),
        _store("telemetry-ch", "docker.io/clickhouse/clickhouse-server:24.8.8", 9000, replicas=2, language="clickhouse", memory="24Gi", cpu="6", claim="2Ti"),
        _store("ch-keeper", "docker.io/clickhouse/clickhouse-keeper:24.8.8", 9181, language="clickhouse", memory="1Gi", claim="20Gi"),
        _store("shadow-redis", "docker.io/library/redis:7.4.1", 6379, language="redis", memory="2Gi", claim="20Gi"),
        Workload("firmware-packager", kind="CronJob", image=f"{REGISTRY}/firmware-packager:v0.19.2", port=0, probe_path=""),
        _own("edge-simulator", replicas=1, port=0, probe_path="", image=f"{REGISTRY}/edge-simulator:v0.3.0-rc1"),
    ),
    calls=(
        Call("envoy-grid-edge", "customer-api", "POST /graphql", 85, 540),
        Call("envoy-grid-edge", "charge-control", "GET /ocpp/{station}", 12, 380),
        Call("customer-api", "device-shadow", "shadow.v1.Shadow/Get", 6, 700),
        Call("customer-api", "energy-reports", "GET /reports/{site}", 120, 130),
        Call("customer-api", "charge-control", "POST /sessions", 34, 90),
        Call("customer-api", "tariff", "tariff.v1.Tariff/Quote", 5, 240),
        Call("charge-control", "device-shadow", "shadow.v1.Shadow/Update", 7, 420),
        Call("charge-control", "tariff", "tariff.v1.Tariff/Quote", 5, 90),
        Call("charge-control", "flex-optimizer", "POST /schedule", 310, 36),
        Call("device-shadow", "shadow-redis", "HSET", 0.8, 1_600),
        Call("emqx", "device-auth", "POST /mqtt/auth", 9, 120),
        Call("device-auth", "grid-pooler", "SELECT credentials", 4, 120),
        Call("meter-ingest", "emqx", "$share/ingest/meters/+/up receive", 3, 3_600),
        Call("meter-ingest", "nats", "METERS publish", 2, 3_600),
        Call("rollup-worker", "nats", "METERS process", 14, 1_200),
        Call("rollup-worker", "grid-pooler", "COPY readings", 26, 400),
        Call("rollup-worker", "telemetry-ch", "INSERT readings_raw", 45, 120),
        Call("tariff", "grid-pooler", "SELECT prices", 4, 310),
        Call("flex-optimizer", "grid-pooler", "SELECT forecasts", 22, 60),
        Call("flex-optimizer", "api.meteocast.example", "GET /v2/pointforecast", 160, 20),
        Call("grid-pooler", "grid-tsdb", "query", 4, 880),
        Call("energy-reports", "telemetry-ch", "SELECT consumption", 95, 130),
        Call("telemetry-ch", "ch-keeper", "multi", 3, 260),
    ),
    habits=(
        Habit("customer-api", '{"time":"-","level":"INFO","source":"graphql/handler.go:71","msg":"operation","name":"SiteOverview","took_ms":{n}}', "info", 22),
        Habit("customer-api", '{"time":"-","level":"WARN","source":"graphql/deprecated.go:19","msg":"deprecated field requested","field":"Site.legacyMeterId","client":"ios/{n}"}', "warning", 60),
        Habit("meter-ingest", "2026-11-08T02:00:00.000000Z  INFO meter_ingest::pump: batch published messages=500 stream=METERS seq={n}", "info", 25),
        Habit("meter-ingest", "2026-11-08T02:00:00.000000Z  WARN meter_ingest::decode: register out of order meter=DE{n} obis=1-0:1.8.0", "warning", 50),
        Habit("charge-control", '{"level":"info","station":"ST-{n}","message":"Heartbeat","time":"-"}', "info", 20),
        Habit("charge-control", '{"level":"error","station":"ST-{n}","error":"websocket: close 1006 (abnormal closure): unexpected EOF","message":"station went away","time":"-"}', "error", 100),
        Habit("emqx", "2026-11-08T02:00:00.000000+00:00 [warning] clientid: meter-{n}, msg: mqtt_packet_dropped, peername: 100.64.3.9:{n}, reason: keepalive_timeout", "warning", 55),
        Habit("grid-tsdb", "2026-11-08 02:00:00.000 UTC [{n}] LOG:  checkpoint complete: wrote 18211 buffers (3.5%); 0 WAL file(s) added, 2 removed, 31 recycled", "info", 90),
        Habit("grid-pooler", "2026-11-08 02:00:00.000 UTC [1] LOG stats: 880 xacts/s, 912 queries/s, in 801123 B/s, out 1441120 B/s, xact 4021 us, query 3911 us, wait {n} us", "info", 60),
        Habit("telemetry-ch", "2026.11.08 02:00:00.000000 [ {n} ] {} <Information> grid.readings_raw (8c1f): Merged 6 parts: [all_81120_81131_2, all_81136_81136_0] -> all_81120_81136_3", "info", 75),
        Habit("nats", "[1] 2026/11/08 02:00:00.000000 [INF] 10.244.3.7:4222 - cid:{n} - Client connection closed: Client Closed", "info", 70),
    ),
    log_source="vector",
    day="2026-11-08",
    writes_times=True,
)  # fmt: skip
