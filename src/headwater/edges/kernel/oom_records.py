"""
The record that the program writes for one kill, and what it means; the layout is said here once, for both.

All figures of cgroups are in pages. Levels go from the victim's cgroup towards the root.
"""

import mmap
import struct

from headwater.edges.kernel.kmsg_records import clean_command
from headwater.edges.kernel.oom_kills import CgroupMemory, Constraint, OomKill

SINCE_BOOT_AT = 0
PID_AT = 8
USER_AT = 12
TOTAL_AT = 16  # pages of the victim's address space
IS_LOCKED_AT = 24  # one byte: the victim's cgroup is in the middle of running out
IS_UNIFIED_AT = 32  # cgroup v2
COMMAND_AT = 40
COMMAND_BYTES = 16
LEVELS_AT = 56
LEVELS_MAX = 8
NAME_BYTES = 160
USAGE_AT, LIMIT_AT, SWAPPED_USAGE_AT, SWAPPED_LIMIT_AT, NAME_AT = 0, 8, 16, 24, 32  # within a level
LEVEL_BYTES = NAME_AT + NAME_BYTES
RECORD_BYTES = LEVELS_AT + LEVELS_MAX * LEVEL_BYTES

_HEAD = struct.Struct("<QIIQQQ16s")
_LEVEL = struct.Struct(f"<QQQQ{NAME_BYTES}s")
_UNLIMITED = 1 << 50  # pages; the kernel's own word for no limit is larger still
_REACHED_SLACK = 64
"""A cgroup is at its limit if so many pages or a 64th of it are free: memory is charged in lots, and freed meanwhile."""
_FAR_FROM_LIMIT = 0.8


class _Level:
    """One cgroup as the record has it."""

    def __init__(self, data: bytes, position: int) -> None:
        self.usage, self.limit, self.swapped_usage, self.swapped_limit, name = _LEVEL.unpack_from(data, position)
        self.name = _text(name)

    def is_reached(self, is_unified: bool) -> bool:
        """Whether the limit is reached; on cgroup v1 also that of memory and swap together."""
        return _is_at(self.usage, self.limit) or (not is_unified and _is_at(self.swapped_usage, self.swapped_limit))

    @property
    def share(self) -> float:
        """How much of the limit is used."""
        return self.usage / self.limit if 0 < self.limit < _UNLIMITED else 0.0


def decode_record(data: bytes, *, has_limits: bool) -> OomKill:
    """
    The kill in a record. Without `has_limits` the cgroups were read when the victim's memory was already gone, and say nothing.

    Raises ValueError for what is no record.
    """
    if len(data) < RECORD_BYTES:
        raise ValueError(f"a record of {len(data)} bytes, not {RECORD_BYTES}")
    since_boot, pid, user, total, is_locked, is_unified, command = _HEAD.unpack_from(data)
    levels = [_Level(data, LEVELS_AT + index * LEVEL_BYTES) for index in range(LEVELS_MAX)]
    # The root has no name, and what lies beyond it reads as nothing.
    levels = levels[: next((index for index, level in enumerate(levels) if not level.name), LEVELS_MAX)]
    paths = ["/" + "/".join(level.name for level in reversed(levels[index:])) for index in range(len(levels))]
    reached = next((index for index, level in enumerate(levels) if level.is_reached(bool(is_unified))), None) if has_limits else None
    limited = None
    if reached is not None:
        level = levels[reached]
        limited = CgroupMemory(paths[reached], level.usage * mmap.PAGESIZE, level.limit * mmap.PAGESIZE)
    return OomKill(
        since_boot=since_boot,
        pid=pid,
        command=clean_command(_text(command)),
        user=user,
        constraint=_constraint(levels, is_locked=bool(is_locked), is_reached=reached is not None) if has_limits else None,
        cgroup_path=paths[0] if paths else "/",
        limited_path=limited.path if limited is not None else "",
        limited=limited,
        figures=(("total_vm", total * mmap.PAGESIZE),),
    )


def _constraint(levels: list[_Level], *, is_locked: bool, is_reached: bool) -> Constraint | None:
    """A cgroup's, if the kernel holds its lock or it is at its limit; the node's, if none is near one; else nobody knows."""
    if is_locked or is_reached:
        return Constraint.CGROUP
    return Constraint.NODE if all(level.share < _FAR_FROM_LIMIT for level in levels) else None


def _is_at(usage: int, limit: int) -> bool:
    return 0 < limit < _UNLIMITED and usage + max(_REACHED_SLACK, limit // 64) >= limit


def _text(data: bytes) -> str:
    return data.partition(b"\0")[0].decode("utf-8", "replace")
