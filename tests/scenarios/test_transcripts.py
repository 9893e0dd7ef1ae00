"""
What the engine tells of each scenario, revision by revision, as golden text; `make rewrite` writes it anew, the diff is reviewed like code.

One transcript reads like a tutorial: what came in of note, and what was said after it and why. Ids are left out; shares are rounded.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from headwater.model.effects import PublishRejected, PublishResult
from headwater.model.inputs import EventObserved
from headwater.model.observations import decode_observation, occurred_at_of
from headwater.model.results import CorrelationResult
from headwater.model.times import clock_of
from headwater.service.driving import pass_time, tell
from headwater.testing.playback import SETTLED_AFTER, packaged_knowledge, packaged_system, scenario_inputs
from headwater.testing.scenarios import demo_scenario, scenario_descriptions

FOLDER = Path(__file__).parent / "transcripts"


def transcript(name: str) -> Iterator[str]:
    """What went in and came out. Healthy events are passed over."""
    scenario = demo_scenario(name)
    yield f"# {scenario.description}"
    system = packaged_system()
    inputs = scenario_inputs(scenario)
    for item in inputs:
        symptoms_before = system.counters["symptoms"]
        effects = tell(system, [item], 1)
        if isinstance(item, EventObserved) and system.counters["symptoms"] > symptoms_before:
            yield f"{clock_of(item.received_at)} < {described(item)}"
        yield from (line for effect in effects for line in told(effect, item.received_at))
    end = max(item.received_at for item in inputs) + SETTLED_AFTER
    yield from (line for effect in pass_time(system, end) for line in told(effect, None))


def described(item: EventObserved) -> str:
    """The symptoms of an event, in the catalogue's words."""

    head = decode_observation(item.data)
    occurred_at = occurred_at_of(head, item.received_at)
    symptoms = packaged_knowledge().catalogue.symptoms_of(head, item.data, occurred_at=occurred_at, trace_id="")
    return ", ".join(f"{symptom.symptom_class} of {symptom.about.scheme}/{symptom.about.name}: {symptom.text}" for symptom in symptoms)


def told(effect: PublishResult | PublishRejected, received_at: int | None) -> Iterator[str]:
    """One effect, in a few lines."""
    clock = clock_of(received_at) if received_at is not None else "   later"
    if isinstance(effect, PublishRejected):
        yield f"{clock} > rejected: {effect.reason.value}"
        return
    result = effect.result
    yield f"{clock} > {'ALERT ' if effect.is_alert else ''}revision {result.revision}, {result.status}, {result.reason}: {headline(result)}"
    if result.reason in ("first_told", "root_changed", "final"):
        yield f"           explains: {'; '.join(result.related_events)}"
        yield f"           impact: {', '.join(result.impact.services) or 'no service'}; {result.impact.pods} pods"
        yield f"           remedy: {result.remediation or 'none'}"


def headline(result: CorrelationResult) -> str:
    return f"{result.severity} {result.type}, {result.root_cause} ({result.verdict})"


@pytest.mark.parametrize("name", scenario_descriptions())
def test_the_transcript_is_as_reviewed(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(FOLDER / f"{name}.txt", "\n".join(transcript(name)) + "\n")
