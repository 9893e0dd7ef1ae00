"""What goes wrong with a hospital's software and the cluster below it."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import old_crash_loop, recent_rollout
from bench.unseen.events import every
from bench.unseen.second_volume.telling import broken, restarts_with
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.ward import WARD
from bench.unseen.truths import Truth

PORTAL = ("ingress-nginx-controller", "ward-portal")
ENDS = (4.0, 19.0, 44.0, 92.0, 181.0)


@third(WARD, "configuration", Truth("admissions", "config_error"))
def admissions_connects_to_a_name_that_is_not(r: Recording) -> None:
    pods = r.rollout(0, "admissions", what="environment", names=("ConnectionStrings__Care",))
    line = "Unhandled exception. Microsoft.Data.SqlClient.SqlException (0x80131904): A network-related or instance-specific error occurred while establishing a connection to SQL Server. (provider: TCP Provider, error: 35) ---> System.Net.Sockets.SocketException (00000001, 11): Name or service not known: care-sqll"
    restarts_with(r, pods, 7, line, ENDS, code=134)
    r.no_endpoints(11, "admissions")
    r.unavailable(12, "admissions")
    broken(r, (*PORTAL, "admissions"), "connect ECONNREFUSED 10.0.188.41:8080", since=11, error_type="ECONNREFUSED")
    r.alert(
        180,
        "Admissions unavailable (synthetic)",
        "Monitor 'Open admission list' failed from 3 of 3 locations",
        severity="critical",
        team="care-platform",
    )


@third(WARD, "secret", Truth("medication", "credentials_rotated"), decoy=True)
def medication_keeps_the_old_password(r: Recording) -> None:
    old_crash_loop(r, "cost-exporter")
    r.change(-8, r.of("Secret", "medication-sql", "care"), "data changed: password", "secret", ["password"])
    broken(
        r,
        (*PORTAL, "medication", "care-sql"),
        "Microsoft.Data.SqlClient.SqlException (0x80131904): Login failed for user 'medication'.",
        since=3,
        error_type="18456",
        outer=500,
    )
    r.logs(
        every(4, 240, 12),
        "medication",
        '{"@t":"-","@mt":"An error occurred using the connection to database {database} on server {server}.","@l":"Error","@x":"Microsoft.Data.SqlClient.SqlException (0x80131904): Login failed for user \'medication\'. Error Number:18456,State:1,Class:14","n":{n}}',
    )
    r.logs(
        every(4, 240, 14),
        "care-sql",
        "Logon       Login failed for user 'medication'. Reason: Password did not match that for the login provided. [CLIENT: 10.244.2.31] {n}",
    )
    r.burn(150, "ward-portal")


@third(WARD, "storage", Truth("care-sql", "volume_full"), decoy=True)
def database_log_has_no_room(r: Recording) -> None:
    recent_rollout(r, "lab-results", "7.41.1")
    r.alert(
        -120,
        "KubePersistentVolumeFillingUp",
        "The PersistentVolume claimed by data-care-sql-0 in namespace care is only 2.1% free.",
        namespace="care",
        persistentvolumeclaim="data-care-sql-0",
    )
    lines = (
        "spid61      Error: 9002, Severity: 17, State: 4. The transaction log for database 'Care' is full due to 'LOG_BACKUP'.",
        "spid54      /var/opt/mssql/data/Care_log.ldf: Operating system error 112(There is not enough space on the disk.) encountered.",
    )
    for number, line in enumerate(lines):
        r.logs(every(1 + number, 240, 15), "care-sql", line)
    broken(
        r,
        (*PORTAL, "admissions", "care-sql"),
        "SqlException (0x80131904): The transaction log for database 'Care' is full due to 'LOG_BACKUP'.",
        since=3,
        error_type="9002",
        outer=500,
        share=0.7,
    )
    broken(
        r,
        (*PORTAL, "medication", "care-sql"),
        "SqlException (0x80131904): The transaction log for database 'Care' is full due to 'LOG_BACKUP'.",
        since=5,
        error_type="9002",
        outer=500,
        share=0.6,
    )
    r.burn(140, "ward-portal")


@third(WARD, "nodes", Truth("aks-apps-31447205-vmss000001", "kubelet_down", "node"))
def kubelet_stops_on_one_machine(r: Recording) -> None:
    node = "aks-apps-31447205-vmss000001"
    r.unit(0, node, "kubelet.service", "kubelet.service: Main process exited, code=exited, status=1/FAILURE", result="exit-code")
    r.unit(0.4, node, "kubelet.service", "kubelet.service: Failed with result 'exit-code'.", result="exit-code")
    r.node_log(
        0.2,
        node,
        'E1012 run.go:72] "command failed" err="failed to load kubelet config file, path: /var/lib/kubelet/config.yaml, error: yaml: line 31: did not find expected key"',
        level="error",
        program="kubelet",
    )
    r.node_turns(42, node, "NodeStatusUnknown", "Kubelet stopped posting node status.")
    r.event(42.2, r.of("Node", node), "NodeNotReady", f"Node {node} status is now: NodeNotReady", component="node-controller")
    for app in ("ward-portal", "admissions", "medication", "lab-results"):
        for pod in r.pods(app):
            if pod.node == node:
                r.event(43, pod, "NodeNotReady", "Node is not ready", component="node-controller")
                r.unready(43.3, pod)
    r.alert(150, "KubeNodeNotReady", f"{node} has been unready for more than 1 minute.", node=node, severity="critical")


@third(WARD, "code", Truth("medication", "bad_rollout"))
def medication_dereferences_nothing(r: Recording) -> None:
    image = WARD.workload("medication").image.replace("41.0", "42.0")
    for number, pod in enumerate(r.rollout(0, "medication", image=image)):
        r.ready(15 + 2 * number, pod)
    line = '{"@t":"-","@mt":"HTTP GET /api/orders/{n} responded 500","@l":"Error","@x":"System.NullReferenceException: Object reference not set to an instance of an object.\\n   at Care.Medication.Dosing.RoundingPolicy.Apply(Order order) in /src/Dosing/RoundingPolicy.cs:line 48"}'
    r.logs(every(18, 240, 9), "medication", line, error_type="System.NullReferenceException")
    broken(r, (*PORTAL, "medication"), "Request failed with status code 500", since=17, status=500, error_type="500", share=0.6, outer=500)
    r.burn(170, "ward-portal")
