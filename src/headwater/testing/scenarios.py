"""The named scenarios of the demo: the seed's story and five more, each with what a person who knows the truth would say."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from headwater.model.times import seconds
from headwater.testing import wire
from headwater.testing.demo_shop import SHOP, demo_cluster
from headwater.testing.noise import Chatter
from headwater.testing.recording import Recorder
from headwater.testing.scenario import Scenario
from headwater.testing.simulator import START, Conditions, break_it, delivered
from headwater.testing.world import Cluster

STORY_TRACE = "trace-mysql-failure-123"


@dataclass(frozen=True, slots=True)
class _Demo:
    description: str
    expected: str
    tell: Callable[[Cluster, Recorder], None]


def demo_scenario(name: str) -> Scenario:
    """The scenario of this name. Raises KeyError where there is none."""
    demo = _DEMOS[name]
    cluster = demo_cluster()
    recorder = Recorder(Random(f"record/{name}"))
    demo.tell(cluster, recorder)
    history = Chatter(Random(f"history/{name}"), cluster, recorder)
    history.every_call(START - seconds(300), START)
    history.healthy(160, START - seconds(300), START + seconds(180))
    _everyday_warnings(cluster, recorder)
    return delivered(name, demo.description, cluster, recorder, Conditions(), expected=demo.expected)


def scenario_descriptions() -> dict[str, str]:
    """One line about each scenario, by name, the story first."""
    return {name: demo.description for name, demo in _DEMOS.items()}


def _story(cluster: Cluster, recorder: Recorder) -> None:
    fault = recorder.begin_fault("oom")
    oom = {
        "type": "ebpf",
        "source": "ebpf",
        "k8s_context": {"kind": "Pod", "name": "mysql-pod-abc", "namespace": SHOP},
        "kernel": {"syscall": "oom_kill", "comm": "mysqld"},
    }
    fault.unit = cluster.workloads["mysql"].unit
    fault.root_event_id = recorder.emit(START, oom, trace_id=STORY_TRACE)
    words = "timeout after 5s calling mysql-service"
    timeout = {
        "type": "service",
        "source": "api",
        "severity": "error",
        "message": words,
        "entity": {"type": "service", "name": "api-service", "namespace": SHOP},
        "application": {"level": "error", "error_type": "timeout", "message": words},
        "attributes": {"peer.service": "mysql-service", "error.type": "timeout"},
    }
    recorder.emit(START + seconds(15), timeout, trace_id=STORY_TRACE)
    unavailable = {
        "type": "service",
        "source": "frontend",
        "severity": "error",
        "message": "503 from api-service",
        "entity": {"type": "service", "name": "frontend-service", "namespace": SHOP},
        "network": {"protocol": "http", "status_code": 503},
        "attributes": {"peer.service": "api-service"},
    }
    recorder.emit(START + seconds(30), unavailable, trace_id=STORY_TRACE)
    recorder.end_fault()


def _broken(family: str, app: str, seed: str, *, pod: int = 0, delay: float = 0.0) -> Callable[[Cluster, Recorder], None]:
    def tell(cluster: Cluster, recorder: Recorder) -> None:
        workload = cluster.workloads[app]
        at = START + seconds(delay)
        break_it(Random(f"demo/{seed}"), cluster, recorder, family, workload=workload, pod=workload.pods[pod], at=at)

    return tell


def _both(*tales: Callable[[Cluster, Recorder], None]) -> Callable[[Cluster, Recorder], None]:
    def tell(cluster: Cluster, recorder: Recorder) -> None:
        for tale in tales:
            tale(cluster, recorder)

    return tell


def _everyday_warnings(cluster: Cluster, recorder: Recorder) -> None:
    """A few warnings as any cluster has them, away from the shop's main road."""
    mailer, payments, coredns = (cluster.workloads[app].pods[0] for app in ("mailer", "payments", "coredns"))
    blip = f'Readiness probe failed: Get "http://{mailer.address}:8080/healthz": context deadline exceeded'
    recorder.emit(START - seconds(71), wire.pod_event(mailer, "Unhealthy", blip, is_warning=True), clock=mailer.node)
    limits = "Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.96.0.10"
    recorder.emit(START - seconds(12), wire.pod_event(coredns, "DNSConfigForming", limits, is_warning=True), clock=coredns.node)
    line = wire.log_line(cluster.workloads["payments"], payments, "warning", "slow query took 310 ms")
    recorder.emit(START + seconds(44), line, clock=payments.node)


_DEMOS: dict[str, _Demo] = {
    "story": _Demo(
        "MySQL is killed for memory; the API times out, the frontend answers 503.",
        "mysql-pod-abc was OOM-killed at 10:00:00 and took the API and the frontend down with it.",
        _story,
    ),
    "bad-rollout": _Demo(
        "A new revision of the search service throws exceptions.",
        "The rollout of Deployment search broke it; the frontend only passes its errors on.",
        _broken("rollout", "search", "bad-rollout/2"),
    ),
    "node-loss": _Demo(
        "node-2 goes silent; Kubernetes notices 40 seconds later.",
        "node-2 was lost; everything that times out called something that ran there.",
        _broken("node", "api", "node-loss/2"),
    ),
    "dns": _Demo(
        "A coredns pod is killed for memory and look-ups time out all over the cluster.",
        "coredns was OOM-killed; the services that could not look up their peers are its victims.",
        _broken("dns", "coredns", "dns/2"),
    ),
    "config-change": _Demo(
        "A changed ConfigMap sends the payment service into a crash loop.",
        "The change of ConfigMap payments-config made payments crash at start-up.",
        _broken("config", "payments", "config-change/0"),
    ),
    "two-faults": _Demo(
        "Redis runs out of memory while, on the same node, the ledger of the back office gets a bad configuration.",
        "Two faults that share nothing but node-3: redis was OOM-killed, and ledger-config broke the ledger.",
        _both(_broken("oom", "redis", "two-faults/redis/0"), _broken("config", "ledger", "two-faults/ledger/2", delay=4)),
    ),
}
