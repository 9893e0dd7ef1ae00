"""Settings that do not hold what their author meant."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.sixth_volume.press import PRESS
from bench.unseen.sixth_volume.telling import END, grafana, readings_are_stale, says_and_ends, sixth, trace_fails, traces_fail
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(PRESS, "settings", Truth("varnish", "config_error"), decoy=True)
def backend_that_is_used_but_not_declared(r: Recording) -> None:
    """The cache's rules name a director that nobody declared, so nothing compiles and no cache starts."""
    scaled_elsewhere(r, "live-blog", 5, at=-80)
    r.change(0, r.of("ConfigMap", "varnish-vcl"), "data changed: default.vcl", "config", ("default.vcl",))
    pods = r.rollout(2, "varnish", what="template", names=("annotations.checksum/vcl",))
    line = "Error:\nMessage from VCC-compiler:\nSymbol not found: 'archive_director'\n('/etc/varnish/default.vcl' Line 71 Pos 30)\n        set req.backend_hint = archive_director.backend();\nRunning VCC-compiler failed, exited with 2\nVCL compilation failed"
    says_and_ends(r, pods, 5, line, (2.0, 16.0, 43.0, 95.0, 184.0), code=255)
    r.no_endpoints(9, "varnish")
    r.unavailable(10, "varnish")
    r.silent["varnish"] = 8
    traces_fail(r, ("haproxy-ingress", "varnish"), "503 Service Unavailable", since=9, step=8, status=503, kind="503")
    r.logs(
        every(9, END, 14),
        "haproxy-ingress",
        '10.20.1.4:{n} [08/Sep/2026:10:00:00.000] _front_https~ newsroom_varnish_6081/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 901/900/0/0/0 0/0 "GET /politics HTTP/2.0"',
        "warning",
    )
    grafana(r, 66, "Homepage unreachable", "probe_success=0", severity="critical", team="readers", instance="https://www.inkwell.example/")
    grafana(r, 110, "Ad impressions collapsed", "-94%", team="revenue")


@sixth(WATER, "settings", Truth("flink-taskmanager", "config_error"))
def slots_for_a_quarter_of_the_job(r: Recording) -> None:
    """A worker offers one slot instead of four since its settings were edited, so the job finds no place after its restart."""
    r.change(-40, r.of("ConfigMap", "flink-config"), "data changed: config.yaml", "config", ("config.yaml",))
    pods = r.rollout(0, "flink-taskmanager", what="template", names=("annotations.rill/restarted-at",))
    for number, pod in enumerate(pods):
        r.ready(14 + number, pod)
        r.log(
            11 + number,
            pod,
            "2026-12-08 10:00:00,000 INFO  org.apache.flink.runtime.taskexecutor.TaskManagerRunner [] - Starting TaskManager with ResourceID: "
            f"{pod.name}, numberOfTaskSlots=1",
            "info",
        )
        r.log(
            13 + number,
            pod,
            "2026-12-08 10:00:00,000 INFO  org.apache.flink.runtime.taskexecutor.TaskExecutor [] - Successful registration at resource manager pekko.tcp://flink@flink-jobmanager:6123/user/rpc/resourcemanager_0",
            "info",
        )
    job = "2026-12-08 10:00:00,000 INFO  org.apache.flink.runtime.executiongraph.ExecutionGraph [] - Job readings-to-timescale (5f0c77d2a9e8416bb1) switched from state "
    for at, states in (
        (6.0, "RUNNING to RESTARTING."),
        (17.0, "RESTARTING to RUNNING."),
        (78.0, "RUNNING to RESTARTING."),
        (89.0, "RESTARTING to RUNNING."),
        (150.0, "RUNNING to RESTARTING."),
        (223.0, "RESTARTING to FAILING."),
    ):
        r.log(at, "flink-jobmanager", job + states, "info")
    lost = "java.util.concurrent.CompletionException: org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Could not acquire the minimum required resources.\n\tat org.apache.flink.runtime.scheduler.DefaultExecutionDeployer.lambda$assignResource$5(DefaultExecutionDeployer.java:237)"
    for at in (77.5, 149.5, 222.5):
        r.log(
            at,
            "flink-jobmanager",
            "2026-12-08 10:00:00,000 WARN  org.apache.flink.runtime.scheduler.DefaultScheduler [] - " + lost,
            "error",
            error_type="NoResourceAvailableException",
        )
        r.log(
            at - 60,
            "flink-jobmanager",
            "2026-12-08 10:00:00,000 INFO  org.apache.flink.runtime.resourcemanager.slotmanager.FineGrainedSlotManager [] - need request 9 new workers, current worker number 3, declared worker number 3",
            "info",
        )
    r.metric(90, r.pod("redpanda"), "redpanda_kafka_consumer_group_lag_sum", 1_940_000, 100_000)
    for at in every(70, END, 30):
        trace_fails(
            r,
            at,
            ("kong", "customer-portal", "usage-api"),
            "HTTP 404: no readings in the requested window",
            kind="404",
            status=404,
            outer=200,
        )
    readings_are_stale(r, every(72, END, 26), 6, 215)
