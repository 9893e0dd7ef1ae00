"""Lines from a file and from a journalctl that ends, stays silent, or is not there."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest
from tests.unit.edges.journal.test_units import FAILED

from headwater.edges.journal import collector, source
from headwater.edges.journal.collector import JournalCounters, collect_lines
from headwater.edges.journal.source import JournalError, file_lines, journal_lines
from headwater.edges.journal.units import WATCHED_UNITS
from headwater.model.events import UnifiedEvent


class ListStore:
    """Stores in a list, and is away for a while first."""

    def __init__(self, away: int = 0) -> None:
        self.events: list[UnifiedEvent] = []
        self._away = away

    async def store(self, events: Sequence[UnifiedEvent]) -> bool:
        if self._away:
            self._away -= 1
            return False
        self.events += events
        return True


def program(folder: Path, text: str) -> str:
    """A program that stands in for journalctl."""
    path = folder / "journalctl"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


async def first(lines: AsyncIterator[list[bytes]], count: int) -> list[bytes]:
    found: list[bytes] = []
    async for some in lines:
        found += some
        if len(found) >= count:
            break
    return found


async def test_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "journal.json"
    path.write_bytes(b"\n".join([json.dumps(FAILED).encode(), b"", b"broken", b"x" * 200_000, json.dumps(FAILED | {"UNIT": "x"}).encode()]))
    store, counters = ListStore(), JournalCounters()
    await collect_lines(file_lines(str(path)), store, watched=WATCHED_UNITS, node="", now=lambda: 0, counters=counters)
    assert [(event.attributes or {})["unit"] for event in store.events] == ["kubelet"]
    assert counters.events == 1
    assert counters.unreadable >= 2


async def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="No such file"):
        await first(file_lines(str(tmp_path / "none")), 1)


async def test_a_missing_journalctl_is_told_with_what_to_do() -> None:
    with pytest.raises(JournalError, match="--file"):
        await first(journal_lines(["kubelet"], program="/nowhere/journalctl"), 1)


async def test_journalctl_is_asked_for_the_units_and_started_again_when_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_PAUSE_SECONDS", (0.0,))
    async with aclosing(journal_lines(["kubelet", "containerd"], program=program(tmp_path, 'echo "$@"'))) as lines:
        found = await first(lines, 2)
    assert found == [b"-o json -f -u kubelet -u containerd -n 0", b"-o json -f -u kubelet -u containerd --since -60s"]


async def test_a_line_without_end_is_bounded(tmp_path: Path) -> None:
    endless = program(tmp_path, "head -c 1000000 /dev/zero | tr '\\0' x; echo; echo end; exec sleep 60")
    async with aclosing(journal_lines(["kubelet"], program=endless)) as lines:
        found: list[bytes] = []
        async for some in lines:
            found += some
            if b"end" in some:
                break
    assert len(found) > 2
    assert max(map(len, found)) < 600_000


async def test_while_nothing_can_be_stored_no_more_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "_AGAIN_SECONDS", 0.0)
    store, counters = ListStore(away=3), JournalCounters()

    async def batches() -> AsyncIterator[list[bytes]]:
        yield [json.dumps(FAILED).encode()]
        assert len(store.events) == 1
        yield [json.dumps(FAILED | {"__CURSOR": "other"}).encode()]

    await collect_lines(batches(), store, watched=WATCHED_UNITS, node="", now=lambda: 0, counters=counters)
    assert (len(store.events), counters.waits) == (2, 3)
