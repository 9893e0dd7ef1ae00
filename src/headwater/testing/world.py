"""
A seeded Kubernetes cluster: who runs where, who owns what, who calls whom.

Equal seeds and sizes give equal clusters. Nothing here knows how failures are explained: it only says what exists.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from headwater.model.times import parse_time, seconds

BIRTH = parse_time("2025-12-01T08:00:00Z")
"""When the clusters here were made; their objects are older than any fault."""

# fmt: off
_SERVICES = [
    "frontend", "gateway", "checkout", "orders", "cart", "payments", "catalog", "search", "users", "auth", "shipping", "inventory",
    "pricing", "recommendation", "reviews", "notifications", "mailer", "invoices", "ledger", "geo", "media", "profile", "sessions",
    "loyalty", "promotions", "tax", "fraud", "feed", "stock", "warehouse", "returns", "chat", "support", "analytics", "reporting",
    "audit", "content", "images", "coupons", "quotes", "routing", "billing",
]
# fmt: on
_STORES = ["mysql", "postgres", "redis", "mongo", "kafka", "elasticsearch", "rabbitmq", "memcached", "minio", "cassandra"]
_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"


@dataclass(frozen=True, slots=True)
class Pod:
    """One pod as the API knows it."""

    name: str
    namespace: str
    uid: str
    address: str
    node: str
    container_id: str


@dataclass(slots=True)
class Workload:
    """A Deployment or StatefulSet with everything that belongs to it; `app` is its name within the cluster."""

    app: str
    kind: str
    name: str
    namespace: str
    service: str
    service_address: str
    label: str  # the label that carries the app's name
    template_hash: str
    image: str
    config_map: str
    secret: str
    pods: list[Pod]
    names_pods: bool = False  # whether its telemetry says which pod spoke
    peers_by_address: bool = False  # whether its telemetry names whom it called by DNS name rather than by service name
    created: int = BIRTH

    @property
    def replica_set(self) -> str:
        """The name of a Deployment's ReplicaSet."""
        return f"{self.name}-{self.template_hash}"

    @property
    def unit(self) -> str:
        """`Kind/namespace/name`, what a person would name as the culprit."""
        return f"{self.kind}/{self.namespace}/{self.name}"


