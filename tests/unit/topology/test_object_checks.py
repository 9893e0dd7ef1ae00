"""Objects held against each other: what a person with kubectl would find, and nothing where the objects are not known."""

from typing import Any

import pytest

from headwater.model.entities import Entity
from headwater.model.objects import ObjectVersion
from headwater.topology.graph import TopologyGraph
from headwater.topology.loader import K8sRelationshipLoader

Object = dict[str, Any]


def an_object(kind: str, name: str, *, labels: dict[str, str] | None = None, spec: Object | None = None) -> Object:
    metadata: Object = {"name": name, "labels": labels or {}}
    if kind not in ("Node", "PersistentVolume", "StorageClass"):
        metadata["namespace"] = "shop"
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, "spec": spec or {}}


def found(kind: str, name: str, *objects: Object) -> tuple[str, ...]:
    graph = TopologyGraph()
    versions: list[ObjectVersion] = K8sRelationshipLoader().versions(objects, observed_at=None)
    for version in versions:
        graph.observe(version)
    return graph.checks_of(Entity("default", kind, "" if kind == "PersistentVolume" else "shop", name), 0)


def affinity(key: str, operator: str, *values: str) -> Object:
    terms = [{"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}]
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}


NODE = an_object("Node", "n1", labels={"disk": "hdd"})
TAINTED = an_object("Node", "n2", labels={"disk": "ssd"}, spec={"taints": [{"key": "batch", "value": "yes", "effect": "NoSchedule"}]})


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"nodeSelector": {"disk": "tape"}}, ("node_selector_unmet",)),
        ({"nodeSelector": {"disk": "hdd"}}, ()),
        ({"affinity": affinity("disk", "In", "tape")}, ("node_affinity_unmet",)),
        ({"affinity": affinity("disk", "NotIn", "ssd")}, ()),
        ({"nodeSelector": {"disk": "ssd"}}, ("selected_nodes_tainted",)),
        ({"nodeSelector": {"disk": "ssd"}, "tolerations": [{"key": "batch", "operator": "Exists"}]}, ()),
        ({"nodeSelector": {"disk": "ssd"}, "tolerations": [{"key": "batch", "value": "no"}]}, ("selected_nodes_tainted",)),
        ({"nodeSelector": {"disk": "ssd"}, "tolerations": [{"operator": "Exists"}]}, ()),
        ({}, ()),
    ],
)
def test_placement_rules_are_held_against_nodes(spec: Object, told: tuple[str, ...]) -> None:
    assert found("Pod", "a", NODE, TAINTED, an_object("Pod", "a", spec={"containers": [], **spec})) == told


def test_where_no_node_is_known_nothing_is_said_of_placement() -> None:
    assert found("Pod", "a", an_object("Pod", "a", spec={"nodeSelector": {"disk": "tape"}})) == ()


@pytest.mark.parametrize(
    ("container", "told"),
    [
        ({"ports": [{"containerPort": 80}], "readinessProbe": {"tcpSocket": {"port": 81}}}, ("probed_port_undeclared",)),
        ({"ports": [{"containerPort": 80, "name": "web"}], "readinessProbe": {"httpGet": {"port": "web"}}}, ("probed_ports_declared",)),
        ({"ports": [{"containerPort": 80}], "livenessProbe": {"grpc": {"port": "80"}}}, ("probed_ports_declared",)),
        ({"readinessProbe": {"tcpSocket": {"port": 81}}}, ()),
        ({"ports": [{"containerPort": 80}]}, ()),
    ],
)
def test_probes_are_held_against_declared_ports(container: Object, told: tuple[str, ...]) -> None:
    assert found("Pod", "a", an_object("Pod", "a", spec={"containers": [{"name": "main", **container}]})) == told


