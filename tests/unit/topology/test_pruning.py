"""What is kept of an object, and what never is."""

from datetime import date
from typing import Any

import msgspec

from headwater.topology.pruning import pruned

SECRET = "hunter2"


def kept(kind: str, **content: Any) -> dict[str, Any]:
    return pruned(kind, {"kind": kind, "apiVersion": "v1", **content})


def test_annotations_and_managed_fields_go_but_the_revision_stays() -> None:
    annotations = {"deployment.kubernetes.io/revision": "3", "kubectl.kubernetes.io/last-applied-configuration": SECRET}
    metadata = {"name": "a", "labels": {"app": "a"}, "annotations": annotations, "managedFields": [{}], "deletionTimestamp": "t"}
    assert kept("Deployment", metadata=metadata)["metadata"] == {
        "name": "a",
        "labels": {"app": "a"},
        "annotations": {"deployment.kubernetes.io/revision": "3"},
        "deletionTimestamp": "t",
    }


def test_a_static_pod_keeps_the_uid_of_its_manifest() -> None:
    metadata = {"name": "etcd-n1", "annotations": {"kubernetes.io/config.hash": "b3cf", "kubernetes.io/config.source": "file"}}
    assert kept("Pod", metadata=metadata)["metadata"]["annotations"] == {"kubernetes.io/config.hash": "b3cf"}


def test_measurements_of_an_autoscaler_and_certificates_of_webhooks_make_no_versions() -> None:
    status = {"desiredReplicas": 3, "currentMetrics": [{"type": "Resource"}]}
    assert kept("HorizontalPodAutoscaler", metadata={"name": "web"}, status=status)["status"] == {"desiredReplicas": 3}
    webhook = {"name": "guard", "clientConfig": {"caBundle": "LS0t", "url": "https://guard"}}
    assert kept("ValidatingWebhookConfiguration", webhooks=[webhook])["webhooks"] == [
        {"name": "guard", "clientConfig": {"url": "https://guard"}}
    ]


def test_a_label_may_be_called_as_variables_are() -> None:
    labels = {"env": "staging", "args": "none"}
    content = kept(
        "Pod",
        metadata={"labels": labels},
        spec={"nodeSelector": {"env": "prod"}, "containers": [{"env": [{"name": "A", "value": SECRET}]}]},
    )
    assert content["metadata"]["labels"] == labels
    assert content["spec"] == {"nodeSelector": {"env": "prod"}, "containers": [{"env": [{"name": "A"}]}]}


def test_of_a_secret_only_its_metadata_is_kept() -> None:
    content = kept(
        "Secret", metadata={"name": "a"}, data={"password": SECRET}, stringData={"password": SECRET}, type="Opaque", extra=SECRET
    )
    assert content == {"metadata": {"name": "a"}}


def test_a_changed_value_of_a_config_map_is_visible_and_the_value_is_not() -> None:
    one, same, other = (
        kept("ConfigMap", data={"key": value, "other": "x"}, binaryData={"b": "eA=="}) for value in (SECRET, SECRET, "changed")
    )
    assert one == same
    assert one["data"]["key"] != other["data"]["key"]
    assert one["data"]["other"] == other["data"]["other"]
    assert SECRET not in str(one)


def test_no_field_where_people_write_passwords_is_kept() -> None:
    container = {
        "name": "c",
        "command": ["run", SECRET],
        "args": [SECRET],
        "env": [{"name": "A", "value": SECRET}, {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}, "odd"],
        "livenessProbe": {"httpGet": {"httpHeaders": [{"name": "Authorization", "value": SECRET}]}, "exec": {"command": [SECRET]}},
    }
    template = {"metadata": {"annotations": {"token": SECRET}}, "spec": {"containers": [container]}}
    content = kept("Deployment", spec={"template": template})
    assert SECRET not in str(content)
    assert content["spec"]["template"]["spec"]["containers"][0]["env"] == [
        {"name": "A"},
        {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
    ]


def test_what_is_kept_is_json_and_bounded() -> None:
    deep: dict[str, Any] = {}
    inner = deep
    for _ in range(100):
        inner["deeper"] = {}
        inner = inner["deeper"]
    content = kept(
        "Pod", spec={"when": date(2026, 1, 5), 3: "x" * 10_000, "odd": {1}, "deep": deep, "env": "not a list", "no": None, "n": 1.5}
    )
    assert content["spec"]["when"] == "2026-01-05"
    assert content["spec"]["odd"] == "set"
    assert len(content["spec"]["3"]) == 4_096
    assert content["spec"]["env"] == "not a list"  # a label may be called so
    assert len(msgspec.json.encode(content)) < 6_000
