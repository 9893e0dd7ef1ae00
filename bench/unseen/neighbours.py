"""Who else lives on every cluster: tools of other teams, each with its own little troubles that nobody minds."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import QUIET_SECONDS, every
from bench.unseen.neighbour_workloads import NAMESPACE
from bench.unseen.telemetry import Recording


def add_neighbours(recording: Recording, until: float) -> None:
    """Their troubles, from before the fault to its end."""
    _half_ready(recording, until)
    _blind_autoscaler(recording, until)
    _logs_that_are_late(recording, until)
    _jobs(recording, until)
    _one_restart(recording, until)


def _half_ready(recording: Recording, until: float) -> None:
    pod = recording.objects.pods_ever("cost-exporter")[0]
    if pod in recording.pods("cost-exporter"):
        recording.mark_unready(-86_400.0 * 6, pod)
    for number, at in enumerate(every(-QUIET_SECONDS + 8, until, 64.0)):
        at = recording.nearly(at, 6.0)
        if not recording.says(pod, at):
            return
        recording.event(
            at,
            pod,
            "Unhealthy",
            "Readiness probe failed: HTTP probe failed with statuscode: 503",
            count=31_807 + number,
            since=-86_400.0 * 6,
        )


def _blind_autoscaler(recording: Recording, until: float) -> None:
    autoscaler = recording.of("HorizontalPodAutoscaler", "report-viewer", NAMESPACE)
    message = f"failed to get memory utilization: missing request for memory in container viewer of Pod {recording.objects.pods_ever('report-viewer')[0].name}"
    for number, at in enumerate(every(-QUIET_SECONDS + 31, until, 90.0)):
        at = recording.nearly(at, 4.0)
        recording.event(
            at,
            autoscaler,
            "FailedGetResourceMetric",
            message,
            component="horizontal-pod-autoscaler",
            count=9_004 + number,
            since=-86_400.0 * 3,
        )


def _logs_that_are_late(recording: Recording, until: float) -> None:
    for at in every(-QUIET_SECONDS + 22, until, 47.0):
        number = recording.random.randrange(100, 999)
        line = f"[ warn] [engine] failed to flush chunk '1-1770000{number}.{number}.flb', retry in 9 seconds: task_id=4, input=tail.0 > output=es.0 (out_id=0)"
        recording.log(recording.nearly(at, 20.0), recording.random.choice(recording.living("log-router", at)), line, "warning")


def _jobs(recording: Recording, until: float) -> None:
    owner = recording.of("CronJob", "queue-janitor", NAMESPACE)
    for number, at in enumerate(every(-QUIET_SECONDS + 55, until, 300.0)):
        job = recording.of("Job", f"queue-janitor-{29_460_115 + 5 * number}", NAMESPACE)
        pod = recording.of("Pod", f"{job.name}-q{number}w8t", NAMESPACE)
        recording.normal(at, owner, "SuccessfulCreate", f"Created job {job.name}", "cronjob-controller")
        recording.normal(at + 0.1, job, "SuccessfulCreate", f"Created pod: {pod.name}", "job-controller")
        recording.normal(
            at + 0.2,
            pod,
            "Scheduled",
            f"Successfully assigned {NAMESPACE}/{pod.name} to {sorted(recording.application.nodes)[0]}",
            "default-scheduler",
        )
        recording.normal(at + 1.1, pod, "Pulled", 'Container image "ghcr.io/shared-tools/queue-janitor:1.1.0" already present on machine')
        recording.normal(at + 1.3, pod, "Started", "Started container queue-janitor")
        recording.normal(at + 19, job, "Completed", "Job completed", "job-controller")
        recording.normal(at + 19.2, owner, "SawCompletedJob", f"Saw completed job: {job.name}, condition: Complete", "cronjob-controller")


def _one_restart(recording: Recording, until: float) -> None:
    at = recording.random.uniform(-QUIET_SECONDS + 20, until * 0.7)
    pod = recording.random.choice(recording.living("log-router", at))
    recording.log(at - 0.3, pod, "[error] [output:es:es.0] HTTP status=503 URI=/_bulk, response: master_not_discovered_exception")
    recording.ended(at, pod, "Error", 1, restarts=6)
    recording.normal(at + 1.4, pod, "Started", "Started container log-router")
