"""An engine that comes back from an old checkpoint takes over what was told after it: no revision twice, no id anew."""

from collections.abc import Sequence

from headwater.correlation.system import CorrelationSystem
from headwater.model.inputs import EventObserved, Input
from headwater.model.results import CorrelationResult
from headwater.model.times import format_time, parse_time, seconds
from headwater.service.driving import tell
from headwater.testing.playback import Told, packaged_knowledge, packaged_system, play, scenario_inputs
from headwater.testing.scenarios import demo_scenario

NOON = parse_time("2026-01-05T12:00:00Z")


def told_by(system: CorrelationSystem, inputs: Sequence[Input], batch_max: int) -> list[CorrelationResult]:
    return Told(tuple(tell(system, inputs, batch_max))).results()


def last_of(results: Sequence[CorrelationResult]) -> list[CorrelationResult]:
    return list({result.id: result for result in results}.values())


def test_a_restart_from_an_old_checkpoint_repeats_no_revision() -> None:
    inputs = scenario_inputs(demo_scenario("story"))
    for cut in range(0, len(inputs), 23):
        engine = packaged_system()
        before = told_by(engine, inputs[:cut], 1)
        checkpoint = engine.snapshot()
        after = told_by(engine, inputs[cut:], 1)
        again = CorrelationSystem.restore(checkpoint, packaged_knowledge())
        again.remember_published(last_of([*before, *after]))
        assert told_by(again, inputs[cut:], 64) == []


def test_the_id_is_that_of_the_anchor_however_the_log_is_cut() -> None:
    later, earlier = oom(seconds_after_noon=10, sequence=1), oom(seconds_after_noon=5, sequence=2)
    told = told_by(packaged_system(), [later, earlier], 1)
    again = packaged_system()
    again.remember_published(last_of(told))
    rest = play(again, [later, earlier], batch_max=2).results()
    assert {result.id for result in told} == {result.id for result in rest}
    assert min(result.revision for result in rest) == max(result.revision for result in told) + 1


def test_what_an_earlier_run_did_not_live_to_tell_is_told_where_it_stood() -> None:
    first, second = oom(seconds_after_noon=0, sequence=1), oom(seconds_after_noon=1, sequence=2, pod="other-0")
    told = told_by(packaged_system(), [first, second], 2)
    assert len(told) == 2
    again = packaged_system()
    again.remember_published(told[1:])
    rest = told_by(again, [first, second], 1)
    assert [result.id for result in rest] == [told[0].id]


def test_more_pods_than_are_judged_keep_one_id_and_become_final() -> None:
    inputs = [oom(seconds_after_noon=(700 - n) / 100, sequence=n + 1, pod=f"api-{n:03d}") for n in range(700)]
    results = play(packaged_system(), inputs, batch_max=50).results()
    assert len({result.id for result in results}) == 1
    assert results[-1].final
    assert "members" in results[-1].partial


def oom(*, seconds_after_noon: float, sequence: int, pod: str = "mysql-0") -> EventObserved:
    at = NOON + seconds(seconds_after_noon)
    owner = f'[{{"kind":"StatefulSet","name":"{pod.rsplit("-", 1)[0]}","controller":true}}]'
    context = f'{{"kind":"Pod","namespace":"shop","name":"{pod}","owner_references":{owner}}}'
    head = f'"id":"oom-{sequence}","source":"ebpf","timestamp":"{format_time(at)}"'
    body = f'{{{head},"kernel":{{"syscall":"oom_kill"}},"k8s_context":{context}}}'
    return EventObserved("none", "ebpf", body.encode(), NOON + seconds(20) + sequence, sequence)
