"""RFC 3339 without losing a digit."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.model.times import InvalidTimeError, clock_of, format_time, parse_time, seconds

YEAR_9999 = 253_402_300_799_999_999_999


@given(st.integers(0, YEAR_9999))
def test_an_instant_survives_its_text(instant: int) -> None:
    assert parse_time(format_time(instant)) == instant


@given(st.integers(0, YEAR_9999), st.integers(-14 * 60, 14 * 60))
def test_an_offset_names_the_same_instant(instant: int, minutes: int) -> None:
    local = instant + minutes * 60 * 10**9
    if 0 <= local <= YEAR_9999:
        sign, size = "-" if minutes < 0 else "+", abs(minutes)
        assert parse_time(f"{format_time(local)[:-1]}{sign}{size // 60:02d}:{size % 60:02d}") == instant


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("2026-01-05T10:00:00Z", 0),
        ("2026-01-05t10:00:00z", 0),
        ("2026-01-05 10:00:00Z", 0),
        ("2026-01-05T10:00:00.5Z", 500_000_000),
        ("2026-01-05T10:00:00.1234567891234Z", 123_456_789),
        ("2026-01-05T09:59:60Z", -1_000_000_000),
    ],
)
def test_the_usual_forms_are_read(text: str, fraction: int) -> None:
    assert parse_time(text) == 1_767_607_200_000_000_000 + fraction


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-01-05",
        "2026-01-05T10:00:00",
        "2026-13-05T10:00:00Z",
        "2026-01-05T10:00:61Z",
        "2026-01-05T25:00:00Z",
        "2026-01-05T10:00:00.Z",
        "2026-01-05T10:00:0٣Z",
        "2026-01-05T10:00:00.½Z",
        "2026-01-05T10:00:00,5Z",
        "2026-01-05T10:00:00+99:99",
        "2026-01-05T10:00:00." + "0" * 19 + "Z",
    ],
)
def test_what_is_no_time_is_refused_whether_or_not_its_minute_is_known(text: str) -> None:
    for _ in range(2):
        with pytest.raises(InvalidTimeError):
            parse_time(text)
        parse_time("2026-01-05T10:00:00Z")


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    with suppress(InvalidTimeError):
        assert isinstance(parse_time(text), int)


def test_as_many_digits_as_the_instant_needs() -> None:
    assert format_time(0) == "1970-01-01T00:00:00.000Z"
    assert format_time(1_000) == "1970-01-01T00:00:00.000001Z"
    assert format_time(1) == "1970-01-01T00:00:00.000000001Z"
    assert clock_of(1_767_607_200_999_999_999) == "10:00:00"
    assert seconds(0.1) == 100_000_000
