"""Texts from outside, made safe: bounded, without control characters, and error types as one word whatever the language they come from."""

from re import compile as compile_pattern

from headwater.model.texts import TEXT_CHARACTERS_MAX as TEXT_CHARACTERS_MAX
from headwater.model.texts import clean_text as clean_text

NAME_CHARACTERS_MAX = 253  # a DNS name's, and so a Kubernetes name's
MESSAGE_CHARACTERS_MAX = 2_048
_WORDS_CACHED_MAX = 4_096

_BEFORE_A_WORD = compile_pattern(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN_WORDS = compile_pattern(r"[\W_]+")
_NOT_A_LETTER = compile_pattern(r"[^a-z0-9]+")
_error_words: dict[str, str] = {}
"""A cache of pure results, emptied when full."""


def clean_name(text: str) -> str:
    """A name as part of a reference: no control characters, no slash, which separates the parts, and not nothing."""
    if 0 < len(text) <= NAME_CHARACTERS_MAX and text.isascii() and text.isprintable() and "/" not in text:
        return text
    return clean_text(text, NAME_CHARACTERS_MAX).replace("/", "_") or "_"


def spaced(name: str) -> str:
    """The words of a name in camel case, with underlines or with hyphens: lower case, one space between them."""
    return _BETWEEN_WORDS.sub(" ", _BEFORE_A_WORD.sub(" ", name[:NAME_CHARACTERS_MAX])).strip().lower()


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


_DATE = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
_TIME = r"\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2})\b)?"
_LEVEL = (
    r"(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERR|ERROR|SEVERE|CRITICAL|FATAL)\b"
    r"|(?:[Ee]rror|fail|crit|warn)(?=:)|(?:warn|error|crit|alert|emerg)(?=\])"
)
_KLOG = r"[IWEF]\d{4} +\d{2}:\d{2}:\d{2}\.\d+ +\d+"
_HEADER = compile_pattern(rf"(?:[\[(]?(?:{_DATE}(?:[T ]{_TIME})?|{_TIME}|{_KLOG}|{_LEVEL})[\])]?[\s:,|-]+)+")
_FRAME = compile_pattern(r"\{|[A-Za-z_.]+=")
_FRAMED = {
    name: compile_pattern(rf'(?:^|[\s,{{])"?(?:{name})"?\s*[=:]\s*(?:"((?:[^"\\]|\\.)+)"|([^\s",{{}}]+))')
    for name in ("msg|message", "err|error|exception")
}


def log_words(line: str) -> str:
    """What a log line says, without the time and level before it, or the JSON or logfmt around it; itself where that leaves nothing."""
    line = line[:MESSAGE_CHARACTERS_MAX]
    if _FRAME.match(line):
        found = [pattern.search(line) for pattern in _FRAMED.values()]
        said = dict.fromkeys(text for each in found if each and (text := each[1] or each[2]))
        if found[0] and said:
            return ": ".join(said)
    return line[header.end() :] or line if (header := _HEADER.match(line)) else line
