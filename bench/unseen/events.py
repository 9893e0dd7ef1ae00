"""Events in the form of collectors, gathered in any order and written in order of time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import floor
from random import Random
from typing import Any

from bench.unseen.clusters import Application
from bench.unseen.names import digest
from bench.unseen.object_parts import Content, Thing
from bench.unseen.objects import Objects

Event = dict[str, Any]
QUIET_SECONDS = 200.0
"""From the first event to the fault."""


class Events:
    """What is told of one case. Times are seconds from the fault, so negative before it."""

    def __init__(self, application: Application, case: str) -> None:
        self.application = application
        self.random = Random(case)
        self.objects = Objects(application, case)
        self._case = case
        self._fault = fault_time(application, case)
        self._told: list[tuple[float, int, Event]] = []
        self.born: dict[str, float] = {}  # pods that came during the case, from when on they say something
        self.died: dict[str, float] = {}
        self.silent: dict[str, float] = {}  # app or pod → from when on nothing more comes of it

    def time(self, at: float) -> str:
        """As events write it, with milliseconds."""
        moment = self._fault + timedelta(milliseconds=round(at * 1000))
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"

    def second(self, at: float) -> str:
        """As objects write it, in whole seconds."""
        return (self._fault + timedelta(seconds=floor(at))).strftime("%Y-%m-%dT%H:%M:%SZ")

    def nearly(self, at: float, within: float = 1.5) -> float:
        """A little later than planned, as things happen."""
        return at + self.random.uniform(0.0, within)

    def tell(self, at: float, *, kind: str, source: str, severity: str, message: str, **parts: Any) -> None:
        """One event."""
        number = len(self._told)
        event: Event = {
            "id": digest("event", self._case, str(number))[:32],
            "timestamp": self.time(at),
            "type": kind,
            "source": source,
            "severity": severity,
            "message": message,
            **{name: part for name, part in parts.items() if part},
        }
        self._told.append((at, number, event))

    def amend(self, **parts: Any) -> None:
        """Say the last event otherwise."""
        self._told[-1][2].update(parts)

    def in_order(self) -> list[Event]:
        """All, by time."""
        return [event for _, _, event in sorted(self._told, key=lambda each: each[:2])]

    @property
    def last(self) -> float:
        """When the last is."""
        return max((at for at, _, _ in self._told), default=0.0)

    def pods(self, app: str) -> list[Thing]:
        """Those of an app."""
        return list(self.objects.pods(app))

    def living(self, app: str, at: float) -> list[Thing]:
        """The pods of an app that can say something at a time."""
        return [pod for pod in self.objects.pods_ever(app) if self.says(pod, at)]

    def lasting(self, app: str) -> list[Thing]:
        """The pods of an app that stood before the first event and stand after the last."""
        return [pod for pod in self.objects.pods(app) if pod.uid not in self.born]

    def says(self, pod: Thing, at: float) -> bool:
        """Whether a pod is there at a time, and anything is heard of it."""
        return self.born.get(pod.uid, -1e9) <= at < min(self.died.get(pod.uid, 1e9), self.silent.get(pod.name, 1e9))

    def pod(self, app: str, number: int = 0) -> Thing:
        """One of them."""
        return self.objects.pods(app)[number]

    def of(self, kind: str, name: str, namespace: str = "") -> Thing:
        """Any other object."""
        return self.objects.thing(kind, name, namespace)


def fault_time(application: Application, case: str) -> datetime:
    """When the fault of a case begins."""
    found = bytes.fromhex(digest("fault", case))
    return datetime.fromisoformat(f"{application.day}T00:00:00+00:00") + timedelta(hours=1 + found[0] % 20, minutes=found[1] % 60)


def entity_of(thing: Thing) -> Content:
    """As events name what they are about."""
    return _known(
        {"type": thing.kind.lower(), "name": thing.name, "namespace": thing.namespace, "uid": "" if thing.kind == "Node" else thing.uid}
    )


def context_of(thing: Thing) -> Content:
    """The same as a Kubernetes context."""
    return _known(
        {
            "kind": thing.kind,
            "name": thing.name,
            "namespace": thing.namespace,
            "uid": "" if thing.kind == "Node" else thing.uid,
            "node_name": thing.node,
        }
    )


def _known(parts: Mapping[str, str]) -> Content:
    return {name: part for name, part in parts.items() if part}


def every(first: float, last: float, step: float) -> list[float]:
    """Times at this distance, the last one included if it is met."""
    return [first + step * number for number in range(int((last - first) / step) + 1)]
