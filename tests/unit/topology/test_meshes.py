"""Whom the objects of service meshes are about: routes by their hosts, policies by the pods that they select."""

from typing import Any

import pytest

from headwater.testing.bare_objects import version
from headwater.topology.extraction import facts_of
from headwater.topology.targets import Target

WEB = (("app", "In", ("web",)),)


def routed(kind: str, **spec: Any) -> list[str]:
    facts = facts_of(version(kind, "it", spec=spec))
    return [f"{service.namespace}/{service.name}" for _relation, service, _route in facts.edges]


def test_a_route_is_about_its_hosts_and_those_it_sends_to() -> None:
    ways = [{"route": [{"destination": {"host": "web", "subset": "v2"}}, {"destination": {"host": "old.legacy.svc.cluster.local"}}]}]
    assert routed("VirtualService", hosts=["web"], http=ways) == ["legacy/old", "shop/web"]
    assert routed("DestinationRule", host="web.shop.svc.cluster.local") == ["shop/web"]


@pytest.mark.parametrize("host", ["*.example.com", "api.example.com", "", "www.shop.example.com"])
def test_a_host_outside_is_no_service_of_the_cluster(host: str) -> None:
    assert routed("VirtualService", hosts=[host]) == []


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("AuthorizationPolicy", {"selector": {"matchLabels": {"app": "web"}}, "action": "DENY"}),
        ("PeerAuthentication", {"selector": {"matchLabels": {"app": "web"}}, "mtls": {"mode": "STRICT"}}),
        ("Sidecar", {"workloadSelector": {"labels": {"app": "web"}}}),
        ("Server", {"podSelector": {"matchLabels": {"app": "web"}}, "port": "http"}),
        ("CiliumNetworkPolicy", {"endpointSelector": {"matchLabels": {"app": "web"}}}),
    ],
)
def test_a_policy_binds_the_pods_that_it_selects(kind: str, spec: dict[str, Any]) -> None:
    assert facts_of(version(kind, "it", spec=spec)).targets == (Target(selector=WEB),)


def test_a_policy_without_a_selector_binds_its_namespace() -> None:
    assert facts_of(version("PeerAuthentication", "it", spec={"mtls": {"mode": "STRICT"}})).targets == (Target(),)


def test_what_a_policy_says_in_a_way_that_is_not_read_binds_nobody() -> None:
    assert facts_of(version("AuthorizationPolicy", "it", spec={"targetRefs": [{"kind": "Gateway", "name": "edge"}]})).targets == ()
    assert facts_of(version("CiliumNetworkPolicy", "it", specs=[])).targets == ()
    assert routed("VirtualService", hosts="web", http="none") == []
