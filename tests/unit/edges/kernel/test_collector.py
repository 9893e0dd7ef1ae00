"""Whatever the source, what it sees becomes events with times of the clock that everybody shares."""

import os
from collections.abc import Iterator
from pathlib import Path
from time import monotonic_ns, time_ns

import pytest

from headwater.edges.kernel.collector import KernelCollector, NothingToWatchError, Way, open_source
from headwater.edges.kernel.ebpf import EbpfSource
from headwater.edges.kernel.errors import MalformedBtfError, SourceRefusedError
from headwater.edges.kernel.kmsg import KmsgSource
from headwater.edges.kernel.oom_kills import OomKill

SECOND = 1_000_000_000


class PlayedSource:
    """A pipe that is readable when there are kills to give."""

    name = "played"
    lost = 0

    def __init__(self, is_fresh_within_ns: int | None = None) -> None:
        self.is_fresh_within_ns = is_fresh_within_ns
        self._reading, self._writing = os.pipe()
        self._kills: list[OomKill] = []

    def happen(self, *kills: OomKill) -> None:
        self._kills += kills
        os.write(self._writing, b"!")

    def fileno(self) -> int:
        return self._reading

    def read(self) -> list[OomKill]:
        if not self._kills:
            return []
        os.read(self._reading, 1)
        kills, self._kills = self._kills, []
        return kills

    def close(self) -> None:
        os.close(self._reading)
        os.close(self._writing)


@pytest.fixture
def source() -> Iterator[PlayedSource]:
    played = PlayedSource()
    yield played
    played.close()


def collector_of(source: PlayedSource) -> KernelCollector:
    return KernelCollector(source, node="node-a", boot_id="boot", wall_now=time_ns)


async def test_a_kill_is_told_with_the_time_it_happened(source: PlayedSource) -> None:
    source.happen(OomKill(since_boot=monotonic_ns() - 10 * SECOND, pid=1, command="a"))
    (event,) = await collector_of(source).read(5.0)
    assert event.occurred_at is not None
    assert abs(time_ns() - 10 * SECOND - event.occurred_at) < SECOND
    assert event.attributes is not None
    assert event.attributes["time.error_ns"] < SECOND


async def test_a_quiet_kernel_gives_nothing(source: PlayedSource) -> None:
    assert await collector_of(source).read(0.01) == []


@pytest.mark.parametrize("drift_seconds", [-30, 30])
async def test_a_clock_that_has_drifted_is_not_believed(drift_seconds: int) -> None:
    source = PlayedSource(is_fresh_within_ns=2 * SECOND)
    try:
        collector = collector_of(source)
        # A record that was written before we began cannot be told from a late one; one of now and later can.
        source.happen(OomKill(since_boot=monotonic_ns() + max(drift_seconds, 0) * SECOND, pid=1, command="a"))
        (event,) = await collector.read(5.0)
        assert event.occurred_at is not None
        assert abs(time_ns() - event.occurred_at) < 2 * SECOND
    finally:
        source.close()


def test_no_way_to_watch_is_refused_with_the_reason_of_each(tmp_path: Path) -> None:
    with pytest.raises(SourceRefusedError, match=r"kmsg is not there; give the container the host's"):
        KmsgSource(tmp_path / "kmsg")
    with pytest.raises(SourceRefusedError, match=r"eBPF needs .*vmlinux, which cannot be read \(No such file or directory\); "):
        EbpfSource(tmp_path / "vmlinux")
    (tmp_path / "vmlinux").write_bytes(b"not types")
    with pytest.raises(MalformedBtfError, match="cannot be read"):
        EbpfSource(tmp_path / "vmlinux")


def test_refusals_are_told_together() -> None:
    error = NothingToWatchError([SourceRefusedError("a; do b"), SourceRefusedError("c; do d")])
    assert str(error) == "a; do b\nc; do d"


@pytest.mark.skipif(not os.access("/dev/kmsg", os.R_OK), reason="/dev/kmsg may not be read here")
def test_the_log_is_taken_where_it_was_asked_for() -> None:
    source, refusals = open_source(Way.KMSG)
    assert (source.name, refusals) == ("kmsg", ())
    source.close()
