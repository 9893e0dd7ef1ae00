"""What a caller reports without saying whom it asked belongs to the trouble of what it is known to call, and to no other."""

import json

import pytest

from headwater.correlation.knowledge import compile_knowledge
from headwater.correlation.system import CorrelationSystem
from headwater.model.effects import PublishResult
from headwater.model.inputs import EventObserved, Input, TimePassed, TopologyObserved
from headwater.model.objects import encode_object_version
from headwater.model.results import CorrelationResult
from headwater.model.times import format_time, parse_time, seconds
from headwater.service.knowledge import rule_texts
from headwater.testing.class_examples import Thing, call_span, example, thing_of
from headwater.testing.pattern_tests import standing
from headwater.testing.pattern_topology import TestCluster
from headwater.topology.loader import K8sRelationshipLoader

KNOWLEDGE = compile_knowledge(rule_texts())
BEGINNING = parse_time("2026-01-05T10:00:00Z")
LINES = [
    *(f"Deployment/{name} owns Pod/{name}-1" for name in ("orders", "reports", "wiki")),
    *(f"Service/{name} selects Pod/{name}-1" for name in ("orders", "reports", "wiki")),
    "StatefulSet/store owns Pod/store-0",
    "Service/store selects Pod/store-0",
    "Service/orders depends_on Service/store",
    "Service/reports depends_on Service/store",
]


def told(symptom_class: str, about: str, at: float, peer: str = "") -> Input:
    occurred_at = BEGINNING + seconds(at)
    body = {"id": f"{about}-{symptom_class}-{at}", "timestamp": format_time(occurred_at)}
    body |= example(symptom_class, thing_of(about), thing_of(peer) if peer else None)
    return EventObserved("none", "otel", json.dumps(body).encode(), occurred_at, 0)


def call(caller: Thing, callee: Thing, at: float) -> Input:
    occurred_at = BEGINNING + seconds(at)
    body = {"id": f"{caller.name}-{callee.name}-{at}", "timestamp": format_time(occurred_at)} | call_span(caller, callee)
    return EventObserved("none", "otel", json.dumps(body).encode(), occurred_at, 0)


def findings(inputs: list[Input]) -> tuple[CorrelationResult, ...]:
    system = CorrelationSystem(KNOWLEDGE)
    cluster = TestCluster(LINES)
    versions = K8sRelationshipLoader().versions(cluster.objects())
    objects = [TopologyObserved(encode_object_version(version), BEGINNING - seconds(100), 0) for version in versions]
    calls = [call(caller, callee, at) for at in (-90, -85, -80) for caller, callee in cluster.calls]
    effects = [effect for item in [*objects, *calls, *inputs] for effect in system.handle(item)]
    for hours in (1, 2, 3):
        effects += system.handle(TimePassed(BEGINNING + seconds(3_600 * hours)))
    return standing([effect.result for effect in effects if isinstance(effect, PublishResult)])


def silent_on(service: str, symptom_class: str) -> list[Input]:
    return [told(symptom_class, f"Pod/{service}-1", 20 + 16 * index) for index in range(6)]


STORE_KILLED = [
    told("kernel.oom", "Pod/store-0", 0),
    *(told("svc.timeout", "Pod/orders-1", 5 + 10 * index, peer="Service/store") for index in range(6)),
]


@pytest.mark.parametrize("symptom_class", ["svc.refused", "svc.timeout", "svc.reset", "svc.pool", "svc.readonly"])
def test_a_caller_that_does_not_say_whom_it_asked_is_no_second_incident(symptom_class: str) -> None:
    found = findings([*STORE_KILLED, *silent_on("reports", symptom_class)])
    assert len(found) == 1
    assert any(member.entity.endswith("Pod/shop/reports-1") for member in found[0].members)
    assert found[0].cause is not None
    assert "store" in found[0].cause.entity


@pytest.mark.parametrize("symptom_class", ["svc.refused", "svc.pool"])
def test_who_does_not_call_what_is_in_trouble_is_no_part_of_it(symptom_class: str) -> None:
    found = findings([*STORE_KILLED, *silent_on("wiki", symptom_class)])
    with_store = [result for result in found if any("store" in member.entity for member in result.members)]
    assert len(with_store) == 1
    assert not any("wiki" in member.entity for member in with_store[0].members)


def test_a_store_that_writes_down_whose_password_it_refuses_does_what_it_should() -> None:
    refusals = [told("svc.authz/credentials", "Pod/store-0", at) for at in range(0, 40, 2)]
    tries = [told("svc.authz/credentials", "Pod/orders-1", at) for at in range(1, 40, 8)]
    (found,) = findings([*refusals, *tries])
    assert (found.cause.entity, found.pattern) == ("default/Pod/shop/orders-1", "credentials_refused")
