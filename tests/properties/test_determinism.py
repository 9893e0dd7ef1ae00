"""Effects are a function of the sequence of inputs: not of the process, of how it hashes, or of how often it was restarted."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.orders import LATENESS_MAX, Way, arrivals, differences, findings, told_by
from tests.properties.worlds import STRESS, Chaos, chaos

from headwater.correlation.system import CorrelationSystem
from headwater.model.effects import Effect
from headwater.model.inputs import Input
from headwater.model.times import seconds
from headwater.service.driving import pass_time, tell
from headwater.testing.faults import FAMILIES
from headwater.testing.playback import SETTLED_AFTER, packaged_knowledge, packaged_system, scenario_inputs
from headwater.testing.simulator import HARD, NOISY, simulate, simulate_two

REPOSITORY = Path(__file__).parents[2]
SPREAD = Way(lateness=seconds(600), topology_lateness=seconds(600), duplicates=0.3)
HASH_SEEDS = ("0", "1", "4711")


@pytest.mark.slow
def test_no_process_tells_otherwise_because_it_hashes_otherwise() -> None:
    printed = [effects_under(seed) for seed in HASH_SEEDS]
    assert len(printed[0].splitlines()) >= 7
    assert printed[0] == printed[1] == printed[2]


def effects_under(hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.properties.print_effects"],
        cwd=REPOSITORY, env=os.environ | {"PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def effects_of(
    parts: Sequence[Sequence[Input]], end: int, batch_max: int, between: Callable[[CorrelationSystem], CorrelationSystem]
) -> list[Effect]:
    """What is told of the parts and while time passes; between any two of these something is done to the engine."""
    system = packaged_system()
    effects: list[Effect] = []
    for part in parts:
        effects += tell(system, part, batch_max)
        system = between(system)
    for fraction in (3, 2, 0):
        effects += pass_time(system, end - (end - parts[-1][-1].received_at) * fraction // 4)
        system = between(system)
    return effects


def left_alone(system: CorrelationSystem) -> CorrelationSystem:
    return system


def put_back(system: CorrelationSystem) -> CorrelationSystem:
    snapshot = system.snapshot()
    again = CorrelationSystem.restore(snapshot, packaged_knowledge(), system.settings)
    assert again.snapshot() == snapshot
    return again


def assert_restarts_do_not_show(inputs: list[Input], cuts: list[float], batch_max: int) -> None:
    places = sorted({0, len(inputs), *(max(1, round(cut * len(inputs))) for cut in cuts)})
    parts = [inputs[start:end] for start, end in pairwise(places)]
    end = inputs[-1].received_at + SETTLED_AFTER
    told, again = effects_of(parts, end, batch_max, left_alone), effects_of(parts, end, batch_max, put_back)
    for number, (effect, other) in enumerate(zip(told, again, strict=False)):
        assert effect == other, f"effect {number} of {len(told)}"
    assert len(told) == len(again)


cuts = st.lists(st.floats(0, 1), min_size=1, max_size=6)
batch_sizes = st.sampled_from((1, 7, 64))


@settings(max_examples=6)
@given(family=st.sampled_from(sorted(FAMILIES)), seed=st.integers(0, 30), cuts=cuts, batch_max=batch_sizes)
def test_a_restart_during_a_fault_does_not_show(family: str, seed: int, cuts: list[float], batch_max: int) -> None:
    assert_restarts_do_not_show(scenario_inputs(simulate(family, seed, HARD)), cuts, batch_max)


@pytest.mark.slow
@settings(max_examples=60)
@given(seed=st.integers(0, 10_000), span=st.sampled_from((200, 600, 4_000)), cuts=cuts, batch_max=batch_sizes)
def test_a_restart_in_a_world_of_chance_does_not_show(seed: int, span: int, cuts: list[float], batch_max: int) -> None:
    world = chaos(f"restart/{seed}", Chaos(events=40, span=span))
    assert_restarts_do_not_show(arrivals(world, SPREAD, Random(seed)), cuts, batch_max)


@pytest.mark.parametrize("name", STRESS)
@settings(max_examples=3)
@given(seed=st.integers(0, 10_000), cuts=cuts)
def test_a_restart_in_a_world_made_to_break_it_does_not_show(name: str, seed: int, cuts: list[float]) -> None:
    way = Way(lateness=LATENESS_MAX, topology_lateness=seconds(600), duplicates=0.3)
    assert_restarts_do_not_show(arrivals(STRESS[name](), way, Random(seed)), cuts, 7)


@pytest.mark.parametrize("batch_max", [3, 64, 10_000])
def test_batches_change_nothing_that_is_final(batch_max: int) -> None:
    for inputs in (scenario_inputs(simulate("disk", 2, NOISY)), scenario_inputs(simulate_two(("oom", "rollout"), 1, NOISY))):
        one_by_one, batched = findings(told_by(inputs, batch_max=1)), findings(told_by(inputs, batch_max=batch_max))
        assert one_by_one
        assert one_by_one == batched, differences(one_by_one, batched)


def test_the_same_sequence_gives_the_same_effects_and_state() -> None:
    inputs = scenario_inputs(simulate("node", 1, HARD))
    systems = [packaged_system(), packaged_system()]
    told = [told_by(inputs, system=system) for system in systems]
    assert told[0] == told[1]
    assert systems[0].snapshot() == systems[1].snapshot()
