"""Which end of slow calls has them in common."""

import pytest
from tests.unit.correlation.making import link, vertex

from headwater.correlation.network_sides import evenness_of, factor_of
from headwater.correlation.vertices import Vertex
from headwater.testing.bare_objects import entity


def gap(caller: str, callee: str, count: int = 1) -> Vertex:
    return vertex(0, "svc.gap", f"Service/{caller}", f"Service/{callee}", services=(f"Service/{caller}",), count=count)


def evenness(*calls: Vertex) -> dict[str, float]:
    return {service.name: value for service, value in evenness_of(calls).items()}


def test_time_lost_with_one_peer_is_as_well_lost_there() -> None:
    assert evenness(gap("web", "cart", 40)) == {"web": 0.0, "cart": 0.0}


def test_time_lost_with_everybody_is_lost_at_the_one_end_they_share() -> None:
    found = evenness(gap("web", "cart", 10), gap("cart", "stock", 10), gap("cart", "prices", 10))
    assert found["cart"] == pytest.approx(2 / 3)
    assert found["web"] == found["stock"] == found["prices"] == 0.0


def test_a_few_slow_calls_elsewhere_do_not_make_it_even() -> None:
    assert evenness(gap("web", "cart", 60), gap("web", "ads", 1))["web"] < 0.05


def test_only_edges_from_a_suspected_network_are_weighed_by_it() -> None:
    suspect = vertex(0, "net.suspect", "Service/cart")
    slow = gap("web", "cart")
    link(suspect, slow)
    link(vertex(0, "svc.degraded", "Service/cart"), slow)
    from_network, from_service = slow.causes
    assert factor_of(from_network, {entity("Service", "cart"): 0.5}) == 0.5
    assert factor_of(from_network, {}) == 0.0
    assert factor_of(from_service, {entity("Service", "cart"): 0.5}) == 1.0


def test_other_symptoms_and_those_that_blame_nobody_do_not_count() -> None:
    assert evenness(vertex(0, "svc.timeout", "Service/web", "Service/cart"), vertex(0, "svc.gap", "Service/web")) == {}
