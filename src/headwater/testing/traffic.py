"""
Endless seeded traffic of a cluster in trouble, for benches: mostly healthy, some storms of repeats, now and then something new.

Bodies are written once and only ids and times are filled in, so that making an event costs less than reading it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any, NamedTuple

import msgspec

from headwater.model.identity import subject_token, trace_token
from headwater.model.inputs import EventObserved
from headwater.model.times import format_time, seconds
from headwater.testing import wire
from headwater.testing.calls import speaking_pod
from headwater.testing.kubernetes_objects import cluster_objects
from headwater.testing.world import Cluster, Pod, Size, Workload, make_cluster

CLUSTER = Size(services=60, nodes=20, products=3, replicas=(2, 3, 4, 6))
HEALTHY_KINDS = {"span": 0.55, "log": 0.25, "kubernetes event": 0.08, "object update": 0.07, "metric": 0.05}
STORMS = 4
_BLANK_ID, _BLANK_TIME, _BLANK_TRACE, _BLANK_SPAN, _BLANK_PARENT, _BLANK_SERIAL = (
    "<id>",
    "<time>",
    "<trace>",
    "<span>",
    "<parent>",
    "<serial>",
)


class MadeEvent(NamedTuple):
    """One event, as a collector would publish it."""

    kind: str
    id: str
    source: str
    trace_id: str
    data: bytes

    def observed(self, received_at: int, sequence: int) -> EventObserved:
        """The event as the stream delivers it."""
        return EventObserved(trace_token(self.trace_id), subject_token(self.source), self.data, received_at, sequence)


@dataclass(frozen=True, slots=True)
class Template:
    """A body with blanks, in the order in which they stand in it."""

    source: str
    pattern: bytes
    blanks: tuple[str, ...]
    caller: str = ""  # of a call
    callee: str = ""


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of all events; the rest is healthy."""

    storms: float = 0.04975  # repeats of what a few broken services and those who call them already show
    blips: float = 0.0002  # any pod or call, any time, of no consequence
    fresh: float = 0.00005  # a pod that nobody heard of before is killed for memory

    @property
    def healthy(self) -> float:
        """The share of healthy events."""
        return 1 - self.storms - self.blips - self.fresh


