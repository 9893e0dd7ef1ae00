"""An incident keeps its id whatever is learned about it, and its revisions tell one story from the first to the final one."""

from collections.abc import Sequence
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.orders import LATENESS_MAX, Way, arrivals, told_by
from tests.properties.worlds import STRESS, Chaos, chaos

from headwater.model.effects import PublishResult
from headwater.model.objects import ObjectVersion
from headwater.model.results import CorrelationResult, finding_bytes
from headwater.model.times import seconds
from headwater.testing.bare_objects import deployment, pod, service, version
from headwater.testing.faults import FAMILIES
from headwater.testing.playback import Told, scenario_inputs
from headwater.testing.simulator import HARD, simulate
from headwater.testing.story import Story

APPS = ("mysql", "api", "frontend", "cart", "web")


def shop(*, web_node: str = "node-1") -> tuple[ObjectVersion, ...]:
    """MySQL below an API below a frontend; a cart and a web pod on one node, or on two."""
    found = [version("Node", "node-1"), version("Node", "node-2")]
    for app in APPS:
        labels = {"app": app}
        found += [service(f"{app}-service", labels), deployment(app, labels, labels=labels)]
        node = {"cart": "node-1", "web": web_node}.get(app, "")
        found.append(pod(f"{app}-0", node=node, labels=labels, owner=("Deployment", app)))
    return tuple(found)


CASCADE = (
    (0, "kernel.oom", "Pod/mysql-0", ""),
    (15, "svc.timeout", "Service/api-service", "Service/mysql-service"),
    (16, "svc.timeout", "Service/api-service", "Service/mysql-service"),
    (30, "svc.5xx", "Service/frontend-service", "Service/api-service"),
    (31, "svc.5xx", "Service/frontend-service", "Service/api-service"),
)


def tell_in(order: Sequence[int]) -> Story:
    """The cascade in another order: what is out of its place is late."""
    story = Story().knows(*shop())
    for place, index in enumerate(order):
        second, *rest = CASCADE[index]
        story.told(second, *rest, late=40 + place * 10 - second, event_id=f"event-{index}")
    return story.settles()


@pytest.mark.parametrize("order", [order for order in permutations(range(5)) if order[0] < 3][::3])
def test_the_order_in_which_it_is_learned_changes_roots_and_never_the_id(order: tuple[int, ...]) -> None:
    story = tell_in(order)
    assert_one_story(story.results)
    (standing,) = story.standing
    assert finding_bytes(standing) == finding_bytes(tell_in(range(5)).standing[0])
    assert {result.id for result in story.results if result.status != "merged"} == {standing.id}


def test_a_symptom_before_its_cause_ends_in_the_incident_it_began() -> None:
    story = Story().knows(*shop())
    for line in CASCADE[1:]:
        story.told(*line)
    before = story.passes(33).results[-1]
    assert before.cause.symptom_class != "kernel.oom"
    story.told(*CASCADE[0], late=35)
    (changed,) = story.news
    assert (changed.id, changed.reason, changed.revision) == (before.id, "root_changed", before.revision + 1)
    assert changed.cause.entity == "default/Pod/shop/mysql-0"
    assert changed.fingerprint != before.fingerprint
    assert {result.id for result in story.settles().results} == {before.id}


def test_a_cause_that_is_learned_last_of_all_does_not_rename_the_incident() -> None:
    story = Story().knows(*shop()).told(0, "pod.crashloop", "Pod/cart-0").told(1, "pod.restart", "Pod/cart-0")
    assert story.results[-1].cause.symptom_class == "pod.crashloop"
    story.told(-60, "change.rollout", "Deployment/cart", late=120)
    assert story.results[-1].cause.symptom_class == "change.rollout"
    assert_one_story(story.settles().results)
    assert len({result.id for result in story.results}) == 1


def test_of_two_told_incidents_that_prove_to_be_one_the_first_told_survives() -> None:
    story = Story().knows(*shop()).told(0, "pod.evicted", "Pod/cart-0").told(2, "pod.evicted", "Pod/web-0")
    first, second = (result.id for result in story.results)
    story.told(-5, "node.diskpressure", "Node/node-1", late=10)
    merged, survivor = story.news
    assert (merged.id, merged.status, merged.reason, merged.merged_into) == (second, "merged", "merged", first)
    assert (survivor.id, survivor.status, survivor.cause.entity) == (first, "open", "default/Node//node-1")
    assert [(result.id, result.final) for result in story.settles().standing] == [(first, True)]
    assert not [result for result in story.news if result.id == second]


