"""
Scores what was told of a scenario against its truth, beside two baselines on the same incident.

The incident judged is the largest told, as an operator would see it; the truth takes no part in choosing it.
"""

from collections import Counter
from dataclasses import dataclass

from headwater.model.results import CorrelationResult, Member
from headwater.model.times import parse_time
from headwater.testing.playback import Told
from headwater.testing.scenario import Scenario
from headwater.testing.world import Cluster

NOTHING = "(nothing told)"


@dataclass(frozen=True, slots=True)
class Score:
    """One run: who did it, and whom the engine and the baselines name."""

    name: str
    family: str
    truth: str
    named: str
    named_class: str
    verdict: str
    confidence: float
    alternatives: tuple[str, ...]  # the runners-up's units, best first
    earliest: str
    most_alerts: str
    root_event_arrived: bool
    precision: float  # the share of the incident's events that are of the fault
    recall: float  # the share of the fault's arrived events that are in the incident
    incidents: int

    @property
    def is_right(self) -> bool:
        """Whether the engine names the culprit."""
        return self.named == self.truth

    @property
    def is_among_three(self) -> bool:
        """Whether the culprit is the root or one of two alternatives."""
        return self.truth in (self.named, *self.alternatives[:2])


def score(scenario: Scenario, told: Told) -> Score:
    """The score of a scenario with one fault."""
    truth = scenario.truth
    result = told.largest_incident()
    arrived = {event.id for event in scenario.events}
    members = [] if result is None else [member for member in result.members if member.event_ids]
    inside = {event_id for member in members for event_id in member.event_ids}
    ours = inside & set(truth.event_ids)
    expected = arrived & set(truth.event_ids)
    root = root_of(scenario.cluster, result)
    return Score(
        name=scenario.name,
        family=truth.family,
        truth=truth.unit,
        named=root,
        named_class=result.cause.symptom_class if result else "",
        verdict=result.verdict if result else "",
        confidence=result.confidence if result else 0.0,
        alternatives=alternatives_of(scenario.cluster, result, root),
        earliest=earliest_unit(scenario.cluster, members),
        most_alerts=loudest_unit(scenario.cluster, members),
        root_event_arrived=truth.root_event_id in arrived,
        precision=len(ours) / len(inside) if inside else 0.0,
        recall=len(ours) / len(expected) if expected else 0.0,
        incidents=len(told.incidents()),
    )


def root_of(cluster: Cluster, result: CorrelationResult | None) -> str:
    """The unit the result blames, as `Kind/namespace/name`."""
    if result is None:
        return NOTHING
    return unit_of(cluster, result.cause.owner or result.cause.entity)


def alternatives_of(cluster: Cluster, result: CorrelationResult | None, root: str) -> tuple[str, ...]:
    """The units of the runners-up, each once, without the root."""
    if result is None:
        return ()
    units = dict.fromkeys(unit_of(cluster, alternative.entity) for alternative in result.alternatives)
    return tuple(unit for unit in units if unit != root)


def unit_of(cluster: Cluster, entity: str) -> str:
    """The fault unit of an entity written `cluster/Kind/namespace/name`."""
    _, kind, namespace, name = entity.split("/", 3)
    return cluster.unit_of(kind, namespace, name)


def earliest_unit(cluster: Cluster, members: list[Member]) -> str:
    """The baseline that blames whoever spoke first."""
    first = min(members, key=lambda member: (parse_time(member.first_seen), member.entity, member.symptom_class), default=None)
    return NOTHING if first is None else unit_of(cluster, first.entity)


def loudest_unit(cluster: Cluster, members: list[Member]) -> str:
    """The baseline that blames whoever has the most alerts; a change is no alert."""
    counts: Counter[str] = Counter()
    for member in members:
        if not member.symptom_class.startswith("change."):
            counts[unit_of(cluster, member.entity)] += member.count
    return min(counts, key=lambda unit: (-counts[unit], unit), default=NOTHING)


@dataclass(frozen=True, slots=True)
class PairScore:
    """One run with two faults: whether they stayed apart, and whether each was named."""

    name: str
    truths: tuple[str, str]
    named: tuple[str, ...]
    shared: int  # incidents that hold events of both

    @property
    def is_apart(self) -> bool:
        """Whether no incident mixes the two."""
        return self.shared == 0

    @property
    def is_right(self) -> bool:
        """Whether each culprit is the root of an incident."""
        return set(self.truths) <= set(self.named)


def score_pair(scenario: Scenario, told: Told) -> PairScore:
    """The score of a scenario with two faults."""
    first, second = scenario.truths
    shared = 0
    for result in told.incidents():
        inside = {event_id for member in result.members for event_id in member.event_ids}
        shared += bool(inside & set(first.event_ids)) and bool(inside & set(second.event_ids))
    named = tuple(sorted({root_of(scenario.cluster, result) for result in told.incidents()}))
    return PairScore(scenario.name, (first.unit, second.unit), named, shared)
