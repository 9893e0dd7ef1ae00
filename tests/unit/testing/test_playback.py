"""A scenario reaches the system as a stream would bring it, and time passes until everything is final."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from headwater.model.effects import Effect, PublishResult
from headwater.model.inputs import EventObserved, Input, TimePassed, TopologyObserved
from headwater.model.objects import decode_object_version
from headwater.model.results import Cause, CorrelationResult, Member
from headwater.testing.playback import SETTLED_AFTER, Told, play, scenario_inputs
from headwater.testing.simulator import CLEAN, simulate


class Listener:
    """A system that only remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[Input] = []

    @property
    def counters(self) -> Mapping[str, int]:
        return {}

    def handle_batch(self, items: Sequence[Input]) -> list[Effect]:
        self.told.extend(items)
        return []

    def next_wakeup(self) -> int | None:
        return None

    def remember_published(self, results: Iterable[CorrelationResult]) -> None:
        assert not list(results)

    def snapshot(self) -> bytes:
        return b""


def result(identifier: str, revision: int, *, status: str = "open", counts: Sequence[int] = (1,)) -> CorrelationResult:
    cause = Cause(entity="default/Pod/shop/a", owner="default/Deployment/shop/a", symptom_class="kernel.oom")
    members = [
        Member(entity="default/Pod/shop/a", symptom_class="kernel.oom", count=count, event_ids=[f"{identifier}-{index}"])
        for index, count in enumerate(counts)
    ]
    return CorrelationResult(
        id=identifier,
        fingerprint="",
        revision=revision,
        status=status,
        reason="",
        type="",
        severity="",
        verdict="",
        confidence=0.0,
        root_cause="",
        cause=cause,
        members=members,
    )


def told(*results: CorrelationResult) -> Told:
    return Told(tuple(PublishResult(result=one, body=b"", is_alert=False) for one in results))


def test_the_topology_comes_first() -> None:
    scenario = simulate("oom", 1)
    inputs = scenario_inputs(scenario)
    kinds = [type(item) for item in inputs]
    objects = kinds.count(TopologyObserved)
    assert objects == len(scenario.objects)
    assert set(kinds[:objects]) == {TopologyObserved}
    assert [item.data for item in inputs if isinstance(item, EventObserved)] == [event.data for event in scenario.events]


def test_a_late_topology_comes_after_the_last_event() -> None:
    inputs = scenario_inputs(simulate("rollout", 1, replace(CLEAN, is_topology_late=True)))
    last_event = max(index for index, item in enumerate(inputs) if isinstance(item, EventObserved))
    assert min(index for index, item in enumerate(inputs) if isinstance(item, TopologyObserved)) > last_event


def test_changes_of_objects_come_when_they_happen() -> None:
    scenario = simulate("rollout", 1)
    born = {
        decode_object_version(item.data).name: item.received_at for item in scenario_inputs(scenario) if isinstance(item, TopologyObserved)
    }
    for change in scenario.changes:
        assert 0 < born[change.object["metadata"]["name"]] - change.at < 10**9


def test_received_times_never_go_back() -> None:
    for is_late in (False, True):
        times = [item.received_at for item in scenario_inputs(simulate("rollout", 1, replace(CLEAN, is_topology_late=is_late)))]
        assert times == sorted(times)


def test_time_passes_after_the_last_input() -> None:
    listener = Listener()
    inputs = scenario_inputs(simulate("oom", 1))
    play(listener, inputs)
    assert listener.told[:-1] == inputs
    assert listener.told[-1] == TimePassed(received_at=inputs[-1].received_at + SETTLED_AFTER)


def test_only_the_last_revision_of_an_incident_counts() -> None:
    found = told(result("a", 1), result("b", 1), result("a", 2))
    assert [(one.id, one.revision) for one in found.incidents()] == [("a", 2), ("b", 1)]


def test_merged_and_retracted_incidents_do_not_stand() -> None:
    found = told(result("a", 1), result("a", 2, status="merged"), result("b", 1, status="retracted"), result("c", 1, status="resolved"))
    assert [one.id for one in found.incidents()] == ["c"]


def test_the_largest_incident_has_the_most_events_and_ties_go_to_the_smaller_id() -> None:
    largest = told(result("c", 1, counts=(2, 3)), result("b", 1, counts=(5,)), result("a", 1, counts=(4,))).largest_incident()
    assert largest is not None
    assert largest.id == "b"
    assert told().largest_incident() is None
