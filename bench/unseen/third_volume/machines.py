"""Machines and places that go away, or that do their work by halves."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout, unrelated_alert
from bench.unseen.events import every
from bench.unseen.second_volume.telling import broken
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.arena import ARENA
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.telling import (
    azure_alert,
    calls_of,
    connections_lost,
    cordon,
    google_alert,
    lose_nodes,
    no_results_come,
    put_elsewhere,
)
from bench.unseen.third_volume.ward import WARD
from bench.unseen.truths import Truth

ZONE = "europe-west3-b"
DRAINED, FIRST, SECOND = "aks-data-18820916-vmss000003", "aks-apps-31447205-vmss000000", "aks-apps-31447205-vmss000004"
PORTAL = ("ingress-nginx-controller", "ward-portal")
QUORUM = "com.datastax.oss.driver.api.core.servererrors.UnavailableException: Not enough replicas available for query at consistency LOCAL_QUORUM (2 required but only 1 alive)"


@third(ARENA, "machines", Truth(ZONE, "zone_outage", "zone"), decoy=True)
def two_of_three_replicas_were_in_one_zone(r: Recording) -> None:
    unrelated_alert(r, "report-viewer")
    nodes = sorted(node for node, zone in ARENA.nodes.items() if zone == ZONE)
    gone = [pod for node in nodes for pod in r.objects.apps_on(node)]
    calls = sorted({call[:3]: call[3] for node in nodes for call in calls_of(r, node)}.items())
    lose_nodes(r, nodes, 0, 43)
    survivor = next(pod for pod in r.pods("cassandra") if pod.node not in nodes)
    for number, pod in enumerate(each for each in gone if each.app == "cassandra"):
        line = f"INFO  [GossipTasks:1] Gossiper.java:1432 - InetAddress /{pod.address}:7000 is now DOWN"
        r.log(11.0 + number, survivor, line, "warning")
    r.logs(
        every(13, 240, 21),
        "inventory",
        '{"@timestamp":"-","level":"WARN","logger_name":"c.d.o.d.i.core.pool.ChannelPool","message":"[s0|cassandra.arena/10.132.0.{n}:9042] Error while opening new channel (ConnectionInitException: [s0|connecting...] Protocol initialization request, step 1 (OPTIONS): failed to send request (io.netty.channel.ConnectTimeoutException: connection timed out))"}',
        "warning",
    )
    # Until the driver knows that they are down its requests time out; after that they are refused at once.
    broken(
        r, ("session-gateway", "inventory", "cassandra"), QUORUM, since=12, step=8, error_type="UnavailableException", outer=500, share=0.9
    )
    broken(r, ("contour-envoy", "session-gateway", "inventory"), "rpc error: code = Internal desc = items unavailable", since=14, share=0.8)
    others = [(*call, share) for call, share in calls if call[1] not in ("cassandra", "inventory")]
    connections_lost(r, others, 4, 180, "rpc error: code = DeadlineExceeded desc = context deadline exceeded", "DEADLINE_EXCEEDED", 5_000)
    for number, pod in enumerate(each for each in gone if each.app == "contour-envoy"):
        r.alert(96.0 + number, "TargetDown", "50% of the projectcontour/envoy targets are down.", job="envoy", namespace=pod.namespace)
    google_alert(
        r,
        118,
        "Session open error ratio",
        "Condition 'errors above 20%' for loadbalancing.googleapis.com/https/backend_request_count is above the threshold of 0.2 with a value of 0.61.",
        severity="critical",
    )


@third(WARD, "machines", Truth(DRAINED, "node_drain", "node"))
def image_of_nodes_is_upgraded_at_night(r: Recording) -> None:
    node, about = DRAINED, r.of("Node", DRAINED)
    r.normal(-4, about, "Upgrade", "Performing node image upgrade from AKSUbuntu-2204gen2containerd-202609.01.0 to 202610.04.0", "upgrader")
    cordon(r, 0, node)
    r.normal(1.0, about, "Drain", f"Draining node: {node}", "upgrader")
    for number, pod in enumerate(each for each in r.objects.apps_on(node) if each.app in ("ward-portal", "medication")):
        put_elsewhere(
            r, 2.0 + number, pod, (FIRST, SECOND)[number], reason="EvictionByEvictionAPI", why="Eviction API: evicting", ready_after=24
        )
    (bridge,) = r.pods("hl7-bridge")
    r.log(4.6, bridge, "info: Microsoft.Hosting.Lifetime[0] Application is shutting down...", "info")
    # The laboratory's engine holds one connection; its new peer reads the whole routing table before it listens.
    new = put_elsewhere(r, 4.0, bridge, SECOND, reason="EvictionByEvictionAPI", why="Eviction API: evicting", ready_after=196)
    r.silent["hl7-bridge"] = 4.9
    r.no_endpoints(4.9, "hl7-bridge")
    r.unavailable(5.2, "hl7-bridge")
    r.log(11, new, "info: Bridge.Routes[2] Loading 4112 routes from table storage", "info")
    for at in every(20, 180, 40):
        refused = f"Readiness probe failed: dial tcp {new.address}:2575: connect: connection refused"
        r.event(at, new, "Unhealthy", refused, count=int(at) // 5, since=12)
    _broker_may_not_go(r)
    no_results_come(r, every(30, 200, 29), 4)
    connections_lost(r, [(*PORTAL, "GET /ward/{id}", 0.1)], 3, 30, "upstream prematurely closed connection", "502", 20)
    r.state(
        -69.5, r.of("PodDisruptionBudget", "rabbitmq", "care"), "InsufficientPods", "allows no eviction: 2 of 3 pods are healthy, 2 must be"
    )
    azure_alert(r, 138, "hl7-feed-silent", "count of ORU^R01 in the last 2 minutes is 0, less than 1", sev=0, resource="ward-suite-prod")
    r.alert(190, "LabInterfaceDown", "Interface engine LIS01 cannot connect to hl7.ward.example:2575", severity="critical", team="interop")


def _broker_may_not_go(r: Recording) -> None:
    pod = next(each for each in r.pods("rabbitmq") if each.node == DRAINED)
    message = "Eviction blocked by Too Many Requests (usually a pdb): " + pod.name
    for count, at in enumerate(every(6, 240, 39), start=1):
        r.event(at, r.of("Node", DRAINED), "Drain", message, component="upgrader", count=count, since=6)
    r.objects.add(
        "PodDisruptionBudget",
        "rabbitmq",
        "care",
        spec={"minAvailable": 2, "selector": {"matchLabels": {"app.kubernetes.io/name": "rabbitmq"}}},
        status={"currentHealthy": 2, "desiredHealthy": 2, "expectedPods": 3, "disruptionsAllowed": 0},
    )
    other = next(each for each in r.pods("rabbitmq") if each.node != DRAINED)
    # Another member was not well already, which is why this one may not go.
    r.event(
        -71,
        other,
        "Unhealthy",
        'Readiness probe failed: command timed out: "rabbitmq-diagnostics -q check_running" timed out after 10s',
        count=2,
        since=-91,
    )
    r.unready(-70, other)


@third(WARD, "machines", Truth(SECOND, "clock_skew", "node"), decoy=True)
def clock_stays_behind_after_a_migration(r: Recording) -> None:
    recent_rollout(r, "letter-renderer", "7.41.1", at=-110)
    node = SECOND
    r.node_log(-1.2, node, "hv_utils: TimeSync IC pkt recv failed (Err: -5)", level="error")
    r.node_log(0, node, "Can't synchronise: no selectable sources (1 unreachable sources)", program="chronyd")
    r.node_log(64, node, "Can't synchronise: no selectable sources (1 unreachable sources)", program="chronyd")
    early = "Microsoft.IdentityModel.Tokens.SecurityTokenNotYetValidException: IDX10222: Lifetime validation failed. The token is not yet valid. ValidFrom (UTC): '10/12/2026 01:17:44', Current time (UTC): '10/12/2026 01:08:11'."
    behind = [pod for app in ("admissions", "lab-results") for pod in r.pods(app) if pod.node == node]
    for number, pod in enumerate(behind):
        for at in every(3 + number, 240, 11):
            line = (
                '{"@t":"-","@mt":"Bearer was not authenticated. Failure message: {FailureMessage}","@l":"Information","FailureMessage":"'
                + early
                + '"}'
            )
            r.log(r.nearly(at), pod, line, "warning", error_type="SecurityTokenNotYetValidException")
    for app, step in (("admissions", 9), ("lab-results", 14)):
        broken(
            r, (*PORTAL, app), "Request failed with status code 401", since=4, step=step, status=401, error_type="401", outer=401, share=0.5
        )
    r.logs(
        every(10, 240, 27),
        "ward-portal",
        '{"level":50,"time":1791767291{n},"name":"ward-portal","err":{"type":"AxiosError","message":"Request failed with status code 401"},"msg":"backend said unauthorised, user is sent to sign in"}',
    )
    r.metric(70, r.of("Node", node), "node_timex_offset_seconds", -573.2, -0.05, unit="s", above=False)
    azure_alert(r, 125, "sign-in-loops", "sign-ins per user in 5 minutes is 11.3, greater than 3", resource="ward-suite-prod")
    r.alert(
        200,
        "NodeClockNotSynchronising",
        f"Clock at {node} is not synchronising. Ensure NTP is configured on this host.",
        instance=node,
        severity="critical",
    )
