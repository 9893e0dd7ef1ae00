"""Requests that are refused for want of a right."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import old_crash_loop
from bench.unseen.events import every
from bench.unseen.sixth_volume.press import PRESS
from bench.unseen.sixth_volume.telling import END, grafana, readings_are_stale, sixth, traces_fail
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(WATER, "refusals", Truth("flink-jobmanager", "access_denied"), decoy=True)
def high_availability_may_not_write_its_maps(r: Recording) -> None:
    """A role lost its verbs for ConfigMaps in a tidying; the job manager keeps its leadership and checkpoints there."""
    old_crash_loop(r, "firmware-canary")
    r.objects.add("RoleBinding", "flink-ha", roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "flink-ha"})
    r.change(0, r.of("Role", "flink-ha", "metering"), "rules changed: configmaps", "rules", ("rules",))
    denied = 'io.fabric8.kubernetes.client.KubernetesClientException: Failure executing: PUT at: https://10.0.0.1:443/api/v1/namespaces/metering/configmaps/readings-5f0c77d2a9e8416bb1-config-map. Message: configmaps "readings-5f0c77d2a9e8416bb1-config-map" is forbidden: User "system:serviceaccount:metering:flink" cannot update resource "configmaps" in API group "" in the namespace "metering".'
    r.logs(
        every(3, END, 15),
        "flink-jobmanager",
        "2026-12-08 10:00:00,000 ERROR io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector [] - Exception occurred while renewing lock 'ConfigMapLock: metering - readings-cluster-config-map ({n})'\n"
        + denied,
    )
    r.log(
        14,
        "flink-jobmanager",
        "2026-12-08 10:00:00,000 INFO  org.apache.flink.runtime.jobmaster.JobMasterServiceLeadershipRunner [] - JobMasterServiceLeadershipRunner for job 5f0c77d2a9e8416bb1 was revoked leadership with leader id 3c1f9a40.",
        "info",
    )
    r.log(
        14.6,
        "flink-jobmanager",
        "2026-12-08 10:00:00,000 INFO  org.apache.flink.runtime.executiongraph.ExecutionGraph [] - Job readings-to-timescale (5f0c77d2a9e8416bb1) switched from state RUNNING to SUSPENDED.",
        "info",
    )
    for number, pod in enumerate(r.pods("flink-taskmanager")):
        r.log(
            15 + number,
            pod,
            "2026-12-08 10:00:00,000 INFO  org.apache.flink.runtime.taskexecutor.TaskExecutor [] - JobManager for job 5f0c77d2a9e8416bb1 with leader id 3c1f9a40 lost leadership.",
            "warning",
        )
        for at in every(26 + number, END, 38):
            r.log(
                r.nearly(at),
                pod,
                "2026-12-08 10:00:00,000 INFO  org.apache.flink.runtime.taskexecutor.TaskExecutor [] - Could not resolve ResourceManager address pekko.tcp://flink@flink-jobmanager:6123/user/rpc/resourcemanager_0, retrying in 10000 ms",
                "warning",
            )
    traces_fail(
        r,
        ("flink-taskmanager", "flink-jobmanager"),
        "Connection refused: flink-jobmanager/10.0.90.4:6123",
        since=18,
        step=25,
        kind="java.net.ConnectException",
        milliseconds=2,
    )
    r.metric(120, r.pod("redpanda"), "redpanda_kafka_consumer_group_lag_sum", 2_310_000, 100_000)
    readings_are_stale(r, every(90, END, 28), 6, 218)


@sixth(PRESS, "refusals", Truth("haproxy-ingress", "ingress_refused"))
def only_the_office_may_read_the_paper(r: Recording) -> None:
    """A list of allowed addresses meant for one host is written into the settings that hold for all."""
    r.change(
        0,
        r.of("ConfigMap", "haproxy-ingress", "ingress-haproxy"),
        "data changed: allowlist-source-range",
        "config",
        ("allowlist-source-range",),
    )
    r.logs((2.0, 3.1), "haproxy-ingress", "[NOTICE] (8) : haproxy reloaded, 41 backends ({n})", "info")
    for operation, step in (("GET /{section}", 6), ("GET /live/{id}/socket", 17), ("POST /articles/{id}", 31)):
        for at in every(4, END, step):
            r.span(
                r.nearly(at),
                "haproxy-ingress",
                "",
                operation,
                error="403 Forbidden",
                error_type="403",
                status=403,
                kind="server",
                milliseconds=0.4,
                more={"http.response.status_code": 403},
            )
    r.logs(
        every(4, END, 9),
        "haproxy-ingress",
        '84.250.11.7:{n} [08/Sep/2026:10:00:00.000] _front_https~ _front_https/<NOSRV> 0/-1/-1/-1/0 403 199 - - PR-- 1204/1203/0/0/0 0/0 "GET https://www.inkwell.example/culture HTTP/2.0"',
        "warning",
    )
    r.metric(70, r.of("Service", "varnish"), "requests_per_second", 61, 800, above=False, intent="metric.traffic.low")
    grafana(
        r,
        62,
        "Homepage unreachable",
        "probe_success=0, http_status=403",
        severity="critical",
        team="readers",
        instance="https://www.inkwell.example/",
    )
    grafana(r, 115, "Live readers", "31 (usually > 4000)", team="live", severity="critical")
    grafana(r, 142, "Ad impressions collapsed", "-99%", team="revenue")
