"""Text from outside, made safe to print: bounded, on one line, without what hides or reorders text on a terminal."""

from re import compile as compile_pattern

TEXT_CHARACTERS_MAX = 200

# C0, C1, lone surrogates, and what hides or reorders text on a terminal: zero-width characters, directional marks, separators of lines.
_UNSAFE = compile_pattern(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANKS = compile_pattern(r"\s+")


def clean_text(text: str, characters_max: int = TEXT_CHARACTERS_MAX) -> str:
    """The text on one line without control characters, cut with an ellipsis where it is too long."""
    if len(text) <= characters_max and text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    # Four times the bound leaves enough after blanks are folded, and bounds the work.
    text = _BLANKS.sub(" ", _UNSAFE.sub(" ", text[: 4 * characters_max])).strip()
    return text if len(text) <= characters_max else text[: characters_max - 1].rstrip() + "…"
