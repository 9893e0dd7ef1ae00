"""Healthy programs that are taken out or killed because they are asked the wrong thing, or too soon."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.more_applications import ML, TELEMETRY
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story


@story(SHOP, "probe", Truth("catalog", "probe_misconfigured"))
def readiness_path_is_gone(r: Recording) -> None:
    pods = r.rollout(0, "catalog", names=("readinessProbe",))
    for number, pod in enumerate(pods):
        r.objects.get("Pod", pod.name, pod.namespace)["spec"]["containers"][0]["readinessProbe"]["httpGet"]["path"] = "/_readyz"
        for times in (1, 6, 18, 40):
            r.event(
                7.0 + number + 5 * times,
                pod,
                "Unhealthy",
                "Readiness probe failed: HTTP probe failed with statuscode: 404",
                count=times,
                since=7.0 + number,
            )
        r.mark_unready(8, pod)
        r.logs(
            (9.0 + number, 60.0 + number, 130.0 + number),
            "catalog",
            '{"level":"info","event":"http.request","method":"GET","path":"/_readyz","status":404}',
            "info",
        )
    r.no_endpoints(12, "catalog")
    r.unavailable(13, "catalog")
    for caller in ("storefront", "search"):
        r.failures(
            every(14, 220, 21),
            ("ingress-nginx-controller", "storefront", "catalog") if caller == "storefront" else ("search", "catalog"),
            "connect ECONNREFUSED 10.96.3.71:3000",
            error_type="ECONNREFUSED",
            milliseconds=3,
        )
        r.disturb(caller, "catalog", 12, errors=1.0)
    r.burn(160, "storefront")


@story(BANK, "probe", Truth("ledger", "probe_misconfigured"), decoy=True)
def liveness_asks_too_soon(r: Recording) -> None:
    recent_rollout(r, "notifications", "2.30.3")
    pods = r.rollout(0, "ledger", names=("livenessProbe.initialDelaySeconds", "livenessProbe.timeoutSeconds"))
    for number, pod in enumerate(pods):
        probe = r.objects.get("Pod", pod.name, pod.namespace)["spec"]["containers"][0]["livenessProbe"]
        probe |= {"initialDelaySeconds": 3, "timeoutSeconds": 1, "periodSeconds": 3, "failureThreshold": 2}
        for turn, begin in enumerate((8.0, 46.0, 88.0, 140.0)):
            at = begin + 2 * number
            r.event(
                at,
                pod,
                "Unhealthy",
                f'Liveness probe failed: Get "http://{pod.address}:8080/actuator/health/readiness": dial tcp {pod.address}:8080: connect: connection refused',
                count=2 * turn + 2,
                since=8.0 + 2 * number,
            )
            r.normal(at + 0.2, pod, "Killing", "Container ledger failed liveness probe, will be restarted")
            r.ended(at + 3, pod, "Error", 143, restarts=turn + 1)
            r.log(at - 4, pod, "o.s.boot.StartupInfoLogger : Starting LedgerApplication v2.30.1 using Java 21.0.5 with PID 1", "info")
            r.normal(at + 4, pod, "Started", "Started container ledger")
        r.mark_unready(5, pod)
    r.no_endpoints(7, "ledger")
    r.failures(
        every(8, 190, 12),
        ("istio-ingressgateway", "web-bff", "accounts", "ledger"),
        "no healthy upstream",
        error_type="503",
        status=503,
        outer=503,
    )
    r.failures(
        every(13, 190, 26),
        ("web-bff", "transfers", "ledger"),
        '503 Service Unavailable: "no healthy upstream"',
        error_type="HttpServerErrorException",
        status=503,
        outer=500,
    )
    for caller in ("accounts", "transfers"):
        r.disturb(caller, "ledger", 6, errors=0.97)
    r.burn(150, "accounts")


@story(TELEMETRY, "probe", Truth("device-registry", "probe_misconfigured"))
def liveness_on_a_port_nobody_listens_on(r: Recording) -> None:
    pods = r.rollout(0, "device-registry", names=("livenessProbe",))
    for number, pod in enumerate(pods):
        r.objects.get("Pod", pod.name, pod.namespace)["spec"]["containers"][0]["livenessProbe"]["httpGet"]["port"] = 8081
        r.log(6.0 + number, pod, "info: Microsoft.Hosting.Lifetime[14] Now listening on: http://[::]:8080", "info")
        for turn, begin in enumerate((34.0, 72.0, 112.0, 168.0, 251.0)):
            at = begin + 3 * number
            r.event(
                at - 1,
                pod,
                "Unhealthy",
                f'Liveness probe failed: Get "http://{pod.address}:8081/healthz": dial tcp {pod.address}:8081: connect: connection refused',
                count=3 * turn + 3,
                since=14,
            )
            r.normal(at, pod, "Killing", "Container device-registry failed liveness probe, will be restarted")
            r.log(at + 0.4, pod, "info: Microsoft.Hosting.Lifetime[0] Application is shutting down...", "info")
            r.unready(at + 1, pod)
        message = f"Back-off restarting failed container device-registry in pod {pod.name}_{pod.namespace}({pod.uid})"
        r.event(176.0 + number, pod, "BackOff", message, count=4, since=150)
    refused = 'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.96.55.8:8080: connect: connection refused"'
    r.failures(every(36, 270, 19), ("ingest-gateway", "device-registry"), refused, error_type="Unavailable", milliseconds=5)
    r.disturb("ingest-gateway", "device-registry", 34, errors=0.35)
    r.disturb("dashboard", "device-registry", 34, errors=0.35)
    r.alert(
        290,
        "KubePodCrashLooping",
        "Pod is crash looping.",
        pod=pods[0].name,
        namespace="beacon",
        container="device-registry",
        pending="15m",
    )


@story(ML, "probe", Truth("model-server", "startup_too_slow"))
def model_takes_longer_than_allowed(r: Recording) -> None:
    pods = r.rollout(0, "model-server", image="registry.quarry.example/ml/model-server:24.09-large")
    for number, pod in enumerate(pods):
        for turn, begin in enumerate((65.0, 132.0, 201.0)):
            at = begin + 4 * number
            r.log(at - 57, pod, "I0505 09:14:02.118 1 model_lifecycle.cc:472] loading: ranker-xl:7", "info")
            r.event(
                at,
                pod,
                "Unhealthy",
                f'Startup probe failed: Get "http://{pod.address}:8001/v2/health/ready": dial tcp {pod.address}:8001: connect: connection refused',
                count=12 * (turn + 1),
                since=9,
            )
            r.normal(at + 0.3, pod, "Killing", "Container model-server failed startup probe, will be restarted")
            r.ended(at + 6, pod, "Error", 137, restarts=turn + 1)
        r.mark_unready(5, pod)
    r.no_endpoints(8, "model-server")
    r.unavailable(9, "model-server")
    unavailable = '<_InactiveRpcError of RPC that terminated with: status = StatusCode.UNAVAILABLE details = "failed to connect to all addresses; last error: UNKNOWN: ipv4:10.96.201.4:8001: Failed to connect to remote host: Connection refused">'
    r.failures(every(10, 260, 16), ("portal", "api", "model-server"), unavailable, error_type="UNAVAILABLE")
    r.logs(every(12, 260, 30), "api", "ERROR api.predict: inference for request {n} failed: StatusCode.UNAVAILABLE")
    r.disturb("api", "model-server", 8, errors=1.0)
    r.burn(170, "api")
