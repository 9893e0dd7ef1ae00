"""A platform on which a laboratory computes: workflows of Argo, PostgreSQL by CloudNativePG, RabbitMQ, Ceph by Rook, machines with GPUs."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS

REGISTRY = "harbor.basalt.example/quarry"
MIRROR = "data.seqbank.example"


def _own(name: str, **more: object) -> Workload:
    return Workload(name, **{"image": f"{REGISTRY}/{name}:26.11.0", **more})  # type: ignore[arg-type]


def _ensemble(name: str, image: str, port: int, **more: object) -> Workload:
    parts: dict[str, object] = {"kind": "StatefulSet", "replicas": 3, "memory": "4Gi", "cpu": "2", "probe_path": "", "claim": "60Gi"}
    return Workload(name, **{"image": image, "port": port, **parts, **more})  # type: ignore[arg-type]


QUARRY = Application(
    name="basalt-quarry",
    namespace="lab",
    neighbours=NEIGHBOURS,
    nodes={"cmp-r1-01": "row-1", "cmp-r1-02": "row-1", "cmp-r2-01": "row-2", "cmp-r2-02": "row-2", "gpu-r3-01": "row-3"},
    workloads=(
        DNS,
        Workload("cilium", kind="DaemonSet", namespace="kube-system", image="quay.io/cilium/cilium:v1.16.6", port=0, probe_path="", labels={"k8s-app": "cilium"}),
        Workload("nginx-gateway-fabric", namespace="nginx-gateway", replicas=1, image="ghcr.io/nginx/nginx-gateway-fabric:1.6.1", port=8443, language="go"),
        Workload("lab-gateway-nginx", namespace="nginx-gateway", image="ghcr.io/nginx/nginx-gateway-fabric/nginx:1.6.1", port=443, language="nginx", probe_path="/readyz"),
        Workload("kyverno-admission-controller", namespace="kyverno", image="ghcr.io/kyverno/kyverno:v1.13.2", port=9443, service="kyverno-svc"),
        Workload("workflow-controller", namespace="argo", replicas=1, image="quay.io/argoproj/workflow-controller:v3.6.2", port=0, probe_path=""),
        _ensemble("vault", "docker.io/hashicorp/vault:1.18.3", 8200, namespace="vault", memory="512Mi", claim="10Gi"),
        _ensemble("jobs-db", "ghcr.io/cloudnative-pg/postgresql:16.6", 5432, service="jobs-db-rw", language="postgres", memory="16Gi", claim="300Gi"),
        _ensemble("rabbitmq", "docker.io/library/rabbitmq:4.0.5-management", 5672, language="erlang"),
        Workload("rook-ceph-mon", namespace="rook-ceph", replicas=3, image="quay.io/ceph/ceph:v18.2.4", port=6789, language="c", probe_path="", memory="2Gi"),
        Workload("rook-ceph-osd", namespace="rook-ceph", replicas=4, image="quay.io/ceph/ceph:v18.2.4", port=0, language="c", probe_path="", memory="6Gi"),
        Workload("rook-ceph-rgw", namespace="rook-ceph", image="quay.io/ceph/ceph:v18.2.4", port=8080, language="c", probe_path="", memory="4Gi"),
        _own("portal", replicas=2, language="python", memory="768Mi", port=8000, configs=("portal-settings",), secrets=("portal-db",)),
        _own("submit-api", replicas=3, port=8081, memory="512Mi", has_autoscaler=True),
        _own("job-planner", replicas=2, port=8082, memory="1Gi", configs=("job-planner",)),
        _own("batch-runner", replicas=3, port=0, probe_path="", language="python", memory="4Gi", cpu="2", secrets=("batch-runner-broker",)),
        _own("results-api", replicas=2, port=8083, language="python", memory="1Gi", environment=("S3_ENDPOINT",)),
        _own("dataset-index", replicas=2, port=8084, language="rust", memory="1Gi"),
        _own("fold-server", replicas=1, port=8085, language="python", memory="48Gi", cpu="8"),
        _own("usage-meter-sync", kind="CronJob", port=0, probe_path="", language="python"),
        _own("genome-align", kind="CronJob", port=0, probe_path="", language="python", memory="8Gi", image=f"{REGISTRY}/genome-align:3.9.2"),
        _own("notebook-trial", replicas=1, port=0, probe_path="", language="python", image=f"{REGISTRY}/notebook-trial:0.1"),
    ),
    calls=(
        Call("lab-gateway-nginx", "portal", "GET /projects", 130, 260),
        Call("lab-gateway-nginx", "submit-api", "POST /v1/jobs", 60, 320),
        Call("lab-gateway-nginx", "results-api", "GET /results/{job}", 140, 180),
        Call("portal", "jobs-db", "SELECT projects", 6, 520),
        Call("portal", "dataset-index", "GET /datasets", 18, 200),
        Call("submit-api", "job-planner", "planner.v1.Planner/Plan", 22, 310),
        Call("submit-api", "vault", "GET /v1/database/creds/submit", 9, 12),
        Call("job-planner", "jobs-db", "INSERT jobs", 5, 620),
        Call("job-planner", "rabbitmq", "jobs publish", 4, 310),
        Call("batch-runner", "rabbitmq", "jobs process", 9, 300),
        Call("batch-runner", "jobs-db", "UPDATE jobs", 5, 600),
        Call("batch-runner", "rook-ceph-rgw", "PutObject results", 85, 290),
        Call("batch-runner", "fold-server", "POST /fold", 900, 40),
        Call("batch-runner", "dataset-index", "GET /datasets/{id}/parts", 12, 280),
        Call("batch-runner", MIRROR, "GET /ena/vol1/fastq", 1_400, 24),
        Call("results-api", "rook-ceph-rgw", "GetObject results", 48, 240),
        Call("results-api", "jobs-db", "SELECT jobs", 4, 210),
        Call("dataset-index", "jobs-db", "SELECT parts", 5, 430),
        Call("workflow-controller", "jobs-db", "UPDATE argo_archived_workflows", 8, 60),
    ),
    habits=(
        Habit("portal", "[2026-12-02 02:00:00,000] INFO django.request: GET /projects/{n} 200", "info", 24),
        Habit("portal", "[2026-12-02 02:00:00,000] WARNING django.security.DisallowedHost: Invalid HTTP_HOST header: '10.70.2.{n}'", "warning", 80),
        Habit("submit-api", '{"level":"info","ts":"2026-12-02T02:00:00.000Z","caller":"api/jobs.go:88","msg":"accepted","job":"J-{n}"}', "info", 22),
        Habit("batch-runner", "[2026-12-02 02:00:00,000: INFO/MainProcess] Task lab.align[{n}] received", "info", 26),
        Habit("batch-runner", "[2026-12-02 02:00:00,000: WARNING/ForkPoolWorker-3] /venv/lib/python3.12/site-packages/numpy/core/fromnumeric.py:86: RuntimeWarning: Mean of empty slice ({n})", "warning", 75),
        Habit("batch-runner", "[2026-12-02 02:00:00,000: ERROR/ForkPoolWorker-1] sample S-{n} rejected: quality below Q20", "error", 110),
        Habit("jobs-db", '{"level":"info","ts":"2026-12-02T02:00:00.000Z","logger":"postgres","msg":"record","logging_pod":"jobs-db-0","record":{"error_severity":"LOG","message":"checkpoint complete: wrote {n} buffers (0.9%)"}}', "info", 85),
        Habit("rabbitmq", "2026-12-02 02:00:00.000000+00:00 [info] <0.{n}.0> accepting AMQP connection 10.244.4.19:51220 -> 10.244.2.8:5672", "info", 60),
        Habit("rook-ceph-mon", "debug 2026-12-02T02:00:00.000+0000 7f1c2a7fc640  0 log_channel(cluster) log [DBG] : pgmap v{n}: 265 pgs: 265 active+clean; 41 TiB data", "info", 50),
        Habit("workflow-controller", 'time="2026-12-02T02:00:00.000Z" level=info msg="Processing workflow" namespace=lab workflow=align-{n}', "info", 45),
        Habit("dataset-index", '{"timestamp":"-","level":"WARN","fields":{"message":"checksum missing","part":{n}},"target":"dataset_index::parts"}', "warning", 95),
    ),
    log_source="promtail",
    day="2026-12-02",
    writes_times=True,
)  # fmt: skip
