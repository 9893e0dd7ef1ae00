"""Pods that nobody lets in."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, slow_serving, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fourth(TELLERS, "places", Truth("kyverno-admission", "webhook_unanswered"), decoy=True)
def guard_of_the_cluster_is_busy_with_reports(r: Recording) -> None:
    scaled_elsewhere(r, "notification-hub", 3, at=-130)
    service = {"namespace": "kyverno", "name": "kyverno-admission", "path": "/validate/fail", "port": 9443}
    r.objects.add(
        "ValidatingWebhookConfiguration",
        "kyverno-resource-validating-webhook-cfg",
        webhooks=[
            {"name": "validate.kyverno.svc-fail", "failurePolicy": "Fail", "timeoutSeconds": 10, "clientConfig": {"service": service}}
        ],
    )
    guard = r.pod("kyverno-admission")
    r.metric(-12, guard, "container_memory_working_set_bytes", 391_118_848, 362_387_865, unit="By", intent="metric.memory.high")
    why = 'Internal error occurred: failed calling webhook "validate.kyverno.svc-fail": failed to call webhook: Post "https://kyverno-admission.kyverno.svc:9443/validate/fail?timeout=10s": context deadline exceeded'
    victims = [(r.pods("channel-api")[0], 6.0), (r.pods("balances")[1], 30.0)]
    for number, (pod, at) in enumerate(victims):
        revision = r.of("ReplicaSet", pod.name.rpartition("-")[0], "payments")
        r.normal(at, pod, "Descheduled", "pod eviction from " + pod.node + " node by sigs.k8s.io/descheduler", "sigs.k8s.io/descheduler")
        r.gone(at + 0.4, pod, revision)
        for times, after in enumerate((11.0, 22.0, 44.0, 75.0, 138.0, 230.0), start=1):
            r.event(
                at + after,
                revision,
                "FailedCreate",
                f"Error creating: {why}",
                component="replicaset-controller",
                count=times,
                since=at + 11,
            )
        r.unavailable(at + 12 + number, pod.app)
    owner = r.of("CronJob", "eod-settlement", "payments")
    for times, at in enumerate((40.0, 62.0, 110.0), start=1):
        r.event(at, owner, "FailedCreate", f"Error creating job: {why}", component="cronjob-controller", count=times, since=40)
    slow_serving(r, "channel-api", "balances", 890, since=35, step=19)
    failing(
        r,
        ("haproxy-ingress", "channel-api"),
        "HTTP 503 Service Unavailable",
        since=24,
        step=27,
        share=0.15,
        slower=6,
        error_type="503",
        status=503,
        milliseconds=5_000,
    )
    for at in every(95, 300, 33):
        r.log(
            r.nearly(at),
            guard,
            '2026-09-14T03:12:35Z ERR github.com/kyverno/kyverno/pkg/webhooks/handlers/admission.go:71 > failed to send response error="write tcp 10.244.14.8:9443->10.20.3.17:51122: i/o timeout" logger=webhooks',
        )
        r.event(
            r.nearly(at + 3),
            guard,
            "Unhealthy",
            f'Readiness probe failed: Get "https://{guard.address}:9443/health/readiness": context deadline exceeded',
            count=int(at) // 12,
            since=60,
        )
    grafana(
        r,
        200,
        "Kubernetes API refuses writes",
        "11% of CREATE requests were rejected by admission over 3m",
        folder="platform",
        severity="critical",
        cluster="pay-prod",
    )
    r.alert(
        285,
        "KubeDeploymentReplicasMismatch",
        "Deployment payments/balances has not matched the expected number of replicas for longer than 4 minutes.",
        deployment="balances",
        namespace="payments",
        pending="4m",
    )


@fourth(GRID, "places", Truth("grid", "quota", "namespace"))
def jobs_of_the_night_leave_no_memory_for_the_morning(r: Recording) -> None:
    hard, used = (
        {"requests.memory": "96Gi", "limits.memory": "160Gi", "pods": "140"},
        {"requests.memory": "61Gi", "limits.memory": "163584Mi", "pods": "71"},
    )
    quota = r.of("ResourceQuota", "team-grid", "grid")
    r.objects.add("ResourceQuota", "team-grid", "grid", spec={"hard": hard}, status={"hard": hard, "used": used})
    job = r.of("Job", "firmware-packager-29863120", "grid")
    for number in range(3):
        r.normal(-14.0 + 3 * number, job, "SuccessfulCreate", f"Created pod: {job.name}-{number}x7tq", "job-controller")
    r.state(-2, quota, "QuotaReached", "used up: limits.memory")
    r.amend(attributes={"k8s.resources": ["limits.memory"]})
    scaler, revision = (
        r.of("HorizontalPodAutoscaler", "customer-api", "grid"),
        r.of("ReplicaSet", r.pod("customer-api").name.rpartition("-")[0], "grid"),
    )
    r.normal(
        9,
        scaler,
        "SuccessfulRescale",
        "New size: 6; reason: cpu resource utilization (percentage of request) above target",
        "horizontal-pod-autoscaler",
    )
    for times, at in enumerate((9.5, 10.2, 11.9, 21.0, 51.0, 112.0, 236.0), start=1):
        r.event(
            at,
            revision,
            "FailedCreate",
            f'Error creating: pods "{revision.name}-h8n2w" is forbidden: exceeded quota: team-grid, requested: limits.memory=512Mi, used: limits.memory=163584Mi, limited: limits.memory=160Gi',
            component="replicaset-controller",
            count=times,
            since=9.5,
        )
    for number, pod in enumerate(r.lasting("customer-api")):
        r.metric(30.0 + 6 * number, pod, "container_cpu_usage_ratio", 0.99, 0.8, intent="metric.cpu.high")
    slow_serving(r, "envoy-grid-edge", "customer-api", 2_900, since=18, step=14)
    failing(
        r,
        ("envoy-grid-edge", "customer-api"),
        "upstream request timeout",
        since=45,
        step=27,
        share=0.15,
        slower=30,
        error_type="504",
        status=504,
        milliseconds=15_000,
    )
    unusual(r, 25, r.of("Service", "customer-api"), "http_server_requests_per_second", 41, 4, 15)
    grafana(r, 115, "App is slow", "p95 of SiteOverview is 3.4s (limit 600ms)", folder="customer", product="app", severity="critical")
    r.alert(
        290,
        "KubeHpaReplicasMismatch",
        "HPA grid/customer-api has not matched the desired number of replicas for longer than 4 minutes.",
        horizontalpodautoscaler="customer-api",
        namespace="grid",
        pending="4m",
    )
