"""
Tables as kubectl prints them: a header in capitals, columns three spaces apart.

On a terminal that is too narrow, columns that may be short are cut and those that matter least are left out, so that a row stays one
line. Into a pipe, and where everything is asked for, nothing is.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from headwater.cli.terminal import clean, console, is_terminal

Row = TypeVar("Row")

_GAP = 3


class Column(NamedTuple, Generic[Row]):
    """One column: its header, what it says of a row, and in which style."""

    header: str
    text: Callable[[Row], str]
    style: Callable[[Row], str] | None = None
    is_wide_only: bool = False
    length_max: int = 80
    shrinks_to: int = 0  # how short it may be cut on a narrow terminal; 0 where it may not
    leaves: int = 0  # the order in which columns are left out there, the first with 1; 0 for those that stay


def print_table(rows: Sequence[Row], columns: Sequence[Column[Row]], *, is_wide: bool = False, has_header: bool = True) -> None:
    """Print the rows."""
    shown = [column for column in columns if is_wide or not column.is_wide_only]
    lengths = [500 if is_wide else column.length_max for column in shown]
    cells = [[clean(column.text(row), length) for column, length in zip(shown, lengths, strict=True)] for row in rows]
    header = [column.header for column in shown]
    widths = [max(cell_len(line[index]) for line in [*cells, header]) for index in range(len(shown))]
    if is_terminal() and not is_wide:
        widths = fitted(shown, widths, console().width)
    kept = [index for index, width in enumerate(widths) if width]

    def line_of(texts: Sequence[str], styles: Sequence[str]) -> Text:
        cut = [_cut(texts[index], widths[index]) for index in kept]
        return _line(cut, [widths[index] for index in kept], [styles[index] for index in kept])

    if has_header:
        console().print(line_of(header, ["bold"] * len(shown)))
    for row, texts in zip(rows, cells, strict=True):
        console().print(line_of(texts, [column.style(row) if column.style else "" for column in shown]))


def fitted(columns: Sequence[Column[Any]], widths: Sequence[int], room: int) -> list[int]:
    """The widths that fit, 0 for a column that is left out: first some are, then the widest that may be short are cut."""
    fit = list(widths)

    def excess() -> int:
        return sum(fit) + _GAP * (sum(width > 0 for width in fit) - 1) - room

    def spare() -> int:
        return sum(max(0, width - column.shrinks_to) for column, width in zip(columns, fit, strict=True) if column.shrinks_to)

    for index in sorted((index for index, column in enumerate(columns) if column.leaves), key=lambda index: columns[index].leaves):
        if excess() > spare():
            fit[index] = 0
    while excess() > 0 and spare() > 0:
        widest = max((index for index, column in enumerate(columns) if 0 < column.shrinks_to < fit[index]), key=lambda index: fit[index])
        fit[widest] -= 1
    return fit


def _cut(text: str, width: int) -> str:
    return text if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}…"


def _line(texts: Sequence[str], widths: Sequence[int], styles: Sequence[str]) -> Text:
    line = Text()
    for index, (text, width, style) in enumerate(zip(texts, widths, styles, strict=True)):
        line.append(text, style=style)
        if index < len(texts) - 1:
            line.append(" " * (width - cell_len(text) + _GAP))
    return line
