"""What one version of an object states."""

from headwater.model.entities import Entity
from headwater.model.objects import ObjectVersion
from headwater.model.relations import Relation
from headwater.topology.extraction import facts_of


def test_a_route_of_the_gateway_api_routes_to_its_back_ends_also_in_other_namespaces() -> None:
    rules = [
        {"backendRefs": [{"name": "web", "port": 80}, {"kind": "Service", "name": "api", "namespace": "shop"}]},
        {"backendRefs": [{"kind": "ServiceImport", "group": "multicluster.x-k8s.io", "name": "far"}, "malformed"]},
    ]
    facts = facts_of(ObjectVersion("HTTPRoute", "edge", "front", object={"spec": {"rules": rules}}))
    route = Entity("default", "HTTPRoute", "front", "edge")
    assert facts.edges == (
        (Relation.ROUTED_BY, Entity("default", "Service", "front", "web"), route),
        (Relation.ROUTED_BY, Entity("default", "Service", "shop", "api"), route),
    )
