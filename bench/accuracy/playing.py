"""Plays a case to a fresh system and keeps what was published: the same normalise → correlate → tell path as live."""

from collections.abc import Sequence
from functools import cache
from time import process_time

import msgspec
from bench.accuracy.cases import Case

from headwater.correlation.knowledge import Knowledge
from headwater.model.effects import PublishResult
from headwater.model.inputs import EventObserved, Input
from headwater.model.results import CorrelationResult
from headwater.service.driving import pass_time
from headwater.service.engine import load_knowledge, system_maker
from headwater.service.event_lines import observed
from headwater.service.replay import SETTLED_AFTER, Replay, replay_file, versions_observed
from headwater.service.settings import EngineSettings


class Published(msgspec.Struct, frozen=True):
    """What `correlations.results` and `correlations.alerts` hold when all is settled: the last revision of each incident that stands."""

    incidents: Sequence[CorrelationResult]
    alerts: dict[str, int]  # incident id → alerts told
    rejected: int = 0
    seconds: float = 0.0  # of one core: topology, events and all that is told of them
    topology_seconds: float = 0.0  # of these, reading the objects


@cache
def knowledge() -> Knowledge:
    """The built-in rules, compiled once per process."""
    return load_knowledge("")


def play(case: Case) -> Published:
    """One configuration for all cases: the defaults."""
    settings = EngineSettings()
    rules = knowledge()
    began = process_time()
    player = Replay(system_maker(settings, rules)(None), batch_max=settings.batch_max)
    if case.lines:
        player.feed(versions_observed(case.versions, received_at=case.lines[0].occurred_at))
    topology_seconds = process_time() - began
    replay_file(player, case.lines, ())
    player.settle()
    return Published(player.incidents(), player.alerts, len(player.rejected), process_time() - began, topology_seconds)


def play_at_once(case: Case, rules: Knowledge) -> Published:
    """
    What stands when all is settled, judged once with everything told: as `play` finds it by and by, in half the time.

    Nobody is alerted on the way, and no delay means anything.
    """
    if not case.lines:
        return Published([], {})
    system = system_maker(EngineSettings(), rules)(None)
    received_at = case.lines[0].occurred_at
    inputs: list[Input] = [*versions_observed(case.versions, received_at=received_at)]
    for sequence, line in enumerate(case.lines, start=1):
        received_at = max(received_at, line.occurred_at)
        event = observed(line, received_at=received_at, sequence=sequence)
        if isinstance(event, EventObserved):
            inputs.append(event)
    effects = [*system.handle_batch(inputs), *pass_time(system, received_at + SETTLED_AFTER)]
    told = {effect.result.id: effect.result for effect in effects if isinstance(effect, PublishResult)}
    return Published([result for result in told.values() if result.status not in ("merged", "retracted")], {})
