"""bpf(2) by ctypes: the four commands the collector needs, and nothing of libbpf. Every failure is an OSError."""

import ctypes
import os
import platform
import struct

_NUMBERS = {"x86_64": 321, "aarch64": 280, "riscv64": 280, "loongarch64": 280, "s390x": 351, "ppc64le": 361}
_ATTRIBUTE_BYTES = 144
_MAP_CREATE, _MAP_LOOK_UP, _PROGRAM_LOAD, _RAW_TRACEPOINT_OPEN = 0, 1, 5, 17
_ARRAY, _RING_BUFFER = 2, 27
_PROGRAM_OF_RAW_TRACEPOINT = 17
_LICENCE = b"GPL"  # the helpers that read kernel memory are for such programs only
_LOG_BYTES = 1 << 18
_LOG_SHOWN_CHARACTERS = 800


class ProgramRefusedError(OSError):
    """The kernel's verifier does not accept a program; the text ends as its log does."""


def is_supported_machine() -> bool:
    """Whether the number of the system call is known here."""
    return platform.machine() in _NUMBERS


def create_ring_buffer(size: int) -> int:
    """The descriptor of a ring buffer; `size` is a power of two, and whole pages."""
    return _bpf(_MAP_CREATE, struct.pack("<IIIII", _RING_BUFFER, 0, 0, size, 0))


def create_counter() -> int:
    """The descriptor of one number that programs can add to."""
    return _bpf(_MAP_CREATE, struct.pack("<IIIII", _ARRAY, 4, 8, 1, 0))


def read_counter(descriptor: int) -> int:
    """The number."""
    key, value = ctypes.c_uint32(0), ctypes.c_uint64(0)
    _bpf(_MAP_LOOK_UP, struct.pack("<IIQQQ", descriptor, 0, ctypes.addressof(key), ctypes.addressof(value), 0))
    return value.value


def load_program(code: bytes, name: str) -> int:
    """The descriptor of a verified program for a raw tracepoint. Raises ProgramRefusedError where the verifier says no."""
    try:
        return _load(code, name, None)
    except PermissionError:
        raise
    except OSError:
        log = ctypes.create_string_buffer(_LOG_BYTES)
        try:
            return _load(code, name, log)
        except OSError as error:
            text = log.value.decode("utf-8", "replace")[-_LOG_SHOWN_CHARACTERS:].strip()
            raise ProgramRefusedError(error.errno, f"{error.strerror}: {text}") from error


def attach_program(program: int, tracepoint: str) -> int:
    """The descriptor that keeps the program at its tracepoint until it is closed, by us or by our end."""
    name = ctypes.create_string_buffer(tracepoint.encode())
    return _bpf(_RAW_TRACEPOINT_OPEN, struct.pack("<QI", ctypes.addressof(name), program))


def _load(code: bytes, name: str, log: "ctypes.Array[ctypes.c_char] | None") -> int:
    instructions = ctypes.create_string_buffer(code, len(code))
    licence = ctypes.create_string_buffer(_LICENCE)
    attribute = struct.pack(
        "<IIQQIIQII16s",
        _PROGRAM_OF_RAW_TRACEPOINT,
        len(code) // 8,
        ctypes.addressof(instructions),
        ctypes.addressof(licence),
        1 if log is not None else 0,
        len(log) if log is not None else 0,
        ctypes.addressof(log) if log is not None else 0,
        0,
        0,
        name.encode()[:15],
    )
    return _bpf(_PROGRAM_LOAD, attribute)


def _bpf(command: int, attribute: bytes) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    memory = ctypes.create_string_buffer(attribute, _ATTRIBUTE_BYTES)
    # Converted to C's long each, since a variadic function's arguments are not told their types.
    result = library.syscall(
        ctypes.c_long(_NUMBERS[platform.machine()]), ctypes.c_long(command), ctypes.byref(memory), ctypes.c_long(_ATTRIBUTE_BYTES)
    )
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(result)
