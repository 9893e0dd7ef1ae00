"""An application that many customers share: Rails, PHP, .NET, Elixir, Go and Java in a Linkerd mesh, over MySQL and OpenSearch."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS

REGISTRY = "408811920034.dkr.ecr.ca-central-1.amazonaws.example/gable"
PROXY = {"linkerd-proxy": "cr.l5d.io/linkerd/proxy:edge-25.4.1"}


def _own(name: str, **more: object) -> Workload:
    return Workload(name, **{"image": f"{REGISTRY}/{name}:2026.31.0", "beside": PROXY, **more})  # type: ignore[arg-type]


GABLE = Application(
    name="gable-suite",
    namespace="gable",
    neighbours=NEIGHBOURS,
    nodes={
        "ip-172-31-4-80.ca-central-1.compute.internal": "ca-central-1a",
        "ip-172-31-9-17.ca-central-1.compute.internal": "ca-central-1a",
        "ip-172-31-21-203.ca-central-1.compute.internal": "ca-central-1b",
        "ip-172-31-30-6.ca-central-1.compute.internal": "ca-central-1b",
        "ip-172-31-44-151.ca-central-1.compute.internal": "ca-central-1d",
    },
    workloads=(
        DNS,
        Workload("linkerd-identity", namespace="linkerd", image="cr.l5d.io/linkerd/controller:edge-25.4.1", port=8080, probe_path="/ready", beside=PROXY),
        Workload("linkerd-destination", namespace="linkerd", image="cr.l5d.io/linkerd/controller:edge-25.4.1", port=8086, probe_path="/ready", beside=PROXY),
        Workload("cert-manager", namespace="cert-manager", replicas=1, image="quay.io/jetstack/cert-manager-controller:v1.17.1", port=0, probe_path=""),
        Workload("admission-gate", namespace="kyverno", image="ghcr.io/kyverno/kyverno:v1.13.4", port=9443, probe_path="/health/readiness"),
        Workload("traefik", namespace="traefik", image="docker.io/library/traefik:v3.3.4", port=8443, probe_path="/ping", beside=PROXY),
        _own("portal", replicas=3, language="ruby", port=3000, probe_path="/up", memory="1Gi", configs=("portal-flags",), secrets=("portal-database",), has_autoscaler=True),
        _own("jobs", replicas=3, language="ruby", port=0, probe_path="", memory="1Gi", secrets=("portal-database",)),
        _own("invoices", language="php", memory="512Mi", probe_path="/ping", environment=("TAX_ENDPOINT", "DATABASE_URL")),
        _own("identity", language="dotnet", port=8080, memory="768Mi", configs=("identity-settings",), secrets=("signing-keys",)),
        _own("collab", language="elixir", port=4000, probe_path="/health", memory="1Gi"),
        _own("tenants", port=7000, environment=("DB_DSN", "REDIS_ADDR")),
        _own("search", language="java", probe_path="/actuator/health/readiness", memory="1536Mi"),
        Workload("mysql", kind="StatefulSet", image="docker.io/percona/percona-server:8.0.40", port=3306, language="mysql", memory="12Gi", probe_path="", claim="300Gi"),
        Workload("sessions-redis", kind="StatefulSet", replicas=1, image="docker.io/library/redis:7.2.6", port=6379, language="redis", memory="2Gi", probe_path=""),
        Workload("opensearch", kind="StatefulSet", replicas=3, image="docker.io/opensearchproject/opensearch:2.18.0", port=9200, language="java", memory="8Gi", probe_path="", claim="500Gi"),
        Workload("nightly-export", kind="CronJob", image=f"{REGISTRY}/nightly-export:2026.31.0", port=0, language="ruby", probe_path=""),
        Workload("csv-importer", replicas=1, image=f"{REGISTRY}/csv-importer:0.4.2", port=0, language="php", probe_path=""),
    ),
    calls=(
        Call("traefik", "portal", "GET /{tenant}", 130, 700),
        Call("traefik", "collab", "GET /socket/websocket", 12, 220),
        Call("portal", "identity", "POST /connect/introspect", 14, 640),
        Call("portal", "tenants", "GET /tenants/{slug}", 9, 660),
        Call("portal", "invoices", "GET /invoices", 85, 120),
        Call("portal", "search", "GET /search", 44, 170),
        Call("portal", "mysql", "SELECT", 5, 1_900),
        Call("portal", "sessions-redis", "GET", 1, 1_400),
        Call("collab", "sessions-redis", "PUBLISH", 1, 500),
        Call("collab", "tenants", "GET /tenants/{slug}", 8, 180),
        Call("tenants", "mysql", "SELECT tenants", 4, 620),
        Call("tenants", "sessions-redis", "GET", 1, 600),
        Call("invoices", "mysql", "SELECT invoices", 9, 260),
        Call("invoices", "api.taxrates.example", "GET /v2/rates", 120, 50),
        Call("search", "opensearch", "POST /documents/_search", 28, 170),
        Call("jobs", "mysql", "UPDATE", 6, 420),
        Call("jobs", "smtp.postrelay.example", "MAIL", 210, 40),
        Call("jobs", "search", "POST /reindex", 35, 60),
        Call("identity", "mysql", "SELECT grants", 4, 300),
    ),
    habits=(
        Habit("portal", 'W, [2026-08-11T10:00:00.0 #1]  WARN -- : DEPRECATION WARNING: Passing a hash to enum is deprecated (called from Seat at {n})', "warning", 60),
        Habit("portal", "I, [2026-08-11T10:00:00.0 #1]  INFO -- : [{n}] Completed 200 OK in 92ms (Views: 40.1ms | ActiveRecord: 12.4ms)", "info", 20),
        Habit("jobs", "pid=1 tid={n} class=DigestJob elapsed=0.412 INFO: done", "info", 25),
        Habit("invoices", '[2026-08-11T10:00:00] app.WARNING: rounding differs by a cent {"invoice":{n}} []', "warning", 65),
        Habit("identity", "info: Duende.IdentityServer.Endpoints.IntrospectionEndpoint[0] Success token introspection. Token active: True, for API name: portal {n}", "info", 30),
        Habit("collab", "[info] JOINED room:{n} in 341µs", "info", 35),
        Habit("jobs", "pid=1 tid={n} class=AvatarJob ERROR: Vips::Error unable to load from buffer: unsupported image format", "error", 140),
        Habit("opensearch", "[INFO ][o.o.j.s.JobSweeper] Running full sweep {n}", "info", 100),
    ),
    log_source="fluentbit",
    day="2026-08-11",
)  # fmt: skip
