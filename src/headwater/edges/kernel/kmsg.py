"""The kernel's log as a source of kills: `/dev/kmsg`, the way that needs no eBPF."""

import errno
import os
from pathlib import Path
from time import monotonic_ns

from headwater.edges.kernel.capabilities import Capability, missing_capabilities, own_capabilities
from headwater.edges.kernel.errors import SourceRefusedError
from headwater.edges.kernel.kmsg_kills import WAIT_NS, KillsFromLog
from headwater.edges.kernel.kmsg_records import RECORD_BYTES_MAX, parse_record
from headwater.edges.kernel.oom_kills import OomKill

DEVICE = Path("/dev/kmsg")
READ_BACK_NS = 100 * 1_000_000_000
"""How far back the log is read at a start: what happened while the collector was restarted is told, and within the stream's two
minutes of deduplication told once."""
_RECORDS_MAX = 2_000


class KmsgSource:
    """Reads the log without waiting."""

    name = "kmsg"
    is_fresh_within_ns = 2_000_000_000
    """The log's clock is not kept in step with the others: beyond this the time of reading is the better one."""

    def __init__(self, device: Path = DEVICE) -> None:
        try:
            self._descriptor = os.open(device, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise _refusal(device, error) from error
        self._kills = KillsFromLog()
        self._told_from = monotonic_ns() - READ_BACK_NS
        self._read_at = 0  # when the last record was read, by our clock
        self.lost = 0

    def fileno(self) -> int:
        """What is readable when the log has more."""
        return self._descriptor

    def read(self) -> list[OomKill]:
        """The kills that the log tells of by now."""
        kills: list[OomKill] = []
        for _ in range(_RECORDS_MAX):
            try:
                data = os.read(self._descriptor, RECORD_BYTES_MAX)
            except BlockingIOError:
                break
            except OSError as error:
                if error.errno not in (errno.EPIPE, errno.EINVAL):
                    raise
                # Overwritten before it was read, or longer than any record should be; the next read goes on after it.
                self.lost += 1
                continue
            if not data:
                break
            self._read_at = monotonic_ns()
            record = parse_record(data)
            if record is not None:
                kills += self._kills.take(record)
        if monotonic_ns() - self._read_at > WAIT_NS:
            kills += self._kills.flush()
        return [kill for kill in kills if kill.since_boot >= self._told_from]

    def close(self) -> None:
        """Stop reading."""
        os.close(self._descriptor)


def _refusal(device: Path, error: OSError) -> SourceRefusedError:
    if error.errno == errno.ENOENT:
        return SourceRefusedError(f"{device} is not there; give the container the host's {device}")
    if error.errno in (errno.EPERM, errno.EACCES):
        missing = missing_capabilities([Capability.CAP_SYSLOG], own_capabilities())
        if missing:
            return SourceRefusedError(f"{device} may not be read without {missing[0]}; add it to the container's capabilities")
        return SourceRefusedError(f"{device} may not be read; a container needs `privileged: true` to be let at the device")
    return SourceRefusedError(f"{device} cannot be read: {error.strerror}; use eBPF instead")
