"""
What an incident finally is does not depend on how it came to be known.

One admitted set, in any order, at any pace, repeated, in any batches, with the topology before, between or after: the same findings,
byte for byte.
"""

from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.orders import (
    IN_ORDER,
    LATENESS_MAX,
    Happening,
    Way,
    World,
    arrivals,
    differences,
    findings,
    refused,
    told_by,
)
from tests.properties.worlds import LIMITING, STRESS, Chaos, chaos, with_calls

from headwater.correlation.knowledge import Knowledge, compile_knowledge
from headwater.correlation.limits import HORIZON
from headwater.correlation.system import CorrelationSystem
from headwater.model.inputs import EventObserved
from headwater.model.objects import decode_object_version
from headwater.model.times import seconds
from headwater.service.knowledge import rule_texts
from headwater.testing.faults import FAMILIES
from headwater.testing.playback import change_inputs, packaged_knowledge, topology_inputs
from headwater.testing.scenario import Scenario
from headwater.testing.simulator import CLEAN, HARD, NOISY, simulate, simulate_quiet, simulate_two
from headwater.testing.world import Size

CONDITIONS = {"clean": CLEAN, "noisy": NOISY, "hard": HARD}
RECIPES = (
    Chaos(events=12, span=200),
    Chaos(events=25, span=600),
    Chaos(events=40, span=890),
    Chaos(events=30, span=600, classes=("svc.dns", "svc.timeout", "pod.unready", "pod.evicted")),
    Chaos(events=60, span=300, traces=30, trace_share=0.9),
    Chaos(events=60, span=7_200),
    Chaos(events=25, span=600, recoveries=40),
    Chaos(events=40, span=5_400, chronic=4, recoveries=20),
    Chaos(events=15, span=5_400, chatter=2),
    Chaos(
        events=30,
        span=600,
        classes=(
            *(name for name, _ in LIMITING),
            "workload.failedcreate",
            "pod.unschedulable",
            "pod.imagepull",
            "node.notready",
            "svc.timeout",
            "svc.refused",
            "pod.createconfig",
            "svc.saturation",
        ),
    ),
)
LEAD_MAX = HORIZON - seconds(1)
"""An event that is said to happen any later is refused."""

PAIRS = (("oom", "node"), ("rollout", "config"), ("disk", "image"), ("blind", "silent"), ("oomloop", "oom"))


def ways(*, fits_horizon: bool = True) -> st.SearchStrategy[Way]:
    """Any way that admits everything; what spans more than the horizon cannot come all at once."""
    return st.builds(
        Way,
        lateness=st.sampled_from((0, seconds(5), seconds(60), seconds(600), LATENESS_MAX)),
        topology_lateness=st.sampled_from((0, seconds(60), seconds(600))),
        duplicates=st.sampled_from((0.0, 0.3)),
        batch_max=st.sampled_from((1, 7, 64)),
        is_compressed=st.booleans() if fits_horizon else st.just(False),
        topology_last=st.booleans() if fits_horizon else st.just(False),
    )


seeds = st.integers(0, 10_000)


@cache
def expected(world: World, knowledge: Knowledge) -> tuple[bytes, ...]:
    """What is found when everything comes at once, one after the other, to an engine that knows the topology."""
    told = told_by(arrivals(world, IN_ORDER, Random("in order")), batch_max=1, system=CorrelationSystem(knowledge))
    assert refused(told) == []
    return tuple(findings(told))


def assert_converges(world: World, way: Way, seed: int, knowledge: Knowledge | None = None) -> None:
    knowledge = knowledge or packaged_knowledge()
    inputs = arrivals(world, way, Random(f"arrivals/{seed}"))
    told = told_by(inputs, batch_max=way.batch_max, system=CorrelationSystem(knowledge))
    assert refused(told) == [], "a test of order must not depend on what is admitted"
    found = findings(told)
    assert found == list(expected(world, knowledge)), differences(expected(world, knowledge), found)


def world_of(scenario: Scenario) -> World:
    """The scenario's last quarter of an hour, so that any order of it is admitted."""
    end = max(event.occurred_at for event in scenario.events)
    happenings = tuple(
        Happening(event.occurred_at, EventObserved(event.trace_token, event.source_token, event.data, 0, 0))
        for event in scenario.events
        if event.occurred_at > end - LATENESS_MAX + seconds(1)
    )
    items = (*topology_inputs(scenario.objects, received_at=0), *change_inputs(scenario.changes))
    return World(happenings, tuple(decode_object_version(item.data) for item in items))


