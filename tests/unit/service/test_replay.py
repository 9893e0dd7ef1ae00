"""A recording is told as it would have been live: topology first, then events in their order, then time until all is final."""

import asyncio

import pytest

from headwater.model.effects import PublishRejected, RejectionReason
from headwater.model.inputs import EventObserved, TopologyObserved
from headwater.model.objects import ObjectVersion
from headwater.model.times import seconds
from headwater.service.engine import load_knowledge, system_maker
from headwater.service.event_lines import InvalidEventError, event_line
from headwater.service.replay import Replay, ReplayStalledError, replay_file, replay_stream
from headwater.service.settings import EngineSettings
from headwater.testing.in_memory import MemoryEventSource, MemoryLog, MemoryTopologySource
from headwater.testing.playback import event_inputs, topology_inputs
from headwater.testing.scenario import Scenario
from headwater.testing.scenarios import demo_scenario

STORY = demo_scenario("story")
KNOWLEDGE = load_knowledge("")


def fresh() -> Replay:
    return Replay(system_maker(EngineSettings(), KNOWLEDGE)(None))


def from_file(scenario: Scenario) -> Replay:
    from headwater.topology.loader import K8sRelationshipLoader

    replay = fresh()
    lines = [event_line(event.data, now=0) for event in scenario.events]
    replay_file(replay, lines, K8sRelationshipLoader().versions(scenario.objects))
    replay.settle()
    return replay


async def from_stream(scenario: Scenario) -> Replay:
    replay = fresh()
    start = min(event.received_at for event in scenario.events) - seconds(1)
    events: MemoryLog[EventObserved] = MemoryLog(event_inputs(scenario.events))
    topology: MemoryLog[TopologyObserved] = MemoryLog(topology_inputs(scenario.objects, received_at=start))
    await replay_stream(replay, MemoryEventSource(events), MemoryTopologySource(topology), batch_max=7)
    replay.settle()
    return replay


async def test_a_file_and_a_stream_give_the_same_incident() -> None:
    file, stream = from_file(STORY), await from_stream(STORY)
    (first,), (second,) = file.incidents(), stream.incidents()
    assert first.fingerprint == second.fingerprint
    assert first.root_cause == "mysql-pod-abc OOM at 10:00:00"
    assert first.final
    assert file.alerts


def test_nothing_recorded_is_nothing_told() -> None:
    replay = fresh()
    replay_file(replay, [], [ObjectVersion(kind="Node", name="n")])
    replay.settle()
    assert replay.incidents() == []


def test_what_was_rejected_is_kept() -> None:
    replay = fresh()
    replay.feed([PublishRejected(RejectionReason.INVALID_SUBJECT, "", "traces.x", 1, seconds(1), b"")])
    assert [refused.sequence for refused in replay.rejected] == [1]


def test_half_a_recording_does_not_pass_for_a_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headwater.service.replay._READ_SECONDS", 0.0)

    class Silent(MemoryEventSource):
        @property
        def caught_up(self) -> bool:
            return False

    sources = Silent(MemoryLog()), MemoryTopologySource(MemoryLog())
    with pytest.raises(ReplayStalledError, match="nothing for"):
        asyncio.run(replay_stream(fresh(), *sources))


def test_a_line_is_an_event_or_says_why_not() -> None:
    line = event_line(b'{"id": "a", "type": "log", "trace_context": {"trace_id": "t"}}', now=5)
    assert (line.event_id, line.source, line.trace_id, line.occurred_at) == ("a", "log", "t", 5)
    with pytest.raises(InvalidEventError, match="send one JSON object"):
        event_line(b"nope", now=0)
