"""What stories of the second volume have in common: requests that fail by semantic conventions, monitors, pods that lose readiness."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from bench.unseen.events import Event, every
from bench.unseen.names import digest
from bench.unseen.object_parts import Thing
from bench.unseen.telemetry import Recording
from bench.unseen.truths import story

second = partial(story, volume=2)
"""Registers a story of this volume."""


def request(
    r: Recording,
    at: float,
    path: Sequence[str],
    error: str,
    *,
    error_type: str = "",
    status: int = 0,
    milliseconds: float = 25.0,
    outer: int = 502,
    more: Mapping[str, Any] | None = None,
) -> None:
    """One request that fails where the last of the path is called; who called before answers with `outer`."""
    trace = digest("request", str(r.random.random()))[:32]
    operations = {(call.caller, call.callee): call.operation for call in r.application.calls}
    for depth, (caller, callee) in enumerate(reversed(list(pairwise(path)))):
        said: Event = dict(more or {}) if depth == 0 else {"http.response.status_code": outer}
        r.span(
            at + depth / 50,
            caller,
            callee,
            operations[caller, callee],
            error=error if depth == 0 else f"{operations[caller, callee]} answered {outer}",
            error_type=error_type if depth == 0 else str(outer),
            status=status if depth == 0 else outer,
            milliseconds=milliseconds + 4 * depth,
            trace=trace,
            callee_attribute="server.address" if "." in callee else "peer.service",
            more=said,
        )


def broken(
    r: Recording,
    path: Sequence[str],
    error: str,
    *,
    since: float = 4.0,
    until: float = 240.0,
    step: float = 14.0,
    share: float = 1.0,
    slower: float = 1.0,
    **said: Any,
) -> None:
    """Requests along a path fail again and again, and the statistics of its calls show it."""
    for at in every(since, until, step):
        request(r, r.nearly(at, step / 3), path, error, **said)
    for caller, callee in pairwise(path):
        r.disturb(caller, callee, since, errors=share, slower=slower)


def held_up(
    r: Recording, path: Sequence[str], milliseconds: float, *, since: float = 5.0, until: float = 240.0, step: float = 12.0
) -> None:
    """The last of a path takes that long by its own doing, so that who calls it waits."""
    usual = {(call.caller, call.callee): call for call in r.application.calls}
    for caller, callee in pairwise(path):
        r.disturb(caller, callee, since, errors=0.05, slower=max(2.0, milliseconds / usual[caller, callee].milliseconds))
    last = usual[path[-2], path[-1]]
    for at in every(since, until, step):
        r.slow(r.nearly(at), last.callee, last.operation, milliseconds * r.random.uniform(0.8, 1.3), last.milliseconds)


def waiting(
    r: Recording, caller: str, callee: str, milliseconds: float, *, since: float = 5.0, until: float = 240.0, step: float = 13.0
) -> None:
    """A client waits for one that writes no spans itself."""
    call = next(each for each in r.application.calls if (each.caller, each.callee) == (caller, callee))
    for at in every(since, until, step):
        r.slow(r.nearly(at), caller, call.operation, milliseconds * r.random.uniform(0.8, 1.3), call.milliseconds, callee=callee)
    r.disturb(caller, callee, since, errors=0.1, slower=milliseconds / call.milliseconds)


def unhealthy(r: Recording, pod: Thing, times: Sequence[float], message: str, *, fails_at: int = 1) -> None:
    """A probe of a pod fails; with the first of these times it is no longer ready."""
    for number, at in enumerate(times, start=1):
        r.event(at, pod, "Unhealthy", message, count=number * 3, since=times[0] - 8)
        if number == fails_at:
            r.unready(at + 0.6, pod)


def killed_by_probe(r: Recording, pod: Thing, at: float, message: str, restarts: int, *, code: int = 137) -> None:
    """The kubelet restarts a container for its liveness probe, which takes a while to come up again."""
    r.event(at, pod, "Unhealthy", message, count=3 * restarts, since=at - 22)
    r.normal(at + 0.2, pod, "Killing", f"Container {pod.app} failed liveness probe, will be restarted")
    r.ended(at + 30.4, pod, "Error", code, restarts=restarts)
    r.unready(at + 30.8, pod)
    r.normal(at + 31.6, pod, "Started", f"Started container {pod.app}")
    r.ready(at + 52, pod)


def monitor(r: Recording, at: float, title: str, message: str, *, severity: str = "error", **tags: str) -> None:
    """A monitor of a vendor's service triggers."""
    number = str(int(digest("monitor", title)[:7], 16))
    attributes: Event = {"alertname": title, "alert_id": number, "status": "firing", "startsAt": r.time(at), **tags}
    intent = {"intent": "alert.monitor"}
    said = f"[Triggered] {title}: {message}"
    r.tell(at, kind="alert", source="datadog", severity=severity, category="alert", message=said, semantic=intent, attributes=attributes)


def restarts_with(
    r: Recording, pods: Sequence[Thing], at: float, line: str, ends: Sequence[float], *, code: int = 1, level: str = "fatal"
) -> None:
    """The containers of these pods say why and end, again and again."""
    for number, pod in enumerate(pods):
        for after in ends:
            r.log(at + after + number - 0.4, pod, line, level)
        r.crash_loop(at + number, pod, ends, code)
