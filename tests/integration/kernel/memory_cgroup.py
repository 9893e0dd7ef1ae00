"""A container as the kubelet makes one, as far as the kernel sees it: a cgroup with a memory limit, and a process that exceeds it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

V1 = Path("/sys/fs/cgroup/memory")
V2 = Path("/sys/fs/cgroup")
LIMIT_BYTES = 32 * 1024 * 1024
SECONDS_MAX = 30
# Ends by itself well before a machine would notice, should the limit not hold.
_GREEDY = "import sys; sys.stdin.readline(); kept = [bytearray(1 << 20) for _ in range(256)]; print(len(kept))"


class Victim(NamedTuple):
    """The process that was killed."""

    pid: int
    pod_uid: str
    container_id: str
    cgroup_path: str


def reason_to_skip() -> str:
    """Why no memory cgroup can be made here; empty where one can."""
    if os.geteuid() != 0:
        return "making a cgroup needs root"
    place = _place()
    if place is None:
        return "there is no cgroup with a memory controller that may be used"
    try:
        probe = place / "headwater-probe"
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        return f"{place} takes no cgroup: {error.strerror}"
    return ""


@contextmanager
def container(pod_uid: str, container_id: str) -> Iterator[Path]:
    """A container's cgroup with a limit; everything made is removed."""
    place = _place()
    assert place is not None
    made: list[Path] = []
    try:
        folder = place
        for name in ("kubepods", "burstable", f"pod{pod_uid}", container_id):
            folder = folder / name
            if not folder.exists():
                folder.mkdir()
                made.append(folder)
            if place == V2 and name != container_id:
                (folder / "cgroup.subtree_control").write_text("+memory")
        _limit(folder)
        yield folder
    finally:
        for folder in reversed(made):
            folder.rmdir()


def kill_for_memory(folder: Path, program: Path, pod_uid: str, container_id: str) -> Victim:
    """Start a process in the cgroup, let it exceed the limit, wait for its end."""
    with subprocess.Popen(
        [program, "-I", "-S", "-c", _GREEDY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            (folder / "cgroup.procs").write_text(str(process.pid))
            output, _ = process.communicate("begin\n", timeout=SECONDS_MAX)
        finally:
            process.kill()
    assert process.returncode == -9, f"the limit did not hold: {process.returncode} {output}"
    path = f"/kubepods/burstable/pod{pod_uid}/{container_id}"
    return Victim(process.pid, pod_uid, container_id, path)


def program_named(folder: Path, name: str) -> Path:
    """Python under another name, which the kernel then tells."""
    program = folder / name
    program.symlink_to(Path(sys.executable).resolve())
    return program


def _place() -> Path | None:
    if (V1 / "memory.limit_in_bytes").is_file():
        return V1
    try:
        is_delegated = "memory" in (V2 / "cgroup.subtree_control").read_text().split()
    except OSError:
        return None
    return V2 if is_delegated else None


def _limit(folder: Path) -> None:
    v1 = folder / "memory.limit_in_bytes"
    if not v1.exists():
        (folder / "memory.max").write_text(str(LIMIT_BYTES))
        swap = folder / "memory.swap.max"
        if swap.exists():
            swap.write_text("0")
        return
    v1.write_text(str(LIMIT_BYTES))
    both = folder / "memory.memsw.limit_in_bytes"
    if both.exists():
        both.write_text(str(LIMIT_BYTES))
