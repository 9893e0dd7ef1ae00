"""A small assembler for eBPF: the instructions the collector uses, with labels instead of counted jumps."""

import struct
from enum import IntEnum

_INSTRUCTION = struct.Struct("<BBhi")
_OFFSET_AT = 2


class Register(IntEnum):
    """The registers: 0 holds a result, 1 to 5 arguments (lost in a call), 6 to 9 keep their value, 10 is the end of the stack."""

    R0 = 0
    R1 = 1
    R2 = 2
    R3 = 3
    R6 = 6
    R7 = 7
    R8 = 8
    R9 = 9
    STACK = 10


class KernelFunction(IntEnum):
    """The kernel's functions that the program calls."""

    MAP_LOOK_UP = 1
    TIME_SINCE_BOOT = 5
    READ_KERNEL = 113
    READ_KERNEL_TEXT = 115
    RING_BUFFER_RESERVE = 131
    RING_BUFFER_SUBMIT = 132


_LOAD = {8: 0x79, 4: 0x61}
_STORE = {8: 0x7B, 4: 0x63}
_STORE_CONSTANT = {8: 0x7A, 4: 0x62}


class Assembler:
    """Collects instructions. Jumps go forwards only, which is all a program without loops needs."""

    def __init__(self) -> None:
        self._code = bytearray()
        self._jumps: dict[str, list[int]] = {}  # positions of the instructions that wait for a label

    def copy(self, to: Register, source: Register) -> None:
        """Copy a register."""
        self._add(0xBF, to, source)

    def set(self, to: Register, value: int) -> None:
        """Put a constant into a register."""
        self._add(0xB7, to, constant=value)

    def add(self, to: Register, value: int) -> None:
        """Add a constant."""
        self._add(0x07, to, constant=value)

    def load(self, to: Register, source: Register, offset: int, size: int = 8) -> None:
        """Load from memory that the program may read directly: its context, the stack, a map's value."""
        self._add(_LOAD[size], to, source, offset)

    def store(self, to: Register, offset: int, source: Register, size: int = 8) -> None:
        """Store a register."""
        self._add(_STORE[size], to, source, offset)

    def store_constant(self, to: Register, offset: int, value: int, size: int = 8) -> None:
        """Store a constant."""
        self._add(_STORE_CONSTANT[size], to, offset=offset, constant=value)

    def add_atomically(self, to: Register, source: Register) -> None:
        """Add a register to the 64 bits in memory that another points to."""
        self._add(0xDB, to, source)

    def load_map(self, to: Register, descriptor: int) -> None:
        """Put a map into a register: the kernel replaces the descriptor by its address."""
        self._add(0x18, to, 1, constant=descriptor)
        self._add(0, 0)

    def call(self, function: KernelFunction) -> None:
        """Call a function of the kernel."""
        self._add(0x85, 0, constant=function)

    def jump_if_zero(self, register: Register, label: str) -> None:
        """Go on at a label that comes later."""
        self._jump(0x15, register, 0, label)

    def jump_if_different(self, left: Register, right: Register, label: str) -> None:
        """Go on at a label that comes later where two registers differ."""
        self._jump(0x5D, left, right, label)

    def leave(self) -> None:
        """End the program with the result 0."""
        self.set(Register.R0, 0)
        self._add(0x95, 0)

    def label(self, name: str) -> None:
        """The place that the jumps with this name go to."""
        for position in self._jumps.pop(name, ()):
            distance = (len(self._code) - position) // _INSTRUCTION.size - 1
            struct.pack_into("<h", self._code, position + _OFFSET_AT, distance)

    def code(self) -> bytes:
        """The program."""
        assert not self._jumps, f"jumps lead nowhere: {sorted(self._jumps)}"
        return bytes(self._code)

    def _jump(self, operation: int, left: int, right: int, label: str) -> None:
        self._jumps.setdefault(label, []).append(len(self._code))
        self._add(operation, left, right)

    def _add(self, operation: int, to: int, source: int = 0, offset: int = 0, constant: int = 0) -> None:
        self._code += _INSTRUCTION.pack(operation, source << 4 | to, offset, constant)
