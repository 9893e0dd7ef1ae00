"""
Small stories, each about one thing that can become of an incident: what is told, and what the engine asks for and why, as golden text.

`make rewrite` writes the texts anew; the diff is reviewed like code. Incidents are called A, B, … in the order of their first telling.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from headwater.model.effects import Effect, PublishRejected, PublishResult
from headwater.model.inputs import EventObserved
from headwater.model.objects import ObjectVersion
from headwater.model.times import clock_of
from headwater.testing.bare_objects import deployment, instant, pod, service, version
from headwater.testing.story import Story

FOLDER = Path(__file__).parent / "stories"
APPS = ("mysql", "api", "frontend", "cart", "web")


class Transcript(Story):
    """A story that writes down what it is told and what is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._names: dict[str, str] = {}

    def says(self, words: str) -> Self:
        """A remark to the reader."""
        self.lines += ["", f"# {words}"] if self.lines else [f"# {words}"]
        return self

    def knows(self, *versions: ObjectVersion, at: float | None = None) -> Self:
        self.lines.append(f"         told  objects: {', '.join(f'{each.kind}/{each.name}' for each in versions)}")
        return super().knows(*versions, at=at)

    def told(self, second: float, symptom_class: str, about: str, peer: str = "", **rest: Any) -> Self:
        late = f", {rest['late']} s late" if rest.get("late") else ""
        trace = f", in {rest['trace']}" if rest.get("trace") else ""
        blaming = f" blaming {peer}" if peer else ""
        self.lines.append(f"{clock_of(instant(second))} told  {symptom_class} of {about}{blaming}{trace}{late}")
        return super().told(second, symptom_class, about, peer, **rest)

    def hears_message(self, second: float, words: str, data: bytes) -> Self:
        """A message that may be no event."""
        self.lines.append(f"{clock_of(instant(second))} told  {words}")
        return self.hears(EventObserved("none", "test", data, instant(second), 0))

    def passes(self, second: float) -> Self:
        self.lines.append(f"{clock_of(instant(second))} told  time has passed")
        return super().passes(second)

    def settles(self) -> Self:
        self.lines.append("   later told  time has passed, long enough for everything to be final")
        return super().settles()

    def _take(self, effects: list[Effect]) -> Self:
        super()._take(effects)
        self.lines += [line for effect in effects for line in self._asked(effect)]
        return self

    def _asked(self, effect: Effect) -> Iterator[str]:
        if isinstance(effect, PublishRejected):
            yield f"         asks  to keep it as rejected, {effect.reason.value}: {effect.detail}"
            return
        yield self._result(effect)
        if effect.result.reason in ("first_told", "split", "root_changed", "type_changed", "final"):
            yield f"               because {'; '.join(effect.result.related_events)}"

    def _result(self, effect: PublishResult) -> str:
        result = effect.result
        marks = [result.status, result.reason]
        marks += ["final"] * (result.final and result.reason != "final") + ["late"] * result.late
        marks += [
            f"{words} {self._name(identifier)}"
            for words, identifier in (
                ("into", result.merged_into),
                ("from", result.split_from if result.reason == "split" else ""),
                ("recurrence of", result.recurrence_of if result.revision == 1 else ""),
            )
            if identifier
        ]
        where = "results and alerts" if effect.is_alert else "results"
        what = f"{result.severity} {result.type}, {result.root_cause}, {result.verdict} {result.confidence:.2f}"
        return f"         asks  {where}: {self._name(result.id)} revision {result.revision} ({', '.join(marks)}): {what}"

    def _name(self, identifier: str) -> str:
        return self._names.setdefault(identifier, chr(ord("A") + len(self._names)))


def shop(*, web_node: str = "node-1") -> tuple[ObjectVersion, ...]:
    """Of each application a service, a deployment and a pod."""
    found = [version("Node", "node-1"), version("Node", "node-2")]
    for app in APPS:
        labels = {"app": app}
        node = {"cart": "node-1", "web": web_node}.get(app, "")
        found += [service(f"{app}-service", labels), deployment(app, labels, labels=labels)]
        found.append(pod(f"{app}-0", node=node, labels=labels, owner=("Deployment", app)))
    return tuple(found)


def beginning(words: str) -> Transcript:
    story = Transcript().says(words)
    story.knows(*shop())
    story.lines[-1] = (
        "         told  objects: mysql, api, frontend, cart, web, each a service, a deployment and a pod; cart and web on node-1"
    )
    return story


def the_story() -> Transcript:
    return (
        beginning("MySQL is killed for memory; the API times out, the frontend answers 503.")
        .told(0, "kernel.oom", "Pod/mysql-0", trace="trace-mysql-failure-123")
        .told(15, "svc.timeout", "Service/api-service", "Service/mysql-service", trace="trace-mysql-failure-123")
        .told(30, "svc.5xx", "Service/frontend-service", "Service/api-service", trace="trace-mysql-failure-123")
        .settles()
    )


