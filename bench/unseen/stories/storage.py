"""Volumes that are full, attached elsewhere, broken, or never made."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import recent_rollout, scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.more_applications import ML, TELEMETRY
from bench.unseen.stories.node_losses import calls_into
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story


@story(TELEMETRY, "storage", Truth("tsdb", "volume_full"), decoy=True)
def series_database_cannot_write(r: Recording) -> None:
    scaled_elsewhere(r, "dashboard", 3, at=-100)
    pod = r.pod("tsdb", 0)
    r.alert(
        -120,
        "KubePersistentVolumeFillingUp",
        "PersistentVolume is filling up.",
        persistentvolumeclaim=f"data-{pod.name}",
        namespace="beacon",
        severity="critical",
        pending="1m",
    )
    r.logs(
        every(0, 220, 11),
        "tsdb",
        'panic: FATAL: cannot flush in-memory parts to disk: cannot write 65536 bytes to "/storage/data/small/2026_06/{n}/values.bin": no space left on device',
        "fatal",
    )
    r.crash_loop(3, pod, (0.0, 20.0, 55.0, 120.0), 2)
    r.failures(
        every(5, 220, 15),
        ("stream-joiner", "tsdb"),
        "System.Net.Http.HttpRequestException: Response status code does not indicate success: 503 (Service Unavailable).",
        error_type="503",
        status=503,
    )
    r.failures(
        every(7, 220, 18),
        ("dashboard", "query-api", "tsdb"),
        "cannot fetch data from storage node tsdb-0: connection refused",
        error_type="connection_refused",
    )
    r.disturb("stream-joiner", "tsdb", errors=0.5)
    r.disturb("query-api", "tsdb", errors=0.5)
    r.disturb("dashboard", "query-api", errors=0.45)
    r.burn(160, "query-api")


@story(ML, "storage", Truth("metadata-db", "volume_attach"))
def volume_still_held_by_the_old_node(r: Recording) -> None:
    (old,) = r.pods("metadata-db")
    claim = f"pvc-{r.objects.get('PersistentVolumeClaim', 'data-metadata-db-0', 'quarry')['spec']['volumeName'][4:]}"
    r.normal(0, old, "Killing", "Stopping container postgresql")
    r.forget(0, old)
    workload = r.application.workload("metadata-db")
    r.normal(
        4,
        r.of("StatefulSet", "metadata-db"),
        "SuccessfulCreate",
        "create Pod metadata-db-0 in StatefulSet metadata-db successful",
        "statefulset-controller",
    )
    pod = r.objects.new_pod(workload, r.of("StatefulSet", "metadata-db"), "metadata-db-0", r.second(4), node="gke-quarry-cpu-88fd")
    r.born[pod.uid] = 1e9
    r.normal(4.4, pod, "Scheduled", "Successfully assigned quarry/metadata-db-0 to gke-quarry-cpu-88fd", "default-scheduler")
    r.event(
        5,
        pod,
        "FailedAttachVolume",
        f'Multi-Attach error for volume "{claim}" Volume is already exclusively attached to one node and can\'t be attached to another',
        component="attachdetach-controller",
    )
    for times, at in enumerate((128.0, 250.0), start=1):
        r.event(
            at,
            pod,
            "FailedMount",
            "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[]: context deadline exceeded",
            count=times,
            since=128,
        )
    r.mark_unready(4, pod)
    r.no_endpoints(2, "metadata-db")
    r.silent["metadata-db"] = 0
    error = '(psycopg2.OperationalError) connection to server at "metadata-db" (10.96.44.4), port 5432 failed: Connection refused. Is the server running on that host and accepting TCP/IP connections?'
    r.failures(every(3, 240, 15), ("portal", "api", "metadata-db"), error, error_type="psycopg2.OperationalError", milliseconds=4)
    r.failures(every(6, 240, 40), ("portal", "lineage", "metadata-db"), error, error_type="psycopg2.OperationalError", milliseconds=4)
    r.logs(
        every(4, 240, 22),
        "featurizer",
        "[ERROR/ForkPoolWorker-1] Task quarry.features.compute[{n}] raised unexpected: OperationalError('connection refused')",
    )
    for caller in ("api", "featurizer", "lineage"):
        r.disturb(caller, "metadata-db", errors=1.0)
    r.disturb("portal", "api", errors=0.8)
    r.burn(150, "api")


@story(SHOP, "storage", Truth("pool-b-6d40", "node_disk_fault", "node"))
def file_system_turns_read_only(r: Recording) -> None:
    node = "pool-b-6d40"
    r.node_log(
        0, node, "blk_update_request: I/O error, dev sda, sector 81526784 op 0x1:(WRITE) flags 0x800 phys_seg 8 prio class 2", level="error"
    )
    r.node_log(
        0.4, node, "EXT4-fs error (device sda1): ext4_journal_check_start:83: comm containerd: Detected aborted journal", level="error"
    )
    r.node_log(0.6, node, "EXT4-fs (sda1): Remounting filesystem read-only", level="error")
    r.event(5, r.of("Node", node), "FilesystemIsReadOnly", "EXT4-fs (sda1): Remounting filesystem read-only", component="kernel-monitor")
    r.node_turns(
        5.5, node, "FilesystemIsReadOnly", "EXT4-fs (sda1): Remounting filesystem read-only", condition="ReadonlyFilesystem", status="True"
    )
    r.logs(
        (2.0, 20.0, 61.0, 118.0),
        "catalog-mongo",
        '{"t":{"$date":"2026-04-03T09:00:01.000+00:00"},"s":"E","c":"STORAGE","id":4671205,"ctx":"conn{n}","msg":"could not write diagnostics","attr":{"error":30,"message":"Read-only file system"}}',
    )
    for pod in r.objects.apps_on(node):
        if r.application.workload(pod.app).language != "node":
            continue
        for at in every(4, 180, 29):
            line = '{"level":"error","event":"unhandled","err":{"code":"EROFS","errno":-30,"syscall":"open","path":"/app/.cache/v8-compile","message":"EROFS: read-only file system"}}'
            r.log(r.nearly(at, 6), pod, line)
        for times, at in enumerate((15.0, 45.0, 110.0), start=1):
            message = "Liveness probe errored: rpc error: code = Unknown desc = failed to exec in container: failed to create exec: mkdir /run/containerd/io.containerd.runtime.v2.task/k8s.io: read-only file system"
            r.event(r.nearly(at, 5), pod, "Unhealthy", message, count=3 * times, since=12)
        r.unready(r.nearly(30, 10), pod)
    for caller, callee, share in calls_into(r, node):
        if callee != "catalog-mongo":
            r.disturb(caller, callee, 3, errors=share * 0.8)
            r.failures(every(8, 180, 32), (caller, callee), f"HTTP 500 from {callee}", error_type="500", status=500)
    r.burn(150, "storefront")


@story(BANK, "storage", Truth("profile-cache", "claim_class_missing"), decoy=True)
def claim_of_a_class_that_is_not_there(r: Recording) -> None:
    recent_rollout(r, "customer-profile", "2.30.6", at=-160)
    (old,) = r.pods("profile-cache")
    r.change(0, r.of("StatefulSet", "profile-cache"), "template changed: volumeClaimTemplates", "rollout", ["volumeClaimTemplates"])
    r.gone(1, old)
    r.objects.add(
        "PersistentVolumeClaim",
        "data-profile-cache-0",
        "core-banking",
        r.second(2),
        spec={"accessModes": ["ReadWriteOnce"], "storageClassName": "ultra-ssd", "resources": {"requests": {"storage": "8Gi"}}},
        status={"phase": "Pending"},
    )
    pod = r.objects.new_pod(
        r.application.workload("profile-cache"), r.of("StatefulSet", "profile-cache"), "profile-cache-0", r.second(2), node=""
    )
    r.born[pod.uid] = 1e9
    content = r.objects.get("Pod", "profile-cache-0")
    content["spec"]["volumes"] = [{"name": "data", "persistentVolumeClaim": {"claimName": "data-profile-cache-0"}}]
    content["status"] = {
        "phase": "Pending",
        "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "lastTransitionTime": r.second(3)}],
    }
    claim = r.of("PersistentVolumeClaim", "data-profile-cache-0", "core-banking")
    for times, at in enumerate((3.0, 18.0, 48.0, 108.0, 168.0), start=1):
        r.event(
            at,
            claim,
            "ProvisioningFailed",
            'storageclass.storage.k8s.io "ultra-ssd" not found',
            component="persistentvolume-controller",
            count=times,
            since=3,
        )
    r.event(
        4,
        pod,
        "FailedScheduling",
        "0/5 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found",
        component="default-scheduler",
    )
    r.state(4.2, pod, "Unschedulable", "0/5 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found")
    r.no_endpoints(2, "profile-cache")
    error = "io.lettuce.core.RedisConnectionException: Unable to connect to profile-cache/<unresolved>:6379"
    r.failures(
        every(4, 190, 14),
        ("istio-ingressgateway", "web-bff", "customer-profile", "profile-cache"),
        error,
        error_type="io.lettuce.core.RedisConnectionException",
        milliseconds=2_000,
    )
    r.disturb("customer-profile", "profile-cache", errors=1.0)
    r.disturb("web-bff", "customer-profile", errors=0.7, slower=30)
    r.burn(160, "customer-profile")


@story(ML, "storage", Truth("broker", "volume_full"))
def broker_has_no_room_for_messages(r: Recording) -> None:
    pod = r.pod("broker", 0)
    node = f"rabbit@{pod.name}.broker-nodes.quarry"
    r.metric(-40, pod, "kubelet_volume_stats_available_ratio", 0.04, 0.1, above=False)
    r.log(
        0,
        pod,
        f"[warning] <0.391.0> disk resource limit alarm set on node '{node}'.\n\n*** Publishers will be blocked until this alarm clears ***",
        "warning",
    )
    r.log(0.1, pod, "[info] <0.390.0> Free disk space is insufficient. Free bytes: 41943040. Limit: 50000000", "warning")
    r.logs(every(14, 220, 24), "api", "WARNING kombu.connection: connection.blocked: low on disk", "warning")
    r.failures(
        every(30, 220, 18),
        ("portal", "api", "broker"),
        "kombu.exceptions.OperationalError: timed out publishing to quarry.jobs",
        error_type="timeout",
        milliseconds=30_000,
    )
    r.logs(every(35, 220, 30), "scheduler", "[ERROR/MainProcess] beat: Connection error: publisher is blocked. Trying again in {n} ms...")
    r.disturb("api", "broker", errors=0.7, slower=5_000)
    r.disturb("scheduler", "broker", errors=0.9, slower=5_000)
    r.disturb("portal", "api", 20, errors=0.2)
    r.alert(
        90,
        "RabbitmqDiskAlarm",
        "RabbitMQ node has less free disk space than its limit",
        namespace="quarry",
        pod=pod.name,
        pending="1m",
        severity="critical",
    )
