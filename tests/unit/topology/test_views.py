"""Questions of more than one step."""

from headwater.model.objects import ObjectVersion
from headwater.testing.bare_objects import deployment, entity, instant, pod, service, version
from headwater.topology.graph import TopologyGraph

NOW = instant(100)


def graph_of(*versions: ObjectVersion) -> TopologyGraph:
    graph = TopologyGraph()
    for each in versions:
        graph.observe(each)
    return graph


def shop() -> TopologyGraph:
    return graph_of(
        version("Node", "n1"),
        service("api-service", {"app": "api"}),
        deployment("api", {"app": "api"}, labels={"app.kubernetes.io/name": "shop-api", "app": "api"}),
        version("ReplicaSet", "api-1", owner=("Deployment", "api")),
        version("ReplicaSet", "api-2", owner=("Deployment", "api")),
        pod("api-1-a", labels={"app": "api"}, owner=("ReplicaSet", "api-1"), node="n1", at=0, created=0),
        version("Pod", "api-1-a", at=150, deleted=True),
        pod("api-2-a", labels={"app": "api"}, owner=("ReplicaSet", "api-2"), node="n1", at=50, created=50),
        pod("api-2-b", labels={"app": "api"}, owner=("ReplicaSet", "api-2"), node="n1", phase="Failed", at=50, created=50),
    )


def test_pods_of_a_workload_service_and_node_are_those_of_the_instant_that_did_not_finish() -> None:
    graph = shop()
    for each in (entity("Deployment", "api"), entity("Service", "api-service"), entity("Node", "n1")):
        assert [found.name for found in graph.pods_of(each, instant(10))] == ["api-1-a"]
        assert [found.name for found in graph.pods_of(each, NOW)] == ["api-1-a", "api-2-a"]
        assert [found.name for found in graph.pods_of(each, instant(160))] == ["api-2-a"]
    assert graph.pods_of(entity("ReplicaSet", "api-2"), NOW) == (entity("Pod", "api-2-a"),)
    assert graph.pods_of(entity("Pod", "api-2-b"), NOW) == (entity("Pod", "api-2-b"),)
    assert graph.pods_of(entity("ConfigMap", "x"), NOW) == ()


def test_pods_of_a_job_are_all_of_them_as_they_are_meant_to_finish() -> None:
    graph = graph_of(
        version("CronJob", "backup"),
        version("Job", "backup-1", owner=("CronJob", "backup")),
        pod("backup-1-a", owner=("Job", "backup-1"), phase="Succeeded"),
    )
    assert (
        graph.pods_of(entity("CronJob", "backup"), NOW) == graph.pods_of(entity("Job", "backup-1"), NOW) == (entity("Pod", "backup-1-a"),)
    )
    assert graph.unit_of(entity("Pod", "backup-1-a"), NOW) == graph.unit_of(entity("Job", "backup-1"), NOW) == entity("CronJob", "backup")
    assert graph.services_of(entity("Job", "backup-1"), NOW, NOW) == ()


def test_the_fault_unit_is_the_workload_even_after_a_pod_is_gone() -> None:
    graph = shop()
    api = entity("Deployment", "api")
    for each in (entity("Pod", "api-1-a"), entity("ReplicaSet", "api-1"), entity("Service", "api-service"), api):
        assert graph.unit_of(each, NOW) == graph.unit_of(each, instant(500)) == api
    assert graph.unit_of(entity("Node", "n1"), NOW) == entity("Node", "n1")
    assert graph.unit_of(entity("Service", "none"), NOW) == entity("Service", "none")
    assert graph.unit_of(entity("Pod", "none"), NOW) == entity("Pod", "none")


def test_a_revision_is_the_replica_set_a_pod_came_from() -> None:
    graph = shop()
    assert graph.revision_of(entity("Pod", "api-2-a"), NOW) == entity("ReplicaSet", "api-2")
    assert graph.revision_of(entity("Pod", "none"), NOW) is None


