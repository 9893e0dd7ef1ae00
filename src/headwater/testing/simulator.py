"""
The seeded simulator: a cluster, a fault, noise and a hostile way to the stream, from a name and a seed.

The same arguments give the same scenario, byte for byte; the same fault happens whatever the conditions it is seen under.
"""

from dataclasses import dataclass, replace
from random import Random

import msgspec

from headwater.model.identity import subject_token, trace_token
from headwater.model.times import format_time, parse_time, seconds
from headwater.testing.faults import FAMILIES, Break
from headwater.testing.kubernetes_objects import cluster_objects
from headwater.testing.noise import Chatter
from headwater.testing.recording import Emission, Recorder
from headwater.testing.scenario import Scenario, TimedEvent, Truth
from headwater.testing.world import Cluster, Pod, Size, Workload, make_cluster

START = parse_time("2026-01-05T10:00:00Z")
"""When faults strike here."""

NEEDS_DEPLOYMENT = frozenset({"rollout", "image"})
_NOISE_SECONDS = 150
_HISTORY_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Conditions:
    """How noisy the cluster and how bad the way to the stream is."""

    noise_events: int = 0
    healthy_events: int = 40
    loss: float = 0.0  # the share of the fault's own events that never arrive
    skew_seconds: float = 0.0  # standard deviation of each event's clock
    node_skew_seconds: float = 0.0  # each node's clock is off by up to so much, either way
    duplicates: float = 0.0  # the share of events that arrive twice
    disorder_seconds: float = 0.0  # up to so much is added to each event's way
    calls_missing: float = 0.0  # the share of the call graph that no trace has ever shown
    is_topology_late: bool = False


CLEAN = Conditions()
NOISY = Conditions(noise_events=25, loss=0.2, disorder_seconds=5)
HARD = Conditions(noise_events=40, loss=0.2, skew_seconds=2, calls_missing=0.15, disorder_seconds=30, duplicates=0.1)


def simulate(family: str, seed: int, conditions: Conditions = CLEAN, size: Size | None = None) -> Scenario:
    """One fault of this family under these conditions."""
    name = f"{family}/{seed}"
    cluster = make_cluster(name, size)
    recorder = Recorder(Random(f"record/{name}"))
    rng = Random(f"fault/{name}")
    victim = _victim(rng, cluster, family)
    break_it(rng, cluster, recorder, family, workload=victim, pod=rng.choice(victim.pods), at=START)
    return _scenario(name, f"A fault of the family {family}.", cluster, recorder, conditions)


def simulate_two(families: tuple[str, str], seed: int, conditions: Conditions = CLEAN, size: Size | None = None) -> Scenario:
    """Two unrelated faults within seconds, in two products that share nothing but a node on which both strike."""
    name = f"{families[0]}+{families[1]}/{seed}"
    cluster = make_cluster(name, replace(size or Size(), products=2))
    recorder = Recorder(Random(f"record/{name}"))
    rng = Random(f"fault/{name}")
    first, second = _neighbours(rng, cluster, families)
    for family, (workload, pod), delay in zip(families, (first, second), (0.0, rng.uniform(0, 30)), strict=True):
        break_it(rng, cluster, recorder, family, workload=workload, pod=pod, at=START + seconds(delay))
    return _scenario(name, f"Two unrelated faults at once: {families[0]} and {families[1]}.", cluster, recorder, conditions)


def simulate_quiet(seed: int, *, minutes: int = 60, warnings_per_minute: int = 100, size: Size | None = None) -> Scenario:
    """Nothing is wrong: everyday warnings all over a large cluster, and nobody should be called."""
    name = f"quiet/{seed}"
    cluster = make_cluster(name, size or Size(services=60, nodes=20, products=3, replicas=(2, 3, 4, 6)))
    recorder = Recorder(Random(f"record/{name}"))
    chatter = Chatter(Random(f"noise/{name}"), cluster, recorder)
    end = START + seconds(60 * minutes)
    chatter.every_call(START - seconds(_HISTORY_SECONDS), START)
    chatter.benign(warnings_per_minute * minutes, START, end)
    return delivered(name, "Everyday warnings, nothing wrong.", cluster, recorder, Conditions(disorder_seconds=2))


def break_it(rng: Random, cluster: Cluster, recorder: Recorder, family: str, *, workload: Workload, pod: Pod, at: int) -> None:
    """Let a fault of this family happen to this workload."""
    fault = recorder.begin_fault(family)
    FAMILIES[family](Break(rng, cluster, recorder, fault, workload=workload, pod=pod, at=at))
    recorder.end_fault()


