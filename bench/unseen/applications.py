"""Two of the four invented applications: a bank of Spring services in a mesh, and a shop of Node services behind an ingress controller."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS

DNS = Workload(
    "coredns", namespace="kube-system", image="registry.k8s.io/coredns/coredns:v1.11.3", port=53, language="go", memory="170Mi", probe_path="/ready",
    configs=("coredns",), labels={"k8s-app": "kube-dns"}, service="kube-dns",
)  # fmt: skip


def _spring(name: str, **more: object) -> Workload:
    parts: dict[str, object] = {
        "port": 8080,
        "language": "java",
        "memory": "1Gi",
        "cpu": "1",
        "probe_path": "/actuator/health/readiness",
        "has_sidecar": True,
    }
    return Workload(name, **{"image": f"harbor.alder.example/bank/{name}:2.30.1", **parts, **more})  # type: ignore[arg-type]


BANK = Application(
    name="alder-bank",
    namespace="core-banking",
    neighbours=NEIGHBOURS,
    nodes={
        "ip-10-20-0-17.eu-west-1.compute.internal": "eu-west-1a",
        "ip-10-20-1-44.eu-west-1.compute.internal": "eu-west-1a",
        "ip-10-20-2-61.eu-west-1.compute.internal": "eu-west-1b",
        "ip-10-20-3-90.eu-west-1.compute.internal": "eu-west-1b",
        "ip-10-20-4-12.eu-west-1.compute.internal": "eu-west-1c",
    },
    workloads=(
        DNS,
        Workload(
            "istiod",
            namespace="istio-system",
            replicas=1,
            image="docker.io/istio/pilot:1.24.2",
            port=15012,
            probe_path="/ready",
            memory="2Gi",
        ),
        Workload(
            "istio-ingressgateway",
            namespace="istio-system",
            image="docker.io/istio/proxyv2:1.24.2",
            port=8443,
            language="envoy",
            probe_path="/healthz/ready",
        ),
        _spring("web-bff", replicas=3, has_autoscaler=True),
        _spring("accounts", configs=("accounts-settings",)),
        _spring("transfers", secrets=("ledger-credentials",), environment=("LEDGER_URL", "LEDGER_API_KEY")),
        _spring("ledger", secrets=("ledger-db-credentials",)),
        _spring("fraud-check", memory="1536Mi"),
        _spring("customer-profile"),
        _spring("notifications", replicas=1),
        Workload(
            "ledger-db",
            kind="StatefulSet",
            replicas=1,
            image="docker.io/library/postgres:16.4",
            port=5432,
            language="postgres",
            memory="4Gi",
            probe_path="",
            claim="200Gi",
        ),
        Workload(
            "profile-cache", kind="StatefulSet", replicas=1, image="docker.io/library/redis:7.4", port=6379, language="redis", probe_path=""
        ),
        Workload(
            "statement-batch",
            kind="CronJob",
            image="harbor.alder.example/bank/statement-batch:2.30.1",
            port=0,
            language="java",
            probe_path="",
        ),
        Workload("policy-guard", namespace="policy", image="harbor.alder.example/platform/policy-guard:1.9.0", port=8443, language="go"),
        Workload(
            "ledger-reconciler-v1",
            replicas=1,
            image="harbor.alder.example/bank/ledger-reconciler:0.9.7",
            port=0,
            language="java",
            probe_path="",
        ),
    ),
    calls=(
        Call("istio-ingressgateway", "web-bff", "POST /api/v2", 90, 620),
        Call("web-bff", "accounts", "GET /accounts/{id}", 34, 400),
        Call("web-bff", "transfers", "POST /transfers", 75, 130),
        Call("web-bff", "customer-profile", "GET /profiles/{id}", 18, 310),
        Call("accounts", "ledger", "GET /balances/{account}", 22, 380),
        Call("transfers", "fraud-check", "POST /score", 28, 130),
        Call("transfers", "ledger", "POST /entries", 31, 128),
        Call("transfers", "fx.rateboard.example", "GET /v1/quotes", 64, 40),
        Call("transfers", "notifications", "POST /messages", 12, 120),
        Call("ledger", "ledger-db", "SELECT ledger", 6, 900),
        Call("customer-profile", "profile-cache", "GET", 1, 300),
    ),
    habits=(
        Habit("web-bff", "o.s.web.servlet.PageNotFound : No mapping for GET /favicon.ico", "warning", 50),
        Habit("accounts", "c.a.b.accounts.BalanceView : served balance view for {n} in 31 ms", "info", 30),
        Habit("ledger", "c.a.b.ledger.EntryWriter : batch {n} committed, 12 entries", "info", 25),
        Habit("customer-profile", "c.a.b.profile.LegacyMapper : field 'faxNumber' is deprecated and ignored", "warning", 70),
        Habit("notifications", "c.a.b.notify.Mailer : bounce for message {n}: 550 mailbox unavailable", "error", 140),
        Habit("ledger-db", "LOG:  checkpoint complete: wrote {n} buffers (1.1%); 0 WAL file(s) added, 0 removed, 1 recycled", "info", 90),
    ),
    log_source="otel",
    day="2026-03-03",
)


def _node(name: str, **more: object) -> Workload:
    parts: dict[str, object] = {"port": 3000, "language": "node", "memory": "512Mi", "cpu": "750m"}
    return Workload(name, **{"image": f"ghcr.io/marigold-shop/{name}:5.12.0", **parts, **more})  # type: ignore[arg-type]


SHOP = Application(
    name="marigold-shop",
    namespace="shopfront",
    neighbours=NEIGHBOURS,
    nodes={"pool-a-7f1c": "fra1-a", "pool-a-9b2d": "fra1-a", "pool-b-03ce": "fra1-b", "pool-b-6d40": "fra1-b"},
    workloads=(
        DNS,
        Workload(
            "ingress-nginx-controller",
            namespace="ingress-nginx",
            image="registry.k8s.io/ingress-nginx/controller:v1.12.1",
            port=443,
            language="nginx",
        ),
        _node("storefront", replicas=3),
        _node("cart"),
        _node("catalog", replicas=3, environment=("MONGO_HOST", "CACHE_HOST")),
        _node("search", memory="768Mi"),
        _node("checkout", environment=("PRICING_RETRIES", "CARD_API")),
        _node("pricing", configs=("pricing-rules",)),
        _node("mailer", replicas=1),
        _node("image-resizer"),
        Workload(
            "cart-redis",
            kind="StatefulSet",
            replicas=1,
            image="docker.io/library/redis:7.2.5",
            port=6379,
            language="redis",
            memory="1Gi",
            probe_path="",
        ),
        Workload("catalog-cache", replicas=1, image="docker.io/library/memcached:1.6.31", port=11211, language="memcached", probe_path=""),
        Workload(
            "catalog-mongo",
            kind="StatefulSet",
            replicas=1,
            image="docker.io/library/mongo:7.0.14",
            port=27017,
            language="mongo",
            memory="4Gi",
            probe_path="",
            claim="80Gi",
        ),
        Workload(
            "sitemap-builder", kind="CronJob", image="ghcr.io/marigold-shop/sitemap-builder:1.3.0", port=0, language="node", probe_path=""
        ),
        Workload(
            "ab-test-sandbox", replicas=1, image="ghcr.io/marigold-shop/ab-test-sandbox:0.0.9", port=0, language="node", probe_path=""
        ),
    ),
    calls=(
        Call("ingress-nginx-controller", "storefront", "GET /", 120, 900),
        Call("storefront", "catalog", "GET /products", 36, 700),
        Call("storefront", "cart", "GET /cart", 14, 500),
        Call("storefront", "search", "GET /search", 52, 260),
        Call("storefront", "checkout", "POST /checkout", 240, 60),
        Call("checkout", "cart", "GET /cart", 13, 60),
        Call("checkout", "pricing", "POST /quote", 20, 62),
        Call("checkout", "api.cardbridge.example", "POST /v3/charges", 180, 55),
        Call("checkout", "mailer", "POST /mail", 9, 50),
        Call("cart", "cart-redis", "HGETALL", 1.4, 1_100),
        Call("catalog", "catalog-mongo", "find products", 8, 350),
        Call("catalog", "catalog-cache", "get", 0.8, 2_400),
        Call("search", "catalog", "GET /products", 30, 90),
        Call("storefront", "image-resizer", "GET /img", 25, 320),
    ),
    habits=(
        Habit("storefront", '{"level":"warn","component":"seo","event":"missing canonical link","page":"/p/{n}"}', "warning", 55),
        Habit("cart", '{"level":"info","event":"cart.saved","items":3,"cart":"{n}"}', "info", 25),
        Habit("catalog", '{"level":"info","event":"products.listed","count":24,"category":"{n}"}', "info", 35),
        Habit("mailer", '{"level":"error","event":"smtp.bounce","code":550,"message":"Mailbox unavailable","id":"{n}"}', "error", 160),
        Habit(
            "ingress-nginx-controller",
            '203.0.113.77 - - [03/Apr/2026] "GET /wp-login.php HTTP/1.1" 404 146 "-" "curl/8.5.0" {n}',
            "info",
            40,
        ),
        Habit("search", '{"level":"warn","event":"synonym file is 92 days old"}', "warning", 120),
    ),
    day="2026-04-03",
)
