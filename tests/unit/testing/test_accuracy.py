"""Scores compare what was told with the truth, and baselines look at the same incident only."""

from headwater.model.effects import PublishResult
from headwater.model.results import Alternative, Cause, CorrelationResult, Member
from headwater.model.times import format_time
from headwater.testing.accuracy import NOTHING, score
from headwater.testing.playback import Told
from headwater.testing.scenario import Scenario
from headwater.testing.simulator import START, simulate


def entity(unit: str) -> str:
    return f"default/{unit}"


def told(scenario: Scenario, *, blamed: str, members: list[Member]) -> Told:
    result = CorrelationResult(
        id="a",
        fingerprint="",
        revision=1,
        status="open",
        reason="",
        type="",
        severity="",
        verdict="likely",
        confidence=0.6,
        root_cause="",
        cause=Cause(entity=blamed, owner=blamed, symptom_class="kernel.oom"),
        alternatives=[Alternative(entity=entity(scenario.truth.unit), symptom_class="kernel.oom", share=0.2)],
        members=members,
    )
    return Told((PublishResult(result=result, body=b"", is_alert=False),))


def member(about: str, symptom_class: str, second: int, event_id: str, count: int = 1) -> Member:
    seen = format_time(START + second * 10**9)
    return Member(entity=about, symptom_class=symptom_class, first_seen=seen, last_seen=seen, count=count, event_ids=[event_id])


def test_naming_the_culprit_is_right() -> None:
    scenario = simulate("oom", 1)
    found = score(scenario, told(scenario, blamed=entity(scenario.truth.unit), members=[]))
    assert found.is_right
    assert found.verdict == "likely"


def test_naming_another_is_wrong_but_the_culprit_may_be_among_three() -> None:
    scenario = simulate("oom", 1)
    found = score(scenario, told(scenario, blamed="default/Node//node-1", members=[]))
    assert not found.is_right
    assert found.is_among_three


def test_telling_nothing_is_wrong() -> None:
    found = score(simulate("oom", 1), Told(()))
    assert found.named == NOTHING
    assert not found.is_right
    assert not found.is_among_three


def test_baselines_name_the_first_and_the_loudest_of_the_incident_s_members() -> None:
    scenario = simulate("oom", 1)
    first, loudest = scenario.cluster.applications()[:2]
    members = [
        member(f"default/Pod/{first.namespace}/{first.pods[0].name}", "pod.unready", 1, "x"),
        member(f"default/Service/{loudest.namespace}/{loudest.service}", "svc.timeout", 5, "y", count=9),
        member(f"default/Deployment/{first.namespace}/{first.name}", "change.rollout", 7, "z", count=20),
    ]
    found = score(scenario, told(scenario, blamed="default/Node//node-1", members=members))
    assert found.earliest == first.unit
    assert found.most_alerts == loudest.unit


def test_precision_and_recall_are_of_the_fault_s_events() -> None:
    scenario = simulate("oom", 1)
    ours = scenario.truth.event_ids[0]
    members = [member("default/Node//node-1", "node.notready", 1, ours), member("default/Node//node-1", "node.mempressure", 1, "noise")]
    found = score(scenario, told(scenario, blamed="default/Node//node-1", members=members))
    assert found.precision == 0.5
    assert found.recall == 1 / len(scenario.truth.event_ids)
