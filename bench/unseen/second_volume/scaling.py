"""Room that is not there: on volumes, for pods, above the greatest number of replicas."""
# ruff: noqa: E501  (what programs write is as long as it is)

from collections.abc import Sequence

from bench.unseen.decoys import nightly_job, recent_rollout, unrelated_alert
from bench.unseen.events import every
from bench.unseen.object_parts import Thing
from bench.unseen.second_volume.freight import FREIGHT
from bench.unseen.second_volume.gable import GABLE
from bench.unseen.second_volume.hearth import HEARTH
from bench.unseen.second_volume.telling import broken, held_up, monitor, second, waiting
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@second(HEARTH, "full volume", Truth("vector-db", "volume_full"))
def no_room_for_another_segment(r: Recording) -> None:
    for number, pod in enumerate(r.pods("vector-db")):
        claim = r.of("PersistentVolumeClaim", f"data-{pod.name}")
        r.metric(
            -30 + 4 * number,
            claim,
            "kubelet_volume_stats_available_bytes",
            1_200_000_000,
            8_000_000_000,
            unit="bytes",
            intent="metric.disk.low",
            above=False,
        )
        for at in every(2 + number, 240, 12):
            r.log(
                r.nearly(at),
                pod,
                "ERROR qdrant::actix::helpers: Error processing request: Service internal error: No space left on device (os error 28)",
            )
        r.log(
            5 + number,
            pod,
            "WARN segment::segment: Segment is in failed state: No space left on device: WAL buffer size exceeds available disk space",
            "warning",
        )
    r.alert(
        -15,
        "KubePersistentVolumeFillingUp",
        "The PersistentVolume claimed by data-vector-db-0 in Namespace hearth is only 0.9% free.",
        persistentvolumeclaim="data-vector-db-0",
        namespace="hearth",
        severity="critical",
    )
    broken(
        r,
        ("istio-ingressgateway", "prompt-gateway", "chat-api", "vector-db"),
        "Unexpected Response: 500 (Internal Server Error)",
        since=3,
        error_type="UnexpectedResponse",
        status=500,
        step=11,
        outer=500,
        share=0.8,
    )
    r.logs(
        every(6, 240, 18),
        "chat-api",
        "ERROR:chat_api.retrieval:upsert of {n} points failed: Unexpected Response: 500 (Internal Server Error)",
    )


@second(GABLE, "full volume", Truth("mysql", "volume_full"), decoy=True)
def binary_logs_that_nobody_purges(r: Recording) -> None:
    recent_rollout(r, "tenants", "2026.31.3", at=-120)
    primary = r.pod("mysql")
    r.metric(
        -20, r.of("PersistentVolumeClaim", f"data-{primary.name}"), "kubelet_volume_stats_used_ratio", 0.998, 0.9, intent="metric.disk.low"
    )
    full = "[ERROR] [MY-000035] [Server] Disk is full writing './binlog.004711' (OS errno 28 - No space left on device). Waiting for someone to free space... Retry in 60 secs."
    for at in (1.0, 61.0, 121.0, 181.0, 238.0):
        r.log(at, primary, "2026-08-11T10:00:00.000000Z 0 " + full)
    for path, error, kind in (
        (
            ("traefik", "portal", "mysql"),
            "ActiveRecord::StatementTimeout: Trilogy::TimeoutError: trilogy_query_recv",
            "ActiveRecord::StatementTimeout",
        ),
        (
            ("traefik", "portal", "invoices", "mysql"),
            "SQLSTATE[HY000]: General error: 3024 Query execution was interrupted, maximum statement execution time exceeded",
            "PDOException",
        ),
        (
            ("jobs", "mysql"),
            "ActiveRecord::LockWaitTimeout: Trilogy::ProtocolError: 1205: Lock wait timeout exceeded; try restarting transaction",
            "ActiveRecord::LockWaitTimeout",
        ),
    ):
        broken(r, path, error, since=8, error_type=kind, step=17, share=0.5, slower=200, milliseconds=15_000, outer=500)
    waiting(r, "jobs", "mysql", 12_000, since=6)
    r.burn(150, "portal")
    monitor(r, 130, "[gable] MySQL threads running", "311, threshold 60", service="mysql", env="prod")


