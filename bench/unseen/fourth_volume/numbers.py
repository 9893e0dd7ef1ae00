"""Ports, tags and taints that somebody changed and others still rely on."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.fourth_volume.chance import certificate_renewed
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fourth(TELLERS, "numbers", Truth("limits", "service_port"), decoy=True)
def service_leads_to_the_port_of_the_next_release(r: Recording) -> None:
    certificate_renewed(r, "pay-edge-tls", "haproxy-controller", at=-70)
    r.change(0, r.of("Service", "limits", "payments"), "changed: ports", "spec", ["ports"])
    r.objects.get("Service", "limits")["spec"]["ports"] = [{"name": "main", "port": 8080, "targetPort": 9000, "protocol": "TCP"}]
    refused = "feign.RetryableException: Connection refused executing POST http://limits:8080/limits/check"
    failing(
        r,
        ("haproxy-ingress", "channel-api", "payment-orchestrator", "limits"),
        refused,
        since=25,
        step=17,
        share=0.95,
        error_type="java.net.ConnectException",
        milliseconds=3,
    )
    r.disturb("limits", "payments-crdb", 26, errors=0.0)
    r.logs(
        every(26, 300, 16),
        "payment-orchestrator",
        '{"@timestamp":"-","level":"ERROR","logger_name":"c.c.p.orchestrator.flow.PaymentFlow","message":"step CHECK_LIMITS of E2E{n} failed, compensating","stack_trace":"feign.RetryableException: Connection refused executing POST http://limits:8080/limits/check"}',
        error_type="feign.RetryableException",
    )
    grafana(
        r,
        135,
        "Instant payments accepted",
        "9 payments accepted in 2m (usually 610)",
        folder="payments-slo",
        severity="critical",
        team="instant",
    )
    r.burn(190, "payment-orchestrator")


@fourth(GRID, "numbers", Truth("energy-reports", "image_not_found"))
def retention_removed_the_tag_that_runs(r: Recording) -> None:
    workload, old = GRID.workload("energy-reports"), list(r.pods("energy-reports"))
    revision = r.of("ReplicaSet", old[0].name.rpartition("-")[0], "grid")
    image = workload.image
    why = f'failed to pull and unpack image "{image}": failed to resolve reference "{image}": {image}: not found'
    for number, (pod, node) in enumerate(zip(old, ("talos-nbg1-wk-2", "talos-hel1-wk-1"), strict=True)):
        start = 1.0 + 35 * number
        r.normal(start, pod, "Descheduled", f"pod eviction from {pod.node} node by sigs.k8s.io/descheduler", "sigs.k8s.io/descheduler")
        r.gone(start + 0.4, pod, revision)
        new = r.new_replica(start + 0.8, workload, revision, 51 + number, starts=False, node=node)
        for times, after in enumerate((2.0, 16.0, 43.0, 91.0, 176.0, 250.0), start=1):
            at = start + after
            r.event(at, new, "Pulling", f'Pulling image "{image}"', warning=False, count=times, since=start + 2)
            r.event(at + 0.8, new, "Failed", f'Failed to pull image "{image}": {why}', count=times, since=start + 2.8)
            r.event(at + 0.9, new, "Failed", "Error: ErrImagePull", count=times, since=start + 2.9)
            r.event(at + 10, new, "Failed", "Error: ImagePullBackOff", count=2 * times, since=start + 12)
        r.waits(start + 3, new, "ErrImagePull", why)
        r.waits(start + 12, new, "ImagePullBackOff", f'Back-off pulling image "{image}": ErrImagePull: {why}')
    r.no_endpoints(36.8, "energy-reports")
    r.unavailable(37, "energy-reports")
    failing(
        r,
        ("envoy-grid-edge", "customer-api", "energy-reports"),
        'Get "http://energy-reports:8086/reports/S-4411": dial tcp 10.96.201.4:8086: connect: no route to host',
        since=38,
        step=17,
        error_type="*net.OpError",
        milliseconds=2,
        outer=502,
    )
    r.logs(
        every(39, 300, 17),
        "customer-api",
        '{"time":"-","level":"ERROR","source":"graphql/resolve.go:204","msg":"resolver failed","field":"Site.report","err":"Get \\"http://energy-reports:8086/reports\\": dial tcp 10.96.201.4:8086: connect: no route to host","req":"{n}"}',
    )
    grafana(r, 140, "Reports fail", "100% of GET /reports/{site} end with 502", folder="customer", severity="critical", product="reports")


@fourth(GRID, "numbers", Truth("device-auth", "untolerated_taint"))
def machines_were_kept_for_others_and_a_pod_came_back(r: Recording) -> None:
    for number, node in enumerate(sorted(GRID.nodes)):
        r.change(-30.0 + number, r.of("Node", node), "changed: taints", "spec", ["taints"])
        r.objects.get("Node", node)["spec"]["taints"] = [
            {"key": "pool.voltmere.example/reserved", "value": "telemetry", "effect": "NoSchedule"}
        ]
    workload, old = GRID.workload("device-auth"), list(r.pods("device-auth"))
    revision = r.of("ReplicaSet", old[0].name.rpartition("-")[0], "grid")
    why = "0/5 nodes are available: 5 node(s) had untolerated taint {pool.voltmere.example/reserved: telemetry}. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling."
    for number, pod in enumerate(old):
        start = 2.0 + 24 * number
        r.normal(start, pod, "Descheduled", f"pod eviction from {pod.node} node by sigs.k8s.io/descheduler", "sigs.k8s.io/descheduler")
        r.gone(start + 0.4, pod, revision)
        new = r.new_replica(start + 0.8, workload, revision, 61 + number, starts=False, node="")
        for times, after in enumerate((1.2, 62.0, 180.0, 270.0), start=1):
            r.event(start + after, new, "FailedScheduling", why, component="default-scheduler", count=times, since=start + 1.2)
        r.state(start + 1.5, new, "Unschedulable", why)
        content = r.objects.get("Pod", new.name, "grid")["status"]
        content |= {
            "phase": "Pending",
            "containerStatuses": [],
            "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": why}],
        }
        content.pop("podIP", None)
    r.no_endpoints(27, "device-auth")
    failing(r, ("emqx", "device-auth"), "{error,{conn_error,ehostunreach}}", since=28, step=14, error_type="ehostunreach", milliseconds=2)
    r.logs(
        every(29, 300, 13),
        "emqx",
        "2026-11-08T02:11:29.440911+00:00 [error] clientid: meter-{n}, msg: authn_http_request_failed, reason: ehostunreach, tag: AUTHN, provider: emqx_auth_http",
    )
    r.logs(
        every(31, 300, 30),
        "emqx",
        "2026-11-08T02:11:31.000000+00:00 [warning] clientid: meter-{n}, msg: client_connect_refused, reason: not_authorized",
        "warning",
    )
    grafana(r, 110, "Meters refused", "100% of CONNECTs were refused over 2m", folder="mqtt", severity="critical", listener="tcp:default")
    r.alert(
        290,
        "KubeDeploymentReplicasMismatch",
        "Deployment grid/device-auth has not matched the expected number of replicas for longer than 4 minutes.",
        deployment="device-auth",
        namespace="grid",
        pending="4m",
    )
