"""Plays a case to a fresh system and keeps what was published: the same normalise → correlate → tell path as live."""

from collections.abc import Sequence
from functools import cache
from time import process_time

import msgspec
from bench.accuracy.cases import Case

from headwater.correlation.knowledge import Knowledge
from headwater.model.results import CorrelationResult
from headwater.service.engine import load_knowledge, system_maker
from headwater.service.replay import Replay, replay_file, versions_observed
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
