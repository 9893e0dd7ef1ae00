"""Objects as an API server shows them."""

from typing import Any

Document = dict[str, Any]
MADE_AT = "2026-01-05T09:00:00Z"


def metadata(name: str, uid: str, *, namespace: str = "shop", **more: Any) -> Document:
    """The head of an object."""
    said: Document = {"name": name, "uid": uid, "creationTimestamp": MADE_AT, **more}
    return said | ({"namespace": namespace} if namespace else {})


def pod(
    name: str,
    uid: str,
    *,
    address: str = "",
    node: str = "node-a",
    app: str = "mysql",
    status: Document | None = None,
    started_at: str = MADE_AT,
    **more: Any,
) -> Document:
    """A running pod; without an address one that waits."""
    placed: Document = {"phase": "Pending"}
    if address:
        placed = {
            "phase": "Running",
            "podIP": address,
            "podIPs": [{"ip": address}],
            "startTime": started_at,
            "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": started_at}],
        }
    spec: Document = {"containers": [{"name": "main", "image": f"{app}:1"}]}
    if address:
        spec["nodeName"] = node
    return {"metadata": metadata(name, uid, labels={"app": app}, **more), "spec": spec, "status": placed | (status or {})}


def unready(since: str) -> Document:
    """The status of a pod that lost its readiness."""
    return {"conditions": [{"type": "Ready", "status": "False", "lastTransitionTime": since, "message": "containers with unready status"}]}


def config_map(name: str, uid: str, **values: str) -> Document:
    """A ConfigMap."""
    return {"metadata": metadata(name, uid), "data": values}
