"""Pods that are wanted and that nobody lets be: taints, quotas, and those who are asked first."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.clusters import Workload
from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.object_parts import Thing
from bench.unseen.second_volume.telling import broken, waiting
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.arena import ARENA
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.third_volume.telling import (
    GRPC_UNAVAILABLE,
    azure_alert,
    google_alert,
    grafana_alert,
    no_results_come,
    not_created,
    pending,
    put_elsewhere,
)
from bench.unseen.third_volume.ward import WARD
from bench.unseen.truths import Truth
from msgspec.structs import replace

FLEET, BESIDE = "gke-arena-prod-fleet-61d9f7ab-k3rj", "gke-arena-prod-general-b03e51cc-hh5t"
UNTAINTED = ("gke-arena-prod-general-7c1f2a90-4x8d", "gke-arena-prod-general-7c1f2a90-q2lm", "gke-arena-prod-general-b03e51cc-9wvz")


@third(ARENA, "places", Truth("room-allocator", "untolerated_taint"))
def label_matched_one_node_more(r: Recording) -> None:
    # Allocators need a public address, which two nodes have; both now only take who tolerates them.
    stays = ("cassandra", "log-router", "room-allocator")
    for place, node in enumerate((FLEET, BESIDE)):
        found = r.objects.get("Node", node)
        found["spec"]["taints"] = [{"key": "arena.example/rooms", "value": "only", "effect": "NoExecute"}]
        found["metadata"]["labels"]["arena.example/public-address"] = "true"
        for number, pod in enumerate(each for each in r.objects.apps_on(node) if each.app not in stays):
            at = 0.6 * place + number / 4
            _marked(r, at, pod)
            why = "Taint manager: deleting due to NoExecute taint"
            put_elsewhere(r, at + 0.1, pod, UNTAINTED[(number + place) % 3], reason="DeletionByTaintManager", why=why)
    _allocators_find_no_node(r)
    broken(
        r,
        ("contour-envoy", "session-gateway", "matchmaker", "room-allocator"),
        'status: Unavailable, message: "error trying to connect: tcp connect error: Connection refused (os error 111)", details: [], metadata: MetadataMap { headers: {} }',
        since=5,
        error_type="UNAVAILABLE",
        more=GRPC_UNAVAILABLE,
        outer=503,
    )
    r.logs(
        every(6, 240, 11),
        "matchmaker",
        '{"timestamp":"-","level":"ERROR","fields":{"message":"claim failed, match {n} goes back to the pool","error":"status: Unavailable, message: \\"error trying to connect: tcp connect error: Connection refused (os error 111)\\""},"target":"matchmaker::rooms"}',
    )
    google_alert(
        r,
        150,
        "Matches started per minute (prod)",
        "Condition 'rate below floor' for workload.googleapis.com/match_started is below the threshold of 40 with a value of 0.",
        severity="critical",
        region="europe-west3",
    )


def _marked(r: Recording, at: float, pod: Thing) -> None:
    r.normal(at, pod, "TaintManagerEviction", f"Marking for deletion Pod {pod.namespace}/{pod.name}", "taint-eviction-controller")


def _allocators_find_no_node(r: Recording) -> None:
    why = "0/5 nodes are available: 2 node(s) had untolerated taint {arena.example/rooms: only}, 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling."
    workload = r.application.workload("room-allocator")
    for number, pod in enumerate(r.pods("room-allocator")):
        at = 0.9 + number / 3
        revision = r.of("ReplicaSet", pod.name.rpartition("-")[0])
        _marked(r, at, pod)
        r.state(at + 0.1, pod, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint")
        r.gone(at + 0.2, pod)
        new = r.new_replica(at + 0.7, workload, revision, 40 + number, starts=False, node="")
        r.objects.get("Pod", new.name)["spec"]["nodeSelector"] = {"arena.example/public-address": "true"}
        pending(r, new, at + 0.8, why, (22.0 + number, 84.0 + number, 205.0 + number))
        told = "pod didn't trigger scale-up (it wouldn't fit if a new node is added): 1 node(s) had untolerated taint {arena.example/rooms: only}, 1 node(s) didn't match Pod's node affinity/selector"
        r.normal(12.0 + number, new, "NotTriggerScaleUp", told, "cluster-autoscaler")
    r.silent["room-allocator"] = 1.9
    r.no_endpoints(1.9, "room-allocator")
    r.unavailable(2.4, "room-allocator")


@third(REEL, "places", Truth("media", "quota", "namespace"), decoy=True)
def packager_wants_a_little_more(r: Recording) -> None:
    recent_rollout(r, "live-chat", "v3.12.6", at=-140)
    hard, used = {"limits.memory": "40Gi", "pods": "60"}, {"limits.memory": "38400Mi", "pods": "17"}
    r.objects.add("ResourceQuota", "media-compute", "media", spec={"hard": hard}, status={"hard": hard, "used": used})
    # The premiere's uploads take what was free, and more than one release is held up by what is left.
    r.change(-185, r.of("Deployment", "transcoder"), "scaled from 3 to 7", "scale", ["replicas"], replicas=7)
    for number, pod in enumerate(r.scale(-185, "transcoder", 7, told=False)):
        r.ready(-170 + number, pod)
    workload, (first, last) = r.application.workload("packager"), r.pods("packager")
    r.change(0, r.of("Deployment", "packager"), "resources changed: resources", "resources", ["resources"])
    revision = r.objects.new_revision(workload, "more memory", r.second(0), 1)
    scaled = "Scaled {} replica set {} from {} to {}"
    deployment = r.of("Deployment", "packager")
    r.normal(0.2, deployment, "ScalingReplicaSet", scaled.format("down", first.name.rpartition("-")[0], 2, 1), "deployment-controller")
    r.gone(0.5, first, r.of("ReplicaSet", first.name.rpartition("-")[0]))
    r.normal(0.4, deployment, "ScalingReplicaSet", scaled.format("up", revision.name, 0, 1), "deployment-controller")
    why = f'pods "{revision.name}-zt6wd" is forbidden: exceeded quota: media-compute, requested: limits.memory=3Gi, used: limits.memory=38400Mi, limited: limits.memory=40Gi'
    not_created(r, revision, (0.6, 0.7, 0.9, 1.3, 3.9, 14.2, 55.1, 137.0), why)
    r.state(1.0, deployment, "FailedCreate", why, lastTransitionTime=r.second(1))
    r.disturb("playback-api", "packager", 6, errors=0.35, slower=30)
    slow = 'time=- level=ERROR msg="manifest failed" video=v{n} err="Get \\"http://packager:8080/manifest\\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"'
    r.logs(every(9, 240, 11), "playback-api", slow)
    for at in every(12, 240, 19):
        r.log(
            r.nearly(at), last, "WARN packager::pool: no worker free, request waits queued={n}".replace("{n}", str(40 + int(at))), "warning"
        )
    r.metric(45, last, "container_cpu_usage_ratio", 0.98, 0.85, intent="metric.cpu.high")
    grafana_alert(r, 128, "Playback start p95", "4.8 s, above 2 s for 2m", folder="video", service="playback-api")
    r.alert(
        -40, "KubeQuotaAlmostFull", "Namespace quota is going to be full.", severity="info", namespace="media", resource="limits.memory"
    )


GUARDED = replace(
    WARD,
    workloads=(
        *WARD.workloads,
        Workload(
            "gatekeeper-controller",
            namespace="gatekeeper-system",
            image="mcr.example/oss/v2/open-policy-agent/gatekeeper:v3.18.2",
            port=8443,
            memory="512Mi",
            cpu="1",
            service="gatekeeper-webhook-service",
        ),
        Workload(
            "gatekeeper-audit",
            namespace="gatekeeper-system",
            replicas=1,
            image="mcr.example/oss/v2/open-policy-agent/gatekeeper:v3.18.2",
            port=0,
            probe_path="",
        ),
    ),
)
ADMIT = 'failed calling webhook "validation.gatekeeper.sh": failed to call webhook: Post "https://gatekeeper-webhook-service.gatekeeper-system.svc:443/v1/admit?timeout=3s": context deadline exceeded'


@third(GUARDED, "places", Truth("gatekeeper-controller", "webhook_unanswered"), decoy=True)
def nightly_restart_is_not_admitted(r: Recording) -> None:
    recent_rollout(r, "lab-results", "7.41.1", at=-120)
    hook = {
        "name": "validation.gatekeeper.sh",
        "failurePolicy": "Fail",
        "timeoutSeconds": 3,
        "clientConfig": {"service": {"name": "gatekeeper-webhook-service", "namespace": "gatekeeper-system", "path": "/v1/admit"}},
        "namespaceSelector": {"matchExpressions": [{"key": "admission.gatekeeper.sh/ignore", "operator": "DoesNotExist"}]},
        "rules": [{"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["CREATE", "UPDATE"], "resources": ["*"]}],
    }
    r.objects.add("ValidatingWebhookConfiguration", "gatekeeper-validating-webhook-configuration", webhooks=[hook])
    for number, pod in enumerate(r.pods("gatekeeper-controller")):
        for at in every(-18 + 4 * number, 240, 23):
            line = f"http: TLS handshake error from 10.244.0.{20 + int(at) % 9}:{41_000 + 7 * int(at + 20)}: EOF"
            r.log(r.nearly(at), pod, line, "info", container="manager")
        r.metric(-9 + 5 * number, pod, "container_cpu_cfs_throttled_periods_ratio", 0.91, 0.25, intent="metric.cpu.throttled")
    _bridge_is_restarted(r)
    no_results_come(r, every(40, 300, 33), 0.6)
    waiting(r, "lab-results", "rabbitmq", 900, since=20, until=300, step=28)
    r.alert(
        180,
        "KubeAdmissionWebhookLatency",
        "99th percentile of admission by validation.gatekeeper.sh is 3.0 s",
        severity="warning",
        webhook="validation.gatekeeper.sh",
        type="validating",
    )
    azure_alert(r, 205, "hl7-feed-silent", "count of ORU^R01 in the last 5 minutes is 0, less than 1", sev=0, resource="ward-suite-prod")


def _bridge_is_restarted(r: Recording) -> None:
    workload, deployment, (old,) = r.application.workload("hl7-bridge"), r.of("Deployment", "hl7-bridge"), r.pods("hl7-bridge")
    before = old.name.rpartition("-")[0]
    r.change(0, deployment, "template changed: template", "rollout", ["template"])
    r.normal(0.2, deployment, "ScalingReplicaSet", f"Scaled down replica set {before} from 1 to 0", "deployment-controller")
    r.log(0.8, old, "info: Microsoft.Hosting.Lifetime[0] Application is shutting down...", "info")
    r.gone(0.6, old, r.of("ReplicaSet", before))
    r.silent["hl7-bridge"] = 1
    r.no_endpoints(1.1, "hl7-bridge")
    r.unavailable(1.3, "hl7-bridge")
    revision = r.objects.new_revision(workload, "restarted", r.second(2), 1)
    r.normal(2.2, deployment, "ScalingReplicaSet", f"Scaled up replica set {revision.name} from 0 to 1", "deployment-controller")
    why = f"Internal error occurred: {ADMIT}"
    not_created(r, revision, (5.3, 8.4, 11.6, 15.1, 19.8, 27.0, 39.1, 62.2, 106.0, 191.0, 283.0), why)
    r.state(5.6, deployment, "FailedCreate", why, lastTransitionTime=r.second(5))
