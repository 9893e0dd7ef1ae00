"""Programs that would be well if they had been told the right thing: variables, keys, files, passwords, names and commands."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import old_crash_loop, recent_rollout, scaled_elsewhere, unrelated_alert
from bench.unseen.events import every
from bench.unseen.more_applications import ML, TELEMETRY
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story


@story(BANK, "configuration", Truth("transfers", "config_error"), decoy=True)
def variable_left_out(r: Recording) -> None:
    unrelated_alert(r, "fraud-check")
    pods = r.rollout(0, "transfers", what="environment", names=("LEDGER_API_KEY",))
    for number, pod in enumerate(pods):
        begin = 16.0 + 2 * number
        for after in (0.0, 25.0, 66.0, 131.0):
            r.log(
                begin + after - 0.6,
                pod,
                "o.s.boot.SpringApplication : Application run failed org.springframework.beans.factory.BeanCreationException: Error creating bean with name 'ledgerClient': Injection of autowired dependencies failed; nested exception is java.lang.IllegalArgumentException: Could not resolve placeholder 'LEDGER_API_KEY' in value \"${LEDGER_API_KEY}\"",
                error_type="BeanCreationException",
            )
        r.crash_loop(begin, pod, (0.0, 25.0, 66.0, 131.0), 1)
    r.no_endpoints(10, "transfers")
    r.unavailable(11, "transfers")
    r.silent["transfers"] = 4
    line = '[2026-03-03T10:00:00.000Z] "POST /transfers HTTP/1.1" 503 UH no_healthy_upstream - "-" 611 19 0 - "-" "Java-http-client/21" "{n}" "transfers:8080" "-" outbound|8080||transfers.core-banking.svc.cluster.local'
    r.logs(every(12, 190, 14), "web-bff", line, "warning", container="istio-proxy")
    r.failures(
        every(11, 190, 13), ("istio-ingressgateway", "web-bff", "transfers"), "no healthy upstream", error_type="503", status=503, outer=503
    )
    r.disturb("web-bff", "transfers", 10, errors=1.0)
    r.alert(
        200,
        "KubePodCrashLooping",
        "Pod is crash looping.",
        pod=pods[0].name,
        namespace="core-banking",
        container="transfers",
        pending="15m",
    )


@story(ML, "configuration", Truth("trainer", "missing_config"))
def key_missing_in_secret(r: Recording) -> None:
    r.change(-4, r.of("Secret", "hub-token"), "changed: HF_TOKEN, HUB_TOKEN", "secret", ["HF_TOKEN", "HUB_TOKEN"])
    pods = r.rollout(0, "trainer", names=("annotations.restartedAt",), starts=False)
    for number, pod in enumerate(pods):
        why = "couldn't find key HF_TOKEN in Secret quarry/hub-token"
        for times, at in enumerate((3.0, 15.0, 40.0, 91.0, 163.0), start=1):
            r.event(at + number, pod, "Failed", f"Error: {why}", count=times, since=3.0 + number)
        r.waits(4.0 + number, pod, "CreateContainerConfigError", why)
    r.unavailable(8, "trainer")
    r.silent["trainer"] = 4
    r.alert(
        120,
        "QueueWithoutConsumers",
        "Queue quarry.train has messages and no consumers",
        queue="quarry.train",
        namespace="quarry",
        severity="critical",
        pending="1m",
    )
    r.logs(every(60, 180, 40), "portal", "WARNING portal.experiments: run {n} has been queued for more than 60 seconds", "warning")


@story(SHOP, "configuration", Truth("pricing", "missing_config"))
def mounted_file_does_not_exist(r: Recording) -> None:
    r.change(-1, r.of("ConfigMap", "pricing-rules"), "deleted", "deleted", action="DELETED")
    r.objects.remove("ConfigMap", "pricing-rules")
    pods = r.rollout(0, "pricing", image="ghcr.io/marigold-shop/pricing:5.13.0", starts=False)
    for number, pod in enumerate(pods):
        for times, at in enumerate((2.0, 4.0, 8.0, 33.0, 97.0, 161.0), start=3):
            r.event(
                at + number,
                pod,
                "FailedMount",
                'MountVolume.SetUp failed for volume "rules" : configmap "pricing-rules" not found',
                count=times,
                since=1.0,
            )
        r.mark_unready(2, pod)
    r.no_endpoints(5, "pricing")
    r.silent["pricing"] = 4
    r.failures(
        every(6, 180, 12),
        ("ingress-nginx-controller", "storefront", "checkout", "pricing"),
        "connect ECONNREFUSED 10.96.77.2:3000",
        error_type="ECONNREFUSED",
        milliseconds=3,
    )
    r.logs(
        every(6, 180, 18),
        "checkout",
        '{"level":"error","event":"quote.failed","err":{"code":"ECONNREFUSED","address":"10.96.77.2","port":3000},"order":"{n}"}',
    )
    r.disturb("checkout", "pricing", 5, errors=1.0)
    r.burn(165, "checkout")


@story(TELEMETRY, "configuration", Truth("normalizer", "config_error"), decoy=True)
def typing_error_in_settings(r: Recording) -> None:
    recent_rollout(r, "alert-evaluator", "1.19.1", at=-110)
    r.change(0, r.of("ConfigMap", "normalizer-settings"), "changed: appsettings.Production.json", "config", ["appsettings.Production.json"])
    thrown = "Unhandled exception. System.IO.InvalidDataException: Failed to load configuration from file '/app/settings/appsettings.Production.json'. ---> System.FormatException: Could not parse the JSON file. ---> System.Text.Json.JsonReaderException: '}' is invalid after a value. Expected either ',' or ']'. LineNumber: 41 | BytePositionInLine: 6."
    for number, pod in enumerate(r.pods("normalizer")):
        begin = 20.0 + 6 * number
        r.log(
            begin - 3,
            pod,
            "info: Microsoft.Hosting.Lifetime[0] Application is shutting down... (settings changed on disk, restarting)",
            "info",
        )
        for after in (0.0, 13.0, 38.0, 86.0, 171.0):
            r.log(begin + after - 0.5, pod, thrown, "fatal", error_type="System.IO.InvalidDataException")
        r.crash_loop(begin, pod, (0.0, 13.0, 38.0, 86.0, 171.0), 134)
        r.silent[pod.name] = begin - 3
    r.silent["normalizer"] = 34
    r.unavailable(36, "normalizer")
    r.alert(
        150,
        "ConsumerLagHigh",
        "Consumer group normalizer is 903,000 records behind on raw.metrics",
        consumergroup="normalizer",
        topic="raw.metrics",
        namespace="beacon",
        severity="critical",
        pending="1m",
    )
    r.alert(160, "DashboardDataStale", "Newest data point is older than 2 minutes", service="dashboard", namespace="beacon", pending="2m")
    r.logs(every(95, 230, 30), "stream-joiner", "warn: Beacon.Joiner.Window[7] No records on clean.metrics for {n} ms", "warning")


@story(BANK, "configuration", Truth("ledger", "credentials_rotated"))
def password_rotated_for_one_side_only(r: Recording) -> None:
    r.change(0, r.of("Secret", "ledger-db-credentials"), "changed: password", "secret", ["password"])
    (owner,) = r.pods("ledger-db")
    for number, pod in enumerate(r.pods("ledger")):
        r.logs(
            (26.0 + number, 60.0 + number, 90.0 + number, 151.0 + number),
            "ledger",
            "c.z.h.p.HikariPool : HikariPool-1 - Connection is not available, request timed out after 30001ms (total=0, active=0, idle=0, waiting=14)",
        )
        r.unready(47.0 + number, pod)
        r.event(45.0 + number, pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", count=4, since=30)
    for at in every(4, 190, 9):
        r.log(r.nearly(at), owner, 'FATAL:  password authentication failed for user "ledger"', "fatal")
    psql = 'org.postgresql.util.PSQLException: FATAL: password authentication failed for user "ledger"'
    r.failures(every(5, 190, 15), ("web-bff", "accounts", "ledger", "ledger-db"), psql, error_type="org.postgresql.util.PSQLException")
    r.failures(
        every(12, 190, 30),
        ("istio-ingressgateway", "web-bff", "transfers", "ledger"),
        "HTTP 500 in POST /entries",
        error_type="500",
        status=500,
    )
    r.no_endpoints(50, "ledger")
    for caller, callee in (("ledger", "ledger-db"), ("accounts", "ledger"), ("transfers", "ledger")):
        r.disturb(caller, callee, 3, errors=0.8)
    r.burn(150, "accounts")


@story(SHOP, "configuration", Truth("catalog", "config_error"), decoy=True)
def misspelt_host_name(r: Recording) -> None:
    old_crash_loop(r, "ab-test-sandbox")
    pods = r.rollout(0, "catalog", what="environment", names=("MONGO_HOST",))
    error = "getaddrinfo ENOTFOUND catalog-mogno"
    for pod in pods:
        for at in every(9, 200, 24):
            r.log(
                r.nearly(at, 4),
                pod,
                '{"level":"error","event":"mongo.connect","err":{"name":"MongoServerSelectionError","message":"getaddrinfo ENOTFOUND catalog-mogno","code":"ENOTFOUND"}}',
            )
        r.unready(36, pod)
        r.event(38, pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500", count=6, since=12)
    r.no_endpoints(40, "catalog")
    for at in every(10, 200, 14):
        r.span(
            at,
            "catalog",
            "",
            "find products",
            error=error,
            error_type="MongoServerSelectionError",
            milliseconds=30_000,
            more={"server.address": "catalog-mogno", "db.system.name": "mongodb"},
        )
    r.failures(
        every(11, 200, 16),
        ("ingress-nginx-controller", "storefront", "catalog"),
        "HTTP 500 in GET /products",
        error_type="500",
        status=500,
        outer=502,
    )
    r.disturb("storefront", "catalog", 8, errors=0.95)
    r.disturb("search", "catalog", 8, errors=0.95)
    r.burn(170, "storefront")


@story(ML, "configuration", Truth("portal", "bad_command"), decoy=True)
def program_not_in_the_image(r: Recording) -> None:
    scaled_elsewhere(r, "api", 4, at=-80)
    pods = r.rollout(0, "portal", names=("command",), starts=False)
    why = 'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "gunicron": executable file not found in $PATH'
    for number, pod in enumerate(pods):
        begin = 4.0 + number
        for times, after in enumerate((0.0, 15.0, 41.0, 88.0), start=1):
            r.event(begin + after, pod, "Failed", f"Error: {why}", count=times, since=begin)
        r.crash_loop(begin + 0.1, pod, (0.0, 15.0, 41.0, 88.0), 128, reason="StartError")
    r.no_endpoints(6, "portal")
    r.unavailable(7, "portal")
    r.silent["portal"] = 4
    r.alert(
        75,
        "BlackboxProbeFailed",
        "https://portal.quarry.example answers 503",
        target="portal",
        instance="https://portal.quarry.example",
        severity="critical",
        pending="1m",
    )


@story(TELEMETRY, "configuration", Truth("device-registry", "init_failure"))
def migration_before_start_fails(r: Recording) -> None:
    (pod, *_rest) = r.rollout(0, "device-registry", image="beacon.azurecr.example/device-registry:3.8.0", starts=False)
    spec = r.objects.get("Pod", pod.name, "beacon")
    spec["spec"]["initContainers"] = [{"name": "migrate", "image": "beacon.azurecr.example/device-registry:3.8.0"}]
    thrown = "Unhandled exception. Microsoft.Data.SqlClient.SqlException (0x80131904): There is already an object named 'IX_Devices_TenantId' in the database. at Microsoft.EntityFrameworkCore.Migrations.Internal.Migrator.MigrateAsync"
    for each in r.pods("device-registry"):
        for number, at in enumerate((11.0, 27.0, 55.0, 104.0, 190.0), start=1):
            r.log(at - 0.4, each, thrown, error_type="Microsoft.Data.SqlClient.SqlException", container="migrate")
            r.state(
                at,
                each,
                "Error",
                "container migrate terminated: Error, exit code 134",
                container="migrate",
                exit_code=134,
                finishedAt=r.second(at),
            )
            if number > 1:
                r.event(
                    at + 1,
                    each,
                    "BackOff",
                    f"Back-off restarting failed container migrate in pod {each.name}_beacon({each.uid})",
                    count=number,
                    since=28,
                )
        r.waits(
            28.5,
            each,
            "CrashLoopBackOff",
            f"back-off 20s restarting failed container=migrate pod={each.name}_beacon({each.uid})",
            container="migrate",
            restarts=2,
        )
        r.mark_unready(1, each)
    r.no_endpoints(6, "device-registry")
    r.silent["device-registry"] = 4
    refused = 'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.96.55.8:8080: connect: connection refused"'
    r.failures(every(8, 210, 13), ("ingest-gateway", "device-registry"), refused, error_type="Unavailable", milliseconds=4)
    r.failures(
        every(15, 210, 40),
        ("dashboard", "device-registry"),
        "System.Net.Http.HttpRequestException: Connection refused (device-registry:8080)",
        error_type="System.Net.Http.HttpRequestException",
    )
    r.disturb("ingest-gateway", "device-registry", 6, errors=1.0)
    r.disturb("dashboard", "device-registry", 6, errors=1.0)
    r.burn(180, "ingest-gateway")