def test_what_late_topology_parts_gets_an_id_of_its_own_and_says_from_what_it_split() -> None:
    story = Story().knows(*shop()).told(0, "node.diskpressure", "Node/node-1")
    story.told(2, "pod.evicted", "Pod/cart-0").told(3, "pod.evicted", "Pod/web-0")
    assert len({result.id for result in story.results}) == 1
    story.knows(*shop(web_node="node-2"))
    whole, part = story.standing if story.standing[0].cause.entity.endswith("node-1") else reversed(story.standing)
    assert (part.cause.entity, part.reason, part.revision, part.split_from) == ("default/Pod/shop/web-0", "split", 1, whole.id)
    assert (whole.split_from, whole.revision) == ("", story.results[-2].revision)
    assert_one_story(story.settles().results)
    assert len(story.standing) == 2


def test_a_fault_that_returns_after_it_was_final_is_new_and_says_of_what_it_is_the_recurrence() -> None:
    story = Story().knows(*shop()).told(0, "kernel.oom", "Pod/mysql-0").passes(2_400).told(2_401, "kernel.oom", "Pod/mysql-0")
    first, again = story.results[0], story.results[-1]
    assert again.id != first.id
    assert (again.revision, again.recurrence_of, again.reason) == (1, first.id, "first_told")
    assert story.settles().standing[0].final


def test_a_restart_changes_no_id() -> None:
    through, restarted = Story().knows(*shop()), Story().knows(*shop())
    for line in (*CASCADE[1:], CASCADE[0]):
        through.told(*line, late=40)
        restarted.told(*line, late=40).restarts()
    assert restarted.settles().effects == through.settles().effects


@settings(max_examples=8)
@given(family=st.sampled_from(sorted(FAMILIES)), seed=st.integers(0, 40))
def test_revisions_of_a_fault_tell_one_story(family: str, seed: int) -> None:
    told = told_by(scenario_inputs(simulate(family, seed, HARD)))
    assert_one_story(told.results())
    assert_published_once(told)


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), batch_max=st.sampled_from((1, 64)), span=st.sampled_from((300, 900, 5_000)))
def test_revisions_in_a_world_of_chance_tell_one_story(seed: int, batch_max: int, span: int) -> None:
    way = Way(lateness=LATENESS_MAX, topology_lateness=seconds(600), duplicates=0.2, batch_max=batch_max)
    told = told_by(arrivals(chaos(f"identity/{seed}", Chaos(events=40, span=span)), way, Random(seed)), batch_max=batch_max)
    assert_one_story(told.results())
    assert_published_once(told)


@pytest.mark.parametrize("name", STRESS)
def test_revisions_in_a_world_made_to_break_it_tell_one_story(name: str) -> None:
    told = told_by(arrivals(STRESS[name](), Way(lateness=seconds(600), topology_lateness=seconds(600)), Random(name)), batch_max=1)
    assert_one_story(told.results())
    assert_published_once(told)


def assert_one_story(results: Sequence[CorrelationResult]) -> None:
    """What any consumer may rely on."""
    latest: dict[str, CorrelationResult] = {}
    for result in results:
        before = latest.get(result.id)
        if before is None:
            assert (result.revision, result.supersedes) == (1, 0)
            assert result.reason in ("first_told", "split")
        else:
            assert not before.final, f"{result.reason} after it was final"
            assert (result.revision, result.supersedes) == (before.revision + 1, before.revision)
            assert (result.detected_at, result.recurrence_of) == (before.detected_at, before.recurrence_of)
            assert before.status != "merged" or result.reason == "split", f"{result.reason} after it was merged"
        assert bool(result.merged_into) == (result.status == "merged")
        assert not result.merged_into or (result.merged_into in latest and result.merged_into != result.id)
        assert (result.reason == "split") <= bool(result.split_from)
        latest[result.id] = result
    for result in latest.values():
        assert result.final or result.status in ("merged", "retracted"), f"{result.id} ends {result.status}, {result.reason}"


def assert_published_once(told: Told) -> None:
    """No two messages share an id, so that the stream drops none."""
    effects = [effect for effect in told.effects if isinstance(effect, PublishResult)]
    identifiers = [effect.message_id("result") for effect in effects] + [
        effect.message_id("alert") for effect in effects if effect.is_alert
    ]
    assert len(set(identifiers)) == len(identifiers)
