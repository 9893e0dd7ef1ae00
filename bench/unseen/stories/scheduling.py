"""Pods that are wanted and are not there: no room, no leave, no node that takes them, or nobody who wants them any more."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import nightly_job, old_crash_loop, recent_rollout
from bench.unseen.events import every
from bench.unseen.more_applications import ML, TELEMETRY
from bench.unseen.object_parts import Thing
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story


def _not_scheduled(r: Recording, at: float, pod: Thing, why: str) -> None:
    """A pod that no node takes."""
    content = r.objects.get("Pod", pod.name, pod.namespace)
    waits = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": why, "lastTransitionTime": r.second(at)}
    content["status"] = {"phase": "Pending", "conditions": [waits]}
    for times, after in enumerate((0.0, 61.0, 182.0), start=1):
        r.event(at + after, pod, "FailedScheduling", why, component="default-scheduler", count=times, since=at)
    r.state(at + 0.2, pod, "Unschedulable", why, lastTransitionTime=r.second(at))


@story(TELEMETRY, "scheduling", Truth("beacon", "quota", "namespace"), decoy=True)
def quota_leaves_no_room(r: Recording) -> None:
    recent_rollout(r, "dashboard", "3.7.3", at=-150)
    quota = r.of("ResourceQuota", "compute", "beacon")
    hard, used = {"limits.cpu": "24", "limits.memory": "64Gi"}, {"limits.cpu": "24", "limits.memory": "51Gi"}
    r.objects.add("ResourceQuota", "compute", "beacon", spec={"hard": hard}, status={"hard": hard, "used": used})
    r.state(-3, quota, "QuotaReached", "used up: limits.cpu")
    r.amend(attributes={"k8s.resources": ["limits.cpu"]})
    workload = r.application.workload("normalizer")
    old = r.pods("normalizer")
    revision = r.objects.new_revision(workload, "wanted", r.second(0), 3)
    r.change(
        0,
        r.of("Deployment", "normalizer"),
        f"image changed from {workload.image} to beacon.azurecr.example/normalizer:3.7.3",
        "rollout",
        ["image"],
    )
    for pod in old[:2]:
        r.gone(1.0, pod)
    for times, at in enumerate((1.5, 3.0, 8.0, 30.0, 92.0, 170.0), start=1):
        why = f'Error creating: pods "{revision.name}-x7k2p" is forbidden: exceeded quota: compute, requested: limits.cpu=1, used: limits.cpu=24, limited: limits.cpu=24'
        r.event(at, revision, "FailedCreate", why, component="replicaset-controller", count=times, since=1.5)
    r.state(
        4,
        r.of("Deployment", "normalizer"),
        "FailedCreate",
        f'pods "{revision.name}-x7k2p" is forbidden: exceeded quota: compute, requested: limits.cpu=1, used: limits.cpu=24, limited: limits.cpu=24',
    )
    r.alert(
        130,
        "ConsumerLagHigh",
        "Consumer group normalizer is 144,000 records behind on raw.metrics",
        consumergroup="normalizer",
        topic="raw.metrics",
        namespace="beacon",
        severity="critical",
        pending="1m",
    )
    r.alert(
        170,
        "KubeQuotaFullyUsed",
        "Namespace quota is fully used.",
        namespace="beacon",
        resource="limits.cpu",
        severity="info",
        pending="2m",
    )
    r.logs(
        every(60, 200, 35), "stream-joiner", "warn: Beacon.Joiner.Window[7] Only {n} records on clean.metrics in the last minute", "warning"
    )


@story(ML, "scheduling", Truth("model-server", "unschedulable"))
def no_graphics_card_left(r: Recording) -> None:
    old = r.pods("model-server")
    revision = r.objects.new_revision(r.application.workload("model-server"), "wanted", r.second(0), 2)
    r.change(
        0,
        r.of("Deployment", "model-server"),
        "resources changed: limits.nvidia.com/gpu, requests.nvidia.com/gpu",
        "resources",
        ["limits.nvidia.com/gpu", "requests.nvidia.com/gpu"],
    )
    for number, pod in enumerate(old):
        r.gone(1.0 + number, pod)
    for number in range(2):
        pod = r.new_replica(2.0 + number, r.application.workload("model-server"), revision, number, starts=False, node="")
        _not_scheduled(
            r,
            2.4 + number,
            pod,
            "0/5 nodes are available: 2 Insufficient nvidia.com/gpu, 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/5 nodes are available: 5 No preemption victims found for incoming pod.",
        )
    r.no_endpoints(3, "model-server")
    r.unavailable(4, "model-server")
    r.silent["model-server"] = 1
    error = '<_InactiveRpcError of RPC that terminated with: status = StatusCode.UNAVAILABLE details = "failed to connect to all addresses; last error: UNKNOWN: ipv4:10.96.201.4:8001: Failed to connect to remote host: Connection refused">'
    r.failures(every(5, 200, 12), ("portal", "api", "model-server"), error, error_type="UNAVAILABLE", milliseconds=20)
    r.disturb("api", "model-server", errors=1.0)
    r.burn(150, "api")


@story(SHOP, "scheduling", Truth("search", "untolerated_taint"), decoy=True)
def nodes_tainted_for_somebody_else(r: Recording) -> None:
    old_crash_loop(r, "ab-test-sandbox")
    for node in sorted(r.application.nodes):
        r.objects.get("Node", node)["spec"]["taints"] = (
            [{"key": "dedicated", "value": "batch", "effect": "NoExecute"}] if node.startswith("pool-b") else []
        )
        if node.startswith("pool-b"):
            r.change(-2, r.of("Node", node), "changed: taints", "spec", ["taints"])
    old = r.pods("search")
    revision = r.of("ReplicaSet", old[0].name.rpartition("-")[0], "shopfront")
    for number, pod in enumerate(old):
        r.event(
            0.0 + number,
            pod,
            "TaintManagerEviction",
            f"Marking for deletion Pod shopfront/{pod.name}",
            warning=False,
            component="taint-eviction-controller",
        )
        r.gone(0.5 + number, pod)
        new = r.new_replica(1.0 + number, r.application.workload("search"), revision, 30 + number, starts=False, node="")
        r.objects.get("Pod", new.name, "shopfront")["spec"]["nodeSelector"] = {"pool": "b"}
        _not_scheduled(
            r,
            1.6 + number,
            new,
            "0/4 nodes are available: 2 node(s) didn't match Pod's node affinity/selector, 2 node(s) had untolerated taint {dedicated: batch}. preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.",
        )
    r.no_endpoints(2, "search")
    r.silent["search"] = 0
    r.failures(
        every(4, 200, 12),
        ("ingress-nginx-controller", "storefront", "search"),
        "connect ECONNREFUSED 10.96.41.7:3000",
        error_type="ECONNREFUSED",
        milliseconds=3,
    )
    r.disturb("storefront", "search", errors=1.0)
    r.burn(160, "storefront", severity="warning")


@story(BANK, "scheduling", Truth("policy-guard", "webhook_unanswered"))
def admission_webhook_gone(r: Recording) -> None:
    service = {"namespace": "policy", "name": "policy-guard", "path": "/validate", "port": 8443}
    r.objects.add(
        "ValidatingWebhookConfiguration",
        "policy-guard",
        webhooks=[{"name": "validate.policy-guard.alder.example", "failurePolicy": "Fail", "clientConfig": {"service": service}}],
    )
    for number, pod in enumerate(r.pods("policy-guard")):
        r.log(0.0 + number, pod, 'level=fatal msg="cannot load bundle" err="open /bundles/base.tar.gz: no such file or directory"', "fatal")
        r.crash_loop(0.3 + number, pod, (0.0, 14.0, 43.0, 95.0), 1)
    r.no_endpoints(2, "policy-guard")
    revision = r.of("ReplicaSet", r.pod("web-bff").name.rpartition("-")[0], "core-banking")
    r.normal(
        20,
        r.of("HorizontalPodAutoscaler", "web-bff"),
        "SuccessfulRescale",
        "New size: 6; reason: cpu resource utilization (percentage of request) above target",
        "horizontal-pod-autoscaler",
    )
    why = 'Error creating: Internal error occurred: failed calling webhook "validate.policy-guard.alder.example": failed to call webhook: Post "https://policy-guard.policy.svc:8443/validate?timeout=10s": no endpoints available for service "policy-guard"'
    for times, at in enumerate((21.0, 23.0, 41.0, 82.0, 160.0), start=1):
        r.event(at, revision, "FailedCreate", why, component="replicaset-controller", count=times, since=21)
    for at in every(60, 180, 25):
        r.slow(r.nearly(at), "web-bff", "POST /api/v2", 3_100, 90)
    r.disturb("istio-ingressgateway", "web-bff", 40, errors=0.15, slower=20)
    r.alert(
        185,
        "KubeDeploymentReplicasMismatch",
        "Deployment core-banking/web-bff has not matched the expected number of replicas.",
        deployment="web-bff",
        namespace="core-banking",
        pending="2m",
    )


@story(SHOP, "scheduling", Truth("pricing", "scaled_too_low"), decoy=True)
def scaled_to_nothing(r: Recording) -> None:
    recent_rollout(r, "mailer", "5.12.2", at=-30)
    r.scale(0, "pricing", 0)
    r.no_endpoints(1.2, "pricing")
    r.silent["pricing"] = 0
    r.failures(
        every(2, 190, 13),
        ("ingress-nginx-controller", "storefront", "checkout", "pricing"),
        "connect ECONNREFUSED 10.96.77.2:3000",
        error_type="ECONNREFUSED",
        milliseconds=2,
    )
    r.logs(
        every(3, 190, 19),
        "checkout",
        '{"level":"error","event":"quote.failed","err":{"code":"ECONNREFUSED","address":"10.96.77.2","port":3000},"order":"{n}"}',
    )
    r.disturb("checkout", "pricing", errors=1.0)
    r.disturb("storefront", "checkout", errors=0.95)
    r.burn(160, "checkout")


@story(ML, "scheduling", Truth("nightly-retrain", "job_failure"))
def training_job_gives_up(r: Recording) -> None:
    owner = r.of("CronJob", "nightly-retrain")
    job = r.of("Job", "nightly-retrain-29463480")
    r.objects.add(
        "Job",
        job.name,
        "quarry",
        r.second(0),
        metadata={
            "labels": {"app.kubernetes.io/name": "nightly-retrain"},
            "ownerReferences": [
                {"apiVersion": "batch/v1", "kind": "CronJob", "name": "nightly-retrain", "uid": owner.uid, "controller": True}
            ],
        },
        spec={"backoffLimit": 2},
        status={"failed": 3},
    )
    r.normal(0, owner, "SuccessfulCreate", f"Created job {job.name}", "cronjob-controller")
    workload = r.application.workload("nightly-retrain")
    for number, at in enumerate((2.0, 70.0, 150.0)):
        pod = r.new_replica(at, workload, job, number)
        r.log(
            at + 18,
            pod,
            'Traceback (most recent call last): File "/srv/retrain.py", line 203, in main raise DataContractError(f"feature {name} has {missing:.0%} nulls") DataContractError: feature basket_value has 61% nulls',
            error_type="DataContractError",
        )
        r.ended(at + 19, pod, "Error", 1, restarts=0)
        r.objects.get("Pod", pod.name, "quarry")["status"]["phase"] = "Failed"
        r.mark_unready(at + 19, pod)
    r.event(172, job, "BackoffLimitExceeded", "Job has reached the specified backoff limit", component="job-controller")
    r.state(172.2, job, "BackoffLimitExceeded", "Job has reached the specified backoff limit")
    r.alert(233, "KubeJobFailed", "Job failed to complete.", job_name=job.name, namespace="quarry", pending="1m")
    r.alert(330, "ModelStale", "The ranker served is older than a day", service="model-server", namespace="quarry", severity="info")


@story(TELEMETRY, "scheduling", Truth("alert-evaluator", "leader_lost"), decoy=True)
def lease_cannot_be_renewed(r: Recording) -> None:
    nightly_job(r, "compactor")
    first, second = r.pods("alert-evaluator")
    for number, at in enumerate((0.0, 44.0, 90.0, 131.0, 175.0)):
        pod = (first, second)[number % 2]
        r.log(
            at - 5,
            pod,
            'E0602 leaderelection.go:436] error retrieving resource lock beacon/alert-evaluator: Get "https://10.96.0.1:443/apis/coordination.k8s.io/v1/namespaces/beacon/leases/alert-evaluator?timeout=5s": context deadline exceeded',
        )
        r.log(
            at - 0.4,
            pod,
            "I0602 leaderelection.go:297] failed to renew lease beacon/alert-evaluator: timed out waiting for the condition",
            "warning",
        )
        r.log(at, pod, 'level=fatal msg="leader election lost"', "fatal")
        r.ended(at + 0.3, pod, "Error", 1, restarts=number // 2 + 1)
        r.normal(at + 2, pod, "Started", "Started container alert-evaluator")
        r.normal(
            at + 8,
            r.of("Lease", "alert-evaluator"),
            "LeaderElection",
            f"{(second, first)[number % 2].name}_7c1f became leader",
            "alert-evaluator",
        )
    r.alert(
        120,
        "RuleEvaluationMissed",
        "Rules have not been evaluated for 2 minutes",
        service="alert-evaluator",
        namespace="beacon",
        severity="critical",
        pending="2m",
    )
