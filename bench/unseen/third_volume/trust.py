"""Who is no longer believed, and who may no longer do what it does."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.second_volume.telling import broken
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.arena import ARENA
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.third_volume.telling import GRPC_UNAVAILABLE, google_alert, grafana_alert
from bench.unseen.truths import Truth


def _handshakes_fail(r: Recording) -> None:
    for number, pod in enumerate(r.pods("agones-allocator")):
        for at in every(1.5 + 3 * number, 240, 10):
            r.log(
                r.nearly(at),
                pod,
                f'{{"message":"http: TLS handshake error from 10.132.0.{31 + number}:{50_100 + int(at) * 3}: remote error: tls: bad certificate","severity":"warning","source":"main"}}',
                "warning",
            )


@third(ARENA, "trust", Truth("agones-allocator", "certificate"))
def renewed_certificate_was_never_read(r: Recording) -> None:
    # It was renewed weeks ago in its Secret; pods that are older than that still show the former one.
    now, end = r.time(2)[:19] + "Z", r.second(0)
    expired = f'connection error: desc = "transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time {now} is after {end}"'
    quoted = expired.replace('"', '\\"')
    _handshakes_fail(r)
    broken(
        r,
        ("session-gateway", "matchmaker", "room-allocator", "agones-allocator"),
        f"rpc error: code = Unavailable desc = {expired}",
        since=2,
        step=11,
        error_type="UNAVAILABLE",
        milliseconds=9,
        outer=503,
        more=GRPC_UNAVAILABLE,
    )
    r.logs(
        every(3, 240, 9),
        "room-allocator",
        '{"level":"error","caller":"claim/claim.go:97","msg":"claim failed","room":"r{n}","error":"rpc error: code = Unavailable desc = '
        + quoted
        + '"}',
    )
    r.logs(
        every(12, 240, 21),
        "matchmaker",
        '{"timestamp":"-","level":"ERROR","fields":{"message":"claim failed, match {n} goes back to the pool","error":"status: Unavailable"},"target":"matchmaker::rooms"}',
    )
    google_alert(
        r,
        95,
        "Matches started per minute (prod)",
        "Condition 'rate below floor' for workload.googleapis.com/match_started is below the threshold of 40 with a value of 0.",
        severity="critical",
    )
    r.alert(
        185,
        "MatchQueueStalled",
        "No match was made for two minutes in europe-west3",
        severity="critical",
        team="live-ops",
        region="europe-west3",
    )


@third(REEL, "trust", Truth("transcoder", "access_denied"))
def policy_of_the_store_lost_a_line(r: Recording) -> None:
    # Policies are the store's own business: nothing of this is an object of the cluster. Reading goes on.
    denied = 'level=error msg="upload failed" job={n} attempt=5 bucket=renditions err="Access Denied."'
    r.logs(every(0, 260, 7), "transcoder", denied, error_type="AccessDenied")
    r.logs(
        every(9, 260, 19), "transcoder", 'level=warn msg="job goes back to the queue" job={n} reason="upload failed" requeues=3', "warning"
    )
    r.metric(60, r.pod("minio"), "minio_s3_requests_4xx_errors_rate{api=putobject}", 38, 1)
    r.disturb("transcoder", "minio", 0, errors=0.97, slower=0.2)
    for at in every(80, 260, 31):
        r.log(
            r.nearly(at),
            "playback-api",
            f'time=- level=WARN msg="rendition missing, falling back" video=v{91_000 + int(at)} want=1080p have=source',
            "warning",
        )
    r.disturb("traefik", "playback-api", 85, errors=0.02, slower=1.5)
    grafana_alert(r, 150, "Time to publish p50", "no upload was published for 2m", folder="video", severity="error")
    r.alert(240, "TranscodeBacklog", "860 uploads wait to be published", team="video")
