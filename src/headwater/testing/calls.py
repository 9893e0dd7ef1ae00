"""How a broken service shows in those who call it: failing calls, their traces, and the climb towards the edge."""

from collections.abc import Sequence
from random import Random

from headwater.model.times import seconds
from headwater.testing import wire
from headwater.testing.recording import Recorder
from headwater.testing.world import Cluster, Pod, Workload

DEPTH_MAX = 4
"""Further up, retries and fallbacks have eaten the failure."""

FailedCall = tuple[int, str]
"""When, and in which trace."""


class Telemetry:
    """What instrumented services say about their calls."""

    def __init__(self, rng: Random, cluster: Cluster, recorder: Recorder) -> None:
        self.rng = rng
        self.cluster = cluster
        self.recorder = recorder
        self.impaired: dict[str, int] = {}

    def new_trace(self) -> str:
        """A trace id as OpenTelemetry makes them."""
        return f"{self.rng.getrandbits(128):032x}"

    def failed_calls(
        self, caller: str, callee: str, began: int, failures: Sequence[str], inherited: Sequence[FailedCall] = ()
    ) -> list[FailedCall]:
        """
        A run of failing calls from one service to another.

        `inherited` are failures deeper down: those of them that the request carried up belong to the same trace and come right after.
        """
        rng = self.rng
        calls = [(at + seconds(rng.uniform(0.01, 2)), trace_id) for at, trace_id in inherited if rng.random() < 0.6]
        if not calls:
            spacing = rng.uniform(0.2, 4)
            calls = [(began + seconds(index * spacing), self.new_trace()) for index in range(rng.choice([1, 2, 4, 8]))]
        failure = rng.choice(list(failures))
        for at, trace_id in calls:
            workload = self.cluster.workloads[caller]
            pod = rng.choice(workload.pods)
            latency = rng.uniform(4_900, 5_300) if failure in ("timeout", "dns", "504") else rng.uniform(2, 80)
            span = wire.call_span(self.cluster, caller, callee, pod=speaking_pod(workload, pod), failure=failure, latency_ms=latency)
            self.recorder.emit(at, span, clock=pod.node, trace_id=trace_id)
            if rng.random() < 0.25:
                message = span["message"]
                self.recorder.emit(at, wire.log_line(workload, pod, "error", message), clock=pod.node, trace_id=trace_id)
        return calls


def speaking_pod(workload: Workload, pod: Pod) -> Pod | None:
    """The pod a span names, where this workload's telemetry names pods at all."""
    return pod if workload.names_pods else None


def impair(
    telemetry: Telemetry,
    app: str,
    began: int,
    *,
    failures: Sequence[str] = ("timeout", "timeout", "refused", "503"),
    likelihood: float = 0.85,
    lag: float = 1.0,
    traces: Sequence[FailedCall] = (),
    depth: int = 0,
) -> None:
    """
    A service is bad from `began` on: each of its callers notices with some likelihood after a while and may fail in turn.

    `lag` scales how long a caller takes to notice, `likelihood` how sure it is to; both shrink on the way up.
    """
    rng = telemetry.rng
    telemetry.impaired.setdefault(app, began)
    for caller in telemetry.cluster.callers(app):
        if rng.random() > likelihood:
            continue
        noticed = began + seconds(rng.uniform(0.5, 25) * lag)
        calls = telemetry.failed_calls(caller, app, noticed, failures, traces)
        if caller not in telemetry.impaired and depth < DEPTH_MAX and rng.random() < 0.8:
            _answer_with_errors(telemetry, caller, calls)
            impair(
                telemetry,
                caller,
                calls[0][0],
                failures=("500", "503", "502", "504"),
                likelihood=likelihood * 0.9,
                lag=0.5,
                traces=calls,
                depth=depth + 1,
            )


def _answer_with_errors(telemetry: Telemetry, app: str, calls: Sequence[FailedCall]) -> None:
    """A service whose own calls fail answers some of its requests with an error, and its server spans say so."""
    workload = telemetry.cluster.workloads[app]
    for at, trace_id in calls[:2]:
        if telemetry.rng.random() < 0.35:
            pod = telemetry.rng.choice(workload.pods)
            span = wire.server_span(
                workload,
                pod=speaking_pod(workload, pod),
                error="HTTP 500 Internal Server Error",
                error_type="500",
                status=500,
                latency_ms=5_100,
            )
            telemetry.recorder.emit(at + seconds(0.005), span, clock=pod.node, trace_id=trace_id)
