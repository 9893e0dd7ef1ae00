"""Nodes that are there and do not do their work: full, hung, cut off, with a wrong clock."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import old_crash_loop, recent_rollout
from bench.unseen.events import every
from bench.unseen.more_applications import ML, TELEMETRY
from bench.unseen.stories.node_losses import calls_into
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story


@story(ML, "node trouble", Truth("gke-quarry-cpu-1a7c", "disk_pressure", "node"))
def image_disk_full(r: Recording) -> None:
    node = "gke-quarry-cpu-1a7c"
    about = r.of("Node", node)
    for at, used in ((-90.0, 0.86), (-45.0, 0.89), (-5.0, 0.93)):
        r.metric(at, about, "node_filesystem_used_ratio", used, 0.85, intent="metric.disk.high")
    r.event(
        -8,
        about,
        "FreeDiskSpaceFailed",
        "Failed to garbage collect required amount of images. Attempted to free 8123456512 bytes, but only found 0 bytes eligible to free.",
    )
    r.event(0, about, "EvictionThresholdMet", "Attempting to reclaim ephemeral-storage")
    r.node_turns(0.5, node, "NodeHasDiskPressure", "kubelet has disk pressure", condition="DiskPressure", status="True")
    r.normal(0.7, about, "NodeHasDiskPressure", f"Node {node} status is now: NodeHasDiskPressure")
    for number, pod in enumerate(each for each in r.objects.apps_on(node) if each.app not in ("calico-node", "log-router", "metadata-db")):
        at = 5.0 + 7 * number
        message = f"The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 9216Mi. Container {pod.app} was using 311Mi, request is 0, has larger consumption of ephemeral-storage. "
        r.event(at, pod, "Evicted", message)
        r.state(at + 0.3, pod, "Evicted", message)
        r.silent[pod.name] = at
        r.mark_unready(at, pod)
    for caller, callee, share in calls_into(r, node):
        r.disturb(caller, callee, 8, errors=share)
        r.failures(every(12, 130, 34), (caller, callee), "[Errno 111] Connection refused", error_type="ConnectionError", milliseconds=3)
    r.alert(
        140,
        "NodeFilesystemAlmostOutOfSpace",
        "Filesystem has less than 5% space left.",
        instance=f"{node}:9100",
        device="/dev/sda1",
        mountpoint="/",
        fstype="ext4",
        pending="1m",
    )


@story(TELEMETRY, "node trouble", Truth("aks-work-000002", "node_kernel_fault", "node"), decoy=True)
def kernel_hangs_on_storage(r: Recording) -> None:
    node = "aks-work-000002"
    old_crash_loop(r, "schema-explorer")
    for at, task in ((0.0, "jbd2/sda1-8:311"), (31.0, "containerd:1198"), (62.0, "kworker/u16:3:90411")):
        r.node_log(at, node, f"INFO: task {task} blocked for more than 120 seconds.", level="error")
        r.node_log(at + 0.01, node, '"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.', level="error")
        r.event(at + 2, r.of("Node", node), "TaskHung", f"INFO: task {task} blocked for more than 120 seconds.", component="kernel-monitor")
    r.node_log(75, node, "watchdog: BUG: soft lockup - CPU#3 stuck for 26s! [kubelet:2211]", level="error")
    for pod in r.objects.apps_on(node):
        for times, at in enumerate((8.0, 29.0, 67.0), start=1):
            r.event(
                r.nearly(at, 6),
                pod,
                "Unhealthy",
                f'Readiness probe failed: Get "http://{pod.address}:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
                count=2 * times,
                since=8,
            )
        r.mark_unready(32, pod)
    for caller, callee, share in calls_into(r, node):
        r.disturb(caller, callee, errors=share * 0.6, slower=14)
        for at in every(6, 150, 23):
            r.span(r.nearly(at, 5), caller, callee, "call", error="context deadline exceeded", error_type="timeout", milliseconds=10_000)
    r.node_turns(96, node, "KernelHasDeadlock", "task blocked for more than 120 seconds", condition="KernelDeadlock", status="True")
    r.alert(125, "NodeHighIOWait", "CPU of the node waits for its disk 71% of the time", instance=f"{node}:9100", node=node, pending="1m")


@story(SHOP, "node trouble", Truth("pool-b-6d40", "node_network_fault", "node"))
def network_card_flaps(r: Recording) -> None:
    node = "pool-b-6d40"
    for number, at in enumerate(every(0, 180, 20)):
        r.node_log(at, node, "ixgbe 0000:3b:00.0 eth0: NIC Link is Down")
        r.node_log(at + 3.4 + number % 3, node, "ixgbe 0000:3b:00.0 eth0: NIC Link is Up 10 Gbps, Flow Control: RX/TX", level="info")
    r.metric(25, r.of("Node", node), "node_network_carrier_changes_rate", 0.3, 0.05, intent="metric.network.errors")
    for caller, callee, share in calls_into(r, node):
        r.disturb(caller, callee, errors=share * 0.3, slower=4)
        for at in every(2, 185, 27):
            r.span(r.nearly(at, 5), caller, callee, "call", error="socket hang up", error_type="ECONNRESET", milliseconds=2_900)
    for pod in r.objects.apps_on(node):
        r.event(
            r.nearly(40, 30),
            pod,
            "Unhealthy",
            f'Readiness probe failed: Get "http://{pod.address}:3000/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
            count=3,
            since=5,
        )
    r.logs(
        every(4, 180, 22),
        "ingress-nginx-controller",
        '2026/04/03 11:20:14 [error] 31#31: *{n} upstream timed out (110: Operation timed out) while connecting to upstream, client: 198.51.100.23, server: shop.marigold.example, upstream: "http://10.244.9.14:3000/"',
    )
    r.alert(
        150,
        "NodeNetworkInterfaceFlapping",
        f"Network interface eth0 changing its up status often on node-exporter {node}",
        instance=f"{node}:9100",
        device="eth0",
        pending="2m",
    )


@story(SHOP, "node trouble", Truth("pool-a-7f1c", "conntrack_exhaustion", "node"), decoy=True)
def connection_table_full(r: Recording) -> None:
    node = "pool-a-7f1c"
    recent_rollout(r, "image-resizer", "5.12.1")
    for at, used in ((-40.0, 0.91), (-10.0, 0.97), (20.0, 1.0)):
        r.metric(at, r.of("Node", node), "node_nf_conntrack_entries_ratio", used, 0.9)
    for at in every(0, 180, 9):
        r.node_log(r.nearly(at), node, "nf_conntrack: nf_conntrack: table full, dropping packet")
    there = r.objects.apps_on(node)
    for call in r.application.calls:
        callers = [pod for pod in there if pod.app == call.caller]
        if callers:
            r.disturb(call.caller, call.callee, errors=0.2, slower=5)
            for at in every(3, 180, 30):
                r.span(
                    r.nearly(at, 6),
                    call.caller,
                    call.callee,
                    call.operation,
                    error=f"connect ETIMEDOUT 10.96.3.71:{3000}",
                    error_type="ETIMEDOUT",
                    milliseconds=3_100,
                    by=callers,
                )
    r.alert(
        110,
        "NodeHighNumberConntrackEntriesUsed",
        "Number of conntrack are getting close to the limit.",
        instance=f"{node}:9100",
        node=node,
        pending="1m",
    )


@story(BANK, "node trouble", Truth("ip-10-20-3-90.eu-west-1.compute.internal", "clock_skew", "node"))
def clock_runs_ahead(r: Recording) -> None:
    node = "ip-10-20-3-90.eu-west-1.compute.internal"
    r.node_log(0, node, "Can't synchronise: no selectable sources", program="chronyd")
    r.node_log(20, node, "System clock wrong by 93.811402 seconds", program="chronyd")
    r.metric(24, r.of("Node", node), "node_timex_offset_seconds", 93.8, 0.05, unit="s")
    there = r.objects.apps_on(node)
    for pod in there:
        if r.application.workload(pod.app).language == "java":
            for at in every(6, 200, 22):
                r.log(
                    r.nearly(at, 5),
                    pod,
                    "o.s.s.o.s.r.w.BearerTokenAuthenticationFilter : An error occurred while attempting to decode the Jwt: JWT used before its nbf claim: current time is 93 s away",
                    "warning",
                    error_type="JwtValidationException",
                )
    for caller, callee, share in calls_into(r, node):
        r.disturb(caller, callee, errors=share)
        r.failures(
            every(6, 200, 33), (caller, callee), "HTTP 401 Unauthorized: token is not valid yet", error_type="401", status=401, outer=401
        )
    r.alert(
        150, "NodeClockSkewDetected", f"Clock on {node} is out of sync by more than 0.05s", instance=f"{node}:9100", node=node, pending="2m"
    )


@story(TELEMETRY, "node trouble", Truth("aks-work-000004", "process_ids_exhausted", "node"))
def no_process_ids_left(r: Recording) -> None:
    node = "aks-work-000004"
    r.node_log(0, node, "cgroup: fork rejected by pids controller in /kubepods.slice", level="warning")
    r.event(4, r.of("Node", node), "NodeHasInsufficientPID", f"Node {node} status is now: NodeHasInsufficientPID", warning=False)
    r.node_turns(4.2, node, "NodeHasInsufficientPID", "kubelet has insufficient PID available", condition="PIDPressure", status="True")
    for pod in r.objects.apps_on(node):
        for at in every(7, 160, 36):
            language = (
                "go"
                if pod.app in ("edge-agent", "log-router")
                else next(each.language for each in r.application.all_workloads if each.name == pod.app)
            )
            line = {
                "java": "ERROR Uncaught exception in thread 'kafka-scheduler-3' java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached",
                "dotnet": "fail: Microsoft.AspNetCore.Server.Kestrel[0] Heartbeat: System.Threading.ThreadStartException: Thread failed to start.",
            }.get(
                language,
                "runtime: failed to create new OS thread (have 38 already; errno=11)\nruntime: may need to increase max user processes (ulimit -u)",
            )
            r.log(r.nearly(at, 6), pod, line)
        r.event(
            30,
            pod,
            "Unhealthy",
            "Liveness probe errored: rpc error: code = Unknown desc = failed to exec in container: failed to start exec: fork/exec /usr/bin/runc: resource temporarily unavailable",
            count=3,
            since=10,
        )
    for caller, callee, share in calls_into(r, node):
        r.disturb(caller, callee, 6, errors=share * 0.7)
        for at in every(9, 160, 33):
            r.span(
                r.nearly(at, 5), caller, callee, "call", error="connection reset by peer", error_type="connection_reset", milliseconds=40
            )
    r.alert(130, "KubeNodePressure", f"{node} has active condition PIDPressure.", node=node, condition="PIDPressure", pending="2m")
