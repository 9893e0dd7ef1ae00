"""The Kubernetes correlator: which things a rule's path leads to, from either end."""

from itertools import product

import msgspec
import pytest
from tests.unit.correlation.making import rule, vertex

from headwater.causes.rules import ALONE, DNS, PEER, Rule
from headwater.correlation.kubernetes import KubernetesCorrelator
from headwater.correlation.limits import RELATION_SLACK, Limits
from headwater.correlation.vertices import Vertex
from headwater.model.entities import Entity
from headwater.model.objects import ObjectVersion
from headwater.testing.bare_objects import deployment, pod, service, version
from headwater.testing.playback import packaged_knowledge
from headwater.topology.graph import TopologyGraph

VOLUMES = {"volumes": [{"name": "v", "configMap": {"name": "settings"}}]}
SHOP = (
    version("Node", "n1"),
    service("api-service", {"app": "api"}),
    deployment("api", {"app": "api"}, labels={"app": "api"}, spec=VOLUMES),
    version("ReplicaSet", "api-1", owner=("Deployment", "api"), at=0),
    pod("api-0", labels={"app": "api"}, owner=("ReplicaSet", "api-1"), node="n1", spec=VOLUMES, at=0),
    version("Pod", "api-0", at=500, deleted=True),
    # Without service, without owner, without pods, and of one who changed hands.
    deployment("worker"),
    pod("worker-0", owner=("Deployment", "worker"), node="n1"),
    pod("lone-0", node="n1"),
    service("idle", {"app": "idle"}),
    deployment("idle", {"app": "idle"}),
    pod("given-0", labels={"app": "api"}, owner=("StatefulSet", "old"), at=100),
    pod("given-0", labels={"app": "api"}, owner=("StatefulSet", "new"), at=300),
    service("kube-dns", namespace="kube-system"),
)  # fmt: skip


BEHIND_API = ["Deployment/api", "Pod/api-0", "Pod/given-0", "ReplicaSet/api-1", "Service/api-service", "StatefulSet/old"]


def correlator(*versions: ObjectVersion, limits: Limits | None = None) -> KubernetesCorrelator:
    graph = TopologyGraph()
    for each in versions or SHOP:
        graph.observe(each)
    return KubernetesCorrelator(graph, limits or Limits())


def names(found: tuple[Entity, ...]) -> list[str]:
    return [each.short for each in found]


def effect(about: str, second: float = 50, *, blames: tuple[str, ...] = ()) -> Vertex:
    return vertex(second, "svc.timeout", about, blames[0] if blames else "")


@pytest.mark.parametrize(
    ("about", "path", "causes"),
    [
        ("Pod/api-0", (), ["Pod/api-0"]),
        ("Pod/api-0", ("owns",), ["Deployment/api"]),
        ("Pod/api-0", ("hosts",), ["Node/n1"]),
        ("Pod/api-0", ("mounted_by", "owns"), ["ConfigMap/settings"]),
        ("Deployment/api", ("^owns",), ["Pod/api-0"]),
        ("Service/api-service", ("service",), BEHIND_API),
        ("Service/api-service", ("hosts", "service"), ["Node/n1"]),
        ("Service/api-service", ("mounted_by", "service"), ["ConfigMap/settings"]),
        ("Pod/api-0", ("^service",), ["Service/api-service"]),
        ("Deployment/worker", ("service",), ["Deployment/worker", "Pod/worker-0"]),
        ("Pod/worker-0", ("^service",), ["Deployment/worker"]),
        ("Pod/lone-0", ("service",), ["Pod/lone-0"]),
        ("External/10.9.9.9", ("service",), ["External/10.9.9.9"]),
        ("Service/api-service", (DNS,), ["Service/kube-dns"]),
        ("Service/idle", ("service",), ["Deployment/idle", "Service/idle"]),
    ],
)
def test_the_path_leads_back_from_the_effect_to_what_may_have_caused_it(about: str, path: tuple[str, ...], causes: list[str]) -> None:
    assert names(correlator().causes(effect(about), rule("a", "b", *path))) == causes


def test_whom_an_effect_blames_may_have_caused_it() -> None:
    blaming = effect("Service/web", blames=("Service/api-service",))
    assert names(correlator().causes(blaming, rule("a", "b", PEER))) == ["Service/api-service"]
    assert names(correlator().causes(blaming, rule("a", "b", "service", PEER)))[:2] == ["Deployment/api", "Pod/api-0"]
    assert correlator().causes(effect("Service/web"), rule("a", "b", PEER)) == ()


def test_a_relation_counts_where_the_cause_may_lie_in_time_and_half_a_minute_around() -> None:
    hosting = rule("a", "b", "hosts", lag=(0, 5, 20))
    slack = RELATION_SLACK / 1e9
    assert names(correlator().causes(effect("Pod/api-0", 500 + 20 + slack - 1), hosting)) == ["Node/n1"]
    assert names(correlator().causes(effect("Pod/api-0", 500 + 20 + slack + 1), hosting)) == []


def test_beyond_the_limit_the_first_by_name_are_taken_and_the_rest_counted() -> None:
    found = correlator(*(pod(f"p{n}", node="n1") for n in range(5)), limits=Limits(candidates_per_rule_max=3))
    assert names(found.causes(effect("Node/n1"), rule("a", "b", "^hosts"))) == ["Pod/p0", "Pod/p1", "Pod/p2"]
    assert found.left_out == 2


RULES = [*packaged_knowledge().rules.rules, rule("a", "b", "^owns"), rule("a", "b", "called_by", "^service"), rule("a", "b", "^service")]


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.id)
def test_a_cause_that_comes_late_looks_for_its_effects_wherever_they_look_for_it(each: Rule) -> None:
    """Edges are made from the effect's side; the walk from the cause's side must miss none of them, or the order would matter."""
    if not ALONE.isdisjoint(each.path) or (each.path and each.path[-1] == PEER):
        path = tuple(step for step in each.path if step not in (*ALONE, PEER))
        each = msgspec.structs.replace(each, path=path)
    graph = correlator()
    things = [*graph.topology.entities(), Entity("default", "External", "", "10.9.9.9"), Entity("default", "Pod", "shop", "unknown-0")]
    lags = (each.lag_min / 1e9, 0.0, each.lag_typical / 1e9, each.lag_max / 1e9)
    for second, thing in product((0, 120, 299, 310, 490, 520), things):
        shown = vertex(second, "svc.timeout", "Service/x")
        shown.key = msgspec.structs.replace(shown.key, entity=thing)
        shown.refresh()
        for cause_entity in graph.causes(shown, each):
            for lag in lags:
                cause = vertex(second - lag, "svc.error", "Service/y")
                cause.key = msgspec.structs.replace(cause.key, entity=cause_entity)
                cause.refresh()
                assert thing in graph.effects(cause, each), f"{cause_entity.short} at {second - lag} causes {thing.short} at {second}"


def test_for_a_path_to_who_blames_the_walk_ends_at_whom_they_blame() -> None:
    cause = vertex(50, "pod.unready", "Pod/api-0")
    assert "Service/api-service" in names(correlator().effects(cause, rule("a", "b", "service", PEER)))
