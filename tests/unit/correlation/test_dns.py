"""The cluster's DNS as a cause: inferred when several units cannot resolve names, whenever its objects become known."""

import itertools
import json

import pytest

from headwater.correlation.knowledge import compile_knowledge
from headwater.correlation.system import CorrelationSystem
from headwater.model.effects import PublishResult
from headwater.model.inputs import EventObserved, Input, TimePassed, TopologyObserved
from headwater.model.objects import encode_object_version
from headwater.model.results import CorrelationResult, finding_bytes
from headwater.model.times import format_time, parse_time, seconds
from headwater.service.knowledge import rule_texts
from headwater.testing.class_examples import example, thing_of
from headwater.testing.pattern_tests import standing
from headwater.testing.pattern_topology import TestCluster
from headwater.topology.loader import K8sRelationshipLoader

KNOWLEDGE = compile_knowledge(rule_texts())
BEGINNING = parse_time("2026-01-05T10:00:00Z")
LINES = [
    "Deployment/coredns@kube-system owns Pod/coredns-1@kube-system",
    "Service/kube-dns@kube-system selects Pod/coredns-1@kube-system",
    *(f"Deployment/{name} owns Pod/{name}-1" for name in ("cart", "web", "search")),
    *(f"Service/{name} selects Pod/{name}-1" for name in ("cart", "web", "search")),
]


def failed_resolution(service: str, at: float) -> Input:
    occurred_at = BEGINNING + seconds(at)
    body = {"id": f"{service}-{at}", "timestamp": format_time(occurred_at)} | example("svc.dns", thing_of(f"Service/{service}"), None)
    return EventObserved("none", "otel", json.dumps(body).encode(), occurred_at, 0)


def objects(at: float) -> list[Input]:
    versions = K8sRelationshipLoader().versions(TestCluster(LINES).objects())
    return [TopologyObserved(encode_object_version(version), BEGINNING + seconds(at), 0) for version in versions]


def findings(inputs: list[Input]) -> tuple[CorrelationResult, ...]:
    system = CorrelationSystem(KNOWLEDGE)
    effects = [effect for item in inputs for effect in system.handle(item)]
    for hours in (1, 2, 3):
        effects += system.handle(TimePassed(BEGINNING + seconds(3_600 * hours)))
    return standing([effect.result for effect in effects if isinstance(effect, PublishResult)])


THREE = [failed_resolution("cart", 0), failed_resolution("web", 4), failed_resolution("search", 8)]


def test_three_units_that_cannot_resolve_names_accuse_a_dns_that_says_nothing() -> None:
    (found,) = findings([*objects(-60), *THREE])
    assert (found.pattern, found.cause.owner) == ("dns_failure", "default/Deployment/kube-system/coredns")


def test_two_do_not() -> None:
    assert findings([*objects(-60), *THREE[:2]]) == ()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_neither_the_order_nor_late_objects_change_what_is_found(order: tuple[int, ...]) -> None:
    events = [THREE[index] for index in order]
    first = findings([*objects(-60), *THREE])
    for inputs in ([*objects(-60), *events], [*events, *objects(20)], [events[0], *objects(20), *events[1:]]):
        assert [finding_bytes(result) for result in findings(inputs)] == [finding_bytes(result) for result in first]
