"""Programs that are not let to start, or are not let to live."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.object_parts import Thing
from bench.unseen.second_volume.telling import broken, killed_by_probe
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.arena import ARENA
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.third_volume.telling import GRPC_UNAVAILABLE, azure_alert, google_alert, grafana_alert
from bench.unseen.third_volume.ward import WARD
from bench.unseen.truths import Truth

PORTAL = ("ingress-nginx-controller", "ward-portal")


@third(REEL, "starting", Truth("packager", "probe_misconfigured"))
def liveness_lists_a_whole_bucket(r: Recording) -> None:
    # The deeper check came with a release that was well for as long as the bucket answered within a second.
    for number, pod in enumerate(r.rollout(-190, "packager", what="rollout", names=("template",))):
        r.ready(-176 + number, pod)
        probe = r.objects.get("Pod", pod.name)["spec"]["containers"][0]["livenessProbe"]
        probe |= {"httpGet": {"path": "/healthz?deep=1", "port": 8080}, "timeoutSeconds": 1}
        for at in every(-20 + 4 * number, 240, 17):
            r.log(r.nearly(at), pod, f"INFO packager::health: deep check listed renditions/ in {1_040 + int(at + 20) * 2}ms", "info")
        failed = f'Liveness probe failed: Get "http://{pod.address}:8080/healthz?deep=1": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
        for restarts, at in enumerate((0.0 + 13 * number, 78.0 + 13 * number, 157.0 + 13 * number), start=1):
            r.log(at + 0.5, pod, "INFO packager: received SIGTERM, draining 214 requests", "info")
            killed_by_probe(r, pod, at, failed, restarts)
    r.no_endpoints(44.5, "packager")
    r.no_endpoints(123, "packager")
    r.logs(
        (*every(31, 66, 5), *every(109, 144, 5), *every(188, 223, 6)),
        "playback-api",
        'time=- level=ERROR msg="manifest failed" video=v{n} err="Get \\"http://packager:8080/manifest\\": dial tcp 10.43.77.12:8080: connect: connection refused"',
    )
    r.disturb("playback-api", "packager", 30, errors=0.5)
    r.disturb("traefik", "playback-api", 30, errors=0.25)
    grafana_alert(r, 62, "Playback start failures", "34% of plays, above 5% for 30s", folder="video", severity="critical")
    r.alert(200, "KubePodRestartsOften", "packager was restarted 6 times in 4 minutes", namespace="media", deployment="packager")


def _is_killed_while_it_reads(r: Recording) -> None:
    for number, pod in enumerate(r.rollout(0, "medication", what="environment", names=("values",))):
        failed = (
            f'Liveness probe failed: Get "http://{pod.address}:8080/health/live": dial tcp {pod.address}:8080: connect: connection refused'
        )
        r.mark_unready(1, pod)
        for restarts, at in enumerate((36.0 + 5 * number, 128.0 + 5 * number, 220.0 + 5 * number), start=1):
            begun = at - 30
            r.log(begun, pod, "info: Care.Medication.Formulary[3] Reading formulary 2026-10 (1.9 GiB, 611204 products)", "info")
            r.log(begun + 14, pod, "info: Care.Medication.Formulary[4] Interaction matrix 38% built", "info")
            r.event(at, pod, "Unhealthy", failed, count=3 * restarts, since=16)
            r.normal(at + 0.2, pod, "Killing", "Container medication failed liveness probe, will be restarted")
            r.ended(at + 30.4, pod, "Error", 137, restarts=restarts)
            r.normal(at + 31.8, pod, "Started", "Started container medication")
        waiting = f"back-off 20s restarting failed container=medication pod={pod.name}_care({pod.uid})"
        r.waits(251 + 5 * number, pod, "CrashLoopBackOff", waiting, restarts=3)
        readiness = f'Readiness probe failed: Get "http://{pod.address}:8080/health/ready": dial tcp {pod.address}:8080: connect: connection refused'
        for count, at in enumerate((12.0 + number, 70.0 + number, 190.0 + number), start=1):
            r.event(at, pod, "Unhealthy", readiness, count=7 * count, since=12)


@third(WARD, "starting", Truth("medication", "startup_too_slow"), decoy=True)
def restart_reads_a_formulary_that_grew(r: Recording) -> None:
    recent_rollout(r, "letter-renderer", "7.41.1", at=-150)
    # A password was renewed, as every month, and is right; what restarts for it has not been started for half a year.
    r.change(-12, r.of("Secret", "medication-sql", "care"), "changed: password", "secret", ["password"])
    _is_killed_while_it_reads(r)
    r.silent["medication"] = 5
    r.no_endpoints(6, "medication")
    r.unavailable(6.4, "medication")
    broken(
        r,
        (*PORTAL, "medication"),
        "connect ECONNREFUSED 10.0.114.20:8080",
        since=7,
        until=280,
        step=11,
        error_type="ECONNREFUSED",
        outer=502,
    )
    r.logs(
        every(9, 280, 19),
        "ward-portal",
        '{"level":50,"time":17917672{n},"name":"ward-portal","err":{"type":"AxiosError","code":"ECONNREFUSED","message":"connect ECONNREFUSED 10.0.114.20:8080"},"msg":"orders of patient not shown"}',
    )
    azure_alert(
        r,
        100,
        "medication-orders-not-readable",
        "requests/failed of /api/orders is 118, greater than 10",
        sev=0,
        resource="ward-suite-prod",
    )
    r.alert(
        260,
        "KubeDeploymentReplicasMismatch",
        "Deployment care/medication has not matched the expected number of replicas.",
        namespace="care",
        deployment="medication",
        pending="3m",
    )


def _init_fails(r: Recording, pod: Thing, at: float, container: str, line: str) -> None:
    """An init container ends with 1, again and again."""
    ends = (at + 3, at + 6, at + 24, at + 55, at + 101, at + 188)
    for restarts, end in enumerate(ends, start=1):
        r.log(end - 0.3, pod, line, container=container)
        r.ended(end, pod, "Error", 1, container=container, restarts=restarts)
        if restarts > 1:
            message = f"Back-off restarting failed container {container} in pod {pod.name}_{pod.namespace}({pod.uid})"
            r.event(end + 1.1, pod, "BackOff", message, count=restarts, since=ends[1] + 1.1)
    wait = f"back-off 10s restarting failed container={container} pod={pod.name}_{pod.namespace}({pod.uid})"
    r.waits(ends[1] + 1, pod, "CrashLoopBackOff", wait, container=container, restarts=2)
    status = r.objects.get("Pod", pod.name, pod.namespace)["status"]
    state = {"waiting": {"reason": "CrashLoopBackOff", "message": wait.replace("10s", "2m40s")}}
    status["initContainerStatuses"] = [{"name": container, "ready": False, "restartCount": len(ends), "state": state}]
    status["phase"] = "Pending"
    status["containerStatuses"][0] |= {"ready": False, "started": False, "state": {"waiting": {"reason": "PodInitializing"}}}


@third(ARENA, "starting", Truth("purchases", "init_failure"))
def list_of_prices_is_not_the_one_that_was_signed(r: Recording) -> None:
    r.change(-9, r.of("ConfigMap", "purchases-config", "arena"), "changed: price-list.env", "config", ["price-list.env"])
    line = "/prices/price-list-2026-22.json: FAILED\nsha256sum: WARNING: 1 of 1 computed checksums did NOT match"
    for number, pod in enumerate(r.rollout(0, "purchases", what="rollout", names=("template",), starts=False)):
        container = {"name": "price-list", "image": "europe-west3-docker.pkg.example/arena-prod/live/fetcher:1.9.3"}
        r.objects.get("Pod", pod.name)["spec"]["initContainers"] = [container]
        r.log(2.6 + number, pod, "fetching gs://arena-prod-economy/price-list-2026-22.json (412 KiB)", "info", container="price-list")
        _init_fails(r, pod, 1.0 + 2 * number, "price-list", line)
    r.silent["purchases"] = 5
    r.no_endpoints(5, "purchases")
    r.unavailable(5.5, "purchases")
    broken(
        r,
        ("contour-envoy", "session-gateway", "purchases"),
        'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.8.3.61:9500: connect: connection refused"',
        since=6,
        step=12,
        error_type="UNAVAILABLE",
        outer=503,
        more=GRPC_UNAVAILABLE,
    )
    r.logs(
        every(7, 240, 15),
        "session-gateway",
        '{"level":"error","caller":"shop/confirm.go:49","msg":"purchase not confirmed, kept for later","order":"o{n}","error":"rpc error: code = Unavailable"}',
    )
    google_alert(
        r,
        140,
        "Purchases confirmed per minute (prod)",
        "Condition 'rate below floor' for workload.googleapis.com/purchase_confirmed is below the threshold of 10 with a value of 0.",
        severity="critical",
    )
    r.alert(
        205,
        "KubeDeploymentRolloutStuck",
        "Rollout of deployment arena/purchases is not progressing for longer than 3 minutes.",
        namespace="arena",
        deployment="purchases",
    )
