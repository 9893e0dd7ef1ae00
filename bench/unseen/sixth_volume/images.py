"""Images that nobody may pull, and one that no machine can run."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.press import PRESS, REGISTRY
from bench.unseen.sixth_volume.telling import END, access, grafana, quarkus, says_and_ends, sixth, traces_fail
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(PRESS, "image", Truth("newsdesk", "image_pull_denied"))
def token_of_the_registry_was_withdrawn(r: Recording) -> None:
    """A rollout finds that the registry does not let the cluster in any more, and the old pods are gone already."""
    image = f"{REGISTRY}/newsdesk:2026-09-08"
    pods = r.rollout(0, "newsdesk", image=image, starts=False)
    why = f'failed to pull and unpack image "{image}": failed to resolve reference "{image}": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://registry.inkwell.example/service/token?scope=repository%3Apress%2Fnewsdesk%3Apull&service=harbor-registry: 401 Unauthorized'
    for number, pod in enumerate(pods):
        for times, after in enumerate((3.0, 16.0, 43.0, 88.0, 174.0), start=1):
            at = after + 0.7 * number
            r.normal(at - 0.8, pod, "Pulling", f'Pulling image "{image}"')
            r.event(at, pod, "Failed", f'Failed to pull image "{image}": {why}', count=times, since=3)
            r.event(at + 0.1, pod, "Failed", "Error: ErrImagePull", count=times, since=3)
            r.normal(at + 11, pod, "BackOff", f'Back-off pulling image "{image}"')
        r.waits(15 + number, pod, "ImagePullBackOff", f'Back-off pulling image "{image}": ErrImagePull: {why}')
    r.silent["newsdesk"] = 5
    r.no_endpoints(6, "newsdesk")
    r.unavailable(6.5, "newsdesk")
    traces_fail(r, ("haproxy-ingress", "newsdesk"), "503 Service Unavailable", since=7, status=503, kind="503", step=10)
    r.logs(
        every(8, END, 16),
        "haproxy-ingress",
        '10.20.3.9:{n} [08/Sep/2026:10:00:00.000] _front_https~ newsroom_newsdesk_3000/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 88/88/0/0/0 0/0 "POST /articles/{n} HTTP/2.0"',
        "warning",
    )
    grafana(r, 100, "Editors cannot save", "success=0%", team="editors", severity="critical")


@sixth(CARDS, "image", Truth("token-vault", "image_unusable"))
def binary_is_for_another_processor(r: Recording) -> None:
    """The image of a release was built on a laptop for arm64 only."""
    image = CARDS.workload("token-vault").image.replace("7.18.2", "7.19.0")
    pods = r.rollout(0, "token-vault", image=image)
    says_and_ends(r, pods, 4, "exec /usr/local/bin/token-vault: exec format error", (3.0, 17.0, 44.0, 96.0, 182.0), code=255)
    r.no_endpoints(9, "token-vault")
    r.unavailable(10, "token-vault")
    traces_fail(
        r,
        ("terminal-gateway", "auth-router", "token-vault"),
        "HTTP 503 Service Unavailable",
        since=9,
        step=9,
        status=503,
        kind="io.quarkus.rest.client.reactive.ResteasyReactiveClientException",
        outer=503,
    )
    access(r, every(10, END, 17), "auth-router", "token-vault", status=503, flags="UH", details="no_healthy_upstream", milliseconds=0)
    thrown = "jakarta.ws.rs.WebApplicationException: Service Unavailable, status code 503\n\tat net.tollgate.auth.TokenClient.resolve(TokenClient.java:61)\n\tat net.tollgate.auth.Router.authorise(Router.java:204)"
    r.logs(
        every(11, END, 19),
        "auth-router",
        quarkus("net.tollgate.auth.Router", "no token for trace {n}, declined 96 system malfunction", thrown),
    )
    r.alert(
        70,
        "AuthorisationApprovalRateLow",
        "Approval rate is 3% over 5m (usual 91%)",
        severity="critical",
        service="auth-router",
        namespace="acquiring",
        pending="1m",
    )
    r.alert(
        244,
        "KubePodCrashLooping",
        f'Pod acquiring/{pods[0].name} (token-vault) is in waiting state (reason: "CrashLoopBackOff") on cluster dc1.',
        pending="3m",
        pod=pods[0].name,
        namespace="acquiring",
        container="token-vault",
    )
