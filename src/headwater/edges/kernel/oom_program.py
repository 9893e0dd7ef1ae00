"""
The program that the kernel runs when it chooses a process to kill for memory: reads who it is and where, and leaves a record.

Everything is read inside the kernel at the moment of the kill, so no victim is gone before it could be asked for its cgroup.
"""

from enum import StrEnum

from headwater.edges.kernel import oom_records as layout
from headwater.edges.kernel.btf import Btf
from headwater.edges.kernel.instructions import Assembler, KernelFunction, Register

TYPES = (
    "task_struct", "signal_struct", "mm_struct", "cred", "css_set", "cgroup_subsys_state", "cgroup", "kernfs_node", "mem_cgroup",
    "page_counter", "cgroup_subsys_id", "btf_trace_mark_victim",
)  # fmt: skip
"""What the program asks of the kernel's types."""

_RECORD, _TASK, _CSS, _OTHER = Register.R6, Register.R7, Register.R8, Register.R9
_SCRATCH = -8  # on the stack


class Tracepoint(StrEnum):
    """Where the program sits."""

    VICTIM_CHOSEN = "mark_victim"
    VICTIM_EXITS = "sched_process_exit"
    """Before Linux 6.9 the first names the victim by number only; then the kill is seen when the victim exits."""


def tracepoint_for(types: Btf) -> Tracepoint:
    """The better tracepoint of those that give the victim itself."""
    return Tracepoint.VICTIM_CHOSEN if types.tracepoint_takes("mark_victim", "task_struct") else Tracepoint.VICTIM_EXITS


def assemble(types: Btf, tracepoint: Tracepoint, *, ring_buffer: int, lost: int) -> bytes:
    """The program's code. Raises MissingTypeError where this kernel is too different."""
    program = _OomProgram(types)
    program.begin(tracepoint, ring_buffer)
    program.read_victim()
    program.read_cgroups()
    program.end(lost)
    return program.assembler.code()