@dataclass(slots=True)
class Cluster:
    """Everything that exists, and the call graph: `calls[caller]` are the apps it calls."""

    nodes: list[str]
    workloads: dict[str, Workload]
    calls: dict[str, list[str]]
    edge: list[tuple[str, str]]  # (ingress, app) pairs: how the outside comes in
    dns: str = "coredns"
    seed: str = ""
    _callers: dict[str, list[str]] = field(default_factory=dict)

    def callers(self, app: str) -> list[str]:
        """The apps that call this one, in a fixed order."""
        if not self._callers:
            self._callers = {name: [] for name in self.workloads}
            for caller, callees in self.calls.items():
                for callee in callees:
                    self._callers[callee].append(caller)
        return self._callers[app]

    def applications(self) -> list[Workload]:
        """The workloads people built: all but the cluster's own."""
        return [workload for app, workload in self.workloads.items() if app != self.dns]

    def pods(self) -> Iterator[tuple[Workload, Pod]]:
        """Every pod with its workload."""
        for workload in self.workloads.values():
            for pod in workload.pods:
                yield workload, pod

    def pods_on(self, node: str) -> list[tuple[Workload, Pod]]:
        """The pods that run on a node, with their workloads."""
        return [(workload, pod) for workload, pod in self.pods() if pod.node == node]

    def unit_of(self, kind: str, namespace: str, name: str) -> str:
        """The fault unit of any object here: a pod's or service's workload, else the object itself."""
        for workload in self.workloads.values():
            if workload.namespace != namespace:
                continue
            is_part = (
                (kind == "Pod" and (any(pod.name == name for pod in workload.pods) or name.startswith(workload.name + "-")))
                or (kind == "Service" and name == workload.service)
                or (kind == "ReplicaSet" and name.startswith(workload.name + "-"))
            )
            if is_part:
                return workload.unit
        return f"{kind}/{namespace}/{name}"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a cluster to make. `products` are groups of services that do not call each other."""

    services: int = 24
    nodes: int = 8
    products: int = 1
    replicas: tuple[int, ...] = (1, 2, 2, 3)


def uid(rng: Random) -> str:
    """A UID as the API server makes them."""
    digits = f"{rng.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def suffix(rng: Random, length: int = 5) -> str:
    """The random end of a generated name."""
    return "".join(rng.choice(_ALPHABET) for _ in range(length))


class AddressBook:
    """Hands out addresses, each once."""

    def __init__(self) -> None:
        self._pods: dict[str, int] = {}
        self._services = 10

    def pod(self, node_index: int) -> str:
        """The next pod address of a node."""
        count = self._pods[str(node_index)] = self._pods.get(str(node_index), 1) + 1
        return f"10.244.{node_index + 1}.{count}"

    def service(self) -> str:
        """The next cluster address."""
        self._services += 1
        return f"10.96.{self._services // 250}.{self._services % 250 + 1}"


def make_pod(rng: Random, workload: Workload, index: int, node: str, address: str) -> Pod:
    """A pod of this workload, named as its controller would."""
    name = f"{workload.name}-{index}" if workload.kind == "StatefulSet" else f"{workload.replica_set}-{suffix(rng)}"
    return Pod(name, workload.namespace, uid(rng), address, node, f"{rng.getrandbits(256):064x}")


def make_workload(rng: Random, app: str, kind: str, namespace: str, *, addresses: AddressBook) -> Workload:
    """A workload without pods yet; naming habits differ from team to team, and so from workload to workload."""
    return Workload(
        app=app,
        kind=kind,
        name=app,
        namespace=namespace,
        service=rng.choice([app, app, f"{app}-service", f"{app}-svc"]),
        service_address=addresses.service(),
        label=rng.choice(["app", "app.kubernetes.io/name"]),
        template_hash=suffix(rng, 10),
        image=f"registry.example/{namespace}/{app}:{rng.randrange(1, 4)}.{rng.randrange(30)}.{rng.randrange(10)}",
        config_map=f"{app}-config",
        secret=f"{app}-credentials" if rng.random() < 0.6 else "",
        pods=[],
        names_pods=rng.random() < 0.5,
        peers_by_address=rng.random() < 0.3,
        created=BIRTH + seconds(rng.randrange(86_400 * 20)),
    )


def make_cluster(seed: str, size: Size | None = None) -> Cluster:
    """A cluster from a seed: services in layers that call downwards, stores at the bottom, coredns beside them."""
    size = size or Size()
    rng = Random(f"world/{seed}")
    nodes = [f"node-{index + 1}" for index in range(size.nodes)]
    addresses = AddressBook()
    names = iter(rng.sample(_SERVICES, len(_SERVICES)) + [f"service-{index:02d}" for index in range(size.services)])
    stores = iter(rng.sample(_STORES, len(_STORES)))
    cluster = Cluster(nodes=nodes, workloads={}, calls={}, edge=[], seed=seed)
    for product in range(size.products):
        count = size.services // size.products + (product < size.services % size.products)
        namespace = ["shop", "billing", "media", "travel"][product % 4] + ("" if product < 4 else str(product // 4))
        links = _layered_calls(rng, count)
        apps = [
            next(stores, None) or next(names) if index and not links[index] and rng.random() < 0.5 else next(names)
            for index in range(count)
        ]
        for index, app in enumerate(apps):
            is_store = app in _STORES
            workload = make_workload(rng, app, "StatefulSet" if is_store else "Deployment", namespace, addresses=addresses)
            cluster.workloads[app] = workload
            cluster.calls[app] = [apps[callee] for callee in links[index]]
        cluster.edge.append((f"{namespace}-ingress", apps[0]))
    cluster.workloads[cluster.dns] = coredns(rng)
    cluster.calls[cluster.dns] = []
    for workload in cluster.workloads.values():
        place_pods(rng, cluster, workload, 2 if workload.app == cluster.dns else rng.choice(size.replicas), addresses)
    return cluster


def place_pods(rng: Random, cluster: Cluster, workload: Workload, replicas: int, addresses: AddressBook) -> None:
    """Give the workload its pods, on nodes drawn by lot."""
    for index in range(replicas):
        node = rng.randrange(len(cluster.nodes))
        workload.pods.append(make_pod(rng, workload, index, cluster.nodes[node], addresses.pod(node)))


def coredns(rng: Random) -> Workload:
    """The cluster's DNS, under the names every distribution uses."""
    return Workload(
        app="coredns",
        kind="Deployment",
        name="coredns",
        namespace="kube-system",
        service="kube-dns",
        service_address="10.96.0.10",
        label="k8s-app",
        template_hash=suffix(rng, 10),
        image="registry.k8s.io/coredns/coredns:v1.12.1",
        config_map="coredns",
        secret="",
        pods=[],
    )


def _layered_calls(rng: Random, count: int) -> list[list[int]]:
    """A call graph without cycles in which everything but the first has one to three callers, all before it."""
    calls: list[list[int]] = [[] for _ in range(count)]
    for callee in range(1, count):
        for caller in rng.sample(range(callee), min(callee, rng.choice([1, 1, 2, 2, 3]))):
            calls[caller].append(callee)
    return calls
