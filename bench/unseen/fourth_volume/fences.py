"""Pods that are let nowhere: by a policy, and for want of an address."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fourth(TELLERS, "fences", Truth("scheme-gateway", "network_policy"), decoy=True)
def outbound_rule_knows_only_the_old_addresses_of_the_scheme(r: Recording) -> None:
    recent_rollout(r, "scheme-gateway", "R26.09.2", at=-190)
    name = "scheme-gateway-egress"
    r.change(-20, r.of("NetworkPolicy", name, "payments"), "changed: egress", "spec", ["egress"])
    r.objects.add(
        "NetworkPolicy",
        name,
        "payments",
        spec={
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": "scheme-gateway"}},
            "policyTypes": ["Egress"],
            "egress": [{"to": [{"podSelector": {}}]}, {"to": [{"ipBlock": {"cidr": "198.51.100.0/27"}}], "ports": [{"port": 443}]}],
        },
    )
    timeout = 'I/O error on POST request for "https://instant.clearhub.example/pacs008": Connect to https://instant.clearhub.example:443 [instant.clearhub.example/203.0.113.71] failed: Connect timed out'
    failing(
        r,
        ("scheme-gateway", "instant.clearhub.example"),
        timeout,
        since=3,
        until=60,
        step=15,
        share=0.3,
        error_type="org.apache.hc.client5.http.ConnectTimeoutException",
        milliseconds=5_000,
        slower=12,
    )
    failing(
        r,
        ("scheme-gateway", "instant.clearhub.example"),
        timeout,
        since=62,
        step=11,
        share=1.0,
        error_type="org.apache.hc.client5.http.ConnectTimeoutException",
        milliseconds=5_000,
        slower=21,
    )
    r.logs(
        every(5, 300, 14),
        "scheme-gateway",
        '{"@timestamp":"-","level":"ERROR","logger_name":"c.c.p.scheme.Pacs008Sender","message":"E2E{n} not sent, put back to SCT.OUT","stack_trace":"Caused by: org.apache.hc.client5.http.ConnectTimeoutException: Connect to https://instant.clearhub.example:443 [instant.clearhub.example/203.0.113.71] failed: Connect timed out"}',
        error_type="org.apache.hc.client5.http.ConnectTimeoutException",
    )
    for number, at in enumerate(every(70, 300, 29)):
        pod = r.pods("scheme-gateway")[number % 2]
        r.node_log(
            r.nearly(at),
            pod.node,
            f"calico-packet: IN=cali7c1d0e2f4a{number % 9} OUT=eth0 SRC={pod.address} DST=203.0.113.71 LEN=60 TTL=63 PROTO=TCP SPT=4{int(at) + 1100} DPT=443 SYN",
            level="info",
        )
    unusual(r, 105, r.pod("mq-payments"), "ibmmq_queue_depth{queue=SCT.OUT}", 2_310, 0, 40)
    grafana(
        r,
        150,
        "Instant payments without answer of the scheme",
        "97% of payments got no pacs.002 within 10s",
        folder="payments-slo",
        severity="critical",
        team="instant",
    )


@fourth(GRID, "fences", Truth("cilium", "pod_network_failure"))
def address_range_of_a_machine_is_used_up(r: Recording) -> None:
    agent = next(pod for pod in r.pods("cilium") if pod.node == "talos-nbg1-wk-2")
    scaler = r.of("HorizontalPodAutoscaler", "customer-api", "grid")
    r.normal(
        0,
        scaler,
        "SuccessfulRescale",
        "New size: 6; reason: cpu resource utilization (percentage of request) above target",
        "horizontal-pod-autoscaler",
    )
    workload, owner = GRID.workload("customer-api"), r.of("ReplicaSet", r.pod("customer-api").name.rpartition("-")[0], "grid")
    jobs = [
        (workload, owner, 3),
        (GRID.workload("charge-control"), r.of("ReplicaSet", r.pod("charge-control").name.rpartition("-")[0], "grid"), 1),
    ]
    (moved,) = [pod for pod in r.pods("charge-control") if pod.node == agent.node]
    r.gone(4, moved, jobs[1][1])
    said = 'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "6c0e1f9d2b": plugin type="cilium-cni" name="cilium" failed (add): unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure  range is full'
    for workload, owner, count in jobs:
        for number in range(count):
            start = 1.0 + number + (4.0 if workload.name == "charge-control" else 0.0)
            pod = r.new_replica(start, workload, owner, 90 + number, starts=False, node=agent.node)
            for times, after in enumerate((2.0, 15.0, 41.0, 93.0, 178.0, 260.0), start=1):
                r.event(start + after, pod, "FailedCreatePodSandBox", said, count=3 * times, since=start + 2)
            r.objects.get("Pod", pod.name, "grid")["status"] |= {"phase": "Pending", "containerStatuses": []}
            r.mark_unready(start, pod)
    for at in every(3, 300, 24):
        r.log(
            r.nearly(at),
            agent,
            'time="2026-11-08T02:11:03Z" level=warning msg="Unable to allocate IP" error="range is full" ipam=cluster-pool owner="grid/customer-api" subsys=ipam',
            "warning",
        )
    for number, pod in enumerate(r.lasting("customer-api")):
        r.metric(40.0 + 5 * number, pod, "container_cpu_usage_ratio", 0.98, 0.8, intent="metric.cpu.high")
    failing(
        r,
        ("envoy-grid-edge", "customer-api"),
        "upstream request timeout",
        since=30,
        step=16,
        share=0.25,
        slower=25,
        error_type="504",
        status=504,
        milliseconds=15_000,
    )
    r.logs(
        every(32, 300, 19),
        "envoy-grid-edge",
        '{"start_time":"2026-11-08T02:11:41.040Z","method":"POST","x-envoy-origin-path":"/graphql","response_code":504,"response_flags":"UT","response_code_details":"response_timeout","duration":15000,"upstream_cluster":"httproute/grid/app/rule/0","id":"{n}"}',
        "warning",
    )
    grafana(r, 120, "App is slow", "p95 of SiteOverview is 9.2s (limit 600ms)", folder="customer", product="app", severity="critical")
    r.alert(
        275,
        "KubePodNotReady",
        "Pod has been in a non-ready state for more than 4 minutes.",
        namespace="grid",
        workload="customer-api",
        pending="4m",
    )
