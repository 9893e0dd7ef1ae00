"""The control plane as a cause: it reaches whatever waits for it, in its own cluster, and only what can wait for it."""

import json
from typing import Any

from headwater.correlation.knowledge import compile_knowledge
from headwater.correlation.system import CorrelationSystem
from headwater.model.effects import PublishResult
from headwater.model.inputs import EventObserved, TimePassed
from headwater.model.results import CorrelationResult
from headwater.model.times import format_time, parse_time, seconds
from headwater.service.knowledge import rule_texts
from headwater.testing.class_examples import example, kubernetes_event, thing_of
from headwater.testing.pattern_tests import standing

KNOWLEDGE = compile_knowledge(rule_texts())
BEGINNING = parse_time("2026-01-05T10:00:00Z")
SCHEDULER = example("control.down/scheduler", thing_of("Node/n1"), None)
LACKING = kubernetes_event(thing_of("Deployment/cart"), "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")


def findings(*told: dict[str, Any]) -> tuple[CorrelationResult, ...]:
    system = CorrelationSystem(KNOWLEDGE)
    effects = []
    for number, body in enumerate(told):
        at = BEGINNING + seconds(20 * number)
        data = json.dumps({"id": f"e{number}", "timestamp": format_time(at)} | body).encode()
        effects += system.handle(EventObserved("none", str(body["source"]), data, at, number + 1))
    for hours in (1, 2, 3):
        effects += system.handle(TimePassed(BEGINNING + seconds(3_600 * hours)))
    return standing([effect.result for effect in effects if isinstance(effect, PublishResult)])


def in_cluster(body: dict[str, Any], name: str) -> dict[str, Any]:
    return body | {"k8s_context": body["k8s_context"] | {"cluster_name": name}}


def test_a_scheduler_that_is_down_explains_what_is_not_available_anywhere() -> None:
    (found,) = findings(SCHEDULER, LACKING)
    assert (found.pattern, found.cause.owner) == ("scheduler_down", "default/Node//n1")
    assert [edge.effect for edge in found.edges] == ["default/Deployment/shop/cart workload.stuck"]


def test_the_order_does_not_matter() -> None:
    (found,) = findings(LACKING, SCHEDULER)
    assert [edge.effect for edge in found.edges] == ["default/Deployment/shop/cart workload.stuck"]


def test_it_explains_nothing_in_another_cluster() -> None:
    assert all(not found.edges for found in findings(SCHEDULER, in_cluster(LACKING, "elsewhere")))


def test_it_makes_no_running_pod_crash() -> None:
    crash = example("pod.crashloop", thing_of("Pod/cart-1"), None)
    assert {found.pattern for found in findings(SCHEDULER, crash)} == {"scheduler_down", "crash_loop"}
