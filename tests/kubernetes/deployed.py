"""What `kubectl apply -f deploy/manifests` brings, brought to the real API server, and the token that a pod of the collector would have."""

from pathlib import Path

from tests.kubernetes.admin_api import AdminApi, Document
from tests.kubernetes.control_plane import ControlPlane
from tests.unit.deploy.cluster_objects_read import manifest_objects

NAMESPACE = "headwater"
COLLECTOR = "headwater-kubernetes"
_RIGHTS = ("Namespace", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")


async def apply_rights(api: AdminApi) -> None:
    """The accounts of the manifests, and what they may do."""
    for kind in _RIGHTS:
        for content in manifest_objects():
            if content["kind"] == kind:
                await api.apply(content)


async def token_of(api: AdminApi, account: str) -> str:
    """A token as a kubelet would mount it."""
    path = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/{account}/token"
    answer: Document = await api.request("POST", path, {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}})
    return str(answer["status"]["token"])


async def collector_kubeconfig(plane: ControlPlane, api: AdminApi, path: Path, *, server: str = "") -> Path:
    """A kubeconfig with the rights that the manifests give to the collector, and no others."""
    await apply_rights(api)
    plane.write_kubeconfig(path, await token_of(api, COLLECTOR), server=server)
    return path
