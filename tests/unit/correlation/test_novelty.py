"""Novelty: a new line among chatter is news, chatter is not, and neither depends on how it came to be known."""

from functools import cache
from typing import Any

import msgspec
import pytest
from tests.unit.correlation.making import occurrence, symptom, vertex

from headwater.correlation.novelty import Novelty
from headwater.correlation.system import CorrelationSystem
from headwater.model.results import Member
from headwater.model.times import format_time
from headwater.testing.bare_objects import deployment, instant, pod, service, version
from headwater.testing.playback import packaged_knowledge
from headwater.testing.story import Story

HOURS = 5
NEW = "failed to round the price: decimal overflow of 90210"


def objects() -> list[Any]:
    found = []
    for app in ("api", "frontend"):
        labels = {"app": app}
        owner = ("ReplicaSet", f"{app}-5d9f7c")
        found += [service(f"{app}-service", labels), deployment(app, labels, labels=labels)]
        found += [version("ReplicaSet", owner[1], owner=("Deployment", app), labels=labels)]
        found += [pod(f"{app}-5d9f7c-{end}", labels=labels, owner=owner) for end in ("x2x7k", "qw9zz")]
    return found


def line(story: Story, second: float, text: str, pod_name: str = "api-5d9f7c-x2x7k") -> Story:
    body = {
        "type": "log", "source": "logs", "severity": "error", "attributes": {"service.name": "api"},
        "application": {"level": "error", "message": text}, "k8s_context": {"kind": "Pod", "name": pod_name, "namespace": "shop"},
    }  # fmt: skip
    return story.observes(second, body)


@cache
def history(every: float, text: str, hours: float) -> tuple[bytes, float]:
    """What is known of an API that writes its usual error now and then, in the last half of an hour every so many seconds."""
    story, second, number = Story().knows(*objects()), 0.0, 0
    while second < hours * 3_600:
        line(story, second, text.format(n=number, name=f"{number:x}".translate(str.maketrans("0123456789", "ghijklmnop"))))
        second, number = second + (every if second > (hours - 0.5) * 3_600 else 290), number + 1
    assert story.results == []
    return story.system.snapshot(), hours * 3_600


def chattering(every: float, text: str = "no cached price for item {n}", *, hours: float = HOURS) -> tuple[Story, float]:
    """The story of such an API, and when it stands."""
    snapshot, second = history(every, text, hours)
    return Story(CorrelationSystem.restore(snapshot, packaged_knowledge())), second


def failing(story: Story, second: float) -> Story:
    """The frontend's calls to it fail."""
    for number in range(6):
        story.told(second + number, "svc.5xx", "Service/frontend-service", "Service/api-service")
    return story


def members_of(story: Story) -> list[Member]:
    (found,) = story.standing
    return found.members


@pytest.mark.parametrize("every", [20, 45, 120])
def test_a_new_error_among_chatter_of_its_class_is_the_cause_of_what_follows(every: float) -> None:
    story, now = chattering(every)
    line(story, now + 5, NEW)
    failing(story, now + 10)
    line(story, now + 18, "no cached price for item 7").settles()
    (found,) = story.standing
    assert found.root_cause == f"api error: {NEW} at 13:00:05"
    root, symptom = found.members
    assert (root.role, root.count) == ("root", 1)
    assert root.novelty == "first written at 13:00:05, never in the 5 hours before"
    assert (symptom.text, symptom.novelty or "") == ("503 from api-service", "")


@pytest.mark.parametrize("every", [20, 45, 120])
def test_chatter_alone_explains_nothing_however_close_it_is(every: float) -> None:
    story, now = chattering(every)
    failing(story, now + 10)
    line(story, now + 11, "no cached price for item 7").settles()
    assert [member.symptom_class for member in members_of(story)] == ["svc.5xx"]


def test_far_more_of_the_usual_line_is_heard() -> None:
    story, now = chattering(120)
    for number in range(60):
        line(story, now + 60 + number / 10, f"no cached price for item {number}")
    failing(story, now + 75).settles()
    (found,) = story.standing
    assert found.members[0].symptom_class == "svc.error"
    assert found.cause.entity.endswith("api-5d9f7c-x2x7k")


