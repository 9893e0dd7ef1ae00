"""A site that sells journeys: Node, PHP and Ruby on EKS with Istio's ambient mesh, Aurora and SQS outside the cluster, OpenSearch inside."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS

ECR = "418200771935.dkr.ecr.eu-central-1.amazonaws.com/wander"
AURORA = "wander-prod.cluster-cm3kq8v1x2yz.eu-central-1.rds.amazonaws.com"
QUEUES = "sqs.eu-central-1.amazonaws.com"
FARES = "gds.skylane.example"
CARDS = "api.paybridge.example"


def _own(name: str, **more: object) -> Workload:
    return Workload(name, **{"image": f"{ECR}/{name}:20261012.3", **more})  # type: ignore[arg-type]


WANDER = Application(
    name="saltmarsh-wander",
    namespace="booking",
    neighbours=NEIGHBOURS,
    nodes={
        "ip-10-60-11-23.eu-central-1.compute.internal": "eu-central-1a",
        "ip-10-60-14-201.eu-central-1.compute.internal": "eu-central-1a",
        "ip-10-60-38-77.eu-central-1.compute.internal": "eu-central-1b",
        "ip-10-60-45-9.eu-central-1.compute.internal": "eu-central-1b",
        "ip-10-60-70-140.eu-central-1.compute.internal": "eu-central-1c",
    },
    workloads=(
        DNS,
        Workload("karpenter", namespace="karpenter", image="public.ecr.aws/karpenter/controller:1.1.1", port=8080),
        Workload("aws-load-balancer-controller", namespace="kube-system", image="public.ecr.aws/eks/aws-load-balancer-controller:v2.11.0", port=9443),
        Workload("external-secrets", namespace="external-secrets", replicas=1, image="ghcr.io/external-secrets/external-secrets:v0.12.1", port=0, probe_path=""),
        Workload("istiod", namespace="istio-system", replicas=1, image="docker.io/istio/pilot:1.24.2", port=15012, probe_path="/ready", memory="2Gi"),
        Workload("ztunnel", kind="DaemonSet", namespace="istio-system", image="docker.io/istio/ztunnel:1.24.2", port=0, probe_path="", language="rust"),
        _own("web", replicas=3, port=3000, language="node", memory="1Gi", probe_path="/api/health", has_autoscaler=True, configs=("web-flags",)),
        _own("trip-search", replicas=3, port=3001, language="node", memory="1Gi", environment=("OPENSEARCH_NODE",)),
        _own("booking", replicas=3, port=9000, language="php", memory="768Mi", probe_path="/up", secrets=("booking-db",), configs=("booking-config",)),
        _own("fares", port=4567, language="ruby", memory="1Gi", probe_path="/up", configs=("fares-rules",)),
        _own("checkout", replicas=3, port=3002, language="ruby", memory="1Gi", probe_path="/up", secrets=("checkout-db", "checkout-paybridge")),
        _own("itinerary-worker", port=0, language="ruby", memory="1Gi", probe_path=""),
        _own("reviews", port=9001, language="php", memory="512Mi", probe_path="/up"),
        _own("availability", port=8090, memory="512Mi"),
        _own("loyalty", port=8091, language="node", replicas=2, secrets=("loyalty-db",)),
        Workload("opensearch", kind="StatefulSet", replicas=3, image="docker.io/opensearchproject/opensearch:2.18.0", port=9200, language="java", memory="8Gi", cpu="2", probe_path="", claim="200Gi"),
        Workload("session-valkey", kind="StatefulSet", replicas=1, image="docker.io/valkey/valkey:8.0.1", port=6379, language="redis", memory="2Gi", probe_path=""),
        Workload("fare-cache", kind="StatefulSet", replicas=1, image="docker.io/valkey/valkey:8.0.1", port=6379, language="redis", memory="4Gi", probe_path=""),
        Workload("hotel-feed", kind="CronJob", image=f"{ECR}/hotel-feed:88", port=0, probe_path="", language="ruby"),
        _own("price-experiments", replicas=1, port=0, probe_path="", language="node", image=f"{ECR}/price-experiments:0.4.1"),
    ),
    calls=(
        Call("web", "trip-search", "GET /v1/trips", 180, 640),
        Call("web", "booking", "POST /bookings", 210, 120),
        Call("web", "checkout", "POST /payments", 420, 60),
        Call("web", "reviews", "GET /hotels/{id}/reviews", 28, 520),
        Call("web", "session-valkey", "GET", 0.7, 1_800),
        Call("trip-search", "opensearch", "POST /offers/_search", 55, 610),
        Call("trip-search", "fares", "POST /quotes", 70, 600),
        Call("trip-search", "availability", "rooms.v1.Rooms/Check", 16, 540),
        Call("fares", "fare-cache", "MGET", 0.9, 2_600),
        Call("fares", FARES, "POST /v4/shopping", 820, 110),
        Call("booking", AURORA, "INSERT bookings", 7, 380),
        Call("booking", "loyalty", "GET /members/{id}", 14, 118),
        Call("booking", QUEUES, "itineraries send", 12, 110),
        Call("loyalty", AURORA, "SELECT members", 4, 130),
        Call("checkout", AURORA, "UPDATE payments", 6, 190),
        Call("checkout", "booking", "GET /bookings/{id}", 35, 60),
        Call("checkout", CARDS, "POST /v1/authorisations", 310, 58),
        Call("availability", AURORA, "SELECT rooms", 5, 900),
        Call("reviews", "opensearch", "POST /reviews/_search", 12, 500),
        Call("itinerary-worker", QUEUES, "itineraries receive", 20, 240),
        Call("itinerary-worker", AURORA, "SELECT bookings", 8, 220),
    ),
    habits=(
        Habit("web", '{"level":30,"time":"-","name":"web","route":"/trips","status":200,"ms":{n},"msg":"request completed"}', "info", 22),
        Habit("web", '{"level":40,"time":"-","name":"web","msg":"hydration mismatch on /deals","build":"{n}"}', "warning", 65),
        Habit("booking", '[2026-10-12T02:00:00.000000+00:00] production.INFO: booking stored {"reference":"WM{n}"}', "info", 25),
        Habit("booking", '[2026-10-12T02:00:00.000000+00:00] production.WARNING: supplier answered without a cancellation policy {"hotel":{n}}', "warning", 70),
        Habit("fares", "I, [2026-10-12T02:00:00.000000 #7]  INFO -- : quote {n} priced from cache", "info", 28),
        Habit("checkout", '{"timestamp":"-","severity":"INFO","progname":"checkout","message":"payment captured","payment":"pay_{n}"}', "info", 30),
        Habit("itinerary-worker", "2026-10-12T02:00:00.000Z 7 TID-{n} INFO: Shoryuken: completed in: 412.2 ms", "info", 35),
        Habit("reviews", "NOTICE: PHP message: Deprecated: Creation of dynamic property Review::$helpful is deprecated in /app/src/Review.php on line {n}", "warning", 90),
        Habit("opensearch", "[2026-10-12T02:00:00,000][INFO ][o.o.j.s.JobSweeper       ] [opensearch-0] Running full sweep {n}", "info", 80),
        Habit("loyalty", '{"level":"error","timestamp":"-","message":"statement mail bounced","member":"{n}"}', "error", 150),
        Habit("ztunnel", '{"level":"info","time":"-","scope":"access","message":"connection complete","src.workload":"web","dst.service":"reviews.booking.svc.cluster.local","direction":"outbound","bytes_sent":{n}}', "info", 45),
    ),
    log_source="datadog-agent",
    day="2026-10-12",
    writes_times=True,
)  # fmt: skip
