"""Which of the kernel's permissions this process has, and which of those it needs are missing."""

from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path

STATUS_FILE = Path("/proc/self/status")


class Capability(IntEnum):
    """The capabilities that matter here, by their number."""

    CAP_SYS_ADMIN = 21
    CAP_SYSLOG = 34
    CAP_PERFMON = 38
    CAP_BPF = 39


def effective_capabilities(status: str) -> frozenset[Capability]:
    """Those that `/proc/self/status` says are in effect."""
    line = next((line for line in status.splitlines() if line.startswith("CapEff:")), "CapEff: 0")
    try:
        bits = int(line.split(":")[1], 16)
    except ValueError:
        bits = 0
    return frozenset(capability for capability in Capability if bits >> capability & 1)


def missing_capabilities(needed: Iterable[Capability], held: frozenset[Capability]) -> list[str]:
    """The names of those needed but not held. CAP_SYS_ADMIN stands for CAP_BPF and CAP_PERFMON, as it does to the kernel."""
    if Capability.CAP_SYS_ADMIN in held:
        held |= {Capability.CAP_BPF, Capability.CAP_PERFMON}
    return [capability.name for capability in needed if capability not in held]


def own_capabilities() -> frozenset[Capability]:
    """Those of this process; none where `/proc` is not there to say."""
    try:
        return effective_capabilities(STATUS_FILE.read_text(encoding="ascii", errors="replace"))
    except OSError:
        return frozenset()
