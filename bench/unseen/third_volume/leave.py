"""Room and leave that are not given, where what is asked for looks harmless."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.names import letters
from bench.unseen.object_parts import node_labels_of, node_status_of
from bench.unseen.second_volume.telling import broken, held_up
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.arena import ARENA
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.telling import azure_alert, google_alert, not_created, pending
from bench.unseen.third_volume.ward import WARD
from bench.unseen.truths import Truth

CHEAP = "aks-spot-40118833-vmss000000"


@third(WARD, "leave", Truth("letter-renderer", "untolerated_taint"))
def letters_move_to_the_cheap_pool(r: Recording) -> None:
    spot = {"key": "kubernetes.azure.com/scalesetpriority", "value": "spot", "effect": "NoSchedule"}
    labels = {**node_labels_of(CHEAP, "westeurope-3"), "kubernetes.azure.com/scalesetpriority": "spot"}
    r.objects.add("Node", CHEAP, metadata={"labels": labels}, spec={"taints": [spot]}, status=node_status_of(6))
    why = "0/6 nodes are available: 1 node(s) had untolerated taint {kubernetes.azure.com/scalesetpriority: spot}, 5 node(s) didn't match Pod's node affinity/selector. preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling."
    workload, old = r.application.workload("letter-renderer"), r.pods("letter-renderer")
    deployment, former = r.of("Deployment", "letter-renderer"), old[0].name.rpartition("-")[0]
    r.change(0, deployment, "template changed: template", "rollout", ["template"])
    r.normal(0.3, deployment, "ScalingReplicaSet", f"Scaled down replica set {former} from 2 to 0", "deployment-controller")
    for number, pod in enumerate(old):
        r.gone(0.6 + number / 3, pod, r.of("ReplicaSet", former))
    revision = r.objects.new_revision(workload, "cheap", r.second(3), 2)
    r.normal(3.2, deployment, "ScalingReplicaSet", f"Scaled up replica set {revision.name} from 0 to 2", "deployment-controller")
    for number in range(2):
        new = r.new_replica(3.5 + number / 3, workload, revision, number, starts=False, node="")
        r.objects.get("Pod", new.name)["spec"]["nodeSelector"] = {"kubernetes.azure.com/scalesetpriority": "spot"}
        pending(r, new, 3.6 + number / 3, why, (40.0 + number, 121.0 + number, 244.0 + number))
        told = "pod didn't trigger scale-up: 1 node(s) had untolerated taint {kubernetes.azure.com/scalesetpriority: spot}, 2 node(s) didn't match Pod's node affinity/selector"
        r.normal(14.0 + number, new, "NotTriggerScaleUp", told, "cluster-autoscaler")
    r.silent["letter-renderer"] = 1
    r.unavailable(2, "letter-renderer")
    for at, ready in ((60.0, 41), (120.0, 88), (180.0, 131), (240.0, 177)):
        r.metric(at, r.of("Service", "rabbitmq"), "rabbitmq_queue_messages_ready{queue=letters}", ready, 40, intent="metric.queue.depth")
    for at in every(64, 280, 21):
        line = f'{{"@t":"-","@mt":"Discharge letter for {{Admission}} not there after {{Seconds}} s, ward is told to print later","@l":"Warning","Admission":{88_000 + int(at)},"Seconds":60}}'
        r.log(r.nearly(at), "admissions", line, "warning")
    r.alert(
        150, "RabbitmqNoConsumers", "Queue letters has messages and no consumer for 2 minutes", namespace="care", queue="letters", vhost="/"
    )
    azure_alert(r, 210, "discharge-letters-late", "p90 of letter age is 190 s, greater than 120", sev=2, resource="ward-suite-prod")


@third(ARENA, "leave", Truth("arena", "quota", "namespace"))
def backfill_has_every_pod_that_may_be(r: Recording) -> None:
    hard, used = {"pods": "48", "requests.cpu": "40"}, {"pods": "48", "requests.cpu": "7"}
    r.objects.add("ResourceQuota", "arena-objects", "arena", spec={"hard": hard}, status={"hard": hard, "used": used})
    job = r.of("Job", "replay-backfill-2026w21", "arena")
    for number in range(6):
        name = f"{job.name}-{letters('backfill', 5, str(number))}"
        r.normal(-31 + number / 5, job, "SuccessfulCreate", f"Created pod: {name}", "job-controller")
    r.state(-29, r.of("ResourceQuota", "arena-objects", "arena"), "QuotaReached", "used up: pods")
    r.amend(attributes={"k8s.resources": ["pods"]})
    scaler, deployment = r.of("HorizontalPodAutoscaler", "session-gateway"), r.of("Deployment", "session-gateway")
    revision = r.of("ReplicaSet", r.pod("session-gateway").name.rpartition("-")[0])
    reason = "cpu resource utilization (percentage of request) above target"
    r.normal(0, scaler, "SuccessfulRescale", f"New size: 5; reason: {reason}", "horizontal-pod-autoscaler")
    r.change(0.1, deployment, "scaled from 3 to 5", "scale", ["replicas"], replicas=5)
    r.normal(0.3, deployment, "ScalingReplicaSet", f"Scaled up replica set {revision.name} from 3 to 5", "deployment-controller")
    why = f'pods "{revision.name}-n6v2k" is forbidden: exceeded quota: arena-objects, requested: pods=1, used: pods=48, limited: pods=48'
    not_created(r, revision, (0.5, 0.6, 0.8, 1.4, 2.9, 5.6, 11.0, 21.7, 43.0, 85.4, 170.5), why)
    r.state(0.9, deployment, "FailedCreate", why, lastTransitionTime=r.second(1))
    for number, pod in enumerate(r.pods("session-gateway")):
        r.metric(28 + 3 * number, pod, "container_cpu_usage_ratio", 0.99, 0.85, intent="metric.cpu.high")
    held_up(r, ("contour-envoy", "session-gateway"), 1_250, since=9, step=10)
    broken(
        r,
        ("contour-envoy", "session-gateway"),
        "upstream request timeout",
        since=25,
        step=19,
        error_type="504",
        status=504,
        milliseconds=15_000,
        share=0.12,
        slower=55,
    )
    google_alert(
        r,
        120,
        "Session open p95",
        "Condition 'p95 above 800 ms' for loadbalancing.googleapis.com/https/total_latencies is above the threshold of 800 with a value of 1508.",
    )
