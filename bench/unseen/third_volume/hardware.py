"""Machines of one's own that break by halves: a port of a switch, a disk."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.third_volume.telling import grafana_alert
from bench.unseen.truths import Truth

CABLE, DISK = "k3s-ams-02", "k3s-ams-03"


def _those_on_the_machine_complain(r: Recording) -> None:
    api, packager = (next(pod for pod in r.pods(app) if pod.node == CABLE) for app in ("playback-api", "packager"))
    for at in every(5, 240, 13):
        r.log(
            r.nearly(at),
            packager,
            f"WARN packager::store: segment read restarted key=seg/{40_000 + int(at)} err=hyper::Error(Body, TimedOut)",
            "warning",
        )
    for at in every(8, 240, 16):
        line = f'time=- level=ERROR msg="manifest failed" video=v{7_000 + int(at)} err="Get \\"http://packager:8080/manifest\\": net/http: timeout awaiting response headers"'
        r.log(r.nearly(at), api, line)
    for at in every(12, 240, 31):
        r.log(
            r.nearly(at),
            api,
            'time=- level=WARN msg="redis slow" cmd=get took=1.04s err="read tcp 10.42.1.19:51880->10.43.12.90:6379: i/o timeout"',
            "warning",
        )
    for at in every(19, 240, 44):
        other = next(pod for pod in r.pods("playback-api") if pod.node != CABLE)
        r.log(
            r.nearly(at),
            other,
            'time=- level=ERROR msg="manifest failed" video=v1 err="read tcp 10.42.0.7:40112->10.43.77.12:8080: read: connection reset by peer"',
        )
    for number, pod in enumerate((api, packager)):
        for count, at in enumerate(every(26 + 3 * number, 230, 57), start=1):
            why = f'Readiness probe failed: Get "http://{pod.address}:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
            r.event(at, pod, "Unhealthy", why, count=count)
    for at in every(15, 240, 52):
        r.log(
            r.nearly(at),
            r.pod("coredns", 1),
            "[ERROR] plugin/errors: 2 forge.reel.example. AAAA: read udp 10.42.1.4:38811->10.7.0.53:53: i/o timeout",
        )


@third(REEL, "hardware", Truth(CABLE, "node_network_fault", "node"))
def one_link_of_the_bond_eats_packets(r: Recording) -> None:
    # The bond never sees the link down, so a share of all flows of this machine loses packets, mostly the large ones.
    about = r.of("Node", CABLE)
    r.node_log(0, CABLE, "mlx5_core 0000:41:00.1: mlx5e_rx_err_cqe: 118 callbacks suppressed", level="warning")
    for at in every(2, 230, 38):
        r.node_log(
            r.nearly(at, 9),
            CABLE,
            "mlx5_core 0000:41:00.1 ens2f1np1: Error cqe on cqn 0x4d1, ci 0x2a, qn 0x10c6, opcode 0xd, syndrome 0x1, vendor syndrome 0x68",
            level="error",
        )
    for at, rate in ((31.0, 2_310.0), (91.0, 2_804.0), (151.0, 2_655.0)):
        r.metric(at, about, "node_network_receive_errs_rate{device=ens2f1np1}", rate, 10, intent="metric.network.errors")
    r.metric(96, about, "node_netstat_Tcp_RetransSegs_ratio", 0.14, 0.02, intent="metric.network.retransmits")
    _those_on_the_machine_complain(r)
    r.disturb("playback-api", "packager", 4, errors=0.2, slower=22)
    r.disturb("playback-api", "play-redis", 6, errors=0.03, slower=60)
    r.disturb("packager", "minio", 4, errors=0.12, slower=30)
    r.disturb("traefik", "playback-api", 7, errors=0.1, slower=9)
    grafana_alert(r, 160, "Rebuffering ratio", "3.9% of play time, above 1% for 2m", folder="video", severity="critical")
    r.alert(
        215,
        "NodeNetworkReceiveErrs",
        f"{CABLE}:9100 interface ens2f1np1 has encountered 166k receive errors in the last two minutes.",
        instance=f"{CABLE}:9100",
        device="ens2f1np1",
    )


def _kernel_complains_of_the_drive(r: Recording) -> None:
    for number, at in enumerate(every(0, 236, 30.5)):
        r.node_log(
            at,
            DISK,
            f"nvme nvme2: I/O tag {310 + 7 * number} (a{number}36) opcode 0x2 (I/O Cmd) QID {3 + number % 5} timeout, aborting req_op:READ(0) size:131072",
            level="warning",
        )
        r.node_log(at + 0.9, DISK, "nvme nvme2: Abort status: 0x0", level="warning")
    for at, sector in ((62.0, 7_814_037_112), (158.0, 7_814_041_208)):
        r.node_log(
            at,
            DISK,
            f"blk_update_request: critical medium error, dev nvme2n1, sector {sector} op 0x0:(READ) flags 0x80700 phys_seg 16 prio class 2",
            level="error",
        )
    r.node_log(70, DISK, "Device: /dev/nvme2, Critical Warning (0x04): Reliability", level="error", program="smartd")
    r.metric(45, r.of("Node", DISK), "node_disk_io_time_weighted_seconds_rate{device=nvme2n1}", 61.2, 10, intent="metric.disk.slow")


@third(REEL, "hardware", Truth(DISK, "node_disk_fault", "node"), decoy=True)
def drive_of_the_store_takes_its_time(r: Recording) -> None:
    scaled_elsewhere(r, "transcoder", 4, at=-100)
    _kernel_complains_of_the_drive(r)
    store, packagers = r.pod("minio"), r.pods("packager")
    for at in every(31, 240, 34):
        line = f"API: GetObject(bucket=renditions, object=v{8_100 + int(at)}/1080p/0007.m4s) Error: context canceled (*errors.errorString)"
        r.log(r.nearly(at), store, line, container="minio")
    r.log(64, store, "Error: drive:/data/minio, taking drive offline: unable to write+read for 30.002s (*errors.errorString)", "error")
    r.log(97, store, "Drive /data/minio is back online", "info")
    r.log(160, store, "Error: drive:/data/minio, taking drive offline: unable to write+read for 30.011s (*errors.errorString)", "error")
    for at in every(33, 240, 10):
        pod = packagers[int(at) % 2]
        r.log(
            r.nearly(at),
            pod,
            f"ERROR packager::store: GetObject seg/{60_000 + int(at)} failed: dispatch failure: timeout: HTTP read timeout occurred after 5s",
            "error",
        )
    r.logs(
        every(68, 96, 6),
        "transcoder",
        'level=error msg="upload failed" job={n} err="We encountered an internal error, please try again.: cause(drive not found)"',
    )
    r.logs(
        every(36, 240, 13),
        "playback-api",
        'time=- level=ERROR msg="manifest failed" video=v{n} err="packager answered 504 Gateway Timeout"',
    )
    for count, at in enumerate((52.0, 110.0, 171.0), start=1):
        r.event(at, store, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", count=2 * count, since=50)
    r.unready(66, store)
    r.no_endpoints(66.4, "minio")
    r.ready(99, store)
    r.disturb("packager", "minio", 20, errors=0.35, slower=160)
    r.disturb("transcoder", "minio", 20, errors=0.4, slower=50)
    r.disturb("playback-api", "packager", 25, errors=0.35, slower=60)
    r.disturb("traefik", "playback-api", 25, errors=0.2, slower=30)
    grafana_alert(r, 140, "Playback start failures", "17% of plays, above 5% for 2m", folder="video", severity="critical")
    r.alert(
        190,
        "NodeDiskIOSaturation",
        f"Disk IO queue (aqu-sq) is high on nvme2n1 at {DISK}:9100, has been above 10 for the last 30 minutes, is currently at 61.20.",
        instance=f"{DISK}:9100",
        device="nvme2n1",
    )
