"""What pods need, wherever their specification says it."""

from typing import Any

import pytest

from headwater.topology.pod_specs import mounts_of, reads_any

SPEC: dict[str, Any] = {
    "imagePullSecrets": [{"name": "registry"}],
    "volumes": [
        {"name": "config", "configMap": {"name": "settings"}},
        {"name": "tls", "secret": {"secretName": "certificate"}},
        {"name": "data", "persistentVolumeClaim": {"claimName": "data-0"}},
        {"name": "all", "projected": {"sources": [{"configMap": {"name": "part"}}, {"secret": {"name": "key"}}, {"downwardAPI": {}}]}},
        {"name": "kube-api-access-x7k", "projected": {"sources": [{"configMap": {"name": "kube-root-ca.crt"}}]}},
        {"name": "vault", "csi": {"nodePublishSecretRef": {"name": "vault-token"}}},
        {"name": "share", "azureFile": {"secretName": "azure"}},
        {"name": "scratch", "emptyDir": {}},
    ],
    "initContainers": [{"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "migration", "key": "password"}}}]}],
    "ephemeralContainers": [{"envFrom": [{"configMapRef": {"name": "debugging"}}]}],
    "containers": [
        {"envFrom": [{"configMapRef": {"name": "environment"}}, {"secretRef": {"name": "credentials"}}]},
        {"env": [{"name": "B", "value": "plain"}, {"name": "C", "valueFrom": {"configMapKeyRef": {"name": "flags", "key": "c"}}}]},
    ],
}


def test_everything_a_pod_needs_is_found_but_not_the_token_every_pod_has() -> None:
    found = [(each.kind, each.name) for each in mounts_of(SPEC, "default", "shop")]
    assert found == [
        ("ConfigMap", "debugging"),
        ("ConfigMap", "environment"),
        ("ConfigMap", "flags"),
        ("ConfigMap", "part"),
        ("ConfigMap", "settings"),
        ("PersistentVolumeClaim", "data-0"),
        ("Secret", "azure"),
        ("Secret", "certificate"),
        ("Secret", "credentials"),
        ("Secret", "key"),
        ("Secret", "migration"),
        ("Secret", "registry"),
        ("Secret", "vault-token"),
    ]


def test_a_malformed_specification_needs_nothing() -> None:
    assert mounts_of({"volumes": "all", "containers": [3, {"env": {}, "envFrom": [None]}]}, "default", "shop") == ()


@pytest.mark.parametrize(
    ("kind", "name", "key", "is_read"),
    [
        ("ConfigMap", "settings", "anything", True),  # the whole of it is a volume
        ("ConfigMap", "environment", "anything", True),
        ("Secret", "credentials", "anything", True),
        ("ConfigMap", "part", "anything", True),
        ("ConfigMap", "flags", "c", True),
        ("ConfigMap", "flags", "d", False),
        ("Secret", "migration", "password", True),
        ("Secret", "migration", "user", False),
        ("ConfigMap", "chosen", "a.yaml", True),  # a volume of some of its keys
        ("ConfigMap", "chosen", "b.yaml", False),
        ("Secret", "flags", "d", True),  # not named at all: a program may ask for it by itself
    ],
)
def test_which_keys_are_read(kind: str, name: str, key: str, is_read: bool) -> None:
    chosen = {"name": "some", "configMap": {"name": "chosen", "items": [{"key": "a.yaml", "path": "a.yaml"}]}}
    volumes: list[dict[str, Any]] = [chosen, *SPEC["volumes"]]
    assert reads_any({**SPEC, "volumes": volumes}, kind, name, frozenset((key,))) is is_read
