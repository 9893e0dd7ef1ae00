"""Those who wait for their turn: at a pool that is too small, in a queue that is too long."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import unrelated_alert
from bench.unseen.events import every
from bench.unseen.second_volume.telling import broken, held_up
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.third_volume.telling import azure_alert, grafana_alert
from bench.unseen.third_volume.ward import WARD
from bench.unseen.truths import Truth

EXHAUSTED = "System.InvalidOperationException: Timeout expired.  The timeout period elapsed prior to obtaining a connection from the pool.  This may have occurred because all pooled connections were in use and max pool size was reached."


@third(WARD, "waits", Truth("admissions", "pool_exhaustion"))
def rounds_begin_with_ten_connections(r: Recording) -> None:
    # The smaller pool came with last night's tidying of connection strings, and is enough until the wards wake up.
    for number, pod in enumerate(r.rollout(-186, "admissions", what="environment", names=("values",))):
        r.ready(-170 + number, pod)
        for at in every(16 + 4 * number, 250, 9):
            line = (
                '{"@t":"-","@mt":"An exception occurred while iterating over the results of a query for context type {contextType}","@l":"Error","contextType":"Care.Admissions.Data.CareContext","@x":"'
                + EXHAUSTED
                + '"}'
            )
            r.log(r.nearly(at), pod, line, error_type="System.InvalidOperationException")
        r.metric(40 + 5 * number, pod, "db_client_connections_pending_requests", 37, 5)
    held_up(r, ("ward-portal", "admissions"), 4_600, since=0, until=250, step=12)
    path = ("ingress-nginx-controller", "ward-portal", "admissions")
    broken(
        r,
        path,
        "Request failed with status code 500",
        since=17,
        until=250,
        step=12,
        status=500,
        error_type="500",
        milliseconds=15_010,
        outer=500,
        share=0.35,
        slower=220,
    )
    r.metric(75, r.pod("care-sql"), "mssql_user_connections", 61, 400, above=False)
    r.logs(
        every(21, 250, 23),
        "ward-portal",
        '{"level":50,"time":17917672{n},"name":"ward-portal","err":{"type":"AxiosError","message":"Request failed with status code 500"},"msg":"admission list failed"}',
    )
    azure_alert(r, 118, "admissions-5xx", "requests/failed of admissions is 143, greater than 10", resource="ward-suite-prod")
    r.burn(200, "ward-portal")


@third(REEL, "waits", Truth("transcoder", "queue_backlog"), decoy=True)
def archive_of_a_partner_arrives_at_once(r: Recording) -> None:
    unrelated_alert(r, "report-viewer")
    for at, depth in ((0.0, 310), (60.0, 1_940), (120.0, 3_620), (180.0, 4_080), (240.0, 4_066)):
        r.metric(at, r.of("Deployment", "transcoder"), "transcode_jobs_waiting", depth, 200, intent="metric.queue.depth")
    for number, pod in enumerate(r.pods("transcoder")):
        r.metric(30 + 4 * number, pod, "container_cpu_usage_ratio", 0.99, 0.85, intent="metric.cpu.high")
        for at in every(-60 + 9 * number, 250, 27):
            r.log(
                r.nearly(at),
                pod,
                f'level=info msg="job done" job={88_000 + int(at)} took=26.4s source=partner-archive waited={max(3, int(at) + 60)}s',
                "info",
            )
    for at in every(75, 250, 19):
        line = (
            f'level=warn msg="job waited longer than its class allows" job={89_000 + int(at)} class=live-clip waited={int(at)}s allowed=60s'
        )
        r.log(r.nearly(at), r.pods("transcoder")[int(at) % 3], line, "warning")
    for at in every(90, 250, 34):
        r.log(
            r.nearly(at),
            "playback-api",
            f'time=- level=WARN msg="rendition missing, falling back" video=v{92_000 + int(at)} want=1080p have=source',
            "warning",
        )
    r.disturb("transcoder", "minio", -20, errors=0.0, slower=1.3)
    grafana_alert(r, 130, "Clips late", "p90 of time to publish 4m 10s, above 1m for 1m", folder="video")
    r.alert(210, "TranscodeBacklog", "4,080 uploads wait to be published", team="video")
