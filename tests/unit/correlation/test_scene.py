"""One incident as patterns see it: places, blame and descent."""

from dataclasses import dataclass

import msgspec
import pytest
from tests.unit.correlation.making import link, vertex

from headwater.correlation.attribution_view import weigh
from headwater.correlation.scene import IncidentScene
from headwater.correlation.vertices import Vertex
from headwater.patterns.scene import Place, Sighting
from headwater.testing.bare_objects import deployment, entity, pod, service, version
from headwater.topology.graph import TopologyGraph

VOLUMES = {"volumes": [{"name": "v", "configMap": {"name": "settings"}}]}


def shop() -> TopologyGraph:
    graph = TopologyGraph()
    graph.observe(version("Node", "n1"))
    graph.observe(version("Node", "n2"))
    for app, node in (("mysql", "n1"), ("api", "n1"), ("web", "n2")):
        labels = {"app": app}
        spec = VOLUMES if app == "api" else {}
        graph.observe(service(f"{app}-service", labels))
        graph.observe(deployment(app, labels, labels=labels, spec=spec))
        graph.observe(pod(f"{app}-0", node=node, labels=labels, owner=("Deployment", app), spec=spec))
    graph.observe(service("kube-dns", {"app": "dns"}, namespace="kube-system"))
    graph.observe(pod("dns-0", namespace="kube-system", labels={"app": "dns"}))
    return graph


@dataclass
class Stage:
    """Vertices, and the scene they make."""

    scene: IncidentScene
    vertices: tuple[Vertex, ...]

    def is_at(self, place: Place, here: Vertex, other: Vertex) -> bool:
        return self.scene.is_at(place, self._sighting(here), self._sighting(other))

    def blames(self, other: Vertex, blamed: Vertex) -> bool:
        return self.scene.blames(self._sighting(other), self._sighting(blamed))

    def follows(self, cause: Vertex, effect: Vertex) -> bool:
        return self.scene.follows(self._sighting(cause), self._sighting(effect))

    def _sighting(self, of: Vertex) -> Sighting:
        return next(each for each in self.scene.sightings if self.scene._weighed.vertices[self.scene.index_of(each)] is of)


def stage(*vertices: Vertex) -> Stage:
    graph = shop()
    for each in vertices:
        each.services = graph.services_of(each.entity, each.onset, each.onset)
        peer = each.key.peer
        each.peer_services = (graph.services_of(peer, each.onset, each.onset) or (peer,)) if peer is not None else ()
        each.unit = graph.unit_of(each.entity, each.onset)
    return Stage(IncidentScene(weigh(vertices), graph), vertices)


THINGS = {
    "mysql pod": ("kernel.oom", "Pod/mysql-0"),
    "mysql service": ("svc.error", "Service/mysql-service"),
    "api pod": ("pod.restart", "Pod/api-0"),
    "api workload": ("change.rollout", "Deployment/api"),
    "web pod": ("pod.unready", "Pod/web-0"),
    "node 1": ("node.notready", "Node/n1"),
    "node 2": ("node.notready", "Node/n2"),
    "settings": ("change.config", "ConfigMap/settings"),
}


@pytest.mark.parametrize(
    ("place", "here", "others"),
    [
        (Place.SELF, "mysql pod", ["mysql pod"]),
        (Place.SAME_UNIT, "mysql pod", ["mysql pod", "mysql service"]),
        (Place.OTHER_UNIT, "api pod", ["mysql pod", "mysql service", "web pod", "node 1", "node 2", "settings"]),
        (Place.BLAMES_OUTSIDE, "mysql pod", []),
        (Place.SERVICE_OF, "mysql pod", ["mysql pod", "mysql service", "node 1"]),
        (Place.NODE_OF, "mysql pod", ["node 1"]),
        (Place.NODE_OF, "api workload", ["node 1"]),
        (Place.NODE_OF, "web pod", ["node 2"]),
        (Place.ON_NODE, "node 1", ["mysql pod", "mysql service", "api pod", "api workload", "node 1"]),
        (Place.ON_NODE, "mysql pod", []),
        (Place.SAME_NODE, "mysql pod", ["mysql pod", "mysql service", "api pod", "api workload", "node 1"]),
        (Place.MOUNTED_BY, "settings", ["api pod", "api workload"]),
        (Place.MOUNTS, "api pod", ["settings"]),
        (Place.MOUNTS, "web pod", []),
        (Place.LINKED, "mysql service", ["mysql pod", "mysql service"]),
        (Place.CLUSTER_DNS, "mysql pod", []),
        (Place.SAME_NAMESPACE, "node 1", ["node 1", "node 2"]),
        (Place.ANY, "web pod", list(THINGS)),
    ],
)
def test_places(place: Place, here: str, others: list[str]) -> None:
    made = {name: vertex(n, *thing) for n, (name, thing) in enumerate(THINGS.items())}
    found = stage(*made.values())
    assert [name for name, other in made.items() if found.is_at(place, made[here], other)] == others


