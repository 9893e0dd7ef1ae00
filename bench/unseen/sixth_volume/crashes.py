"""Programs that end by themselves, without anybody having touched them."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import old_crash_loop
from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.press import PRESS
from bench.unseen.sixth_volume.telling import END, grafana, says_and_ends, sixth
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(PRESS, "crashes", Truth("push-sender", "crash_loop"), decoy=True)
def message_that_ends_whoever_reads_it(r: Recording) -> None:
    """One message in a queue has no text; its reader ends, and the broker gives it to the next."""
    old_crash_loop(r, "puzzle-preview")
    line = "/app/dist/consume.js:38\n    const title = payload.title.trim();\n                                ^\n\nTypeError: Cannot read properties of undefined (reading 'trim')\n    at Consumer.onMessage (/app/dist/consume.js:38:33)\n    at Channel.dispatchMessage (/app/node_modules/amqplib/lib/channel_model.js:108:25)\n\nNode.js v22.11.0"
    says_and_ends(r, r.pods("push-sender"), 0, line, (0.8, 13.0, 37.0, 84.0, 171.0))
    for at in (1.1, 13.4, 38.0, 85.0, 172.0):
        r.logs(
            (at,),
            "rabbitmq",
            "[warning] <0.{n}.0> closing AMQP connection <0.{n}.0> (10.244.6.19:41822 -> 10.244.4.30:5672, vhost: 'press', user: 'push'): client unexpectedly closed TCP connection",
            "warning",
        )
    r.metric(95, r.pod("rabbitmq"), "rabbitmq_queue_messages_ready{queue=push.breaking}", 8_120, 500)
    r.unavailable(15, "push-sender")
    grafana(r, 140, "Pushes per minute", "0 (usually 140)", team="apps")
    grafana(r, 236, "push.breaking is not read", "consumers=0", team="apps", queue="push.breaking")


@sixth(CARDS, "crashes", Truth("settlement-cut", "job_failure"))
def sums_of_the_day_do_not_match(r: Recording) -> None:
    """The job that closes the day finds a cent too many, and gives up after its third try."""
    workload, cron = CARDS.workload("settlement-cut"), r.of("CronJob", "settlement-cut")
    r.objects.add(
        "Job",
        "settlement-cut-29512440",
        created=r.second(0),
        spec={"backoffLimit": 2},
        status={
            "failed": 3,
            "conditions": [
                {
                    "type": "Failed",
                    "status": "True",
                    "reason": "BackoffLimitExceeded",
                    "message": "Job has reached the specified backoff limit",
                }
            ],
        },
        metadata={
            "ownerReferences": [{"apiVersion": "batch/v1", "kind": "CronJob", "name": cron.name, "uid": cron.uid, "controller": True}]
        },
    )
    job = r.of("Job", "settlement-cut-29512440")
    r.normal(0, cron, "SuccessfulCreate", f"Created job {job.name}", "cronjob-controller")
    thrown = 'Exception in thread "main" java.lang.IllegalStateException: cut 2026-10-12 EUR: clearing 1430122481 differs from authorised 1430122480 (minor units), 1 payment without counterpart\n\tat net.tollgate.settlement.Cut.close(Cut.java:131)\n\tat net.tollgate.settlement.Main.main(Main.java:40)'
    for number, at in enumerate((0.4, 46.0, 104.0)):
        pod = r.new_replica(at, workload, job, number)
        r.log(at + 9, pod, "opening cut 2026-10-12, 2 currencies", "info")
        r.log(at + 27, pod, thrown, "fatal")
        r.ended(at + 27.4, pod, "Error", 1, restarts=0)
        r.died[pod.uid] = at + 27.5
        r.objects.get("Pod", pod.name)["status"]["phase"] = "Failed"
    r.event(133, job, "BackoffLimitExceeded", "Job has reached the specified backoff limit", component="job-controller")
    r.event(
        133.4, cron, "SawCompletedJob", f"Saw completed job: {job.name}, condition: Failed", component="cronjob-controller", warning=False
    )
    r.alert(
        150,
        "KubeJobFailed",
        f"Job acquiring/{job.name} failed to complete. Removing failed job after investigation should clear this alert.",
        job_name=job.name,
        namespace="acquiring",
    )
    r.logs(
        every(150, END, 40),
        "merchant-api",
        "2026-10-13T10:00:00.000Z  WARN 1 --- [nio-8080-exec-4] n.t.merchant.Payouts : payout {n} has no settlement date yet",
        "warning",
    )
    r.alert(240, "PayoutsLate", "Payouts of 2026-10-12 were not released by 01:15", severity="critical", team="settlement")
