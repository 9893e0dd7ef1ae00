"""What one version of an object states."""

from headwater.model.entities import CLUSTER_SCOPED_KINDS, Entity
from headwater.model.objects import ObjectVersion
from headwater.model.relations import Relation
from headwater.topology.extraction import facts_of


def test_a_route_of_the_gateway_api_routes_to_its_back_ends_also_in_other_namespaces() -> None:
    rules = [
        {"backendRefs": [{"name": "web", "port": 80}, {"kind": "Service", "name": "api", "namespace": "shop"}]},
        {"backendRefs": [{"kind": "ServiceImport", "group": "multicluster.x-k8s.io", "name": "far"}, "malformed"]},
    ]
    facts = facts_of(ObjectVersion("HTTPRoute", "edge", "front", object={"spec": {"rules": rules}}))
    route = Entity("default", "HTTPRoute", "front", "edge")
    assert facts.edges == (
        (Relation.ROUTED_BY, Entity("default", "Service", "front", "web"), route),
        (Relation.ROUTED_BY, Entity("default", "Service", "shop", "api"), route),
    )


def edges(kind: str, **content: object) -> list[str]:
    """The relations an object states, in short."""
    facts = facts_of(ObjectVersion(kind, "it", "" if kind in CLUSTER_SCOPED_KINDS else "shop", object=dict(content)))
    return [f"{source.short} {relation} {sink.short}" for relation, source, sink in facts.edges]


def test_storage_is_provisioned_by_its_class_and_the_class_by_its_driver() -> None:
    spec = {"storageClassName": "fast", "volumeName": "pv-1"}
    assert edges("PersistentVolumeClaim", spec=spec) == [
        "PersistentVolume/pv-1 claimed_by PersistentVolumeClaim/it",
        "StorageClass/fast provisions PersistentVolumeClaim/it",
    ]
    assert edges("StorageClass", provisioner="ebs.csi.aws.com") == ["CSIDriver/ebs.csi.aws.com provisions StorageClass/it"]
    assert edges("PersistentVolume", spec={"claimRef": {"namespace": "shop", "name": "data"}}) == [
        "PersistentVolume/it claimed_by PersistentVolumeClaim/data"
    ]


def test_a_node_is_in_the_zone_its_labels_say() -> None:
    for label in ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"):
        assert edges("Node", metadata={"labels": {label: "a"}}) == ["Zone/a zone_of Node/it"]
    assert edges("Node", metadata={"labels": {}}) == []


def test_a_pod_is_pulled_from_the_registries_of_all_its_containers() -> None:
    spec = {
        "nodeName": "n1",
        "initContainers": [{"image": "quay.io/prepare:1"}],
        "containers": [{"image": "nginx:1"}, {"image": "library/redis"}],
        "ephemeralContainers": [{"image": "localhost:5000/debug@sha256:00"}],
    }
    assert edges("Pod", spec=spec) == [
        "Node/n1 hosts Pod/it",
        "Registry/docker.io pulled_by Pod/it",
        "Registry/localhost:5000 pulled_by Pod/it",
        "Registry/quay.io pulled_by Pod/it",
    ]


def test_an_ingress_routes_to_its_back_ends_and_presents_its_certificates() -> None:
    path = {"backend": {"service": {"name": "web"}}}
    old = {"backend": {"serviceName": "old"}}
    spec = {
        "defaultBackend": {"service": {"name": "fallback"}},
        "rules": [{"http": {"paths": [path, old]}}],
        "tls": [{"secretName": "cert"}],
    }
    assert edges("Ingress", spec=spec) == [f"Service/{name} routed_by Ingress/it" for name in ("fallback", "old", "web")]
    facts = facts_of(ObjectVersion("Ingress", "it", "shop", object={"spec": spec}))
    assert [each.short for each in facts.mounts] == ["Secret/cert"]


def test_an_autoscaler_scales_its_target() -> None:
    spec = {"scaleTargetRef": {"kind": "StatefulSet", "name": "mysql"}}
    assert edges("HorizontalPodAutoscaler", spec=spec) == ["HorizontalPodAutoscaler/it scales StatefulSet/mysql"]


def test_a_binding_grants_the_rights_of_a_role_to_accounts() -> None:
    subjects = [{"kind": "ServiceAccount", "name": "scaler"}, {"kind": "User", "name": "ann"}, "malformed"]
    assert edges("RoleBinding", roleRef={"kind": "Role", "name": "reader"}, subjects=subjects) == [
        "RoleBinding/it grants ServiceAccount/scaler",
        "Role/reader grants ServiceAccount/scaler",
    ]
    far = [{"kind": "ServiceAccount", "name": "scaler", "namespace": "ops"}]
    assert edges("ClusterRoleBinding", roleRef={"kind": "ClusterRole", "name": "reader"}, subjects=far) == [
        "ClusterRoleBinding/it grants ServiceAccount/scaler",
        "ClusterRole/reader grants ServiceAccount/scaler",
    ]
    assert edges("RoleBinding", roleRef={"kind": "Group", "name": "x"}, subjects=subjects) == []