def _pending(r: Recording, pods: Sequence[Thing], message: str) -> None:
    for number, pod in enumerate(pods):
        for times, at in enumerate((1.0, 32.0, 95.0, 190.0), start=1):
            r.event(at + number, pod, "FailedScheduling", message, component="default-scheduler", count=times, since=1.0 + number)
        r.state(2 + number, pod, "Unschedulable", message)
        content = r.objects.get("Pod", pod.name, pod.namespace)["status"]
        content |= {
            "phase": "Pending",
            "containerStatuses": [],
            "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}],
        }
        content.pop("podIP", None)


def _comes_without_node(r: Recording, app: str, names: tuple[str, ...], keep: int) -> list[Thing]:
    """A Deployment that is recreated rather than rolled: its old pods go and the new ones find no node."""
    workload, old = r.application.workload(app), r.pods(app)
    r.change(0, r.of("Deployment", app), "template changed: " + ", ".join(names), "template", names)
    former, revision = (
        r.of("ReplicaSet", old[0].name.rpartition("-")[0]),
        r.objects.new_revision(workload, "third", r.second(0), len(old) - keep),
    )
    r.normal(
        0.2,
        r.of("Deployment", app),
        "ScalingReplicaSet",
        f"Scaled up replica set {revision.name} from 0 to {len(old) - keep}",
        "deployment-controller",
    )
    for number, pod in enumerate(old[keep:]):
        r.gone(0.4 + number / 4, pod, former)
    return [r.new_replica(0.6 + number / 4, workload, revision, number, starts=False, node="") for number in range(len(old) - keep)]


@second(HEARTH, "no node", Truth("llm-server", "unschedulable"))
def kind_of_accelerator_that_no_node_has(r: Recording) -> None:
    new = _comes_without_node(r, "llm-server", ("nodeSelector.cloud.example/accelerator",), 0)
    _pending(
        r,
        new,
        "0/5 nodes are available: 5 node(s) didn't match Pod's node affinity/selector. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.",
    )
    r.no_endpoints(1.2, "llm-server")
    r.unavailable(2, "llm-server")
    broken(
        r,
        ("istio-ingressgateway", "prompt-gateway", "chat-api", "llm-server"),
        "httpx.ConnectError: [Errno 111] Connection refused",
        since=3,
        error_type="ConnectError",
        step=10,
        milliseconds=3,
        outer=503,
    )
    r.logs(every(4, 240, 16), "chat-api", "ERROR:chat_api.backends:no backend for model chat-70b: All connection attempts failed ({n})")
    r.alert(230, "KubePodNotScheduled", f"Pod hearth/{new[0].name} has no node for 3 minutes", pod=new[0].name, namespace="hearth")


@second(FREIGHT, "no node", Truth("order-intake", "unschedulable"), decoy=True)
def spread_over_halls_that_cannot_be_kept(r: Recording) -> None:
    nightly_job(r, "parcel-archiver", at=-70)
    new = _comes_without_node(r, "order-intake", ("topologySpreadConstraints", "affinity.podAntiAffinity"), 1)
    _pending(
        r,
        new,
        "0/5 nodes are available: 2 node(s) didn't satisfy existing pods anti-affinity rules, 3 node(s) didn't match pod topology spread constraints. preemption: 0/5 nodes are available: 5 No preemption victims found for incoming pod.",
    )
    r.unavailable(2, "order-intake")
    held_up(r, ("edge-proxy", "order-intake"), 3_900, since=10, step=10)
    broken(
        r,
        ("edge-proxy", "order-intake"),
        "upstream request timeout",
        since=25,
        error_type="504",
        status=504,
        step=15,
        share=0.4,
        slower=60,
        milliseconds=15_000,
        outer=504,
    )
    r.logs(
        every(26, 240, 17),
        "edge-proxy",
        '[2026-07-07T10:00:00.000Z] "POST /orders HTTP/1.1" 503 UO 1804 81 0 - "-" "carrier-app/9.2" "{n}" "orders.tidewater.example" "-"',
        "warning",
    )
    r.burn(170, "order-intake")


