"""eBPF as a source of kills: loads the program, keeps it attached, reads what it leaves."""

import contextlib
import errno
import os
import resource
from contextlib import ExitStack
from pathlib import Path

from headwater.edges.kernel import system_call
from headwater.edges.kernel.btf import Btf
from headwater.edges.kernel.capabilities import Capability, missing_capabilities, own_capabilities
from headwater.edges.kernel.errors import SourceRefusedError
from headwater.edges.kernel.oom_kills import OomKill
from headwater.edges.kernel.oom_program import TYPES, Tracepoint, assemble, tracepoint_for
from headwater.edges.kernel.oom_records import decode_record
from headwater.edges.kernel.ring_buffer import RingBuffer

TYPES_FILE = Path("/sys/kernel/btf/vmlinux")
RING_BYTES = 256 * 1024
"""Room for about 160 kills that have not been read yet; more are counted as lost."""
_NEEDED = (Capability.CAP_BPF, Capability.CAP_PERFMON)
_LOCKDOWN_FILE = Path("/sys/kernel/security/lockdown")


class EbpfSource:
    """Reads kills as the kernel makes them. Everything ends with the process, however that ends."""

    name = "ebpf"
    is_fresh_within_ns: int | None = None  # the program's clock is the one that times are converted from

    def __init__(self, types_file: Path = TYPES_FILE, *, tracepoint: Tracepoint | None = None) -> None:
        types = _read_types(types_file)
        self.tracepoint = tracepoint or tracepoint_for(types)
        _allow_locked_memory()
        with ExitStack() as stack:
            try:
                ring = _closed_with(stack, system_call.create_ring_buffer(RING_BYTES))
                self._lost = _closed_with(stack, system_call.create_counter())
                code = assemble(types, self.tracepoint, ring_buffer=ring, lost=self._lost)
                program = _closed_with(stack, system_call.load_program(code, "headwater_oom"))
                _closed_with(stack, system_call.attach_program(program, self.tracepoint.value))
            except OSError as error:
                raise _refusal(error) from error
            self._descriptor = ring
            self._ring = RingBuffer(ring, RING_BYTES)
            stack.callback(self._ring.close)
            self._stack = stack.pop_all()

    @property
    def lost(self) -> int:
        """Kills there was no room for."""
        return system_call.read_counter(self._lost)

    def fileno(self) -> int:
        """What is readable when there is a record."""
        return self._descriptor

    def read(self) -> list[OomKill]:
        """The kills since the last time."""
        has_limits = self.tracepoint is Tracepoint.VICTIM_CHOSEN
        return [decode_record(record, has_limits=has_limits) for record in self._ring.records()]

    def close(self) -> None:
        """Detach the program."""
        self._stack.close()


def _closed_with(stack: ExitStack, descriptor: int) -> int:
    stack.callback(os.close, descriptor)
    return descriptor


def _read_types(path: Path) -> Btf:
    if not system_call.is_supported_machine():
        raise SourceRefusedError("eBPF is not known for this processor; use the kernel's log instead")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceRefusedError(
            f"eBPF needs {path}, which cannot be read ({error.strerror}); use a kernel with CONFIG_DEBUG_INFO_BTF and mount /sys"
        ) from error
    return Btf(data, TYPES)


def _allow_locked_memory() -> None:
    """Before Linux 5.11 the ring buffer counts as locked memory."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _refusal(error: OSError) -> SourceRefusedError:
    if error.errno in (errno.EPERM, errno.EACCES) and not isinstance(error, system_call.ProgramRefusedError):
        missing = missing_capabilities(_NEEDED, own_capabilities())
        if missing:
            return SourceRefusedError(f"eBPF is not allowed without {' and '.join(missing)}; add them to the container's capabilities")
        return SourceRefusedError(
            "eBPF is not allowed although the capabilities are there; "
            f"look at the seccomp profile and at {_LOCKDOWN_FILE}, which must not say [confidentiality]"
        )
    if error.errno in (errno.ENOSYS, errno.EINVAL) and not isinstance(error, system_call.ProgramRefusedError):
        return SourceRefusedError("this kernel has no eBPF with ring buffers; use Linux 5.8 or newer, or the kernel's log")
    return SourceRefusedError(f"the kernel does not take the program: {error.strerror}; use the kernel's log instead")
