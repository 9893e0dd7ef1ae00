"""Containers that never start because their image cannot be had or cannot run."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import old_crash_loop, scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.more_applications import ML, TELEMETRY
from bench.unseen.object_parts import Thing
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story


def _cannot_pull(r: Recording, at: float, pod: Thing, image: str, why: str) -> None:
    """What a kubelet tells of an image that it does not get."""
    for number, after in enumerate((0.0, 16.0, 44.0, 92.0), start=1):
        r.event(at + after, pod, "Failed", f'Failed to pull image "{image}": {why}', count=number, since=at)
        r.event(at + after + 0.1, pod, "Failed", "Error: ErrImagePull", count=number, since=at)
    r.waits(at + 0.4, pod, "ErrImagePull", why)
    r.event(at + 13, pod, "BackOff", f'Back-off pulling image "{image}"', warning=False, count=2, since=at + 5)
    r.event(at + 13.2, pod, "Failed", "Error: ImagePullBackOff", count=2, since=at + 5)
    r.waits(at + 14, pod, "ImagePullBackOff", f'Back-off pulling image "{image}": ErrImagePull: {why}')


@story(SHOP, "image", Truth("checkout", "image_not_found"))
def tag_that_was_never_pushed(r: Recording) -> None:
    image = "ghcr.io/marigold-shop/checkout:5.12.1-rc"
    pods = r.rollout(0, "checkout", image=image, starts=False)
    for number, pod in enumerate(pods):
        _cannot_pull(
            r,
            3.0 + number,
            pod,
            image,
            f'rpc error: code = NotFound desc = failed to pull and unpack image "{image}": failed to resolve reference "{image}": {image}: not found',
        )
    r.no_endpoints(6, "checkout")
    r.unavailable(7, "checkout")
    r.silent["checkout"] = 4
    path = ("ingress-nginx-controller", "storefront", "checkout")
    r.failures(every(7, 300, 17), path, "connect ECONNREFUSED 10.96.14.220:3000", error_type="ECONNREFUSED", outer=502, milliseconds=3)
    line = '2026/04/03 11:20:14 [error] 31#31: *{n} upstream prematurely closed connection while reading response header from upstream, client: 198.51.100.23, server: shop.marigold.example, request: "POST /checkout HTTP/2.0"'
    r.logs(every(9, 290, 33), "ingress-nginx-controller", line)
    r.disturb("storefront", "checkout", 6, errors=1.0)
    r.alert(
        310,
        "KubeContainerWaiting",
        "Pod container waiting longer than 1 hour",
        pod=pods[0].name,
        namespace="shopfront",
        container="checkout",
        pending="1h",
    )


@story(BANK, "image", Truth("accounts", "image_pull_denied"), decoy=True)
def registry_password_expired(r: Recording) -> None:
    old_crash_loop(r, "ledger-reconciler-v1")
    image = "harbor.alder.example/bank/accounts:2.31.0"
    pods = r.rollout(0, "accounts", image=image, starts=False)
    why = f'failed to pull and unpack image "{image}": failed to resolve reference "{image}": unexpected status from HEAD request to https://harbor.alder.example/v2/bank/accounts/manifests/2.31.0: 401 Unauthorized'
    for number, pod in enumerate(pods):
        _cannot_pull(r, 2.5 + number, pod, image, why)
        r.event(
            2.2 + number,
            pod,
            "FailedToRetrieveImagePullSecret",
            "Unable to retrieve some image pull secrets (harbor-pull); attempting to pull the image may not succeed.",
            count=3,
        )
    r.no_endpoints(6, "accounts")
    r.silent["accounts"] = 4
    line = '[2026-03-03T10:00:00.000Z] "GET /accounts/{n} HTTP/1.1" 503 UH no_healthy_upstream - "-" 0 19 0 - "-" "Java-http-client/21" "c1f0a3d2" "accounts:8080" "-" outbound|8080||accounts.core-banking.svc.cluster.local - 10.96.7.9:8080'
    r.logs(every(7, 240, 18), "web-bff", line, "warning", container="istio-proxy")
    r.failures(
        every(8, 240, 15),
        ("istio-ingressgateway", "web-bff", "accounts"),
        "no healthy upstream",
        error_type="503",
        status=503,
        outer=503,
        milliseconds=2,
    )
    r.disturb("web-bff", "accounts", 6, errors=1.0)
    r.burn(180, "web-bff")


@story(TELEMETRY, "image", Truth("dashboard", "image_rate_limited"))
def public_registry_limits_pulls(r: Recording) -> None:
    image = "docker.io/beaconlabs/dashboard:3.7.2"
    node = r.pod("dashboard").node
    r.change(-6, r.of("Node", node), "cordoned: unschedulable", "spec", ["unschedulable"])
    workload, old = r.application.workload("dashboard"), r.pods("dashboard")
    revision = r.of("ReplicaSet", old[0].name.rpartition("-")[0], "beacon")
    for number, pod in enumerate(old):
        r.gone(0.0 + number, pod)
        new = r.new_replica(1.0 + number, workload, revision, 50 + number, starts=False, node="aks-data-000001")
        why = f'failed to pull and unpack image "{image}": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/beaconlabs/dashboard/manifests/sha256:9e1c: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit'
        _cannot_pull(r, 3.0 + number, new, image, why)
    r.no_endpoints(5, "dashboard")
    r.unavailable(6, "dashboard")
    r.silent["dashboard"] = 1
    r.alert(
        70,
        "BlackboxProbeFailed",
        "https://dashboard.beacon.example answers 503",
        instance="https://dashboard.beacon.example",
        target="dashboard",
        severity="critical",
        pending="1m",
    )
    r.burn(150, "dashboard")


@story(ML, "image", Truth("lineage", "image_unusable"), decoy=True)
def image_of_another_architecture(r: Recording) -> None:
    scaled_elsewhere(r, "portal", 3)
    image = "registry.quarry.example/ml/lineage:2026.4.2-arm64"
    (pod,) = r.rollout(0, "lineage", image=image)
    r.logs((4.2, 18.4, 47.0, 101.0), "lineage", "exec /usr/local/bin/gunicorn: exec format error")
    r.crash_loop(4.5, pod, (0.0, 14.0, 42.0, 96.0), 1)
    r.no_endpoints(7, "lineage")
    r.failures(
        every(8, 200, 14),
        ("portal", "lineage"),
        "HTTPConnectionPool(host='lineage', port=8000): Max retries exceeded with url: /graph (Caused by NewConnectionError: [Errno 111] Connection refused)",
        error_type="requests.exceptions.ConnectionError",
    )
    r.disturb("portal", "lineage", 5, errors=1.0)
    r.silent["lineage"] = 3
    r.alert(210, "KubePodCrashLooping", "Pod is crash looping.", pod=pod.name, namespace="quarry", container="lineage", pending="15m")
