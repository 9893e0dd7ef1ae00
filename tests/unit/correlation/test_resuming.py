"""An engine that lost its state reads the log again, and tells nothing that was told."""

from headwater.model.inputs import TimePassed
from headwater.model.results import CorrelationResult, finding_bytes
from headwater.model.times import seconds
from headwater.service.driving import tell
from headwater.testing.playback import Told, packaged_system, play, scenario_inputs
from headwater.testing.scenarios import demo_scenario


def test_reading_the_log_again_tells_nothing_twice() -> None:
    inputs = scenario_inputs(demo_scenario("story"))
    earlier = packaged_system()
    told = Told(tuple(tell(earlier, inputs, 64)))
    assert told.results()
    again = packaged_system()
    again.remember_published(last_revisions(told))
    assert Told(tuple(tell(again, inputs, 1))).results() == []


def test_what_comes_after_continues_the_ids_and_revisions() -> None:
    inputs = scenario_inputs(demo_scenario("story"))
    first = play(packaged_system(), inputs)
    cut = Told(tuple(tell(packaged_system(), inputs, 64)))
    again = packaged_system()
    again.remember_published(last_revisions(cut))
    rest = play(again, inputs, batch_max=1)
    known = {result.id: result.revision for result in last_revisions(cut)}
    assert rest.results()
    for result in rest.results():
        assert result.id not in known or result.revision > known[result.id]
    assert findings(rest) == findings(first)


def test_a_final_incident_is_told_no_more() -> None:
    inputs = scenario_inputs(demo_scenario("story"))
    told = play(packaged_system(), inputs)
    again = packaged_system()
    again.remember_published(told.last_revisions())
    assert play(again, inputs, batch_max=7).results() == []
    assert again.handle(TimePassed(max(item.received_at for item in inputs) + seconds(90_000))) == []


def last_revisions(told: Told) -> list[CorrelationResult]:
    return told.last_revisions()


def findings(told: Told) -> list[bytes]:
    return sorted(finding_bytes(result) for result in told.incidents() if result.final)
