"""Judging: what is concluded about one connected set, and when it may be told."""

import pytest
from tests.unit.correlation.making import link, vertex

from headwater.correlation.judgement import Finding, judge
from headwater.correlation.limits import Limits, Settings
from headwater.correlation.vertices import Vertex
from headwater.model.results import finding_bytes
from headwater.testing.bare_objects import deployment, pod, service, version
from headwater.testing.playback import packaged_knowledge
from headwater.testing.story import Story
from headwater.topology.graph import TopologyGraph


def untied(_: Vertex) -> list[Vertex]:
    return []


def judged(*vertices: Vertex, limits: Limits | None = None, partial: list[str] | None = None) -> list[Finding]:
    return judge(
        sorted(vertices, key=lambda each: each.sort_key), tied=untied, topology=TopologyGraph(), knowledge=packaged_knowledge(),
        settings=Settings(limits=limits or Limits()), partial=partial or [],
    )  # fmt: skip


def timeouts(caller: str, callee: str, count: int, at: float = 0) -> Vertex:
    return vertex(at, "svc.timeout", f"Service/{caller}", f"Service/{callee}", count=count)


def test_inferred_states_alone_are_nothing() -> None:
    assert judged(vertex(0, "svc.degraded", "Service/a")) == []


def test_a_class_that_stands_for_itself_may_be_told_alone() -> None:
    (found,) = judged(vertex(0, "kernel.oom", "Pod/a"))
    assert (found.may_be_told, found.result.cause.entity) == (True, "default/Pod/shop/a")


def test_a_missed_objective_may_be_told_alone_and_a_failed_request_may_not() -> None:
    for detail, may_be_told in (("objective", True), ("", False)):
        (found,) = judged(vertex(0, "svc.5xx", "Service/web", detail=detail))
        assert found.may_be_told is may_be_told


@pytest.mark.parametrize(
    ("vertices", "may_be_told"),
    [
        ([timeouts("a", "b", 3)], False),
        ([timeouts("a", "b", 9)], False),  # two entities
        ([timeouts("a", "b", 2), vertex(1, "svc.5xx", "Service/c", "Service/a", count=1)], False),  # three symptoms
        ([timeouts("a", "b", 2), vertex(1, "svc.5xx", "Service/c", "Service/a", count=2)], True),
        ([vertex(0, "change.rollout", "Deployment/a", count=40)], False),
    ],
)  # fmt: skip
def test_else_it_takes_three_entities_and_four_symptoms(vertices: list[Vertex], may_be_told: bool) -> None:
    degraded = vertex(0.5, "svc.degraded", "Service/a")
    if len(vertices) > 1:
        link(vertices[0], degraded, 0.6)
        link(degraded, vertices[1], 0.8)
        vertices = [*vertices, degraded]
    (found,) = judged(*vertices)
    assert (found.result.pattern, found.may_be_told) == ("", may_be_told)


def test_an_unnamed_incident_is_as_grave_as_what_stands_for_itself_and_else_a_warning() -> None:
    assert judged(timeouts("a", "b", 60))[0].result.severity == "warning"
    (found,) = judged(vertex(0, "node.pidpressure", "Node/n"))
    assert found.severity.wire == found.result.severity


def test_impact_names_the_root_first_also_where_its_effects_were_seen_earlier() -> None:
    oom = vertex(20, "kernel.oom", "Pod/mysql-0", unit="Deployment/mysql")
    early = timeouts("api", "mysql", 9, at=5)
    link(oom, early, 0.9)
    (found,) = judged(oom, early)
    assert found.result.cause.entity.endswith("/mysql-0")
    assert found.result.impact.services == ["mysql", "api"]


def test_two_faults_that_merely_meet_are_two_findings() -> None:
    one, other = vertex(0, "kernel.oom", "Pod/a"), vertex(1, "kernel.oom", "Pod/b")
    degraded = vertex(2, "svc.degraded", "Service/x")
    effects = [timeouts(f"c{n}", "x", 1, at=3) for n in range(2)]
    link(one, degraded, 0.6)
    link(other, degraded, 0.2)
    for each in effects:
        link(degraded, each, 0.8)
    found = judged(one, other, degraded, *effects)
    assert [each.result.cause.entity.rpartition("/")[2] for each in found] == ["a", "b"]
    assert sum(len(each.vertices) for each in found) == 5


def test_what_would_not_be_told_by_itself_is_context_of_the_largest() -> None:
    oom, stray = vertex(0, "kernel.oom", "Pod/a", count=3), vertex(1, "pod.restart", "Pod/b")
    (found,) = judged(oom, stray)
    assert [(each.entity.rpartition("/")[2], each.role) for each in found.result.members] == [("a", "root"), ("b", "context")]
    assert found.vertices == [oom, stray]


def test_first_and_last_are_those_of_observers_and_seen_times_those_of_the_story() -> None:
    oom = vertex(0, "kernel.oom", "Pod/a", last=50)
    oom.onset -= 10_000_000_000
    (found,) = judged(oom)
    assert (found.first, found.last) == (oom.first, oom.last)
    assert found.result.first_seen < found.result.cause.time or found.result.first_seen == found.result.cause.time


def test_too_many_are_judged_in_part_and_said_to_be() -> None:
    root = vertex(0, "kernel.oom", "Pod/root", count=9)
    effects = [vertex(1 + n, "pod.restart", f"Pod/{n}") for n in range(9)]
    for each in effects:
        link(root, each, 0.9)
    (found,) = judged(root, *effects, limits=Limits(vertices_judged_max=4), partial=["occurrences"])
    assert found.result.partial == ["members", "occurrences"]
    assert len(found.result.members) == 4
    assert (len(found.vertices), found.last) == (10, effects[-1].last)


def test_a_finding_does_not_depend_on_the_order_of_what_it_is_made_of() -> None:
    def made(turn: int) -> Finding:
        oom = vertex(0, "kernel.oom", "Pod/a", traces=("t",))
        effects = [timeouts(f"c{n}", "a", n + 1, at=n) for n in range(5)]
        for each in effects[turn:] + effects[:turn]:
            link(oom, each, 0.6)
        return judged(oom, *effects)[0]

    assert len({finding_bytes(made(turn).result) for turn in range(5)}) == 1


def test_the_remedy_of_a_pattern_speaks_of_the_cause() -> None:
    labels = {"app": "mysql"}
    story = Story().knows(
        version("Node", "n1"),
        service("mysql-service", labels),
        deployment("mysql", labels, labels=labels),
        pod("mysql-0", labels=labels, owner=("Deployment", "mysql"), node="n1"),
    )
    (found,) = story.told(0, "kernel.oom", "Pod/mysql-0").news
    assert found.remediation == "increase mysql memory limits"
    assert any("mysql" in command for command in found.remediation_details.commands)
    details = found.remediation_details
    assert not [text for text in (*details.steps, *details.commands, details.risk) if "{" in text]


def test_a_finding_says_which_engine_and_rules_made_it() -> None:
    (found,) = judged(vertex(0, "kernel.oom", "Pod/a"))
    knowledge = packaged_knowledge()
    assert (found.result.engine.version, found.result.engine.rules) == (knowledge.engine_version, knowledge.rules_hash)
    assert found.result.fingerprint == judged(vertex(0, "kernel.oom", "Pod/a", count=7))[0].result.fingerprint
