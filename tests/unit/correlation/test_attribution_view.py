"""Weighing one connected set: shares by occurrence and fault unit, and the tree of best causes."""

from math import fsum, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.correlation.making import link, vertex

from headwater.correlation.attribution_view import evidence_of, weigh
from headwater.correlation.vertices import Vertex
from headwater.testing.bare_objects import entity

MYSQL = entity("Deployment", "mysql")


def cascade() -> list[Vertex]:
    """An OOM kill, its service degraded, a caller that times out, its own callers failing."""
    oom = vertex(0, "kernel.oom", "Pod/mysql-0", unit="Deployment/mysql")
    degraded = vertex(15, "svc.degraded", "Service/mysql", unit="Deployment/mysql")
    timeout = vertex(15, "svc.timeout", "Service/api", "Service/mysql")
    api = vertex(15, "svc.degraded", "Service/api")
    failing = vertex(30, "svc.5xx", "Service/web", "Service/api")
    for cause, effect in ((oom, degraded), (degraded, timeout), (timeout, api), (api, failing)):
        link(cause, effect, 0.7)
    return [failing, degraded, oom, api, timeout]


def test_vertices_come_in_their_total_order_and_the_unit_that_began_leads() -> None:
    found = weigh(cascade())
    assert [each.sort_key for each in found.vertices] == sorted(each.sort_key for each in found.vertices)
    assert found.vertices[0].key.symptom_class == "kernel.oom"
    assert found.units[0] == MYSQL
    assert found.vertices[found.root_of_unit[MYSQL]].key.symptom_class == "kernel.oom"
    assert fsum(found.unit_shares.values()) == pytest.approx(1.0, abs=1e-5)


def test_ancestors_are_the_chain_of_best_causes() -> None:
    found = weigh(cascade())
    last = max(range(5), key=lambda v: found.vertices[v].onset)
    assert [found.vertices[v].entity.name for v in found.ancestors(last)] == ["api", "api", "mysql", "mysql-0"]
    assert found.ancestors(last) == found.ancestors(last)
    assert found.ancestors(0) == []
    assert set(found.local_roots) == {0}


def test_a_circle_of_causes_has_finite_chains() -> None:
    one, other = vertex(0, "svc.timeout", "Service/a", "Service/b"), vertex(1, "svc.timeout", "Service/b", "Service/a")
    link(one, other)
    link(other, one)
    found = weigh([one, other])
    assert (found.ancestors(0), found.ancestors(1)) == ([1], [0])
    assert found.local_roots == [0, 0]


def test_edges_from_outside_the_set_do_not_count() -> None:
    timeout = cascade()[-1]
    found = weigh([timeout])
    assert (found.edges, found.parent(0)) == ([{}], None)


def test_of_two_rules_for_one_step_the_stronger_counts_and_of_equal_ones_the_last_by_name() -> None:
    cause, effect = vertex(0, "kernel.oom", "Pod/a"), vertex(1, "pod.restart", "Pod/a")
    for weight, rule in ((0.5, "b"), (0.6, "c"), (0.6, "d"), (0.6, "a")):
        link(cause, effect, weight, rule)
    (weight, edge) = weigh([cause, effect]).edges[1][0]
    assert (weight, edge.rule) == (0.6, "d")


@given(st.randoms(use_true_random=False))
def test_any_order_of_vertices_and_edges_gives_the_same_bits(rng: Random) -> None:
    vertices, again = cascade(), cascade()
    rng.shuffle(again)
    for each in again:
        rng.shuffle(each.causes)
    one, other = weigh(vertices), weigh(again)
    assert [each.sort_key for each in one.vertices] == [each.sort_key for each in other.vertices]
    assert (one.attribution.shares, one.units, one.unit_shares, one.local_roots) == (
        other.attribution.shares, other.units, other.unit_shares, other.local_roots,
    )  # fmt: skip


def test_evidence_grows_slowly_with_repetition_and_ends_at_sixty_four() -> None:
    one, four, many = (vertex(0, "svc.timeout", "Service/a", count=count) for count in (1, 4, 200))
    assert (evidence_of(one), evidence_of(four)) == pytest.approx((1.0, sqrt(3)))
    assert evidence_of(many) == pytest.approx(sqrt(7))


def test_one_trouble_that_comes_and_goes_weighs_as_one_that_stays() -> None:
    stays = weigh([vertex(0, "svc.refused", "Service/a", "Service/b", count=8)])
    comes_and_goes = weigh([vertex(second, "svc.refused", "Service/a", "Service/b", count=2) for second in (0, 60, 120, 180)])
    assert fsum(comes_and_goes.evidence) == pytest.approx(fsum(stays.evidence)) == pytest.approx(sqrt(4))


