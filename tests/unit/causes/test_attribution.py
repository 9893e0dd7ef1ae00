"""The absorbing attribution flow: evidence walks from symptoms to where things began."""

from collections.abc import Sequence
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.causes.attribution import Attribution, WeightedCause, attribute, local_roots


def flow(
    causes: Sequence[Sequence[tuple[int, float]]], *, evidence: Sequence[float] = (), spontaneity: Sequence[float] = ()
) -> Attribution:
    count = len(causes)
    return attribute(
        evidence=evidence or [1.0] * count,
        spontaneity=spontaneity or [0.1] * count,
        causes=[[WeightedCause(cause, weight) for cause, weight in sorted(found, key=lambda c: (-c[1], c[0]))] for found in causes],
        effects_first=range(count - 1, -1, -1),
    )


def test_a_symptom_without_cause_keeps_its_evidence() -> None:
    found = flow([[], []], evidence=[3.0, 1.0])
    assert found.shares == pytest.approx([0.75, 0.25])
    assert found.best_causes == [None, None]
    assert found.evidence == 4.0


def test_evidence_is_parted_between_cause_and_chance_by_their_weights() -> None:
    found = flow([[], [(0, 0.3)]], evidence=[0.0, 1.0], spontaneity=[0.5, 0.1])
    assert found.shares == pytest.approx([0.75, 0.25])
    assert found.best_causes == [None, 0]


def test_a_chain_carries_evidence_to_its_beginning() -> None:
    found = flow([[], [(0, 0.9)], [(1, 0.9)], [(2, 0.9)]])
    assert found.shares[0] == max(found.shares) > 0.7
    assert found.best_causes == [None, 0, 1, 2]


def test_a_cause_less_likely_than_chance_is_no_parent_but_still_gets_its_part() -> None:
    found = flow([[], [(0, 0.05)]])
    assert found.best_causes == [None, None]
    assert found.shares[0] > 0.5


def test_two_rivals_share_what_either_may_have_caused() -> None:
    found = flow([[], [], [(0, 0.4), (1, 0.2)]], evidence=[0, 0, 1])
    assert found.shares[0] == pytest.approx(2 * found.shares[1])


def test_a_circle_of_retries_ends_and_loses_nothing() -> None:
    found = flow([[(1, 0.98)], [(0, 0.98)]], spontaneity=[0.02, 0.02])
    assert fsum(found.shares) == pytest.approx(1.0)
    assert found.shares[0] == pytest.approx(found.shares[1], abs=0.1)


def test_nothing_to_explain_gives_nothing() -> None:
    assert flow([[], []], evidence=[0.0, 0.0]).shares == [0.0, 0.0]


@st.composite
def graphs(draw: st.DrawFn) -> list[list[tuple[int, float]]]:
    count = draw(st.integers(1, 12))
    weights = st.floats(0.02, 0.98)
    others = [draw(st.sets(st.integers(0, count - 1), max_size=4)) - {v} for v in range(count)]
    return [[(cause, draw(weights)) for cause in sorted(found)] for found in others]


@given(graphs(), st.data())
def test_shares_of_any_graph_sum_to_one(causes: list[list[tuple[int, float]]], data: st.DataObject) -> None:
    evidence = data.draw(st.lists(st.floats(0.1, 5), min_size=len(causes), max_size=len(causes)))
    found = flow(causes, evidence=evidence)
    assert fsum(found.shares) == pytest.approx(1.0)
    assert all(share >= 0 for share in found.shares)


@given(graphs())
def test_every_chain_of_best_causes_ends_at_a_root_of_its_own(causes: list[list[tuple[int, float]]]) -> None:
    best = flow(causes).best_causes
    roots = local_roots(best)
    for v, root in enumerate(roots):
        assert roots[root] == root
        parent = best[v]
        if parent is not None:
            assert roots[parent] == root
        else:
            assert root == v


@pytest.mark.parametrize(
    ("best_causes", "roots"),
    [
        ([], []),
        ([None], [0]),
        ([None, 0, 1], [0, 0, 0]),
        ([1, None, 1], [1, 1, 1]),
        ([2, 0, 1], [0, 0, 0]),  # a circle ends at its lowest
        ([None, 2, 3, 1, 3], [0, 1, 1, 1, 1]),  # and so does what leads into it
        ([0], [0]),
    ],
)
def test_local_roots(best_causes: list[int | None], roots: list[int]) -> None:
    assert local_roots(best_causes) == roots
