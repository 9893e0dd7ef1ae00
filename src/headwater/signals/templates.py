"""
Templates: what is constant in a log line, so that lines which differ only in values are one.

A template is a pure function of its line alone. Methods that learn templates from the lines they have met (Drain, Spell) give a line
another one when others came before it, and so another novelty live than in replay. What masking cannot know for a value, as a name,
makes many templates of one line; the memory of lines allows for that (correlation/lines.py).
"""

from re import Match
from re import compile as compile_pattern

from headwater.model.identity import text_hash

TEMPLATE_CHARACTERS_MAX = 256
"""What follows says hardly more about which line it is."""

_CACHED_MAX = 4_096
_lines: dict[tuple[str, str], int] = {}
"""A cache of pure results, emptied when full."""

# Every repeat below is of one class of characters, bounded, and behind a boundary: the work grows with the length of the line, whatever
# the line says.
_INDENTED = compile_pattern(r"\n[ \t][^\n]{0,2048}")
_CODE = compile_pattern(
    r"(?<![A-Za-z0-9])(?:[Ss]tatus|STATUS|[Cc]ode|CODE|[Ee]rrno|[Ee]rror|ERROR|[Ee]xit|HTTP|http|SQLSTATE|ORA)(?: code)?[ :=\[(-]{1,3}"
    r"[0-9][0-9A-Z]{0,4}(?![\w.:-])"
)
_QUOTED = compile_pattern(r"""["'`](?<!\w.)(?<![{,].)(?:(?<=")[^"\s]{1,200}"|(?<=')[^'\s]{1,200}'(?!\w)|(?<=`)[^`\s]{1,200}`)""")
_PATH = compile_pattern(r"""[/\\](?<![\w.].)[^\s"'<>|,;()\[\]{}]{1,256}""")
_ADDRESS = compile_pattern(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}::[0-9A-Fa-f:.]{1,39}|[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){5,7})(?![\w:])")
_COLONS_OF_ADDRESS = 5
_MAILBOX = compile_pattern(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,253}")
_WITH_DIGIT = compile_pattern(r"(?<![\w.-])[A-Za-z_.+-]{0,40}[0-9][\w.%+-]{0,200}")
_SEVERAL = compile_pattern(r"#(?:[\s,:;=/xT]{0,2}#){1,200}")
_DIGITS_AS_LETTERS = str.maketrans("0123456789", "abcdefghij")


def line_of(message: str, error_type: str = "") -> int:
    """A number for the template of a line and the type of error it tells, 0 where it says nothing."""
    key = (error_type, message)
    found = _lines.get(key)
    if found is None:
        template = template_of(message)
        found = (text_hash(f"{error_type}\x1f{template}") or 1) if template or error_type else 0
        if len(_lines) >= _CACHED_MAX:
            _lines.clear()
        _lines[key] = found
    return found


def template_of(message: str) -> str:
    """
    The line with what varies masked: numbers, hex, ids, addresses, times, durations, paths, mailboxes, quoted words.

    Stack frames (indented lines) are left out. Short codes of errors stay, since another code is another error.
    """
    text = message
    if "\n" in text:
        text = _INDENTED.sub("", text)
    text = _CODE.sub(_as_letters, text)
    if '"' in text or "'" in text or "`" in text:
        text = _QUOTED.sub('"#"', text)
    if "/" in text or "\\" in text:
        text = _PATH.sub("/#", text)
    if "@" in text:
        text = _MAILBOX.sub("#", text)
    if "::" in text or text.count(":") >= _COLONS_OF_ADDRESS:
        text = _ADDRESS.sub("#", text)
    text = _SEVERAL.sub("#", _WITH_DIGIT.sub("#", text))
    return " ".join(text.split())[:TEMPLATE_CHARACTERS_MAX]


def _as_letters(code: Match[str]) -> str:
    return code[0].translate(_DIGITS_AS_LETTERS)