def late_cause() -> Transcript:
    return (
        beginning("The symptoms come first; the cause, which happened before them, is learned last. The incident keeps its id.")
        .told(15, "svc.timeout", "Service/api-service", "Service/mysql-service")
        .told(16, "svc.timeout", "Service/api-service", "Service/mysql-service")
        .told(30, "svc.5xx", "Service/frontend-service", "Service/api-service")
        .told(31, "svc.5xx", "Service/frontend-service", "Service/api-service")
        .passes(40)
        .told(0, "kernel.oom", "Pod/mysql-0", late=45)
        .settles()
    )


def merge() -> Transcript:
    return (
        beginning("Two evictions are two incidents, until their node tells of its full disk: the first told survives.")
        .told(0, "pod.evicted", "Pod/cart-0")
        .told(2, "pod.evicted", "Pod/web-0")
        .told(-5, "node.diskpressure", "Node/node-1", late=10)
        .settles()
    )


def split() -> Transcript:
    story = (
        beginning("Two evictions for one node's full disk, until it is known that one of the pods ran elsewhere.")
        .told(0, "node.diskpressure", "Node/node-1")
        .told(2, "pod.evicted", "Pod/cart-0")
        .told(3, "pod.evicted", "Pod/web-0")
        .says("The pod web-0 ran on node-2.")
    )
    return story.knows(*(each for each in shop(web_node="node-2") if each.name == "web-0")).settles()


def resolve_and_reopen() -> Transcript:
    return (
        beginning("After five quiet minutes an incident is resolved; the same symptom after that opens it again.")
        .told(0, "pod.crashloop", "Pod/cart-0")
        .passes(320)
        .passes(331)
        .told(325, "pod.crashloop", "Pod/cart-0", late=30)
        .passes(360)
        .passes(700)
        .settles()
    )


def final_and_recurrence() -> Transcript:
    return (
        beginning("What is final is never told again; the same fault later is another incident, which says what it repeats.")
        .told(0, "kernel.oom", "Pod/mysql-0")
        .passes(1_799)
        .passes(1_920)
        .says("What happened a quarter of an hour ago is still admitted, and so cannot have to do with what is final.")
        .told(1_100, "svc.timeout", "Service/api-service", "Service/mysql-service", late=900)
        .told(2_000, "kernel.oom", "Pod/mysql-0")
        .settles()
    )


def rejected() -> Transcript:
    story = beginning("What cannot be understood, or comes too late, is kept with a reason, and changes nothing else.")
    story.told(0, "pod.evicted", "Pod/cart-0")
    for words, data in (
        ("bytes that are no JSON", b"{"),
        ("an event without an id", b'{"timestamp": "2026-01-05T08:00:01Z"}'),
        ("an event with a list for an id", b'{"id": []}'),
        ("an event of no time that there is", b'{"id": "a", "timestamp": "yesterday"}'),
        ("an event of the year after", b'{"id": "a", "timestamp": "2027-01-05T08:00:01Z"}'),
        ("an event of the day before", b'{"id": "a", "timestamp": "2026-01-04T08:00:01Z"}'),
        ("an event that nests deeper than any", b'{"id": "a", "attributes": ' + b'{"a":' * 600 + b"1" + b"}" * 600 + b"}"),
    ):
        story.hears_message(1, words, data)
    return story.told(2, "pod.evicted", "Pod/web-0").settles()


def retracted() -> Transcript:
    story = (
        beginning("Four failures among three services, until two of the names prove to be one service's: too little to tell of.")
        .told(0, "svc.timeout", "Service/web-service", "Service/home")
        .told(1, "svc.timeout", "Service/web-service", "Service/home")
        .told(20, "svc.5xx", "Service/frontend-service", "Service/web-service")
        .told(21, "svc.5xx", "Service/frontend-service", "Service/web-service")
        .passes(25)
        .says("The deployment home turns out to be behind frontend-service.")
    )
    return story.knows(deployment("home", {"app": "frontend"})).settles()


def new_line() -> Transcript:
    story = beginning("Every twenty seconds the API writes the same error. Five hours later it writes another, and its callers fail.")
    story.lines.append("08:00:00 told  error logs of Pod/api-0: no cached price for item 0, 1, … every 20 s, until 12:59:40")
    for number in range(900):
        story.observes(20 * number, log_line("Pod/api-0", f"no cached price for item {number}"))
    story.lines.append("13:00:05 told  error log of Pod/api-0: failed to round the price: overflow of 90210")
    story.observes(18_005, log_line("Pod/api-0", "failed to round the price: overflow of 90210"))
    for second in (18_010, 18_011, 18_012, 18_013):
        story.told(second, "svc.5xx", "Service/frontend-service", "Service/api-service")
    story.settles()
    return story.says("Of the other line nothing is told: it is no news.")


def log_line(about: str, message: str) -> dict[str, Any]:
    """An error that a pod logs."""
    context = {"kind": "Pod", "name": about.partition("/")[2], "namespace": "shop"}
    return {"type": "log", "source": "logs", "severity": "error", "message": message, "k8s_context": context}


STORIES: dict[str, Callable[[], Transcript]] = {
    each.__name__: each
    for each in (the_story, late_cause, merge, split, resolve_and_reopen, final_and_recurrence, rejected, retracted, new_line)
}  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_the_story_is_as_reviewed(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(FOLDER / f"{name}.txt", "\n".join(STORIES[name]().lines) + "\n")
