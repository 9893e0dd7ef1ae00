"""Texts from outside, made safe and comparable."""

from unicodedata import bidirectional, category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.signals.words import clean_name, clean_text, error_word, log_words


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


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("17:59:15.318 ERROR c.s.OrderServiceImpl#129 [find][No such order]", "c.s.OrderServiceImpl#129 [find][No such order]"),
        ("2026-01-05T10:00:00.123Z ERROR failed to charge", "failed to charge"),
        ("2026/01/05 10:00:00 [error] 31#31: *1 connect() failed", "31#31: *1 connect() failed"),
        ("[2026-01-05 10:00:00,123] [ERROR] pool is empty", "pool is empty"),
        ("E0105 10:00:00.123456       1 leaderelection.go:330] error retrieving lock", "leaderelection.go:330] error retrieving lock"),
        ('Error: secret "api" not found', 'secret "api" not found'),
        ("fail: Shop.Orders.Worker[31] Could not process", "Shop.Orders.Worker[31] Could not process"),
        ('{"level":"error","ts":1736071200.1,"msg":"cannot charge","error":"card declined"}', "cannot charge: card declined"),
        ('time="2026-01-05T10:00:00Z" level=error msg="cannot charge" err=timeout', "cannot charge: timeout"),
        ('{"level":"error","code":5}', '{"level":"error","code":5}'),
        ("ERROR", "ERROR"),
        ("ERROR ", "ERROR "),
        ("panic: runtime error: index out of range", "panic: runtime error: index out of range"),
        ("INFORMATION about 10:00:00", "INFORMATION about 10:00:00"),
        ("", ""),
    ],
)
def test_a_log_line_says_its_words_without_its_clock_level_and_frame(line: str, words: str) -> None:
    assert log_words(line) == words


@given(st.text(st.sampled_from('{}[]="\\:, mesgrrTZ0129-ERROR')))
def test_any_log_line_says_something(line: str) -> None:
    assert len(log_words(line)) <= max(len(line), 0)
    assert bool(log_words(line)) == bool(line)
