"""The runner of the tests inside patterns: it plays them through the whole system, and says what differs."""

import json

import pytest

from headwater.correlation.knowledge import Knowledge, compile_knowledge
from headwater.patterns.schema import Pattern, PatternTest
from headwater.service.knowledge import rule_texts
from headwater.testing.pattern_tests import TestOutcome, run_pattern_test, run_pattern_tests
from headwater.testing.pattern_topology import TestCluster
from headwater.topology.loader import K8sRelationshipLoader

TEXTS = rule_texts()
KNOWLEDGE = compile_knowledge(TEXTS)

PATTERN = """
pattern: tried
type: oom_kill
summary: A kill.
severity: high
anchor: kernel.oom
remediation: raise the limit of {cause.owner}
tests:
  - name: it fires
    topology: [Deployment/a owns Pod/a-1]
    told: [{at: 0s, class: kernel.oom, about: Pod/a-1}]
    expect: {cause: Pod/a-1, remediation: raise the limit of Deployment/a, severity: high, members: 1}
  - name: it holds
    told: [{at: 0s, event: info_log, about: Pod/a-1}, {at: 1s, event: ok_span, about: Service/a}]
    expect: nothing
"""


def knowledge_with(text: str) -> Knowledge:
    return compile_knowledge(TEXTS | {"patterns": {"tried.yaml": text}})


def outcomes(text: str) -> list[TestOutcome]:
    return list(run_pattern_tests(knowledge_with(text), only=["tried"]))


PACKAGED = [(pattern, test) for pattern in KNOWLEDGE.patterns.patterns for test in pattern.tests]


@pytest.mark.parametrize(("pattern", "test"), PACKAGED, ids=[f"{pattern.id}: {test.name}" for pattern, test in PACKAGED])
def test_of_a_packaged_pattern(pattern: Pattern, test: PatternTest) -> None:
    outcome = run_pattern_test(KNOWLEDGE, pattern, test)
    assert outcome.passed, "\n".join(outcome.failures)


def test_only_the_patterns_asked_for_are_run() -> None:
    assert {outcome.pattern for outcome in run_pattern_tests(KNOWLEDGE, only=["oom_kill"])} == {"oom_kill"}


def test_what_meets_its_expectations_passes() -> None:
    assert [outcome.failures for outcome in outcomes(PATTERN)] == [(), ()]


@pytest.mark.parametrize(
    ("old", "new", "failure"),
    [
        ("cause: Pod/a-1,", "cause: Pod/b-1,", "cause is ('Pod', 'a-1', 'shop'), not"),
        ("members: 1", "members: 2", "members are 1, not 2"),
        ("severity: high, members", "severity: low, members", "severity is 'high', not 'low'"),
        ("class: kernel.oom, about", "class: change.rollout, about", "expected tried of Pod/a-1, but found nothing"),
        ("event: info_log, about", "class: kernel.oom, about", "expected nothing, but was told of tried (kernel.oom of"),
        ("event: info_log, about", "event: unheard_of, about", "there is no example event called unheard_of"),
    ],
)
def test_what_differs_is_said(old: str, new: str, failure: str) -> None:
    assert old in PATTERN
    failures = [failure for outcome in outcomes(PATTERN.replace(old, new, 1)) for failure in outcome.failures]
    assert any(failure in said for said in failures), failures


def test_a_pattern_that_must_not_be_found_is_said() -> None:
    text = PATTERN.replace("event: info_log", "class: kernel.oom").replace("expect: nothing", "expect: {not_pattern: tried}")
    assert "expected no tried, but found tried" in outcomes(text)[1].failures[0]


def test_the_lines_of_a_topology_become_objects_whatever_their_order() -> None:
    lines = [
        "ConfigMap/settings mounted_by Deployment/cart",
        "Service/web depends_on Service/cart",
        "Node/n1 hosts Pod/cart-1",
        "Service/cart selects Pod/cart-1",
        "Deployment/cart owns Pod/cart-1",
        "Node/n2",
    ]
    cluster, reverse = TestCluster(lines), TestCluster(list(reversed(lines)))
    assert sorted(map(json.dumps, cluster.objects())) == sorted(map(json.dumps, reverse.objects()))
    kinds = sorted(version.entity.short for version in K8sRelationshipLoader().versions(cluster.objects()))
    assert kinds == [
        "ConfigMap/settings",
        "Deployment/cart",
        "Node/n1",
        "Node/n2",
        "Pod/cart-1",
        "ReplicaSet/cart-5d9f7c",
        "Service/cart",
        "Service/web",
    ]
    pod = next(each for each in cluster.objects() if each["kind"] == "Pod")
    assert pod["spec"] == {"nodeName": "n1", "volumes": [{"name": "config-settings", "configMap": {"name": "settings"}}]}
    assert len(cluster.call_bodies()) == 1
