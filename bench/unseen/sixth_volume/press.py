"""A city newspaper: PHP for readers, Ruby for editors, Node for what is live, behind Varnish, over MariaDB, Elasticsearch and RabbitMQ."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS

REGISTRY = "registry.inkwell.example/press"


def _own(name: str, **more: object) -> Workload:
    return Workload(name, **{"image": f"{REGISTRY}/{name}:2026-09-01", **more})  # type: ignore[arg-type]


def _store(name: str, image: str, port: int, language: str, **more: object) -> Workload:
    parts: dict[str, object] = {"kind": "StatefulSet", "replicas": 3, "memory": "6Gi", "probe_path": "", "claim": "150Gi"}
    return Workload(name, **{"image": image, "port": port, "language": language, **parts, **more})  # type: ignore[arg-type]


PRESS = Application(
    name="inkwell-press",
    namespace="newsroom",
    neighbours=NEIGHBOURS,
    nodes={
        "press-worker-01": "hel1-dc2",
        "press-worker-02": "hel1-dc2",
        "press-worker-03": "hel1-dc4",
        "press-worker-04": "hel1-dc4",
        "press-worker-05": "hel1-dc6",
    },
    workloads=(
        DNS,
        Workload("haproxy-ingress", namespace="ingress-haproxy", image="quay.io/jcmoraisjr/haproxy-ingress:v0.14.8", port=443, language="haproxy", configs=("haproxy-ingress",)),
        Workload("varnish", image="docker.io/library/varnish:7.6.1", port=6081, language="c", probe_path="/_health", memory="8Gi", configs=("varnish-vcl",)),
        _own("site", replicas=3, language="php", probe_path="/ping", memory="1Gi", configs=("site-parameters",), secrets=("site-database",), has_autoscaler=True),
        _own("newsdesk", language="ruby", port=3000, probe_path="/up", memory="1536Mi", secrets=("newsdesk-env",)),
        _own("live-blog", replicas=3, language="node", port=8080, probe_path="/health"),
        _own("paywall", language="node", port=8080, probe_path="/health", environment=("REDIS_URL", "METER_LIMIT")),
        _own("image-proxy", port=8081, image="docker.io/darthsim/imgproxy:v3.26.1", probe_path="/health", memory="1Gi", configs=("image-proxy-presets",)),
        _own("search-indexer", language="ruby", port=0, probe_path=""),
        _own("push-sender", language="node", port=0, probe_path=""),
        _store("mariadb", "docker.io/library/mariadb:11.4.4", 3306, "mariadb", memory="12Gi"),
        _store("elasticsearch", "docker.elastic.example/elasticsearch/elasticsearch:8.16.1", 9200, "java", memory="8Gi", claim="300Gi"),
        _store("rabbitmq", "docker.io/library/rabbitmq:4.0.5-management", 5672, "erlang", memory="4Gi", claim="40Gi"),
        _store("paywall-redis", "docker.io/library/redis:7.4.1", 6379, "redis", replicas=1, memory="1Gi", claim=""),
        Workload("print-export", kind="CronJob", image=f"{REGISTRY}/print-export:2026-08-20", port=0, language="ruby", probe_path=""),
        Workload("puzzle-preview", replicas=1, image=f"{REGISTRY}/puzzle-preview:wip", port=0, language="node", probe_path=""),
    ),
    calls=(
        Call("haproxy-ingress", "varnish", "GET /{section}", 14, 2_600),
        Call("haproxy-ingress", "newsdesk", "POST /articles/{id}", 180, 90),
        Call("haproxy-ingress", "live-blog", "GET /live/{id}/socket", 9, 340),
        Call("varnish", "site", "GET /{section}/{slug}", 95, 420),
        Call("site", "mariadb", "SELECT article", 6, 1_500),
        Call("site", "elasticsearch", "POST /articles/_search", 31, 130),
        Call("site", "paywall", "POST /meter", 12, 380),
        Call("site", "ads.bidstream.example", "GET /v3/slots", 70, 210),
        Call("paywall", "paywall-redis", "INCR", 1, 760),
        Call("newsdesk", "mariadb", "UPDATE article", 8, 260),
        Call("newsdesk", "rabbitmq", "article.published publish", 4, 60),
        Call("newsdesk", "media.objectstore.example", "PUT /press-media/{key}", 140, 30),
        Call("newsdesk", "api.wireservice.example", "GET /v2/items", 190, 40),
        Call("live-blog", "rabbitmq", "live.posts process", 3, 200),
        Call("live-blog", "mariadb", "SELECT post", 5, 310),
        Call("search-indexer", "rabbitmq", "article.published process", 5, 60),
        Call("search-indexer", "elasticsearch", "POST /_bulk", 42, 60),
        Call("push-sender", "rabbitmq", "push.breaking process", 4, 50),
        Call("push-sender", "api.pushrelay.example", "POST /3/device", 88, 140),
        Call("varnish", "image-proxy", "GET /rs:fit/{key}", 65, 300),
        Call("image-proxy", "media.objectstore.example", "GET /press-media/{key}", 48, 290),
    ),
    habits=(
        Habit("site", '[2026-09-08T10:00:00.000000+00:00] request.INFO: Matched route "article_show". {"route":"article_show","id":{n}} []', "info", 22),
        Habit("site", '[2026-09-08T10:00:00.000000+00:00] deprecation.INFO: User Deprecated: Since twig/twig 3.15: Using the "spaceless" filter is deprecated. {"line":{n}} []', "info", 80),
        Habit("newsdesk", "W, [2026-09-08T10:00:00.000000 #1]  WARN -- : [{n}] Rack::Attack throttled feed reader", "warning", 75),
        Habit("newsdesk", "I, [2026-09-08T10:00:00.000000 #1]  INFO -- : [{n}] Completed 200 OK in 164ms (Views: 70.2ms | ActiveRecord: 21.8ms)", "info", 26),
        Habit("live-blog", '{"level":30,"time":"2026-09-08T10:00:00.000Z","name":"live-blog","msg":"socket opened","readers":{n}}', "info", 28),
        Habit("image-proxy", "WARNING [2026-09-08T10:00:00Z] Completed in 4.1ms request_id={n} method=GET status=404 error=\"Can't download source image: status: 404\"", "warning", 55),
        Habit("push-sender", '{"level":50,"time":"2026-09-08T10:00:00.000Z","name":"push-sender","reason":"BadDeviceToken","device":"{n}","msg":"rejected"}', "error", 130),
        Habit("mariadb", "[Warning] Aborted connection {n} to db: 'press' user: 'site' (Got timeout reading communication packets)", "warning", 110),
        Habit("elasticsearch", '{"@timestamp":"2026-09-08T10:00:00.000Z","log.level":"INFO","message":"[gc][{n}] overhead, spent [261ms] collecting in the last [1s]","ecs.version":"1.2.0"}', "info", 95),
    ),
    log_source="promtail",
    day="2026-09-08",
    writes_times=True,
)  # fmt: skip
