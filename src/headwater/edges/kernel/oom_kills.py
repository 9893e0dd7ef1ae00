"""What both ways of watching the kernel tell: one process killed because memory ran out. Nothing here depends on how it was seen."""

from enum import StrEnum
from typing import NamedTuple


class Constraint(StrEnum):
    """Whose memory ran out, in the kernel's words."""

    CGROUP = "CONSTRAINT_MEMCG"  # the limit of a cgroup: a container's, a pod's, or that of all pods together
    NODE = "CONSTRAINT_NONE"  # the machine's
    CPUSET = "CONSTRAINT_CPUSET"
    MEMORY_POLICY = "CONSTRAINT_MEMORY_POLICY"


class CgroupMemory(NamedTuple):
    """A cgroup that has a limit, at the time of the kill."""

    path: str
    usage: int  # bytes
    limit: int  # bytes


class OomKill(NamedTuple):
    """One process that the kernel killed."""

    since_boot: int
    """Nanoseconds by the kernel's own clock."""
    pid: int
    command: str
    user: int | None = None
    constraint: Constraint | None = None  # None where the kernel was not asked in time
    cgroup_path: str = ""  # of the victim
    limited_path: str = ""  # of the cgroup whose limit was reached
    limited: CgroupMemory | None = None  # the same with its figures
    figures: tuple[tuple[str, int], ...] = ()
    """Of the victim, in bytes: total_vm, anon_rss, file_rss, shmem_rss, page_tables, as far as they are known."""
