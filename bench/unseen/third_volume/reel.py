"""A video platform in Go, Elixir and Rust with object storage and Redis, on k3s machines of its own."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS


def _own(name: str, **more: object) -> Workload:
    return Workload(name, **{"image": f"forge.reel.example/media/{name}:v3.12.5", **more})  # type: ignore[arg-type]


REEL = Application(
    name="reel-video",
    namespace="media",
    neighbours=NEIGHBOURS,
    nodes={"k3s-ams-01": "ams-r1", "k3s-ams-02": "ams-r1", "k3s-ams-03": "ams-r2", "k3s-ams-04": "ams-r2"},
    workloads=(
        DNS,
        Workload("traefik", namespace="kube-system", image="docker.io/rancher/mirrored-library-traefik:2.11.18", port=8000, language="traefik", probe_path="/ping"),
        _own("playback-api", replicas=3, secrets=("playback-signing",), has_autoscaler=True),
        _own("live-chat", language="elixir", port=4000, probe_path="/health"),
        _own("packager", language="rust", memory="2Gi", cpu="2", environment=("S3_ENDPOINT",), configs=("packager-config",)),
        _own("transcoder", port=0, probe_path="", memory="4Gi", cpu="4", replicas=3),
        Workload("minio", kind="StatefulSet", replicas=1, image="quay.io/minio/minio:RELEASE.2024-12-18T13-15-44Z", port=9000, memory="4Gi", probe_path="/minio/health/ready", claim="4Ti"),
        Workload("play-redis", kind="StatefulSet", replicas=1, image="docker.io/library/redis:7.2.6", port=6379, language="redis", memory="1Gi", probe_path=""),
    ),
    calls=(
        Call("traefik", "playback-api", "GET /v1/play/{id}", 15, 2_100),
        Call("traefik", "live-chat", "GET /socket", 9, 340),
        Call("playback-api", "packager", "GET /manifest", 28, 600),
        Call("playback-api", "play-redis", "GET", 0.8, 2_400),
        Call("live-chat", "play-redis", "PUBLISH", 0.9, 1_100),
        Call("packager", "minio", "GetObject", 12, 1_500),
        Call("transcoder", "minio", "PutObject", 60, 90),
    ),
    habits=(
        Habit("playback-api", 'time=- level=INFO msg="manifest served" video=v{n} renditions=6', "info", 20),
        Habit("live-chat", "[info] CONNECTED TO Chat.UserSocket in {n}µs", "info", 35),
        Habit("transcoder", 'level=warn msg="non monotonically increasing dts" job={n}', "warning", 40),
        Habit("packager", "INFO packager::hls: segment cached key=seg/{n}", "info", 30),
    ),
    log_source="promtail",
    day="2026-09-19",
)  # fmt: skip
