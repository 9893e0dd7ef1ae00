"""Programs that do not get as far as their work."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.sixth_volume.press import PRESS, REGISTRY
from bench.unseen.sixth_volume.telling import END, grafana, readings_are_stale, says_and_ends, sixth, trace_fails, traces_fail
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(WATER, "starts", Truth("frame-decoder", "bad_command"))
def flag_that_the_program_does_not_have(r: Recording) -> None:
    """Arguments of a container were edited by hand, one with a slip."""
    pods = r.rollout(0, "frame-decoder", what="template", names=("containers.frame-decoder.args",))
    line = "error: unexpected argument '--batch-frame' found\n\n  tip: a similar argument exists: '--batch-frames'\n\nUsage: frame-decoder --broker <BROKER> --batch-frames <BATCH_FRAMES> --sink <SINK>\n\nFor more information, try '--help'."
    says_and_ends(r, pods, 3, line, (1.5, 15.0, 41.0, 93.0, 180.0), code=2)
    r.unavailable(8, "frame-decoder")
    r.silent["frame-decoder"] = 5
    r.logs(
        every(14, END, 10),
        "emqx",
        "2026-12-08T10:00:00.000000+00:00 [warning] clientid: m{n}, msg: dropped_msg_due_to_no_subscriber, topic: up/{n}",
        "warning",
    )
    r.metric(60, r.pod("emqx"), "emqx_messages_dropped_no_subscribers_rate", 3_900, 50)
    r.logs(
        every(70, END, 29),
        "leak-detector",
        "2026-12-08 10:00:00,000 WARNING leak_detector.windows empty window, flow sum not updated ({n})",
        "warning",
    )
    readings_are_stale(r, every(80, END, 31), 6, 220)


@sixth(PRESS, "starts", Truth("newsdesk", "init_failure"))
def migration_finds_its_column_there_already(r: Recording) -> None:
    """Before a release starts its init container migrates the database, and fails each time at the same statement."""
    image = f"{REGISTRY}/newsdesk:2026-09-09"
    pods = r.rollout(0, "newsdesk", image=image, starts=False)
    line = "rake aborted!\nStandardError: An error has occurred, all later migrations canceled:\n\nTrilogy::ProtocolError: 1060: Duplicate column name 'embargo_until'\n/app/db/migrate/20260907091544_add_embargo_to_articles.rb:3:in 'AddEmbargoToArticles#change'\n\nCaused by:\nActiveRecord::StatementInvalid: Trilogy::ProtocolError: 1060: Duplicate column name 'embargo_until'\n\nTasks: TOP => db:migrate"
    for pod in pods:
        r.normal(3, pod, "Started", "Started container db-migrate")
        r.objects.get("Pod", pod.name)["status"]["phase"] = "Pending"
    says_and_ends(r, pods, 4, line, (9.0, 31.0, 66.0, 121.0, 212.0), container="db-migrate")
    r.no_endpoints(6, "newsdesk")
    r.unavailable(7, "newsdesk")
    r.silent["newsdesk"] = 4
    traces_fail(r, ("haproxy-ingress", "newsdesk"), "503 Service Unavailable", since=7, status=503, kind="503", step=11, milliseconds=1)
    r.logs(
        every(8, END, 17),
        "haproxy-ingress",
        '10.20.3.9:{n} [08/Sep/2026:10:00:00.000] _front_https~ newsroom_newsdesk_3000/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 71/70/0/0/0 0/0 "GET /articles HTTP/2.0"',
        "warning",
    )
    for at in (60.0, 160.0):
        trace_fails(
            r,
            at,
            ("site", "ads.bidstream.example"),
            'Idle timeout reached for "https://ads.bidstream.example/v3/slots".',
            kind="TransportException",
            milliseconds=800,
        )
    grafana(r, 120, "Editors cannot save", "success=0%", team="editors", severity="critical")
