"""Settings that programs cannot live with, ensembles without a leader, and those who may not create a pod."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import old_crash_loop, recent_rollout
from bench.unseen.events import every
from bench.unseen.fifth_volume.quarry import QUARRY
from bench.unseen.fifth_volume.telling import alarm, fifth, monitor, refused
from bench.unseen.fifth_volume.wander import WANDER
from bench.unseen.fourth_volume.telling import failing, grafana, slow_calls, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fifth(WANDER, "settings", Truth("fares", "config_error"), decoy=True)
def rules_with_a_tab_are_read_at_the_next_start(r: Recording) -> None:
    old_crash_loop(r, "price-experiments")
    r.change(-170, r.of("ConfigMap", "fares-rules", "booking"), "data changed: rules.yaml", "config", ["rules.yaml"])
    for number, pod in enumerate(r.rollout(-4, "fares", what="environment", names=("RUBY_YJIT_ENABLE",), starts=False)):
        ends = (4.0, 19.0, 44.0, 91.0, 176.0)
        for at in ends:
            r.log(
                at + number - 0.4,
                pod,
                "/usr/local/lib/ruby/3.3.0/psych.rb:452:in `parse': (/etc/fares/rules.yaml): found character that cannot start any token while scanning for the next token at line 61 column 1 (Psych::SyntaxError)",
                "fatal",
                error_type="Psych::SyntaxError",
            )
        r.crash_loop(number, pod, ends, 1)
    r.silent["fares"] = 3
    r.no_endpoints(5, "fares")
    r.unavailable(6, "fares")
    refused(r, ("web", "trip-search", "fares"), "fares", 4567, since=6, step=14)
    monitor(r, 85, "Search without prices", "avg(last_2m) = 99.1% > 10%", priority=1, service="trip-search", env="prod")
    r.burn(160, "web")


@fifth(QUARRY, "settings", Truth("job-planner", "bad_command"))
def option_was_renamed_in_the_new_version(r: Recording) -> None:
    image = QUARRY.workload("job-planner").image.replace("26.11.0", "26.12.0")
    for number, pod in enumerate(r.rollout(-3, "job-planner", image=image, starts=False)):
        ends = (4.0, 18.0, 42.0, 88.0, 171.0)
        for at in ends:
            r.log(at + number - 0.3, pod, "Error: unknown flag: --fairshare-half-life\nUsage:\n  job-planner serve [flags]", "fatal")
        r.crash_loop(number, pod, ends, 1)
    r.silent["job-planner"] = 2
    r.no_endpoints(3, "job-planner")
    r.unavailable(4, "job-planner")
    refused(
        r, ("lab-gateway-nginx", "submit-api", "job-planner"), "job-planner", 8082, since=5, step=15, error_type="UNAVAILABLE", outer=503
    )
    r.logs(
        every(6, 300, 17),
        "submit-api",
        '{"level":"error","ts":"2026-12-02T02:00:06.000Z","caller":"api/jobs.go:131","msg":"not planned","job":"J-{n}","error":"rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial tcp 10.96.11.82:8082: connect: connection refused\\""}',
    )
    grafana(r, 90, "No job was accepted", "0 jobs accepted in 2m (usually 640)", folder="platform", severity="critical", team="compute")


@fifth(WANDER, "leaders", Truth("opensearch", "leader_lost"))
def search_cluster_cannot_agree_on_its_manager(r: Recording) -> None:
    slow_calls(r, "trip-search", "opensearch", 9_000, since=2, until=40, step=12)
    failing(
        r,
        ("web", "trip-search", "opensearch"),
        "cluster_block_exception: [cluster_block_exception] Reason: blocked by: [SERVICE_UNAVAILABLE/2/no cluster-manager]",
        since=30,
        step=17,
        share=0.8,
        error_type="ResponseError",
        status=503,
        milliseconds=12,
        more={"db.system.name": "opensearch"},
        outer=502,
    )
    failing(
        r,
        ("web", "reviews", "opensearch"),
        "cluster_manager_not_discovered_exception",
        since=33,
        step=29,
        share=0.8,
        error_type="503",
        status=503,
        milliseconds=30_004,
        more={"db.system.name": "opensearch"},
        outer=500,
    )
    for number, pod in enumerate(r.pods("opensearch")):
        for at in every(44 + 3 * number, 300, 33):
            r.log(
                at,
                pod,
                f"[2026-10-12T02:00:44,000][WARN ][o.o.c.c.ClusterFormationFailureHelper] [{pod.name}] cluster-manager not discovered or elected yet, an election requires at least 2 nodes with ids from [h1Xc, p0Qz, w8La], have discovered [{{{pod.name}}}] which is not a quorum",
                "warning",
            )
    monitor(r, 75, "Trips found", "avg(last_2m) = 0.2 trips per search, below 11", priority=1, service="trip-search", env="prod")
    r.burn(190, "web")


@fifth(QUARRY, "leaders", Truth("rabbitmq", "leader_lost"), decoy=True)
def queues_have_no_majority_after_a_pause(r: Recording) -> None:
    recent_rollout(r, "results-api", "26.11.1", at=-130)
    slow_calls(r, "job-planner", "rabbitmq", 5_000, since=2, step=19, errors=0.6)
    failing(
        r,
        ("lab-gateway-nginx", "submit-api", "job-planner", "rabbitmq"),
        "publish not confirmed: context deadline exceeded",
        since=12,
        step=18,
        share=0.8,
        error_type="timeout",
        milliseconds=5_000,
        more={"messaging.system": "rabbitmq", "messaging.destination.name": "jobs"},
        outer=504,
    )
    r.logs(
        every(15, 300, 20),
        "batch-runner",
        "[2026-12-02 02:00:15,000: CRITICAL/MainProcess] Unrecoverable error: PreconditionFailed(406, 'PRECONDITION_FAILED - timed out waiting for queue jobs in vhost / to become available', (50, 10), 'Queue.declare') {n}",
        error_type="amqp.exceptions.PreconditionFailed",
    )
    for number, pod in enumerate(r.pods("rabbitmq")):
        for at in every(26 + 4 * number, 300, 43):
            r.log(
                at,
                pod,
                f"2026-12-02 02:00:26.000000+00:00 [warning] <0.{811 + number}.0> queue 'jobs' in vhost '/': leader is down, no quorum: election timed out in term {41 + int(at)}",
                "warning",
            )
    r.log(
        22,
        r.pods("rabbitmq")[1],
        "2026-12-02 02:00:22.000000+00:00 [error] <0.412.0> ** Node 'rabbit@rabbitmq-0.rabbitmq.lab' not responding **",
    )
    r.alert(
        140, "RabbitMQQuorumQueueNoLeader", "Quorum queue jobs in vhost / has no leader", severity="critical", namespace="lab", pending="1m"
    )
    grafana(r, 100, "No job was accepted", "3 jobs accepted in 2m (usually 640)", folder="platform", severity="critical", team="compute")


@fifth(WANDER, "not enough", Truth("web", "autoscaler_maxed"), decoy=True)
def sale_begins_and_six_replicas_are_the_most(r: Recording) -> None:
    r.change(-80, r.of("ConfigMap", "booking-config", "booking"), "data changed: mail.footer", "config", ["mail.footer"])
    scaler = r.of("HorizontalPodAutoscaler", "web", "booking")
    for number, pod in enumerate(r.scale(10, "web", 6, told=False)):
        r.ready(24.0 + number, pod)
    r.normal(
        10,
        scaler,
        "SuccessfulRescale",
        "New size: 6; reason: cpu resource utilization (percentage of request) above target",
        "horizontal-pod-autoscaler",
    )
    r.state(60, scaler, "TooManyReplicas", "the desired replica count is more than the maximum replica count")
    for number, pod in enumerate(r.pods("web")):
        r.metric(50.0 + 3 * number, pod, "container_cpu_usage_ratio", 0.98, 0.8, intent="metric.cpu.high")
        r.event(
            70.0 + number,
            pod,
            "Unhealthy",
            f'Readiness probe failed: Get "http://{pod.address}:3000/api/health": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
            count=5,
            since=44,
        )
    for at in every(4, 300, 16):
        r.slow(r.nearly(at, 6), "web", "GET /trips", 4_800, 210)
    alarm(
        r,
        55,
        "web-alb-RequestCountPerTarget",
        "1 datapoint [9114.0] was greater than the threshold (3000.0).",
        LoadBalancer="app/web/81fa0c",
        Namespace="AWS/ApplicationELB",
    )
    r.alert(
        200,
        "KubeHpaMaxedOut",
        "HPA booking/web has been running at max replicas for longer than 2 minutes.",
        namespace="booking",
        horizontalpodautoscaler="web",
        pending="2m",
    )
    monitor(r, 120, "First byte of the site", "p75 4.9s > 1.8s", service="web", env="prod")


@fifth(QUARRY, "not enough", Truth("batch-runner", "queue_backlog"))
def course_of_students_hands_in_at_once(r: Recording) -> None:
    queue = r.of("Service", "rabbitmq")
    for at, ready in ((8.0, 4_120), (70.0, 19_800), (150.0, 44_100), (240.0, 71_090)):
        unusual(r, at, queue, "rabbitmq_queue_messages_ready{queue=jobs}", ready, 0, 420)
    unusual(r, 4, r.of("Service", "submit-api"), "http_requests_per_second", 61, 3, 9)
    for number, pod in enumerate(r.pods("batch-runner")):
        r.metric(40.0 + number, pod, "container_cpu_usage_ratio", 0.97, 0.9, intent="metric.cpu.high")
    r.logs(
        every(20, 300, 22),
        "batch-runner",
        "[2026-12-02 02:00:20,000: INFO/MainProcess] Task lab.align[{n}] received after 141.2 s in queue",
        "info",
    )
    r.alert(170, "RabbitMQTooManyReadyMessages", "Queue jobs has 44100 ready messages and 3 consumers", namespace="lab", queue="jobs")
    grafana(r, 110, "Jobs do not start", "oldest queued job is 96s old (limit 45s)", folder="platform", severity="critical", team="compute")


@fifth(WANDER, "may not be created", Truth("aws-load-balancer-controller", "webhook_unanswered"))
def pods_wait_for_a_webhook_of_the_load_balancer(r: Recording) -> None:
    old = list(r.pods("trip-search"))
    revision = r.of("ReplicaSet", old[0].name.rpartition("-")[0], "booking")
    for number, pod in enumerate(r.pods("aws-load-balancer-controller")):
        r.log(
            -3.0 + number,
            pod,
            '{"level":"error","ts":"2026-10-12T01:59:57.000Z","logger":"setup","msg":"problem running manager","error":"leader election lost"}',
        )
        r.crash_loop(-2 + number, pod, (1.0, 12.0, 40.0, 96.0, 190.0), 1)
    r.no_endpoints(1, "aws-load-balancer-controller")
    for number, pod in enumerate(old[:2]):
        r.normal(3.0 + number, pod, "Evicted", "Evicted pod: Underutilized", "karpenter")
        r.gone(3.5 + number, pod, revision)
    why = 'Internal error occurred: failed calling webhook "mpod.elbv2.k8s.aws": failed to call webhook: Post "https://aws-load-balancer-webhook-service.kube-system.svc:443/mutate-v1-pod?timeout=10s": no endpoints available for service "aws-load-balancer-webhook-service"'
    for count, at in enumerate((5.0, 16.0, 37.0, 78.0, 160.0, 280.0), start=1):
        r.event(at, revision, "FailedCreate", f"Error creating: {why}", component="replicaset-controller", count=count, since=5)
    r.state(5.2, revision, "FailedCreate", why)
    slow_calls(r, "trip-search", "fares", 640, since=12, step=36)
    for at in every(10, 300, 19):
        r.slow(r.nearly(at, 6), "trip-search", "GET /v1/trips", 3_300, 180)
    r.disturb("web", "trip-search", 10, errors=0.2, slower=15)
    monitor(r, 90, "Search p95", "5.8s > 2s", service="trip-search", env="prod")
    r.alert(
        270,
        "KubeDeploymentReplicasMismatch",
        "Deployment booking/trip-search has not matched the expected number of replicas.",
        deployment="trip-search",
        namespace="booking",
        pending="4m",
    )


@fifth(QUARRY, "may not be created", Truth("lab", "quota", "namespace"))
def room_of_the_namespace_is_used_up_by_workflows(r: Recording) -> None:
    r.change(-60, r.of("ResourceQuota", "compute", "lab"), "spec changed: hard", "spec", ["hard"])
    said = "is forbidden: exceeded quota: compute, requested: requests.cpu=4, used: requests.cpu=62, limited: requests.cpu=64"
    r.logs(
        every(3, 300, 18),
        "workflow-controller",
        f'time="2026-12-02T02:00:03.000Z" level=warning msg="Non-transient error: pods \\"align-{{n}}-fetch\\" {said}" namespace=lab',
        "warning",
    )
    for number, pod in enumerate(list(r.pods("submit-api"))[:2]):
        revision = r.of("ReplicaSet", pod.name.rpartition("-")[0], "lab")
        r.gone(5.0 + number, pod, revision)
        for count, at in enumerate((6.0, 19.0, 48.0, 110.0, 230.0), start=1):
            r.event(
                at + number,
                revision,
                "FailedCreate",
                f'Error creating: pods "{revision.name}-x{number}k2p" {said}',
                component="replicaset-controller",
                count=count,
                since=6.0 + number,
            )
    for at in every(15, 300, 20):
        r.slow(r.nearly(at, 6), "submit-api", "POST /v1/jobs", 1_900, 60)
    r.disturb("lab-gateway-nginx", "submit-api", 12, errors=0.1, slower=25)
    r.alert(
        200,
        "KubeQuotaFullyUsed",
        "Namespace lab is using 100% of its requests.cpu quota.",
        severity="info",
        namespace="lab",
        resource="requests.cpu",
    )
    grafana(
        r, 150, "Alignments do not start", "no pod of a workflow was created in 2m", folder="science", severity="critical", team="genomics"
    )
