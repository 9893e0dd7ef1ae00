"""What an application consists of before anything fails: its workloads, its nodes, and who calls whom."""

from collections.abc import Mapping, Sequence

import msgspec


class Workload(msgspec.Struct, frozen=True):
    """One workload; it has a Service of its own name where it has a port."""

    name: str
    kind: str = "Deployment"
    replicas: int = 2
    image: str = ""
    port: int = 8080
    language: str = "go"
    memory: str = "512Mi"
    cpu: str = "500m"
    probe_path: str = "/healthz"
    configs: Sequence[str] = ()
    secrets: Sequence[str] = ()
    environment: Sequence[str] = ()
    claim: str = ""  # the size of the volume of each replica
    has_sidecar: bool = False
    beside: Mapping[str, str] = {}  # other containers of its pods, and their images
    has_autoscaler: bool = False
    namespace: str = ""  # the application's where empty
    labels: Mapping[str, str] = {}
    service: str = ""  # the name of its Service, where that is not its own

    @property
    def service_name(self) -> str:
        """What others call it by."""
        return self.service or self.name


class Call(msgspec.Struct, frozen=True):
    """Who calls whom, and what that call usually looks like."""

    caller: str
    callee: str
    operation: str
    milliseconds: float = 20.0
    per_minute: int = 240


class Habit(msgspec.Struct, frozen=True):
    """A line that an app writes whether or not anything is wrong."""

    app: str
    line: str
    level: str = "info"
    seconds: float = 45.0  # between two of them, about


class Application(msgspec.Struct, frozen=True):
    """A team's application on a cluster of its own."""

    name: str
    namespace: str
    nodes: Mapping[str, str]  # node → zone
    workloads: Sequence[Workload]
    calls: Sequence[Call]
    habits: Sequence[Habit]
    log_source: str = "logs"  # who ships its logs
    day: str = "2026-03-03"  # on which its failures happen
    neighbours: Sequence[Workload] = ()
    writes_times: bool = False  # into its own lines of logs, as they pass

    @property
    def all_workloads(self) -> Sequence[Workload]:
        """Its own and its neighbours'."""
        return (*self.workloads, *self.neighbours)

    def workload(self, name: str) -> Workload:
        """The workload of this name."""
        return next(each for each in self.all_workloads if each.name == name)

    def namespace_of(self, name: str) -> str:
        """Where an app lives; apps that are none of the application's live in its namespace."""
        return next((each.namespace for each in self.all_workloads if each.name == name and each.namespace), self.namespace)