def test_of_what_is_always_there_each_doubling_beyond_the_usual_counts_alike() -> None:
    usual = vertex(0, "svc.slow", "Service/a").symptom_class.usual
    one, few, more, many = (vertex(0, "svc.slow", "Service/a", count=int(usual * factor)) for factor in (0.25, 1, 4, 16))
    assert evidence_of(one) == evidence_of(few)
    assert evidence_of(few) < evidence_of(more) < evidence_of(many)
    assert evidence_of(many) - evidence_of(more) == pytest.approx(evidence_of(more) - evidence_of(few), rel=0.15)


def test_changes_and_inferred_states_are_no_evidence() -> None:
    assert evidence_of(vertex(0, "change.rollout", "Deployment/a")) == evidence_of(vertex(0, "svc.degraded", "Service/a")) == 0.0


def test_one_failed_call_does_not_explain_that_many_calls_to_its_caller_fail() -> None:
    weights = []
    for count in (16, 4, 1):
        failed = vertex(0, "svc.timeout", "Service/api", "Service/mysql", count=count)
        degraded = vertex(5, "svc.degraded", "Service/api")
        callers = vertex(6, "svc.5xx", "Service/web", "Service/api", count=16)
        link(failed, degraded, 0.6)
        link(degraded, callers, 0.8)
        found = weigh([failed, degraded, callers])
        weights.append(found.edges[1][0][0])
        assert found.edges[2][1][0] == 0.8
    assert weights == pytest.approx([0.6, 0.3, 0.15])


def test_nor_that_the_caller_shows_many_failures_of_its_own() -> None:
    failed = vertex(0, "svc.timeout", "Service/api", "Service/mysql")
    degraded = vertex(5, "svc.degraded", "Service/api")
    of_api = ("Service/api",)
    shown = [vertex(6, "svc.authz", "Pod/api-0", count=16, services=of_api), vertex(7, "svc.error", "Pod/api-0", count=4, services=of_api)]
    link(failed, degraded, 0.6)
    assert weigh([failed, degraded, *shown]).edges[1][0][0] == pytest.approx(0.15)
    # The same failures told in two ways are not twice as many.
    assert weigh([failed, degraded, shown[0]]).edges[1][0][0] == pytest.approx(0.15)


def test_an_inferred_state_that_leads_is_named_by_what_its_unit_shows_of_itself() -> None:
    degraded = vertex(0, "svc.degraded", "Service/mysql", unit="Deployment/mysql")
    slow = vertex(1, "svc.latency", "Service/mysql", unit="Deployment/mysql")
    blaming = vertex(2, "svc.timeout", "Service/mysql", "Service/disk", unit="Deployment/mysql")
    callers = vertex(3, "svc.timeout", "Service/api", "Service/mysql", count=5)
    for effect in (slow, callers):
        link(degraded, effect, 0.9)
    found = weigh([degraded, slow, blaming, callers])
    assert found.vertices[found.root_of_unit[MYSQL]] is slow
    silent = weigh([degraded, callers])
    assert silent.vertices[silent.root_of_unit[MYSQL]] is degraded


def test_of_replicas_that_fail_alike_the_first_by_name_is_named_whoever_s_clock_is_ahead() -> None:
    for onsets in ((0, 3), (3, 0)):
        pods = [vertex(at, "kernel.oom", f"Pod/mysql-{n}", unit="StatefulSet/mysql", count=4 - n) for n, at in enumerate(onsets)]
        found = weigh(pods)
        assert found.vertices[found.root_of_unit[found.units[0]]].entity.name == "mysql-0"
    apart = [vertex(at, "kernel.oom", f"Pod/mysql-{n}", unit="StatefulSet/mysql", count=c) for n, at, c in ((0, 60, 1), (1, 0, 9))]
    found = weigh(apart)
    assert found.vertices[found.root_of_unit[found.units[0]]].entity.name == "mysql-1"


def test_what_happens_all_the_time_is_no_evidence_needs_no_cause_and_explains_less() -> None:
    cause, effect, chronic = (
        vertex(0, "pod.restart", "Pod/a"), vertex(5, "svc.timeout", "Service/b", "Service/a"), vertex(6, "svc.5xx", "Service/c"),
    )  # fmt: skip
    link(cause, effect, 0.8)
    link(effect, chronic, 0.8)
    found = weigh([cause, effect, chronic], lambda each: {cause.number: 0.25, chronic.number: 0.0}.get(each.number, 1.0))
    assert found.edges[1][0][0] == pytest.approx(0.4)
    assert (found.evidence[2], found.parent(2)) == (0.0, None)
    assert [found.is_ordinary(v) for v in range(3)] == [True, False, True]
