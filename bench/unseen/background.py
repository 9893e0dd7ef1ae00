"""What goes on whether or not anything fails: healthy traffic, lines of logs, complaints that nobody heeds any more."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.clusters import Call
from bench.unseen.events import QUIET_SECONDS
from bench.unseen.neighbours import add_neighbours
from bench.unseen.telemetry import Recording

STATISTICS_SECONDS = 60.0
SPAN_SECONDS = 9.0
FLAW_SECONDS = 150.0


def add_background(recording: Recording) -> None:
    """From before the fault until the last event of the story and a little longer."""
    until = max(recording.last, 240.0) + 20.0
    _statistics(recording, until)
    _spans(recording, until)
    _habits(recording, until)
    _flaws(recording, until)
    _cluster_noise(recording, until)
    add_neighbours(recording, until)


def _silent(recording: Recording, app: str, at: float) -> bool:
    return at >= recording.silent.get(app, 1e9)


def _statistics(recording: Recording, until: float) -> None:
    for place, call in enumerate(recording.application.calls):
        at = -QUIET_SECONDS + 10.0 + 3.1 * place % STATISTICS_SECONDS
        while at < until:
            if not _silent(recording, call.caller, at):
                _statistic(recording, call, at)
            at += STATISTICS_SECONDS


def _statistic(recording: Recording, call: Call, at: float) -> None:
    found = recording.disturbed.get((call.caller, call.callee))
    is_disturbed = found is not None and found.since + 15 <= at <= found.until
    calls = max(1, int(call.per_minute * recording.random.uniform(0.85, 1.15)))
    errors = int(calls * found.errors) if found is not None and is_disturbed else (1 if recording.random.random() < 0.08 else 0)
    mean = call.milliseconds * recording.random.uniform(0.9, 1.1) * (found.slower if found is not None and is_disturbed else 1.0)
    attributes = {
        "service.name": call.caller,
        "peer.service": call.callee,
        "calls": calls,
        "errors": errors,
        "latency_mean_ms": round(mean, 3),
        "latency_max_ms": round(mean * recording.random.uniform(2.0, 4.0), 3),
        "k8s.namespace.name": recording.application.namespace_of(call.caller),
    }
    message = f"{call.caller} called {call.callee} {calls} times"
    recording.tell(
        at, kind="service", source="otel", severity="info", message=message, semantic={"intent": "trace.edge_stats"}, attributes=attributes
    )


def _spans(recording: Recording, until: float) -> None:
    at = -QUIET_SECONDS + 5.0
    while at < until:
        call = recording.random.choice(recording.application.calls)
        found = recording.disturbed.get((call.caller, call.callee))
        if not _silent(recording, call.caller, at) and (found is None or at < found.since or found.errors < 0.9):
            taken = call.milliseconds * recording.random.uniform(0.6, 1.6)
            recording.span(at, call.caller, call.callee, call.operation, milliseconds=taken)
        at += SPAN_SECONDS * recording.random.uniform(0.5, 1.5)


def _habits(recording: Recording, until: float) -> None:
    for habit in recording.application.habits:
        at = -QUIET_SECONDS + recording.random.uniform(0.0, habit.seconds)
        while at < until:
            pods = recording.living(habit.app, at)
            if pods and not _silent(recording, habit.app, at):
                line = habit.line.replace("{n}", str(recording.random.randrange(1_000, 99_999)))
                recording.log(at, recording.random.choice(pods), line, habit.level)
            at += habit.seconds * recording.random.uniform(0.6, 1.4)


def _flaws(recording: Recording, until: float) -> None:
    """Now and then a call times out or is broken off, anywhere."""
    at = -QUIET_SECONDS + recording.random.uniform(10.0, 60.0)
    while at < until:
        call = recording.random.choice(recording.application.calls)
        if not _silent(recording, call.caller, at):
            recording.span(
                at, call.caller, call.callee, call.operation, error="context deadline exceeded", error_type="timeout", milliseconds=3_000.0
            )
        at += FLAW_SECONDS * recording.random.uniform(0.6, 1.4)


def _cluster_noise(recording: Recording, until: float) -> None:
    pods = sorted((pod for app in recording.application.workloads for pod in recording.lasting(app.name)), key=lambda pod: pod.name)
    dns = "Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.96.0.10 10.20.0.2 10.20.0.3"
    chronic = recording.random.choice(pods)
    for number, at in enumerate(range(-int(QUIET_SECONDS) + 20, int(until), 130)):
        if not recording.says(chronic, at):
            break
        recording.event(recording.nearly(float(at), 9.0), chronic, "DNSConfigForming", dns, count=4_310 + number, since=-86_400.0 * 9)
    recording.alert(-QUIET_SECONDS + 12.0, "KubeCPUOvercommit", "Cluster has overcommitted CPU resource requests.", pending="10m")
    recording.alert(
        -QUIET_SECONDS + 14.0,
        "Watchdog",
        "An alert that should always be firing to certify that Alertmanager is working properly.",
        severity="none",
    )
    passing = recording.random.choice(pods)
    recording.event(
        -QUIET_SECONDS + 71.0,
        passing,
        "Unhealthy",
        f'Readiness probe failed: Get "http://{passing.address}:8080/healthz": context deadline exceeded',
    )
