"""What goes wrong with a video platform, told by logs, events and alerts: its failing requests leave no spans of their own."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.telemetry import Recording
from bench.unseen.third_volume.building import third
from bench.unseen.third_volume.reel import REEL
from bench.unseen.truths import Truth


@third(REEL, "image", Truth("packager", "image_pull_denied"))
def packager_may_not_be_pulled(r: Recording) -> None:
    image = REEL.workload("packager").image.replace("12.5", "13.0")
    why = f'failed to pull and unpack image "{image}": failed to resolve reference "{image}": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://forge.reel.example/v2/token: 401 Unauthorized'
    for pod in r.rollout(0, "packager", image=image, starts=False):
        for times, after in enumerate((2.0, 17.0, 46.0, 93.0, 179.0), start=1):
            r.event(after, pod, "Failed", f'Failed to pull image "{image}": {why}', count=times, since=2)
            r.event(after + 0.1, pod, "Failed", "Error: ErrImagePull", count=times, since=2)
        r.waits(16, pod, "ImagePullBackOff", f'Back-off pulling image "{image}"')
    r.no_endpoints(6, "packager")
    r.unavailable(7, "packager")
    r.disturb("playback-api", "packager", 7, errors=1.0)
    r.logs(
        every(8, 240, 8),
        "playback-api",
        'time=- level=ERROR msg="manifest failed" video=v{n} err="Get \\"http://packager:8080/manifest\\": dial tcp 10.43.77.12:8080: connect: connection refused"',
    )
    r.alert(160, "PlaybackStartFailures", "More than 20% of plays did not start", severity="critical", team="video")


@third(REEL, "storage", Truth("minio", "volume_full"), decoy=True)
def object_store_is_full(r: Recording) -> None:
    recent_rollout(r, "live-chat", "v3.12.6")
    r.alert(-90, "MinioClusterUsageHigh", "Cluster capacity usage is above 97%", job="minio")
    r.logs(
        every(0, 240, 17),
        "minio",
        "API: PutObject(bucket=renditions, object=v{n}/720p/0001.m4s) Error: Storage reached its minimum free drive threshold. (cmd.StorageErr)",
    )
    r.logs(
        every(2, 240, 14),
        "transcoder",
        'level=error msg="upload failed" job={n} err="XMinioStorageFull: Storage backend has reached its minimum free drive threshold. Please delete a few objects to proceed."',
    )
    r.disturb("transcoder", "minio", 1, errors=1.0)
    r.alert(200, "TranscodeBacklog", "1,240 uploads wait to be published", team="video")


@third(REEL, "memory", Truth("play-redis", "out_of_memory"))
def cache_is_killed(r: Recording) -> None:
    pod = r.pod("play-redis")
    for times, at in enumerate((0.0, 64.0, 141.0), start=1):
        r.node_log(
            at,
            pod.node,
            f"Memory cgroup out of memory: Killed process {31_000 + times} (redis-server) total-vm:1310720kB, anon-rss:1043212kB, file-rss:2048kB, shmem-rss:0kB, UID:999 pgtables:2140kB oom_score_adj:968",
        )
        r.ended(at + 1, pod, "OOMKilled", 137, restarts=times)
        r.logs(
            every(at + 1.5, at + 14, 3),
            "playback-api",
            'time=- level=ERROR msg="session lookup" session={n} err="dial tcp 10.43.12.90:6379: connect: connection refused"',
        )
        r.logs(every(at + 2, at + 14, 5), "live-chat", "[error] Redix.ConnectionError: the connection to Redis is closed, room {n}")
    r.disturb("playback-api", "play-redis", 1, errors=0.3)
    r.disturb("live-chat", "play-redis", 1, errors=0.3)
    r.alert(150, "KubePodCrashLooping", "Pod is crash looping.", namespace="media", pod=pod.name, container="play-redis")
