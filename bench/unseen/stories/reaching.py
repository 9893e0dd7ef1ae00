"""Names that do not resolve, Services that lead nowhere, and the planes that pods owe their network to."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import old_crash_loop, recent_rollout
from bench.unseen.events import every
from bench.unseen.more_applications import ML, TELEMETRY
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story


@story(SHOP, "network", Truth("coredns", "dns_failure"), decoy=True)
def cluster_names_do_not_resolve(r: Recording) -> None:
    recent_rollout(r, "pricing", "5.12.1", at=-60)
    r.change(0, r.of("ConfigMap", "coredns", "kube-system"), "changed: Corefile", "config", ["Corefile"])
    for number, pod in enumerate(r.pods("coredns")):
        for after in (0.0, 14.0, 40.0, 85.0, 150.0):
            r.log(24 + number + after, pod, "/etc/coredns/Corefile:14 - Error during parsing: Unknown directive 'forwrd'", "fatal")
        r.crash_loop(24.3 + number, pod, (0.0, 14.0, 40.0, 85.0, 150.0), 1)
        r.silent[pod.name] = 24
    r.no_endpoints(27, "kube-dns")
    r.unavailable(28, "coredns")
    for call in r.application.calls:
        r.disturb(call.caller, call.callee, 30, errors=0.6)
        for at in every(31, 200, 43):
            r.span(
                r.nearly(at, 9),
                call.caller,
                call.callee,
                call.operation,
                error=f"getaddrinfo EAI_AGAIN {call.callee}",
                error_type="EAI_AGAIN",
                milliseconds=5_005,
            )
    r.logs(
        every(33, 200, 16),
        "checkout",
        '{"level":"error","err":{"code":"EAI_AGAIN","syscall":"getaddrinfo","hostname":"pricing"},"event":"quote.failed","order":"{n}"}',
    )
    r.alert(
        150, "CoreDNSDown", "CoreDNS has disappeared from Prometheus target discovery.", job="kube-dns", severity="critical", pending="2m"
    )


@story(ML, "network", Truth("coredns", "dns_failure"))
def resolver_is_overrun(r: Recording) -> None:
    for at in every(0, 210, 11):
        r.log(
            r.nearly(at),
            r.pods("coredns")[int(at) % 2],
            f"[ERROR] plugin/errors: 2 broker.quarry.svc.cluster.local. A: read udp 10.244.2.14:{40_000 + int(at)}->10.20.0.2:53: i/o timeout",
        )
    for number, pod in enumerate(r.pods("coredns")):
        r.metric(3.0 + number, pod, "container_cpu_cfs_throttled_periods_ratio", 0.94, 0.25, intent="metric.cpu.throttled")
        r.event(
            12 + number,
            pod,
            "Unhealthy",
            f'Readiness probe failed: Get "http://{pod.address}:8181/ready": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
            count=5,
            since=2,
        )
    for call in r.application.calls:
        r.disturb(call.caller, call.callee, errors=0.2, slower=7)
        for at in every(5, 210, 54):
            r.span(
                r.nearly(at, 12),
                call.caller,
                call.callee,
                call.operation,
                error="[Errno -3] Temporary failure in name resolution",
                error_type="socket.gaierror",
                milliseconds=5_004,
            )
    r.alert(
        140,
        "CoreDNSLatencyHigh",
        "99th percentile of DNS answers is 4.1 seconds",
        job="kube-dns",
        namespace="kube-system",
        severity="critical",
        pending="2m",
    )


@story(ML, "network", Truth("calico-node", "crash_loop"))
def network_plugin_fails_on_a_node(r: Recording) -> None:
    agent = next(pod for pod in r.pods("calico-node") if pod.node == "gke-quarry-cpu-4e02")
    for at in (0.0, 16.0, 45.0, 92.0):
        r.log(at - 0.3, agent, "bird: Unable to open configuration file /etc/calico/confd/config/bird.cfg: No such file or directory")
    r.crash_loop(0, agent, (0.0, 16.0, 45.0, 92.0), 1)
    r.event(
        10,
        agent,
        "Unhealthy",
        "Readiness probe failed: calico/node is not ready: BIRD is not ready: Error querying BIRD: unable to connect to BIRDv4 socket: dial unix /var/run/calico/bird.ctl: connect: connection refused",
        count=9,
        since=2,
    )
    workload = r.application.workload("api")
    revision = r.of("ReplicaSet", r.pod("api").name.rpartition("-")[0], "quarry")
    r.change(18, r.of("Deployment", "api"), "scaled from 3 to 5", "scale", ["replicas"], replicas=5)
    for number in range(2):
        pod = r.new_replica(19 + number, workload, revision, 70 + number, starts=False, node=agent.node)
        for times, at in enumerate((22.0, 36.0, 61.0, 120.0), start=1):
            r.event(
                at + number,
                pod,
                "FailedCreatePodSandBox",
                'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "9f1c2ab7": plugin type="calico" failed (add): stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running and has mounted /var/lib/calico/',
                count=times,
                since=22,
            )
        r.mark_unready(20, pod)
    for pod in r.objects.apps_on(agent.node):
        if pod.app in ("portal", "featurizer", "model-server", "broker"):
            r.event(
                r.nearly(40, 20),
                pod,
                "Unhealthy",
                f'Readiness probe failed: Get "http://{pod.address}:8000/healthz": dial tcp {pod.address}:8000: connect: no route to host',
                count=6,
                since=12,
            )
    r.alert(
        150,
        "KubeDaemonSetRolloutStuck",
        "DaemonSet kube-system/calico-node has not finished or progressed.",
        daemonset="calico-node",
        namespace="kube-system",
        pending="2m",
    )


@story(SHOP, "network", Truth("cart", "service_selector"))
def service_selects_a_label_nobody_has(r: Recording) -> None:
    r.change(0, r.of("Service", "cart"), "changed: selector", "spec", ["selector"])
    r.objects.get("Service", "cart")["spec"]["selector"] = {"app.kubernetes.io/name": "cart", "tier": "backend"}
    r.no_endpoints(0.8, "cart")
    r.failures(
        every(2, 190, 12),
        ("ingress-nginx-controller", "storefront", "cart"),
        "connect ECONNREFUSED 10.96.120.7:3000",
        error_type="ECONNREFUSED",
        milliseconds=2,
    )
    r.failures(
        every(9, 190, 30),
        ("storefront", "checkout", "cart"),
        "connect ECONNREFUSED 10.96.120.7:3000",
        error_type="ECONNREFUSED",
        milliseconds=2,
    )
    r.logs(
        every(3, 190, 17),
        "storefront",
        '{"level":"error","event":"upstream.failed","upstream":"cart","err":{"code":"ECONNREFUSED"},"req":"{n}"}',
    )
    for caller in ("storefront", "checkout"):
        r.disturb(caller, "cart", errors=1.0)
    r.burn(150, "storefront")


@story(TELEMETRY, "network", Truth("query-api", "service_port"), decoy=True)
def service_sends_to_the_wrong_port(r: Recording) -> None:
    old_crash_loop(r, "schema-explorer")
    r.change(0, r.of("Service", "query-api"), "changed: ports", "spec", ["ports"])
    r.objects.get("Service", "query-api")["spec"]["ports"][0]["targetPort"] = 8418
    refused = 'Get "http://query-api:8481/api/query": dial tcp 10.96.31.9:8481: connect: connection refused'
    r.failures(every(2, 190, 20), ("alert-evaluator", "query-api"), refused, error_type="connection_refused", milliseconds=2)
    r.failures(
        every(3, 190, 12),
        ("dashboard", "query-api"),
        "System.Net.Http.HttpRequestException: Connection refused (query-api:8481)",
        error_type="System.Net.Http.HttpRequestException",
        milliseconds=3,
    )
    r.logs(
        every(4, 190, 21),
        "alert-evaluator",
        'level=error msg="evaluation failed" rule=high_temp group={n} err="Get \\"http://query-api:8481/api/query\\": dial tcp 10.96.31.9:8481: connect: connection refused"',
    )
    for caller in ("dashboard", "alert-evaluator"):
        r.disturb(caller, "query-api", errors=1.0)
    r.burn(150, "dashboard")


@story(BANK, "network", Truth("istiod", "crash_loop"))
def mesh_control_plane_crashes(r: Recording) -> None:
    (pilot,) = r.pods("istiod")
    for at in (0.0, 18.0, 50.0, 101.0):
        r.log(
            at - 0.2,
            pilot,
            "panic: runtime error: invalid memory address or nil pointer dereference [signal SIGSEGV: segmentation violation] goroutine 611 [running]: istio.io/istio/pilot/pkg/model.(*PushContext).initVirtualServices",
            "fatal",
        )
    r.crash_loop(0, pilot, (0.0, 18.0, 50.0, 101.0), 2)
    r.no_endpoints(1, "istiod")
    new = r.scale(12, "accounts", 3)
    for pod in new:
        r.log(
            22,
            pod,
            'warning envoy config gRPC config stream to xds-grpc closed: 14, connection error: desc = "transport: Error while dialing: dial tcp 10.96.18.4:15012: connect: connection refused"',
            "warning",
            container="istio-proxy",
        )
        for times, at in enumerate((24.0, 44.0, 90.0), start=1):
            r.event(at, pod, "Unhealthy", "Startup probe failed: HTTP probe failed with statuscode: 503", count=8 * times, since=20)
        r.mark_unready(20, pod)
    for app in ("web-bff", "transfers", "ledger", "fraud-check"):
        r.logs(
            every(8, 170, 40),
            app,
            "warning envoy config StreamAggregatedResources gRPC config stream to xds-grpc closed since {n}s ago: 14, upstream connect error or disconnect/reset before headers. reset reason: remote connection failure",
            "warning",
            container="istio-proxy",
        )
    r.alert(
        140,
        "KubeDeploymentReplicasMismatch",
        "Deployment istio-system/istiod has not matched the expected number of replicas.",
        deployment="istiod",
        namespace="istio-system",
        pending="2m",
    )
