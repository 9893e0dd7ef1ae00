"""Pods that went before anybody looked, whose events say nothing of an owner."""

from itertools import permutations

import pytest

from headwater.model.objects import ObjectVersion
from headwater.model.relations import Relation
from headwater.testing.bare_objects import entity, instant, pod, version
from headwater.topology.graph import TopologyGraph
from headwater.topology.guessing import possible_owners

NOW = instant(100)


@pytest.mark.parametrize(
    ("name", "owners"),
    [
        ("api-7c9d6f5b8-x2k4p", ["ReplicaSet/api-7c9d6f5b8", "DaemonSet/api-7c9d6f5b8", "Job/api-7c9d6f5b8"]),
        ("mysql-0", ["StatefulSet/mysql"]),
        ("import-22222", ["ReplicaSet/import", "DaemonSet/import", "Job/import", "StatefulSet/import"]),
        ("mysql-007", []),
        ("lonely", []),
        ("aeiou-words", []),
    ],
)
def test_a_name_says_who_may_have_given_it(name: str, owners: list[str]) -> None:
    assert [each.short for each in possible_owners(entity("Pod", name))] == owners


GONE = entity("Pod", "api-7c9d6f5b8-x2k4p")
MENTIONED = ObjectVersion("Pod", GONE.name, GONE.namespace, uid="u-9")
REPLICA_SET = version("ReplicaSet", "api-7c9d6f5b8", owner=("Deployment", "api"))
DEPLOYMENT = version("Deployment", "api")


def test_a_pod_that_is_gone_belongs_to_the_owner_of_its_replica_set_whichever_is_known_first() -> None:
    for order in permutations((MENTIONED, REPLICA_SET, DEPLOYMENT)):
        graph = TopologyGraph()
        for each in order:
            change = graph.observe_context(each, said_at=NOW) if each is MENTIONED else graph.observe(each)
        assert graph.unit_of(GONE, NOW) == entity("Deployment", "api")
        assert graph.related(entity("Deployment", "api"), Relation.OWNS, NOW, NOW) == (GONE,)
        assert TopologyGraph.restore(graph.snapshot()).unit_of(GONE, NOW) == entity("Deployment", "api")
        assert not change.empty()


def test_the_change_that_brings_the_owner_tells_the_pod() -> None:
    graph = TopologyGraph()
    graph.observe_context(MENTIONED, said_at=NOW)
    assert graph.unit_of(GONE, NOW) == GONE
    assert {GONE, entity("Deployment", "api")} <= set(graph.observe(REPLICA_SET).entities)


def test_what_a_pod_says_of_itself_goes_before_its_name() -> None:
    graph = TopologyGraph()
    graph.observe(REPLICA_SET)
    graph.observe_context(MENTIONED, said_at=NOW)
    graph.observe(pod(GONE.name, uid="u-9"))
    assert graph.unit_of(GONE, NOW) == GONE
    graph.observe(pod(GONE.name, uid="u-9", at=10, created=10, owner=("Rollout", "api")))
    assert graph.unit_of(GONE, NOW) == entity("Rollout", "api")


def test_of_owners_that_nobody_knows_nothing_is_claimed() -> None:
    graph = TopologyGraph()
    graph.observe_context(MENTIONED, said_at=NOW)
    graph.observe(version("ReplicaSet", "api-other", owner=("Deployment", "api")))
    assert graph.unit_of(GONE, NOW) == GONE
