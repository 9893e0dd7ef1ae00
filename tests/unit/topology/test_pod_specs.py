"""What pods need, wherever their specification says it."""

from headwater.topology.pod_specs import mounts_of

SPEC = {
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
