"""Texts from outside, made safe: bounded, without control characters, and error types as one word whatever the language they come from."""

from re import compile as compile_pattern

TEXT_CHARACTERS_MAX = 200
NAME_CHARACTERS_MAX = 253  # a DNS name's, and so a Kubernetes name's
MESSAGE_CHARACTERS_MAX = 2_048
_WORDS_CACHED_MAX = 4_096

# C0, C1, lone surrogates, and what hides or reorders text on a terminal: zero-width characters, directional marks, separators of lines.
_UNSAFE = compile_pattern(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANKS = compile_pattern(r"\s+")
_NOT_A_LETTER = compile_pattern(r"[^a-z0-9]+")
_error_words: dict[str, str] = {}
"""A cache of pure results, emptied when full."""


def clean_text(text: str, characters_max: int = TEXT_CHARACTERS_MAX) -> str:
    """The text on one line without control characters, cut with an ellipsis where it is too long."""
    if len(text) <= characters_max and text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    # Four times the bound leaves enough after blanks are folded, and bounds the work.
    text = _BLANKS.sub(" ", _UNSAFE.sub(" ", text[: 4 * characters_max])).strip()
    return text if len(text) <= characters_max else text[: characters_max - 1].rstrip() + "…"


def clean_name(text: str) -> str:
    """A name as part of a reference: no control characters, no slash, which separates the parts, and not nothing."""
    if 0 < len(text) <= NAME_CHARACTERS_MAX and text.isascii() and text.isprintable() and "/" not in text:
        return text
    return clean_text(text, NAME_CHARACTERS_MAX).replace("/", "_") or "_"


def error_word(text: str) -> str:
    """
    An error type as one lower-case word: `java.net.SocketTimeoutException` and `SOCKET_TIMEOUT` begin alike.

    The package or module is dropped; so are punctuation and the ends `exception` and `error`, which say nothing.
    """
    word = _error_words.get(text)
    if word is None:
        word = _error_word(text)
        if len(_error_words) >= _WORDS_CACHED_MAX:
            _error_words.clear()
        _error_words[text] = word
    return word


def _error_word(text: str) -> str:
    last = text[:NAME_CHARACTERS_MAX].strip()
    # "a.b.SomeError" and "pkg::SomeError" are paths; "dial tcp 10.0.0.1: refused" is a sentence.
    if " " not in last:
        last = last.replace("::", ".").replace("$", ".").rstrip(".").rpartition(".")[2]
    word = _NOT_A_LETTER.sub("", last.lower())
    for ending in ("exception", "error"):
        if word.endswith(ending) and word != ending:
            word = word.removesuffix(ending)
    return word
