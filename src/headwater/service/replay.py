"""
The same core over recorded inputs: what would be told of them. Publishes nothing.

What comes out is a function of the recording and the rules alone; the wall clock has no part in it.
"""

from collections.abc import Iterable, Sequence

from headwater.model.effects import Effect, PublishRejected, PublishResult
from headwater.model.inputs import EventObserved, Input, TopologyObserved
from headwater.model.objects import ObjectVersion, encode_object_version
from headwater.model.results import CorrelationResult
from headwater.model.times import seconds
from headwater.service.driving import pass_time, tell
from headwater.service.event_lines import EventLine, observed
from headwater.service.ports import EventSource, System, TopologySource

SETTLED_AFTER = seconds(45 * 60)
"""After the last input, long enough for every incident to be final: horizon and longest lag are fifteen minutes each."""

_IDLE_READS_MAX = 20
_READ_SECONDS = 0.5


class ReplayStalledError(ConnectionError):
    """The recording could not be read to its end."""


class Replay:
    """Feeds a system and keeps what it told: the last revision of each incident."""

    def __init__(self, system: System, *, batch_max: int = 500) -> None:
        self._system = system
        self._batch_max = batch_max
        self._received_at = 0
        self.inputs = 0
        self.revisions = 0
        self.rejected: list[PublishRejected] = []
        self.results: dict[str, CorrelationResult] = {}
        self.alerts: dict[str, int] = {}  # incident id → alerts told

    def feed(self, items: Sequence[Input | PublishRejected]) -> None:
        """Tell the system these inputs."""
        inputs = [item for item in items if not isinstance(item, PublishRejected)]
        self._take([item for item in items if isinstance(item, PublishRejected)])
        if inputs:
            self._received_at = max(self._received_at, max(item.received_at for item in inputs))
            self.inputs += len(inputs)
            self._take(tell(self._system, inputs, self._batch_max))

    def settle(self) -> None:
        """Let time pass until nothing can change any more."""
        if self._received_at:
            self._take(pass_time(self._system, self._received_at + SETTLED_AFTER))

    def incidents(self, *, also_ended: bool = False) -> list[CorrelationResult]:
        """The last revision of each incident, the earliest first; merged and retracted ones only if asked for."""
        shown = [result for result in self.results.values() if also_ended or result.status not in ("merged", "retracted")]
        return sorted(shown, key=lambda result: (result.first_seen, result.id))

    def _take(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, PublishResult):
                self.revisions += 1
                self.results[effect.result.id] = effect.result
                if effect.is_alert:
                    self.alerts[effect.result.id] = self.alerts.get(effect.result.id, 0) + 1
            else:
                self.rejected.append(effect)


def replay_file(replay: Replay, lines: Sequence[EventLine], versions: Sequence[ObjectVersion]) -> None:
    """
    Topology first, then the lines in their order, which stands for the order of arrival.

    A file has no times of arrival: each event counts as received when it happened, or with the one before it if that is later.
    """
    if not lines:
        return
    replay.feed(versions_observed(versions, received_at=lines[0].occurred_at))
    received_at = 0
    items: list[Input | PublishRejected] = []
    for sequence, line in enumerate(lines, start=1):
        received_at = max(received_at, line.occurred_at)
        items.append(observed(line, received_at=received_at, sequence=sequence))
    replay.feed(items)


def versions_observed(versions: Sequence[ObjectVersion], *, received_at: int) -> list[TopologyObserved]:
    """The versions as inputs of that time."""
    return [
        TopologyObserved(data=encode_object_version(version), received_at=received_at, sequence=sequence)
        for sequence, version in enumerate(versions, start=1)
    ]


async def replay_stream(replay: Replay, events: EventSource, topology: TopologySource, batch_max: int = 2_000) -> None:
    """
    Everything that the sources hold, merged by the time the streams stored it, topology first at equal times.

    Versions that were stored before the first event are told first, whatever the batches were live.
    """
    versions: list[TopologyObserved] = []
    idle = 0
    while not topology.caught_up:
        read = await topology.read(batch_max, _READ_SECONDS)
        idle = _idle_reads(idle, bool(read))
        versions += read
    versions.sort(key=lambda item: item.received_at)
    next_version = idle = 0
    while not events.caught_up:
        batch = await events.read(batch_max, _READ_SECONDS)
        idle = _idle_reads(idle, bool(batch))
        if batch:
            end = next_version
            last = max(item.received_at for item in batch)
            while end < len(versions) and versions[end].received_at <= last:
                end += 1
            replay.feed(_merged(versions[next_version:end], batch))
            next_version = end
    replay.feed(versions[next_version:])


def _idle_reads(idle: int, has_read: bool) -> int:
    if not has_read and idle >= _IDLE_READS_MAX:
        # Half a replay looks like a whole one, so it must not end in silence.
        raise ReplayStalledError(f"the server delivered nothing for {_IDLE_READS_MAX * _READ_SECONDS:g} s though there is more; try again")
    return 0 if has_read else idle + 1


def _merged(versions: Sequence[TopologyObserved], events: Sequence[EventObserved | PublishRejected]) -> list[Input | PublishRejected]:
    items: list[Input | PublishRejected] = [*versions, *events]
    items.sort(key=lambda item: item.received_at)  # stable, so versions come first
    return items
