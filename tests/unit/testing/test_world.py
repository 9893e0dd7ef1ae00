"""A cluster is a function of its seed, and shaped as Kubernetes shapes them."""

from headwater.testing.kubernetes_objects import cluster_objects
from headwater.testing.world import Size, make_cluster


def test_equal_seeds_give_equal_clusters() -> None:
    assert cluster_objects(make_cluster("a")) == cluster_objects(make_cluster("a"))


def test_other_seeds_give_other_clusters() -> None:
    assert make_cluster("a").calls != make_cluster("b").calls


def test_a_cluster_has_the_size_asked_for() -> None:
    cluster = make_cluster("a", Size(services=60, nodes=20, products=3))
    assert len(cluster.applications()) == 60
    assert len(cluster.nodes) == 20
    assert len({workload.namespace for workload in cluster.applications()}) == 3


def test_products_do_not_call_each_other() -> None:
    cluster = make_cluster("a", Size(products=2))
    for caller, callees in cluster.calls.items():
        for callee in callees:
            assert cluster.workloads[caller].namespace == cluster.workloads[callee].namespace


def test_all_but_the_first_service_have_callers() -> None:
    cluster = make_cluster("a")
    uncalled = [workload.app for workload in cluster.applications() if not cluster.callers(workload.app)]
    assert uncalled == [cluster.edge[0][1]]


def test_names_and_addresses_are_unique() -> None:
    cluster = make_cluster("a", Size(services=60, nodes=20, products=3, replicas=(6,)))
    pods = [pod for _, pod in cluster.pods()]
    assert len({(pod.namespace, pod.name) for pod in pods}) == len(pods)
    assert len({pod.address for pod in pods}) == len(pods)
    assert len({workload.service_address for workload in cluster.workloads.values()}) == len(cluster.workloads)


def test_every_object_says_what_and_when_it_is() -> None:
    for item in cluster_objects(make_cluster("a")):
        assert item["apiVersion"]
        assert item["kind"]
        assert item["metadata"]["name"]
        assert item["metadata"]["uid"]
        assert item["metadata"]["creationTimestamp"].endswith("Z")


def test_a_pod_leads_through_its_owners_to_its_workload() -> None:
    cluster = make_cluster("a")
    objects = {(item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]): item for item in cluster_objects(cluster)}
    for workload, pod in cluster.pods():
        item = objects["Pod", pod.namespace, pod.name]
        while item["metadata"].get("ownerReferences"):
            (owner,) = item["metadata"]["ownerReferences"]
            item = objects[owner["kind"], pod.namespace, owner["name"]]
            assert item["metadata"]["uid"] == owner["uid"]
        assert f"{item['kind']}/{workload.namespace}/{item['metadata']['name']}" == workload.unit


def test_a_service_selects_the_pods_of_its_workload_only() -> None:
    cluster = make_cluster("a")
    objects = cluster_objects(cluster)
    services = {item["metadata"]["name"]: item for item in objects if item["kind"] == "Service"}
    pods = [item for item in objects if item["kind"] == "Pod"]
    for workload in cluster.workloads.values():
        selector = services[workload.service]["spec"]["selector"].items()
        selected = {
            item["metadata"]["name"]
            for item in pods
            if item["metadata"]["namespace"] == workload.namespace and selector <= item["metadata"]["labels"].items()
        }
        assert selected == {pod.name for pod in workload.pods}


def test_parts_of_a_workload_have_it_as_their_unit() -> None:
    cluster = make_cluster("a")
    workload = cluster.applications()[3]
    assert cluster.unit_of("Pod", workload.namespace, workload.pods[0].name) == workload.unit
    assert cluster.unit_of("Service", workload.namespace, workload.service) == workload.unit
    assert cluster.unit_of(workload.kind, workload.namespace, workload.name) == workload.unit
    assert cluster.unit_of("Node", "", "node-1") == "Node//node-1"
    assert cluster.unit_of("ConfigMap", workload.namespace, workload.config_map) == f"ConfigMap/{workload.namespace}/{workload.config_map}"
