"""A game's backend: matches, rooms and items in Go, Rust and Kotlin over gRPC, with Cassandra, on GKE."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS

REGISTRY = "europe-west3-docker.pkg.example/arena-prod/live"


def _own(name: str, **more: object) -> Workload:
    return Workload(name, **{"image": f"{REGISTRY}/{name}:2026.18.2", **more})  # type: ignore[arg-type]


ARENA = Application(
    name="arena-live",
    namespace="arena",
    neighbours=NEIGHBOURS,
    nodes={
        "gke-arena-prod-general-7c1f2a90-4x8d": "europe-west3-a",
        "gke-arena-prod-general-7c1f2a90-q2lm": "europe-west3-a",
        "gke-arena-prod-general-b03e51cc-9wvz": "europe-west3-b",
        "gke-arena-prod-general-b03e51cc-hh5t": "europe-west3-b",
        "gke-arena-prod-fleet-61d9f7ab-k3rj": "europe-west3-c",
    },
    workloads=(
        DNS,
        Workload("contour-envoy", namespace="projectcontour", image="docker.io/envoyproxy/envoy:v1.31.5", port=8443, language="envoy", probe_path="/ready"),
        _own("session-gateway", replicas=3, port=9000, secrets=("session-signing",), has_autoscaler=True),
        _own("matchmaker", language="rust", port=9100, memory="1Gi", configs=("matchmaker-rules",)),
        _own("room-allocator", port=9200, environment=("AGONES_ALLOCATOR_ADDR",)),
        _own("inventory", language="java", replicas=3, port=9300, memory="1536Mi", secrets=("inventory-cassandra",), environment=("CASSANDRA_CONTACT_POINTS",)),
        _own("leaderboard", language="rust", port=9400),
        _own("purchases", language="java", port=9500, memory="1Gi", configs=("purchases-config",)),
        Workload("cassandra", kind="StatefulSet", replicas=3, image="docker.io/library/cassandra:5.0.2", port=9042, language="java", memory="8Gi", cpu="4", probe_path="", claim="400Gi"),
        Workload("scores-redis", kind="StatefulSet", replicas=1, image="docker.io/library/redis:7.4.1", port=6379, language="redis", memory="2Gi", probe_path=""),
        Workload("agones-allocator", namespace="agones-system", image="us-docker.pkg.dev/agones-images/release/agones-allocator:1.45.0", port=8443, probe_path="/ready"),
    ),
    calls=(
        Call("contour-envoy", "session-gateway", "POST /session.v2.Sessions/Open", 22, 900),
        Call("session-gateway", "matchmaker", "match.v1.Matchmaker/Enqueue", 14, 380),
        Call("session-gateway", "inventory", "items.v1.Inventory/List", 18, 720),
        Call("session-gateway", "leaderboard", "board.v1.Leaderboard/Around", 5, 460),
        Call("session-gateway", "purchases", "shop.v1.Purchases/Confirm", 85, 70),
        Call("matchmaker", "room-allocator", "rooms.v1.Allocator/Claim", 31, 140),
        Call("room-allocator", "agones-allocator", "allocation.AllocationService/Allocate", 24, 140),
        Call("inventory", "cassandra", "SELECT items_by_player", 4, 1_300),
        Call("leaderboard", "scores-redis", "ZREVRANGE", 0.9, 700),
        Call("purchases", "inventory", "items.v1.Inventory/Grant", 20, 70),
        Call("purchases", "api.playstore.example", "POST /v3/purchases/verify", 110, 70),
    ),
    habits=(
        Habit("session-gateway", '{"level":"info","ts":1779703201.{n},"caller":"session/open.go:88","msg":"session opened","player":"p{n}"}', "info", 22),
        Habit("matchmaker", '{"timestamp":"-","level":"INFO","fields":{"message":"tick","queued":{n}},"target":"matchmaker::pool"}', "info", 30),
        Habit("inventory", '{"@timestamp":"-","level":"WARN","logger_name":"c.d.o.d.i.c.c.CqlRequestHandler","message":"Query \'SELECT * FROM items_by_player\' generated server side warning(s): Read {n} live rows"}', "warning", 80),
        Habit("cassandra", "INFO  [CompactionExecutor:{n}] CompactionTask.java:253 - Compacted 4 sstables to [/var/lib/cassandra/data/arena/items]", "info", 90),
        Habit("room-allocator", '{"level":"warn","caller":"claim/claim.go:131","msg":"claim retried","attempt":2,"room":"r{n}"}', "warning", 70),
    ),
    log_source="fluentbit",
    day="2026-05-25",
)  # fmt: skip
