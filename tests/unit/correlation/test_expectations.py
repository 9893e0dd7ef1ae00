"""A cause whose sure effect did not come is doubted, once it is overdue, and only where somebody watched."""

import pytest
from tests.unit.correlation.making import link, vertex

from headwater.correlation.expectations import DOUBT_MIN, NO_DOUBTS, Doubts, doubts
from headwater.correlation.vertices import Vertex
from headwater.model.times import seconds
from headwater.testing.bare_objects import instant, pod, service
from headwater.testing.playback import packaged_knowledge
from headwater.testing.story import Story

KNOWN = packaged_knowledge()


def doubted(*vertices: Vertex, at: float) -> Doubts:
    return doubts(vertices, rules=KNOWN.rules, classes=KNOWN.catalogue.classes, watermark=instant(at))


def killed() -> Vertex:
    return vertex(0, "kernel.oom", "Pod/mysql-0")


def test_a_kill_that_no_restart_follows_is_doubted_once_it_is_overdue() -> None:
    kill, unready = killed(), vertex(5, "pod.unready", "Pod/api-0")
    assert doubted(kill, unready, at=50) == Doubts({}, instant(60))
    found = doubted(kill, unready, at=61)
    assert found.left == pytest.approx({kill.number: 1 - 0.97 * 0.8})
    assert found.left[kill.number] >= DOUBT_MIN
    assert found.awaited_until is None


def test_one_of_its_sure_effects_will_do() -> None:
    kill, restart = killed(), vertex(5, "pod.restart", "Pod/mysql-0")
    link(kill, restart, 0.85, "kernel.oom>pod.restart")
    assert doubted(kill, restart, at=500) == NO_DOUBTS


def test_where_nobody_watched_nothing_is_missing() -> None:
    assert doubted(killed(), vertex(15, "svc.timeout", "Service/api", "Service/mysql"), at=500) == NO_DOUBTS


def shop() -> Story:
    """A database whose storage fails, and in whose pod the kernel kills a process; its container lives on."""
    names = ("mysql", "api", "storage")
    objects = [pod(f"{name}-0", labels={"app": name}) for name in names] + [service(f"{name}-service", {"app": name}) for name in names]
    story = Story().knows(*objects).told(0, "kernel.oom", "Pod/mysql-0").told(1, "pod.unready", "Pod/api-0")
    story.told(2, "svc.timeout", "Service/mysql-service", "Service/storage-service")
    for second in range(3, 10):
        story.told(second, "svc.timeout", "Service/api-service", "Service/mysql-service")
    return story


def blamed_for_the_timeouts(story: Story) -> str:
    """The cause of the incident in which calls to the database time out."""
    about = "default/Service/shop/api-service"
    (found,) = [result for result in story.standing if any(member.entity == about for member in result.members if member.role != "context")]
    return found.cause.entity


def test_the_doubt_is_told_when_the_effect_is_overdue_though_nothing_else_comes() -> None:
    story = shop()
    assert blamed_for_the_timeouts(story) == blamed_for_the_timeouts(story.passes(30)) == "default/Pod/shop/mysql-0"
    assert blamed_for_the_timeouts(story.passes(100)) == "default/Service/shop/storage-service"
    assert blamed_for_the_timeouts(story.settles()) == "default/Service/shop/storage-service"


def test_the_doubt_survives_a_restart_and_ends_when_the_effect_comes_late() -> None:
    assert blamed_for_the_timeouts(shop().restarts().passes(100)) == "default/Service/shop/storage-service"
    late = shop().passes(100).told(20, "pod.restart", "Pod/mysql-0", late=200)
    assert blamed_for_the_timeouts(late) == blamed_for_the_timeouts(late.settles()) == "default/Pod/shop/mysql-0"


def test_what_waits_for_an_effect_says_until_when() -> None:
    (told,) = shop().system._teller.memory.open_incidents()
    assert told.awaited_until == instant(0) + seconds(60)
