"""Texts from outside, made safe and comparable."""

from unicodedata import bidirectional, category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.signals.words import clean_name, clean_text, error_word


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain", "plain"),
        ("  two\t words \n", "two words"),
        ("red \x1b[31mletters\x07", "red [31mletters"),
        ("right\u202eleft\u200b", "right left"),
        ("a" * 300, "a" * 199 + "…"),
        ("", ""),
    ],
)
def test_a_clean_text_is_one_bounded_line(text: str, clean: str) -> None:
    assert clean_text(text) == clean


def is_harmless(text: str) -> bool:
    marks = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    return all(category(letter) not in ("Cc", "Cs", "Zl", "Zp") and bidirectional(letter) not in marks for letter in text)


@given(st.text(st.characters()), st.integers(1, 50))
def test_any_text_becomes_clean(text: str, limit: int) -> None:
    clean = clean_text(text, limit)
    assert len(clean) <= limit
    assert is_harmless(clean)
    assert clean_text(clean, limit) == clean
    name = clean_name(text)
    assert name
    assert is_harmless(name)
    assert "/" not in name


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("timeout", "timeout"),
        ("DEADLINE_EXCEEDED", "deadlineexceeded"),
        ("context deadline exceeded", "contextdeadlineexceeded"),
        ("java.net.SocketTimeoutException", "sockettimeout"),
        ("requests.exceptions.ConnectionError", "connection"),
        ("System.Net.Http.HttpRequestException", "httprequest"),
        ("Errno::ECONNREFUSED", "econnrefused"),
        ("dial tcp 10.0.0.1: connection refused.", "dialtcp10001connectionrefused"),
        ("Error", "error"),
        ("...", ""),
    ],
)
def test_an_error_type_is_one_word_in_any_language(text: str, word: str) -> None:
    assert error_word(text) == word
    assert error_word(text) == word
