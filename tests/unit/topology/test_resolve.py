"""From what observations name to entities, as of an instant."""

import pytest

from headwater.model.entities import Entity, Reference
from headwater.model.objects import ObjectVersion
from headwater.testing.bare_objects import deployment, entity, instant, pod, reference, service, version
from headwater.topology.graph import TopologyGraph

NOW = instant(100)


def graph_of(*versions: ObjectVersion) -> TopologyGraph:
    graph = TopologyGraph()
    for each in versions:
        graph.observe(each)
    return graph


def means(graph: TopologyGraph, name: str, at: int = NOW, *, scheme: str = "service.name", namespace: str = "shop") -> Entity:
    return graph.resolve(reference(scheme, name, namespace), at)


def mysql() -> TopologyGraph:
    return graph_of(
        service("mysql-service", {"app": "mysql"}),
        version("StatefulSet", "mysql-statefulset", labels={"app": "mysql"}),
        pod(
            "mysql-0",
            labels={"app": "mysql"},
            owner=("StatefulSet", "mysql-statefulset"),
            address="10.0.0.1",
            uid="u-1",
            containers=("c0ffee",),
        ),
    )


@pytest.mark.parametrize(
    "name",
    [
        "mysql-service",
        "mysql-service.shop",
        "mysql-service.shop.svc",
        "mysql-service.shop.svc.cluster.local.",
        "mysql-service:3306",
        "tcp://mysql-service.shop.svc.cluster.local:3306",
        "mysql",
        "MySQL",
        "mysql-statefulset",
    ],
)
@pytest.mark.parametrize("namespace", ["shop", "", "elsewhere"])
def test_a_service_is_found_by_each_of_its_names(name: str, namespace: str) -> None:
    assert means(mysql(), name, namespace=namespace) == entity("Service", "mysql-service")


def test_a_static_pod_is_found_by_the_uid_its_kubelet_gave_it_too() -> None:
    seen = version("Pod", "etcd-n1", uid="u-api")
    seen.object["metadata"]["annotations"] = {"kubernetes.io/config.hash": "B3CF1B4E5D6A7081920A1B2C3D4E5F60"}
    graph = graph_of(seen)
    assert means(graph, "u-api", scheme="uid") == entity("Pod", "etcd-n1")
    assert means(graph, "b3cf1b4e5d6a7081920a1b2c3d4e5f60", scheme="uid") == entity("Pod", "etcd-n1")


def test_a_pod_is_found_by_uid_address_container_and_host_name() -> None:
    graph = mysql()
    expected = entity("Pod", "mysql-0")
    assert means(graph, "u-1", scheme="uid") == expected
    assert means(graph, "10.0.0.1", scheme="address") == expected
    assert means(graph, "10.0.0.1:3306") == expected
    assert means(graph, "c0ffee", scheme="container") == expected
    assert means(graph, "mysql-0") == expected
    assert means(graph, "mysql-0.mysql-service.shop.svc.cluster.local") == expected
    assert means(graph, "mysql-0", scheme="Pod", namespace="") == expected


def test_a_recycled_address_means_whoever_held_it_at_that_instant() -> None:
    graph = graph_of(
        pod("old", address="10.0.0.9", at=0, created=0, uid="u-old"),
        pod("old", address="10.0.0.9", phase="Failed", at=20, created=0, uid="u-old"),
        pod("new", at=30, created=30, uid="u-new"),
        pod("new", address="10.0.0.9", at=40, created=30, uid="u-new"),
        version("Pod", "new", at=60, uid="u-new", deleted=True),
    )
    held = {
        second: means(graph, "10.0.0.9", instant(second), scheme="address", namespace="").name for second in (10, 19, 20, 35, 40, 59, 60)
    }
    assert held == {10: "old", 19: "old", 20: "10.0.0.9", 35: "10.0.0.9", 40: "new", 59: "new", 60: "10.0.0.9"}
    # What is never given twice keeps its meaning after the end.
    assert means(graph, "u-old", instant(60), scheme="uid") == entity("Pod", "old")


