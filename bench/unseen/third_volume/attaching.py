"""Volumes that stay with the machine that had them."""
# ruff: noqa: E501  (what programs write is as long as it is)

from collections.abc import Sequence

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.object_parts import Thing
from bench.unseen.second_volume.telling import broken, waiting
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.arena import ARENA
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.telling import azure_alert, google_alert
from bench.unseen.third_volume.ward import WARD
from bench.unseen.truths import Truth

PORTAL = ("ingress-nginx-controller", "ward-portal")


def _volume_of(r: Recording, pod: Thing) -> str:
    name: str = r.objects.get("PersistentVolumeClaim", f"data-{pod.name}", pod.namespace)["spec"]["volumeName"]
    return name


def _moved(r: Recording, at: float, old: Thing, node: str) -> Thing:
    """A pod of a StatefulSet is made anew on another node."""
    owner, workload = r.of("StatefulSet", old.app), r.application.workload(old.app)
    r.normal(at, old, "Killing", f"Stopping container {old.app}")
    r.forget(at, old)
    r.normal(at + 9, owner, "SuccessfulCreate", f"create Pod {old.name} in StatefulSet {old.app} successful", "statefulset-controller")
    new = r.objects.new_pod(workload, owner, old.name, r.second(at + 9), node=node)
    r.born[new.uid] = 1e9
    r.normal(at + 9.2, new, "Scheduled", f"Successfully assigned {new.namespace}/{new.name} to {node}", "default-scheduler")
    status = {"name": new.app, "ready": False, "started": False, "restartCount": 0, "state": {"waiting": {"reason": "ContainerCreating"}}}
    r.objects.get("Pod", new.name, new.namespace)["status"] |= {"phase": "Pending", "containerStatuses": [status]}
    r.mark_unready(at + 9, new)
    return new


def _does_not_attach(r: Recording, pod: Thing, first: float, why: str, again: Sequence[float]) -> None:
    volume = _volume_of(r, pod)
    exclusive = (
        f'Multi-Attach error for volume "{volume}" Volume is already exclusively attached to one node and can\'t be attached to another'
    )
    r.event(first, pod, "FailedAttachVolume", exclusive, component="attachdetach-controller")
    for count, at in enumerate(again, start=1):
        failed = f'AttachVolume.Attach failed for volume "{volume}" : rpc error: code = Internal desc = {why.format(volume=volume)}'
        r.event(at, pod, "FailedAttachVolume", failed, component="attachdetach-controller", count=count, since=again[0])


def _does_not_come_off_the_other_machine(r: Recording, new: Thing) -> None:
    busy = 'Attach volume /subscriptions/2c1d/resourceGroups/mc_ward/providers/Microsoft.Compute/disks/{volume} to instance aks-data-18820916-vmss000002 failed with Retriable: false, RetryAfter: 0s, HTTPStatusCode: 409, RawError: {{"error":{{"code":"AttachDiskWhileBeingDetached","message":"Cannot attach data disk \'{volume}\' to VM because the disk is currently being detached or the last detach operation failed. Please wait until the disk is completely detached and then try again or delete/detach the disk explicitly again."}}}}'
    _does_not_attach(r, new, 10, busy, (18.0, 34.0, 67.0, 131.0, 254.0))
    mount = "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition"
    r.event(133, new, "FailedMount", mount)
    r.event(256, new, "FailedMount", mount, count=2, since=133)


