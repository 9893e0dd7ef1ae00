"""The event clock: a function of the log, and never of the wall."""

from hypothesis import given
from hypothesis import strategies as st

from headwater.correlation.event_clock import EventClock
from headwater.correlation.limits import ALLOWED_LEAD, WATERMARK_DELAY
from headwater.model.times import seconds
from headwater.testing.bare_objects import instant


def clock(*messages: tuple[float, float]) -> EventClock:
    """After messages that occurred, and were received, at these seconds."""
    found = EventClock()
    for occurred, received in messages:
        found.observe(instant(occurred), instant(received))
    return found


def test_it_shows_the_latest_time_of_any_observer() -> None:
    assert clock((0, 1)).at == instant(0)
    assert clock((0, 1), (10, 11)).at == instant(10)


def test_what_is_late_moves_it_by_the_time_that_went_by_only() -> None:
    assert clock((10, 10), (-500, 12)).at == instant(12)


def test_a_clock_that_runs_ahead_moves_it_by_five_seconds_at_most() -> None:
    assert clock((600, 10)).at == instant(10) + ALLOWED_LEAD


def test_a_log_of_last_week_stays_in_last_week() -> None:
    assert clock((0, 604_800)).at == instant(0)


def test_while_nothing_comes_it_grows_with_the_time_that_passes() -> None:
    found = clock((0, 100))
    found.pass_time(instant(130))
    assert found.at == instant(30)
    assert found.watermark == instant(30) - WATERMARK_DELAY


def test_time_that_went_by_before_anything_happened_is_nothing() -> None:
    found = EventClock()
    found.pass_time(instant(50))
    assert found.at == 0
    found.observe(instant(60), instant(61))
    assert found.at == instant(60)


def test_a_stream_that_steps_back_changes_nothing() -> None:
    found = clock((0, 100))
    found.pass_time(instant(90))
    assert (found.at, found.received_at) == (instant(0), instant(100))
    assert clock((0, 100), (1, 90)).at == instant(1)


def test_it_says_when_it_will_show_an_instant() -> None:
    found = clock((0, 100))
    assert found.received_when(instant(20)) == instant(120)
    assert found.received_when(instant(-20)) == instant(100)
    found.pass_time(found.received_when(instant(20)))
    assert found.at == instant(20)


messages = st.lists(st.tuples(st.integers(-2_000, 2_000), st.integers(0, 50)), min_size=1, max_size=20)


@given(messages, st.data())
def test_telling_the_time_in_between_changes_nothing_that_a_message_finds(steps: list[tuple[int, int]], data: st.DataObject) -> None:
    plain, told = EventClock(), EventClock()
    received = 0
    for occurred, step in steps:
        between = sorted(data.draw(st.lists(st.integers(0, step), max_size=3)))
        for each in between:
            told.pass_time(instant(received + each))
        received += step
        for each_clock in (plain, told):
            each_clock.observe(instant(occurred), instant(received))
        assert (plain.at, plain.received_at) == (told.at, told.received_at)


@given(messages)
def test_it_never_goes_back_and_never_leads_the_stream_by_more_than_five_seconds(steps: list[tuple[int, int]]) -> None:
    found = EventClock()
    received = before = 0
    for occurred, step in steps:
        received += step
        found.observe(instant(occurred), instant(received))
        assert before <= found.at <= instant(received) + seconds(5)
        before = found.at
