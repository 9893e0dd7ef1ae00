"""What is told of requests, logs, alerts, metrics and nodes: the words of collectors that watch no API."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec
from bench.unseen.events import Event, context_of, entity_of
from bench.unseen.names import digest
from bench.unseen.object_parts import Thing
from bench.unseen.rollouts import Rollouts


class Disturbance(msgspec.Struct, frozen=True):
    """From when on a call is not what it was."""

    since: float
    until: float
    errors: float
    slower: float


class Recording(Rollouts):
    """All that is told of one case."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.disturbed: dict[tuple[str, str], Disturbance] = {}

    def disturb(
        self, caller: str, callee: str, since: float = 0.0, *, errors: float = 0.5, slower: float = 1.0, until: float = 1e9
    ) -> None:
        """The statistics of a call are no longer the usual ones."""
        self.disturbed[caller, callee] = Disturbance(since, until, errors, slower)

    def log(
        self, at: float, about: Thing | str, line: str, level: str = "error", *, container: str = "", error_type: str = "", source: str = ""
    ) -> None:
        """A line of an app's pod, or of its first where only the app is given."""
        pod = about if isinstance(about, Thing) else self.pod(about)
        source = source or self.application.log_source
        word = {"error": "error", "fatal": "error", "warning": "warn"}.get(level, "info")
        attributes = {"service.name": pod.app, **({"k8s.container.name": container} if container else {})}
        said = {"level": level, "message": line, **({"error_type": error_type} if error_type else {})}
        severity = {"fatal": "critical", "error": "error", "warning": "warning"}.get(level, "info")
        self.tell(
            at,
            kind="log",
            source=source,
            severity=severity,
            message=line,
            entity=entity_of(pod),
            application=said,
            semantic={"intent": f"log.{word}"},
            attributes=attributes,
            k8s_context=context_of(pod),
        )

    def logs(self, times: Sequence[float], app: str, line: str, level: str = "error", **said: Any) -> None:
        """The same line at several times, by the pods of an app in turn; `{n}` is a number that differs."""
        for number, at in enumerate(times):
            pods = self.living(app, at) or self.pods(app)
            varied = line.replace("{n}", str(self.random.randrange(1_000, 99_999)))
            self.log(self.nearly(at), pods[number % len(pods)], varied, level, **said)

    def span(
        self,
        at: float,
        caller: str,
        callee: str,
        operation: str,
        *,
        error: str = "",
        error_type: str = "",
        status: int = 0,
        milliseconds: float = 20.0,
        intent: str = "",
        trace: str = "",
        kind: str = "client",
        severity: str = "",
        callee_attribute: str = "peer.service",
        more: Mapping[str, Any] | None = None,
        words: str = "",
        by: Sequence[Thing] = (),
    ) -> None:
        """A span of a call by a living pod, of those in `by` if any; a failed one with an error. Without a callee it is one of serving."""
        pods = list(by) or self.living(caller, at)
        if not pods and self.objects.pods_ever(caller):
            return
        pod = self.random.choice(pods) if pods else None
        trace = trace or digest("trace", str(self.random.random()))[:32]
        said: Event = {
            "service.name": caller,
            "k8s.namespace.name": self.application.namespace_of(caller),
            "span.kind": kind,
            "op": operation,
            **(more or {}),
        }
        if callee:
            said[callee_attribute] = callee
        said["otel.status_code"] = "ERROR" if error else "OK"
        if error_type:
            said["error.type"] = error_type
        network: Event = {"latency_ns": int(milliseconds * 1e6), **({"status_code": status} if status else {})}
        about = pod or self.of("Service", caller)
        self.tell(
            at,
            kind="service",
            source="otel",
            severity=severity or ("error" if error else "info"),
            message=error or words,
            trace_context={"trace_id": trace, "span_id": digest("span", trace, caller, callee, kind)[:16]},
            semantic={"intent": intent} if intent else {"intent": "span"} if error else None,
            entity=entity_of(about),
            k8s_context=context_of(about) if pod else None,
            network=network,
            attributes=said,
        )

    def slow(
        self, at: float, app: str, operation: str, milliseconds: float, usual: float, *, callee: str = "", by: Sequence[Thing] = ()
    ) -> None:
        """A span that took far longer than usual: by its own doing, or, with a callee, waiting for one that did not say so."""
        message = f"{operation} took {milliseconds:.0f} ms, usually {usual:.0f} and at most {usual * 2:.0f}"
        measured = {"latency_ms": milliseconds, "usual_median_ms": usual, "usual_p99_ms": usual * 2}
        more: dict[str, Any] = measured if callee else {**measured, "self_slow": True}
        intent, kind = ("rpc.gap", "client") if callee else ("span.slow", "server")
        self.span(
            at,
            app,
            callee,
            operation,
            milliseconds=milliseconds,
            intent=intent,
            severity="warning",
            kind=kind,
            more=more,
            words=message,
            by=by,
        )

    def failing(
        self,
        at: float,
        path: Sequence[str],
        error: str,
        *,
        error_type: str = "",
        status: int = 0,
        milliseconds: float = 30.0,
        outer: int = 500,
    ) -> None:
        """One request that fails: the last of the path is who was called at the end, and everybody before passes the failure on."""
        trace = digest("trace", str(self.random.random()))[:32]
        calls = {(call.caller, call.callee): call.operation for call in self.application.calls}
        hops = list(pairwise(path))
        for depth, (caller, callee) in enumerate(reversed(hops)):
            operation = calls.get((caller, callee), "GET /")
            taken = milliseconds + 3 * depth
            if depth == 0:
                self.span(at, caller, callee, operation, error=error, error_type=error_type, status=status, milliseconds=taken, trace=trace)
            else:
                told = f"HTTP {outer} in {operation}"
                self.span(
                    at + depth / 100,
                    caller,
                    callee,
                    operation,
                    error=told,
                    error_type=str(outer),
                    status=outer,
                    milliseconds=taken,
                    trace=trace,
                )

    def failures(self, times: Sequence[float], path: Sequence[str], error: str, **said: Any) -> None:
        """The same at several times."""
        for at in times:
            self.failing(self.nearly(at, 3.0), path, error, **said)

    def alert(self, at: float, name: str, summary: str, *, severity: str = "warning", pending: str = "", **labels: str) -> None:
        """An alert begins to fire."""
        labels = {"alertname": name, "severity": severity, "prometheus": "monitoring/k8s", **labels}
        fingerprint = digest("alert", *(f"{key}={label}" for key, label in sorted(labels.items())))[:16]
        attributes: Event = {**labels, "status": "firing", "startsAt": self.time(at), "fingerprint": fingerprint, "labels": labels}
        if pending:
            attributes["for"] = pending
        word = {"critical": "critical", "warning": "warning"}.get(severity, "info")
        self.tell(
            at,
            kind="alert",
            source="alertmanager",
            severity=word,
            category="alert",
            message=summary,
            semantic={"intent": f"alert.{name}"},
            attributes=attributes,
        )

    def burn(self, at: float, app: str, *, severity: str = "critical") -> None:
        """An alert that a service spends its error budget too fast."""
        summary = f"{app} is burning its availability error budget 14.4 times too fast"
        self.alert(
            at,
            "ErrorBudgetBurn",
            summary,
            severity=severity,
            pending="2m",
            service=app,
            namespace=self.application.namespace_of(app),
            slo="availability",
        )

    def metric(
        self,
        at: float,
        about: Thing,
        name: str,
        amount: float,
        threshold: float,
        *,
        unit: str = "",
        intent: str = "metric.threshold",
        above: bool = True,
    ) -> None:
        """A detector saw a series cross its threshold."""
        message = f"{name}={amount:g} {'above' if above else 'below'} {threshold:g}"
        attributes = {"threshold": threshold, **({"service.name": about.app} if about.kind == "Pod" else {})}
        self.tell(
            at,
            kind="metric",
            source="prometheus",
            severity="error",
            message=message,
            entity=entity_of(about),
            semantic={"intent": intent},
            metrics={"metric_name": name, "value": amount, **({"unit": unit} if unit else {})},
            attributes=attributes,
            k8s_context=context_of(about),
        )

    def unit(self, at: float, node: str, unit: str, line: str, *, state: str = "failed", result: str = "") -> None:
        """What systemd says of a unit of a node."""
        about = self.of("Node", node)
        attributes = {"unit": unit, "state": state, **({"result": result} if result else {})}
        self.tell(
            at,
            kind="systemd",
            source="systemd",
            severity="high" if state == "failed" else "info",
            message=line,
            entity=entity_of(about),
            semantic={"intent": f"host.unit.{state}"},
            k8s_context=context_of(about),
            attributes=attributes,
        )

    def node_log(self, at: float, node: str, line: str, *, level: str = "warning", program: str = "kernel") -> None:
        """A line of a node's journal, as a log shipper sends it."""
        about = self.of("Node", node)
        severity = {"error": "error", "warning": "warning"}.get(level, "info")
        self.tell(
            at,
            kind="log",
            source="journald",
            severity=severity,
            message=line,
            entity=entity_of(about),
            application={"level": level, "message": line, "logger": program},
            attributes={"syslog.identifier": program},
            k8s_context=context_of(about),
        )

    def oom_kill(self, at: float, pod: Thing, command: str, mebibytes: int, *, source: str = "ebpf") -> None:
        """The kernel killed a process of a container that reached its limit."""
        number = self.random.randrange(2_000, 90_000)
        message = f"the kernel killed {command} (pid {number}) because its container reached the memory limit of {mebibytes} MiB"
        self.tell(
            at,
            kind="ebpf",
            source=source,
            severity="critical",
            category="memory",
            message=message,
            kernel={"syscall": "oom_kill", "pid": number, "comm": command},
            attributes={"constraint": "CONSTRAINT_MEMCG", "limit.of": "container"},
            k8s_context={"kind": "Pod", "uid": pod.uid, "node_name": pod.node},
        )
