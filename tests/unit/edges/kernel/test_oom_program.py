"""The program is assembled from the kernel's types alone: the same types, the same bytes."""

import struct

import pytest
from tests.unit.edges.kernel.type_information import TypeInformation, kernel_types

from headwater.edges.kernel.btf import Btf
from headwater.edges.kernel.errors import MissingTypeError
from headwater.edges.kernel.instructions import Assembler, KernelFunction, Register
from headwater.edges.kernel.oom_program import TYPES, Tracepoint, assemble

INSTRUCTIONS_MAX = 4_096  # what every kernel that has eBPF takes
EXIT, CALL, JUMPS = 0x95, 0x85, (0x15, 0x5D)


def instructions(code: bytes) -> list[tuple[int, int, int, int]]:
    return list(struct.iter_unpack("<BBhi", code))


@pytest.mark.parametrize("tracepoint", Tracepoint)
@pytest.mark.parametrize("has_lock", [True, False])
def test_every_jump_lands_inside_and_every_way_ends(tracepoint: Tracepoint, has_lock: bool) -> None:
    code = assemble(Btf(kernel_types(has_lock=has_lock), TYPES), tracepoint, ring_buffer=3, lost=4)
    found = instructions(code)
    assert len(found) < INSTRUCTIONS_MAX
    assert found[-1][0] == EXIT
    for index, (operation, _, distance, _) in enumerate(found):
        if operation in JUMPS:
            assert 0 < distance < len(found) - index
    assert {constant for operation, _, _, constant in found if operation == CALL} == set(KernelFunction)


def test_the_same_types_give_the_same_program() -> None:
    first, second = (assemble(Btf(kernel_types(), TYPES), Tracepoint.VICTIM_CHOSEN, ring_buffer=3, lost=4) for _ in range(2))
    assert first == second


def test_a_kernel_without_a_member_is_refused_by_its_name() -> None:
    types = TypeInformation()
    types.structure("task_struct", ("tgid", types.number(), 0))
    with pytest.raises(MissingTypeError, match="task_struct has no comm"):
        assemble(Btf(types.data(), TYPES), Tracepoint.VICTIM_CHOSEN, ring_buffer=3, lost=4)


def test_a_jump_without_its_label_is_a_bug() -> None:
    code = Assembler()
    code.jump_if_zero(Register.R0, "nowhere")
    with pytest.raises(AssertionError, match="nowhere"):
        code.code()


def test_instructions_are_encoded_as_the_kernel_has_them() -> None:
    code = Assembler()
    code.copy(Register.R6, Register.R0)
    code.jump_if_zero(Register.R6, "end")
    code.load(Register.R7, Register.R1, 16)
    code.load_map(Register.R1, 9)
    code.label("end")
    code.leave()
    assert instructions(code.code()) == [
        (0xBF, 0x06, 0, 0),
        (0x15, 0x06, 3, 0),
        (0x79, 0x17, 16, 0),
        (0x18, 0x11, 0, 9),
        (0, 0, 0, 0),
        (0xB7, 0, 0, 0),
        (0x95, 0, 0, 0),
    ]
