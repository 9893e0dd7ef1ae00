"""Programs that end, and end again."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.fourth_volume.chance import filling_in_days
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana
from bench.unseen.object_parts import owner_of
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

REDIS = {"db.system.name": "redis", "db.operation.name": "HSET"}


@fourth(TELLERS, "crashing", Truth("eod-settlement", "job_failure"), decoy=True)
def settlement_of_the_day_meets_a_booking_twice(r: Recording) -> None:
    filling_in_days(r, "data-events-kafka-2", "payments")
    owner, job = r.of("CronJob", "eod-settlement"), r.of("Job", "eod-settlement-29821500")
    labels = {"app.kubernetes.io/name": "eod-settlement"}
    r.objects.add(
        "Job",
        job.name,
        "payments",
        r.second(0),
        metadata={"labels": labels, "ownerReferences": [owner_of(owner)]},
        spec={"backoffLimit": 3, "template": {"metadata": {"labels": labels}}},
        status={"failed": 4},
    )
    r.normal(0, owner, "SuccessfulCreate", f"Created job {job.name}", "cronjob-controller")
    for number, at in enumerate((1.0, 48.0, 112.0, 196.0)):
        pod = r.new_replica(at, TELLERS.workload("eod-settlement"), job, number)
        r.log(
            at + 11,
            pod,
            "2026-09-14T21:30:12.004Z  INFO 1 --- [main] c.c.p.eod.SettlementJob : settling business day 2026-09-14, 1840211 bookings",
            "info",
        )
        r.log(
            at + 26,
            pod,
            "2026-09-14T21:30:27.511Z ERROR 1 --- [main] o.s.batch.core.step.AbstractStep : Encountered an error executing step writeNetPositions in job eodSettlement org.springframework.dao.DuplicateKeyException: PreparedStatementCallback; ERROR: duplicate key value violates unique constraint \"net_position_pkey\" Detail: Key (business_day, participant)=('2026-09-14', 'CORVDEFF') already exists.",
            error_type="org.springframework.dao.DuplicateKeyException",
        )
        r.log(
            at + 26.4,
            pod,
            "2026-09-14T21:30:27.940Z  INFO 1 --- [main] o.s.b.c.l.support.SimpleJobLauncher : Job: [SimpleJob: [name=eodSettlement]] completed with the following status: [FAILED] in 15s",
            "info",
        )
        r.ended(at + 28, pod, "Error", 5, restarts=0)
        r.objects.get("Pod", pod.name, "payments")["status"]["phase"] = "Failed"
        r.mark_unready(at + 28, pod)
    said = "Job has reached the specified backoff limit"
    r.event(226, job, "BackoffLimitExceeded", said, component="job-controller")
    r.state(226.2, job, "BackoffLimitExceeded", said)
    r.normal(227, owner, "SawCompletedJob", f"Saw completed job: {job.name}, condition: Failed", "cronjob-controller")
    r.alert(
        290,
        "KubeJobFailed",
        f"Job payments/{job.name} failed to complete. Removing failed job after investigation should clear this alert.",
        job_name=job.name,
        namespace="payments",
        pending="1m",
    )
    grafana(
        r,
        330,
        "Settlement file not delivered",
        "no pacs.009 file of 2026-09-14 at the cut-off of 21:35",
        folder="back-office",
        severity="critical",
        team="settlement",
    )


@fourth(GRID, "crashing", Truth("shadow-redis", "crash_loop"))
def append_only_file_ends_in_the_middle_of_a_command(r: Recording) -> None:
    pod = r.pods("shadow-redis")[1]
    down = "CLUSTERDOWN Hash slot not served"
    failing(
        r,
        ("envoy-grid-edge", "customer-api", "device-shadow", "shadow-redis"),
        down,
        since=3,
        step=17,
        share=0.35,
        error_type="redis.Error",
        more=REDIS,
        milliseconds=2,
    )
    failing(
        r,
        ("charge-control", "device-shadow", "shadow-redis"),
        down,
        since=8,
        step=33,
        share=0.35,
        error_type="redis.Error",
        more=REDIS,
        milliseconds=2,
    )
    r.logs(
        every(4, 300, 14),
        "device-shadow",
        '{"level":"ERROR","msg":"shadow not written","device":"D-{n}","err":"CLUSTERDOWN Hash slot not served"}',
        error_type="redis.Error",
    )
    r.node_log(
        0,
        pod.node,
        "redis-server[81211]: segfault at 0 ip 00005581c0a1e2d4 sp 00007ffd0c4e7a10 error 4 in redis-server[5581c09c4000+1d2000] likely on CPU 3 (core 1, socket 0)",
        level="error",
    )
    r.ended(0.5, pod, "Error", 139, restarts=1)
    r.unready(0.8, pod)
    for number, at in enumerate((9.0, 24.0, 52.0, 100.0, 188.0), start=2):
        r.log(at - 0.6, pod, "1:M 08 Nov 2026 02:11:08.402 * DB loaded from base file appendonly.aof.3.base.rdb: 1.902 seconds", "info")
        r.log(
            at - 0.2,
            pod,
            "1:M 08 Nov 2026 02:11:08.811 # Bad file format reading the append only file appendonly.aof.3.incr.aof: make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>",
        )
        r.ended(at, pod, "Error", 1, restarts=number)
        if number > 2:
            r.event(
                at + 1,
                pod,
                "BackOff",
                f"Back-off restarting failed container shadow-redis in pod {pod.name}_grid({pod.uid})",
                count=number - 1,
                since=25,
            )
    r.waits(
        25.4, pod, "CrashLoopBackOff", f"back-off 20s restarting failed container=shadow-redis pod={pod.name}_grid({pod.uid})", restarts=3
    )
    for number, each in enumerate(r.pods("shadow-redis")):
        if each is not pod:
            r.log(
                16.0 + number,
                each,
                "1:M 08 Nov 2026 02:11:16.033 * FAIL message received from 07c37dfeb235213a872192d90877d0cd55635b91 () about e7d1eecce10fd6bb5eb35b9f99a514335d9ba9ca ()",
                "warning",
            )
            r.log(16.1 + number, each, "1:M 08 Nov 2026 02:11:16.034 # Cluster state changed: fail", "error")
    r.alert(
        75,
        "RedisClusterStateNotOk",
        "cluster_state is fail, 5461 of 16384 slots are not served",
        namespace="grid",
        service="shadow-redis",
        severity="critical",
    )
    r.alert(
        275,
        "KubePodCrashLooping",
        f"Pod grid/{pod.name} (shadow-redis) is in waiting state (reason: CrashLoopBackOff).",
        pod=pod.name,
        namespace="grid",
        container="shadow-redis",
    )
