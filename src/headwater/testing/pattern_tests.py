"""Runs the tests inside patterns through the whole correlation system: objects and wire events in, published results compared."""

import json
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from headwater.correlation.knowledge import Knowledge
from headwater.correlation.system import CorrelationSystem
from headwater.model.effects import Effect, PublishRejected, PublishResult
from headwater.model.entities import parse_entity
from headwater.model.inputs import EventObserved, TimePassed, TopologyObserved
from headwater.model.objects import encode_object_version
from headwater.model.results import CorrelationResult
from headwater.model.times import format_time, parse_time, seconds
from headwater.patterns.schema import Expectation, Pattern, PatternTest, Told
from headwater.testing.class_examples import ALIASES, EXAMPLES, EXAMPLES_OF_KINDS, example, example_of_alias, kubernetes_event, thing_of
from headwater.testing.pattern_topology import TestCluster
from headwater.topology.loader import K8sRelationshipLoader

BEGINNING = parse_time("2026-01-05T10:00:00Z")
"""The instant that tests call 0s."""

CALLS_BEFORE = seconds(90)
CALLS = 3
"""Calls of a pair before the test: enough for the engine to believe in a dependency."""

TRANSPORT = seconds(0.2)
SETTLING = seconds(7_200)
"""Longer than any incident stays open after its last symptom."""

WAKEUPS_MAX = 10_000


class TestOutcome(msgspec.Struct, frozen=True):
    """How a pattern's test ended; it passed where there are no failures."""

    __test__ = False  # no test, though pytest might think so

    pattern: str
    test: str
    file: str
    line: int
    failures: tuple[str, ...] = ()
    results: tuple[CorrelationResult, ...] = ()  # what stood at the end

    @property
    def passed(self) -> bool:
        """Whether all expectations were met."""
        return not self.failures


def run_pattern_tests(knowledge: Knowledge, *, only: Collection[str] = ()) -> Iterator[TestOutcome]:
    """The outcome of each test of each pattern (of those named in `only`, if any), in order."""
    for pattern in knowledge.patterns.patterns:
        if not only or pattern.id in only:
            for test in pattern.tests:
                yield run_pattern_test(knowledge, pattern, test)


def run_pattern_test(knowledge: Knowledge, pattern: Pattern, test: PatternTest) -> TestOutcome:
    """Play one test and compare what was published with what it expects."""
    failures = list(_unplayable(test))
    results: tuple[CorrelationResult, ...] = ()
    if not failures:
        effects = play(knowledge, test)
        failures = [f"an event was rejected: {effect.detail}" for effect in effects if isinstance(effect, PublishRejected)]
        told = [effect.result for effect in effects if isinstance(effect, PublishResult)]
        results = standing(told)
        for expectation in test.expect:
            failures += _unmet(pattern, expectation, told, results)
    return TestOutcome(pattern.id, test.name, pattern.file, test.line, tuple(failures), results)


def play(knowledge: Knowledge, test: PatternTest) -> list[Effect]:
    """Tell a fresh system the test's story, and then that time passes until nothing can change."""
    system = CorrelationSystem(knowledge)
    cluster = TestCluster(test.topology, test.objects)
    effects: list[Effect] = []
    for version in K8sRelationshipLoader().versions(cluster.objects(), observed_at=None):
        effects += system.handle(TopologyObserved(data=encode_object_version(version), received_at=BEGINNING - seconds(120), sequence=0))
    events = [(BEGINNING - CALLS_BEFORE + n, body) for body in cluster.call_bodies() for n in range(CALLS)]
    events += [moment for told in test.told for moment in _moments(told)]
    events.sort(key=lambda moment: moment[0])
    for number, (occurred_at, body) in enumerate(events, start=1):
        effects += _pass_time(system, occurred_at + TRANSPORT)
        effects += system.handle(_observed(number, occurred_at, body))
    end = BEGINNING + max((told.at + told.every * told.count for told in test.told), default=0) + SETTLING
    effects += _pass_time(system, end)
    effects += system.handle(TimePassed(received_at=end))
    return effects


