"""Impact: who is affected, as of the time it happened."""

import pytest
from tests.unit.correlation.making import vertex

from headwater.correlation.impact import impact_of
from headwater.correlation.vertices import Vertex
from headwater.model.results import Impact
from headwater.testing.bare_objects import deployment, pod, service, version
from headwater.topology.graph import TopologyGraph


def shop() -> TopologyGraph:
    graph = TopologyGraph()
    graph.observe(version("Node", "n1"))
    for app, replicas in (("mysql", 1), ("api", 3), ("web", 2)):
        labels = {"app": app}
        graph.observe(service(f"{app}-service", labels))
        graph.observe(deployment(app, labels, labels=labels))
        for index in range(replicas):
            node = "n1" if index == 0 and app != "web" else "n2"
            graph.observe(pod(f"{app}-{index}", node=node, labels=labels, owner=("Deployment", app), at=0, created=0))
    graph.observe(version("Pod", "api-2", at=500, deleted=True))
    return graph


def impact(*explained: Vertex) -> Impact:
    return impact_of(list(explained), shop())


def oom(second: float = 10) -> Vertex:
    return vertex(second, "kernel.oom", "Pod/mysql-0", unit="Deployment/mysql")


def timeout(second: float = 20) -> Vertex:
    return vertex(second, "svc.timeout", "Service/api-service", "Service/mysql-service", unit="Deployment/api")


def test_services_come_in_causal_order_with_all_their_pods_workloads_nodes_and_namespaces() -> None:
    found = impact(oom(), timeout())
    assert (found.services, found.pods, found.nodes, found.namespaces) == (["mysql", "api"], 4, ["n1"], ["shop"])
    assert found.workloads == ["default/Deployment/shop/mysql", "default/Deployment/shop/api"]
    assert impact(timeout(), oom()).services == ["api", "mysql"]


def test_each_counts_once() -> None:
    assert impact(oom(), oom(11), timeout(), timeout(25)) == impact(oom(), timeout())


def test_pods_are_those_of_the_time() -> None:
    assert impact(timeout(600)).pods == 2


def test_what_a_failing_node_hosts_is_affected_whether_or_not_it_complained() -> None:
    found = impact(vertex(10, "node.notready", "Node/n1"))
    assert (found.services, found.pods, found.nodes, found.namespaces) == (["api", "mysql"], 2, ["n1"], ["shop"])


@pytest.mark.parametrize("symptom_class", ["node.diskpressure", "node.mempressure", "node.pidpressure", "node.conntrack"])
def test_a_node_under_pressure_affects_those_that_say_so_and_not_all_it_hosts(symptom_class: str) -> None:
    pressed = vertex(10, symptom_class, "Node/n1")
    assert (impact(pressed).services, impact(pressed).pods) == ([], 0)
    evicted = vertex(20, "pod.evicted", "Pod/mysql-0", unit="Deployment/mysql")
    assert impact(pressed, evicted).services == ["mysql"]


def test_a_cordoned_node_harms_nobody_by_itself() -> None:
    found = impact(vertex(10, "change.cordon", "Node/n1"))
    assert (found.services, found.pods, found.nodes) == ([], 0, ["n1"])


def test_what_serves_nobody_is_no_service() -> None:
    found = impact(vertex(10, "change.config", "ConfigMap/settings"), vertex(10, "svc.timeout", "External/10.9.9.9"))
    assert (found.services, found.pods, found.workloads, found.namespaces) == ([], 0, [], ["shop"])


def test_a_service_of_which_nothing_is_known_is_still_named() -> None:
    found = impact(vertex(10, "svc.degraded", "Service/payments"))
    assert (found.services, found.pods, found.workloads) == (["payments"], 0, [])


def test_nothing_explained_affects_nobody() -> None:
    assert impact() == Impact()
