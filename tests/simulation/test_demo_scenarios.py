"""Each scenario of the demo is explained as a person who knows the truth would."""

import pytest

from headwater.testing.accuracy import root_of
from headwater.testing.playback import told_of
from headwater.testing.scenarios import demo_scenario, scenario_descriptions


@pytest.mark.parametrize("name", scenario_descriptions())
def test_every_fault_of_a_demo_scenario_is_named_once(name: str) -> None:
    scenario = demo_scenario(name)
    incidents = told_of(scenario).incidents()
    roots = sorted(root_of(scenario.cluster, result) for result in incidents)
    assert roots == sorted(truth.unit for truth in scenario.truths)


def test_the_story_gives_the_result_everybody_expects() -> None:
    (incident,) = told_of(demo_scenario("story")).incidents()
    assert incident.type == "cascading_failure"
    assert incident.root_cause == "mysql-pod-abc OOM at 10:00:00"
    assert incident.related_events == ["mysql-pod-abc OOM", "api timeout to mysql-service", "frontend 503 from api-service"]
    assert incident.impact.services == ["mysql", "api", "frontend"]
    assert incident.impact.pods == 15
    assert incident.remediation == "increase mysql memory limits"


def test_the_story_calls_somebody() -> None:
    assert [result.cause.entity for result in told_of(demo_scenario("story")).alerts()][:1] == ["default/Pod/production/mysql-pod-abc"]
