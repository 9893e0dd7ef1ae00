"""Offsets come from the kernel's own description of its types, whatever anonymous parts and qualifiers stand between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.edges.kernel.type_information import UNION, TypeInformation, kernel_types

from headwater.edges.kernel.btf import Btf
from headwater.edges.kernel.ebpf import TYPES_FILE
from headwater.edges.kernel.errors import MalformedBtfError, MissingTypeError
from headwater.edges.kernel.oom_program import TYPES, Tracepoint, tracepoint_for


def test_a_member_is_found_in_anonymous_parts() -> None:
    types = TypeInformation()
    number = types.number()
    inner = types.structure("", ("usage", number, 8))
    union = types.structure("", ("swap", number, 0), ("", inner, 16), kind=UNION)
    types.structure("mem_cgroup", ("css", number, 0), ("", union, 64))
    read = Btf(types.data(), ["mem_cgroup"])
    assert (read.offset("mem_cgroup", "css"), read.offset("mem_cgroup", "swap"), read.offset("mem_cgroup", "usage")) == (0, 64, 88)


def test_the_first_name_that_is_there_counts() -> None:
    types = TypeInformation()
    types.structure("kernfs_node", ("__parent", types.number(), 24))
    read = Btf(types.data(), ["kernfs_node"])
    assert read.offset("kernfs_node", "parent", "__parent") == 24


def test_offsets_beside_bit_fields_are_offsets_still() -> None:
    types = TypeInformation()
    types.structure("signal_struct", ("oom_mm", types.number(), 48), has_bit_fields=True)
    assert Btf(types.data(), ["signal_struct"]).offset("signal_struct", "oom_mm") == 48


def test_what_is_not_there_is_named() -> None:
    read = Btf(kernel_types(has_lock=False), TYPES)
    assert read.find("mem_cgroup", "oom_lock") is None
    assert read.find("no_such_struct", "member") is None
    with pytest.raises(MissingTypeError, match="mem_cgroup has no oom_lock or lock; "):
        read.offset("mem_cgroup", "oom_lock", "lock")
    with pytest.raises(MissingTypeError, match="no io_cgrp_id in cgroup_subsys_id; "):
        read.enumerator("cgroup_subsys_id", "io_cgrp_id")


def test_an_enumerator_has_its_value() -> None:
    assert Btf(kernel_types(), TYPES).enumerator("cgroup_subsys_id", "memory_cgrp_id") == 4


@pytest.mark.parametrize(("takes_task", "expected"), [(True, Tracepoint.VICTIM_CHOSEN), (False, Tracepoint.VICTIM_EXITS)])
def test_a_kernel_that_names_its_victim_by_number_is_watched_at_the_exit(takes_task: bool, expected: Tracepoint) -> None:
    assert tracepoint_for(Btf(kernel_types(takes_task=takes_task), TYPES)) is expected


def test_a_tracepoint_that_is_unknown_takes_nothing() -> None:
    assert not Btf(kernel_types(), TYPES).tracepoint_takes("sched_switch", "task_struct")


@pytest.mark.parametrize("data", [b"", b"\x9f\xeb", b"\xeb\x9f" + bytes(40), kernel_types()[:200]])
def test_what_is_no_description_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedBtfError):
        Btf(data, TYPES)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for content in (data, kernel_types()[:24] + data):
        try:
            Btf(content, TYPES)
        except MalformedBtfError:
            continue


@pytest.mark.skipif(not TYPES_FILE.is_file(), reason=f"this kernel has no {TYPES_FILE}")
def test_this_kernel_has_all_the_program_asks_for() -> None:
    read = Btf(TYPES_FILE.read_bytes(), TYPES)
    assert read.offset("task_struct", "comm") > 0
    assert read.enumerator("cgroup_subsys_id", "memory_cgrp_id") > 0
