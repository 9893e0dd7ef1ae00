"""Folding: symptoms of one key become sessions, in whatever order, how often and with whatever others they come."""

from collections.abc import Iterable
from copy import deepcopy
from itertools import pairwise, permutations
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.correlation.making import occurrence, symptom

from headwater.correlation.occurrences import (
    COUNTED_EXACTLY_MAX,
    SAMPLES_MAX,
    SOURCES_MAX,
    TRACES_MAX,
    Occurrence,
    OccurrenceStore,
    join,
    occurrence_of,
)
from headwater.model.severity import Severity
from headwater.model.symptoms import Symptom
from headwater.model.times import seconds
from headwater.testing.bare_objects import instant

GAP = seconds(30)


def folded(symptoms: Iterable[Symptom]) -> OccurrenceStore:
    store = OccurrenceStore()
    for each in symptoms:
        store.fold(each, GAP)
    return store


def shown(found: Occurrence) -> bytes:
    """All of an occurrence, its unordered parts in order."""
    return msgspec.json.encode(
        msgspec.structs.replace(found, samples=dict(sorted(found.samples.items())), traces=dict(sorted(found.traces.items())))
    )


def contents(store: OccurrenceStore) -> list[bytes]:
    return sorted(shown(each) for each in store)


def spans(store: OccurrenceStore) -> list[tuple[float, float]]:
    return sorted(((each.first - instant(0)) / seconds(1), (each.last - instant(0)) / seconds(1)) for each in store)


def test_one_symptom_is_an_occurrence() -> None:
    found = occurrence_of(symptom(3, onset=1, severity=Severity.HIGH, trace="t", source="s", text="x"))
    assert (found.onset, found.first, found.last) == (instant(1), instant(3), instant(3))
    assert (found.count, found.count_is_estimated, found.severity, found.sources) == (1, False, Severity.HIGH, ["s"])
    assert list(found.traces.values()) == ["t"]
    assert found.earliest.text == "x"


def test_without_trace_and_source_there_is_none() -> None:
    found = occurrence_of(symptom(source=""))
    assert (found.traces, found.sources) == ({}, [])


def test_symptoms_within_the_gap_of_each_other_are_one_and_beyond_it_two() -> None:
    assert spans(folded([symptom(0), symptom(30), symptom(60)])) == [(0, 60)]
    assert len(folded([symptom(0), symptom(30.000001)])) == 2


def test_one_in_between_bridges_two() -> None:
    store = folded([symptom(0), symptom(50)])
    change = store.fold(symptom(25), GAP)
    assert spans(store) == [(0, 50)]
    assert (len(store), len(change.absorbed), change.is_new, change.has_moved, change.has_grown) == (1, 1, False, True, True)


PAUSE = seconds(300)


def began(store: OccurrenceStore) -> list[float]:
    return [(each.began - instant(0)) / seconds(1) for each in sorted(store, key=lambda each: each.first)]


def test_what_pauses_for_less_than_five_minutes_resumes_what_was_before() -> None:
    store = OccurrenceStore()
    assert [len(store.fold(symptom(second), GAP, PAUSE).resuming) for second in (0, 100, 390, 800)] == [0, 1, 1, 0]
    assert began(store) == [0, 0, 0, 800]


def test_what_a_session_resumes_is_told_again_where_it_came_later_and_stays_where_that_is_forgotten() -> None:
    store = OccurrenceStore()
    later = store.fold(symptom(390), GAP, PAUSE).occurrence
    store.fold(symptom(0), GAP, PAUSE)
    assert began(store) == [0, 390]
    between = store.fold(symptom(200), GAP, PAUSE)
    assert between.resuming == (between.occurrence, later)
    assert began(store) == [0, 0, 0]
    store.forget([between.occurrence])
    store.fold(symptom(400), GAP, PAUSE)
    assert began(store) == [0, 0]


