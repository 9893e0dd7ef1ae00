"""Parts of a machine that fail while the rest of it goes on."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.hosts import callers_suffer, not_ready
from bench.unseen.sixth_volume.telling import END, access, sixth
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

STREAM = "aks-stream-31192004-vmss000000"


def _cannot_start(r: Recording) -> None:
    """A program is scaled up just then, and its new pod comes to the machine that cannot start it."""
    old = r.of("ReplicaSet", r.pod("leak-detector").name.rpartition("-")[0])
    deployment = r.of("Deployment", "leak-detector")
    r.change(-5, deployment, "scaled from 2 to 3", "scale", ["replicas"], replicas=3)
    r.normal(-4.7, deployment, "ScalingReplicaSet", f"Scaled up replica set {old.name} from 2 to 3", "deployment-controller")
    new = r.new_replica(-4, WATER.workload("leak-detector"), old, 90, starts=False, node=STREAM)
    for times, at in enumerate((5.0, 76.0, 148.0, 220.0), start=1):
        message = "Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc = context deadline exceeded"
        r.event(at, new, "FailedCreatePodSandBox", message, count=times, since=5)
    r.mark_unready(-4, new)


@sixth(WATER, "parts of machines", Truth(STREAM, "runtime_down", "node"))
def container_runtime_hangs(r: Recording) -> None:
    """The container runtime of a machine answers no more; what runs goes on, but can be neither looked at nor replaced."""
    about, there = r.of("Node", STREAM), r.objects.apps_on(STREAM)
    r.node_log(
        -20,
        STREAM,
        'time="2026-12-08T10:00:00.000000000Z" level=error msg="failed to handle container TaskExit event" error="failed to stop container: context deadline exceeded: unknown"',
        level="error",
        program="containerd",
    )
    for at in every(-6, END, 34):
        r.node_log(
            at,
            STREAM,
            'E1208 10:00:00.000000    2210 remote_runtime.go:633] "Status from runtime service failed" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded"',
            level="error",
            program="kubelet",
        )
    r.node_turns(
        8,
        STREAM,
        "KubeletNotReady",
        "[container runtime is down, PLEG is not healthy: pleg was last seen active 3m2.114s ago; threshold is 3m0s]",
        status="False",
    )
    r.normal(8.3, about, "NodeNotReady", f"Node {STREAM} status is now: NodeNotReady")
    for at in (9.0, 100.0, 190.0):
        r.event(
            at,
            about,
            "ContainerGCFailed",
            "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
            count=round(at / 60) + 1,
            since=9,
        )
    not_ready(r, STREAM, 13)
    for pod in there[:3]:
        r.event(
            25,
            pod,
            "Unhealthy",
            "Readiness probe errored and resulted in unknown state: rpc error: code = DeadlineExceeded desc = context deadline exceeded",
            count=6,
        )
    _cannot_start(r)
    for pod in there[3:6]:
        killing = f'error killing pod: failed to "KillContainer" for "{pod.app}" with KillContainerError: "rpc error: code = DeadlineExceeded desc = context deadline exceeded"'
        r.event(
            118,
            pod,
            "Unhealthy",
            "Liveness probe errored and resulted in unknown state: rpc error: code = DeadlineExceeded desc = context deadline exceeded",
            count=9,
        )
        r.event(141, pod, "FailedKillPod", killing)
    r.alert(205, "KubeletTooManyProblems", f"{STREAM} is not ready, 3 minutes", node=STREAM, pending="3m")


@sixth(CARDS, "parts of machines", Truth("tg-r07-n04", "node_network_fault", "node"))
def cable_that_loses_its_link(r: Recording) -> None:
    """The link of a machine goes down and up and down; calls to what runs there are lost at random."""
    node = "tg-r07-n04"
    about = r.of("Node", node)
    for at in every(0, END, 26):
        r.node_log(at, node, "bnxt_en 0000:3b:00.0 ens2f0np0: NIC Link is Down", level="error")
        r.node_log(
            at + 3.4, node, "bnxt_en 0000:3b:00.0 ens2f0np0: NIC Link is Up, 25000 Mbps full duplex, Flow control: none", level="info"
        )
    for at in (30.0, 150.0):
        r.metric(at, about, "node_network_receive_errs_total_ratio{device=ens2f0np0}", 0.061, 0.01, intent="metric.network.errors")
    callers_suffer(
        r, node, 1, "upstream connect error or disconnect/reset before headers. reset reason: connection timeout", "503", until=230, step=60
    )
    access(
        r,
        every(6, END, 19),
        "terminal-gateway",
        "auth-router",
        status=503,
        flags="UF",
        details="upstream_reset_before_response_started{connection_timeout}",
        milliseconds=10_000,
    )
    access(
        r,
        every(14, END, 27),
        "auth-router",
        "token-vault",
        status=0,
        flags="DC",
        details="downstream_remote_disconnect",
        milliseconds=3_000,
    )
    for pod in r.objects.apps_on(node)[:4]:
        r.event(
            35,
            pod,
            "Unhealthy",
            f'Readiness probe failed: Get "http://{pod.address}:15020/app-health/{pod.app}/readyz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
            count=2,
        )
    r.alert(
        95,
        "AuthorisationLatencyHigh",
        "99th percentile of authorisations is 4.1 s",
        severity="critical",
        service="terminal-gateway",
        namespace="acquiring",
        pending="1m",
    )
    r.alert(
        134,
        "NodeNetworkInterfaceFlapping",
        f'Network interface "ens2f0np0" changing its up status often on node-exporter monitoring/{node}',
        instance=node,
        device="ens2f0np0",
        pending="2m",
    )
    r.alert(
        236,
        "NodeNetworkReceiveErrs",
        f"{node} interface ens2f0np0 has encountered 812 receive errors in the last two minutes.",
        instance=node,
        device="ens2f0np0",
    )
