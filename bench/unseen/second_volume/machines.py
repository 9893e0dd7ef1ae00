"""Machines that are full, or that are taken away."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout, unrelated_alert
from bench.unseen.events import every
from bench.unseen.second_volume.freight import FREIGHT
from bench.unseen.second_volume.gable import GABLE
from bench.unseen.second_volume.hearth import HEARTH
from bench.unseen.second_volume.telling import second
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


def _share_on(r: Recording, node: str, app: str) -> float:
    pods = r.pods(app)
    return sum(pod.node == node for pod in pods) / len(pods) if pods else 0.0


def _callers_suffer(r: Recording, node: str, since: float, error: str, kind: str) -> None:
    """Who calls pods of a node gets no answer from those."""
    known = {each.name for each in r.application.workloads}
    for call in r.application.calls:
        share = _share_on(r, node, call.callee) if call.callee in known else 0.0
        if share:
            r.disturb(call.caller, call.callee, since, errors=share, slower=8)
            for at in every(since, since + 150, 30):
                r.span(r.nearly(at, 8), call.caller, call.callee, call.operation, error=error, error_type=kind, milliseconds=5_000)


def _evict(r: Recording, at: float, node: str, resource: str, apps: tuple[str, ...]) -> None:
    number = 0
    for pod in r.objects.apps_on(node):
        if pod.app not in apps:
            continue
        moment = at + 4.0 * number
        number += 1
        threshold = f"The node was low on resource: {resource}. Threshold quantity: 10738168832, available: 7402116Ki. "
        r.event(
            moment, pod, "Evicted", threshold + f"Container {pod.app} was using 512Ki, request is 0, has larger consumption of {resource}. "
        )
        r.normal(moment + 0.3, pod, "Killing", f"Stopping container {pod.app}")
        r.state(moment + 0.5, pod, "Evicted", threshold)
        r.mark_unready(moment + 0.5, pod)
        r.silent[pod.name] = moment


def _full(r: Recording, node: str, apps: tuple[str, ...], resource: str) -> None:
    about = r.of("Node", node)
    r.node_turns(6, node, "KubeletHasDiskPressure", "kubelet has disk pressure", condition="DiskPressure", status="True")
    r.normal(6.2, about, "NodeHasDiskPressure", f"Node {node} status is now: NodeHasDiskPressure")
    for at in (7.0, 70.0, 150.0):
        r.event(at, about, "EvictionThresholdMet", f"Attempting to reclaim {resource}", since=7)
    for at in (12.0, 95.0):
        r.event(
            at,
            about,
            "FreeDiskSpaceFailed",
            "Failed to garbage collect required amount of images. Attempted to free 5368709120 bytes, but only found 0 bytes eligible to free.",
            since=12,
        )
    _evict(r, 16, node, resource, apps)


@second(FREIGHT, "full machine", Truth("wrk-b1", "disk_pressure", "node"))
def logs_of_a_chatty_program_fill_the_disk(r: Recording) -> None:
    r.metric(
        -25,
        r.of("Node", "wrk-b1"),
        "node_filesystem_avail_bytes{mountpoint=/var}",
        11_900_000_000,
        12_000_000_000,
        unit="bytes",
        intent="metric.disk.low",
        above=False,
    )
    r.alert(
        -18,
        "NodeFilesystemSpaceFillingUp",
        "Filesystem on /dev/sda3, mounted on /var, at wrk-b1 has only 3.90% available space left and is filling up fast.",
        instance="wrk-b1",
        mountpoint="/var",
        severity="critical",
    )
    apps = tuple(
        sorted(
            {
                pod.app
                for pod in r.objects.apps_on("wrk-b1")
                if pod.app not in ("kafka", "geo-postgres", "fleet-redis", "log-router", "coredns")
            }
        )[:4]
    )
    _full(r, "wrk-b1", apps, "ephemeral-storage")
    r.node_log(
        3,
        "wrk-b1",
        "E0707 10:00:00.000000 1190 eviction_manager.go:264] eviction manager: must evict pod(s) to reclaim ephemeral-storage",
        level="error",
        program="kubelet",
    )
    r.node_log(9, "wrk-b1", "Failed to write entry (22 items, 812 bytes), ignoring: No space left on device", program="systemd-journald")
    _callers_suffer(r, "wrk-b1", 18, "connection refused", "ECONNREFUSED")
    r.alert(120, "KubeNodePressure", "wrk-b1 has active condition DiskPressure", node="wrk-b1", condition="DiskPressure")


@second(HEARTH, "full machine", Truth("hearth-gpu-k7vs", "disk_pressure", "node"), decoy=True)
def weights_of_models_fill_the_disk(r: Recording) -> None:
    recent_rollout(r, "feature-store", "r205", at=-130)
    node = "hearth-gpu-k7vs"
    apps = tuple(
        sorted(
            {
                pod.app
                for pod in r.objects.apps_on(node)
                if pod.app not in ("vector-db", "meter-db", "stream-bus", "log-router", "coredns", "result-cache", "gpu-device-plugin")
            }
        )[:4]
    )
    _full(r, node, apps, "ephemeral-storage")
    r.metric(
        1,
        r.of("Node", node),
        "node_filesystem_avail_ratio{mountpoint=/var/lib/containerd}",
        0.07,
        0.1,
        intent="metric.disk.low",
        above=False,
    )
    r.node_log(
        4,
        node,
        "W0721 10:00:00.000000 2201 eviction_manager.go:350] eviction manager: attempting to reclaim ephemeral-storage",
        program="kubelet",
    )
    r.node_log(
        14,
        node,
        "I0721 10:00:00.000000 2201 image_gc_manager.go:313] Disk usage on image filesystem is over the high threshold, trying to free bytes down to the low threshold usage=94 highThreshold=85",
        level="info",
        program="kubelet",
    )
    _callers_suffer(r, node, 18, "upstream connect error or disconnect/reset before headers. reset reason: connection timeout", "503")
    r.alert(150, "GpuNodeDiskAlmostFull", "container storage of hearth-gpu-k7vs is 94% full", node=node)


def _lost(r: Recording, node: str, silent_at: float, known_at: float) -> None:
    about = r.of("Node", node)
    for pod in r.objects.apps_on(node):
        r.silent[pod.name] = silent_at
    r.node_turns(known_at, node, "NodeStatusUnknown", "Kubelet stopped posting node status.")
    r.normal(known_at + 0.3, about, "NodeNotReady", f"Node {node} status is now: NodeNotReady", "node-controller")
    for number, pod in enumerate(r.objects.apps_on(node)):
        r.event(known_at + 0.5 + number / 8, pod, "NodeNotReady", "Node is not ready", component="node-controller")
        r.unready(known_at + 0.6 + number / 8, pod, "Node is not ready")


@second(GABLE, "lost machine", Truth("ip-172-31-21-203.ca-central-1.compute.internal", "node_down", "node"), decoy=True)
def spot_machine_is_wanted_back(r: Recording) -> None:
    node = "ip-172-31-21-203.ca-central-1.compute.internal"
    unrelated_alert(r, "search")
    r.event(
        -4,
        r.of("Node", node),
        "SpotInterruption",
        f"Spot Interruption event for node {node}: the instance will be reclaimed",
        component="karpenter",
    )
    _lost(r, node, 2, 44)
    r.normal(
        75,
        r.of("Node", node),
        "DeletingNode",
        f"Deleting node {node} because it does not exist in the cloud provider",
        "cloud-node-lifecycle-controller",
    )
    _callers_suffer(r, node, 3, "client error (Connect): connect timed out after 1s", "timeout")
    r.logs(
        every(6, 150, 16),
        "portal",
        "[ {n}.114920s]  WARN ThreadId(01) outbound:proxy{addr=10.96.61.9:7000}: linkerd_reconnect: Failed to connect error=connect timed out after 1s",
        "warning",
        container="linkerd-proxy",
    )
    r.alert(110, "TargetDown", "20% of the kubelet targets are down.", job="kubelet", namespace="kube-system")


@second(HEARTH, "lost machine", Truth("hearth-gpu-p3hc", "node_down", "node"))
def cheap_gpu_machine_is_preempted(r: Recording) -> None:
    node = "hearth-gpu-p3hc"
    r.node_log(-1, node, "google_guest_agent: shutdown requested, instance is being preempted", program="google_guest_agent", level="info")
    r.unit(0, node, "kubelet.service", "Stopping Kubernetes kubelet...", state="stopping")
    r.node_turns(3, node, "KubeletNotReady", "node is shutting down", status="False")
    r.normal(3.1, r.of("Node", node), "NodeNotReady", f"Node {node} status is now: NodeNotReady")
    _lost(r, node, 5, 46)
    _callers_suffer(
        r,
        node,
        6,
        "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: connection timeout",
        "503",
    )
    line = '[2026-07-21T10:00:00.000Z] "POST /v1/completions HTTP/1.1" 503 UF,URX upstream_reset_before_response_started{connection_timeout} - "-" 880 114 10002 - "-" "python-httpx/0.28.1" "{n}" "llm-server:8000" "10.244.9.12:8000" outbound|8000||llm-server.hearth.svc.cluster.local'
    r.logs(every(8, 160, 15), "chat-api", line, "warning", container="istio-proxy")
    r.alert(95, "GpuCapacityHalved", "1 of 2 GPU machines is ready", severity="critical", pool="gpu")
    r.alert(230, "KubeNodeUnreachable", f"{node} is unreachable and some workloads may be rescheduled.", node=node, pending="3m")
