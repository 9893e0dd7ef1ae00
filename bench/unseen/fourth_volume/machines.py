"""Machines that are there and not well: a clock, a disk, a table of files that is full."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.fourth_volume.chance import operator_reconciles
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import calls_of_node, failing, fourth, grafana, slow_calls, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

COCKROACH = {"db.system.name": "cockroachdb", "db.namespace": "payments"}
POSTGRES = {"db.system.name": "postgresql", "db.namespace": "grid"}


@fourth(TELLERS, "sick machines", Truth("rke-wkr-d1-01", "clock_skew", "node"))
def machine_wakes_up_in_the_past_after_a_migration(r: Recording) -> None:
    node = "rke-wkr-d1-01"
    (replica,) = [pod for pod in r.pods("payments-crdb") if pod.node == node]
    r.node_log(
        0,
        node,
        "clocksource: timekeeping watchdog on CPU2: Marking clocksource 'tsc' as unstable because the skew is too large",
        level="warning",
    )
    r.node_log(3, node, "Forward time jump detected!", program="chronyd")
    r.node_log(3.1, node, "Can't synchronise: no selectable sources", program="chronyd")
    broken = "org.postgresql.util.PSQLException: An I/O error occurred while sending to the backend."
    failing(
        r,
        ("haproxy-ingress", "channel-api", "balances", "payments-crdb"),
        broken,
        since=9,
        step=22,
        share=0.3,
        error_type="08006",
        more=COCKROACH,
        milliseconds=210,
    )
    failing(
        r,
        ("channel-api", "payment-orchestrator", "payments-crdb"),
        broken,
        since=13,
        step=31,
        share=0.3,
        error_type="08006",
        more=COCKROACH,
        milliseconds=190,
    )
    for number, pod in enumerate(each for each in r.pods("payments-crdb") if each is not replica):
        for at in every(6 + number, 300, 31):
            r.log(
                r.nearly(at),
                pod,
                "E260914 03:11:06.220418 118 2@rpc/clock_offset.go:316 ⋮ [T1,Vsystem,n2,rnode=1] 902  remote clock offset of -1.811s exceeds the tolerated offset (400ms) for node ‹payments-crdb-1›",
            )
            r.log(
                r.nearly(at + 1),
                pod,
                "W260914 03:11:07.002114 301 kv/kvclient/kvcoord/dist_sender.go:2711 ⋮ [T1,n2] 911  slow RPC to r412: have been waiting 4.20s (14 attempts) for RPC to replica (n1,s1):1",
                "warning",
            )
    ends = (18.0, 47.0, 92.0, 168.0, 262.0)
    for at in ends:
        r.log(
            at - 0.2,
            replica,
            "F260914 03:11:18.410220 88 server/server.go:311 ⋮ [T1,Vsystem,n1] 71  clock synchronization error: this node is more than 500ms away from at least half of the known nodes (0 of 2 are within the offset)",
            "fatal",
        )
    r.crash_loop(0, replica, ends, 7)
    grafana(
        r, 80, "Balance tile empty in the app", "11.8% of sessions saw no balance", folder="mobile", severity="critical", team="channels"
    )
    r.alert(120, "CockroachDBInstanceFlapping", "payments-crdb-1 restarted 4 times within 10m", pod=replica.name, namespace="payments")
    r.alert(
        275,
        "NodeClockSkewDetected",
        f"Clock at {node}:9100 is out of sync by more than 0.05s. Ensure NTP is configured correctly on this host.",
        instance=f"{node}:9100",
        pending="4m",
    )


@fourth(GRID, "sick machines", Truth("talos-nbg1-wk-1", "node_disk_fault", "node"), decoy=True)
def drive_aborts_its_commands(r: Recording) -> None:
    node = "talos-nbg1-wk-1"
    recent_rollout(r, "tariff", "v2.61.1", at=-160)
    slow_calls(r, "tariff", "grid-pooler", 6_100, since=4, step=17, errors=0.15)
    slow_calls(r, "rollup-worker", "grid-pooler", 14_000, since=6, step=25, errors=0.2)
    failing(
        r,
        ("envoy-grid-edge", "customer-api", "tariff"),
        'status: DeadlineExceeded, message: "Timeout expired"',
        since=20,
        step=22,
        share=0.4,
        slower=50,
        error_type="DEADLINE_EXCEEDED",
        milliseconds=3_000,
        more={"rpc.system": "grpc", "rpc.grpc.status_code": 4},
        outer=504,
    )
    failing(
        r,
        ("emqx", "device-auth", "grid-pooler"),
        "timeout: context deadline exceeded",
        since=30,
        step=48,
        share=0.4,
        slower=80,
        error_type="timeout",
        more=POSTGRES,
        milliseconds=5_000,
    )
    grafana(r, 65, "Quotes are slow", "p95 of tariff.v1.Tariff/Quote is 3.0s (limit 250ms)", folder="pricing", product="tariff")
    database, store = r.pods("grid-tsdb")[0], r.pods("shadow-redis")[1]
    for at in (58.0, 141.0, 224.0):
        r.log(
            at,
            database,
            "2026-11-08 02:12:58.704 UTC [61] LOG:  checkpoint complete: wrote 811 buffers (0.2%); 0 WAL file(s) added, 0 removed, 0 recycled; write=9.8 s, sync=44.611 s, total=54.9 s; sync files=77, longest=38.004 s, average=0.580 s",
            "info",
        )
    for at in every(35, 300, 37):
        r.log(
            r.nearly(at),
            store,
            "1:M 08 Nov 2026 02:12:35.091 * Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer without waiting for fsync to complete, this may slow down Redis.",
            "warning",
        )
    r.log(233, store, "1:M 08 Nov 2026 02:14:53.000 # Error writing to the AOF file: Input/output error")
    for at in (96.0, 131.0, 166.0, 201.0, 236.0, 271.0):
        r.node_log(
            at,
            node,
            f"nvme nvme0: I/O tag {int(at) % 97} (a0{int(at) % 90 + 10}) opcode 0x1 (I/O Cmd) QID 6 timeout, aborting req_op:WRITE(1) size:32768",
            program="kernel",
        )
        r.node_log(at + 1.2, node, "nvme nvme0: Abort status: 0x0", program="kernel")
    for at in (188.0, 252.0):
        r.node_log(at, node, "I/O error, dev nvme0n1, sector 1811939328 op 0x1:(WRITE) flags 0x8800 phys_seg 4 prio class 2", level="error")
        r.node_log(
            at + 0.1,
            node,
            'XFS (nvme0n1p6): metadata I/O error in "xfs_buf_ioend+0x1a1/0x3d0 [xfs]" at daddr 0x2c00f08 len 32 error 5',
            level="error",
        )
    unusual(r, 150, r.of("Node", node), "node_disk_io_time_weighted_seconds_rate{device=nvme0n1}", 412, 0, 6)
    r.alert(
        230,
        "NodeDiskIOSaturation",
        f"Disk IO queue (aqu-sq) is high on nvme0n1 at {node}:9100, has been above 10 for the last 3 minutes, is currently at 412.08.",
        instance=f"{node}:9100",
        device="nvme0n1",
        pending="3m",
    )


@fourth(TELLERS, "machines at an end", Truth("rke-wkr-d2-01", "files_exhausted", "node"), decoy=True)
def no_more_files_can_be_opened_on_a_machine(r: Recording) -> None:
    node = "rke-wkr-d2-01"
    operator_reconciles(r, "Kafka", "events", "payments", "kafka.config")
    for at, used in ((-60.0, 0.91), (-8.0, 0.985)):
        r.metric(at, r.of("Node", node), "node_filefd_allocated_ratio", used, 0.9, intent="metric.files.high")
    there = {pod.app: pod for pod in r.objects.apps_on(node)}
    system = "Too many open files in system"
    failing(
        r,
        ("haproxy-ingress", "channel-api", "payment-orchestrator", "mq-payments"),
        "JMSWMQ2009: IBM MQ call failed with compcode '2' ('MQCC_FAILED') reason '2009' ('MQRC_CONNECTION_BROKEN').",
        since=6,
        step=21,
        share=0.7,
        error_type="com.ibm.msg.client.jms.DetailedJMSException",
        more={"messaging.system": "ibm_mq", "messaging.destination.name": "SCT.OUT"},
        milliseconds=30,
    )
    failing(
        r,
        ("scheme-gateway", "instant.clearhub.example"),
        f"java.net.SocketException: {system}",
        since=9,
        step=26,
        share=0.5,
        error_type="java.net.SocketException",
        milliseconds=1,
        by=[there["scheme-gateway"]],
    )
    failing(
        r,
        ("limits", "payments-crdb"),
        f"io.netty.channel.ChannelException: Unable to create Channel from class io.netty.channel.socket.nio.NioSocketChannel: {system}",
        since=14,
        step=39,
        share=0.4,
        error_type="io.netty.channel.ChannelException",
        more=COCKROACH,
        milliseconds=2,
        by=[there["limits"]],
    )
    for number, at in enumerate(every(2, 300, 15)):
        for app, line in (
            ("haproxy-ingress", "[ALERT]    (8) : Proxy https reached system FD limit (maxsock=524288). Please check system tunables."),
            (
                "mq-payments",
                "2026-09-14T03:11:02.551Z AMQ6119S: An internal IBM MQ error has occurred ('23 - Too many open files in system' from open.) [ArithInsert1(23)]",
            ),
            (
                "sso",
                f"ERROR [io.netty.util.concurrent.SingleThreadEventExecutor] (vert.x-acceptor-thread-0) Failed to accept a connection: java.io.IOException: accept(..) failed: {system}",
            ),
        ):
            if (number + len(app)) % 2:
                r.log(r.nearly(at, 5), there[app], line)
    for at in every(0, 300, 28):
        r.node_log(at, node, "VFS: file-max limit 811204 reached", level="error")
    r.node_log(
        18,
        node,
        'E0914 03:11:18.100711 2011 remote_runtime.go:633] "Status from runtime service failed" err="rpc error: code = Unavailable desc = connection error: dial unix /run/k3s/containerd/containerd.sock: socket: too many open files in system"',
        level="error",
        program="kubelet",
    )
    for number, pod in enumerate(each for each in r.objects.apps_on(node) if each.app in ("haproxy-ingress", "sso", "channel-api")):
        r.event(
            24.0 + number,
            pod,
            "Unhealthy",
            f'Readiness probe failed: Get "http://{pod.address}:8080/": dial tcp: socket: too many open files in system',
            count=4,
            since=9,
        )
        r.unready(24.5 + number, pod)
    r.burn(170, "channel-api")
    r.alert(
        290,
        "NodeFileDescriptorLimit",
        f"File descriptors limit at {node}:9100 is currently at 99.98%.",
        instance=f"{node}:9100",
        severity="critical",
        pending="5m",
    )


@fourth(GRID, "machines at an end", Truth("talos-fsn1-wk-2", "node_drain", "node"))
def machine_is_emptied_for_an_upgrade_at_the_wrong_hour(r: Recording) -> None:
    node = "talos-fsn1-wk-2"
    about = r.of("Node", node)
    r.change(0, about, "changed: unschedulable", "spec", ["unschedulable"])
    r.normal(0.3, about, "NodeNotSchedulable", f"Node {node} status is now: NodeNotSchedulable")
    r.objects.get("Node", node)["spec"] |= {
        "unschedulable": True,
        "taints": [{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}],
    }
    calls = calls_of_node(r, node)
    why = "0/5 nodes are available: 1 node(s) were unschedulable, 4 Insufficient memory. preemption: 0/5 nodes are available: 1 Preemption is not helpful for scheduling, 4 No preemption victims found for incoming pod."
    moved = [
        pod
        for pod in r.objects.apps_on(node)
        if r.application.workload(pod.app).kind != "DaemonSet" and pod.app not in ("report-viewer", "coredns")
    ]
    for number, pod in enumerate(moved):
        at = 2.0 + number
        workload = r.application.workload(pod.app)
        r.state(at, pod, "EvictionByEvictionAPI", "Eviction API: evicting")
        r.normal(at + 0.2, pod, "Killing", f"Stopping container {pod.app}")
        if workload.kind == "StatefulSet":
            r.silent[pod.name] = at
            r.mark_unready(at, pod)
            for times, after in enumerate((4.0, 65.0, 190.0), start=1):
                r.event(
                    at + after,
                    pod,
                    "FailedScheduling",
                    "0/5 nodes are available: 1 node(s) were unschedulable, 4 node(s) had volume node affinity conflict.",
                    component="default-scheduler",
                    count=times,
                    since=at + 4,
                )
            continue
        revision = r.of("ReplicaSet", pod.name.rpartition("-")[0], pod.namespace)
        r.forget(at + 0.4, pod)
        new = r.new_replica(at + 0.8, workload, revision, 60 + number, starts=False, node="")
        for times, after in enumerate((1.5, 62.0, 180.0), start=1):
            r.event(at + after, new, "FailedScheduling", why, component="default-scheduler", count=times, since=at + 1.5)
        r.objects.get("Pod", new.name, new.namespace)["status"] |= {"phase": "Pending", "containerStatuses": []}
        r.mark_unready(at + 0.8, new)
    for caller, callee, share, _ in calls:
        if callee in ("device-shadow", "tariff", "grid-pooler", "nats") and share:
            failing(
                r,
                (caller, callee),
                "read tcp: connection reset by peer",
                since=6,
                until=60,
                step=26,
                share=share * 0.5,
                slower=3.5,
                error_type="*net.OpError",
                milliseconds=40,
            )
    r.log(12, r.pods("nats")[0], "[1] 2026/11/08 02:11:12.101811 [INF] JetStream cluster new stream leader for '$G > METERS'", "info")
    r.logs(
        every(8, 40, 7),
        "meter-ingest",
        "2026-11-08T02:11:09.121100Z  WARN meter_ingest::pump: publish not acknowledged, retrying error=timed out: no responders stream=METERS",
        "warning",
    )
    slow_calls(r, "device-shadow", "shadow-redis", 38, since=20, step=35)
    slow_calls(r, "customer-api", "device-shadow", 820, since=20, step=19)
    unusual(r, 90, r.pods("device-shadow")[0], "go_goroutines", 9_810, 300, 1_900)
    grafana(r, 150, "App is slow", "p95 of SiteOverview is 1.9s (limit 600ms)", folder="customer", product="app")
    r.alert(
        270, "KubePodNotReady", "Pod has been in a non-ready state for more than 4 minutes.", pod="nats-1", namespace="grid", pending="4m"
    )
