"""Machines that are gone for a while."""

from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.hosts import callers_suffer, goes_dark, not_ready
from bench.unseen.sixth_volume.press import PRESS
from bench.unseen.sixth_volume.telling import access, grafana, sixth
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(CARDS, "machines gone", Truth("dc1-row3", "zone_outage", "zone"))
def row_of_racks_loses_its_power(r: Recording) -> None:
    """Both machines of one row of racks fall silent in the same second."""
    for number, node in enumerate(("tg-r03-n11", "tg-r03-n12")):
        goes_dark(r, node, 0.4 * number, 41 + 3 * number)
        callers_suffer(
            r,
            node,
            2 + number,
            "upstream connect error or disconnect/reset before headers. reset reason: connection timeout",
            "503",
            until=190,
            step=70,
        )
        for place, pod in enumerate(r.objects.apps_on(node)):
            marked = f"Marking for deletion Pod {pod.namespace}/{pod.name}"
            r.normal(241 + number + place / 8, pod, "TaintManagerEviction", marked, "taint-eviction-controller")
    access(
        r,
        every(5, 170, 17),
        "auth-router",
        "risk-rules",
        status=503,
        flags="UF,URX",
        details="upstream_reset_before_response_started{connection_timeout}",
        milliseconds=10_001,
    )
    r.alert(
        33,
        "TargetDown",
        "33% of the node-exporter/node-exporter targets in monitoring namespace are down.",
        job="node-exporter",
        namespace="monitoring",
        pending="30s",
    )
    r.alert(
        90,
        "AuthorisationApprovalRateLow",
        "Approval rate is 69% over 5m (usual 91%)",
        severity="critical",
        service="auth-router",
        namespace="acquiring",
        pending="1m",
    )
    for node in ("tg-r03-n11", "tg-r03-n12"):
        r.alert(222, "KubeNodeNotReady", f"{node} has been unready for more than 3 minutes.", node=node, pending="3m")


@sixth(PRESS, "machines gone", Truth("press-worker-04", "node_reboot", "node"))
def updates_restart_a_machine_at_noon(r: Recording) -> None:
    """A machine installs a kernel by itself and restarts, with all that runs on it."""
    node = "press-worker-04"
    about = r.of("Node", node)
    r.node_log(-38, node, "Packages that will be upgraded: linux-image-amd64 linux-libc-dev", level="info", program="unattended-upgrade")
    r.node_log(-2, node, "Found /var/run/reboot-required, rebooting", level="warning", program="unattended-upgrade")
    r.node_log(0, node, "System is rebooting.", level="info", program="systemd-logind")
    for pod in r.objects.apps_on(node):
        r.silent[pod.name] = 1
    callers_suffer(r, node, 2, "connect EHOSTUNREACH", "EHOSTUNREACH", until=120, step=26)
    r.node_turns(42, node, "NodeStatusUnknown", "Kubelet stopped posting node status.")
    not_ready(r, node, 42.5)
    r.normal(88, about, "Starting", "Starting kubelet.")
    r.event(90, about, "Rebooted", f"Node {node} has been rebooted, boot id: 0f6a4b52-5f0d-4c1e-9a77-31b2a4c0de91")
    r.normal(93, about, "NodeReady", f"Node {node} status is now: NodeReady")
    for number, pod in enumerate(r.objects.apps_on(node)):
        at = 96 + 2.5 * number
        r.normal(at, pod, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
        r.ended(at + 0.5, pod, "Unknown", 255, restarts=1)
        r.normal(at + 4, pod, "Started", f"Started container {pod.app}")
        r.ready(at + 17, pod)
    grafana(r, 58, "Node down", f"up=0 {node}", team="platform", instance=node)
    grafana(r, 76, "Homepage slower than usual", "p95=4.0s", severity="warning", team="readers")
