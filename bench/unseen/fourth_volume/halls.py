"""Halls and lines between machines."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import calls_of_node, failing, fourth, grafana, request, unready_because, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fourth(TELLERS, "halls", Truth("dc2", "zone_outage", "zone"))
def second_hall_loses_its_power(r: Recording) -> None:
    nodes = [node for node, zone in TELLERS.nodes.items() if zone == "dc2"]
    for node in nodes:
        for pod in r.objects.apps_on(node):
            r.silent[pod.name] = 0.0
    for app in ("haproxy-ingress", "sso", "limits", "scheme-gateway", "mq-payments"):
        r.silent[app] = 0.0
    failing(
        r,
        ("payment-orchestrator", "limits"),
        "io.netty.channel.ConnectTimeoutException: connection timed out after 2000 ms: limits/10.96.14.77:8080",
        since=3,
        step=19,
        error_type="io.netty.channel.ConnectTimeoutException",
        milliseconds=2_001,
        slower=100,
    )
    failing(
        r,
        ("payment-orchestrator", "mq-payments"),
        "JMSWMQ0018: Failed to connect to queue manager 'PAYQM1' with connection mode 'Client' and host name 'mq-payments(1414)'. reason '2538' ('MQRC_HOST_NOT_AVAILABLE')",
        since=8,
        step=27,
        error_type="com.ibm.msg.client.jms.DetailedIllegalStateException",
        milliseconds=15_000,
        slower=900,
    )
    failing(
        r,
        ("statement-writer", "events-kafka"),
        "org.apache.kafka.common.errors.DisconnectException: null",
        since=11,
        step=45,
        share=0.3,
        slower=9,
        error_type="org.apache.kafka.common.errors.DisconnectException",
        milliseconds=30_000,
    )
    r.logs(
        every(12, 300, 24),
        "statement-writer",
        "WARN  o.a.kafka.clients.NetworkClient : [Consumer clientId=statement-writer-2, groupId=statement-writer] Connection to node 0 (events-kafka-0.events-kafka.payments.svc/10.244.11.9:9093) could not be established. Node may not be available.",
        "warning",
    )
    for number, host in enumerate(("pay.corvid.example", "id.corvid.example")):
        r.alert(
            31 + number,
            "ProbeFailed",
            f"Probe https://{host}/health failed: dial tcp 192.0.2.40:443: i/o timeout",
            instance=f"https://{host}/health",
            job="blackbox",
            severity="critical",
            pending="30s",
        )
    for number, node in enumerate(nodes):
        at = 43.0 + 4 * number
        r.node_turns(at, node, "NodeStatusUnknown", "Kubelet stopped posting node status.")
        unready_because(r, node, at)
    for service in ("limits", "sso", "mq-payments", "haproxy-ingress", "scheme-gateway"):
        r.no_endpoints(51, service)
    grafana(
        r,
        75,
        "Switches of a hall unreachable",
        "sw-d2-spine-1, sw-d2-spine-2 and pdu-d2-a do not answer SNMP",
        folder="datacenter",
        severity="critical",
        site="dc2",
    )
    for number, node in enumerate(nodes):
        r.alert(
            165 + number, "KubeNodeUnreachable", f"{node} is unreachable and some workloads may be rescheduled.", node=node, pending="2m"
        )


@fourth(GRID, "halls", Truth("talos-hel1-wk-1", "node_network_fault", "node"), decoy=True)
def every_twelfth_packet_is_lost_on_the_way_to_one_machine(r: Recording) -> None:
    node = "talos-hel1-wk-1"
    scaled_elsewhere(r, "energy-reports", 3, at=-55)
    for caller, callee, share, here in calls_of_node(r, node):
        part = max(share, len(here) / max(1, len(r.pods(caller))))
        r.disturb(caller, callee, 2, errors=0.12 * part, slower=1 + 14 * part)
        for at in every(4, 290, 61):
            taken = r.random.uniform(2_900, 9_000)
            request(r, r.nearly(at, 40), (caller, callee), "context deadline exceeded", error_type="timeout", milliseconds=taken, by=here)
    line = "2026-11-08T02:11:19.411200+00:00 [error] Mnesia('emqx@emqx-0.emqx-headless.grid.svc.cluster.local'): ** ERROR ** mnesia_event got {inconsistent_database, running_partitioned_network, 'emqx@emqx-2.emqx-headless.grid.svc.cluster.local'}"
    for at in (19.0, 96.0, 205.0):
        r.log(at, r.pods("emqx")[0], line)
    for at in every(28, 300, 33):
        r.log(
            r.nearly(at),
            r.pods("nats")[2],
            f"[1] 2026/11/08 02:11:28.500121 [WRN] RAFT [yrzKKRBu - S-R3F-METERS] Falling behind in health check, commit {811_200 + int(at)} != applied {802_118 + int(at)}",
            "warning",
        )
    r.logs(
        every(17, 300, 29),
        "telemetry-ch",
        "2026.11.08 02:11:17.202114 [ 88 ] {} <Warning> ConnectionPoolWithFailover: Connection failed at try №1, reason: Code: 209. DB::NetException: Timeout exceeded while reading from socket (socket (10.244.3.9:9000), receive timeout 10000 ms)",
        "warning",
    )
    for pod in r.pods("cilium"):
        if pod.node != node:
            r.log(
                r.nearly(110, 60),
                pod,
                f'time="2026-11-08T02:12:50Z" level=warning msg="Unable to probe node" error="Get \\"http://10.20.0.17:4240/hello\\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)" node={node} subsys=health-server',
                "warning",
            )
    unusual(r, 130, r.of("Node", node), "node_netstat_Tcp_RetransSegs_ratio", 0.081, 0, 0.004)
    r.node_log(160, node, "mlx5_core 0000:01:00.0 enp1s0f0: Port: 1 Link degraded: FEC uncorrectable blocks 81120")
    grafana(r, 175, "Everything is a little slow", "p99 of 9 of 23 calls is three times the usual", folder="overview", product="platform")
    r.alert(
        240,
        "NodeNetworkReceiveErrs",
        f"{node}:9100 interface enp1s0f0 has encountered 4120 receive errors in the last two minutes.",
        instance=f"{node}:9100",
        device="enp1s0f0",
        pending="2m",
    )
