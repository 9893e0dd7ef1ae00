"""Small things that people read and type: clean text, tables, times, names of incidents."""

import io
from typing import Any

import pytest

from headwater.cli import terminal
from headwater.cli.durations import parse_moment
from headwater.cli.files import LINE_BYTES_MAX, line_batches
from headwater.cli.finding import find_incident
from headwater.cli.tables import Column, fitted, print_table
from headwater.cli.terminal import CommandError, clean
from headwater.cli.words import age, lag, shortened
from headwater.model.results import Cause, CorrelationResult
from headwater.model.times import parse_time, seconds


def incident(identifier: str, *, status: str = "open", detected_at: str = "") -> CorrelationResult:
    return CorrelationResult(
        identifier, "f", 1, status, "first_told", "t", "high", "likely", 0.6, "cause", Cause("e", "", "c"), detected_at=detected_at
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words", "plain words"),
        ("Grüße, 世界", "Grüße, 世界"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("\x9b31m", "\ufffd31m"),
        ("a\u202eb\u2066c\u200bd", "a\ufffdb\ufffdc\ufffdd"),
        ("\ud800", "\ufffd"),
        ("x" * 12, "xxxxxxxxx…"),
    ],
)
def test_text_is_cleaned(text: str, shown: str) -> None:
    assert clean(text, 10 if text.startswith("xx") else 100) == shown


def test_tables_line_up_also_where_letters_are_wide(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.console.cache_clear()
    columns: tuple[Column[tuple[str, str]], ...] = (
        Column("NAME", lambda row: row[0]),
        Column("WHAT", lambda row: row[1]),
        Column("MORE", lambda row: "hidden", is_wide_only=True),
    )
    print_table([("世界", "[bold]x[/bold]"), ("a", "y" * 200)], columns)
    terminal.console.cache_clear()
    header, first, second = capsys.readouterr().out.splitlines()
    assert header == "NAME   WHAT"
    assert first == "世界   [bold]x[/bold]"
    assert second.startswith("a      yyy")
    assert second.endswith("…")


def columns_of(*shape: tuple[int, int]) -> list[Column[str]]:
    return [Column("C", str, shrinks_to=shrinks_to, leaves=leaves) for shrinks_to, leaves in shape]


@pytest.mark.parametrize(
    ("room", "widths"),
    [
        (100, [10, 40, 20, 4]),
        (83, [10, 40, 20, 4]),  # just so
        (70, [10, 27, 20, 4]),
        (53, [10, 10, 20, 4]),
        (52, [10, 32, 0, 4]),  # the second one need not be as short once the third is gone
        (20, [10, 10, 0, 4]),  # more cannot be done
    ],
)
def test_a_table_too_wide_for_the_terminal_loses_what_matters_least(room: int, widths: list[int]) -> None:
    assert fitted(columns_of((0, 0), (10, 0), (0, 1), (0, 0)), [10, 40, 20, 4], room) == widths


def test_durations_and_times_are_moments() -> None:
    now = parse_time("2026-01-05T10:00:00Z")
    assert parse_moment("90s", now=now) == now - seconds(90)
    assert parse_moment("1.5h", now=now) == now - seconds(5_400)
    assert parse_moment("2026-01-05T09:00:00Z", now=0) == now - seconds(3_600)
    with pytest.raises(CommandError, match="neither"):
        parse_moment("yesterday", now=now)


def test_amounts_of_time_are_short() -> None:
    assert [age(amount) for amount in (-1, 45, 119, 600, 7_300, 200_000)] == ["0s", "45s", "119s", "10m", "2h", "2d"]
    assert [lag(amount) for amount in (0, 15, -2.5, 60, 200)] == ["+0s", "+15s", "-2.5s", "+1m", "+3m20s"]


def test_entities_in_sentences_are_shortened() -> None:
    assert shortened("default/Pod/shop/mysql-0 serves default/Node//node-1.") == "Pod/mysql-0 serves Node/node-1."
    assert shortened("kernel.oom>svc.degraded[service] at 10/12") == "kernel.oom>svc.degraded[service] at 10/12"


def test_an_incident_is_found_by_the_beginning_of_its_id() -> None:
    known = [incident("abc1", detected_at="2"), incident("abd2", detected_at="3"), incident("abd", status="merged", detected_at="9")]
    assert find_incident(known, "abc") is known[0]
    assert find_incident(known, "latest") is known[1]
    assert find_incident(known, "abd2") is known[1]
    for wanted in ("", "ab", "zzz"):
        with pytest.raises(CommandError):
            find_incident(known, wanted)
    with pytest.raises(CommandError, match="no incidents yet"):
        find_incident([], "latest")


class TricklingFile(io.RawIOBase):
    """Gives a few bytes at a time, as a pipe may."""

    def __init__(self, content: bytes, size: int) -> None:
        self._content = io.BytesIO(content)
        self._size = size

    def read1(self, size: int = -1) -> bytes:
        return self._content.read(min(size, self._size))


@pytest.mark.parametrize("size", [1, 3, 1_000])
def test_lines_are_numbered_as_an_editor_numbers_them(size: int) -> None:
    file: Any = TricklingFile(b"one\n\n  \ntwo\r\nthree", size)
    lines = [line for batch in line_batches(file) for line in batch]
    assert [(line.number, line.data) for line in lines] == [(1, b"one"), (4, b"two"), (5, b"three")]


def test_a_line_without_end_is_cut_and_the_next_is_whole() -> None:
    file: Any = TricklingFile(b"x" * (LINE_BYTES_MAX + 900_000) + b"\nnext\n", 256 << 10)
    lines = [line for batch in line_batches(file) for line in batch]
    assert [line.number for line in lines] == [1, 2]
    assert len(lines[0].data) <= LINE_BYTES_MAX + (256 << 10) + 1
    assert lines[1].data == b"next"