class Traffic:
    """Makes events; equal seeds give equal ones."""

    def __init__(self, seed: str, mix: Mix | None = None, size: Size = CLUSTER) -> None:
        self.cluster: Cluster = make_cluster(f"traffic/{seed}", size)
        self._mix = mix or Mix()
        self._rng = Random(f"traffic/{seed}")
        self._serial = 0
        self.traces = 0  # how many different ones were begun
        self._trace_id = self._span_id = self._reached = ""  # of the request under way, and the service it has come to
        self._templates = self._write_templates()
        self._calls_of: dict[str, list[Template]] = {}
        for template in self._templates["span"]:
            self._calls_of.setdefault(template.caller, []).append(template)
        self._shares = [(kind, share * self._mix.healthy) for kind, share in HEALTHY_KINDS.items()]
        self._shares += [("storm", self._mix.storms), ("blip", self._mix.blips), ("fresh", self._mix.fresh)]

    def objects(self) -> list[dict[str, Any]]:
        """The cluster's objects, as kubectl prints them."""
        return cluster_objects(self.cluster)

    def event(self, at: int) -> MadeEvent:
        """The next event of the mix, which happens at `at` (nanoseconds)."""
        kinds, weights = zip(*self._shares, strict=True)
        return self.event_of(self._rng.choices(kinds, weights)[0], at)

    def events(self, count: int, start: int, per_second: float, *, one_span_a_trace: bool = False) -> Iterator[EventObserved]:
        """So many events of the mix as the stream delivers them, evenly from `start` on; each happened up to a second before."""
        kinds, weights = zip(*self._shares, strict=True)
        step = seconds(1 / per_second)
        for index, kind in enumerate(self._rng.choices(kinds, weights, k=count)):
            received_at = start + index * step
            if one_span_a_trace:
                self._reached = ""
            yield self.event_of(kind, received_at - self._rng.randrange(seconds(1))).observed(received_at, index + 1)

    def event_of(self, kind: str, at: int) -> MadeEvent:
        """The next event of one kind: of HEALTHY_KINDS, `storm`, `blip`, `fresh`, `stranger` or `unready`."""
        templates = self._templates[kind]
        if kind == "span":
            # A request goes down the call graph, hop by hop, until a service calls nobody.
            templates = self._calls_of.get(self._reached, templates)
        template = templates[int(self._rng.random() * len(templates))]
        self._serial += 1
        event_id = f"{self._rng.getrandbits(96):024x}{self._serial:08x}"
        trace_id = span_id = parent_id = ""
        if _BLANK_TRACE in template.blanks:
            trace_id, span_id, parent_id = self._next_span(template) if kind in HEALTHY_KINDS else self._trace_of_its_own()
        values = {
            _BLANK_ID: event_id, _BLANK_TIME: format_time(at), _BLANK_TRACE: trace_id, _BLANK_SPAN: span_id, _BLANK_PARENT: parent_id,
            _BLANK_SERIAL: f"{self._serial:09d}",
        }  # fmt: skip
        data = template.pattern % tuple(values[blank].encode() for blank in template.blanks)
        return MadeEvent(kind, event_id, template.source, trace_id, data)

    def _next_span(self, template: Template) -> tuple[str, str, str]:
        if not template.callee:
            return self._trace_id, self._span_id, ""  # a line logged on the way
        parent_id = self._span_id if template.caller == self._reached else ""
        if not parent_id:
            self._trace_id = self._new_trace()
        self._span_id, self._reached = f"{self._rng.getrandbits(64):016x}", template.callee
        return self._trace_id, self._span_id, parent_id

    def _trace_of_its_own(self) -> tuple[str, str, str]:
        """Requests that fail have nothing to do with those that go well at the same time."""
        return self._new_trace(), f"{self._rng.getrandbits(64):016x}", ""

    def _new_trace(self) -> str:
        self.traces += 1
        return f"{self._rng.getrandbits(128):032x}"

    def _write_templates(self) -> dict[str, list[Template]]:
        write = _Writer(self._rng, self.cluster)
        makers: dict[str, Callable[[], list[Template]]] = {
            "span": write.spans, "log": write.logs, "kubernetes event": write.ordinary_events, "object update": write.updates,
            "metric": write.samples, "storm": write.storms, "blip": write.blips, "fresh": write.fresh,
            "stranger": write.strangers,
            "unready": write.unready,
        }  # fmt: skip
        return {kind: make() for kind, make in makers.items()}


