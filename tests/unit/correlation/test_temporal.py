"""The temporal correlator: delays, blame, shared traces, neighbours in time."""

import msgspec
import pytest
from tests.unit.correlation.making import link, rule, vertex

from headwater.correlation.temporal import WEIGHT_MAX, neighbours_in_time, propose, shared_traces, weight_of
from headwater.correlation.vertices import Edge
from headwater.model.times import seconds

REACH = seconds(900)
DEGRADED_THEN_TIMEOUT = rule("svc.degraded", "svc.timeout", "peer")


def proposed(cause_at: float, effect_at: float, **flags: bool) -> Edge | None:
    cause, effect = vertex(cause_at, "svc.error", "Service/mysql"), vertex(effect_at, "svc.timeout", "Service/api", "Service/mysql")
    return propose(cause, effect, msgspec.structs.replace(DEGRADED_THEN_TIMEOUT, **flags), reach=REACH)


def test_a_delay_within_the_window_gives_an_edge_with_rule_lag_and_weight() -> None:
    edge = proposed(0, 10)
    assert edge is not None
    assert (edge.rule, edge.path, edge.lag, edge.base_weight) == ("svc.degraded>svc.timeout", ("peer",), seconds(10), 0.6)


@pytest.mark.parametrize("effect_at", [-5.5, 60.5])
def test_a_delay_outside_the_window_gives_none(effect_at: float) -> None:
    assert proposed(0, effect_at) is None


def test_a_cause_seen_late_still_has_an_edge() -> None:
    assert proposed(0, -5) is not None


def test_the_delay_of_what_goes_on_after_a_pause_is_that_of_its_first_time() -> None:
    cause = vertex(0, "svc.error", "Service/mysql")
    effect = vertex(90, "svc.timeout", "Service/api", "Service/mysql")
    assert propose(cause, effect, DEGRADED_THEN_TIMEOUT, reach=REACH) is None
    effect.resumes = seconds(85)
    edge = propose(cause, effect, DEGRADED_THEN_TIMEOUT, reach=REACH)
    assert edge is not None
    assert (edge.lag, edge.base_weight) == (seconds(90), 0.6)


def test_while_a_state_lasts_it_may_bring_about_something_new_and_a_change_is_over_when_it_is_made() -> None:
    effect = vertex(200, "svc.timeout", "Service/api", "Service/mysql")
    state, change = vertex(0, "svc.error", "Service/mysql"), vertex(0, "change.rollout", "Service/mysql")
    state.last = change.last = effect.onset
    by_state, by_change = (
        propose(state, effect, DEGRADED_THEN_TIMEOUT, reach=REACH),
        propose(change, effect, DEGRADED_THEN_TIMEOUT, reach=REACH),
    )
    assert by_state is not None
    assert (by_state.lag, by_state.base_weight) == (seconds(200), 0.6)
    assert by_change is None
    state.last -= 1
    assert propose(state, effect, DEGRADED_THEN_TIMEOUT, reach=REACH) is None


def test_an_edge_too_weak_to_matter_is_none() -> None:
    weak = rule("svc.error", "svc.timeout", lag=(0, 0, 900), probability=0.1)
    cause, effect = vertex(0, "svc.error", "Service/mysql"), vertex(60, "svc.timeout", "Service/api")
    assert propose(cause, effect, weak, reach=REACH) is None


def test_nothing_causes_itself() -> None:
    one = vertex(0, "svc.error", "Service/mysql")
    assert propose(one, one, rule("svc.error", "svc.error"), reach=REACH) is None


@pytest.mark.parametrize(
    ("flags", "is_linked"),
    [
        ({"cause_blames": False}, True),
        ({"cause_blames": True}, False),
        ({"effect_blames": True}, True),
        ({"effect_blames": False}, False),
        ({"cause_blames": False, "effect_blames": True}, True),
    ],
)  # fmt: skip
def test_a_rule_may_ask_whether_either_end_blames_somebody(flags: dict[str, bool], is_linked: bool) -> None:
    assert (proposed(0, 10, **flags) is not None) is is_linked


def test_observers_times_further_apart_than_the_reach_are_never_linked_whatever_their_onsets() -> None:
    cause, effect = vertex(0, "svc.error", "Service/mysql"), vertex(900, "svc.timeout", "Service/api")
    effect.onset = cause.onset
    wide = rule("svc.error", "svc.timeout", lag=(0, 10, 900))
    assert propose(cause, effect, wide, reach=REACH) is None
    effect.first -= 1
    assert propose(cause, effect, wide, reach=REACH) is not None


def test_each_of_up_to_three_shared_traces_halves_the_doubt() -> None:
    weights = []
    for shared in range(5):
        traces = tuple(f"t{n}" for n in range(shared))
        cause, effect = (
            vertex(0, "svc.error", "Service/mysql", traces=traces),
            vertex(1, "svc.timeout", "Service/api", traces=(*traces, "x")),
        )
        link(cause, effect, 0.6)
        assert shared_traces(cause, effect) == shared
        weights.append(weight_of(effect.causes[0]))
    assert weights == pytest.approx([0.6, 0.8, 0.9, 0.95, 0.95])


def test_no_edge_is_certain() -> None:
    cause, effect = (vertex(n, "svc.error", f"Service/{n}", traces=("a", "b", "c")) for n in (0, 1))
    link(cause, effect, 0.97)
    assert weight_of(effect.causes[0]) == WEIGHT_MAX


def test_neighbours_are_next_to_each_other_within_two_minutes() -> None:
    a, b, c, d = (vertex(second, "pod.unready", f"Pod/{second}") for second in (0, 100, 219, 340))
    assert list(neighbours_in_time([d, b, a, c])) == [(a, b), (b, c)]
    assert list(neighbours_in_time([a])) == list(neighbours_in_time([])) == []


@pytest.mark.parametrize(
    ("cause", "effect", "weight"),
    [
        ((100, 900), (40, 0), 0.6),  # the cause was read after its effect, and may have begun before it
        ((100, 30), (40, 0), None),  # not so much before it
        ((100, 0), (40, 0), None),
        ((0, 0), (100, 95), 0.6),  # the effect was read late
        ((0, 900), (5, 0), 0.6),  # it fits as it was seen
    ],
)
def test_what_nobody_saw_begin_fits_by_any_delay_it_may_have_had(
    cause: tuple[float, float], effect: tuple[float, float], weight: float | None
) -> None:
    ends = []
    for (second, spread), symptom_class in ((cause, "svc.noendpoints"), (effect, "svc.refused")):
        each = vertex(second, symptom_class, "Service/api")
        for held in each.occurrences:
            held.earliest = msgspec.structs.replace(held.earliest, onset_earliest=held.earliest.onset - seconds(spread))
        each.refresh()
        ends.append(each)
    found = propose(ends[0], ends[1], rule("svc.noendpoints", "svc.refused"), reach=seconds(900))
    assert (found and found.base_weight) == weight
