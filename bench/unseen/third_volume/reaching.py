"""Ways that lead elsewhere, or nowhere: Services, names, policies."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import old_crash_loop, recent_rollout
from bench.unseen.events import every
from bench.unseen.second_volume.telling import broken, restarts_with
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.arena import ARENA
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.third_volume.telling import GRPC_UNAVAILABLE, azure_alert, google_alert, grafana_alert
from bench.unseen.third_volume.ward import WARD
from bench.unseen.truths import Truth
from msgspec.structs import replace

PORTAL = ("ingress-nginx-controller", "ward-portal")
PART_OF = {"app.kubernetes.io/part-of": "economy"}
ECONOMY = replace(
    ARENA,
    workloads=tuple(replace(each, labels=PART_OF) if each.name in ("purchases", "inventory") else each for each in ARENA.workloads),
)


@third(ECONOMY, "reaching", Truth("purchases", "service_selector"), decoy=True)
def selector_takes_in_a_neighbour(r: Recording) -> None:
    recent_rollout(r, "inventory", "2026.18.3", at=-140)
    # The label of the chart's parent is on the pods of another app too, which listen on another port.
    r.change(0, r.of("Service", "purchases"), "changed: selector", "spec", ["selector"])
    r.objects.get("Service", "purchases")["spec"]["selector"] = dict(PART_OF)
    strangers = [pod.address for pod in r.pods("inventory")]
    for number, address in enumerate(strangers):
        refused = f'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp {address}:9500: connect: connection refused"'
        broken(
            r,
            ("contour-envoy", "session-gateway", "purchases"),
            refused,
            since=4 + 5 * number,
            step=29,
            error_type="UNAVAILABLE",
            share=0.58,
            outer=503,
            more=GRPC_UNAVAILABLE,
        )
        for at in every(6 + 7 * number, 240, 33):
            quoted = refused.replace('"', '\\"')
            r.log(
                r.nearly(at),
                r.pods("session-gateway")[number],
                f'{{"level":"error","caller":"shop/confirm.go:49","msg":"purchase not confirmed, kept for later","order":"o{70_000 + int(at)}","error":"{quoted}"}}',
            )
    google_alert(
        r,
        155,
        "Purchase confirm error ratio",
        "Condition 'errors above 5%' for workload.googleapis.com/rpc.client.errors is above the threshold of 0.05 with a value of 0.57.",
        severity="critical",
    )


@third(WARD, "reaching", Truth("lab-results", "service_port"))
def base_image_listens_on_another_port(r: Recording) -> None:
    # The framework's new images listen on 8080; the chart's probe was moved along with that, its Service was not.
    ports = r.objects.get("Service", "lab-results")["spec"]["ports"]
    ports[0] |= {"port": 80, "targetPort": 80}
    image = WARD.workload("lab-results").image.replace("41.0", "42.0")
    for number, pod in enumerate(r.rollout(0, "lab-results", image=image)):
        r.log(5.4 + 2 * number, pod, "info: Microsoft.Hosting.Lifetime[14] Now listening on: http://[::]:8080", "info")
        r.log(5.5 + 2 * number, pod, "info: Microsoft.Hosting.Lifetime[0] Application started. Press Ctrl+C to shut down.", "info")
        r.ready(9 + 2 * number, pod)
    deployment = r.of("Deployment", "lab-results")
    done = f'ReplicaSet "{r.pod("lab-results").name.rpartition("-")[0]}" has successfully progressed.'
    r.state(12, deployment, "NewReplicaSetAvailable", done, warning=False)
    broken(
        r,
        (*PORTAL, "lab-results"),
        "connect ECONNREFUSED 10.0.63.118:80",
        since=8,
        step=9,
        error_type="ECONNREFUSED",
        milliseconds=3,
        outer=502,
    )
    r.logs(
        every(10, 240, 16),
        "ward-portal",
        '{"level":50,"time":17917671{n},"name":"ward-portal","err":{"type":"AxiosError","code":"ECONNREFUSED","message":"connect ECONNREFUSED 10.0.63.118:80"},"msg":"results of patient not shown"}',
    )
    azure_alert(r, 130, "lab-results-not-readable", "requests/failed of /api/results is 96, greater than 10", resource="ward-suite-prod")
    r.burn(190, "ward-portal")


@third(REEL, "reaching", Truth("coredns", "dns_failure"), decoy=True)
def upgraded_resolver_asks_itself(r: Recording) -> None:
    old_crash_loop(r, "report-viewer")
    for at, node in ((-31.0, "k3s-ams-01"), (-24.0, "k3s-ams-02")):
        r.unit(at, node, "k3s.service", "Stopping Lightweight Kubernetes...", state="stopping")
        r.unit(at + 4, node, "k3s.service", "Started Lightweight Kubernetes.", state="started")
    pods = r.rollout(0, "coredns", image="docker.io/rancher/mirrored-coredns-coredns:1.12.0")
    line = '[FATAL] plugin/loop: Loop (127.0.0.1:43218 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 4547991504243258144.3688648895315093531."'
    restarts_with(r, pods, 5, line, (0.0, 14.0, 41.0, 90.0, 180.0))
    r.no_endpoints(6, "kube-dns")
    r.unavailable(6.5, "coredns")
    r.logs(
        every(9, 240, 9),
        "playback-api",
        'time=- level=ERROR msg="manifest failed" video=v{n} err="Get \\"http://packager:8080/manifest\\": dial tcp: lookup packager on 10.43.0.10:53: read udp 10.42.1.23:51221->10.43.0.10:53: read: connection refused"',
    )
    r.logs(
        every(12, 240, 17),
        "packager",
        "ERROR packager::store: GetObject seg/{n} failed: dispatch failure: io error: error trying to connect: dns error: failed to lookup address information: Temporary failure in name resolution",
    )
    r.logs(
        every(15, 240, 24),
        "live-chat",
        "[error] Redix.ConnectionError: failed to connect to play-redis:6379: non-existing domain (:nxdomain), room {n}",
    )
    r.logs(
        every(20, 240, 38),
        "transcoder",
        'level=error msg="upload failed" job={n} err="dial tcp: lookup minio.media.svc.cluster.local: i/o timeout"',
    )
    for caller, callee, share in (
        ("playback-api", "packager", 0.7),
        ("packager", "minio", 0.5),
        ("live-chat", "play-redis", 0.3),
        ("transcoder", "minio", 0.8),
    ):
        r.disturb(caller, callee, 10, errors=share, slower=3)
    r.disturb("traefik", "playback-api", 10, errors=0.5)
    grafana_alert(r, 75, "Playback start failures", "52% of plays, above 5% for 30s", folder="video", severity="critical")
    r.alert(185, "CoreDNSDown", "CoreDNS has disappeared from Prometheus target discovery.", severity="critical", job="kube-dns")


def _members_lose_each_other(r: Recording) -> None:
    pods = r.pods("rabbitmq")
    for number, pod in enumerate(pods):
        for place, other in enumerate(each for each in pods if each.uid != pod.uid):
            at = 63.0 + 2 * number + 5 * place
            name = f"rabbit@{other.name}.rabbitmq-nodes.care"
            r.log(at, pod, f"[error] <0.221.0> ** Node '{name}' not responding **\n** Removing (timedout) connection **")
            r.log(at + 0.2, pod, f"[info] <0.498.0> node '{name}' down: net_tick_timeout", "warning")
        r.log(72.0 + 2 * number, pod, "[warning] <0.498.0> Cluster minority/secondary status detected - awaiting recovery", "warning")
        r.log(72.4 + 2 * number, pod, "[info] <0.498.0> RabbitMQ hit a pause; stopping applications: rabbit", "info")
        failed = "Readiness probe failed: Error: this command requires the 'rabbit' app to be running on the target node. Start it with 'rabbitmqctl start_app'."
        for count, moment in enumerate((80.0, 140.0, 200.0), start=1):
            r.event(moment + number, pod, "Unhealthy", failed, count=4 * count, since=80)
        r.unready(96 + number, pod)
    r.no_endpoints(98.5, "rabbitmq")
    r.state(98.6, r.of("StatefulSet", "rabbitmq"), "ReplicasUnavailable", "none of 3 replicas is available")


@third(WARD, "reaching", Truth("rabbitmq", "network_policy"))
def members_of_the_broker_may_not_talk(r: Recording) -> None:
    # What clients need was allowed; that members tick to each other on 25672 was in nobody's list.
    rules = {"policyTypes": ["Ingress"], "ingress": [{"ports": [{"port": 5672}, {"port": 15672}, {"port": 15692}]}]}
    selected = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "rabbitmq"}}, **rules}
    r.objects.add("NetworkPolicy", "rabbitmq-clients", "care", r.second(0), spec=selected)
    r.change(0, r.of("NetworkPolicy", "rabbitmq-clients", "care"), "added", "added", action="ADDED")
    _members_lose_each_other(r)
    unreachable = "RabbitMQ.Client.Exceptions.BrokerUnreachableException: None of the specified endpoints were reachable ---> System.Net.Sockets.SocketException (111): Connection refused"
    r.logs(
        every(74, 78, 1),
        "hl7-bridge",
        "warn: Bridge.Publisher[5] Connection shut down: AMQP close-reason, initiated by Peer, code=320, text='CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'', classId=0, methodId=0",
        "warning",
    )
    r.logs(every(82, 290, 14), "hl7-bridge", "fail: Bridge.Mllp[8] NACK AE for ORU^R01 control id {n}: message was not stored")
    for caller, step in (("lab-results", 15), ("hl7-bridge", 12), ("letter-renderer", 26)):
        broken(
            r,
            (caller, "rabbitmq"),
            unreachable,
            since=76,
            until=290,
            step=step,
            error_type="BrokerUnreachableException",
            milliseconds=5_000,
        )
    r.logs(
        every(79, 290, 22),
        "lab-results",
        '{"@t":"-","@mt":"Consumer of {Queue} is not connected","@l":"Error","Queue":"lab.results","@x":"' + unreachable + '","n":{n}}',
    )
    azure_alert(r, 170, "hl7-nack-ratio", "share of AE in 2 minutes is 1, greater than 0.05", sev=0, resource="ward-suite-prod")
    r.alert(
        230,
        "RabbitmqUnreachableNodesDetected",
        "Network partition: 2 nodes are unreachable for rabbitmq-0",
        severity="critical",
        namespace="care",
    )
