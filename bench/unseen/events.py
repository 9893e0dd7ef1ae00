"""Events in the form of collectors, gathered in any order and written in order of time."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
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
        hour = int(digest("hour", case)[:2], 16) % 20 + 1
        self._fault = datetime.fromisoformat(f"{application.day}T00:00:00+00:00").astimezone(UTC) + timedelta(
            hours=hour, minutes=self.random.randrange(60)
        )
        self._told: list[tuple[float, int, Event]] = []

    def time(self, at: float) -> str:
        """As events write it, with milliseconds."""
        moment = self._fault + timedelta(milliseconds=round(at * 1000))
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"

    def second(self, at: float) -> str:
        """As objects write it, in whole seconds."""
        return (self._fault + timedelta(seconds=int(at))).strftime("%Y-%m-%dT%H:%M:%SZ")

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

    def pod(self, app: str, number: int = 0) -> Thing:
        """One of them."""
        return self.objects.pods(app)[number]

    def of(self, kind: str, name: str, namespace: str = "") -> Thing:
        """Any other object."""
        return self.objects.thing(kind, name, namespace)


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
