"""What events carry of the objects they are about."""

from typing import Any

from headwater.model.heads import EventHead, KubernetesContextHead, OwnerHead
from headwater.testing.bare_objects import entity, instant
from headwater.topology.contexts import versions_in_context
from headwater.topology.graph import TopologyGraph

NOW = instant(0)


def graph_of(**context: Any) -> TopologyGraph:
    graph = TopologyGraph()
    for each in versions_in_context(EventHead(id="1", k8s_context=KubernetesContextHead(**context))):
        graph.observe_context(each, said_at=NOW)
    return graph


def test_an_event_that_tells_nothing_teaches_nothing() -> None:
    assert versions_in_context(EventHead(id="1")) == []
    for context in ({}, {"kind": "Pod", "name": "a", "namespace": "shop"}, {"kind": "Pod", "uid": "u"}, {"name": "a", "uid": "u"}):
        assert graph_of(**context).entities() == []


def test_owner_node_labels_and_uid_of_a_pod_are_learned() -> None:
    graph = graph_of(
        kind="Pod",
        name="mysql-0",
        namespace="shop",
        uid="u",
        node_name="n1",
        labels={"app": "mysql"},
        owner_references=[OwnerHead("StatefulSet", "mysql", "u2", True), OwnerHead("Backup", "nightly")],
    )
    mysql = entity("Pod", "mysql-0")
    assert graph.unit_of(mysql, NOW) == entity("StatefulSet", "mysql")
    assert graph.pods_of(entity("Node", "n1"), NOW) == (mysql,)
    assert graph.display_name(mysql, NOW) == "mysql"
    assert graph.versions_of(mysql)[0].uid == "u"


def test_a_workload_named_beside_a_replica_set_is_its_owner() -> None:
    graph = graph_of(
        kind="pod",
        name="api-odd-x",
        namespace="shop",
        owner_references=[OwnerHead("ReplicaSet", "api-odd", controller=True)],
        workload_kind="deployment",
        workload_name="api",
    )
    assert graph.unit_of(entity("Pod", "api-odd-x"), NOW) == entity("Deployment", "api")
    assert graph.revision_of(entity("Pod", "api-odd-x"), NOW) == entity("ReplicaSet", "api-odd")


def test_a_workload_named_without_owners_is_the_owner() -> None:
    graph = graph_of(kind="Pod", name="a", namespace="shop", workload_kind="StatefulSet", workload_name="s")
    assert graph.unit_of(entity("Pod", "a"), NOW) == entity("StatefulSet", "s")


def test_a_workload_is_not_its_own_owner() -> None:
    graph = graph_of(
        kind="Deployment", name="api", namespace="shop", workload_kind="Deployment", workload_name="api", labels={"app": "shop-api"}
    )
    assert graph.unit_of(entity("Deployment", "api"), NOW) == entity("Deployment", "api")
    assert graph.display_name(entity("Deployment", "api"), NOW) == "shop-api"


def test_namespace_and_cluster_are_the_usual_ones_where_none_is_said() -> None:
    node, claim = (
        versions_in_context(EventHead(id="1", k8s_context=KubernetesContextHead(kind=kind, name="x", uid="u", cluster_name=cluster)))[0]
        for kind, cluster in (("Node", "eu"), ("PersistentVolumeClaim", ""))
    )
    assert (node.cluster, node.namespace) == ("eu", "")
    assert (claim.cluster, claim.namespace) == ("default", "default")
