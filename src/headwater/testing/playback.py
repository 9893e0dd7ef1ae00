"""Plays a scenario to a correlation system, as a stream would, and reads what it told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from headwater.correlation.knowledge import Knowledge, compile_knowledge
from headwater.correlation.limits import Settings
from headwater.correlation.system import CorrelationSystem
from headwater.model.effects import Effect, PublishResult
from headwater.model.inputs import EventObserved, Input, TopologyObserved
from headwater.model.objects import ObjectVersion, encode_object_version
from headwater.model.results import CorrelationResult
from headwater.model.times import seconds
from headwater.service.driving import pass_time, tell
from headwater.service.knowledge import rule_texts
from headwater.service.ports import System
from headwater.testing.scenario import Scenario, TimedEvent, TimedObject
from headwater.topology.loader import K8sRelationshipLoader

SETTLED_AFTER = seconds(45 * 60)
"""After the last input, long enough for every incident to be final: horizon and longest lag are fifteen minutes each."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a system told of a scenario."""

    effects: tuple[Effect, ...]

    def results(self) -> list[CorrelationResult]:
        """Every revision, in order."""
        return [effect.result for effect in self.effects if isinstance(effect, PublishResult)]

    def alerts(self) -> list[CorrelationResult]:
        """The revisions that called somebody."""
        return [effect.result for effect in self.effects if isinstance(effect, PublishResult) and effect.is_alert]

    def last_revisions(self) -> list[CorrelationResult]:
        """The last revision of each incident, by id."""
        last = {result.id: result for result in self.results()}
        return [last[key] for key in sorted(last)]

    def incidents(self) -> list[CorrelationResult]:
        """The last revision of each incident that still stands: neither merged into another nor taken back."""
        return [result for result in self.last_revisions() if result.status not in ("merged", "retracted")]

    def largest_incident(self) -> CorrelationResult | None:
        """The incident with the most member events; of equal ones the one with the smallest id."""
        return min(self.incidents(), key=lambda result: (-events_in(result), result.id), default=None)


def events_in(result: CorrelationResult) -> int:
    """How many events the incident's members count."""
    return sum(member.count for member in result.members if member.event_ids)


@cache
def packaged_knowledge() -> Knowledge:
    """The package's own rules, compiled once per process."""
    return compile_knowledge(rule_texts())


def packaged_system() -> CorrelationSystem:
    """A fresh system with the package's own rules."""
    return CorrelationSystem(knowledge=packaged_knowledge(), settings=Settings())


def told_of(scenario: Scenario) -> Told:
    """What a fresh system tells of a scenario."""
    return play(packaged_system(), scenario_inputs(scenario))


def play(system: System, inputs: Sequence[Input], *, batch_max: int = 64, settle: bool = True) -> Told:
    """Tell the system these inputs in this order and, unless told otherwise, let time pass until everything is final."""
    effects = tell(system, inputs, batch_max)
    if settle and inputs:
        effects += pass_time(system, max(item.received_at for item in inputs) + SETTLED_AFTER)
    return Told(tuple(effects))


def scenario_inputs(scenario: Scenario) -> list[Input]:
    """
    The scenario as a stream gives it: first the objects that were there, then events and changes in order of arrival.

    Where the topology is late, all of it comes after the last event.
    """
    end = max(event.received_at for event in scenario.events)
    start = min(event.received_at for event in scenario.events) - seconds(1)
    is_late = scenario.is_topology_late
    known = topology_inputs(scenario.objects, received_at=end + seconds(1) if is_late else start)
    changes = change_inputs(scenario.changes, not_before=end + seconds(1) if is_late else 0, sequence=len(known))
    moving: list[Input] = [*event_inputs(scenario.events), *changes]
    moving.sort(key=lambda item: item.received_at)
    return [*moving, *known] if is_late else [*known, *moving]


def event_inputs(events: Iterable[TimedEvent]) -> list[EventObserved]:
    """The events in this order, numbered by the stream."""
    return [
        EventObserved(
            trace_token=event.trace_token,
            source_token=event.source_token,
            data=event.data,
            received_at=event.received_at,
            sequence=sequence,
        )
        for sequence, event in enumerate(events, start=1)
    ]


def topology_inputs(objects: Iterable[dict[str, object]], *, received_at: int, sequence: int = 0) -> list[TopologyObserved]:
    """Kubernetes objects as the stream of topology holds them."""
    versions = K8sRelationshipLoader().versions(objects, observed_at=None)
    return [
        TopologyObserved(data=encode_object_version(version), received_at=received_at, sequence=sequence + index)
        for index, version in enumerate(versions, start=1)
    ]


def change_inputs(changes: Iterable[TimedObject], *, not_before: int = 0, sequence: int = 0) -> list[TopologyObserved]:
    """Changes of objects, each when it happened or, where that is later, at `not_before`."""
    inputs = []
    for index, change in enumerate(changes, start=1):
        (version,) = K8sRelationshipLoader().versions([change.object], observed_at=change.at)
        if change.deleted:
            version = _tombstone(version, change.at)
        received_at = max(change.at + seconds(0.1), not_before)
        inputs.append(TopologyObserved(data=encode_object_version(version), received_at=received_at, sequence=sequence + index))
    return inputs


def _tombstone(version: ObjectVersion, at: int) -> ObjectVersion:
    return ObjectVersion(
        kind=version.kind,
        name=version.name,
        namespace=version.namespace,
        cluster=version.cluster,
        uid=version.uid,
        valid_from=at,
        deleted=True,
    )
