"""More work than there is strength for: throttling, neighbours, storms of retries, an empty cache, a crowd."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import recent_rollout, unrelated_alert
from bench.unseen.events import every
from bench.unseen.more_applications import ML, TELEMETRY
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story


@story(TELEMETRY, "load", Truth("query-api", "cpu_throttling"))
def limit_of_cpu_lowered(r: Recording) -> None:
    for number, pod in enumerate(r.rollout(0, "query-api", what="resources", names=("limits.cpu",))):
        r.objects.get("Pod", pod.name, "beacon")["spec"]["containers"][0]["resources"]["limits"]["cpu"] = "200m"
        r.ready(10 + number, pod)
        for at in every(20, 200, 45):
            r.metric(at + number, pod, "container_cpu_cfs_throttled_periods_ratio", 0.97, 0.25, intent="metric.cpu.throttled")
    for at in every(18, 210, 11):
        r.slow(r.nearly(at), "query-api", "GET /api/query", 4_300, 60)
    r.failures(
        every(24, 210, 15),
        ("dashboard", "query-api"),
        "System.Threading.Tasks.TaskCanceledException: The request was canceled due to the configured HttpClient.Timeout of 5 seconds elapsing.",
        error_type="timeout",
        milliseconds=5_000,
    )
    r.logs(every(26, 210, 34), "alert-evaluator", 'level=warn msg="slow evaluation" rule=high_temp took=4.{n}s', "warning")
    r.disturb("dashboard", "query-api", 15, errors=0.35, slower=40)
    r.disturb("alert-evaluator", "query-api", 15, errors=0.1, slower=40)
    pod = r.pod("query-api")
    r.alert(
        150,
        "CPUThrottlingHigh",
        f"96.8% throttling of CPU in namespace beacon for container query-api in pod {pod.name}.",
        severity="info",
        pending="2m",
        pod=pod.name,
        namespace="beacon",
        container="query-api",
    )
    r.burn(175, "dashboard")


@story(ML, "load", Truth("nightly-retrain", "noisy_neighbour"), decoy=True)
def job_takes_the_whole_node(r: Recording) -> None:
    recent_rollout(r, "portal", "2026.4.2", at=-140)
    node = r.pod("model-server").node
    owner, job = r.of("CronJob", "nightly-retrain"), r.of("Job", "nightly-retrain-29463540")
    r.objects.add(
        "Job",
        job.name,
        "quarry",
        r.second(-6),
        metadata={
            "labels": {"app.kubernetes.io/name": "nightly-retrain"},
            "ownerReferences": [
                {"apiVersion": "batch/v1", "kind": "CronJob", "name": "nightly-retrain", "uid": owner.uid, "controller": True}
            ],
        },
    )
    r.normal(-6, owner, "SuccessfulCreate", f"Created job {job.name}", "cronjob-controller")
    pod = r.new_replica(-5.5, r.application.workload("nightly-retrain"), job, 0, node=node)
    for at in every(4, 200, 40):
        r.metric(at, pod, "container_cpu_usage_seconds_rate", 7.6, 4.0, intent="metric.cpu.high")
        r.metric(at + 2, r.of("Node", node), "node_cpu_utilisation_ratio", 0.99, 0.9, intent="metric.cpu.high")
    for victim in r.objects.apps_on(node):
        call = next((each for each in r.application.calls if each.callee == victim.app), None)
        if call is None or victim.app == "nightly-retrain":
            continue
        r.disturb(call.caller, call.callee, errors=0.1, slower=12)
        for at in every(8, 200, 22):
            r.slow(r.nearly(at, 4), victim.app, call.operation, call.milliseconds * 16 + 900, call.milliseconds, by=(victim,))
    r.failures(
        every(20, 200, 24),
        ("portal", "api", "model-server"),
        "StatusCode.DEADLINE_EXCEEDED: Deadline Exceeded",
        error_type="timeout",
        milliseconds=5_000,
    )
    r.alert(140, "NodeCPUHighUsage", f"CPU of {node} is at 99%", instance=f"{node}:9100", node=node, severity="info", pending="2m")
    r.burn(165, "api")


@story(SHOP, "load", Truth("checkout", "retry_storm"))
def retries_without_pause(r: Recording) -> None:
    for number, pod in enumerate(r.rollout(0, "checkout", what="environment", names=("PRICING_RETRIES",))):
        r.ready(9 + number, pod)
    for at in every(16, 220, 8):
        r.log(
            r.nearly(at),
            r.pods("checkout")[int(at) % 2],
            f'{{"level":"warn","event":"retrying","target":"pricing","attempt":{3 + int(at) % 17},"of":20,"delayMs":0}}',
            "warning",
        )
    for pod in r.pods("pricing"):
        r.metric(40, pod, "http_requests_in_flight", 812, 100)
        r.metric(52, pod, "container_cpu_usage_ratio", 0.98, 0.9, intent="metric.cpu.high")
    r.alert(
        60,
        "RequestRateHigh",
        "checkout sends 14 times as many requests to pricing as an hour ago",
        service="checkout",
        namespace="shopfront",
        peer="pricing",
        pending="1m",
    )
    for at in every(28, 220, 20):
        r.slow(r.nearly(at), "pricing", "POST /quote", 3_900, 20)
    r.failures(
        every(22, 220, 13),
        ("ingress-nginx-controller", "storefront", "checkout", "pricing"),
        "HTTP 503 in POST /quote",
        error_type="503",
        status=503,
        milliseconds=900,
    )
    r.disturb("checkout", "pricing", 16, errors=0.8, slower=40)
    r.disturb("storefront", "checkout", 20, errors=0.6, slower=20)
    r.burn(170, "checkout")


@story(SHOP, "load", Truth("catalog-cache", "thundering_herd"), decoy=True)
def cache_comes_back_empty(r: Recording) -> None:
    unrelated_alert(r, "storefront")
    (cache,) = r.pods("catalog-cache")
    r.ended(0, cache, "Error", 137, restarts=1)
    r.normal(1.5, cache, "Started", "Started container catalog-cache")
    r.unready(0.2, cache)
    r.ready(5, cache)
    r.metric(20, cache, "memcached_hit_ratio", 0.03, 0.8, above=False)
    (mongo,) = r.pods("catalog-mongo")
    r.metric(24, mongo, "container_cpu_usage_ratio", 0.99, 0.9, intent="metric.cpu.high")
    r.metric(26, mongo, "mongodb_connections_current", 1_480, 800)
    for at in every(12, 200, 12):
        r.slow(r.nearly(at), "catalog", "find products", 3_800, 8, callee="catalog-mongo")
    line = '{"t":{"$date":"2026-04-03T09:00:00.000+00:00"},"s":"I","c":"COMMAND","id":51803,"ctx":"conn{n}","msg":"Slow query","attr":{"type":"command","ns":"catalog.products","planSummary":"IXSCAN { sku: 1 }","docsExamined":24,"nreturned":24,"durationMillis":3380}}'
    r.logs(every(14, 200, 15), "catalog-mongo", line, "warning")
    r.failures(
        every(0.5, 6, 2), ("catalog", "catalog-cache"), "connect ECONNREFUSED 10.96.61.30:11211", error_type="ECONNREFUSED", milliseconds=2
    )
    r.failures(
        every(16, 200, 16),
        ("ingress-nginx-controller", "storefront", "catalog"),
        "timeout of 5000ms exceeded",
        error_type="ECONNABORTED",
        milliseconds=5_000,
        outer=504,
    )
    r.disturb("catalog", "catalog-mongo", 8, errors=0.1, slower=400)
    r.disturb("storefront", "catalog", 10, errors=0.4, slower=90)
    r.burn(165, "storefront")


@story(BANK, "load", Truth("web-bff", "autoscaler_maxed"))
def more_customers_than_replicas(r: Recording) -> None:
    autoscaler = r.of("HorizontalPodAutoscaler", "web-bff")
    for at, size in ((-30.0, 5), (-2.0, 6)):
        r.normal(
            at,
            autoscaler,
            "SuccessfulRescale",
            f"New size: {size}; reason: cpu resource utilization (percentage of request) above target",
            "horizontal-pod-autoscaler",
        )
        for pod in r.scale(at, "web-bff", size, told=False):
            r.ready(at + 25, pod)
    r.state(14, autoscaler, "TooManyReplicas", "the desired replica count is more than the maximum replica count")
    for number, at in enumerate(every(16, 220, 34)):
        r.metric(at, r.pods("web-bff")[number % 6], "container_cpu_usage_ratio", 0.99, 0.9, intent="metric.cpu.high")
    r.metric(20, r.pod("istio-ingressgateway"), "istio_requests_rate", 3_900, 1_500)
    for at in every(18, 220, 12):
        r.slow(r.nearly(at), "web-bff", "POST /api/v2", 5_400, 90)
    line = '[2026-03-03T10:00:00.000Z] "POST /api/v2 HTTP/2" 503 UO upstream_reset_before_response_started{overflow} - "-" 210 81 0 - "198.51.100.40" "AlderApp/8.1" "{n}" "api.alder.example" "-" outbound|8080||web-bff.core-banking.svc.cluster.local'
    r.logs(every(22, 220, 16), "istio-ingressgateway", line, "warning")
    r.disturb("istio-ingressgateway", "web-bff", 10, errors=0.3, slower=50)
    r.alert(
        150, "KubeHpaMaxedOut", "HPA is running at max replicas.", horizontalpodautoscaler="web-bff", namespace="core-banking", pending="2m"
    )
    r.burn(170, "web-bff")


@story(BANK, "load", Truth("ledger", "slow_service"), decoy=True)
def threads_deadlocked(r: Recording) -> None:
    recent_rollout(r, "fraud-check", "2.30.2", at=-155)
    first = r.pod("ledger", 0)
    r.log(
        6,
        first,
        'Found one Java-level deadlock: "http-nio-8080-exec-14" waiting to lock monitor 0x00007f2c (object 0x00000000e1, a com.alder.bank.ledger.AccountLock), which is held by "http-nio-8080-exec-31"',
        "warning",
    )
    r.metric(18, first, "tomcat_threads_busy", 200, 180)
    for times, at in enumerate((20.0, 50.0, 110.0), start=1):
        r.event(
            at,
            first,
            "Unhealthy",
            f'Readiness probe failed: Get "http://{first.address}:8080/actuator/health/readiness": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
            count=4 * times,
            since=12,
        )
    r.unready(36, first)
    for at in every(5, 200, 14):
        r.slow(r.nearly(at), "ledger", "POST /entries", 30_000, 31, by=(first,))
    r.failures(
        every(8, 200, 15),
        ("istio-ingressgateway", "web-bff", "transfers", "ledger"),
        "upstream request timeout",
        error_type="504",
        status=504,
        milliseconds=15_000,
        outer=504,
    )
    r.failures(
        every(13, 200, 28),
        ("web-bff", "accounts", "ledger"),
        "upstream request timeout",
        error_type="504",
        status=504,
        milliseconds=15_000,
        outer=504,
    )
    r.disturb("transfers", "ledger", errors=0.5, slower=300)
    r.disturb("accounts", "ledger", errors=0.5, slower=300)
    r.burn(155, "transfers")
