"""Tables as kubectl prints them: a header in capitals, columns three spaces apart, nothing cut."""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from rich.cells import cell_len
from rich.text import Text

from headwater.cli.terminal import clean, console

Row = TypeVar("Row")

_GAP = 3


class Column(NamedTuple, Generic[Row]):
    """One column: its header, what it says of a row, and in which style."""

    header: str
    text: Callable[[Row], str]
    style: Callable[[Row], str] | None = None
    is_wide_only: bool = False
    length_max: int = 80


def print_table(rows: Sequence[Row], columns: Sequence[Column[Row]], *, is_wide: bool = False, has_header: bool = True) -> None:
    """Print the rows."""
    shown = [column for column in columns if is_wide or not column.is_wide_only]
    lengths = [500 if is_wide else column.length_max for column in shown]
    cells = [[clean(column.text(row), length) for column, length in zip(shown, lengths, strict=True)] for row in rows]
    header = [column.header for column in shown]
    widths = [max(cell_len(line[index]) for line in [*cells, header]) for index in range(len(shown))]
    if has_header:
        console().print(_line(header, widths, ["bold"] * len(shown)))
    for row, texts in zip(rows, cells, strict=True):
        console().print(_line(texts, widths, [column.style(row) if column.style else "" for column in shown]))


def _line(texts: Sequence[str], widths: Sequence[int], styles: Sequence[str]) -> Text:
    line = Text()
    for index, (text, width, style) in enumerate(zip(texts, widths, styles, strict=True)):
        line.append(text, style=style)
        if index < len(texts) - 1:
            line.append(" " * (width - cell_len(text) + _GAP))
    return line