class _OomProgram:
    def __init__(self, types: Btf) -> None:
        self.assembler = Assembler()
        self._types = types

    def begin(self, tracepoint: Tracepoint, ring_buffer: int) -> None:
        """Pass over what is no kill, and take room for a record."""
        code = self.assembler
        code.load(_TASK, Register.R1, 0)  # the tracepoint's first argument
        if tracepoint is Tracepoint.VICTIM_EXITS:
            self._leave_unless_victim()
        code.load_map(Register.R1, ring_buffer)
        code.set(Register.R2, layout.RECORD_BYTES)
        code.set(Register.R3, 0)
        code.call(KernelFunction.RING_BUFFER_RESERVE)
        code.copy(_RECORD, Register.R0)
        code.jump_if_zero(_RECORD, "no room")

    def read_victim(self) -> None:
        """Who it is."""
        code, types = self.assembler, self._types
        code.call(KernelFunction.TIME_SINCE_BOOT)
        code.store(_RECORD, layout.SINCE_BOOT_AT, Register.R0)
        self._read(layout.PID_AT, 4, _TASK, types.offset("task_struct", "tgid"))
        self._read(layout.COMMAND_AT, layout.COMMAND_BYTES, _TASK, types.offset("task_struct", "comm"))
        self._follow(_OTHER, _TASK, types.offset("task_struct", "cred"))
        self._read(layout.USER_AT, 4, _OTHER, types.offset("cred", "uid"))
        # The task's own pointer to its memory may be gone; that of an OOM victim is kept here.
        self._follow(_OTHER, _TASK, types.offset("task_struct", "signal"))
        self._follow(_OTHER, _OTHER, types.offset("signal_struct", "oom_mm"))
        self._read(layout.TOTAL_AT, 8, _OTHER, types.offset("mm_struct", "total_vm"))

    def read_cgroups(self) -> None:
        """Where it is: the memory controller's cgroups from its own up to the root."""
        code, types = self.assembler, self._types
        controller = types.enumerator("cgroup_subsys_id", "memory_cgrp_id")
        self._follow(_OTHER, _TASK, types.offset("task_struct", "cgroups"))
        self._follow(_CSS, _OTHER, types.offset("css_set", "subsys") + 8 * controller)
        self._follow(_TASK, _CSS, types.offset("cgroup_subsys_state", "cgroup"))
        self._follow(_OTHER, _OTHER, types.offset("css_set", "dfl_cgrp"))
        code.store_constant(_RECORD, layout.IS_UNIFIED_AT, 0)
        code.jump_if_different(_TASK, _OTHER, "cgroup v1")
        code.store_constant(_RECORD, layout.IS_UNIFIED_AT, 1)
        code.label("cgroup v1")
        memory = -types.offset("mem_cgroup", "css")  # from the state that is embedded in it
        code.store_constant(_RECORD, layout.IS_LOCKED_AT, 0)
        lock = types.find("mem_cgroup", "oom_lock")
        if lock is not None:
            self._read(layout.IS_LOCKED_AT, 1, _CSS, memory + lock)
        for level in range(layout.LEVELS_MAX):
            self._read_level(layout.LEVELS_AT + level * layout.LEVEL_BYTES, memory)

    def end(self, lost: int) -> None:
        """Hand the record over, or count that there was no room for it."""
        code = self.assembler
        code.copy(Register.R1, _RECORD)
        code.set(Register.R2, 0)
        code.call(KernelFunction.RING_BUFFER_SUBMIT)
        code.label("no kill")
        code.leave()
        code.label("no room")
        code.store_constant(Register.STACK, _SCRATCH, 0, 4)
        code.load_map(Register.R1, lost)
        code.copy(Register.R2, Register.STACK)
        code.add(Register.R2, _SCRATCH)
        code.call(KernelFunction.MAP_LOOK_UP)
        code.jump_if_zero(Register.R0, "no counter")
        code.set(Register.R1, 1)
        code.add_atomically(Register.R0, Register.R1)
        code.label("no counter")
        code.leave()

    def _leave_unless_victim(self) -> None:
        """Of the threads of a process the first stands for it; what the OOM killer has marked has an `oom_mm`."""
        code, types = self.assembler, self._types
        for slot, member in ((-16, "pid"), (-12, "tgid")):
            self._read_to_stack(slot, 4, _TASK, types.offset("task_struct", member))
        code.load(Register.R1, Register.STACK, -16, 4)
        code.load(Register.R2, Register.STACK, -12, 4)
        code.jump_if_different(Register.R1, Register.R2, "no kill")
        self._follow(_OTHER, _TASK, types.offset("task_struct", "signal"))
        self._follow(_OTHER, _OTHER, types.offset("signal_struct", "oom_mm"))
        code.jump_if_zero(_OTHER, "no kill")

    def _read_level(self, at: int, memory: int) -> None:
        """One cgroup, then on to its parent. Beyond the root the addresses are wrong, and reading them gives zeros."""
        types = self._types
        usage, limit = types.offset("page_counter", "usage"), types.offset("page_counter", "max")
        counter = memory + types.offset("mem_cgroup", "memory")
        self._read(at + layout.USAGE_AT, 8, _CSS, counter + usage)
        self._read(at + layout.LIMIT_AT, 8, _CSS, counter + limit)
        swapped = types.find("mem_cgroup", "memsw")
        for slot, member in ((layout.SWAPPED_USAGE_AT, usage), (layout.SWAPPED_LIMIT_AT, limit)):
            if swapped is None:
                self.assembler.store_constant(_RECORD, at + slot, 0)
            else:
                self._read(at + slot, 8, _CSS, memory + swapped + member)
        self._follow(_OTHER, _CSS, types.offset("cgroup_subsys_state", "cgroup"))
        self._follow(_OTHER, _OTHER, types.offset("cgroup", "kn"))
        self._follow(_OTHER, _OTHER, types.offset("kernfs_node", "name"))
        self._read(at + layout.NAME_AT, layout.NAME_BYTES, _OTHER, 0, KernelFunction.READ_KERNEL_TEXT)
        self._follow(_CSS, _CSS, types.offset("cgroup_subsys_state", "parent"))

    def _read(self, at: int, size: int, base: Register, offset: int, function: KernelFunction = KernelFunction.READ_KERNEL) -> None:
        """Copy kernel memory into the record."""
        code = self.assembler
        code.copy(Register.R1, _RECORD)
        code.add(Register.R1, at)
        self._call_read(size, base, offset, function)

    def _read_to_stack(self, slot: int, size: int, base: Register, offset: int) -> None:
        code = self.assembler
        code.copy(Register.R1, Register.STACK)
        code.add(Register.R1, slot)
        self._call_read(size, base, offset, KernelFunction.READ_KERNEL)

    def _follow(self, to: Register, base: Register, offset: int) -> None:
        """Load a pointer from kernel memory."""
        self._read_to_stack(_SCRATCH, 8, base, offset)
        self.assembler.load(to, Register.STACK, _SCRATCH)

    def _call_read(self, size: int, base: Register, offset: int, function: KernelFunction) -> None:
        code = self.assembler
        code.set(Register.R2, size)
        code.copy(Register.R3, base)
        code.add(Register.R3, offset)
        code.call(function)
