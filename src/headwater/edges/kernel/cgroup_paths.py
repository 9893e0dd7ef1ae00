"""
The path of a cgroup to the pod and container that it holds: cgroup v1 and v2, made by the cgroupfs and by the systemd driver.

The outermost pod wins: in a cluster inside a pod it is the only one that our cluster knows.
"""

from re import IGNORECASE
from re import compile as compile_pattern
from typing import NamedTuple

_UID = r"[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32}"
# `pod1a2b…` (cgroupfs), `kubepods-burstable-pod1a2b_….slice` (systemd), and what containerd makes where it and the kubelet disagree
# about the driver: `kubepods-burstable-pod1a2b_….slice:cri-containerd:…`.
_POD = compile_pattern(rf"(?:.*-)?pod(?P<uid>{_UID})(?:\.slice)?(?::(?P<runtime>[a-z-]+):(?P<container>[0-9a-f]{{64}}))?", IGNORECASE)
_CONTAINER = compile_pattern(r"(?:(?P<runtime>cri-containerd|crio|docker|libpod|containerd)-)?(?P<container>[0-9a-f]{64})(?:\.scope)?")
_QUALITY = compile_pattern(r"(?:.*-)?(burstable|besteffort)(?:\.slice)?")
_PODS = compile_pattern(r"(?:.*-)?kubepods(?:\.slice)?")
PATH_CHARACTERS_MAX = 4_096


class CgroupPlace(NamedTuple):
    """Where in the tree of pods a cgroup is; every part is empty where it is not there."""

    pod_uid: str = ""
    container_id: str = ""
    level: str = ""
    """What the cgroup is itself: container, pod, pods (all of a quality of service, or all on the node), or other."""


def place_of(path: str) -> CgroupPlace:
    """The pod and container of a cgroup. Everything before the pod is passed over, and so is what a container makes inside itself."""
    segments = [segment for segment in path[:PATH_CHARACTERS_MAX].split("/") if segment]
    for index, segment in enumerate(segments):
        pod = _POD.fullmatch(segment)
        if pod is None:
            continue
        uid = pod["uid"].replace("_", "-").lower()
        if pod["container"]:
            return CgroupPlace(uid, pod["container"], "container")
        below = segments[index + 1 :]
        container = next((match["container"] for name in below[:1] if (match := _CONTAINER.fullmatch(name))), "")
        return CgroupPlace(uid, container, "container" if below else "pod")
    if segments and (_QUALITY.fullmatch(segments[-1]) or _PODS.fullmatch(segments[-1])):
        return CgroupPlace(level="pods")
    # A container that no pod owns, as those of Docker and Podman.
    container = next((match["container"] for name in reversed(segments) if (match := _CONTAINER.fullmatch(name))), "")
    return CgroupPlace(container_id=container, level="container" if container else "other")
