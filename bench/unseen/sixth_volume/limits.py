"""Tables of a kernel that are full, and clocks that are wrong."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import nightly_job
from bench.unseen.events import every
from bench.unseen.sixth_volume.hosts import callers_suffer
from bench.unseen.sixth_volume.press import PRESS
from bench.unseen.sixth_volume.telling import END, grafana, sixth
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

LATE = "aks-meter-20417733-vmss000002"


@sixth(PRESS, "limits of machines", Truth("press-worker-01", "conntrack_exhaustion", "node"), decoy=True)
def table_of_connections_is_full(r: Recording) -> None:
    """A machine tracks as many connections as it can, and drops the first packet of every other."""
    nightly_job(r, "print-export", at=-90)
    node = "press-worker-01"
    r.metric(-16, r.of("Node", node), "node_nf_conntrack_entries_ratio", 0.93, 0.75, intent="metric.conntrack.high")
    for at in every(0, END, 9):
        r.node_log(r.nearly(at, 3), node, "nf_conntrack: nf_conntrack: table full, dropping packet")
    callers_suffer(r, node, 2, "connect ETIMEDOUT", "ETIMEDOUT", until=230, step=60)
    for call in PRESS.calls:
        pods = [pod for pod in r.objects.pods_ever(call.caller) if pod.node == node]
        for at in every(8, 230, 75) if pods else ():
            r.span(
                r.nearly(at, 30),
                call.caller,
                call.callee,
                call.operation,
                error="connect ETIMEDOUT",
                error_type="ETIMEDOUT",
                milliseconds=3_000,
                by=pods,
            )
    lines = {
        "site": '[2026-09-08T10:00:00.000000+00:00] doctrine.CRITICAL: SQLSTATE[HY000] [2002] Connection timed out {"attempt":{n}} []',
        "live-blog": '{"level":50,"time":"2026-09-08T10:00:00.000Z","name":"live-blog","err":{"code":"ETIMEDOUT","syscall":"connect"},"id":{n},"msg":"posts not read"}',
    }
    for pod in r.objects.apps_on(node):
        for at in every(11, END, 23) if pod.app in lines else ():
            r.log(r.nearly(at, 5), pod, lines[pod.app].replace("{n}", str(r.random.randrange(1_000, 9_999))))
    grafana(r, 88, "Live readers", "2210 (usually > 4000)", team="live", severity="warning")
    r.alert(205, "NodeHighNumberConntrackEntriesUsed", "99.98% of conntrack entries are used.", instance=node, namespace="monitoring")


@sixth(WATER, "limits of machines", Truth(LATE, "clock_skew", "node"))
def clock_of_a_machine_is_minutes_ahead(r: Recording) -> None:
    """After a pause of its virtual machine a node's clock is minutes ahead; what compares times refuses what comes from there."""
    r.node_log(-3, LATE, "hv_utils: TimeSync IC version 4.0; host time sample rejected", level="warning")
    r.node_log(0, LATE, "System clock wrong by -418.220518 seconds", level="warning", program="chronyd")
    r.node_log(64, LATE, "Can't synchronise: no majority", level="warning", program="chronyd")
    others = {app: [pod for pod in r.pods(app) if pod.node != LATE] or r.pods(app) for app in ("device-twin", "usage-api", "minio")}
    on_it = {pod.app: pod for pod in r.objects.apps_on(LATE)}
    early = "** (Joken.Error) Token is invalid: nbf is in the future by 418 s"
    for at in every(3, END, 12):
        pod = others["device-twin"][round(at) % len(others["device-twin"])]
        r.log(r.nearly(at), pod, "[warning] device token refused: " + early, "warning")
    for at in every(6, END, 16):
        r.span(
            r.nearly(at),
            "emqx",
            "device-twin",
            "POST /auth/device",
            error="401 Unauthorized: token used before issued",
            error_type="401",
            status=401,
            milliseconds=6,
        )
        r.span(
            r.nearly(at + 4),
            "customer-portal",
            "usage-api",
            "GET /v1/usage/{meter}",
            error="401 Unauthorized: The token is not yet valid (iat)",
            error_type="401",
            status=401,
            milliseconds=4,
        )
    for at in every(20, END, 30):
        r.span(
            r.nearly(at),
            "flink-taskmanager",
            "minio",
            "PUT /checkpoints/{key}",
            error="RequestTimeTooSkewed: The difference between the request time and the server's time is too large.",
            error_type="RequestTimeTooSkewed",
            status=403,
            milliseconds=5,
            by=[pod for pod in r.pods("flink-taskmanager") if pod.node == LATE],
        )
    for pair, share in ((("emqx", "device-twin"), 0.3), (("customer-portal", "usage-api"), 0.3), (("flink-taskmanager", "minio"), 0.3)):
        r.disturb(*pair, 4, errors=share)
    for at in every(9, END, 22):
        r.log(
            r.nearly(at),
            on_it.get("usage-api", r.pod("usage-api")),
            "2026-12-08 10:00:00,000 INFO usage_api.tokens issued service token",
            "info",
        )
        r.log(
            r.nearly(at + 3),
            others["usage-api"][0],
            "2026-12-08 10:00:00,000 WARNING usage_api.tokens jwt.exceptions.ImmatureSignatureError: The token is not yet valid (iat)",
            "warning",
        )
    r.alert(
        228,
        "NodeClockSkewDetected",
        f"Clock at {LATE} is out of sync by more than 0.05s. Ensure NTP is configured correctly on this host.",
        instance=LATE,
        pending="3m",
    )