def test_of_two_that_claim_an_address_the_later_one_has_it() -> None:
    graph = graph_of(pod("b", address="10.0.0.9", at=0, created=0), pod("a", address="10.0.0.9", at=50, created=50))
    assert means(graph, "10.0.0.9", instant(60), scheme="address").name == "a"
    tied = graph_of(pod("b", address="10.0.0.9"), pod("a", address="10.0.0.9"))
    assert means(tied, "10.0.0.9", scheme="address").name == "a"


def test_a_pod_on_the_network_of_its_host_does_not_take_the_address_of_the_node() -> None:
    addresses = [{"type": "InternalIP", "address": "192.168.0.1"}, {"type": "Hostname", "address": "Machine-1"}]
    graph = graph_of(
        version("Node", "node-1", status={"addresses": addresses}, labels={"kubernetes.io/hostname": "machine-1"}),
        pod("proxy", address="192.168.0.1", spec={"hostNetwork": True}),
    )
    assert means(graph, "192.168.0.1", scheme="address") == entity("Node", "node-1")
    assert means(graph, "machine-1") == entity("Node", "node-1")


def test_an_address_of_a_service_means_the_service() -> None:
    graph = graph_of(
        service("api", spec={"clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1", "fd00::1"], "externalIPs": ["1.2.3.4"]}),
        service("edge", status={"loadBalancer": {"ingress": [{"ip": "5.6.7.8"}, {"hostname": "LB.example.com"}]}}),
        service("headless", spec={"clusterIP": "None"}),
    )
    assert {means(graph, each, scheme="address").name for each in ("10.96.0.1", "fd00::1", "1.2.3.4")} == {"api"}
    assert means(graph, "http://[fd00::1]:80/").name == "api"
    assert means(graph, "lb.example.com").name == means(graph, "5.6.7.8", scheme="address").name == "edge"
    assert means(graph, "None", scheme="address").kind == "External"


def test_the_namespace_where_it_was_said_comes_first() -> None:
    graph = graph_of(service("db"), service("db", namespace="other"))
    assert means(graph, "db") == entity("Service", "db")
    assert means(graph, "db", namespace="other") == entity("Service", "db", "other")
    assert means(graph, "db", namespace="third") == entity("Service", "db", "third")
    assert means(graph, "db.other") == entity("Service", "db", "other")


def test_a_name_means_what_had_it_then_before_what_has_it_at_another_time() -> None:
    graph = graph_of(
        service("api", at=0, created=0),
        version("Service", "api", at=50, deleted=True),
        service("api-service", {"app": "api"}, at=50, created=50),
        deployment("api", {"app": "api"}, at=50, created=50),
    )
    assert means(graph, "api", instant(10)).name == "api"
    assert means(graph, "api", instant(60)).name == "api-service"
    # Before anything existed, a name still means the only thing it ever meant.
    assert means(graph, "api", instant(-10), namespace="").name == "api"


def test_of_several_services_of_a_workload_the_one_with_an_address_is_meant() -> None:
    graph = graph_of(
        service("db-headless", {"app": "mysql"}, spec={"clusterIP": "None"}),
        service("db-primary", {"app": "mysql"}, spec={"clusterIP": "10.96.0.2"}),
        deployment("mysql", {"app": "mysql"}),
    )
    assert means(graph, "mysql").name == "db-primary"


def test_a_workload_called_so_comes_before_one_labelled_so() -> None:
    graph = graph_of(
        service("a-worker", {"run": "worker"}),
        service("z-api", {"run": "api"}),
        deployment("worker", {"run": "worker"}, labels={"app": "api"}),
        deployment("api", {"run": "api"}),
    )
    assert means(graph, "api").name == "z-api"


def test_a_service_is_found_by_its_own_label_where_nothing_is_known_behind_it() -> None:
    assert means(graph_of(service("x-service", {"app": "x"})), "x").name == "x-service"
    assert means(graph_of(service("y-service", labels={"app.kubernetes.io/name": "y"})), "y").name == "y-service"


def test_a_workload_without_a_service_is_meant_itself() -> None:
    graph = graph_of(deployment("worker", {"app": "worker"}), version("Job", "import"), pod("bare", labels={"app": "tool"}))
    assert means(graph, "worker") == entity("Deployment", "worker")
    assert means(graph, "import") == entity("Job", "import")
    assert means(graph, "tool") == entity("Pod", "bare")


