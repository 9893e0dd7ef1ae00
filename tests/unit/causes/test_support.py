"""Explaining away: what else a cause explains speaks for it, and never the very symptom in question."""

from collections.abc import Sequence
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.causes.attribution import WeightedCause, attribute
from headwater.causes.support import WEIGHT_MAX, with_support

Causes = Sequence[Sequence[tuple[int, float]]]


def supported(causes: Causes, evidence: Sequence[float]) -> list[list[WeightedCause]]:
    count = len(causes)
    weighted = [[WeightedCause(cause, weight) for cause, weight in sorted(found, key=lambda c: (-c[1], c[0]))] for found in causes]
    spontaneity = [0.1] * count
    flow = attribute(evidence=evidence, spontaneity=spontaneity, causes=weighted, effects_first=range(count - 1, -1, -1))
    return with_support(weighted, spontaneity=spontaneity, attribution=flow)


def test_of_two_rivals_the_one_that_explains_more_besides_is_the_likelier() -> None:
    # 0 and 1 may each have caused 4; 2 and 3 can only come of 1.
    causes = supported([[], [], [(1, 0.8)], [(1, 0.8)], [(0, 0.5), (1, 0.4)]], evidence=[1, 1, 1, 1, 1])
    assert [c.cause for c in causes[4]] == [1, 0]
    assert fsum(c.weight for c in causes[4]) == pytest.approx(0.9)


def test_the_symptom_in_question_speaks_for_neither() -> None:
    causes = supported([[], [], [(0, 0.6), (1, 0.3)]], evidence=[0, 0, 100])
    assert [c.cause for c in causes[2]] == [0, 1]
    assert [c.weight for c in causes[2]] == pytest.approx([0.6, 0.3])


def test_a_lone_candidate_is_left_as_it_is() -> None:
    assert supported([[], [(0, 0.4)]], evidence=[5, 1])[1] == [WeightedCause(0, 0.4)]


def test_what_cannot_be_a_cause_at_all_shares_nothing() -> None:
    assert [c.weight for c in supported([[], [], [(0, 0.0), (1, 0.0)]], evidence=[1, 1, 1])[2]] == [0.0, 0.0]


@given(st.lists(st.floats(0.02, 0.98), min_size=2, max_size=6), st.lists(st.floats(0, 9), min_size=7, max_size=7))
def test_rivals_never_share_more_than_they_had_and_none_becomes_certain(weights: list[float], evidence: list[float]) -> None:
    rivals = list(enumerate(weights))
    found = supported([*([] for _ in rivals), rivals], evidence=evidence[: len(rivals) + 1])[-1]
    assert sorted(c.cause for c in found) == [cause for cause, _ in rivals]
    assert fsum(c.weight for c in found) <= fsum(weights) * (1 + 1e-9)
    assert all(0 <= c.weight <= WEIGHT_MAX for c in found)