@cache
def one_fault(family: str, seed: int, conditions: str) -> World:
    return world_of(simulate(family, seed, CONDITIONS[conditions]))


@cache
def two_faults(pair: tuple[str, str], seed: int, conditions: str) -> World:
    return world_of(simulate_two(pair, seed, CONDITIONS[conditions]))


@cache
def quiet_cluster(seed: int) -> World:
    return world_of(simulate_quiet(seed, minutes=3, warnings_per_minute=40, size=Size(services=20, nodes=6, products=2)))


@settings(max_examples=12)
@given(family=st.sampled_from(sorted(FAMILIES)), seed=seeds, conditions=st.sampled_from(sorted(CONDITIONS)), way=ways())
def test_one_fault(family: str, seed: int, conditions: str, way: Way) -> None:
    assert_converges(one_fault(family, seed % 50, conditions), way, seed)


@pytest.mark.slow
@settings(max_examples=8)
@given(pair=st.sampled_from(PAIRS), seed=seeds, conditions=st.sampled_from(sorted(CONDITIONS)), way=ways())
def test_two_faults(pair: tuple[str, str], seed: int, conditions: str, way: Way) -> None:
    assert_converges(two_faults(pair, seed % 20, conditions), way, seed)


@settings(max_examples=4)
@given(seed=seeds, way=ways())
def test_a_quiet_cluster(seed: int, way: Way) -> None:
    assert_converges(quiet_cluster(seed % 5), way, seed)


@pytest.mark.slow
@settings(max_examples=150)
@given(recipe=st.sampled_from(RECIPES), world=seeds, data=st.data())
def test_a_world_of_chance(recipe: Chaos, world: int, data: st.DataObject) -> None:
    way = data.draw(ways(fits_horizon=recipe.span < 890))
    assert_converges(chaos(world, recipe), way, world)


CALLS_EXPLAIN = """
rules:
  - {cause: kernel.oom, effect: svc.latency, path: [service, called_by], probability: 0.95, lag: [-60s, 100s, 600s]}
  - {cause: kernel.oom, effect: svc.timeout, path: [service, called_by], probability: 0.95, lag: [-60s, 100s, 600s]}
"""


@cache
def knowledge_of_calls() -> Knowledge:
    """The package's rules, and some of a user's that walk the call graph, as none of the package's does."""
    texts = rule_texts()
    return compile_knowledge(texts | {"causes": {**texts["causes"], "calls.yaml": CALLS_EXPLAIN}})


@settings(max_examples=12)
@given(world=seeds, way=ways())
def test_a_world_in_which_calls_explain(world: int, way: Way) -> None:
    assert_converges(calling_world(world % 20), way, world, knowledge_of_calls())


@cache
def calling_world(seed: int) -> World:
    return with_calls(chaos(f"calls/{seed}", Chaos(events=25, span=600, classes=("kernel.oom", "svc.timeout", "svc.latency"))), seed)


def test_calls_do_explain_in_that_world() -> None:
    found = [finding for seed in range(3) for finding in expected(calling_world(seed), knowledge_of_calls())]
    assert any(b"is called by" in finding for finding in found)


@pytest.mark.parametrize("name", STRESS)
@settings(max_examples=8)
@given(data=st.data(), seed=seeds)
def test_a_world_made_to_break_it(name: str, data: st.DataObject, seed: int) -> None:
    world = stress(name)
    assert_converges(world, data.draw(ways(fits_horizon=world.end - world.start < LATENESS_MAX)), seed)


@pytest.mark.parametrize("name", STRESS)
def test_clocks_that_run_ahead_change_nothing_that_is_final(name: str) -> None:
    way = Way(lateness=seconds(300), lead=LEAD_MAX, duplicates=0.1, batch_max=7)
    assert_converges(stress(name), way, 1)


@cache
def stress(name: str) -> World:
    return STRESS[name]()


def test_the_worlds_show_what_they_are_made_to_show() -> None:
    """A world in which nothing is found proves nothing."""
    found = {name: expected(stress(name), packaged_knowledge()) for name in STRESS}
    assert all(found.values())
    assert any(b'"count_is_estimated":true' in finding for finding in found["storm"])
    assert any(b"kube-dns" in finding for finding in found["crowded windows"])
    assert len(found["long apart"]) >= 5
    assert any(b'"novelty":"first written at 13:15:1' in finding for finding in found["always written"])