def test_a_workload_nobody_told_of_is_known_by_its_pods() -> None:
    graph = graph_of(
        service("front", {"tier": "web"}),
        pod("web-7c9-x", labels={"tier": "web", "app": "site", "pod-template-hash": "7c9"}, owner=("ReplicaSet", "web-7c9")),
    )
    assert means(graph, "web").name == means(graph, "site").name == "front"


def test_unknown_things_are_made_from_their_reference() -> None:
    graph = TopologyGraph()
    assert means(graph, "mystery") == entity("Service", "mystery")
    assert means(graph, "mystery", namespace="") == entity("Service", "mystery", "default")
    assert means(graph, "mystery.shop.svc") == entity("Service", "mystery")
    assert means(graph, "api.stripe.com:443") == entity("External", "api.stripe.com")
    assert means(graph, "9.9.9.9") == means(graph, "9.9.9.9", scheme="address") == entity("External", "9.9.9.9")
    assert means(graph, "f00", scheme="uid") == entity("External", "uid:f00")
    assert means(graph, "") == entity("Service", "unknown")
    assert means(graph, "lonely", scheme="Pod", namespace="") == entity("Pod", "lonely", "default")


def test_objects_are_meant_however_their_kind_is_written() -> None:
    graph = TopologyGraph()
    for scheme in ("Pod", "pod", "pods", "po"):
        assert means(graph, "a", scheme=scheme) == entity("Pod", "a")
    assert means(graph, "n", scheme="node") == entity("Node", "n")
    assert means(graph, "r", scheme="Rollout") == entity("Rollout", "r")


def test_endpoints_mean_their_service() -> None:
    graph = graph_of(
        version("EndpointSlice", "api-x7k2p", labels={"kubernetes.io/service-name": "api-service"}),
        version("EndpointSlice", "old-abcde", ownerReferences=[], metadata_only=True),
    )
    assert means(graph, "api", scheme="Endpoints") == entity("Service", "api")
    assert means(graph, "api-x7k2p", scheme="EndpointSlice") == entity("Service", "api-service")
    assert means(graph, "web-q9z8y", scheme="EndpointSlice") == entity("Service", "web")
    assert means(graph, "handmade", scheme="EndpointSlice") == entity("Service", "handmade")


def test_a_service_reference_to_no_service_means_the_one_behind_that_name() -> None:
    assert means(mysql(), "mysql", scheme="Service") == entity("Service", "mysql-service")
    assert means(mysql(), "mysql-service", scheme="Service", namespace="") == entity("Service", "mysql-service")


def test_what_is_asked_for_is_told_when_it_may_mean_something_else() -> None:
    graph = graph_of(deployment("db", {"app": "mysql"}, labels={"app": "mysql"}))
    names = [Reference("default", "service.name", "shop", each) for each in ("mysql", "mysql:3306", "db", "other")]
    for each in names:
        graph.resolve(each, NOW)
    change = graph.observe(service("mysql-service", {"app": "mysql"}))
    assert set(change.references) == set(names[:3])
    assert [graph.resolve(each, NOW).name for each in names] == ["mysql-service", "mysql-service", "mysql-service", "other"]


def test_a_headless_twin_that_nobody_knows_is_the_service_it_belongs_to() -> None:
    graph = mysql()
    assert means(graph, "mysql-service-headless.shop.svc.cluster.local").name == "mysql-service"
    assert means(graph, "mysql-service-headless.other.svc.cluster.local").name == "mysql-service-headless"
    assert means(graph, "orders-headless.shop.svc.cluster.local").name == "orders-headless"
    graph.observe(service("mysql-service-headless", {"app": "mysql"}))
    assert means(graph, "mysql-service-headless.shop.svc.cluster.local").name == "mysql-service-headless"


def test_a_headless_twin_is_looked_for_anew_when_its_service_becomes_known() -> None:
    named = reference("service.name", "orders-headless.shop.svc.cluster.local", "shop")
    graph = mysql()
    graph.resolve(named, NOW)
    change = graph.observe(service("orders", {"app": "orders"}))
    assert named in change.references
    assert graph.resolve(named, NOW).name == "orders"
