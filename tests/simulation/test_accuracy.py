"""The engine finds simulated faults: how often, beside baselines, and what it leaves alone. `make bench` runs the large version."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from headwater.testing.accuracy import Score, score, score_pair
from headwater.testing.faults import FAMILIES
from headwater.testing.playback import told_of
from headwater.testing.simulator import CLEAN, NOISY, Conditions, simulate, simulate_quiet, simulate_two

ACCURACY_MIN = 0.90
LEAD_MIN = 0.30


def scores(seeds: range, conditions: Conditions) -> list[Score]:
    found = []
    for family in FAMILIES:
        for seed in seeds:
            scenario = simulate(family, seed, conditions)
            found.append(score(scenario, told_of(scenario)))
    return found


def assert_accurate(found: Sequence[Score]) -> float:
    total = len(found)
    misses = [f"{one.name}: {one.named} [{one.named_class}] instead of {one.truth}" for one in found if not one.is_right]
    accuracy = 1 - len(misses) / total
    assert accuracy >= ACCURACY_MIN, "\n".join([f"accuracy {accuracy:.3f} of {total}", *misses])
    return accuracy


def assert_ahead(found: Sequence[Score]) -> None:
    """Ahead of the baselines, which are good where nothing else happens: what comes first there is the cause."""
    total = len(found)
    accuracy = assert_accurate(found)
    earliest = sum(one.earliest == one.truth for one in found) / total
    alerts = sum(one.most_alerts == one.truth for one in found) / total
    assert accuracy - max(earliest, alerts) >= LEAD_MIN, f"accuracy {accuracy:.3f}, earliest {earliest:.3f}, alert count {alerts:.3f}"


def test_a_few_faults_in_noise_are_found_and_baselines_beaten() -> None:
    assert_ahead(scores(range(1_000, 1_005), NOISY))


@pytest.mark.slow
def test_a_thousand_faults_in_noise_are_found_and_baselines_beaten() -> None:
    assert_ahead(scores(range(100), NOISY))


@pytest.mark.slow
def test_faults_without_noise_are_found() -> None:
    assert_accurate(scores(range(20), CLEAN))


@pytest.mark.parametrize("seed", range(5))
def test_two_unrelated_faults_on_one_node_stay_two_incidents(seed: int) -> None:
    scenario = simulate_two(("oom", "config"), seed)
    found = score_pair(scenario, told_of(scenario))
    assert found.is_apart
    assert found.is_right, f"{found.truths} happened, {found.named} were named"


def test_ten_noisy_minutes_call_nobody() -> None:
    told = told_of(simulate_quiet(100, minutes=10))
    assert [result.root_cause for result in told.alerts()] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_an_hour_of_everyday_warnings_calls_nobody(seed: int) -> None:
    told = told_of(simulate_quiet(seed))
    assert [result.root_cause for result in told.alerts()] == []


@pytest.mark.slow
def test_clocks_wrong_by_two_seconds_change_the_root_in_one_run_of_a_hundred_at_most() -> None:
    changed = []
    for family in FAMILIES:
        for seed in range(20):
            roots = []
            for skew in (0.0, 2.0):
                result = told_of(simulate(family, seed, replace(NOISY, node_skew_seconds=skew))).largest_incident()
                roots.append((result.cause.entity, result.cause.symptom_class) if result else None)
            if roots[0] != roots[1]:
                changed.append(f"{family}/{seed}: {roots[0]} became {roots[1]}")
    assert len(changed) <= 2, "\n".join(changed)
