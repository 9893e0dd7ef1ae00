"""Volumes that are full, or on the wrong machine."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.tellers import TELLERS
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, slow_calls
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

KAFKA = {"messaging.system": "kafka", "messaging.destination.name": "payments.events"}
CLICKHOUSE = {"db.system.name": "clickhouse", "db.namespace": "grid"}


@fourth(TELLERS, "volumes", Truth("events-kafka", "volume_full"))
def retention_of_a_topic_was_set_to_forever(r: Recording) -> None:
    broker = r.pods("events-kafka")[1]
    slow_calls(r, "payment-orchestrator", "events-kafka", 2_900, since=3, until=60, step=17)
    few = "org.apache.kafka.common.errors.NotEnoughReplicasException: Messages are rejected since there are fewer in-sync replicas than required."
    failing(
        r,
        ("haproxy-ingress", "channel-api", "payment-orchestrator", "events-kafka"),
        few,
        since=21,
        step=23,
        share=0.4,
        error_type="org.apache.kafka.common.errors.NotEnoughReplicasException",
        more=KAFKA,
        milliseconds=3_020,
    )
    failing(
        r,
        ("statement-writer", "events-kafka"),
        "org.apache.kafka.common.errors.DisconnectException: null",
        since=24,
        step=37,
        share=0.3,
        error_type="org.apache.kafka.common.errors.DisconnectException",
        more=KAFKA,
        milliseconds=30_000,
    )
    r.logs(
        every(22, 300, 18),
        "payment-orchestrator",
        '{"@timestamp":"-","level":"ERROR","logger_name":"o.s.k.support.LoggingProducerListener","message":"Exception thrown when sending a message with key=\'E2E{n}\' to topic payments.events:","stack_trace":"org.apache.kafka.common.errors.NotEnoughReplicasException: Messages are rejected since there are fewer in-sync replicas than required."}',
        error_type="org.apache.kafka.common.errors.NotEnoughReplicasException",
    )
    r.log(
        12,
        broker,
        "ERROR Error while appending records to payments.events-7 in dir /var/lib/kafka/data-0/kafka-log1 (org.apache.kafka.storage.internals.log.LogDirFailureChannel) [data-plane-kafka-request-handler-3] java.io.IOException: No space left on device",
    )
    r.log(
        12.4,
        broker,
        "WARN Stopping serving logs in dir /var/lib/kafka/data-0/kafka-log1 (kafka.log.LogManager) [LogDirFailureHandler]",
        "warning",
    )
    for number, at in enumerate((13.0, 39.0, 74.0, 131.0, 219.0), start=1):
        r.log(
            at - 0.4,
            broker,
            "ERROR Shutdown broker because all log dirs in /var/lib/kafka/data-0/kafka-log1 have failed (kafka.log.LogManager) [LogDirFailureHandler]",
            "fatal",
        )
        r.ended(at, broker, "Error", 1, restarts=number)
        if number > 1:
            r.event(
                at + 1.1,
                broker,
                "BackOff",
                f"Back-off restarting failed container events-kafka in pod {broker.name}_payments({broker.uid})",
                count=number,
                since=40,
            )
    r.waits(
        40.2,
        broker,
        "CrashLoopBackOff",
        f"back-off 20s restarting failed container=events-kafka pod={broker.name}_payments({broker.uid})",
        restarts=2,
    )
    for number, at in ((0, 60.0), (2, 62.0), (0, 190.0), (2, 193.0)):
        r.log(
            at,
            r.pods("events-kafka")[number],
            f"INFO [Partition payments.events-7 broker={number}] Shrinking ISR from 0,1,2 to 0,2. Leader: (highWatermark: 81120411, endOffset: 81120498). Out of sync replicas: (brokerId: 1). (kafka.cluster.Partition)",
            "info",
        )
    r.alert(
        90,
        "UnderReplicatedPartitions",
        "There are 81 under replicated partitions on events-kafka-0",
        kubernetes_pod_name="events-kafka-0",
        namespace="payments",
        pending="1m",
    )
    grafana(r, 145, "Push messages are late", "median delay of booking messages is 96s (usually 2s)", folder="mobile", team="channels")
    r.alert(
        200,
        "KubePersistentVolumeFillingUp",
        "The PersistentVolume claimed by data-events-kafka-1 in Namespace payments is only 0% free.",
        namespace="payments",
        persistentvolumeclaim="data-events-kafka-1",
        severity="critical",
        pending="1m",
    )


@fourth(GRID, "volumes", Truth("telemetry-ch", "volume_attach"))
def volume_stays_with_the_server_that_was_taken_away(r: Recording) -> None:
    old = r.pods("telemetry-ch")[0]
    claim = r.objects.get("PersistentVolumeClaim", "data-telemetry-ch-0", "grid")["spec"]["volumeName"]
    owner = r.of("StatefulSet", "telemetry-ch", "grid")
    r.normal(0, old, "Killing", "Stopping container telemetry-ch")
    r.forget(0.1, old)
    r.normal(1, owner, "SuccessfulCreate", "create Pod telemetry-ch-0 in StatefulSet telemetry-ch successful", "statefulset-controller")
    pod = r.objects.new_pod(GRID.workload("telemetry-ch"), owner, "telemetry-ch-0", r.second(1), node="talos-fsn1-wk-1")
    r.born[pod.uid] = 1e9
    r.normal(1.4, pod, "Scheduled", "Successfully assigned grid/telemetry-ch-0 to talos-fsn1-wk-1", "default-scheduler")
    why = f'AttachVolume.Attach failed for volume "{claim}" : rpc error: code = Aborted desc = failed to publish volume: volume is attached (another server)'
    for times, at in enumerate((3.0, 11.0, 28.0, 63.0, 130.0, 251.0), start=1):
        r.event(at, pod, "FailedAttachVolume", why, component="attachdetach-controller", count=times, since=3)
    for times, at in enumerate((125.0, 262.0), start=1):
        r.event(
            at,
            pod,
            "FailedMount",
            "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[]: context deadline exceeded",
            count=times,
            since=125,
        )
    r.mark_unready(1, pod)
    r.objects.get("Pod", pod.name, "grid")["status"] |= {"phase": "Pending", "containerStatuses": []}
    timeout = "clickhouse: acquire conn timeout. you can increase the number of max open conn or the dial timeout"
    failing(
        r,
        ("envoy-grid-edge", "customer-api", "energy-reports", "telemetry-ch"),
        timeout,
        since=9,
        step=18,
        share=0.5,
        slower=20,
        error_type="clickhouse.ErrAcquireConnTimeout",
        more=CLICKHOUSE,
        milliseconds=5_000,
    )
    failing(
        r,
        ("rollup-worker", "telemetry-ch"),
        "code: 285, message: Number of alive replicas (1) is less than requested quorum (2/2)",
        since=12,
        step=25,
        share=1.0,
        error_type="285",
        more=CLICKHOUSE,
        milliseconds=22,
    )
    r.logs(
        every(13, 300, 17),
        "rollup-worker",
        '{"level":"ERROR","msg":"insert failed","table":"readings_raw","rows":{n},"err":"code: 285, message: Number of alive replicas (1) is less than requested quorum (2/2)"}',
    )
    r.logs(
        every(20, 300, 45),
        "energy-reports",
        '{"level":"WARN","msg":"replica skipped","addr":"telemetry-ch-0.telemetry-ch:9000","err":"dial tcp: lookup telemetry-ch-0.telemetry-ch on 10.96.0.10:53: no such host","query":"{n}"}',
        "warning",
    )
    grafana(r, 150, "Reports fail", "47% of GET /reports/{site} end with 500", folder="customer", severity="critical", product="reports")
    r.alert(
        260,
        "KubeStatefulSetReplicasMismatch",
        "StatefulSet grid/telemetry-ch has not matched the expected number of replicas for longer than 4 minutes.",
        statefulset="telemetry-ch",
        namespace="grid",
        pending="4m",
    )
