"""Templates: lines that differ only in values are one line, and which, depends on nothing but the line."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.signals.templates import TEMPLATE_CHARACTERS_MAX, line_of, template_of
from headwater.signals.words import MESSAGE_CHARACTERS_MAX

ALIKE = [
    ("numbers", "order 17 failed after 3 tries", "order 90210 failed after 12 tries"),
    ("durations", "took 12ms, 1h2m3s and 99.5%", "took 1.25s, 30m and 5%"),
    ("thousands and lists", "ids [1, 2, 3] of 10,000", "ids [7] of 12"),
    ("hex", "at 0xdeadbeef of 7f00aa", "at 0x00 of 12"),
    ("uuids", "no user 4feaa281-437c-4abb-af83-90fdc600b0ec", "no user abcdefab-0000-4abb-af83-aaaaaaaaaaaa"),
    ("addresses", "dial tcp 10.1.2.3:5432: refused", "dial tcp 10.99.0.1:6379: refused"),
    ("addresses of version 6", "dial [2001:db8::8a2e:370:7334]:443", "dial [fe80::1]:80"),
    ("times", "17:04:51.166 WARN late", "2026-01-05T10:00:00.000Z WARN late"),
    ("quoted words", "no price of \"LS4PSXUNUM\" for 'alice'", "no price of \"OLJCESPC\" for 'bob'"),
    ("paths", "cannot read /var/lib/a/b.txt", "cannot read /srv/c"),
    ("addresses of pages", 'Get "http://stock:8080/items?id=4": gone', 'Get "https://cart/x": gone'),
    ("paths of Windows", "cannot read C:\\data\\x.txt", "cannot read C:\\y"),
    ("mailboxes", "no mail to a.b@example.com", "no mail to root@localhost"),
    ("names of pods", "lost web-7d9f8c6b5-x2x7k", "lost cart-0"),
    ("places in code", "Service#68 failed", "Service#361 failed"),
    ("blanks", "a  failed\n", " a failed"),
    ("values of JSON", '{"msg":"no stock","user":"bob","n":12}', '{"msg":"no stock","user":"eve","n":3}'),
]
UNLIKE = [
    ("words", "cart is empty", "cart is full"),
    ("statuses", "answered with status 503", "answered with status 404"),
    ("codes of databases", "SQLSTATE[23505] duplicate", "SQLSTATE[40001] duplicate"),
    ("numbers of errors", "ERROR 1062 (23000): entry 'x'", "ERROR 1205 (23000): entry 'x'"),
    ("places in code by name", "OrderService#68 failed", "PriceService#68 failed"),
    ("reasons in quotes", 'desc = "dial failed: connection refused"', 'desc = "dial failed: no such host"'),
    (
        "last lines",
        "Traceback (most recent call last):\n  File x\nKeyError: 1",
        "Traceback (most recent call last):\n  File x\nTypeError: 1",
    ),
    ("causes", "Failed\n\tat a.B.c(B.java:1)\nCaused by: Late", "Failed\n\tat a.B.c(B.java:1)\nCaused by: Full"),
]


@pytest.mark.parametrize(("one", "other"), [pair[1:] for pair in ALIKE], ids=[pair[0] for pair in ALIKE])
def test_lines_that_differ_only_in_values_are_one(one: str, other: str) -> None:
    assert template_of(one) == template_of(other)
    assert line_of(one) == line_of(other) != 0


@pytest.mark.parametrize(("one", "other"), [pair[1:] for pair in UNLIKE], ids=[pair[0] for pair in UNLIKE])
def test_lines_that_say_something_else_are_two(one: str, other: str) -> None:
    assert template_of(one) != template_of(other)
    assert line_of(one) != line_of(other)


def test_stack_frames_make_no_other_line() -> None:
    one = "NullPointerException: null\n\tat a.B.c(B.java:12)\n\tat a.D.e(D.java:9)\n\t... 12 more"
    assert template_of(one) == template_of("NullPointerException: null\n\tat x.Y.z(Y.java:1)") == "NullPointerException: null"


def test_the_type_of_an_error_makes_another_line() -> None:
    assert line_of("failed", "KeyError") != line_of("failed", "TypeError") != line_of("failed")
    assert line_of("", "KeyError") != 0


def test_nothing_said_is_no_line() -> None:
    assert line_of("") == line_of(" \n\t") == 0


def test_apostrophes_quote_nothing() -> None:
    assert template_of("can't reach it, won't retry") == "can't reach it, won't retry"


@given(st.text(max_size=400))
def test_any_text_has_a_template_of_bounded_size_on_one_line(text: str) -> None:
    found = template_of(text)
    assert len(found) <= TEMPLATE_CHARACTERS_MAX
    assert "\n" not in found
    assert found == template_of(text)


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.text(alphabet="abcdefgh ", max_size=40))
def test_numbers_never_matter(one: int, other: int, words: str) -> None:
    assert template_of(f"{words} {one} items") == template_of(f"{words} {other} items")


@pytest.mark.parametrize(
    "piece",
    ["a", "-", '"', "/", ":", "a:", "1 ", "#", "#,", "a@", "@", "status ", "code :", "\n ", "x1", "a.", "'a", "::", "ab:", "\\", '{"'],
)
def test_no_text_takes_long(piece: str) -> None:
    """A hundred times what an ordinary line takes would be seconds for the worst patterns; here it is a fraction of a millisecond."""
    text = (piece * MESSAGE_CHARACTERS_MAX)[:MESSAGE_CHARACTERS_MAX]
    began = perf_counter()
    template_of(text)
    assert perf_counter() - began < 0.1
