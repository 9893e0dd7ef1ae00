"""Versions of Kubernetes objects with nothing but what a test is about; what a test does not give is absent."""

from collections.abc import Mapping
from typing import Any

from headwater.model.entities import CLUSTER_SCOPED_KINDS, Entity, Reference
from headwater.model.objects import ObjectVersion
from headwater.model.times import format_time, seconds

NAMESPACE = "shop"
CLUSTER = "default"
CLUSTER_WIDE = CLUSTER_SCOPED_KINDS - {"External"}


def instant(second: float) -> int:
    """So many seconds after a morning that tests agree on."""
    return seconds(1_767_600_000 + second)


def entity(kind: str, name: str, namespace: str = NAMESPACE) -> Entity:
    """An entity of the test's cluster and, where the kind has one, namespace."""
    return Entity(CLUSTER, kind, "" if kind in CLUSTER_WIDE or kind == "External" else namespace, name)


def reference(scheme: str, name: str, namespace: str = NAMESPACE) -> Reference:
    """A reference said in the test's namespace."""
    return Reference(CLUSTER, scheme, namespace, name)


def version(
    kind: str,
    name: str,
    *,
    namespace: str = NAMESPACE,
    at: float | None = None,
    created: float | None = None,
    uid: str = "",
    revision: int | None = None,
    labels: Mapping[str, str] | None = None,
    owner: tuple[str, str] | None = None,
    deleted: bool = False,
    **content: Any,
) -> ObjectVersion:
    """A version that holds from second `at` on (always, where none is given) of an object made at second `created`."""
    metadata: dict[str, Any] = {"name": name}
    if labels:
        metadata["labels"] = dict(labels)
    if owner:
        metadata["ownerReferences"] = [{"kind": owner[0], "name": owner[1], "controller": True}]
    if created is not None:
        metadata["creationTimestamp"] = format_time(instant(created))
    return ObjectVersion(
        kind=kind,
        name=name,
        namespace="" if kind in CLUSTER_WIDE else namespace,
        cluster=CLUSTER,
        uid=uid,
        resource_version="" if revision is None else str(revision),
        valid_from=0 if at is None else instant(at),
        deleted=deleted,
        object={} if deleted else {"metadata": metadata, **content},
    )


def pod(
    name: str,
    *,
    node: str = "",
    address: str = "",
    phase: str = "Running",
    spec: Mapping[str, Any] | None = None,
    containers: tuple[str, ...] = (),
    **rest: Any,
) -> ObjectVersion:
    """A version of a pod; `rest` is as of `version`."""
    content: dict[str, Any] = {"spec": dict(spec or {}), "status": {"phase": phase}}
    if node:
        content["spec"]["nodeName"] = node
    if address:
        content["status"]["podIP"] = address
    if containers:
        content["status"]["containerStatuses"] = [{"containerID": f"containerd://{each}"} for each in containers]
    return version("Pod", name, **content, **rest)


def service(name: str, selector: Mapping[str, str] | None = None, **rest: Any) -> ObjectVersion:
    """A version of a service that selects these labels; `rest` is as of `version`."""
    spec: dict[str, Any] = {"selector": dict(selector)} if selector else {}
    spec |= rest.pop("spec", {})
    return version("Service", name, spec=spec, **rest)


def deployment(
    name: str, template_labels: Mapping[str, str] | None = None, *, spec: Mapping[str, Any] | None = None, **rest: Any
) -> ObjectVersion:
    """A version of a deployment whose pods have these labels and this specification; `rest` is as of `version`."""
    template = {"metadata": {"labels": dict(template_labels or {})}, "spec": dict(spec or {})}
    return version("Deployment", name, spec={"template": template}, **rest)
