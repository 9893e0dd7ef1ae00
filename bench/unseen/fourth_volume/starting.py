"""Containers that cannot be started, or not here."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.fourth_volume.chance import certificate_renewed
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, slow_calls
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

POSTGRES = {"db.system.name": "postgresql", "db.namespace": "grid"}
REDIS = {"db.system.name": "redis", "db.operation.name": "HSET"}


@fourth(TELLERS, "starting", Truth("balances", "bad_command"), decoy=True)
def new_base_image_has_no_shell(r: Recording) -> None:
    certificate_renewed(r, "events-kafka-cluster-ca", "payments", at=-100)
    image = TELLERS.workload("balances").image.replace("R26.09.1", "R26.09.3")
    pods = r.rollout(0, "balances", image=image, starts=False)
    why = 'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "sh": executable file not found in $PATH: unknown'
    for number, pod in enumerate(pods):
        at = 3.0 + 2 * number
        r.normal(at, pod, "Pulled", f'Container image "{image}" already present on machine')
        for times, after in enumerate((0.4, 15.0, 43.0, 91.0, 179.0), start=1):
            r.event(at + after, pod, "Failed", f"Error: {why}", count=times, since=at + 0.4)
            r.ended(at + after + 0.2, pod, "StartError", 128, restarts=times)
            if times > 1:
                r.event(
                    at + after + 1,
                    pod,
                    "BackOff",
                    f"Back-off restarting failed container balances in pod {pod.name}_payments({pod.uid})",
                    count=times,
                    since=at + 16,
                )
        r.waits(at + 0.5, pod, "RunContainerError", why)
        r.waits(
            at + 16,
            pod,
            "CrashLoopBackOff",
            f"back-off 20s restarting failed container=balances pod={pod.name}_payments({pod.uid})",
            restarts=2,
        )
    r.silent["balances"] = 4.5
    r.no_endpoints(6, "balances")
    r.unavailable(7, "balances")
    failing(
        r,
        ("haproxy-ingress", "channel-api", "balances"),
        'I/O error on GET request for "http://balances:8080/balances/DE89370400440532013000": Connection refused',
        since=6,
        step=16,
        error_type="java.net.ConnectException",
        milliseconds=3,
    )
    r.logs(
        every(8, 300, 17),
        "channel-api",
        '{"@timestamp":"-","level":"ERROR","logger_name":"c.c.p.channel.web.BalanceController","message":"no balance for customer c{n}","stack_trace":"org.springframework.web.client.ResourceAccessException: I/O error on GET request: Connection refused"}',
        error_type="org.springframework.web.client.ResourceAccessException",
    )
    grafana(
        r, 95, "Balance tile empty in the app", "100% of sessions saw no balance", folder="mobile", severity="critical", team="channels"
    )


@fourth(GRID, "starting", Truth("grid-pooler", "image_rate_limited"))
def one_of_two_poolers_may_not_be_pulled(r: Recording) -> None:
    old, other = r.pods("grid-pooler")
    image = GRID.workload("grid-pooler").image
    revision = r.of("ReplicaSet", old.name.rpartition("-")[0], "grid")
    r.normal(0, old, "Descheduled", f"pod eviction from {old.node} node by sigs.k8s.io/descheduler", "sigs.k8s.io/descheduler")
    r.gone(0.4, old, revision)
    new = r.new_replica(0.9, GRID.workload("grid-pooler"), revision, 71, starts=False, node="talos-hel1-wk-1")
    why = f'failed to pull and unpack image "{image}": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/bitnami/pgbouncer/manifests/sha256:4f1d0c: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit'
    for times, at in enumerate((2.0, 17.0, 44.0, 93.0, 182.0, 275.0), start=1):
        r.event(at, new, "Pulling", f'Pulling image "{image}"', warning=False, count=times, since=2)
        r.event(at + 1, new, "Failed", f'Failed to pull image "{image}": {why}', count=times, since=3)
        r.event(at + 1.1, new, "Failed", "Error: ErrImagePull", count=times, since=3.1)
        r.event(at + 11, new, "BackOff", f'Back-off pulling image "{image}"', warning=False, count=2 * times, since=13)
    r.waits(3.2, new, "ErrImagePull", why)
    r.waits(13.2, new, "ImagePullBackOff", f'Back-off pulling image "{image}": ErrImagePull: {why}')
    full = "FATAL: no more connections allowed (max_client_conn) (SQLSTATE 08P01)"
    for at in every(9, 300, 14):
        r.log(
            r.nearly(at),
            other,
            f"2026-11-08 02:11:10.118 UTC [1] WARNING C-0x5603a{int(at)}: (nodb)/(nouser)@10.244.2.9:4{int(at) + 1200} pooler error: no more connections allowed (max_client_conn)",
            "warning",
        )
    failing(
        r,
        ("envoy-grid-edge", "customer-api", "tariff", "grid-pooler"),
        full,
        since=8,
        step=18,
        share=0.4,
        error_type="08P01",
        more=POSTGRES,
        milliseconds=4,
    )
    failing(
        r, ("emqx", "device-auth", "grid-pooler"), full, since=12, step=39, share=0.4, error_type="08P01", more=POSTGRES, milliseconds=4
    )
    slow_calls(r, "rollup-worker", "grid-pooler", 410, since=15, step=30)
    r.logs(
        every(14, 300, 26),
        "rollup-worker",
        '{"level":"ERROR","msg":"copy failed, batch goes back to the stream","err":"failed to connect to `user=rollup database=grid`: server error: FATAL: no more connections allowed (max_client_conn)","batch":{n}}',
    )
    r.alert(
        120,
        "PgBouncerMaxClientConn",
        "grid-pooler has 400 of 400 client connections",
        namespace="grid",
        pod=other.name,
        severity="critical",
    )
    r.burn(160, "tariff")


@fourth(TELLERS, "schedules", Truth("sanctions-screening", "unschedulable"))
def new_list_wants_more_memory_than_a_machine_has(r: Recording) -> None:
    workload, old = TELLERS.workload("sanctions-screening"), list(r.pods("sanctions-screening"))
    r.change(
        0,
        r.of("Deployment", "sanctions-screening", "payments"),
        "resources changed: requests.memory, limits.memory",
        "resources",
        ["requests.memory", "limits.memory"],
    )
    former = r.of("ReplicaSet", old[0].name.rpartition("-")[0], "payments")
    revision = r.objects.new_revision(workload, "larger", r.second(0), 2)
    r.normal(
        0.2,
        r.of("Deployment", "sanctions-screening", "payments"),
        "ScalingReplicaSet",
        f"Scaled down replica set {former.name} from 2 to 0",
        "deployment-controller",
    )
    for number, pod in enumerate(old):
        r.gone(0.5 + number / 3, pod, former)
    r.normal(
        2.2,
        r.of("Deployment", "sanctions-screening", "payments"),
        "ScalingReplicaSet",
        f"Scaled up replica set {revision.name} from 0 to 2",
        "deployment-controller",
    )
    why = "0/9 nodes are available: 3 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 6 Insufficient memory. preemption: 0/9 nodes are available: 3 Preemption is not helpful for scheduling, 6 No preemption victims found for incoming pod."
    for number in range(2):
        pod = r.new_replica(2.5 + number / 3, workload, revision, number, starts=False, node="")
        for times, at in enumerate((3.0, 65.0, 190.0, 290.0), start=1):
            r.event(at + number, pod, "FailedScheduling", why, component="default-scheduler", count=times, since=3.0 + number)
        r.state(4.0 + number, pod, "Unschedulable", why)
        content = r.objects.get("Pod", pod.name, "payments")
        content["spec"]["containers"][0]["resources"] = {"requests": {"memory": "40Gi"}, "limits": {"memory": "40Gi"}}
        content["status"] |= {
            "phase": "Pending",
            "containerStatuses": [],
            "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": why}],
        }
        content["status"].pop("podIP", None)
    r.silent["sanctions-screening"] = 0.6
    r.no_endpoints(1.4, "sanctions-screening")
    r.unavailable(3, "sanctions-screening")
    failing(
        r,
        ("haproxy-ingress", "channel-api", "payment-orchestrator", "sanctions-screening"),
        "feign.RetryableException: Connection refused executing POST http://sanctions-screening:8080/screen",
        since=3,
        step=18,
        error_type="java.net.ConnectException",
        milliseconds=4,
    )
    r.logs(
        every(5, 300, 16),
        "payment-orchestrator",
        '{"@timestamp":"-","level":"ERROR","logger_name":"c.c.p.orchestrator.flow.PaymentFlow","message":"step SCREEN of E2E{n} failed, payment is parked","stack_trace":"feign.RetryableException: Connection refused executing POST http://sanctions-screening:8080/screen"}',
        error_type="feign.RetryableException",
    )
    grafana(r, 130, "Payments are parked", "1204 payments wait for screening", folder="compliance", severity="critical", team="sanctions")


@fourth(GRID, "schedules", Truth("shadow-redis", "claim_class_missing"), decoy=True)
def volume_is_wanted_of_a_class_that_was_renamed(r: Recording) -> None:
    scaled_elsewhere(r, "energy-reports", 3, at=-90)
    old = r.pods("shadow-redis")[2]
    owner = r.of("StatefulSet", "shadow-redis", "grid")
    claim = r.of("PersistentVolumeClaim", "data-shadow-redis-2", "grid")
    r.change(-3, claim, "deleted", "deleted", action="DELETED")
    r.normal(0, old, "Killing", "Stopping container shadow-redis")
    r.forget(0.1, old)
    r.normal(
        1,
        owner,
        "SuccessfulCreate",
        "create Claim data-shadow-redis-2 Pod shadow-redis-2 in StatefulSet shadow-redis success",
        "statefulset-controller",
    )
    r.normal(1.1, owner, "SuccessfulCreate", "create Pod shadow-redis-2 in StatefulSet shadow-redis successful", "statefulset-controller")
    pod = r.objects.new_pod(GRID.workload("shadow-redis"), owner, "shadow-redis-2", r.second(1), node="")
    r.born[pod.uid] = 1e9
    r.objects.add(
        "PersistentVolumeClaim",
        "data-shadow-redis-2",
        "grid",
        r.second(1),
        spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "20Gi"}}, "storageClassName": "hcloud-volumes-xfs"},
        status={"phase": "Pending"},
    )
    for times, at in enumerate((2.0, 17.0, 77.0, 152.0, 242.0), start=1):
        r.event(
            at,
            claim,
            "ProvisioningFailed",
            'storageclass.storage.k8s.io "hcloud-volumes-xfs" not found',
            component="persistentvolume-controller",
            count=4 * times,
            since=2,
        )
    why = "0/5 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling."
    for times, at in enumerate((3.0, 66.0, 191.0), start=1):
        r.event(at, pod, "FailedScheduling", why, component="default-scheduler", count=times, since=3)
    r.state(3.2, pod, "Unschedulable", why)
    content = r.objects.get("Pod", pod.name, "grid")["status"]
    content |= {
        "phase": "Pending",
        "containerStatuses": [],
        "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": why}],
    }
    content.pop("podIP", None)
    down = "CLUSTERDOWN Hash slot not served"
    failing(
        r,
        ("envoy-grid-edge", "customer-api", "device-shadow", "shadow-redis"),
        down,
        since=6,
        step=17,
        share=0.35,
        error_type="redis.Error",
        more=REDIS,
        milliseconds=2,
    )
    failing(
        r,
        ("charge-control", "device-shadow", "shadow-redis"),
        down,
        since=9,
        step=34,
        share=0.35,
        error_type="redis.Error",
        more=REDIS,
        milliseconds=2,
    )
    r.logs(
        every(7, 300, 15),
        "device-shadow",
        '{"level":"ERROR","msg":"shadow not written","device":"D-{n}","err":"CLUSTERDOWN Hash slot not served"}',
        error_type="redis.Error",
    )
    for number in (0, 1):
        r.log(16.0 + number, r.pods("shadow-redis")[number], "1:M 08 Nov 2026 02:11:16.034 # Cluster state changed: fail", "error")
    r.alert(
        75,
        "RedisClusterStateNotOk",
        "cluster_state is fail, 5461 of 16384 slots are not served",
        namespace="grid",
        service="shadow-redis",
        severity="critical",
    )
