"""Passwords and keys that are gone, or that only one side has changed."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.telling import END, access, sixth, traces_fail
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(CARDS, "secrets", Truth("merchant-api", "missing_config"))
def secret_was_tidied_away(r: Recording) -> None:
    """Somebody deletes a Secret that looked unused; the pods that come next cannot be made."""
    r.objects.remove("Secret", "merchant-api-oracle")
    r.change(-110, r.of("Secret", "merchant-api-oracle"), "deleted", "deleted", (), action="DELETED")
    pods = r.rollout(0, "merchant-api", what="template", names=("annotations.kubectl.kubernetes.io/restartedAt",), starts=False)
    missing = 'Error: secret "merchant-api-oracle" not found'
    for number, pod in enumerate(pods):
        for times, after in enumerate((3.0, 14.0, 41.0, 79.0, 133.0, 207.0), start=1):
            r.normal(
                after + number - 0.4, pod, "Pulled", f'Container image "{CARDS.workload("merchant-api").image}" already present on machine'
            )
            r.event(after + number, pod, "Failed", missing, count=2 * times, since=3)
        r.waits(4 + number, pod, "CreateContainerConfigError", missing.removeprefix("Error: "))
    r.no_endpoints(5, "merchant-api")
    r.unavailable(5.4, "merchant-api")
    r.silent["merchant-api"] = 4
    traces_fail(r, ("istio-ingressgateway", "merchant-api"), "503", since=6, status=503, kind="503", step=9, milliseconds=1)
    access(
        r, every(6, END, 12), "istio-ingressgateway", "merchant-api", status=503, flags="UH", details="no_healthy_upstream", milliseconds=0
    )
    r.alert(
        190,
        "KubeDeploymentReplicasMismatch",
        "Deployment acquiring/merchant-api has not matched the expected number of replicas for longer than 3 minutes.",
        deployment="merchant-api",
        namespace="acquiring",
        pending="3m",
    )
    r.alert(
        228,
        "KubeContainerWaiting",
        f'pod/{pods[0].name} in namespace acquiring on container merchant-api has been in waiting state for longer than 3 minutes. (reason: "CreateContainerConfigError")',
        pod=pods[0].name,
        namespace="acquiring",
        container="merchant-api",
        pending="3m",
    )


@sixth(WATER, "secrets", Truth("device-twin", "credentials_rotated"))
def role_has_a_new_password_that_its_program_does_not_know(r: Recording) -> None:
    """A quarterly change of passwords reached the database and not the program; connections die one by one as they are renewed."""
    r.logs(every(2, END, 8), "timescale", '2026-12-08 10:00:00.000 UTC [{n}] FATAL:  password authentication failed for user "twin_rw"')
    r.logs(
        every(2.4, END, 24),
        "timescale",
        '2026-12-08 10:00:00.000 UTC [{n}] DETAIL:  Connection matched file "/home/postgres/pgdata/data/pg_hba.conf" line 14: "hostssl all all all scram-sha-256"',
        "info",
    )
    for number, pod in enumerate(r.pods("device-twin")):
        for at in every(3 + 2 * number, END, 17):
            r.log(
                r.nearly(at),
                pod,
                '[error] Postgrex.Protocol (#PID<0.3412.0>) failed to connect: ** (Postgrex.Error) FATAL 28P01 (invalid_password) password authentication failed for user "twin_rw"',
            )
    timeout = "** (DBConnection.ConnectionError) connection not available and request was dropped from queue after 2988ms. This means requests are coming in and your connection pool cannot serve them fast enough."
    traces_fail(
        r,
        ("kong", "device-twin", "timescale"),
        timeout,
        since=30,
        step=12,
        share=0.7,
        kind="DBConnection.ConnectionError",
        milliseconds=2_988,
        more={"db.system.name": "postgresql"},
    )
    traces_fail(
        r, ("emqx", "device-twin"), "500 Internal Server Error", since=32, step=14, share=0.7, status=500, kind="500", milliseconds=3_004
    )
    r.logs(
        every(33, END, 11),
        "emqx",
        "2026-12-08T10:00:00.000000+00:00 [error] clientid: m{n}, msg: http_auth_ignored, tag: AUTHN, resource: authn:http:post, status_code: 500, peername: 10.61.8.4:40112",
    )
    r.alert(200, "MetersRefused", "62% of connecting meters are refused", team="field", service="emqx")
