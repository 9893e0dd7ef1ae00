"""What stands under several at once: a rack, the card of a machine."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.third_volume.telling import azure_alert, calls_of, connections_lost, grafana_alert, lose_nodes
from bench.unseen.third_volume.ward import WARD
from bench.unseen.truths import Truth

RACK, CARD = "ams-r2", "aks-apps-31447205-vmss000000"


@third(REEL, "outages", Truth(RACK, "zone_outage", "zone"))
def rack_loses_both_feeds(r: Recording) -> None:
    # Everything that lets others in, and the store and the cache, were in this rack; the other one has nothing to do.
    nodes = sorted(node for node, rack in REEL.nodes.items() if rack == RACK)
    lose_nodes(r, nodes, 0, 44)
    r.silent["traefik"] = 0
    for service, at in (("traefik", 46.4), ("play-redis", 46.6), ("minio", 46.1)):
        r.no_endpoints(at, service)
    api = [pod for pod in r.pods("playback-api") if pod.node not in nodes]
    for at in every(3, 240, 9):
        pod = api[int(at) % len(api)]
        error = "i/o timeout" if at < 46 else "connect: connection refused"
        r.log(
            r.nearly(at),
            pod,
            f'time=- level=ERROR msg="session lookup" session={30_000 + int(at)} err="dial tcp 10.43.12.90:6379: {error}"',
        )
    packager = next(pod for pod in r.pods("packager") if pod.node not in nodes)
    for at in every(6, 240, 16):
        r.log(
            r.nearly(at),
            packager,
            f"ERROR packager::store: GetObject seg/{70_000 + int(at)} failed: dispatch failure: io error: error trying to connect: tcp connect error: No route to host (os error 113)",
        )
    chat = next(pod for pod in r.pods("live-chat") if pod.node not in nodes)
    for at in every(5, 240, 22):
        r.log(r.nearly(at), chat, f"[error] Redix.ConnectionError: the connection to Redis is closed, room {3_000 + int(at)}")
    for pod in r.pods("transcoder"):
        if pod.node not in nodes:
            for at in every(8, 240, 31):
                r.log(
                    r.nearly(at),
                    pod,
                    f'level=error msg="upload failed" job={88_000 + int(at)} err="dial tcp 10.43.201.14:9000: connect: no route to host"',
                )
    for caller, callee in (("playback-api", "play-redis"), ("packager", "minio"), ("live-chat", "play-redis"), ("transcoder", "minio")):
        r.disturb(caller, callee, 1, errors=1.0)
    r.disturb("playback-api", "packager", 3, errors=0.6, slower=12)
    grafana_alert(
        r, 48, "play.reel.example not reachable", "probe from fra, lhr and waw failed for 30s", folder="edge", severity="critical"
    )
    r.alert(
        104,
        "TargetDown",
        "50% of the node-exporter targets in monitoring namespace are down.",
        job="node-exporter",
        namespace="monitoring",
        severity="critical",
    )
    r.alert(190, "KubeNodeNotReady", f"{nodes[0]} has been unready for more than 2 minutes.", node=nodes[0], pending="2m")


@third(WARD, "outages", Truth(CARD, "node_network_fault", "node"), decoy=True)
def virtual_function_comes_and_goes(r: Recording) -> None:
    recent_rollout(r, "lab-results", "7.41.1", at=-135)
    for number, at in enumerate(every(0, 225, 45)):
        for after, line, level in (
            (
                0.0,
                f"mlx5_core a0fd:00:02.0: poll_health:1072:(pid 0): device's health compromised - reached miss count, syndrome 0x{number}0",
                "error",
            ),
            (1.1, "hv_netvsc 000d3a2f-91c4-000d-3a2f-91c4000d3a2f eth0: Data path switched from VF: enP41213s1", "info"),
            (1.3, "hv_netvsc 000d3a2f-91c4-000d-3a2f-91c4000d3a2f eth0: VF unregistering: enP41213s1", "info"),
            (11.8, "hv_netvsc 000d3a2f-91c4-000d-3a2f-91c4000d3a2f eth0: VF registering: enP41213s1", "info"),
            (12.2, "hv_netvsc 000d3a2f-91c4-000d-3a2f-91c4000d3a2f eth0: Data path switched to VF: enP41213s1", "info"),
        ):
            r.node_log(at + after, CARD, line, level=level)
    r.metric(58, r.of("Node", CARD), "node_network_transmit_drop_rate{device=eth0}", 840, 5, intent="metric.network.drops")
    connections_lost(r, calls_of(r, CARD), 1, 235, "read ECONNRESET", "ECONNRESET", 4_000)
    broker = next(pod for pod in r.pods("rabbitmq") if pod.node == CARD)
    for at in every(4, 235, 45):
        r.log(
            r.nearly(at),
            broker,
            "[error] <0.2817.0> closing AMQP connection <0.2817.0> (10.244.3.18:44120 -> 10.244.1.9:5672): {writer,send_failed,{error,timeout}}",
        )
    for app, probe in (("ward-portal", 3000), ("medication", 8080)):
        pod = next(each for each in r.pods(app) if each.node == CARD)
        for count, at in enumerate((9.0, 99.0, 189.0), start=1):
            why = f'Readiness probe failed: Get "http://{pod.address}:{probe}/health/ready": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
            r.event(at, pod, "Unhealthy", why, count=count, since=9)
    prescriber = next(each for each in r.pods("medication") if each.node == CARD)
    for at in every(7, 235, 33):
        line = f'{{"@t":"-","@mt":"Query of order {{OrderId}} failed","@l":"Error","OrderId":{64_000 + int(at)},"@x":"Microsoft.Data.SqlClient.SqlException (0x80131904): A transport-level error has occurred when receiving results from the server. (provider: TCP Provider, error: 35 - An internal exception was caught)"}}'
        r.log(r.nearly(at), prescriber, line, error_type="Microsoft.Data.SqlClient.SqlException")
    r.disturb("medication", "care-sql", 2, errors=0.1, slower=6)
    azure_alert(r, 150, "ward-portal-5xx", "requests/failed of ward-portal is 61, greater than 10", resource="ward-suite-prod")
    r.alert(
        220,
        "NodeNetworkInterfaceFlapping",
        f'Network interface "enP41213s1" changing its up status often on node-exporter {CARD}',
        instance=CARD,
        device="enP41213s1",
    )
