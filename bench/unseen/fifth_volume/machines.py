"""Machines that are taken back, or run out of what nobody counts, and pods that find no machine."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import unrelated_alert
from bench.unseen.events import every
from bench.unseen.fifth_volume.quarry import QUARRY
from bench.unseen.fifth_volume.telling import alarm, fifth, monitor, no_place
from bench.unseen.fifth_volume.wander import AURORA, WANDER
from bench.unseen.fourth_volume.telling import failing, grafana, slow_calls, unready_because, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fifth(WANDER, "sick machines", Truth("ip-10-60-45-9.eu-central-1.compute.internal", "conntrack_exhaustion", "node"), decoy=True)
def table_of_connections_is_full_on_one_machine(r: Recording) -> None:
    node = "ip-10-60-45-9.eu-central-1.compute.internal"
    unrelated_alert(r, "reviews")
    here = r.objects.apps_on(node)
    for number, call in enumerate(each for each in WANDER.calls if any(pod.app == each.caller for pod in here)):
        by = [pod for pod in here if pod.app == call.caller]
        failing(
            r,
            (call.caller, call.callee),
            "connect ETIMEDOUT" if call.caller in ("web", "trip-search", "loyalty") else "Connection timed out",
            since=3 + 2.0 * number,
            step=33,
            share=0.3,
            slower=12,
            error_type="timeout",
            milliseconds=5_000,
            by=by,
        )
    for pod in here:
        if pod.app == "coredns":
            r.logs(
                every(12, 300, 30),
                "coredns",
                "[ERROR] plugin/errors: 2 wander-prod.cluster-cm3kq8v1x2yz.eu-central-1.rds.amazonaws.com. A: read udp 10.60.45.31:{n}->10.60.0.2:53: i/o timeout",
            )
    monitor(r, 75, "Search p95", "5.4s > 2s", service="trip-search", env="prod")
    for at in every(100, 300, 30):
        r.node_log(at, node, "nf_conntrack: nf_conntrack: table full, dropping packet", level="warning")
    r.metric(150, r.of("Node", node), "node_nf_conntrack_entries_ratio", 0.998, 0.8)
    r.alert(240, "NodeHighNumberConntrackEntriesUsed", f"99.8% of conntrack entries are used on {node}.", instance=f"{node}:9100")


@fifth(QUARRY, "sick machines", Truth("cmp-r2-01", "kubelet_down", "node"))
def certificate_tool_restarts_a_kubelet_that_does_not_come_back(r: Recording) -> None:
    node = "cmp-r2-01"
    r.unit(2, node, "kubelet.service", "kubelet.service: Main process exited, code=exited, status=1/FAILURE", result="exit-code")
    for at in (3.0, 14.0, 25.0, 36.0):
        r.node_log(
            at,
            node,
            'E1202 02:00:03.000000   81120 run.go:74] "command failed" err="failed to load kubelet config file, path: /var/lib/kubelet/config.yaml, error: strict decoding error: unknown field \\"serializeImagePull\\""',
            level="error",
            program="kubelet",
        )
    r.unit(37, node, "kubelet.service", "kubelet.service: Start request repeated too quickly.", result="start-limit-hit")
    r.node_turns(45, node, "NodeStatusUnknown", "Kubelet stopped posting node status.")
    unready_because(r, node, 45)
    slow_calls(r, "job-planner", "rabbitmq", 55, since=50, step=40)
    r.logs(
        every(60, 300, 35),
        "lab-gateway-nginx",
        "2026/12/02 02:01:00 [warn] 41#41: *{n} upstream server temporarily disabled while connecting to upstream",
        "warning",
    )
    r.alert(120, "KubeletDown", "Target disappeared from Prometheus target discovery.", severity="critical", node=node)
    grafana(r, 200, "Fewer runners than planned", "2 of 3 runners report", folder="platform", team="compute")
    r.alert(280, "KubeNodeNotReady", f"{node} has been unready for more than 3 minutes.", node=node, pending="3m")


@fifth(WANDER, "no place", Truth("checkout", "unschedulable"))
def pool_of_machines_reached_its_limit(r: Recording) -> None:
    why = "0/5 nodes are available: 5 Insufficient memory. preemption: 0/5 nodes are available: 5 No preemption victims found for incoming pod."
    r.change(-20, r.of("Deployment", "checkout"), "resources changed: checkout", "resources", ["checkout"])
    pods = r.rollout(-1, "checkout", what="resources", names=("checkout",), told=False, starts=False)
    for number, pod in enumerate(pods):
        no_place(r, pod, 2.0 + number, why, (34.0, 96.0, 180.0, 270.0))
        r.event(
            6.0 + number,
            pod,
            "FailedScheduling",
            'Failed to schedule pod, incompatible with nodepool "general", all available instance types exceed limits for nodepool',
            component="karpenter",
            count=3,
            since=4,
        )
    r.silent["checkout"] = 4
    r.no_endpoints(5, "checkout")
    r.unavailable(5.5, "checkout")
    r.logs(
        every(7, 300, 40),
        "karpenter",
        '{"level":"ERROR","time":"-","logger":"controller","message":"could not schedule pod","controller":"provisioner","error":"all available instance types exceed limits for nodepool: \\"general\\"","n":{n}}',
    )
    failing(r, ("web", "checkout"), "connect ECONNREFUSED 10.100.41.2:3002", since=8, step=12, error_type="ECONNREFUSED", milliseconds=2)
    monitor(r, 60, "Payments accepted", "success ratio 0% < 95%", priority=1, service="checkout", env="prod")
    alarm(
        r,
        130,
        "web-alb-HTTPCode_Target_5XX",
        "1 datapoint [211.0] was greater than the threshold (20.0).",
        LoadBalancer="app/web/81fa0c",
        Namespace="AWS/ApplicationELB",
    )


@fifth(QUARRY, "no place", Truth("fold-server", "untolerated_taint"), decoy=True)
def driver_upgrade_leaves_a_taint_behind(r: Recording) -> None:
    node = "gpu-r3-01"
    r.change(-50, r.of("ConfigMap", "job-planner", "lab"), "data changed: fairshare.half_life", "config", ["fairshare.half_life"])
    r.objects.get("Node", node)["spec"]["taints"] = [{"key": "nvidia.com/driver-upgrade", "value": "required", "effect": "NoSchedule"}]
    r.change(-8, r.of("Node", node), "changed: taints", "spec", ["taints"])
    old = r.pods("fold-server")[0]
    revision = r.of("ReplicaSet", old.name.rpartition("-")[0], "lab")
    r.gone(1, old, revision)
    new = r.new_replica(2, QUARRY.workload("fold-server"), revision, 31, starts=False, node="")
    why = "0/5 nodes are available: 1 node(s) had untolerated taint {nvidia.com/driver-upgrade: required}, 4 Insufficient nvidia.com/gpu. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling."
    no_place(r, new, 3, why, (66.0, 190.0, 290.0))
    r.no_endpoints(3.5, "fold-server")
    failing(
        r,
        ("batch-runner", "fold-server"),
        "HTTPConnectionPool(host='fold-server', port=8085): Max retries exceeded with url: /fold (Caused by NewConnectionError: Failed to establish a new connection: [Errno 111] Connection refused)",
        since=5,
        step=14,
        error_type="requests.exceptions.ConnectionError",
        milliseconds=4,
    )
    r.logs(
        every(8, 300, 21),
        "batch-runner",
        "[2026-12-02 02:00:08,000: ERROR/ForkPoolWorker-3] Task lab.fold[{n}] raised unexpected: ConnectionError(MaxRetryError(\"HTTPConnectionPool(host='fold-server', port=8085): Max retries exceeded with url: /fold\"))",
        error_type="requests.exceptions.ConnectionError",
    )
    unusual(r, 110, r.of("Service", "rabbitmq"), "rabbitmq_queue_messages_ready{queue=fold}", 812, 0, 60)
    grafana(r, 220, "No structure was folded", "0 folds in 3m (usually 11)", folder="science", team="structures")


@fifth(WANDER, "waiting in line", Truth("checkout", "pool_exhaustion"))
def payment_holds_a_connection_while_it_waits_outside(r: Recording) -> None:
    image = WANDER.workload("checkout").image.replace(".3", ".5")
    for number, pod in enumerate(r.rollout(-90, "checkout", image=image)):
        r.ready(-78.0 + number, pod)
    pool = "could not obtain a connection from the pool within 5.000 seconds (waited 5.001 seconds); all pooled connections were in use"
    slow_calls(r, "web", "checkout", 3_900, since=3, step=21)
    failing(
        r,
        ("web", "checkout", AURORA),
        pool,
        since=20,
        step=15,
        share=0.6,
        slower=20,
        error_type="ActiveRecord::ConnectionTimeoutError",
        milliseconds=5_001,
    )
    r.logs(
        every(24, 300, 15),
        "checkout",
        '{"timestamp":"-","severity":"ERROR","progname":"checkout","message":"ActiveRecord::ConnectionTimeoutError (could not obtain a connection from the pool within 5.000 seconds (waited 5.001 seconds); all pooled connections were in use)","request":"{n}"}',
        error_type="ActiveRecord::ConnectionTimeoutError",
    )
    monitor(r, 100, "Payments accepted", "success ratio 47.0% < 95%", priority=1, service="checkout", env="prod")
    r.burn(190, "checkout")


@fifth(QUARRY, "waiting in line", Truth("jobs-db", "lock_contention"))
def new_column_waits_for_a_report_and_all_wait_for_it(r: Recording) -> None:
    for caller, usual in (("job-planner", 9_400), ("batch-runner", 8_100), ("results-api", 7_700)):
        slow_calls(r, caller, "jobs-db", usual, since=4, step=23, errors=0.2)
    failing(
        r,
        ("lab-gateway-nginx", "submit-api", "job-planner", "jobs-db"),
        "ERROR: canceling statement due to lock timeout (SQLSTATE 55P03)",
        since=14,
        step=22,
        share=0.7,
        error_type="55P03",
        more={"db.system.name": "postgresql"},
        milliseconds=10_004,
        outer=504,
    )
    for at in every(18, 300, 31):
        r.log(
            at,
            r.pods("jobs-db")[0],
            '{"level":"info","ts":"2026-12-02T02:00:18.000Z","logger":"postgres","msg":"record","logging_pod":"jobs-db-0","record":{"error_severity":"LOG","message":"process 81120 still waiting for AccessShareLock on relation 16411 of database 16390 after 1000.122 ms","detail":"Process holding the lock: 80417. Wait queue: 80966, 81120, 81121."}}',
            "info",
        )
    grafana(
        r,
        85,
        "Jobs are accepted slowly",
        "p95 of POST /v1/jobs is 10.1s (limit 500ms)",
        folder="platform",
        severity="critical",
        team="compute",
    )
    r.alert(
        150,
        "CNPGClusterHighConnectionsWarning",
        "CNPG Instance maximum number of connections warning!",
        namespace="lab",
        cnpg_cluster="jobs-db",
    )
    r.burn(230, "submit-api")