def _database_checks_fail(r: Recording) -> None:
    for number, pod in enumerate((*r.pods("medication"), *r.pods("admissions"))):
        r.event(22.0 + number, pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", count=3, since=11)
        r.unready(22.5 + number, pod)
    r.no_endpoints(26, "medication")
    r.no_endpoints(28, "admissions")


@third(WARD, "attaching", Truth("care-sql", "volume_attach"), decoy=True)
def patch_of_the_database_server_lands_elsewhere(r: Recording) -> None:
    recent_rollout(r, "medication", "7.41.1", at=-130)
    (old,) = r.pods("care-sql")
    image = "mcr.example/mssql/server:2022-CU17-ubuntu-22.04"
    r.change(
        0,
        r.of("StatefulSet", "care-sql"),
        f"image changed from care-sql={WARD.workload('care-sql').image} to care-sql={image}",
        "rollout",
        ["image"],
    )
    r.log(
        0.9,
        old,
        "spid34s     SQL Server is terminating because of a system shutdown. This is an informational message only. No user action is required.",
        "info",
    )
    new = _moved(r, 0.6, old, "aks-data-18820916-vmss000002")
    r.objects.get("Pod", new.name)["spec"]["containers"][0]["image"] = image
    _does_not_come_off_the_other_machine(r, new)
    r.no_endpoints(1.4, "care-sql")
    r.state(1.5, r.of("StatefulSet", "care-sql"), "ReplicasUnavailable", "none of 1 replicas is available")
    refused = "Microsoft.Data.SqlClient.SqlException (0x80131904): A network-related or instance-specific error occurred while establishing a connection to SQL Server. The server was not found or was not accessible. (provider: TCP Provider, error: 40 - Could not open a connection to SQL Server: Connection refused)"
    for app, step in (("admissions", 12), ("medication", 9)):
        broken(
            r,
            (*PORTAL, app, "care-sql"),
            refused,
            since=3,
            step=step,
            until=270,
            error_type="0",
            milliseconds=15_000,
            outer=500,
            slower=400,
        )
    r.logs(
        every(6, 270, 17),
        "medication",
        '{"@t":"-","@mt":"Health check {HealthCheckName} with status {HealthStatus} completed after {ElapsedMilliseconds}ms","@l":"Error","HealthCheckName":"care-db","HealthStatus":"Unhealthy","ElapsedMilliseconds":15{n}}',
    )
    _database_checks_fail(r)
    azure_alert(
        r,
        120,
        "ward-portal-availability",
        "availability test 'open ward 4B' failed from 5 of 5 locations",
        sev=0,
        resource="ward-suite-prod",
    )


def _others_miss_a_member(r: Recording, old: Thing, new: Thing) -> None:
    for number, pod in enumerate(each for each in r.pods("cassandra") if each.uid != new.uid):
        r.log(6.0 + number, pod, f"INFO  [GossipTasks:1] Gossiper.java:1432 - InetAddress /{old.address}:7000 is now DOWN", "warning")
        for at in every(40 + number, 270, 46):
            r.log(
                r.nearly(at),
                pod,
                f"WARN  [HintsWriteExecutor:1] NoSpamLogger.java:107 - Writing hints for /{old.address}:7000, {int(at) * 31} so far",
                "warning",
            )


@third(ARENA, "attaching", Truth("cassandra", "volume_attach"))
def deleted_instance_still_owns_a_disk(r: Recording) -> None:
    # Two of three still answer; what is felt is that every quorum now needs the slower of the two.
    old = next(pod for pod in r.pods("cassandra") if pod.node.endswith("hh5t"))
    new = _moved(r, 0, old, "gke-arena-prod-general-b03e51cc-9wvz")
    held = "Failed to Attach: failed cloud service attach disk call: googleapi: Error 400: The disk resource 'projects/arena-prod/zones/europe-west3-b/disks/{volume}' is already being used by 'projects/arena-prod/zones/europe-west3-b/instances/gke-arena-prod-general-b03e51cc-hh5t', RESOURCE_IN_USE_BY_ANOTHER_RESOURCE"
    _does_not_attach(r, new, 9.6, held, (15.0, 24.0, 41.0, 74.0, 138.0, 262.0))
    r.event(
        132,
        new,
        "FailedMount",
        "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition",
    )
    _others_miss_a_member(r, old, new)
    waiting(r, "inventory", "cassandra", 240, since=8, until=270, step=12)
    r.disturb("inventory", "cassandra", 4, errors=0.04, slower=30)
    r.disturb("session-gateway", "inventory", 6, errors=0.05, slower=9)
    r.logs(
        every(9, 270, 20),
        "inventory",
        '{"@timestamp":"-","level":"WARN","logger_name":"items.store.Players","message":"grant of item {n} needs both replicas that are left, took 238 ms"}',
        "warning",
    )
    for at in every(14, 60, 15):
        r.log(
            r.nearly(at),
            "purchases",
            '{"@timestamp":"-","level":"ERROR","logger_name":"shop.grant.Granter","message":"grant deadline exceeded, order is parked"}',
        )
    r.alert(
        75, "CassandraNodeDown", f"Cassandra node {old.name} of arena/live is down", severity="critical", namespace="arena", pod=old.name
    )
    google_alert(
        r,
        180,
        "Inventory latency p99",
        "Condition 'p99 above 150 ms' for workload.googleapis.com/rpc.server.duration is above the threshold of 150 with a value of 318.",
        service="inventory",
    )
    r.alert(
        250,
        "KubeStatefulSetReplicasMismatch",
        "StatefulSet has not matched the expected number of replicas.",
        namespace="arena",
        statefulset="cassandra",
    )