def _victim(rng: Random, cluster: Cluster, family: str) -> Workload:
    """A workload that somebody calls, as most are; the ones at the very edge would have no one to complain."""
    candidates = [
        workload
        for workload in cluster.applications()[2:]
        if cluster.callers(workload.app) and (family not in NEEDS_DEPLOYMENT or workload.kind == "Deployment")
    ]
    return rng.choice(candidates)


def _neighbours(rng: Random, cluster: Cluster, families: tuple[str, str]) -> tuple[tuple[Workload, Pod], tuple[Workload, Pod]]:
    """A pod of each product on one node, each of a kind its family can break."""
    namespaces = sorted({workload.namespace for workload in cluster.applications()})
    pairs = []
    for node in cluster.nodes:
        here = [(workload, pod) for workload, pod in cluster.pods_on(node) if workload.app != cluster.dns and cluster.callers(workload.app)]
        sides = [
            [(workload, pod) for workload, pod in here if workload.namespace == namespace and _can_break(family, workload)]
            for namespace, family in zip(namespaces, families, strict=True)
        ]
        pairs += [(first, second) for first in sides[0] for second in sides[1]]
    assert pairs, f"no node of {cluster.seed} runs pods of both products"
    return rng.choice(pairs)


def _can_break(family: str, workload: Workload) -> bool:
    return family not in NEEDS_DEPLOYMENT or workload.kind == "Deployment"


def _scenario(name: str, description: str, cluster: Cluster, recorder: Recorder, conditions: Conditions) -> Scenario:
    """Add history, health and noise around the faults, each from its own dice."""
    around = (START - seconds(_NOISE_SECONDS), START + seconds(_NOISE_SECONDS))
    history = START - seconds(_HISTORY_SECONDS)
    Chatter(Random(f"history/{name}"), cluster, recorder).every_call(history, START, missing=conditions.calls_missing)
    Chatter(Random(f"health/{name}"), cluster, recorder).healthy(conditions.healthy_events, *around)
    Chatter(Random(f"noise/{name}"), cluster, recorder).unrelated(conditions.noise_events, *around)
    return delivered(name, description, cluster, recorder, conditions)


def delivered(name: str, description: str, cluster: Cluster, recorder: Recorder, conditions: Conditions, *, expected: str = "") -> Scenario:
    """The scenario that was recorded, as it arrives under these conditions."""
    emissions = recorder.finished()
    truths = tuple(
        Truth(
            unit=fault.unit,
            entities=tuple(sorted(fault.entities)),
            family=fault.family,
            event_ids=tuple(emission.id for emission in emissions if emission.fault == index),
            root_event_id=fault.root_event_id,
        )
        for index, fault in enumerate(recorder.faults)
    )
    return Scenario(
        name=name,
        description=description,
        cluster=cluster,
        objects=tuple(cluster_objects(cluster)),
        changes=tuple(sorted(recorder.changes, key=lambda change: change.at)),
        events=deliver(emissions, name, conditions),
        truths=truths,
        expected=expected,
        is_topology_late=conditions.is_topology_late,
    )


def deliver(emissions: list[Emission], name: str, conditions: Conditions) -> tuple[TimedEvent, ...]:
    """The emissions as they arrive: some lost, some twice, late, out of order, stamped by clocks that are wrong."""
    offsets: dict[str, int] = {}
    arrived: list[TimedEvent] = []
    for emission in emissions:
        # Each event has its own dice, thrown in a fixed order: no condition and no other event changes what happens to it.
        rng = Random(f"way/{name}/{emission.id}")
        is_lost = rng.random() < conditions.loss and emission.fault is not None
        is_doubled = rng.random() < conditions.duplicates
        skew = seconds(rng.gauss(0, 1) * conditions.skew_seconds)
        detour, second_detour = (seconds(rng.random() * conditions.disorder_seconds) for _ in range(2))
        if emission.clock not in offsets:
            offsets[emission.clock] = seconds(Random(f"clock/{name}/{emission.clock}").uniform(-1, 1) * conditions.node_skew_seconds)
        if is_lost:
            continue
        event = timed_event(emission, skew=skew + offsets[emission.clock], detour=detour)
        arrived.append(event)
        if is_doubled:
            arrived.append(replace(event, received_at=event.received_at + second_detour))
    return tuple(sorted(arrived, key=lambda event: (event.received_at, event.id)))


def timed_event(emission: Emission, *, skew: int = 0, detour: int = 0) -> TimedEvent:
    """The event as its collector publishes it."""
    occurred_at = emission.at + skew
    content = {"id": emission.id, "timestamp": format_time(occurred_at)} | emission.body
    return TimedEvent(
        id=emission.id,
        occurred_at=occurred_at,
        received_at=emission.at + emission.delay + detour,
        trace_token=trace_token(emission.trace_id),
        source_token=subject_token(emission.body["source"]),
        data=msgspec.json.encode(content),
    )