POD = an_object("Pod", "a", labels={"app": "a"}, spec={"containers": [{"name": "main", "ports": [{"containerPort": 80, "name": "web"}]}]})


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"selector": {"app": "b"}}, ("selects_nothing",)),
        ({"selector": {"app": "a"}, "ports": [{"port": 1, "targetPort": 80}]}, ()),
        ({"selector": {"app": "a"}, "ports": [{"port": 80}]}, ()),
        ({"selector": {"app": "a"}, "ports": [{"port": 1, "targetPort": "web"}]}, ()),
        ({"selector": {"app": "a"}, "ports": [{"port": 1, "targetPort": 81}]}, ("target_port_unknown",)),
        ({"ports": [{"port": 1}]}, ()),
    ],
)
def test_services_are_held_against_pods(spec: Object, told: tuple[str, ...]) -> None:
    assert found("Service", "s", POD, an_object("Service", "s", spec=spec)) == told


def test_a_workload_without_pods_is_selected_by_its_template() -> None:
    template = {"metadata": {"labels": {"app": "b"}}, "spec": {"containers": []}}
    workload = an_object("Deployment", "b", spec={"template": template})
    assert found("Service", "s", workload, an_object("Service", "s", spec={"selector": {"app": "b"}})) == ()


def volume(name: str, *, labels: dict[str, str] | None = None, **spec: Any) -> Object:
    return an_object(
        "PersistentVolume", name, labels=labels, spec={"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "5Gi"}, **spec}
    )


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"accessModes": ["ReadWriteMany"]}, ("access_mode_unmet",)),
        ({"storageClassName": "fast"}, ("class_unmet",)),
        ({"resources": {"requests": {"storage": "9Gi"}}}, ("size_unmet",)),
        ({"selector": {"matchLabels": {"tier": "db"}}}, ("selector_unmet",)),
        ({"volumeName": "taken"}, ("volume_taken",)),
        ({}, ()),
    ],
)
def test_a_claim_is_held_against_the_volume_that_comes_nearest(spec: Object, told: tuple[str, ...]) -> None:
    claim = an_object("PersistentVolumeClaim", "c", spec={"accessModes": ["ReadWriteOnce"], **spec})
    taken = volume("taken", claimRef={"namespace": "shop", "name": "other"})
    assert found("PersistentVolumeClaim", "c", claim, volume("free"), taken) == told


def test_a_class_that_no_provider_has_is_told_where_there_are_no_volumes() -> None:
    claim = an_object("PersistentVolumeClaim", "c", spec={"storageClassName": "fast", "accessModes": []})
    assert found("PersistentVolumeClaim", "c", claim, an_object("StorageClass", "slow")) == ("class_unmet",)
    assert found("PersistentVolumeClaim", "c", claim, an_object("StorageClass", "fast")) == ()
    assert found("PersistentVolumeClaim", "c", claim) == ()


def test_what_was_never_seen_tells_nothing() -> None:
    assert found("Pod", "a") == ()
    assert found("Service", "s", POD) == ()


@pytest.mark.parametrize(("container", "is_init"), [("migrate", True), ("proxy", False), ("app", False), ("", False)])
def test_a_container_that_runs_before_the_others_is_known_by_its_name(container: str, is_init: bool) -> None:
    first: list[Object] = [{"name": "migrate"}, {"name": "proxy", "restartPolicy": "Always"}]
    graph = TopologyGraph()
    pod = an_object("Pod", "a", spec={"initContainers": first, "containers": [{"name": "app"}]})
    for version in K8sRelationshipLoader().versions((pod,), observed_at=None):
        graph.observe(version)
    assert graph.is_init_container(Entity("default", "Pod", "shop", "a"), container, 0) is is_init
    assert not graph.is_init_container(Entity("default", "Pod", "shop", "b"), container, 0)


@pytest.mark.parametrize(
    ("ports", "told"),
    [([{"containerPort": 8080}], ("target_port_unknown",)), ([{"containerPort": 80}], ()), ([], ())],
)
def test_a_workload_is_held_against_the_services_that_select_its_pods(ports: list[Object], told: tuple[str, ...]) -> None:
    template: Object = {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "a", "ports": ports}]}}
    maker = an_object("Deployment", "a", spec={"template": template})
    chosen = an_object("Service", "a", spec={"selector": {"app": "a"}, "ports": [{"port": 80}]})
    other = an_object("Service", "b", spec={"selector": {"app": "b"}, "ports": [{"port": 9}]})
    assert found("Deployment", "a", maker, chosen, other) == told
    assert found("Deployment", "a", maker, other) == ()