def test_the_dns_is_its_service_and_what_is_behind_it() -> None:
    behind, other = vertex(0, "pod.restart", "Pod/dns-0"), vertex(1, "pod.restart", "Pod/mysql-0")
    behind.key = msgspec.structs.replace(behind.key, entity=entity("Pod", "dns-0", "kube-system"))
    behind.refresh()
    itself = vertex(2, "svc.noendpoints", "Service/kube-dns")
    itself.key = msgspec.structs.replace(itself.key, entity=entity("Service", "kube-dns", "kube-system"))
    itself.refresh()
    found = stage(behind, other, itself)
    assert [found.is_at(Place.CLUSTER_DNS, other, each) for each in (behind, itself, other)] == [True, True, False]


def test_to_blame_a_service_is_to_blame_its_pods_its_workload_and_the_node_below() -> None:
    timeout = vertex(9, "svc.timeout", "Service/web-service", "Service/mysql-service")
    silent = vertex(8, "svc.error", "Service/web-service")
    made = {name: vertex(n, *thing) for n, (name, thing) in enumerate(THINGS.items())}
    found = stage(timeout, silent, *made.values())
    assert [name for name, blamed in made.items() if found.blames(timeout, blamed)] == ["mysql pod", "mysql service", "node 1"]
    assert not any(found.blames(silent, blamed) for blamed in made.values())


def test_to_blame_something_unknown_is_to_blame_itself_only() -> None:
    host = vertex(0, "svc.error", "External/10.9.9.9")
    timeout = vertex(1, "svc.timeout", "Service/web-service", "External/10.9.9.9")
    found = stage(host, timeout)
    assert found.blames(timeout, host)


def test_linked_are_those_that_show_or_blame_a_common_service() -> None:
    one = vertex(0, "svc.timeout", "Service/web-service", "Service/api-service")
    other = vertex(1, "svc.timeout", "Service/api-service", "Service/mysql-service")
    apart = vertex(2, "svc.timeout", "Service/x", "Service/mysql-service")
    found = stage(one, other, apart)
    assert [found.is_at(Place.LINKED, one, each) for each in (other, apart)] == [True, False]


def test_an_effect_follows_from_every_cause_above_it_and_from_its_units_inferred_state() -> None:
    oom = vertex(0, "kernel.oom", "Pod/mysql-0")
    degraded = vertex(5, "svc.degraded", "Service/mysql-service")
    slow = vertex(6, "svc.latency", "Service/mysql-service")
    timeout = vertex(7, "svc.timeout", "Service/api-service", "Service/mysql-service")
    for cause, effect in ((oom, degraded), (degraded, timeout), (degraded, slow)):
        link(cause, effect, 0.9)
    found = stage(oom, degraded, slow, timeout)
    assert found.follows(oom, timeout)
    assert found.follows(slow, timeout)
    assert not found.follows(timeout, slow)
    assert not found.follows(timeout, oom)


def test_only_what_was_observed_is_sighted_in_total_order() -> None:
    found = stage(vertex(5, "svc.degraded", "Service/a"), vertex(3, "svc.error", "Service/a", count=2), vertex(1, "kernel.oom", "Pod/a"))
    assert [(each.symptom_class, each.count) for each in found.scene.sightings] == [("kernel.oom", 1), ("svc.error", 2)]
    assert [each.key for each in found.scene.sightings] == sorted(each.key for each in found.scene.sightings)


def test_what_is_blamed_outside_the_cluster_is_known_by_its_kind() -> None:
    outside = vertex(0, "svc.timeout", "Pod/web-0", "External/api.example")
    inside = vertex(1, "svc.timeout", "Pod/web-0", "Service/api")
    found = stage(outside, inside)
    assert [found.is_at(Place.BLAMES_OUTSIDE, outside, each) for each in (outside, inside)] == [True, False]
