"""
What reaches the terminal: colours only where one is attached and NO_COLOR is not set, and text of events without control characters.

Whoever writes an event decides its text; a terminal obeys escape sequences. So every text passes `clean`.
"""

import sys
from functools import cache
from textwrap import wrap
from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

OK = 0
FAILURE = 1
USAGE = 2
INTERRUPTED = 130

TEXT_LENGTH_MAX = 500
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (which can reverse the direction of writing), surrogate, private, unassigned, line and paragraph separators."""


class CommandError(Exception):
    """A command cannot do what it was asked to. The message says what, why and what to do; `exit_code` is the process's."""

    def __init__(self, what: str, remedy: str = "", *, exit_code: int = FAILURE) -> None:
        super().__init__(what)
        self.remedy = remedy
        self.exit_code = exit_code


def clean(text: str, length_max: int = TEXT_LENGTH_MAX) -> str:
    """The text on one line, without anything that a terminal would obey, at most so long."""
    if text.isascii() and text.isprintable() and len(text) <= length_max:
        return text
    shown = "".join(
        " " if character in "\n\r\t" else "\ufffd" if category(character) in _UNSAFE_CATEGORIES else character for character in text
    )
    return shown if len(shown) <= length_max else shown[: length_max - 1] + "…"


@cache
def console() -> "Console":
    """Standard output. Never reads markup or emoji codes in what it prints."""
    return _console(is_error=False)


@cache
def error_console() -> "Console":
    """Standard error."""
    return _console(is_error=True)


def _console(*, is_error: bool) -> "Console":
    from rich.console import Console

    class PipingConsole(Console):
        def on_broken_pipe(self) -> None:
            """Let the entry decide what a closed pipe means; rich would exit with a failure."""
            raise BrokenPipeError

    return PipingConsole(stderr=is_error, markup=False, emoji=False, highlight=False, soft_wrap=True)


def is_terminal() -> bool:
    """Whether a person watches standard output."""
    return sys.stdout.isatty()


def width() -> int:
    """Columns to lay text out in: the terminal's, at most 120 so that lines stay readable; 100 where there is none."""
    return min(120, max(40, console().width)) if is_terminal() else 100


def wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """The text, cleaned, in lines that fit; what the first and the other lines begin with is given. Long words stay whole."""
    return wrap(clean(text, 2_000), width(), initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)


def say(text: "str | Text" = "") -> None:
    """Print a line of text that is ours, or that went through `clean`."""
    console().print(text)


def complain(what: str, remedy: str = "") -> None:
    """Print an error and what to do about it to standard error."""
    from rich.text import Text

    message = Text("error: ", style="bold red")
    message.append("\n".join(clean(line, 2_000) for line in what.splitlines()), style="default not bold")
    error_console().print(message)
    if remedy:
        error_console().print(Text(f"  → {clean(remedy, 2_000)}"))


def note(text: str) -> None:
    """Print a remark to standard error, so that standard output stays for the answer."""
    from rich.text import Text

    error_console().print(Text(clean(text, 2_000), style="dim"))
