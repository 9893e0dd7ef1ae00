"""Probes that ask at the wrong door, or too early."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import unrelated_alert
from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.press import PRESS
from bench.unseen.sixth_volume.telling import END, access, grafana, quarkus, sixth, traces_fail
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(PRESS, "probes", Truth("live-blog", "probe_misconfigured"), decoy=True)
def readiness_is_asked_at_a_path_of_another_program(r: Recording) -> None:
    """A chart for all Node programs asks for a path that this one does not serve."""
    pods = r.rollout(0, "live-blog", what="template", names=("containers.live-blog.readinessProbe.httpGet.path",))
    for number, pod in enumerate(pods):
        r.log(6 + number, pod, '{"level":30,"time":"2026-09-08T10:00:00.000Z","name":"live-blog","msg":"listening on :8080"}', "info")
        r.unready(7 + number, pod)
        for times, at in enumerate(every(9 + number, END, 35), start=1):
            r.event(
                at, pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404", count=7 * times, since=9 + number
            )
    r.logs(
        every(9, END, 23),
        "live-blog",
        '{"level":40,"time":"2026-09-08T10:00:00.000Z","name":"live-blog","req":{"method":"GET","url":"/readyz","headers":{"user-agent":"kube-probe/1.31"}},"res":{"statusCode":404},"responseTime":{n},"msg":"not found"}',
        "warning",
    )
    r.no_endpoints(6.5, "live-blog")
    r.unavailable(12, "live-blog")
    traces_fail(r, ("haproxy-ingress", "live-blog"), "503 Service Unavailable", since=8, status=503, kind="503", step=10, milliseconds=1)
    r.logs(
        every(8, END, 18),
        "haproxy-ingress",
        '10.20.5.2:{n} [08/Sep/2026:10:00:00.000] _front_https~ newsroom_live-blog_8080/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 402/398/0/0/0 0/0 "GET /live/{n}/socket HTTP/1.1"',
        "warning",
    )
    grafana(r, 84, "Live readers", "0 (usually > 4000)", team="live", severity="critical")
    unrelated_alert(r, "image-proxy", at=-10)


@sixth(CARDS, "probes", Truth("auth-router", "startup_too_slow"))
def routes_take_longer_to_load_than_the_probe_waits(r: Recording) -> None:
    """A release reads all card ranges before it answers, and is killed before it has read them."""
    pods = r.rollout(0, "auth-router", image=CARDS.workload("auth-router").image.replace("7.18.2", "7.19.1"))
    for number, pod in enumerate(pods):
        r.mark_unready(3, pod)
        r.silent[pod.name] = 4
        for restarts, begin in enumerate((4.0 + number, 72.0 + number, 142.0 + number), start=1):
            r.log(begin + 6, pod, quarkus("net.tollgate.auth.Ranges", "reading card ranges, 0 of 1482211", level="INFO"), "info")
            r.log(begin + 28, pod, quarkus("net.tollgate.auth.Ranges", "reading card ranges, 690304 of 1482211", level="INFO"), "info")
            r.event(
                begin + 33,
                pod,
                "Unhealthy",
                f'Startup probe failed: Get "http://{pod.address}:8080/q/health/started": dial tcp {pod.address}:8080: connect: connection refused',
                count=10 * restarts,
                since=begin + 5,
            )
            r.normal(begin + 33.4, pod, "Killing", "Container auth-router failed startup probe, will be restarted")
            r.ended(begin + 35, pod, "Error", 143, restarts=restarts)
            r.normal(begin + 38, pod, "Started", "Started container auth-router")
    r.no_endpoints(6, "auth-router")
    r.unavailable(8, "auth-router")
    r.silent["auth-router"] = 5
    traces_fail(r, ("terminal-gateway", "auth-router"), "503 Service Unavailable", since=7, status=503, kind="503", step=8)
    access(r, every(8, END, 16), "terminal-gateway", "auth-router", status=503, flags="UH", details="no_healthy_upstream", milliseconds=0)
    r.logs(
        every(8, END, 15),
        "terminal-gateway",
        '{"level":"error","ts":"2026-10-13T10:00:00.000Z","logger":"iso8583","msg":"stand-in declined","stan":{n},"field39":"91","error":"upstream answered 503"}',
    )
    r.alert(
        64,
        "TerminalsDeclined",
        "100% of authorisations answered 91 (issuer or switch inoperative)",
        severity="critical",
        service="terminal-gateway",
        namespace="acquiring",
    )
