"""What stories of the fifth volume have in common: monitors of Datadog, alarms of CloudWatch, new pods that find no place."""

from collections.abc import Sequence
from functools import partial

from bench.unseen.events import Event
from bench.unseen.fourth_volume.telling import disturb, failing
from bench.unseen.names import digest
from bench.unseen.object_parts import Thing
from bench.unseen.telemetry import Recording
from bench.unseen.truths import story

fifth = partial(story, volume=5)
"""Registers a story of this volume."""


def _fires(r: Recording, at: float, source: str, name: str, message: str, severity: str, labels: dict[str, str]) -> None:
    said: Event = {"alertname": name, "status": "firing", "startsAt": r.time(at), "fingerprint": digest(source, name)[:16], **labels}
    intent = {"intent": f"alert.{source}"}
    r.tell(at, kind="alert", source=source, severity=severity, category="alert", message=message, semantic=intent, attributes=said)


def monitor(r: Recording, at: float, name: str, seen: str, *, priority: int = 2, **tags: str) -> None:
    """A monitor of Datadog is triggered."""
    severity = "critical" if priority == 1 else "error" if priority == 2 else "warning"
    on = ",".join(f"{key}:{value}" for key, value in sorted(tags.items()))
    _fires(r, at, "datadog", name, f"[P{priority}] [Triggered on {{{on}}}] {name}: {seen}", severity, tags)


def alarm(r: Recording, at: float, name: str, why: str, *, severity: str = "error", **dimensions: str) -> None:
    """An alarm of CloudWatch goes into ALARM."""
    _fires(r, at, "cloudwatch", name, f'ALARM: "{name}" in EU (Frankfurt): Threshold Crossed: {why}', severity, dimensions)


def no_place(r: Recording, pod: Thing, at: float, why: str, times: Sequence[float]) -> None:
    """No node takes a pod, which the scheduler says at once and at these times."""
    waits = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": why, "lastTransitionTime": r.second(at)}
    found = r.objects.get("Pod", pod.name, pod.namespace)
    found["status"] = {"phase": "Pending", "conditions": [waits, {"type": "Ready", "status": "False", "lastTransitionTime": r.second(at)}]}
    r.state(at + 0.1, pod, "Unschedulable", why, lastTransitionTime=r.second(at))
    for number, moment in enumerate((at, *times), start=1):
        r.event(moment, pod, "FailedScheduling", why, component="default-scheduler", count=number, since=at)


def not_pulled(r: Recording, pod: Thing, at: float, image: str, why: str, times: Sequence[float]) -> None:
    """An image does not come, at this time and at those."""
    failed = f'Failed to pull image "{image}": {why}'
    for number, moment in enumerate((at, *times), start=1):
        r.normal(moment, pod, "Pulling", f'Pulling image "{image}"')
        r.event(moment + 0.8, pod, "Failed", failed, count=number, since=at + 0.8)
        if number > 1:
            r.event(moment + 14, pod, "BackOff", f'Back-off pulling image "{image}"', count=2 * number, since=times[0])
    r.waits(at + 1.0, pod, "ErrImagePull", failed)
    r.waits(at + 15.0, pod, "ImagePullBackOff", f'Back-off pulling image "{image}"')


def refused(r: Recording, path: Sequence[str], app: str, port: int, **said: object) -> None:
    """Nobody listens where an app is called."""
    words = f"connect ECONNREFUSED 10.100.{len(app)}.{port % 200}:{port}"
    failing(r, path, words, **{"error_type": "ECONNREFUSED", "milliseconds": 3.0, **said})  # type: ignore[arg-type]


__all__ = ["alarm", "disturb", "fifth", "monitor", "no_place", "not_pulled", "refused"]