def test_of_two_workloads_behind_a_service_the_one_with_more_pods_then_is_its_unit() -> None:
    graph = graph_of(
        service("web", {"app": "web"}),
        *(pod(f"stable-{index}", labels={"app": "web"}, owner=("StatefulSet", "stable"), at=0, created=0) for index in range(2)),
        pod("canary-0", labels={"app": "web"}, owner=("StatefulSet", "canary"), at=50, created=50),
        *(version("Pod", f"stable-{index}", at=200, deleted=True) for index in range(2)),
    )
    assert graph.unit_of(entity("Service", "web"), NOW).name == "stable"
    assert graph.unit_of(entity("Service", "web"), instant(250)).name == "canary"
    assert graph.unit_of(entity("Service", "web"), instant(-50)).name == "stable"


def test_a_bare_pod_is_its_own_unit_and_that_of_its_service() -> None:
    graph = graph_of(service("tool", {"app": "tool"}), pod("bare", labels={"app": "tool"}))
    assert graph.unit_of(entity("Service", "tool"), NOW) == entity("Pod", "bare")
    assert graph.display_name(entity("Pod", "bare"), NOW) == "tool"


def test_services_of_things() -> None:
    graph = shop()
    api_service = (entity("Service", "api-service"),)
    for each in (entity("Pod", "api-1-a"), entity("Deployment", "api"), entity("ReplicaSet", "api-1"), api_service[0]):
        assert graph.services_of(each, NOW, NOW) == api_service
    assert graph.services_of(entity("Node", "n1"), NOW, NOW) == ()
    assert graph.services_of(entity("Pod", "api-1-a"), instant(150), instant(160)) == ()


def test_a_workload_is_behind_a_service_by_its_template_before_it_has_pods() -> None:
    graph = graph_of(service("api", {"app": "api"}), deployment("api-v2", {"app": "api"}))
    assert graph.services_of(entity("Deployment", "api-v2"), NOW, NOW) == (entity("Service", "api"),)
    assert graph.unit_of(entity("Service", "api"), NOW) == entity("Deployment", "api-v2")


def test_a_long_running_workload_that_no_service_selects_stands_for_its_own() -> None:
    graph = graph_of(deployment("worker", {"app": "worker"}), pod("worker-a", labels={"app": "worker"}, owner=("Deployment", "worker")))
    worker = (entity("Deployment", "worker"),)
    assert graph.services_of(worker[0], NOW, NOW) == graph.services_of(entity("Pod", "worker-a"), NOW, NOW) == worker
    graph.observe(service("queue", {"app": "worker"}))
    assert graph.services_of(worker[0], NOW, NOW) == (entity("Service", "queue"),)


def test_people_call_a_service_by_its_workloads_label() -> None:
    graph = shop()
    for each in (entity("Pod", "api-2-a"), entity("Service", "api-service"), entity("ReplicaSet", "api-1"), entity("Deployment", "api")):
        assert graph.display_name(each, NOW) == "shop-api"
    assert graph.display_name(entity("Node", "n1"), NOW) == "n1"
    assert graph.display_name(entity("ConfigMap", "settings"), NOW) == "settings"
    assert graph.display_name(entity("Service", "none"), NOW) == "none"


def test_where_the_workload_has_no_label_its_pods_or_its_service_have() -> None:
    by_pod = graph_of(version("StatefulSet", "sts"), pod("sts-0", labels={"app": "mysql"}, owner=("StatefulSet", "sts")))
    assert by_pod.display_name(entity("StatefulSet", "sts"), NOW) == "mysql"
    assert graph_of(version("StatefulSet", "sts")).display_name(entity("StatefulSet", "sts"), NOW) == "sts"
    assert graph_of(service("x-service", {"app": "x"})).display_name(entity("Service", "x-service"), NOW) == "x"
    assert graph_of(service("x-service", labels={"app": "y"})).display_name(entity("Service", "x-service"), NOW) == "y"