class _Writer:
    """Writes the templates of each kind."""

    def __init__(self, rng: Random, cluster: Cluster) -> None:
        self._rng, self._cluster = rng, cluster
        self._pods = [(workload, pod) for workload, pod in cluster.pods() if workload.app != cluster.dns]
        self._calls = [(caller, callee) for caller, callees in cluster.calls.items() for callee in callees]

    def spans(self) -> list[Template]:
        """A good call along every edge."""
        return [self._call(caller, callee, None, self._rng.uniform(2, 60)) for caller, callee in self._calls for _ in range(3)]

    def logs(self) -> list[Template]:
        lines = ["request handled in 12 ms: GET /items/<serial> 200", "cache refreshed, 2481 entries, next in 30 s", "connected to peer"]
        return [
            _template(_rich(wire.log_line(workload, pod, "info", line)), with_trace=index == 0)
            for workload, pod in self._pods
            for index, line in enumerate(lines)
        ]

    def ordinary_events(self) -> list[Template]:
        return [
            _template(_rich(wire.pod_event(pod, reason, message)))
            for workload, pod in self._pods
            for reason, message in (
                ("Pulled", f'Container image "{workload.image}" already present on machine'),
                ("Started", f"Started container {workload.app}"),
            )
        ]

    def updates(self) -> list[Template]:
        """A status was written; no relation changes."""
        return [
            _template(_rich(wire.object_change(workload.kind, workload.namespace, workload.name, f"{workload.name} modified: status")))
            for workload, _ in self._pods
        ]

    def samples(self) -> list[Template]:
        return [_template(_rich(wire.metric_sample(pod, "cpu_usage_percent", self._rng.uniform(5, 60)))) for _, pod in self._pods]

    def storms(self) -> list[Template]:
        """A few services are down: their pods restart and are unready, everybody who calls them times out."""
        victims = self._rng.sample([app for app in self._cluster.workloads if len(self._cluster.callers(app)) > 1], STORMS)
        found: list[Template] = []
        for app in victims:
            workload = self._cluster.workloads[app]
            for pod in workload.pods[:2]:
                found += [_template(_rich(body)) for body in _crashing(workload, pod)]
            for caller in self._cluster.callers(app):
                failures = ("timeout", "503")
                found += [self._call(caller, app, failure, 5_000) for failure in failures for _ in range(4)]
        return found

    def blips(self) -> list[Template]:
        probe = 'Readiness probe failed: Get "http://10.244.1.9:8080/healthz": context deadline exceeded'
        found = [_template(_rich(wire.pod_event(pod, "Unhealthy", probe, is_warning=True))) for _, pod in self._pods]
        found += [_template(_rich(wire.pod_state(pod, "ContainerRestarts", "container restarted"))) for _, pod in self._pods]
        return found + [self._call(caller, callee, "503", 4) for caller, callee in self._calls]

    def fresh(self) -> list[Template]:
        """Each pod's name is its first and last."""
        return [_template(_rich(wire.oom_kill(_renamed(workload, pod), workload.app))) for workload, pod in self._pods]

    def strangers(self) -> list[Template]:
        """The same, on a node that nobody heard of either: each is an incident of its own."""
        killed = [replace(_renamed(workload, pod), node=f"node-{_BLANK_SERIAL}") for workload, pod in self._pods]
        return [_template(_rich(wire.oom_kill(pod, "java"))) for pod in killed]

    def unready(self) -> list[Template]:
        """A pod that nobody heard of fails its probe."""
        probe = "Readiness probe failed: HTTP probe failed with statuscode: 503"
        pods = [replace(_renamed(workload, pod), node="") for workload, pod in self._pods]
        return [_template(_rich(wire.pod_event(pod, "Unhealthy", probe, is_warning=True))) for pod in pods]

    def _call(self, caller: str, callee: str, failure: str | None, latency_ms: float) -> Template:
        workload = self._cluster.workloads[caller]
        pod = self._rng.choice(workload.pods)
        span = wire.call_span(self._cluster, caller, callee, pod=speaking_pod(workload, pod), failure=failure, latency_ms=latency_ms)
        return replace(_template(_rich(span), with_trace=True), caller=caller, callee=callee)


def _crashing(workload: Workload, pod: Pod) -> list[dict[str, Any]]:
    return [
        wire.pod_event(pod, "BackOff", f"Back-off restarting failed container {workload.app} in pod {pod.name}", is_warning=True),
        wire.pod_event(pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", is_warning=True),
        wire.log_line(workload, pod, "error", "panic: runtime error: out of memory while handling request <serial>", error_type="panic"),
    ]


def _renamed(workload: Workload, pod: Pod) -> Pod:
    return Pod(f"{workload.name}-{_BLANK_SERIAL}", pod.namespace, f"000-{_BLANK_SERIAL}", pod.address, pod.node, pod.container_id)


def _rich(body: dict[str, Any]) -> dict[str, Any]:
    """Collectors say more than anybody reads, here as much as brings an event to some 600 bytes."""
    extra = {"process.runtime": "go1.24.3", "telemetry.sdk": "opentelemetry 1.36.0", "deployment.environment": "production"}
    extra |= {"host.arch": "amd64", "k8s.cluster": "primary"} if "kubernetes" in body else {}
    return body | {"attributes": body.get("attributes", {}) | extra}


def _template(body: dict[str, Any], *, with_trace: bool = False) -> Template:
    content: dict[str, Any] = {"id": _BLANK_ID, "timestamp": _BLANK_TIME}
    if with_trace:
        content["trace_context"] = {"trace_id": _BLANK_TRACE, "span_id": _BLANK_SPAN, "parent_span_id": _BLANK_PARENT}
    text = msgspec.json.encode(content | body).decode().replace("%", "%%")
    blanks = []
    position = text.find("<")
    while position >= 0:
        blank = text[position : text.find(">", position) + 1]
        blanks.append(blank)
        text = text.replace(blank, "%s", 1)
        position = text.find("<")
    return Template(source=str(body["source"]), pattern=text.encode(), blanks=tuple(blanks))