def test_what_one_pod_has_always_written_is_no_news_of_its_replica() -> None:
    story, now = chattering(60)
    line(story, now + 5, "no cached price for item 7", "api-5d9f7c-qw9zz")
    failing(story, now + 10).settles()
    assert [member.symptom_class for member in members_of(story)] == ["svc.5xx"]


def test_where_names_make_every_line_a_new_one_another_is_no_news() -> None:
    story, now = chattering(60, "customer {name} has no basket")
    line(story, now + 5, "customer alice has no basket")
    failing(story, now + 10).settles()
    assert [member.symptom_class for member in members_of(story)] == ["svc.5xx"]


def test_without_a_history_nothing_is_called_new() -> None:
    story, now = chattering(60, hours=0.2)
    line(story, now + 5, NEW)
    failing(story, now + 10).settles()
    assert all(not member.novelty for found in story.standing for member in found.members)


def test_a_restart_in_between_changes_nothing() -> None:
    stories = []
    for restarts in (False, True):
        story, now = chattering(20)
        if restarts:
            story.restarts()
        line(story, now + 5, NEW)
        stories.append(failing(story.restarts() if restarts else story, now + 10).settles())
    plain, restarted = stories
    assert plain.standing == restarted.standing
    assert plain.system.snapshot() == restarted.system.snapshot()


def test_of_a_fault_that_was_there_once_the_line_is_news_again_hours_later() -> None:
    story, now = chattering(120)
    line(story, now + 5, NEW)
    second = now + 120
    while second < now + 7_200:
        line(story, second, f"no cached price for item {second}")
        second += 120
    line(story, second + 5, NEW)
    failing(story, second + 10).settles()
    (found,) = [each for each in story.standing if each.last_seen > "2026-01-05T14:30"]
    assert found.root_cause.startswith(f"api error: {NEW}")
    assert not found.members[0].novelty


@pytest.mark.parametrize(("count", "is_news"), [(1, False), (9, False), (400, True)])
def test_faint_slowness_is_no_news_until_there_is_much_of_it(count: int, *, is_news: bool) -> None:
    lost = [symptom(n / 10, "svc.gap", "web", "api", event_id=str(n)) for n in range(count)]
    each = vertex(0, "svc.gap", "Service/web", "Service/api")
    each.occurrences = [occurrence(*(msgspec.structs.replace(one, weight=0.05) for one in lost))]
    each.refresh()
    assert (Novelty(packaged_knowledge().catalogue.recoveries).news_of(each) > 0.5) is is_news


def test_what_its_collector_has_seen_before_stays_no_news_however_often() -> None:
    each = vertex(0, "svc.error", "Pod/api-0")
    each.occurrences = [occurrence(*(msgspec.structs.replace(symptom(n, "svc.error", event_id=str(n)), weight=0.1) for n in range(60)))]
    each.refresh()
    assert Novelty(packaged_knowledge().catalogue.recoveries).news_of(each) == pytest.approx(0.2)


def crash_looping(story: Story, second: float, *, since: float) -> Story:
    """An Event as the API server repeats it: the back-off of one container, with its first time and its count."""
    times = {"firstTimestamp": format_time(instant(since)), "count": 1 + int(second - since) // 60}
    body = {
        "type": "kubernetes", "source": "kubernetes", "severity": "warning", "attributes": times,
        "kubernetes": {
            "action": "EVENT", "reason": "BackOff", "object": "pod/api-5d9f7c-x2x7k", "object_kind": "Pod",
            "message": "Back-off restarting failed container api",
        },
        "k8s_context": {"kind": "Pod", "name": "api-5d9f7c-x2x7k", "namespace": "shop"},
    }  # fmt: skip
    return story.observes(second, body)


def test_what_has_gone_on_for_hours_when_it_is_first_seen_is_nobodys_incident() -> None:
    story = Story().knows(*objects())
    for number in range(10):
        crash_looping(story, 20_000 + 60 * number, since=0)
    assert story.settles().standing == []


def test_what_was_seen_to_begin_stays_an_incident_however_long_it_goes_on() -> None:
    story = Story().knows(*objects())
    for number in range(8 * 60):
        crash_looping(story, 60 * number, since=0)
    (found,) = story.standing
    assert found.pattern == "crash_loop"
