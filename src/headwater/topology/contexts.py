"""What an event's k8s_context tells of the object it is about, as partial versions: enough for owner, node and service."""

from typing import Any

from headwater.model.entities import DEFAULT_CLUSTER
from headwater.model.heads import EventHead, KubernetesContextHead
from headwater.model.objects import ObjectVersion
from headwater.topology.kinds import COLLAPSED_KINDS, is_cluster_scoped, kind_named


def versions_in_context(event: EventHead) -> list[ObjectVersion]:
    """The object itself, and its ReplicaSet or Job where the context names the workload beyond; empty where nothing is told."""
    context = event.k8s_context
    if context is None or not context.kind or not context.name or not _tells(context):
        return []
    kind, cluster = kind_named(context.kind), context.cluster_name or DEFAULT_CLUSTER
    namespace = "" if is_cluster_scoped(kind) else context.namespace or "default"
    owners = [
        _owner(owner.kind, owner.name, owner.uid, owner.controller) for owner in context.owner_references or () if owner.kind and owner.name
    ]
    workload = _owner(kind_named(context.workload_kind), context.workload_name, "", True)
    has_workload = bool(context.workload_kind and context.workload_name) and (workload["kind"], workload["name"]) != (kind, context.name)
    versions: list[ObjectVersion] = []
    if has_workload and not owners:
        owners = [workload]
    elif has_workload and len(owners) == 1 and owners[0]["kind"] in COLLAPSED_KINDS and owners[0]["name"] != workload["name"]:
        between = ObjectVersion(
            kind=owners[0]["kind"],
            name=owners[0]["name"],
            namespace=namespace,
            cluster=cluster,
            object={"metadata": {"ownerReferences": [workload]}},
        )
        versions.append(between)
    metadata: dict[str, Any] = {}
    if context.labels:
        metadata["labels"] = context.labels
    if owners:
        metadata["ownerReferences"] = owners
    content: dict[str, Any] = {"metadata": metadata} if metadata else {}
    if context.node_name and kind == "Pod":
        content["spec"] = {"nodeName": context.node_name}
    versions.append(ObjectVersion(kind=kind, name=context.name, namespace=namespace, cluster=cluster, uid=context.uid, object=content))
    return versions


def _tells(context: KubernetesContextHead) -> bool:
    return bool(context.uid or context.node_name or context.labels or context.owner_references or context.workload_name)


def _owner(kind: str, name: str, uid: str, is_controller: bool | None) -> dict[str, Any]:
    owner: dict[str, Any] = {"kind": kind, "name": name}
    if uid:
        owner["uid"] = uid
    if is_controller:
        owner["controller"] = True
    return owner
