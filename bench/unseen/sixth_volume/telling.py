"""What stories of the sixth volume share: traces that fail, calls that wait, dashboards that complain, proxies that write it down."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from bench.unseen.clusters import Call
from bench.unseen.events import Event, every
from bench.unseen.names import digest
from bench.unseen.object_parts import Thing
from bench.unseen.telemetry import Recording
from bench.unseen.truths import story

END = 250.0
"""When most stories have told what they tell."""

sixth = partial(story, volume=6)
"""Registers a story of this volume."""


def call_of(r: Recording, caller: str, callee: str) -> Call:
    """What is usual between two."""
    return next(each for each in r.application.calls if (each.caller, each.callee) == (caller, callee))


def trace_fails(
    r: Recording,
    at: float,
    path: Sequence[str],
    error: str,
    *,
    kind: str = "",
    status: int = 0,
    milliseconds: float = 12.0,
    outer: int = 500,
    more: Mapping[str, Any] | None = None,
    by: Sequence[Thing] = (),
) -> None:
    """One trace: the last call of the path fails with an error, and those before it with a status that says less."""
    trace = digest("trace", str(r.random.random()))[:32]
    for depth, (caller, callee) in enumerate(reversed(list(pairwise(path)))):
        innermost = depth == 0
        fails = innermost or outer >= 400
        r.span(
            at + depth / 40,
            caller,
            callee,
            call_of(r, caller, callee).operation,
            error=error if innermost else f"{outer} from {callee}" if fails else "",
            error_type=kind if innermost else str(outer) if fails else "",
            status=status if innermost else outer,
            milliseconds=milliseconds + 5 * depth,
            trace=trace,
            callee_attribute="server.address" if callee.endswith(".example") else "peer.service",
            more=dict(more or {}) if innermost else {"http.response.status_code": outer},
            by=by if innermost else (),
        )


def traces_fail(
    r: Recording,
    path: Sequence[str],
    error: str,
    *,
    since: float = 4.0,
    until: float = END,
    step: float = 13.0,
    share: float = 0.9,
    slower: float = 1.0,
    passed_on: float = 1.0,
    **said: Any,
) -> None:
    """The same again and again, as the statistics of the calls have it too; `passed_on` is the part of outer calls that need the last."""
    for at in every(since, until, step):
        trace_fails(r, r.nearly(at, step / 3), path, error, **said)
    last = (path[-2], path[-1])
    outer = share * passed_on if said.get("outer", 500) >= 400 else 0.0
    for caller, callee in pairwise(path):
        r.disturb(caller, callee, since, errors=share if (caller, callee) == last else outer, slower=slower)


def drag(r: Recording, path: Sequence[str], milliseconds: float, *, since: float = 5.0, until: float = END, step: float = 11.0) -> None:
    """The last of a path takes long by its own doing, so everybody before it waits."""
    last = call_of(r, path[-2], path[-1])
    for at in every(since, until, step):
        r.slow(r.nearly(at), last.callee, last.operation, milliseconds * r.random.uniform(0.7, 1.4), last.milliseconds)
    for caller, callee in pairwise(path):
        usual = call_of(r, caller, callee).milliseconds
        r.disturb(caller, callee, since, errors=0.04, slower=max(2.0, milliseconds / usual))


def waits_for(
    r: Recording, caller: str, callee: str, milliseconds: float, *, since: float = 5.0, until: float = END, step: float = 14.0
) -> None:
    """A client waits for one that writes no spans of its own."""
    call = call_of(r, caller, callee)
    for at in every(since, until, step):
        r.slow(r.nearly(at), caller, call.operation, milliseconds * r.random.uniform(0.7, 1.4), call.milliseconds, callee=callee)
    r.disturb(caller, callee, since, errors=0.08, slower=milliseconds / call.milliseconds)


def grafana(r: Recording, at: float, title: str, value: str, *, severity: str = "error", **labels: str) -> None:
    """A rule that somebody made beside a dashboard."""
    number = digest("rule", title)[:9]
    attributes: Event = {
        "alertname": title,
        "rule_uid": number,
        "grafana_folder": "Newsroom",
        "status": "firing",
        "startsAt": r.time(at),
        **labels,
    }
    message = f"[FIRING:1] {title} ({value})"
    intent = {"intent": "alert.grafana"}
    r.tell(at, kind="alert", source="grafana", severity=severity, category="alert", message=message, semantic=intent, attributes=attributes)


def access(
    r: Recording,
    times: Sequence[float],
    caller: str,
    callee: str,
    *,
    status: int,
    flags: str,
    details: str,
    failure: str = "",
    milliseconds: int = 4,
    inbound: bool = False,
) -> None:
    """What the proxy beside an app writes of its requests: of those it sends, or of those it receives."""
    port, call = r.application.workload(callee).port, call_of(r, caller, callee)
    method, _, route = call.operation.partition(" ")
    namespace = r.application.namespace_of(callee)
    line = {
        "start_time": "2026-10-13T10:00:00.000Z",
        "method": method,
        "path": route,
        "response_code": status,
        "response_flags": flags,
        "response_code_details": details,
        "upstream_transport_failure_reason": failure or None,
        "duration": milliseconds,
        "authority": f"{callee}:{port}",
        "upstream_cluster": f"inbound|{port}||" if inbound else f"outbound|{port}||{callee}.{namespace}.svc.cluster.local",
        "request_id": "{n}",
    }
    r.logs(times, callee if inbound else caller, json.dumps(line, separators=(",", ":")), "warning", container="istio-proxy")


def quarkus(logger: str, message: str, thrown: str = "", level: str = "ERROR") -> str:
    """A line of a JVM that logs JSON, with the trace of what was thrown."""
    line = {"timestamp": "-", "level": level, "loggerName": logger, "message": message, **({"stackTrace": thrown} if thrown else {})}
    return json.dumps(line, separators=(",", ":"))


def says_and_ends(
    r: Recording, pods: Sequence[Thing], at: float, line: str, ends: Sequence[float], *, code: int = 1, container: str = ""
) -> None:
    """Containers write why and end, again and again; in between nothing else is heard of them."""
    for app in sorted({pod.app for pod in pods}):
        if all(pod in pods for pod in r.pods(app)):
            r.silent[app] = at + 2
    for number, pod in enumerate(pods):
        r.silent[pod.name] = at
        for after in ends:
            r.log(at + after + 1.3 * number - 0.5, pod, line, "fatal", container=container)
        r.crash_loop(at + 1.3 * number, pod, ends, code, container=container)


def all_ready(r: Recording, pods: Sequence[Thing], at: float) -> None:
    """New pods become ready, one after the other."""
    for number, pod in enumerate(pods):
        r.ready(at + 1.7 * number, pod)


def readings_are_stale(r: Recording, times: Sequence[float], stopped: float, alert: float) -> None:
    """Nothing new is stored since a moment, which its readers notice first and an alert later."""
    for at in times:
        age = round(1000 * (at - stopped)) + r.random.randrange(900)
        line = f"2026-12-08 10:00:00,000 WARNING usage_api.freshness newest reading is {age} ms old, limit 60000"
        r.log(at, r.random.choice(r.living("usage-api", at)), line, "warning")
    r.alert(alert, "ReadingsAreStale", "No new reading was stored for 3 minutes", severity="critical", team="metering", pending="3m")
