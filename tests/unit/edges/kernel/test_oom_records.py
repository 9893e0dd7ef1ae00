"""What the program leaves for one kill: names from the victim's cgroup to the root, and whose limit was reached."""

import mmap
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.edges.kernel import oom_records as layout
from headwater.edges.kernel.oom_kills import Constraint
from headwater.edges.kernel.oom_records import decode_record

UNLIMITED = (1 << 63) // mmap.PAGESIZE
POD = "pod11111111-2222-3333-4444-555555555555"
CONTAINER = "ab" * 32
Level = tuple[str, int, int]  # name, usage and limit in pages


def record_of(*levels: Level, is_locked: bool = False, is_unified: bool = True, swapped: tuple[int, int] = (0, 0)) -> bytes:
    head = struct.pack("<QIIQQQ16s", 7_329_132_855_968, 31389, 999, 10_000, is_locked, is_unified, b"mysqld\0rest")
    body = b"".join(struct.pack("<QQQQ160s", usage, limit, *swapped, name.encode() + b"\0stale") for name, usage, limit in levels)
    rest = layout.LEVELS_MAX - len(levels)
    return head + body + bytes(rest * layout.LEVEL_BYTES)


def tree(container: tuple[int, int], *, pods: tuple[int, int] = (5_000, UNLIMITED)) -> list[Level]:
    return [(CONTAINER, *container), (POD, 5_000, UNLIMITED), ("burstable", 5_000, UNLIMITED), ("kubepods", *pods), ("", 9_000, UNLIMITED)]


def test_a_container_at_its_limit_is_told_with_its_path_and_figures() -> None:
    kill = decode_record(record_of(*tree((7_680, 7_680)), is_locked=True), has_limits=True)
    path = f"/kubepods/burstable/{POD}/{CONTAINER}"
    assert (kill.since_boot, kill.pid, kill.user, kill.command) == (7_329_132_855_968, 31389, 999, "mysqld")
    assert (kill.cgroup_path, kill.limited_path, kill.constraint) == (path, path, Constraint.CGROUP)
    assert kill.limited is not None
    assert kill.limited.limit == 7_680 * mmap.PAGESIZE
    assert dict(kill.figures) == {"total_vm": 10_000 * mmap.PAGESIZE}


def test_all_pods_at_their_limit_together_are_told_apart_from_the_container() -> None:
    kill = decode_record(record_of(*tree((10, UNLIMITED), pods=(100_000, 100_000))), has_limits=True)
    assert (kill.constraint, kill.limited_path) == (Constraint.CGROUP, "/kubepods")


def test_a_little_free_is_still_at_the_limit() -> None:
    assert decode_record(record_of(*tree((7_620, 7_680))), has_limits=True).constraint is Constraint.CGROUP
    assert decode_record(record_of(*tree((99_000, 100_000))), has_limits=True).constraint is Constraint.CGROUP


def test_a_node_without_memory_is_one_where_no_cgroup_is_near_a_limit() -> None:
    kill = decode_record(record_of(*tree((7_000, 100_000))), has_limits=True)
    assert (kill.constraint, kill.limited_path, kill.limited) == (Constraint.NODE, "", None)


def test_a_cgroup_near_its_limit_leaves_it_open() -> None:
    assert decode_record(record_of(*tree((90_000, 100_000))), has_limits=True).constraint is None


def test_the_lock_that_the_kernel_holds_is_enough() -> None:
    kill = decode_record(record_of(*tree((90_000, 100_000)), is_locked=True), has_limits=True)
    assert (kill.constraint, kill.limited_path) == (Constraint.CGROUP, "")


def test_on_cgroup_v1_memory_and_swap_together_have_a_limit_too() -> None:
    levels = tree((1_000, 7_680))
    v1 = decode_record(record_of(*levels, is_unified=False, swapped=(7_680, 7_680)), has_limits=True)
    v2 = decode_record(record_of(*levels, is_unified=True, swapped=(7_680, 7_680)), has_limits=True)
    assert (v1.constraint, v2.constraint) == (Constraint.CGROUP, Constraint.NODE)


def test_at_the_exit_of_a_victim_nothing_is_said_of_limits() -> None:
    kill = decode_record(record_of(*tree((7_680, 7_680)), is_locked=True), has_limits=False)
    assert (kill.constraint, kill.limited_path, kill.cgroup_path) == (None, "", f"/kubepods/burstable/{POD}/{CONTAINER}")


def test_a_process_in_the_root_has_the_root_as_its_path() -> None:
    assert decode_record(record_of(("", 9_000, UNLIMITED)), has_limits=True).cgroup_path == "/"


def test_a_record_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="a record of 10 bytes"):
        decode_record(bytes(10), has_limits=True)


@given(st.binary(min_size=layout.RECORD_BYTES, max_size=layout.RECORD_BYTES), st.booleans())
def test_any_record_is_decoded(data: bytes, has_limits: bool) -> None:
    kill = decode_record(data, has_limits=has_limits)
    assert kill.cgroup_path.startswith("/")
