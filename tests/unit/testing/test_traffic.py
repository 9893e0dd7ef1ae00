"""Traffic for benches is what it says it is."""

from headwater.model.events import validate_event
from headwater.model.inputs import EventObserved
from headwater.model.observations import decode_observation
from headwater.model.times import parse_time, seconds
from headwater.testing.playback import packaged_knowledge
from headwater.testing.traffic import HEALTHY_KINDS, Traffic

START = parse_time("2026-01-05T10:00:00Z")


def shows_a_symptom(event: EventObserved) -> bool:
    catalogue = packaged_knowledge().catalogue
    return bool(catalogue.symptoms_of(decode_observation(event.data), event.data, occurred_at=START, trace_id=""))


def test_equal_seeds_make_equal_traffic() -> None:
    assert list(Traffic("a").events(500, START, 1_000)) == list(Traffic("a").events(500, START, 1_000))
    assert list(Traffic("a").events(500, START, 1_000)) != list(Traffic("b").events(500, START, 1_000))


def test_every_event_is_valid_and_has_an_id_of_its_own() -> None:
    events = list(Traffic("a").events(2_000, START, 1_000))
    assert len({validate_event(event.data).id for event in events}) == 2_000


def test_healthy_kinds_show_nothing_and_the_others_a_symptom() -> None:
    traffic = Traffic("a")
    for kind in [*HEALTHY_KINDS, "storm", "blip", "fresh", "stranger", "unready"]:
        for number in range(50):
            event = traffic.event_of(kind, START).observed(START + seconds(number), number)
            assert shows_a_symptom(event) == (kind not in HEALTHY_KINDS), event.data
