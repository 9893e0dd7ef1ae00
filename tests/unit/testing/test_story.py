"""The story teller of tests: lines in shorthand become inputs in their time, and what is asked for is kept."""

from headwater.model.inputs import EventObserved
from headwater.testing.bare_objects import instant, pod, version
from headwater.testing.story import TRANSPORT, Story


def test_an_event_is_received_a_moment_after_it_happened_or_late() -> None:
    story = Story().told(10, "kernel.oom", "Pod/a")
    assert story.system.clock.received_at == instant(10) + TRANSPORT
    story.told(0, "kernel.oom", "Pod/b", late=60)
    assert story.system.clock.received_at == instant(60) + TRANSPORT
    assert [result.cause.time for result in story.results] == ["2026-01-05T08:00:10.000Z", "2026-01-05T08:00:00.000Z"]


def test_each_line_has_its_own_news() -> None:
    story = Story().told(0, "kernel.oom", "Pod/a")
    assert [result.reason for result in story.news] == ["first_told"]
    assert story.knows(version("Node", "n1"), pod("a", node="n1")).news == []
    assert len(story.results) == 1


def test_events_have_ids_of_their_own_unless_given() -> None:
    story = Story().told(0, "kernel.oom", "Pod/a").told(1, "kernel.oom", "Pod/b", event_id="mine")
    assert [result.cause.event_id for result in story.results] == ["event-1", "mine"]


def test_a_settled_story_stands_finally() -> None:
    story = Story().told(0, "kernel.oom", "Pod/a").passes(400)
    assert [result.status for result in story.standing] == ["resolved"]
    assert [result.final for result in story.settles().standing] == [True]


def test_what_is_rejected_is_kept_apart() -> None:
    story = Story().hears(EventObserved("none", "s", b"nonsense", instant(0), 0))
    assert (len(story.rejected), story.results) == (1, [])


def test_a_restart_goes_on() -> None:
    story = Story().told(0, "kernel.oom", "Pod/a").restarts().settles()
    assert [result.reason for result in story.results] == ["first_told", "resolved", "final"]
