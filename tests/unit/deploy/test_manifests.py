"""The manifests: they are read, name only commands and settings that exist, and ask for no right that is not needed."""

from typing import Any

import pytest
from tests.unit.deploy.cluster_objects_read import MANIFESTS, Object, containers, environment_of, manifest_objects, of_kind
from tests.unit.deploy.manifest_rules import complaints_of

from headwater.edges.kubernetes.resources import RESOURCES

OBJECTS = manifest_objects()


def test_everything_that_must_hold_holds() -> None:
    assert complaints_of(OBJECTS) == []


def test_there_is_an_engine_a_collector_of_the_cluster_and_one_of_each_kernel() -> None:
    commands = {container.workload: container.content["args"] for container in containers(OBJECTS)}
    assert commands == {
        "headwater-engine": ["run"],
        "headwater-kernel": ["collect", "kernel"],
        "headwater-kubernetes": ["collect", "kubernetes"],
    }
    assert [workload["metadata"]["name"] for workload in of_kind(OBJECTS, "DaemonSet")] == ["headwater-kernel"]


def test_the_namespace_lets_the_kernel_collector_in() -> None:
    (namespace,) = of_kind(OBJECTS, "Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    assert {content["metadata"].get("namespace", "headwater") for content in OBJECTS} == {"headwater"}


def test_the_rights_are_what_the_collector_reads_but_for_secrets() -> None:
    granted = {
        (group, resource)
        for role in of_kind(OBJECTS, "ClusterRole")
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }
    needed = {(_group(path), resource.plural) for resource in RESOURCES for path in resource.groups}
    assert granted == needed - {("", "secrets")}


def _group(path: str) -> str:
    """The API group of a path such as `api/v1` or `apis/apps/v1`."""
    return "" if path.startswith("api/") else path.split("/")[1]


def test_the_kernel_collector_knows_its_node_and_runs_on_every_one() -> None:
    (kernel,) = (container for container in containers(OBJECTS) if container.content["name"] == "kernel")
    (node,) = (entry for entry in kernel.content["env"] if entry["name"] == "HEADWATER_KERNEL_NODE")
    assert node["valueFrom"] == {"fieldRef": {"fieldPath": "spec.nodeName"}}
    assert kernel.pod["tolerations"] == [{"operator": "Exists"}]
    assert environment_of(kernel.content)["HEADWATER_KERNEL_SOURCE"] == "ebpf"
    assert "volumes" not in kernel.pod


def test_the_one_secret_is_that_of_nats() -> None:
    names = {
        entry["valueFrom"]["secretKeyRef"]["name"]
        for container in containers(OBJECTS)
        for entry in container.content["env"]
        if "secretKeyRef" in entry.get("valueFrom", {})
    }
    assert names == {"headwater-nats"}
    assert of_kind(OBJECTS, "Secret") == []


def test_the_folder_can_be_applied_as_it_is() -> None:
    assert sorted(path.suffix for path in MANIFESTS.iterdir()) == [".yaml", ".yaml"]


def changed(kind: str, change: Any) -> list[Object]:
    """The manifests with one object of a kind changed."""
    objects = manifest_objects()
    change(next(content for content in objects if content["kind"] == kind))
    return objects


def pod_of(workload: Object) -> Object:
    pod: Object = workload["spec"]["template"]["spec"]
    return pod


BREAKAGES: dict[str, tuple[str, Any]] = {
    "may do more than read": ("ClusterRole", lambda role: role["rules"][0]["verbs"].append("delete")),
    "without a bound": ("ClusterRole", lambda role: role["rules"][0].update(resources=["*"])),
    "is no setting": ("DaemonSet", lambda it: pod_of(it)["containers"][0]["env"].append({"name": "HEADWATER_KERNEL_FAST", "value": "1"})),
    "cannot be used": (
        "DaemonSet",
        lambda it: pod_of(it)["containers"][0]["env"].append({"name": "HEADWATER_ENGINE_BATCH_MAX", "value": "x"}),
    ),
    "there is no command": ("Deployment", lambda it: pod_of(it)["containers"][0].update(args=["serve"])),
    "is not a command of its own": ("Deployment", lambda it: pod_of(it)["containers"][0].update(args=["collect"])),
    "endpoint that is not there": (
        "Deployment",
        lambda it: pod_of(it)["containers"][0].update(livenessProbe={"httpGet": {"path": "/healthz", "port": "http"}}),
    ),
    "more privileges": ("Deployment", lambda it: pod_of(it)["containers"][0]["securityContext"].update(privileged=True)),
    "adds ['SYS_ADMIN']": (
        "DaemonSet",
        lambda it: pod_of(it)["containers"][0]["securityContext"]["capabilities"].update(add=["SYS_ADMIN"]),
    ),
    "shares a namespace": ("DaemonSet", lambda it: pod_of(it).update(hostPID=True)),
    "account that is not there": ("DaemonSet", lambda it: pod_of(it).update(serviceAccountName="other")),
    "does not select its own pods": ("DaemonSet", lambda it: it["spec"]["selector"]["matchLabels"].update(a="b")),
}


@pytest.mark.parametrize("complaint", BREAKAGES)
def test_a_rule_complains_when_it_is_broken(complaint: str) -> None:
    assert any(complaint in found for found in complaints_of(changed(*BREAKAGES[complaint])))
