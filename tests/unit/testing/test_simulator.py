"""A scenario is a function of its name, seed and conditions; conditions change how a fault is seen, never what happens."""

from collections import Counter
from dataclasses import replace

import msgspec
import pytest

from headwater.model.heads import decode_head
from headwater.model.identity import is_safe_token
from headwater.model.times import parse_time, seconds
from headwater.testing.faults import FAMILIES
from headwater.testing.scenario import Scenario
from headwater.testing.simulator import CLEAN, HARD, NOISY, START, simulate, simulate_quiet, simulate_two


def bodies(scenario: Scenario) -> dict[str, bytes]:
    return {event.id: event.data for event in scenario.events}


@pytest.mark.parametrize("family", FAMILIES)
def test_equal_arguments_give_equal_scenarios(family: str) -> None:
    assert simulate(family, 7, HARD) == simulate(family, 7, HARD)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_names_a_culprit_that_exists(family: str) -> None:
    scenario = simulate(family, 3)
    kinds = {(item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]) for item in scenario.objects}
    kind, namespace, name = scenario.truth.unit.split("/")
    assert (kind, namespace, name) in kinds


@pytest.mark.parametrize("family", FAMILIES)
def test_events_are_such_as_collectors_publish(family: str) -> None:
    for event in simulate(family, 3, HARD).events:
        head = decode_head(event.data)
        assert head.id == event.id
        assert head.timestamp is not None
        assert parse_time(head.timestamp) == event.occurred_at
        assert head.type
        assert head.source
        assert head.severity
        assert is_safe_token(event.trace_token)
        assert is_safe_token(event.source_token)
        assert event.trace_token == (head.trace_context.trace_id if head.trace_context else "none")


def test_noise_changes_nothing_of_the_fault() -> None:
    clean, noisy = bodies(simulate("oom", 5)), bodies(simulate("oom", 5, replace(NOISY, loss=0.0)))
    for event_id in simulate("oom", 5).truth.event_ids:
        fault = msgspec.json.decode(clean[event_id])
        told = msgspec.json.decode(noisy[event_id])
        # Only the counts of an Event that the noise repeats may differ.
        assert fault | {"attributes": None} == told | {"attributes": None}


def test_noise_adds_as_many_events_as_asked_for() -> None:
    quiet, noisy = simulate("oom", 5), simulate("oom", 5, replace(CLEAN, noise_events=25))
    assert len(noisy.events) == len(quiet.events) + 25


def test_loss_takes_only_events_of_the_fault() -> None:
    whole, lossy = simulate("oomloop", 5), simulate("oomloop", 5, replace(CLEAN, loss=0.2))
    lost = bodies(whole).keys() - bodies(lossy).keys()
    assert 0 < len(lost) < len(whole.truth.event_ids) / 2
    assert lost <= set(whole.truth.event_ids)


def test_skew_moves_times_and_nothing_else() -> None:
    plain, skewed = bodies(simulate("node", 5)), bodies(simulate("node", 5, replace(CLEAN, node_skew_seconds=2)))
    assert plain.keys() == skewed.keys()
    for event_id in plain:
        before, after = msgspec.json.decode(plain[event_id]), msgspec.json.decode(skewed[event_id])
        assert abs(parse_time(before.pop("timestamp")) - parse_time(after.pop("timestamp"))) <= seconds(2)
        assert before == after


def test_duplicates_are_the_same_bytes_again() -> None:
    scenario = simulate("oom", 5, replace(CLEAN, duplicates=0.5))
    copies = Counter(event.id for event in scenario.events)
    assert set(copies.values()) == {1, 2}
    assert len({(event.id, event.data) for event in scenario.events}) == len(copies)


def test_disorder_keeps_the_events_and_changes_their_order() -> None:
    plain, shuffled = simulate("oom", 5), simulate("oom", 5, replace(CLEAN, disorder_seconds=60))
    assert bodies(plain) == bodies(shuffled)
    assert [event.id for event in plain.events] != [event.id for event in shuffled.events]


def test_events_arrive_in_order_of_arrival_and_after_they_happened() -> None:
    scenario = simulate("dns", 5, NOISY)
    arrivals = [event.received_at for event in scenario.events]
    assert arrivals == sorted(arrivals)
    assert all(event.received_at > event.occurred_at for event in scenario.events)


def test_a_lost_node_is_noticed_after_its_effects() -> None:
    scenario = simulate("node", 2)
    events = {event.id: event for event in scenario.events}
    noticed = events[scenario.truth.root_event_id].occurred_at
    assert seconds(40) <= noticed - START <= seconds(50)
    assert min(events[event_id].occurred_at for event_id in scenario.truth.event_ids) < noticed


def test_a_blind_dependency_never_speaks() -> None:
    scenario = simulate("blind", 2)
    assert scenario.truth.root_event_id == ""
    assert scenario.truth.entities
    victim = scenario.cluster.unit_of(*scenario.truth.unit.split("/"))
    for entity in scenario.truth.entities:
        assert scenario.cluster.unit_of(*entity.split("/")) != victim


def test_a_rollout_brings_a_new_replica_set_and_its_pods() -> None:
    scenario = simulate("rollout", 2)
    assert scenario.changes[0].object["kind"] == "ReplicaSet"
    assert {change.object["kind"] for change in scenario.changes[1:]} == {"Pod"}


@pytest.mark.parametrize("seed", range(10))
def test_two_faults_share_a_node_and_nothing_else(seed: int) -> None:
    scenario = simulate_two(("oom", "oomloop"), seed)
    first, second = scenario.truths
    assert first.unit.split("/")[1] != second.unit.split("/")[1]
    assert not set(first.entities) & set(second.entities)
    assert not set(first.event_ids) & set(second.event_ids)


def test_a_quiet_hour_has_a_hundred_warnings_a_minute_and_no_fault() -> None:
    scenario = simulate_quiet(1)
    warnings = [
        event for event in scenario.events if decode_head(event.data).severity in ("warning", "error") and event.occurred_at >= START
    ]
    assert scenario.truths == ()
    assert 5_400 <= len(warnings) <= 6_600
