"""Cgroup paths as they are found on nodes, and what they say of pod and container."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.edges.kernel.cgroup_paths import CgroupPlace, place_of

UID = "8b3f1a52-6c1d-4e8e-9a9c-0f5a2d7c4b11"
SLICED = UID.replace("-", "_")
CONTAINER = "3f9c" * 16
OTHER = "07be" * 16
STATIC = "c0ffee00" * 4

PATHS = {
    # cgroupfs driver, cgroup v1 and v2
    f"/kubepods/burstable/pod{UID}/{CONTAINER}": CgroupPlace(UID, CONTAINER, "container"),
    f"/kubepods/besteffort/pod{UID}/{CONTAINER}": CgroupPlace(UID, CONTAINER, "container"),
    f"/kubepods/pod{UID}/{CONTAINER}": CgroupPlace(UID, CONTAINER, "container"),
    f"/kubepods/pod{UID}": CgroupPlace(UID, "", "pod"),
    f"/kubepods/burstable/pod{STATIC}/{CONTAINER}": CgroupPlace(STATIC, CONTAINER, "container"),
    f"/kubepods/burstable/pod{UID}/crio-{CONTAINER}": CgroupPlace(UID, CONTAINER, "container"),
    # systemd driver: containerd, CRI-O, Docker
    f"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{SLICED}.slice/cri-containerd-{CONTAINER}.scope": CgroupPlace(
        UID, CONTAINER, "container"
    ),
    f"/kubepods.slice/kubepods-pod{SLICED}.slice/crio-{CONTAINER}.scope": CgroupPlace(UID, CONTAINER, "container"),
    f"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{SLICED}.slice/docker-{CONTAINER}.scope": CgroupPlace(
        UID, CONTAINER, "container"
    ),
    f"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{SLICED}.slice": CgroupPlace(UID, "", "pod"),
    f"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{STATIC}.slice/cri-containerd-{CONTAINER}.scope": CgroupPlace(
        STATIC, CONTAINER, "container"
    ),
    # CRI-O's monitor belongs to the pod and to no container
    f"/kubepods.slice/kubepods-pod{SLICED}.slice/crio-conmon-{CONTAINER}.scope": CgroupPlace(UID, "", "container"),
    # containerd told to use cgroupfs while the kubelet uses systemd
    f"/system.slice/containerd.service/kubepods-burstable-pod{SLICED}.slice:cri-containerd:{CONTAINER}": CgroupPlace(
        UID, CONTAINER, "container"
    ),
    # what a container makes inside itself
    f"/kubepods/burstable/pod{UID}/{CONTAINER}/system.slice/nginx.service": CgroupPlace(UID, CONTAINER, "container"),
    # kind: a node that is a container itself
    f"/docker/{OTHER}/kubelet/kubepods/burstable/pod{UID}/{CONTAINER}": CgroupPlace(UID, CONTAINER, "container"),
    f"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod{SLICED}.slice"
    f"/cri-containerd-{CONTAINER}.scope": CgroupPlace(UID, CONTAINER, "container"),
    # a cluster inside a pod of ours: the outer pod is ours
    f"/kubepods/burstable/pod{UID}/{CONTAINER}/kubepods/pod{STATIC}/{OTHER}": CgroupPlace(UID, CONTAINER, "container"),
    # seen from inside another cgroup namespace
    f"/../../kubepods/burstable/pod{UID}/{CONTAINER}": CgroupPlace(UID, CONTAINER, "container"),
    # all pods together
    "/kubepods": CgroupPlace(level="pods"),
    "/kubepods.slice": CgroupPlace(level="pods"),
    "/kubepods/burstable": CgroupPlace(level="pods"),
    "/kubepods.slice/kubepods-besteffort.slice": CgroupPlace(level="pods"),
    # no pod
    "/": CgroupPlace(level="other"),
    "": CgroupPlace(level="other"),
    "/system.slice/kubelet.service": CgroupPlace(level="other"),
    f"/docker/{CONTAINER}": CgroupPlace("", CONTAINER, "container"),
    f"/machine.slice/libpod-{CONTAINER}.scope": CgroupPlace("", CONTAINER, "container"),
    "/kubepods/burstable/podnotauid/abc": CgroupPlace(level="other"),
}


@pytest.mark.parametrize("path", PATHS)
def test_a_path_says_which_pod_and_container(path: str) -> None:
    assert place_of(path) == PATHS[path]


@given(st.text(max_size=400))
def test_any_text_has_a_place(path: str) -> None:
    assert place_of(path).level in {"container", "pod", "pods", "other"}


def test_a_path_without_end_takes_no_time() -> None:
    assert place_of("/pod-" * 100_000 + "-" * 100_000).pod_uid == ""
