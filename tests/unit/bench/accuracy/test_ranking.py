"""From results to suspects."""

import msgspec
from bench.accuracy.fault_types import FaultTypes
from bench.accuracy.names import Names
from bench.accuracy.playing import Published
from bench.accuracy.ranking import predict
from tests.unit.bench.accuracy.recorded import shop

from headwater.model.results import Alternative, Cause, CorrelationResult, Member
from headwater.topology.loader import K8sRelationshipLoader

NAMES = Names(K8sRelationshipLoader().versions(shop()))
TYPES = FaultTypes({}, {"oom_loop": ["memory"]}, {"oom_loop/change.rollout": ["bad_release"]}, {"svc.timeout": ["slow"]})
CART, ORDERS = "default/Deployment/shop/cart", "default/Pod/shop/orders-7d9f8b6c5d-x2x4z"


def result(
    entity: str, symptom_class: str, confidence: float, *, severity: str = "high", pattern: str = "", things: int = 1
) -> CorrelationResult:
    members = [Member(f"{entity}{number or ''}", symptom_class) for number in range(things)]
    return CorrelationResult(
        id=f"{entity}{symptom_class}", fingerprint="", revision=1, status="open", reason="", type="", severity=severity, verdict="",
        confidence=confidence, root_cause="", cause=Cause(entity, entity, symptom_class), pattern=pattern,
        members=members, first_seen="2026-01-05T10:00:00Z", detected_at="2026-01-05T10:00:05Z",
    )  # fmt: skip


def suspects(*results: CorrelationResult) -> list[tuple[str, str]]:
    ranking = predict("case", Published(results, {}), NAMES, TYPES).ranking
    return [(suspect.object, suspect.fault_type) for suspect in ranking]


def test_the_cause_comes_first_then_alternatives_by_share() -> None:
    told = msgspec.structs.replace(
        result(CART, "pod.oomkilled", 0.8, pattern="oom_loop"),
        alternatives=[Alternative("default/Node//node-1", "node.suspect", 0.1), Alternative(ORDERS, "svc.timeout", 0.3)],
    )
    assert suspects(told) == [("cart", "memory"), ("orders", "slow"), ("node-1", "")]


def test_the_severer_surer_and_larger_incident_comes_first() -> None:
    assert suspects(result(CART, "x", 0.8), result(ORDERS, "x", 0.9))[0][0] == "orders"
    assert suspects(result(CART, "x", 0.8, severity="critical"), result(ORDERS, "x", 0.9))[0][0] == "cart"
    assert suspects(result(CART, "x", 0.8, things=9), result(ORDERS, "x", 0.9))[0][0] == "cart"


def test_what_shows_much_is_not_larger_for_it() -> None:
    loud = result(CART, "x", 0.8)
    loud.members *= 20
    assert suspects(loud, result(ORDERS, "x", 0.9))[0][0] == "orders"


def test_a_suspect_that_several_incidents_name_counts_once() -> None:
    assert suspects(result(CART, "pod.oomkilled", 0.8), result("default/Service/shop/cart", "svc.timeout", 0.9)) == [("cart", "slow")]


def test_the_row_of_pattern_and_class_comes_before_that_of_the_pattern() -> None:
    assert suspects(result(CART, "change.rollout", 0.8, pattern="oom_loop")) == [("cart", "bad_release")]


def test_the_order_of_results_makes_no_difference() -> None:
    told = [result(CART, "x", 0.8), result(ORDERS, "x", 0.8), result("default/Node//node-1", "x", 0.8)]
    assert suspects(*told) == suspects(*reversed(told))


def test_things_are_called_as_people_call_them() -> None:
    assert NAMES.name_of("default/Pod/shop/cart-7d9f8b6c5d-x2x4z") == "cart"
    assert NAMES.name_of("default/Pod/shop/cart-5c9d8f7b6d-9k8j7") == "cart", "a pod that is gone"
    assert NAMES.name_of("default/Service/shop/orders") == "orders"
    assert NAMES.name_of("default/Node//node-1") == "node-1"
    assert NAMES.name_of("default/ResourceQuota/shop/compute") == "shop"
    assert NAMES.name_of("default/Namespace//shop") == "shop"
    assert NAMES.name_of("default/PersistentVolumeClaim/shop/cart-data") == "cart"
    assert NAMES.name_of("default/PersistentVolumeClaim/shop/unused") == "unused"
    assert NAMES.name_of("default/External//api.example.org") == "api.example.org"


def test_where_nothing_was_told_nobody_is_suspected() -> None:
    assert predict("case", Published([], {}), NAMES, TYPES).ranking == []
