"""The memory of lines: what a workload has written before, whoever told of it first and however often."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.correlation.base_rates import BUCKET
from headwater.correlation.lines import LINES_MAX, LINES_OF_BUCKET_MAX, LineMemory
from headwater.testing.bare_objects import instant

KEY = ("default/Pod/shop/api", "svc.error", "")
FIRST = instant(0) // BUCKET
CHATTER, RARE, FRESH = 11, 12, 13


def written(lines: LineMemory, line: int, *buckets: int) -> None:
    for bucket in buckets:
        lines.note(KEY, line, (FIRST + bucket) * BUCKET)


def news(lines: LineMemory, line: int, buckets: int = 18) -> float:
    return lines.news(KEY, line, FIRST, FIRST + buckets)


def test_a_line_that_was_never_written_is_news_beside_one_that_always_is() -> None:
    lines = LineMemory()
    written(lines, CHATTER, *range(18))
    assert news(lines, FRESH) == pytest.approx(1 - 0.5 / 19)
    assert news(lines, CHATTER) == pytest.approx(0.5 / 19)


def test_a_line_that_was_written_once_before_is_almost_news() -> None:
    lines = LineMemory()
    written(lines, CHATTER, *range(18))
    written(lines, RARE, 3)
    assert news(lines, RARE) == pytest.approx(1 - 1.5 / 19)


def test_where_something_new_is_always_written_another_new_line_is_no_news() -> None:
    lines = LineMemory()
    for bucket in range(18):
        written(lines, 100 + bucket, bucket)
    assert news(lines, FRESH) == pytest.approx(0.5 / 19)


def test_one_earlier_burst_of_new_lines_hardly_makes_new_lines_ordinary() -> None:
    lines = LineMemory()
    written(lines, CHATTER, *range(18))
    for line in range(100, 120):
        written(lines, line, 7)
    assert news(lines, FRESH) > 0.9


def test_of_a_short_history_little_is_concluded() -> None:
    lines = LineMemory()
    written(lines, CHATTER, 0)
    assert news(lines, FRESH, buckets=1) == pytest.approx(0.25)
    assert news(lines, CHATTER, buckets=1) == pytest.approx(0.25)


def test_only_the_buckets_asked_for_are_read() -> None:
    lines = LineMemory()
    written(lines, RARE, 5)
    assert not lines.was_seen(KEY, RARE, FIRST, FIRST + 5)
    assert lines.was_seen(KEY, RARE, FIRST, FIRST + 6)
    assert not lines.was_seen(KEY, RARE, FIRST + 6, FIRST + 9)
    assert not lines.was_seen(("default/Pod/shop/web", "svc.error", ""), RARE, FIRST, FIRST + 6)


@given(st.randoms(use_true_random=False), st.integers(1, 400))
def test_any_order_and_repetition_gives_the_same_memory_also_beyond_the_limit(rng: Random, count: int) -> None:
    seen = [(rng.randrange(count), rng.randrange(30)) for _ in range(2 * count)]
    shuffled = [*seen, *rng.sample(seen, count)]
    rng.shuffle(shuffled)
    one, other = LineMemory(), LineMemory()
    for memory, lines in ((one, seen), (other, shuffled)):
        memory.note(KEY, 0, FIRST * BUCKET)
        for line, bucket in lines:
            memory.note(KEY, line, (FIRST + bucket) * BUCKET)
    assert one.snapshot() == other.snapshot()
    assert [news(one, line) for line in range(count)] == [news(other, line) for line in range(count)]


def test_of_more_lines_than_are_remembered_no_other_is_called_new() -> None:
    lines = LineMemory()
    for line in range(1, 2 * LINES_OF_BUCKET_MAX):
        written(lines, 10 * line, 3)
    assert news(lines, 5) > 0
    assert news(lines, 10**6) == 0.0
    assert lines.was_seen(KEY, 10**6, FIRST, FIRST + 4)
    assert news(lines, 10**6, buckets=3) > 0
    assert sum(map(len, lines.snapshot().seen.values())) == LINES_OF_BUCKET_MAX


def test_a_line_that_is_in_most_buckets_is_usual_and_so_is_any_where_something_new_is_always_written() -> None:
    lines = LineMemory()
    written(lines, CHATTER, *range(18))
    assert lines.is_usual(KEY, CHATTER, FIRST, FIRST + 23)
    assert not lines.is_usual(KEY, CHATTER, FIRST, FIRST + 24)
    assert not lines.is_usual(KEY, FRESH, FIRST, FIRST + 23)
    lines = LineMemory()
    for bucket in range(18):
        written(lines, 100 + bucket, bucket)
    assert lines.is_usual(KEY, FRESH, FIRST, FIRST + 18)


def test_more_lines_than_the_limit_of_all_are_not_remembered_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert LINES_MAX >= 100 * LINES_OF_BUCKET_MAX
    monkeypatch.setattr("headwater.correlation.lines.LINES_MAX", 2)
    lines = LineMemory()
    written(lines, 1, 0)
    written(lines, 2, 0)
    written(lines, 3, 0)
    written(lines, 2, 1)
    assert lines.left_out == 1
    assert not lines.was_seen(KEY, 3, FIRST, FIRST + 1)


def test_a_restart_remembers_and_days_later_all_is_forgotten() -> None:
    lines = LineMemory()
    written(lines, CHATTER, *range(200))
    written(lines, RARE, 0)
    lines.forget((FIRST + 200) * BUCKET)
    again = LineMemory(lines.snapshot())
    assert again.snapshot() == lines.snapshot()
    assert news(again, RARE) == news(lines, RARE)
    again.forget((FIRST + 350) * BUCKET)
    assert not again.was_seen(KEY, RARE, FIRST, FIRST + 1)
    assert again.was_seen(KEY, CHATTER, FIRST + 100, FIRST + 101)
    again.forget((FIRST + 2_000) * BUCKET)
    assert again.snapshot().seen == {}
    assert not again.was_seen(KEY, CHATTER, FIRST + 1_990, FIRST + 2_000)


def test_while_little_is_known_nothing_is_usual() -> None:
    lines = LineMemory()
    written(lines, CHATTER, *range(20))
    assert not lines.is_usual(KEY, CHATTER, FIRST, FIRST + 17)
    assert lines.is_usual(KEY, CHATTER, FIRST, FIRST + 18)


def test_a_full_bucket_is_full_after_a_restart_too() -> None:
    one = LineMemory()
    for line in range(2, 2 * LINES_OF_BUCKET_MAX):
        written(one, line, 0)
    other = LineMemory(one.snapshot())
    for memory in (one, other):
        written(memory, 1, 0)
        written(memory, 10**6, 0)
    assert one.snapshot() == other.snapshot()
    assert news(one, 1, buckets=1) == news(other, 1, buckets=1) > 0
