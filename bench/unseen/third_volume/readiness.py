"""Pods that stand and are never said to be ready."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import old_crash_loop
from bench.unseen.events import every
from bench.unseen.second_volume.telling import broken
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.arena import ARENA
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.third_volume.telling import GRPC_UNAVAILABLE, google_alert, grafana_alert
from bench.unseen.truths import Truth


@third(ARENA, "readiness", Truth("leaderboard", "probe_misconfigured"), decoy=True)
def health_is_asked_in_a_way_nobody_answers(r: Recording) -> None:
    old_crash_loop(r, "cost-exporter")
    # The program is the same; the chart's new probe speaks a protocol that it does not serve.
    for number, pod in enumerate(r.rollout(0, "leaderboard", what="rollout", names=("template",))):
        container = r.objects.get("Pod", pod.name)["spec"]["containers"][0]
        container["readinessProbe"] = {"grpc": {"port": 9400, "service": ""}, "periodSeconds": 5, "failureThreshold": 3}
        r.mark_unready(1, pod)
        r.log(
            3.4 + 2 * number,
            pod,
            '{"timestamp":"-","level":"INFO","fields":{"message":"listening","addr":"0.0.0.0:9400"},"target":"leaderboard"}',
            "info",
        )
        why = "Readiness probe failed: error: this server does not implement the grpc health protocol (grpc.health.v1.Health): "
        for count, at in enumerate((6.0, 21.0, 66.0, 126.0, 186.0, 238.0), start=1):
            r.event(at + number, pod, "Unhealthy", why, count=(1, 4, 13, 25, 37, 47)[count - 1], since=6.0 + number)
    r.silent["leaderboard"] = 5
    r.no_endpoints(4.6, "leaderboard")
    r.unavailable(5, "leaderboard")
    broken(
        r,
        ("contour-envoy", "session-gateway", "leaderboard"),
        "rpc error: code = Unavailable desc = no healthy upstream",
        since=6,
        step=11,
        error_type="UNAVAILABLE",
        milliseconds=2,
        outer=503,
        more=GRPC_UNAVAILABLE,
    )
    r.logs(
        every(8, 240, 18),
        "session-gateway",
        '{"level":"error","caller":"board/around.go:33","msg":"no board","player":"p{n}","error":"rpc error: code = Unavailable desc = no healthy upstream"}',
    )
    google_alert(
        r,
        150,
        "Leaderboard error ratio",
        "Condition 'errors above 5%' for workload.googleapis.com/rpc.client.errors is above the threshold of 0.05 with a value of 1.",
    )
    r.alert(
        230,
        "KubeDeploymentReplicasMismatch",
        "Deployment arena/leaderboard has not matched the expected number of replicas.",
        namespace="arena",
        deployment="leaderboard",
        pending="3m",
    )


@third(REEL, "readiness", Truth("packager", "init_failure"))
def first_container_waits_for_a_name_of_last_year(r: Recording) -> None:
    # It neither ends nor fails: it asks every two seconds, and the pod is pending for as long as it does.
    image = REEL.workload("packager").image.replace("12.5", "13.1")
    for number, pod in enumerate(r.rollout(0, "packager", image=image, starts=False)):
        content = r.objects.get("Pod", pod.name)
        content["spec"]["initContainers"] = [{"name": "wait-for-store", "image": "docker.io/library/busybox:1.37"}]
        status = content["status"]
        status |= {"phase": "Pending"}
        status["initContainerStatuses"] = [
            {"name": "wait-for-store", "ready": False, "restartCount": 0, "state": {"running": {"startedAt": r.second(2)}}}
        ]
        status["containerStatuses"][0] |= {"ready": False, "started": False, "state": {"waiting": {"reason": "PodInitializing"}}}
        r.mark_unready(1, pod)
        at = 1.5 + 2 * number
        r.normal(at, pod, "Pulled", 'Container image "docker.io/library/busybox:1.37" already present on machine')
        r.normal(at + 0.2, pod, "Created", "Created container: wait-for-store")
        r.normal(at + 0.4, pod, "Started", "Started container wait-for-store")
        for moment in every(at + 1, 250, 14):
            r.log(moment, pod, "wget: bad address 'minio-hl.storage.svc:9000'", "info", container="wait-for-store")
            r.log(moment + 0.1, pod, "store is not there yet, trying again in 2 s", "info", container="wait-for-store")
    r.silent["packager"] = 5
    r.no_endpoints(5.2, "packager")
    r.unavailable(5.6, "packager")
    r.disturb("playback-api", "packager", 6, errors=1.0)
    r.disturb("traefik", "playback-api", 7, errors=0.6)
    r.logs(
        every(7, 250, 9),
        "playback-api",
        'time=- level=ERROR msg="manifest failed" video=v{n} err="Get \\"http://packager:8080/manifest\\": dial tcp 10.43.77.12:8080: connect: connection refused"',
    )
    grafana_alert(r, 70, "Playback start failures", "58% of plays, above 5% for 30s", folder="video", severity="critical")
    r.alert(
        240,
        "KubePodNotReady",
        "Pod has been in a non-ready state for longer than 3 minutes.",
        namespace="media",
        pod=r.pod("packager").name,
        pending="3m",
    )
