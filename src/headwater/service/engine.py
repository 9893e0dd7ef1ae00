"""Makes correlation systems from settings: the rules are read here, and handed to the core as text."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from headwater.correlation.knowledge import Knowledge, compile_knowledge
from headwater.correlation.limits import Settings as CoreSettings
from headwater.correlation.system import CorrelationSystem
from headwater.model.located_yaml import KnowledgeError
from headwater.service.clock import WallClock
from headwater.service.knowledge import SIGNALS, place_of, rule_texts
from headwater.service.ports import EngineConnections, System
from headwater.service.runtime import Runtime, RuntimeLimits
from headwater.service.settings import EngineSettings


def load_knowledge(rules: str) -> Knowledge:
    """
    The built-in rules, with those of a folder over them where one is named.

    Raises RulesFolderError or KnowledgeError with every problem, each with the path of its file.
    """
    folder = rules_folder(rules)
    try:
        return compile_knowledge(rule_texts(folder), spare_signals=rule_texts()[SIGNALS] if folder else None)
    except KnowledgeError as error:
        located = [msgspec.structs.replace(problem, file=place_of(problem.file, folder)) for problem in error.problems]
        raise KnowledgeError(located) from error


def rules_folder(rules: str) -> Path | None:
    """The folder that the setting names."""
    return Path(rules).expanduser() if rules else None


def system_maker(settings: EngineSettings, knowledge: Knowledge) -> Callable[[bytes | None], System]:
    """Makes a new system, or one that continues from a snapshot; raises ValueError for a snapshot of another version."""
    core = CoreSettings(domain=settings.domain, alert_confidence_min=settings.alert_confidence_min)

    def make(state: bytes | None) -> System:
        return CorrelationSystem(knowledge, core) if state is None else CorrelationSystem.restore(state, knowledge, core)

    return make


def make_runtime(settings: EngineSettings, knowledge: Knowledge, connections: EngineConnections, *, starts_over: bool = False) -> Runtime:
    """An engine, ready to run; one that starts over leaves the checkpoint aside and reads the log from its beginning."""
    return Runtime(
        connections=connections,
        make_system=system_maker(settings, knowledge),
        clock=WallClock(),
        limits=RuntimeLimits(
            batch_max=settings.batch_max,
            checkpoint_seconds=settings.checkpoint_seconds,
            topology_wait_seconds=settings.topology_wait_seconds,
        ),
        starts_over=starts_over,
    )
