"""Things that happen at about the time of a fault and have nothing to do with it."""

from bench.unseen.telemetry import Recording


def recent_rollout(recording: Recording, app: str, version: str, at: float = -75.0) -> None:
    """Another app was rolled out a minute ago, and is well."""
    image = recording.application.workload(app).image.rpartition(":")[0] + f":{version}"
    for number, pod in enumerate(recording.rollout(at, app, image=image)):
        recording.ready(at + 14 + 2 * number, pod)
    deployment = recording.of("Deployment", app)
    recording.state(
        at + 20,
        deployment,
        "NewReplicaSetAvailable",
        f'ReplicaSet "{recording.pod(app).name.rpartition("-")[0]}" has successfully progressed.',
        warning=False,
    )


def old_crash_loop(recording: Recording, app: str) -> None:
    """A pod that has been failing for weeks and that nobody misses."""
    pod = recording.pod(app)
    wait = f"back-off 5m0s restarting failed container={app} pod={pod.name}_{pod.namespace}({pod.uid})"
    recording.waits(-195.0, pod, "CrashLoopBackOff", wait, restarts=2_214)
    recording.amend(attributes={"container": app, "restart_count": 2_214, "snapshot": True})
    for number, at in enumerate((-170.0, -35.0, 105.0, 240.0, 375.0)):
        message = f"Back-off restarting failed container {app} in pod {pod.name}_{pod.namespace}({pod.uid})"
        recording.event(recording.nearly(at, 8.0), pod, "BackOff", message, count=51_200 + number, since=-86_400.0 * 17)
    recording.alert(
        -190.0, "KubePodCrashLooping", "Pod is crash looping.", pending="15m", pod=pod.name, namespace=pod.namespace, container=app
    )


def scaled_elsewhere(recording: Recording, app: str, replicas: int, at: float = -50.0) -> None:
    """Somebody scaled another app up, which is well."""
    for number, pod in enumerate(recording.scale(at, app, replicas)):
        recording.ready(at + 12 + number, pod)


def unrelated_alert(recording: Recording, app: str, at: float = -20.0) -> None:
    """An alert about something else that goes on, and that hurts nobody."""
    pod = recording.pod(app)
    summary = f"37.4% throttling of CPU in namespace {pod.namespace} for container {app} in pod {pod.name}."
    recording.alert(at, "CPUThrottlingHigh", summary, severity="info", pending="15m", pod=pod.name, namespace=pod.namespace, container=app)


def nightly_job(recording: Recording, app: str, at: float = -30.0) -> None:
    """A CronJob ran and completed, as every few minutes."""
    owner = recording.of("CronJob", app)
    number = 29_371_000 + recording.random.randrange(900)
    job = recording.of("Job", f"{app}-{number}")
    recording.normal(at, owner, "SuccessfulCreate", f"Created job {job.name}", "cronjob-controller")
    recording.normal(at + 0.5, job, "SuccessfulCreate", f"Created pod: {job.name}-k7x2d", "job-controller")
    recording.normal(at + 41, job, "Completed", "Job completed", "job-controller")
    recording.normal(at + 42, owner, "SawCompletedJob", f"Saw completed job: {job.name}, condition: Complete", "cronjob-controller")
