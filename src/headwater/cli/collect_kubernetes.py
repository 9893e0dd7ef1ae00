"""The options of the Kubernetes collector, which `collect kubernetes` and `run --kubernetes` share."""

from dataclasses import dataclass
from typing import Annotated, Any

from cyclopts import Group, Parameter

from headwater.cli.options import flag

KUBERNETES = Group("Kubernetes", sort_key=5)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class KubernetesOptions:
    """Which cluster, and what of it."""

    kubeconfig: Annotated[str | None, flag("kubernetes.kubeconfig", group=KUBERNETES)] = None
    context: Annotated[str | None, flag("kubernetes.context", group=KUBERNETES)] = None
    kubernetes_server: Annotated[str | None, flag("kubernetes.server", group=KUBERNETES)] = None
    cluster: Annotated[str | None, flag("kubernetes.cluster", group=KUBERNETES)] = None
    namespaces: Annotated[str | None, flag("kubernetes.namespaces", group=KUBERNETES)] = None
    selector: Annotated[str | None, flag("kubernetes.selector", group=KUBERNETES)] = None

    def flags(self) -> dict[str, Any]:
        """The settings these flags give, by key."""
        return {
            "kubernetes.kubeconfig": self.kubeconfig,
            "kubernetes.context": self.context,
            "kubernetes.server": self.kubernetes_server,
            "kubernetes.cluster": self.cluster,
            "kubernetes.namespaces": self.namespaces,
            "kubernetes.selector": self.selector,
        }
