"""The demo's scenarios: the seed's story to the letter, and five more."""

import msgspec
import pytest

from headwater.model.times import parse_time
from headwater.testing.demo_shop import demo_cluster
from headwater.testing.scenarios import STORY_TRACE, demo_scenario, scenario_descriptions


def test_mysql_api_and_frontend_have_fifteen_pods_on_three_nodes() -> None:
    cluster = demo_cluster()
    assert len(cluster.nodes) == 3
    assert sum(len(cluster.workloads[app].pods) for app in ("mysql", "api", "frontend")) == 15


def test_the_story_is_the_seed_s() -> None:
    scenario = demo_scenario("story")
    told = {event.id: event for event in scenario.events}
    oom, timeout, unavailable = (told[event_id] for event_id in scenario.truth.event_ids)
    assert [event.subject for event in (oom, timeout, unavailable)] == [
        f"traces.{STORY_TRACE}.ebpf",
        f"traces.{STORY_TRACE}.api",
        f"traces.{STORY_TRACE}.frontend",
    ]
    clocks = [parse_time(f"2026-01-05T10:00:{second:02}Z") for second in (0, 15, 30)]
    assert [event.occurred_at for event in (oom, timeout, unavailable)] == clocks
    assert msgspec.json.decode(oom.data)["k8s_context"]["name"] == "mysql-pod-abc"
    assert msgspec.json.decode(timeout.data)["attributes"]["peer.service"] == "mysql-service"
    assert msgspec.json.decode(unavailable.data)["network"]["status_code"] == 503


def test_there_are_six_scenarios_and_the_story_is_first() -> None:
    assert list(scenario_descriptions()) == ["story", "bad-rollout", "node-loss", "dns", "config-change", "two-faults"]


@pytest.mark.parametrize("name", scenario_descriptions())
def test_every_scenario_has_a_truth_and_says_what_to_expect(name: str) -> None:
    scenario = demo_scenario(name)
    assert scenario == demo_scenario(name)
    assert scenario.description
    assert scenario.expected
    assert len(scenario.truths) == (2 if name == "two-faults" else 1)
    for truth in scenario.truths:
        assert len(truth.entities) >= 3
        assert truth.root_event_id in truth.event_ids


def test_the_two_faults_strike_one_node() -> None:
    cluster = demo_cluster()
    assert cluster.workloads["redis"].pods[0].node == cluster.workloads["ledger"].pods[0].node
