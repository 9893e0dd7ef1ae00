"""Pods that nobody makes, or that no machine takes."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.telling import END, access, drag, readings_are_stale, sixth, traces_fail
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(CARDS, "scheduling", Truth("acquiring", "quota", "namespace"))
def namespace_has_used_what_it_may(r: Recording) -> None:
    """The traffic of noon wants more pods than the namespace may have memory for."""
    hard = {"limits.cpu": "64", "limits.memory": "34Gi"}
    r.objects.add(
        "ResourceQuota",
        "acquiring-compute",
        spec={"hard": hard},
        status={"hard": hard, "used": {"limits.cpu": "41", "limits.memory": "33792Mi"}},
    )
    revision = r.of("ReplicaSet", r.pod("auth-router").name.rpartition("-")[0])
    scaler = r.of("HorizontalPodAutoscaler", "auth-router")
    r.normal(
        0,
        scaler,
        "SuccessfulRescale",
        "New size: 8; reason: cpu resource utilization (percentage of request) above target",
        "horizontal-pod-autoscaler",
    )
    r.normal(
        0.4,
        r.of("Deployment", "auth-router"),
        "ScalingReplicaSet",
        f"Scaled up replica set {revision.name} from 4 to 8",
        "deployment-controller",
    )
    r.objects.get("Deployment", "auth-router")["spec"]["replicas"] = 8
    for number, at in enumerate((0.7, 0.9, 1.4, 2.4, 4.4, 8.4, 16.4, 32.5, 64.6, 128.7, 230.0)):
        refused = f'Error creating: pods "{revision.name}-{"bdfhjlnprtv"[number]}x{number}kq" is forbidden: exceeded quota: acquiring-compute, requested: limits.memory=2Gi, used: limits.memory=33Gi, limited: limits.memory=34Gi'
        r.event(at, revision, "FailedCreate", refused, component="replicaset-controller")
    r.state(3, r.of("Deployment", "auth-router"), "FailedCreate", "ReplicaFailure: pods are forbidden: exceeded quota: acquiring-compute")
    r.metric(-8, r.of("Service", "auth-router"), "istio_requests_rate", 4_210, 2_000, intent="metric.traffic.high")
    for number, pod in enumerate(r.pods("auth-router")):
        r.metric(20 + 5 * number, pod, "container_cpu_usage_ratio", 0.97, 0.8, intent="metric.cpu.high")
    drag(r, ("terminal-gateway", "auth-router"), 2_900, since=6, step=9)
    access(r, every(25, END, 16), "terminal-gateway", "auth-router", status=503, flags="UO", details="overflow", milliseconds=0)
    r.alert(
        100,
        "AuthorisationLatencyHigh",
        "99th percentile of authorisations is 3.9 s",
        severity="critical",
        service="terminal-gateway",
        namespace="acquiring",
        pending="1m",
    )
    r.alert(
        226,
        "KubeHpaReplicasMismatch",
        "HPA acquiring/auth-router has not matched the desired number of replicas for longer than 3 minutes.",
        horizontalpodautoscaler="auth-router",
        namespace="acquiring",
        pending="3m",
    )


@sixth(WATER, "scheduling", Truth("flink-taskmanager", "untolerated_taint"), decoy=True)
def workers_no_longer_bear_the_mark_of_their_pool(r: Recording) -> None:
    """A template lost what lets its pods onto the machines kept for streams, which is where it must run."""
    recent_rollout(r, "usage-api", "0.61.1", at=-115)
    workload, old = WATER.workload("flink-taskmanager"), r.pods("flink-taskmanager")
    deployment, former = r.of("Deployment", "flink-taskmanager"), r.of("ReplicaSet", old[0].name.rpartition("-")[0])
    r.change(0, deployment, "template changed: tolerations", "template", ("tolerations",))
    revision = r.objects.new_revision(workload, "untouched", r.second(0), 3)
    r.normal(0.3, deployment, "ScalingReplicaSet", f"Scaled up replica set {revision.name} from 0 to 3", "deployment-controller")
    for number, pod in enumerate(old):
        r.gone(0.6 + number / 5, pod, former)
    message = "0/5 nodes are available: 1 node(s) had untolerated taint {rill.example/pool: stream}, 4 node(s) didn't match Pod's node affinity/selector. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling."
    for number in range(3):
        pod = r.new_replica(1 + number / 5, workload, revision, number, starts=False, node="")
        for times, at in enumerate((1.4, 65.0, 190.0), start=1):
            r.event(at + number / 5, pod, "FailedScheduling", message, component="default-scheduler", count=times)
        r.state(2 + number / 5, pod, "Unschedulable", message)
        status = r.objects.get("Pod", pod.name)["status"]
        status |= {
            "phase": "Pending",
            "containerStatuses": [],
            "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}],
        }
        status.pop("podIP", None)
    r.unavailable(3, "flink-taskmanager")
    r.silent["flink-taskmanager"] = 1
    lost = "2026-12-08 10:00:00,000 INFO  org.apache.flink.runtime.jobmaster.JobMaster [] - TaskManager with id 10.244.9.31:6122-7a0c{n} is no longer reachable."
    r.logs((8.0, 9.0, 10.0), "flink-jobmanager", lost, "warning")
    r.log(
        11,
        "flink-jobmanager",
        "2026-12-08 10:00:00,000 INFO  org.apache.flink.runtime.executiongraph.ExecutionGraph [] - Job readings-to-timescale (5f0c77d2a9e8416bb1) switched from state RUNNING to RESTARTING.",
        "info",
    )
    for at in every(72, END, 60):
        r.log(
            at,
            "flink-jobmanager",
            "2026-12-08 10:00:00,000 WARN  org.apache.flink.runtime.resourcemanager.slotmanager.FineGrainedSlotManager [] - Could not fulfill resource requirements of job 5f0c77d2a9e8416bb1. Free slots: 0",
            "warning",
        )
    r.metric(110, r.pod("redpanda"), "redpanda_kafka_consumer_group_lag_sum", 2_004_000, 100_000)
    traces_fail(
        r,
        ("kong", "customer-portal", "usage-api"),
        "404 Not Found: no readings in the requested window",
        since=90,
        step=35,
        share=0.1,
        kind="404",
        status=404,
        outer=200,
    )
    readings_are_stale(r, every(75, END, 30), 6, 214)
