"""Settings with a slip of the pen, and switches that were thrown too early."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import old_crash_loop, recent_rollout, unrelated_alert
from bench.unseen.events import every
from bench.unseen.second_volume.freight import FREIGHT
from bench.unseen.second_volume.gable import GABLE
from bench.unseen.second_volume.hearth import HEARTH
from bench.unseen.second_volume.telling import broken, held_up, monitor, restarts_with, second
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

ENDS = (9.0, 24.0, 50.0, 102.0, 190.0)


@second(FREIGHT, "settings", Truth("route-planner", "config_error"))
def number_where_a_list_was_meant(r: Recording) -> None:
    r.change(0, r.of("ConfigMap", "route-planner-config"), "data changed: planner.toml", "config", ("planner.toml",))
    pods = r.rollout(3, "route-planner", what="template", names=("annotations.checksum/config",))
    line = "thread 'main' panicked at src/main.rs:41:39: planner.toml: TOML parse error at line 18, column 13: invalid type: integer `3`, expected a sequence"
    restarts_with(r, pods, 4, line, ENDS, code=101)
    r.no_endpoints(8, "route-planner")
    r.unavailable(9, "route-planner")
    broken(
        r,
        ("eta-worker", "route-planner"),
        "io.grpc.StatusRuntimeException: UNAVAILABLE: io exception: finishConnect(..) failed: Connection refused: route-planner/10.96.5.5:8080",
        since=9,
        error_type="UNAVAILABLE",
        step=9,
        milliseconds=3,
        more={"rpc.grpc.status_code": 14},
    )
    r.logs(
        every(10, 240, 15),
        "eta-worker",
        "ERROR [fre.tid.eta.Consumer] no route for {n}: io.grpc.StatusRuntimeException: UNAVAILABLE: io exception",
    )
    r.alert(120, "EtaMissing", "61% of parcels have no arrival time", team="planning")


@second(GABLE, "settings", Truth("identity", "config_error"), decoy=True)
def comma_too_many(r: Recording) -> None:
    old_crash_loop(r, "csv-importer")
    r.change(
        0, r.of("ConfigMap", "identity-settings"), "data changed: appsettings.Production.json", "config", ("appsettings.Production.json",)
    )
    pods = r.rollout(5, "identity", what="template", names=("annotations.kubectl.kubernetes.io/restartedAt",), keeps_old=False)
    line = "Unhandled exception. System.IO.InvalidDataException: Failed to load configuration from file '/app/appsettings.Production.json'. ---> System.FormatException: Could not parse the JSON file. ---> System.Text.Json.JsonReaderException: The JSON object contains a trailing comma at the end which is not supported in this mode. LineNumber: 22"
    restarts_with(r, pods, 5, line, ENDS, code=139)
    r.no_endpoints(10, "identity")
    r.unavailable(11, "identity")
    broken(
        r,
        ("traefik", "portal", "identity"),
        "Faraday::ConnectionFailed: Failed to open TCP connection to identity:8080 (Connection refused)",
        since=11,
        error_type="Faraday::ConnectionFailed",
        step=8,
        outer=500,
        milliseconds=3,
    )
    r.logs(
        every(12, 240, 14), "portal", "E, [2026-08-11T10:00:00.0 #1] ERROR -- : [{n}] SessionGate::Unavailable (identity did not answer)"
    )
    monitor(r, 70, "[gable] Logins fail", "success rate 0%, threshold 97%", service="portal", env="prod")
    r.burn(140, "portal")


@second(HEARTH, "feature flag", Truth("chat-api", "config_error"), decoy=True)
def flag_for_a_ranker_that_is_not_ready(r: Recording) -> None:
    unrelated_alert(r, "vector-db")
    r.change(0, r.of("ConfigMap", "chat-flags"), "data changed: flags.yaml", "config", ("flags.yaml",))
    r.logs((31.0, 33.0, 36.0), "chat-api", "INFO:chat_api.flags:flags reloaded, changed: rerank.cross_encoder=on", "info")
    r.logs(
        every(38, 240, 9),
        "chat-api",
        "ERROR:    Exception in ASGI application: KeyError: 'cross_encoder' in /app/chat_api/rerank.py line 77, in pick",
    )
    broken(
        r,
        ("istio-ingressgateway", "prompt-gateway", "chat-api"),
        "Request failed with status code 500",
        since=37,
        error_type="500",
        status=500,
        step=8,
        share=0.7,
        outer=502,
        milliseconds=55,
    )
    r.burn(130, "prompt-gateway")
    r.alert(150, "CompletionErrorRatio", "70% of completions fail", service="chat-api", namespace="hearth", severity="critical")


@second(GABLE, "feature flag", Truth("portal", "config_error"), decoy=True)
def switch_to_rendering_for_each_visitor(r: Recording) -> None:
    recent_rollout(r, "search", "2026.31.2", at=-150)
    r.change(0, r.of("ConfigMap", "portal-flags"), "data changed: flipper.yml", "config", ("flipper.yml",))
    r.logs(
        (22.0, 25.0, 27.0),
        "portal",
        "I, [2026-08-11T10:00:00.0 #1]  INFO -- : Flipper: personalised_home enabled for 100% of actors",
        "info",
    )
    held_up(r, ("traefik", "portal"), 6_800, since=26, step=8)
    r.logs(
        every(29, 240, 13),
        "portal",
        "W, [2026-08-11T10:00:00.0 #1]  WARN -- : [{n}] Completed 200 OK in 6912ms (Views: 6480.2ms | ActiveRecord: 210.9ms)",
        "warning",
    )
    r.logs(
        every(60, 240, 20),
        "traefik",
        '10.0.3.9 - - "GET /acme HTTP/2.0" 504 15 "-" "-" {n} "portal@kubernetescrd" "http://10.244.5.5:3000" 10001ms',
        "warning",
    )
    for number, pod in enumerate(r.pods("portal")):
        r.metric(90 + 4 * number, pod, "puma.backlog", 31, 5)
    monitor(r, 130, "[gable] p95 of portal", "6.9 s, threshold 1.5 s", service="portal", env="prod")
