"""Machines that are lost, or of which only a part still answers."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import unrelated_alert
from bench.unseen.events import every
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import calls_of_node, failing, fourth, grafana, request, slow_calls, unready_because, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

COCKROACH = {"db.system.name": "cockroachdb", "db.namespace": "payments"}


@fourth(TELLERS, "gone", Truth("rke-wkr-d3-02", "node_down", "node"), decoy=True)
def machine_stops_in_the_middle_of_a_word(r: Recording) -> None:
    node = "rke-wkr-d3-02"
    unrelated_alert(r, "fraud-scoring", at=-60)
    for pod in r.objects.apps_on(node):
        r.silent[pod.name] = 0.0
    slow_calls(r, "balances", "payments-crdb", 4_100, since=3, until=70, step=15, errors=0.1)
    failing(
        r,
        ("haproxy-ingress", "channel-api", "payment-orchestrator"),
        "feign.RetryableException: connect timed out executing POST http://payment-orchestrator:8080/internal/payments",
        since=4,
        until=90,
        step=17,
        share=0.3,
        slower=12,
        error_type="java.net.SocketTimeoutException",
        milliseconds=2_000,
        outer=504,
    )
    failing(
        r,
        ("payment-orchestrator", "payments-crdb"),
        "org.postgresql.util.PSQLException: This connection has been closed.",
        since=9,
        until=80,
        step=28,
        share=0.2,
        slower=30,
        error_type="08003",
        more=COCKROACH,
        milliseconds=9_000,
    )
    for number, at in enumerate((7.0, 12.0, 21.0, 44.0, 80.0)):
        r.log(
            at,
            r.pods("payments-crdb")[1 + number % 2],
            'W260914 03:11:07.220418 118 kv/kvserver/raft_transport.go:711 ⋮ [T1,n2] 902  while processing outgoing Raft queue to node 1: ‹rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.244.30.11:26257: i/o timeout"›:',
            "warning",
        )
    r.log(
        14,
        r.pods("events-kafka")[0],
        "INFO [RaftManager id=0] Completed transition to CandidateState(localId=0, epoch=81, retries=1) from FollowerState (org.apache.kafka.raft.QuorumState)",
        "info",
    )
    r.logs(
        every(10, 200, 22),
        "statement-writer",
        "WARN  o.a.kafka.clients.NetworkClient : [Consumer clientId=statement-writer-1, groupId=statement-writer] Connection to node 2 (events-kafka-2.events-kafka.payments.svc/10.244.30.14:9093) could not be established. Node may not be available. ({n})",
        "warning",
    )
    grafana(
        r,
        38,
        "Instant payments accepted",
        "288 payments accepted in 2m (usually 610)",
        folder="payments-slo",
        severity="critical",
        team="instant",
    )
    r.node_turns(43, node, "NodeStatusUnknown", "Kubelet stopped posting node status.")
    unready_because(r, node, 43)
    r.alert(170, "KubeNodeUnreachable", f"{node} is unreachable and some workloads may be rescheduled.", node=node, pending="2m")
    r.alert(
        175, "IpmiChassisPowerOff", f"chassis of {node} is powered off", instance="rke-wkr-d3-02.ipmi.corvid.example", severity="critical"
    )


@fourth(GRID, "gone", Truth("talos-nbg1-wk-2", "runtime_down", "node"))
def runtime_no_longer_answers_and_its_containers_run_on(r: Recording) -> None:
    node = "talos-nbg1-wk-2"
    probed = [pod for pod in r.objects.apps_on(node) if pod.app in ("charge-control", "device-auth", "grid-tsdb")]
    for number, pod in enumerate(probed):
        for times, at in enumerate((20.0, 70.0, 140.0, 220.0), start=1):
            r.event(
                at + number,
                pod,
                "Unhealthy",
                "Readiness probe errored: rpc error: code = DeadlineExceeded desc = failed to exec in container: timeout 1s exceeded: context deadline exceeded",
                count=6 * times,
                since=8,
            )
        r.unready(24.0 + number, pod)
    revision = r.of("ReplicaSet", r.pod("charge-control").name.rpartition("-")[0], "grid")
    r.change(28, r.of("Deployment", "charge-control", "grid"), "scaled from 3 to 4", "scale", ["replicas"], replicas=4)
    new = r.new_replica(29, GRID.workload("charge-control"), revision, 83, starts=False, node=node)
    for times, at in enumerate((60.0, 121.0, 250.0), start=1):
        r.event(
            at,
            new,
            "FailedCreatePodSandBox",
            "Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc = context deadline exceeded",
            count=times,
            since=60,
        )
    r.objects.get("Pod", new.name, "grid")["status"] |= {"phase": "Pending", "containerStatuses": []}
    r.mark_unready(29, new)
    for at in (11.0, 71.0, 131.0):
        r.node_log(
            at,
            node,
            'E1108 02:11:11.118204 1804 remote_runtime.go:366] "ListPodSandbox with filter from runtime service failed" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded" filter="nil"',
            level="error",
            program="kubelet",
        )
    r.node_log(
        183,
        node,
        'E1108 02:14:03.311900 1804 kubelet.go:2460] "Skipping pod synchronization" err="PLEG is not healthy: pleg was last seen active 3m2.118s ago; threshold is 3m0s"',
        level="error",
        program="kubelet",
    )
    r.node_turns(
        186,
        node,
        "KubeletNotReady",
        "[container runtime is down, PLEG is not healthy: pleg was last seen active 3m5s ago; threshold is 3m0s]",
        status="False",
    )
    r.normal(186.3, r.of("Node", node), "NodeNotReady", f"Node {node} status is now: NodeNotReady")
    unready_because(r, node, 187)
    for caller, callee, share, _ in calls_of_node(r, node):
        if callee in ("charge-control", "device-auth") and share:
            failing(
                r,
                (caller, callee),
                "upstream request timeout",
                since=26,
                step=37,
                share=0.1,
                slower=6,
                error_type="timeout",
                milliseconds=5_000,
            )
    grafana(
        r,
        150,
        "Stations reconnect again and again",
        "median websocket lives 212s (usually 9h)",
        folder="charging",
        product="charge-control",
    )
    r.alert(
        235,
        "KubeletPlegDurationHigh",
        f"The Kubelet Pod Lifecycle Event Generator has a 99th percentile duration of 10 seconds on node {node}.",
        node=node,
        pending="2m",
    )


@fourth(TELLERS, "ill", Truth("rke-wkr-d1-02", "disk_pressure", "node"))
def scratch_files_of_the_scoring_fill_a_machine(r: Recording) -> None:
    node = "rke-wkr-d1-02"
    about = r.of("Node", node)
    for at, left in ((-70.0, 31_000_000_000), (-25.0, 17_400_000_000), (2.0, 9_800_000_000)):
        unusual(
            r, at, about, "node_filesystem_avail_bytes{mountpoint=/var/lib/rancher}", left, 60_000_000_000, 110_000_000_000, unit="bytes"
        )
    r.event(3, about, "EvictionThresholdMet", "Attempting to reclaim ephemeral-storage")
    r.node_turns(6, node, "KubeletHasDiskPressure", "kubelet has disk pressure", condition="DiskPressure", status="True")
    r.normal(6.4, about, "NodeHasDiskPressure", f"Node {node} status is now: NodeHasDiskPressure")
    r.event(
        19,
        about,
        "FreeDiskSpaceFailed",
        "Failed to garbage collect required amount of images. Attempted to free 21474836480 bytes, but only found 0 bytes eligible to free.",
    )
    victims = [pod for pod in r.objects.apps_on(node) if pod.app in ("fraud-scoring", "notification-hub", "balances", "channel-api")]
    for number, pod in enumerate(victims):
        at = 9.0 + 13 * number
        said = f"The node was low on resource: ephemeral-storage. Threshold quantity: 10734764851, available: {9_571 - 40 * number}Mi. Container {pod.app} was using {81_920 if pod.app == 'fraud-scoring' else 412}Mi, request is 0, has larger consumption of ephemeral-storage. "
        r.event(at, pod, "Evicted", said)
        r.normal(at + 0.2, pod, "Killing", f"Stopping container {pod.app}")
        r.state(at + 0.5, pod, "Evicted", said)
        r.mark_unready(at + 0.5, pod)
        r.silent[pod.name] = at + 0.4
    slow_calls(r, "balances", "payments-crdb", 210, since=8, step=33)
    failing(
        r,
        ("haproxy-ingress", "channel-api", "balances"),
        'I/O error on GET request for "http://balances:8080/balances/DE89370400440532013000": Connection reset',
        since=36,
        step=22,
        share=0.2,
        slower=4,
        error_type="java.net.SocketException",
        milliseconds=30,
    )
    failing(
        r,
        ("payment-orchestrator", "fraud-scoring"),
        "UNAVAILABLE: io exception",
        since=11,
        step=31,
        share=0.3,
        slower=4,
        error_type="UNAVAILABLE",
        milliseconds=8,
        more={"rpc.system": "grpc", "rpc.grpc.status_code": 14},
    )
    r.log(
        120,
        r.pods("payments-crdb")[2],
        "W260914 03:13:00.330184 211 storage/pebble.go:1611 ⋮ [T1,n3,s3] 1204  disk slowness detected: write on file ‹/cockroach/cockroach-data/088114.log› (131072 bytes) has been ongoing for 5.2s",
        "warning",
    )
    r.alert(
        100,
        "NodeFilesystemAlmostOutOfSpace",
        f"Filesystem on /dev/mapper/vg0-rancher, mounted on /var/lib/rancher, at {node}:9100 has only 4.31% available space left.",
        instance=f"{node}:9100",
        mountpoint="/var/lib/rancher",
        device="/dev/mapper/vg0-rancher",
        pending="1m",
    )
    r.burn(210, "channel-api")


@fourth(GRID, "ill", Truth("talos-fsn1-wk-2", "node_kernel_fault", "node"))
def processors_of_one_machine_hang_in_the_kernel(r: Recording) -> None:
    node = "talos-fsn1-wk-2"
    for caller, callee, share, here in calls_of_node(r, node):
        part = max(share, 0.4 if here else 0.0)
        r.disturb(caller, callee, 2, errors=0.25 * part, slower=1 + 18 * part)
        for at in every(6, 290, 92):
            request(r, r.nearly(at, 60), (caller, callee), "context deadline exceeded", error_type="timeout", milliseconds=5_000, by=here)
    grafana(r, 85, "Everything is a little slow", "p99 of 11 of 23 calls is three times the usual", folder="overview", product="platform")
    for pod in r.objects.apps_on(node):
        if pod.app in ("customer-api", "device-shadow", "tariff", "energy-reports", "meter-ingest"):
            for times, at in enumerate((38.0, 111.0, 199.0), start=1):
                r.event(
                    r.nearly(at, 9),
                    pod,
                    "Unhealthy",
                    f'Readiness probe failed: Get "http://{pod.address}:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
                    count=3 * times,
                    since=30,
                )
            r.unready(51, pod)
    for number, at in enumerate((125.0, 151.0, 177.0, 229.0)):
        r.node_log(
            at,
            node,
            f"watchdog: BUG: soft lockup - CPU#{number + 2} stuck for {22 + number * 23}s! [kworker/u32:{number}:90211]",
            level="error",
        )
        r.node_log(at + 0.1, node, "RIP: 0010:native_queued_spin_lock_slowpath+0x6e/0x2e0", level="error")
    r.node_log(
        188,
        node,
        "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks: (detected by 6, t=21004 jiffies, g=811204, q=41120 ncpus=16)",
        level="error",
    )
    for at in (96.0, 170.0):
        r.event(
            at, r.of("Node", node), "NodeNotReady", f"Node {node} status is now: NodeNotReady", component="node-controller", warning=False
        )
    r.alert(
        255,
        "NodeCPUHighUsage",
        f"CPU usage of mode system at {node}:9100 has been above 90% for the last 3 minutes, is currently at 97.02%.",
        instance=f"{node}:9100",
        severity="info",
        pending="3m",
    )