def standing(told: Collection[CorrelationResult]) -> tuple[CorrelationResult, ...]:
    """The last revision of each incident that was neither merged nor retracted."""
    latest: dict[str, CorrelationResult] = {}
    for result in told:
        if result.id not in latest or result.revision > latest[result.id].revision:
            latest[result.id] = result
    return tuple(result for result in latest.values() if result.status not in ("merged", "retracted"))


def _moments(told: Told) -> Iterator[tuple[int, dict[str, Any]]]:
    about, peer = thing_of(told.about), thing_of(told.peer) if told.peer else None
    if told.reason:
        body = kubernetes_event(about, told.reason, told.message)
    else:
        body = example(told.symptom_class, about, peer) if told.symptom_class else example_of_alias(told.event, about, peer)
    for n in range(told.count):
        yield BEGINNING + told.at + n * told.every, body


def _observed(number: int, occurred_at: int, body: dict[str, Any]) -> EventObserved:
    data = {"id": f"event-{number:04}", "timestamp": format_time(occurred_at)} | body
    return EventObserved(
        trace_token="none",  # noqa: S106  (not a password)
        source_token=str(body["source"]),
        data=json.dumps(data).encode(),
        received_at=occurred_at + TRANSPORT,
        sequence=number,
    )


def _pass_time(system: CorrelationSystem, until: int) -> list[Effect]:
    effects: list[Effect] = []
    for _ in range(WAKEUPS_MAX):
        due = system.next_wakeup()
        if due is None or due >= until:
            break
        effects += system.handle(TimePassed(received_at=due))
    return effects


def _unplayable(test: PatternTest) -> Iterator[str]:
    for told in test.told:
        if told.symptom_class and told.symptom_class not in (known := {**EXAMPLES, **EXAMPLES_OF_KINDS}):
            yield f"line {told.line}: there is no example event of class {told.symptom_class}; tell one of {', '.join(known)}"
        if told.event and told.event not in ALIASES:
            yield f"line {told.line}: there is no example event called {told.event}; tell one of {', '.join(ALIASES)}"


def _unmet(pattern: Pattern, expectation: Expectation, told: list[CorrelationResult], results: tuple[CorrelationResult, ...]) -> list[str]:
    if expectation.is_nothing:
        return [f"expected nothing, but was told of {_described(result)}" for result in told[:1]]
    if expectation.not_pattern:
        wrong = [result for result in results if result.pattern == expectation.not_pattern]
        return [f"expected no {expectation.not_pattern}, but found {_described(result)}" for result in wrong]
    if not expectation.pattern and not expectation.type:
        expectation = msgspec.structs.replace(expectation, pattern=pattern.id)
    if any(not _differences(expectation, result) for result in results):
        return []
    if not results:
        return [f"expected {_wanted(expectation)}, but found nothing"]
    return [
        f"expected {_wanted(expectation)}, but found {_described(result)}: {'; '.join(_differences(expectation, result))}"
        for result in results
    ]


def _differences(expectation: Expectation, result: CorrelationResult) -> list[str]:
    wanted = {
        "pattern": (expectation.pattern, result.pattern),
        "type": (expectation.type, result.type),
        "cause": (expectation.cause and thing_of(expectation.cause), _thing_of_entity(result.cause.entity)),
        "class": (expectation.symptom_class, result.cause.symptom_class),
        "severity": (expectation.severity, result.severity),
        "remediation": (expectation.remediation, result.remediation),
    }
    found = [f"{field} is {got!r}, not {want!r}" for field, (want, got) in wanted.items() if want and want != got]
    members = sum(1 for member in result.members if member.role != "context")
    if expectation.members is not None and expectation.members != members:
        found.append(f"members are {members}, not {expectation.members}")
    return found


def _thing_of_entity(text: str) -> tuple[str, str, str]:
    entity = parse_entity(text)
    return (entity.kind, entity.name, entity.namespace)


def _wanted(expectation: Expectation) -> str:
    parts = (expectation.pattern or expectation.type, expectation.symptom_class, expectation.cause and f"of {expectation.cause}")
    return " ".join(part for part in parts if part)


def _described(result: CorrelationResult) -> str:
    return (
        f"{result.pattern or result.type} ({result.cause.symptom_class} of {result.cause.entity}, {result.verdict} {result.confidence:.2f})"
    )