@given(st.lists(st.integers(0, 2_000), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_in_whatever_order_symptoms_come_their_sessions_resume_the_same(times: list[int], rng: Random) -> None:
    stores = []
    for order in (times, sorted(times), rng.sample(times, len(times))):
        store = OccurrenceStore()
        for second in order:
            store.fold(symptom(second), GAP, PAUSE)
        stores.append(began(store))
    assert stores[0] == stores[1] == stores[2]


def test_a_change_resumes_nothing() -> None:
    store = OccurrenceStore()
    assert [store.fold(symptom(second), GAP).resuming for second in (0, 100)] == [(), ()]


def test_other_keys_are_other_occurrences() -> None:
    store = folded([symptom(0), symptom(0, peer="mysql"), symptom(0, about="web"), symptom(0, "svc.5xx")])
    assert len(store) == len(list(store)) == 4


def test_what_folding_changed_is_said() -> None:
    store = OccurrenceStore()
    first = store.fold(symptom(10), GAP)
    assert (first.is_new, first.has_moved, first.has_grown, first.absorbed) == (True, True, True, ())
    again = store.fold(symptom(10), GAP)
    assert (again.is_new, again.has_moved, again.has_grown) == (False, False, False)
    later = store.fold(symptom(12), GAP)
    assert (later.has_moved, later.has_grown) == (False, True)
    earlier = store.fold(symptom(8), GAP)
    assert (earlier.has_moved, earlier.has_grown) == (True, True)
    graver = store.fold(symptom(8, severity=Severity.CRITICAL), GAP)
    assert (graver.has_moved, graver.has_grown) == (False, True)
    assert later.occurrence is first.occurrence


def test_the_onset_is_the_earliest_that_any_symptom_claims() -> None:
    (found,) = folded([symptom(0), symptom(20, onset=-300), symptom(25)])
    assert (found.onset, found.first) == (instant(-300), instant(0))


def test_of_two_that_began_alike_the_one_that_nobody_saw_begin_says_how_early_that_may_be() -> None:
    seen = symptom(0, event_id="a")
    for event_id in ("0", "z"):
        read = msgspec.structs.replace(symptom(0, event_id=event_id), onset_spread=seconds(300))
        assert occurrence(seen, read).earliest.onset_spread == occurrence(read, seen).earliest.onset_spread == seconds(300)


def test_an_occurrence_is_found_by_any_instant_it_covers() -> None:
    store = folded([symptom(0), symptom(20), symptom(200)])
    key = next(iter(store)).key
    assert store.find(key, instant(10)) is store.find(key, instant(0))
    assert store.find(key, instant(100)) is None
    assert store.find(msgspec.structs.replace(key, symptom_class="svc.5xx"), instant(10)) is None
    assert len(store.sessions_of(key)) == 2


def test_what_is_forgotten_is_gone_and_others_stay() -> None:
    store = folded([symptom(0), symptom(200), symptom(0, about="web")])
    first, *_ = store
    store.forget([first])
    assert len(store) == 2
    store.forget([first])
    assert len(store) == 2
    store.forget(list(store))
    assert (len(store), list(store), store.sessions_of(first.key)) == (0, [], [])


def test_a_restored_store_goes_on_as_the_one_it_was() -> None:
    told = [symptom(second, trace=f"t{second}") for second in (50, 0, 100)]
    store, again = folded(told), OccurrenceStore()
    again.restore(deepcopy(sorted(store, key=lambda each: each.sort_key)))
    changes = [each.fold(symptom(25), GAP) for each in (store, again)]
    assert contents(store) == contents(again)
    assert changes[0].occurrence.sort_key == changes[1].occurrence.sort_key


def test_which_incident_a_bridged_occurrence_was_told_in_depends_on_no_order() -> None:
    answers = []
    for order in permutations((0, 50, 75)):
        store = folded([symptom(second) for second in order])
        for each in store:
            each.told_in = f"incident of {each.first - instant(0)}"
        change = store.fold(symptom(25), GAP)
        answers.append(change.occurrence.told_in)
    assert set(answers) == {"incident of 0"}


@pytest.mark.parametrize("count", [1, 63, 64, 65])
def test_counts_are_exact_to_sixty_four(count: int) -> None:
    for seed in range(10):
        found = occurrence(*(symptom(second / 10, event_id=f"{seed}-{second}") for second in range(count)))
        assert found.count_is_estimated is (count > COUNTED_EXACTLY_MAX)
        assert (found.count == count) if count <= COUNTED_EXACTLY_MAX else (found.count > COUNTED_EXACTLY_MAX)


@pytest.mark.parametrize("count", [100, 1_000, 10_000])
def test_larger_counts_are_estimated_within_a_half(count: int) -> None:
    """The standard error is an eighth, so that a half is four of them."""
    rng = Random(count)
    for _ in range(20):
        found = occurrence_of(msgspec.structs.replace(symptom(), observation=rng.getrandbits(64)))
        for _ in range(count - 1):
            join(found, occurrence_of(msgspec.structs.replace(symptom(), observation=rng.getrandbits(64))))
        assert abs(found.count - count) <= count / 2


def test_equal_observations_count_once() -> None:
    (found,) = folded([symptom(0, event_id="a")] * 5)
    assert found.count == 1


def test_samples_traces_and_sources_are_bounded_and_chosen_by_what_they_are() -> None:
    told = [symptom(n / 10, trace=f"trace-{n}", source=f"source-{n:03}", event_id=f"e{n}") for n in range(100)]
    (found,) = folded(told)
    (backwards,) = folded(reversed(told))
    assert (len(found.samples), len(found.traces)) == (SAMPLES_MAX, TRACES_MAX)
    assert found.sources == [f"source-{n:03}" for n in range(SOURCES_MAX)]
    assert max(found.samples) <= found.hashes[SAMPLES_MAX - 1]
    assert shown(found) == shown(backwards)
    assert found.earliest.event_id == "e0"


def test_a_new_trace_is_news_even_where_the_number_of_traces_stays() -> None:
    store = folded(symptom(n / 10, trace=f"trace-{n}", event_id=f"e{n}") for n in range(100))
    assert [store.fold(symptom(1, trace=f"late-{n}", event_id="e1"), GAP).has_grown for n in range(200)].count(True) > 0


symptoms = st.builds(
    symptom,
    st.integers(0, 200).map(lambda half: half / 2),
    event_id=st.sampled_from([f"e{n}" for n in range(30)]),
    onset=st.none(),
    severity=st.sampled_from(list(Severity)),
    trace=st.sampled_from(["", *(f"t{n}" for n in range(20))]),
    source=st.sampled_from(["", *"abcdefghijkl"]),
    text=st.sampled_from(["x", "y"]),
)  # fmt: skip
occurrences = st.lists(symptoms, min_size=1, max_size=12).map(lambda told: occurrence(*told))


def joined(one: Occurrence, other: Occurrence) -> Occurrence:
    lists = {"hashes": list(one.hashes), "sources": list(one.sources)}
    copy = msgspec.structs.replace(one, samples=dict(one.samples), traces=dict(one.traces), **lists)
    join(copy, other)
    return copy


@given(occurrences, occurrences)
def test_joining_is_commutative(one: Occurrence, other: Occurrence) -> None:
    assert shown(joined(one, other)) == shown(joined(other, one))


@given(occurrences, occurrences, occurrences)
def test_joining_is_associative(one: Occurrence, other: Occurrence, third: Occurrence) -> None:
    assert shown(joined(joined(one, other), third)) == shown(joined(one, joined(other, third)))


@given(occurrences, occurrences)
def test_joining_is_idempotent(one: Occurrence, other: Occurrence) -> None:
    assert shown(joined(one, one)) == shown(one)
    assert shown(joined(joined(one, other), other)) == shown(joined(one, other))


@given(occurrences, occurrences)
def test_what_joining_does_not_call_a_change_shows_no_difference(one: Occurrence, other: Occurrence) -> None:
    before = joined(one, one)
    if not join(one, other):
        assert (one.onset, one.first, one.last, one.count, one.severity, one.earliest) == (
            before.onset, before.first, before.last, before.count, before.severity, before.earliest,
        )  # fmt: skip
        assert one.traces == before.traces


@given(st.lists(symptoms, min_size=1, max_size=25), st.randoms(use_true_random=False), st.data())
def test_any_order_and_repetition_of_the_same_symptoms_gives_the_same_occurrences(
    told: list[Symptom], rng: Random, data: st.DataObject
) -> None:
    again = told + [told[index] for index in data.draw(st.lists(st.integers(0, len(told) - 1), max_size=10))]
    rng.shuffle(again)
    assert contents(folded(again)) == contents(folded(told))


@given(st.lists(st.integers(0, 400), min_size=1, max_size=25))
def test_no_two_sessions_are_within_the_gap_and_all_symptoms_are_covered(moments: list[int]) -> None:
    found = spans(folded(symptom(moment) for moment in moments))
    for (_, last), (first, _) in pairwise(found):
        assert first - last > 30
    assert all(any(first <= moment <= last for first, last in found) for moment in moments)


def test_an_observation_that_stands_for_many_counts_for_them_and_kinds_are_united() -> None:
    one = occurrence(msgspec.structs.replace(symptom(0), repeats=9, detail="refused"))
    other = occurrence(msgspec.structs.replace(symptom(1), detail="late"), symptom(2))
    assert (one.count, other.count) == (9, 2)
    assert join(one, other)
    assert (one.count, one.details) == (9, ["late", "refused"])
    assert not join(one, other)
