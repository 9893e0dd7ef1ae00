"""The shop of the demo: three nodes, a storefront with its stores, a back office that shares nothing with it but the nodes."""

from random import Random

from headwater.testing.world import AddressBook, Cluster, Pod, Workload, coredns, make_pod, uid

SHOP = "production"
BACK_OFFICE = "backoffice"
NODES = ["node-1", "node-2", "node-3"]

_STATEFUL = {"mysql": "mysql-statefulset", "redis": "redis", "ledger": "ledger"}
_NAMESPACES = dict.fromkeys(("dashboard", "invoicing", "ledger"), BACK_OFFICE)
_REPLICAS = {"frontend": 6, "api": 6, "mysql": 3, "redis": 1, "ledger": 1}
_CALLS = {
    "frontend": ["api", "cart", "search"],
    "api": ["mysql", "payments", "mailer"],
    "cart": ["redis"],
    "payments": [],
    "mailer": [],
    "search": [],
    "mysql": [],
    "redis": [],
    "dashboard": ["invoicing"],
    "invoicing": ["ledger"],
    "ledger": [],
}
_FIRST_NODE = {"redis": 2, "ledger": 2}
"""Where the first pod of a workload runs, if it matters: the two stores that fail together share a node."""


def demo_cluster() -> Cluster:
    """The shop; mysql, api and frontend have fifteen pods together."""
    rng = Random("demo shop")
    addresses = AddressBook()
    cluster = Cluster(
        nodes=list(NODES),
        workloads={},
        calls={app: list(callees) for app, callees in _CALLS.items()} | {"coredns": []},
        edge=[("shop-ingress", "frontend"), ("backoffice-ingress", "dashboard")],
        seed="demo shop",
    )
    for app in _CALLS:
        cluster.workloads[app] = _workload(rng, app, addresses)
    cluster.workloads["coredns"] = coredns(rng)
    for index, workload in enumerate(cluster.workloads.values()):
        first = _FIRST_NODE.get(workload.app, index)
        for replica in range(_REPLICAS.get(workload.app, 2)):
            node = (first + replica) % len(NODES)
            workload.pods.append(_pod(rng, workload, replica, NODES[node], addresses.pod(node)))
    return cluster


def _workload(rng: Random, app: str, addresses: AddressBook) -> Workload:
    namespace = _NAMESPACES.get(app, SHOP)
    return Workload(
        app=app,
        kind="StatefulSet" if app in _STATEFUL else "Deployment",
        name=_STATEFUL.get(app, app),
        namespace=namespace,
        service=f"{app}-service",
        service_address=addresses.service(),
        label="app",
        template_hash=f"{rng.getrandbits(40):010x}",
        image=f"registry.example/{namespace}/{app}:1.14.2",
        config_map=f"{app}-config",
        secret=f"{app}-credentials" if app in ("mysql", "api", "payments", "ledger") else "",
        pods=[],
        names_pods=app in ("cart", "search"),
    )


def _pod(rng: Random, workload: Workload, replica: int, node: str, address: str) -> Pod:
    if workload.app == "mysql":
        name = ["mysql-pod-abc", "mysql-pod-1", "mysql-pod-2"][replica]
        return Pod(name, workload.namespace, uid(rng), address, node, f"{rng.getrandbits(256):064x}")
    return make_pod(rng, workload, replica, node, address)
