"""Volumes that are full, or that stay where their pod is not."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.sixth_volume.press import PRESS
from bench.unseen.sixth_volume.telling import END, grafana, sixth, trace_fails, traces_fail
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(PRESS, "disks", Truth("elasticsearch", "volume_full"))
def index_may_only_be_read(r: Recording) -> None:
    """A data volume passes the last of its watermarks, and the indices on it take no more writes."""
    pod = r.pods("elasticsearch")[1]
    log = '{"@timestamp":"2026-09-08T10:00:00.000Z","log.level":"WARN","message":"%s","log.logger":"org.elasticsearch.cluster.routing.allocation.DiskThresholdMonitor"}'
    r.log(
        -150,
        pod,
        log
        % "high disk watermark [90%] exceeded on [Xk2fR0aPQ7u][elasticsearch-1][/usr/share/elasticsearch/data] free: 26.1gb[8.7%], shards will be relocated away from this node",
        "warning",
    )
    for at in every(0, END, 30):
        r.log(
            at,
            pod,
            log
            % "flood stage disk watermark [95%] exceeded on [Xk2fR0aPQ7u][elasticsearch-1][/usr/share/elasticsearch/data] free: 13.2gb[4.4%], all indices on this node will be marked read-only",
            "warning",
        )
    blocked = "[429] cluster_block_exception: index [articles-v14] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];"
    traces_fail(
        r,
        ("search-indexer", "elasticsearch"),
        blocked,
        since=4,
        step=11,
        share=1.0,
        status=429,
        kind="Elastic::Transport::Transport::Errors::TooManyRequests",
    )
    r.logs(
        every(5, END, 14),
        "search-indexer",
        "E, [2026-09-08T10:00:00.000000 #1] ERROR -- : article {n} was not indexed, requeued: " + blocked,
    )
    r.metric(180, r.pod("rabbitmq"), "rabbitmq_queue_messages_ready{queue=article.published}", 1_410, 200)
    grafana(r, 205, "Search is behind", "newest article 3 min old", team="search", severity="warning")


@sixth(WATER, "disks", Truth("minio", "volume_attach"))
def disk_is_still_at_the_machine_of_before(r: Recording) -> None:
    """A pod of the object store comes back on another machine, and its disk does not follow."""
    old = r.pods("minio")[1]
    claim = f"data-{old.name}"
    volume = r.objects.get("PersistentVolumeClaim", claim)["spec"]["volumeName"]
    nodes = sorted(node for node in WATER.nodes if node != old.node)
    r.normal(-2, old, "Killing", "Stopping container minio")
    r.forget(-0.5, old)
    stateful = r.of("StatefulSet", "minio")
    new = r.objects.new_pod(WATER.workload("minio"), stateful, old.name, r.second(0), node=nodes[2])
    r.born[new.uid] = 1e9
    r.normal(0.1, stateful, "SuccessfulCreate", "create Pod minio-1 in StatefulSet minio successful", "statefulset-controller")
    r.normal(0.3, new, "Scheduled", f"Successfully assigned metering/minio-1 to {new.node}", "default-scheduler")
    r.mark_unready(0.2, new)
    r.event(
        1.5,
        new,
        "FailedAttachVolume",
        f'Multi-Attach error for volume "{volume}" Volume is already exclusively attached to one node and can\'t be attached to another',
        component="attachdetach-controller",
    )
    for times, at in enumerate((124.0, 245.0), start=1):
        r.event(
            at,
            new,
            "FailedMount",
            "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition",
            count=times,
            since=124,
        )
    few = "SlowDownWrite: Resource requested is unwritable, please reduce your request rate"
    traces_fail(
        r,
        ("flink-taskmanager", "minio"),
        few,
        since=5,
        step=14,
        share=1.0,
        status=503,
        kind="com.amazonaws.services.s3.model.AmazonS3Exception",
    )
    r.logs(
        every(6, END, 18),
        "minio",
        "API: PutObject(bucket=checkpoints, object=readings/chk-{n})\nError: Write failed. Insufficient number of drives online (cmd.InsufficientWriteQuorum)",
    )
    for at in every(20, END, 40):
        number = 48_210 + round(at / 40)
        r.log(
            at,
            "flink-jobmanager",
            f"2026-12-08 10:00:00,000 WARN  org.apache.flink.runtime.checkpoint.CheckpointFailureManager [] - Failed to trigger or complete checkpoint {number} for job 5f0c77d2a9e8416bb1. (2 consecutive failed attempts so far)\norg.apache.flink.runtime.checkpoint.CheckpointException: Asynchronous task checkpoint failed.",
            "warning",
        )
    r.log(
        146,
        "flink-jobmanager",
        "2026-12-08 10:00:00,000 INFO  org.apache.flink.runtime.jobmaster.JobMaster [] - Trying to recover from a global failure.\norg.apache.flink.util.FlinkRuntimeException: Exceeded checkpoint tolerable failure threshold. The latest checkpoint failed due to Asynchronous task checkpoint failed.",
        "error",
    )
    for at in (60.0, 170.0):
        trace_fails(r, at, ("customer-portal", "sms.textbridge.example"), "429 Too Many Requests", kind="429", status=429)
