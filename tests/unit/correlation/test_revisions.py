"""A rollout explains errors as far as its new pods carry them."""

import pytest
from tests.unit.correlation.making import vertex

from headwater.correlation.revisions import carried_by
from headwater.correlation.vertices import Vertex
from headwater.model.entities import Entity
from headwater.testing.bare_objects import deployment, pod, service
from headwater.testing.story import Story

API = Entity("default", "Deployment", "shop", "api")


def was_there(entity: Entity, at: int) -> bool:
    return "old" in entity.name


def fails(pod_name: str, second: float, count: int, symptom_class: str = "svc.error") -> Vertex:
    shown = vertex(second, symptom_class, f"Pod/{pod_name}", count=count)
    shown.unit = API
    return shown


def carried(*shown: Vertex, ordinary: str = "") -> float:
    rollout = vertex(0, "change.rollout", "Deployment/api")
    rollout.unit = API
    return carried_by([rollout, *shown], was_there, lambda each: float(each.entity.name != ordinary)).get(rollout.number, 1.0)


@pytest.mark.parametrize(
    ("old", "new", "factor"),
    [(0, 10, 1.0), (2, 8, 1.0), (5, 5, 0.2), (8, 2, 0.2), (7, 13, 0.6), (10, 0, 0.2)],
)
def test_what_is_left_falls_with_the_share_of_the_new_pods(old: int, new: int, factor: float) -> None:
    shown = [fails(name, 20, count) for name, count in (("old-1", old), ("new-1", new)) if count]
    assert carried(*shown) == pytest.approx(factor)


def test_what_failed_before_and_what_is_no_call_says_nothing() -> None:
    assert carried(fails("old-1", -30, 8), fails("new-1", 20, 2)) == 1.0
    assert carried(fails("old-1", 20, 8, "pod.unready"), fails("new-1", 20, 2)) == 1.0
    assert carried() == 1.0


def test_what_old_pods_always_show_does_not_speak_for_a_rollout() -> None:
    shown = fails("old-1", 20, 30), fails("new-1", 20, 10)
    assert carried(*shown) == pytest.approx(0.2)
    assert carried(*shown, ordinary="old-1") == 1.0


def test_where_old_and_new_pods_fail_alike_it_is_not_the_revision() -> None:
    labels = {"app": "api"}
    old = [pod(f"api-1-{n}", labels=labels, owner=("Deployment", "api"), at=-9_000, created=-9_000) for n in (1, 2)]
    new = pod("api-2-1", labels=labels, owner=("Deployment", "api"), at=5, created=5)
    known = (deployment("api", labels), service("api", labels), service("web", {"app": "web"}), *old, new)

    def blamed(*failing: str) -> str:
        story = Story().knows(*known).told(0, "change.rollout", "Deployment/api")
        for second in range(20, 80, 4):
            for name in failing:
                story.told(second, "svc.error", f"Pod/{name}")
            story.told(second + 1, "svc.5xx", "Service/web", "Service/api")
        return next(result.cause.symptom_class for result in story.settles().standing)

    assert blamed("api-2-1") == "change.rollout"
    assert blamed("api-1-1", "api-1-2", "api-2-1") != "change.rollout"