def _at_its_most(r: Recording, app: str, now: int, greatest: int, message: str) -> Thing:
    """The autoscaler has as many as it may."""
    scaler = r.of("HorizontalPodAutoscaler", app)
    r.objects.get("HorizontalPodAutoscaler", app)["spec"]["maxReplicas"] = greatest
    for number, pod in enumerate(r.scale(22, app, greatest, told=False)):
        r.ready(33 + number, pod)
    r.normal(21.5, scaler, "SuccessfulRescale", f"New size: {greatest}; reason: {message}", "horizontal-pod-autoscaler")
    r.state(
        60, scaler, "TooManyReplicas", "the desired replica count is more than the maximum replica count", currentReplicas=greatest, was=now
    )
    return scaler


@second(FREIGHT, "autoscaler", Truth("order-intake", "autoscaler_maxed"), decoy=True)
def orders_of_a_sales_day(r: Recording) -> None:
    unrelated_alert(r, "tracking-api")
    _at_its_most(r, "order-intake", 3, 5, "cpu resource utilization (percentage of request) above target")
    for number, pod in enumerate(r.pods("order-intake")):
        r.metric(75 + 3 * number, pod, "container_cpu_usage_ratio", 0.99, 0.8, intent="metric.cpu.high")
    r.metric(8, r.of("Service", "order-intake"), "requests_per_second", 2_310, 700, intent="metric.traffic.high")
    held_up(r, ("edge-proxy", "order-intake"), 2_600, since=15, step=8)
    r.logs(
        every(30, 240, 12),
        "edge-proxy",
        '[2026-07-07T10:00:00.000Z] "POST /orders HTTP/1.1" 503 UO 1804 81 0 - "-" "carrier-app/9.2" "{n}" "orders.tidewater.example" "-"',
        "warning",
    )
    r.logs(every(34, 240, 19), "order-intake", '{"time":"-","level":"WARN","msg":"shedding load","in_flight":{n},"limit":512}', "warning")
    r.alert(
        225,
        "KubeHpaMaxedOut",
        "HPA freight/order-intake has been running at max replicas for longer than 3 minutes.",
        horizontalpodautoscaler="order-intake",
        namespace="freight",
        pending="3m",
    )


@second(GABLE, "autoscaler", Truth("portal", "autoscaler_maxed"))
def all_customers_come_back_on_monday(r: Recording) -> None:
    _at_its_most(r, "portal", 3, 4, "external metric requests_per_pod above target")
    r.metric(5, r.of("Service", "portal"), "trace.rack.request.hits", 41_200, 15_000, intent="metric.traffic.high")
    for number, pod in enumerate(r.pods("portal")):
        r.metric(80 + 5 * number, pod, "puma.pool_capacity", 0, 1, above=False)
        r.metric(85 + 5 * number, pod, "kubernetes.cpu.usage_pct", 98, 85, unit="%", intent="metric.cpu.high")
    held_up(r, ("traefik", "portal"), 5_100, since=14, step=8)
    r.logs(
        every(40, 240, 14),
        "traefik",
        '10.0.7.3 - - "GET /{n} HTTP/2.0" 504 15 "-" "-" 9912 "portal@kubernetescrd" "http://10.244.5.5:3000" 10000ms',
        "warning",
    )
    monitor(r, 100, "[gable] Requests queue in front of puma", "p95 4.4 s, threshold 0.5 s", service="portal", env="prod")
    r.alert(
        230, "HorizontalPodAutoscalerMaxed", "gable/portal wants 9 replicas and may have 4", hpa="portal", namespace="gable", pending="3m"
    )