def test_a_replica_set_nobody_told_of_belongs_to_the_deployment_its_name_says() -> None:
    graph = graph_of(pod("api-7c9-x", labels={"pod-template-hash": "7c9"}, owner=("ReplicaSet", "api-7c9")))
    assert (
        graph.unit_of(entity("ReplicaSet", "api-7c9"), NOW) == graph.unit_of(entity("Pod", "api-7c9-x"), NOW) == entity("Deployment", "api")
    )
    alone = graph_of(pod("odd-x", owner=("ReplicaSet", "odd")))
    assert alone.unit_of(entity("Pod", "odd-x"), NOW) == entity("ReplicaSet", "odd")


def test_the_cluster_dns_is_known_by_label_or_name_while_it_exists() -> None:
    graph = graph_of(
        service("coredns", namespace="kube-system", at=0, created=0),
        service("kube-dns", namespace="shop"),
        service("dns-custom", namespace="infra", labels={"k8s-app": "kube-dns"}),
    )
    assert [each.name for each in graph.cluster_dns("default", NOW, NOW)] == ["dns-custom", "coredns"]
    assert [each.name for each in graph.cluster_dns("default", instant(-9), instant(-5))] == ["dns-custom"]
    assert graph.cluster_dns("other", NOW, NOW) == ()


def test_the_neighbourhood_goes_both_ways_and_has_a_limit() -> None:
    graph = shop()
    one = graph.neighbourhood({entity("Service", "api-service")}, 1, 10)
    assert one is not None
    pods = {entity("Pod", name) for name in ("api-1-a", "api-2-a", "api-2-b")}
    # The workload by its template, whether or not it has pods.
    assert set(one) == {entity("Service", "api-service"), entity("Deployment", "api"), *pods}
    two = graph.neighbourhood({entity("Service", "api-service")}, 2, 10)
    assert two is not None
    assert entity("Node", "n1") in two
    assert graph.neighbourhood({entity("Service", "api-service")}, 2, 5) is None
    assert graph.neighbourhood({entity("Service", "a"), entity("Service", "b")}, 1, 1) is None


def test_a_service_is_that_of_its_pods_their_workload_and_its_revisions() -> None:
    found = shop().served_by(entity("Service", "api-service"), NOW, NOW)
    assert [each.name for each in found] == ["api", "api-1-a", "api-2-a", "api-2-b", "api-1", "api-2", "api-service"]
    assert [each.name for each in shop().served_by(entity("Service", "api-service"), instant(160), instant(170))][1] == "api-2-a"


def test_a_workload_without_service_is_served_by_its_pods() -> None:
    graph = graph_of(deployment("worker"), pod("worker-a", owner=("Deployment", "worker")))
    assert graph.served_by(entity("Deployment", "worker"), NOW, NOW) == (entity("Deployment", "worker"), entity("Pod", "worker-a"))


def test_what_serves_and_what_is_served_are_inverse() -> None:
    graphs = [
        shop(),
        graph_of(deployment("worker"), pod("worker-a", owner=("Deployment", "worker"))),
        graph_of(service("idle", {"app": "idle"}), deployment("idle", {"app": "idle"})),
        graph_of(service("bare", {"app": "bare"}), pod("bare-0", labels={"app": "bare"}), pod("lone-0")),
        # A pod that is adopted by another workload.
        graph_of(
            service("s", {"app": "x"}, at=40),
            pod("p", labels={"app": "x"}, owner=("StatefulSet", "old"), at=0),
            pod("p", labels={"app": "x"}, owner=("StatefulSet", "new"), at=50),
        ),
    ]
    for graph in graphs:
        things = graph.entities()
        for start, end in ((0, 10), (60, 60), (100, 200), (30, 45)):
            window = instant(start), instant(end)
            forwards = {(each, served) for each in things for served in graph.services_of(each, *window)}
            backwards = {(each, served) for served in things for each in graph.served_by(served, *window) if each != served}
            assert backwards == {(each, served) for each, served in forwards if each != served}
