"""Matching: what fills a role, what completes a pattern, which match is best, and that no order matters."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwater.patterns.match import ANCHORS_MAX, LIMIT_ANCHORS, LIMIT_REFERENCES, REFERENCES_MAX, PatternMatch, match
from headwater.patterns.pattern_library import PatternLibrary
from headwater.patterns.scene import Scene, Sighting
from headwater.testing.plain_scene import PlainScene, sighting

CLASSES = frozenset({"kernel.oom", "pod.restart", "svc.timeout", "svc.5xx", "svc.dns", "change.config", "node.mempressure"})


def _as_pattern(body: str, number: int = 0) -> str:
    filling = """
        summary: s
        severity: high
        remediation: repair it
        tests:
          - {name: fires, told: [{at: 0s, class: kernel.oom, about: Pod/a}], expect: {cause: Pod/a}}
          - {name: holds, told: [{at: 0s, class: pod.restart, about: Pod/a}], expect: nothing}
    """
    return f"pattern: p{number}\ntype: t{number}\n{textwrap.dedent(filling)}\n{textwrap.dedent(body)}"


def library(*bodies: str) -> PatternLibrary:
    """Patterns p0, p1, … with these bodies, their tests and prose filled in."""
    texts = {f"p{number}.yaml": _as_pattern(body, number) for number, body in enumerate(bodies)}
    return PatternLibrary.from_texts(texts, classes=CLASSES)


def matches(scene: Scene, *bodies: str) -> tuple[PatternMatch, ...]:
    return match(library(*bodies), scene)


OOM = sighting("kernel.oom", "Pod/mysql-0", 0, unit="StatefulSet/mysql")
TIMEOUT = sighting("svc.timeout", "Service/api", 15, unit="Deployment/api", peer="Service/mysql")
ERROR = sighting("svc.5xx", "Service/web", 30, unit="Deployment/web", peer="Service/api")
BACKS = [("Pod/mysql-0", "Service/mysql")]
CASCADE = """
    anchor: kernel.oom
    roles:
      upstream: {class: svc.5xx, blame: callers}
      callers: {class: [svc.timeout, svc.5xx], blame: anchor, lag: [-5s, 3m], required: true}
"""


def test_roles_are_filled_in_the_order_of_what_they_refer_to() -> None:
    (found,) = matches(PlainScene([OOM, TIMEOUT, ERROR], backs=BACKS), CASCADE)
    assert found.roles == {"anchor": (OOM,), "callers": (TIMEOUT,), "upstream": (ERROR,)}
    assert (found.root, found.anchor, found.required, found.score) == (OOM, OOM, 1, 1.5)


def test_a_pattern_without_a_required_role_is_not_complete() -> None:
    assert matches(PlainScene([OOM, ERROR], backs=BACKS), CASCADE) == ()


def test_an_optional_role_may_be_absent() -> None:
    (found,) = matches(PlainScene([OOM, TIMEOUT], backs=BACKS), CASCADE)
    assert "upstream" not in found.roles
    assert found.score == 1.0


@pytest.mark.parametrize(("at", "fills"), [(-6, False), (-5, True), (180, True), (181, False)])
def test_a_lag_includes_its_bounds(at: float, fills: bool) -> None:
    caller = sighting("svc.timeout", "Service/api", at, peer="Service/mysql")
    assert bool(matches(PlainScene([OOM, caller], backs=BACKS), CASCADE)) is fills


def test_who_blames_nobody_blames_not_the_anchor() -> None:
    silent = sighting("svc.timeout", "Service/api", 15)
    assert matches(PlainScene([OOM, silent], backs=BACKS), CASCADE) == ()


def test_blame_must_reach_the_anchor_through_the_topology() -> None:
    assert matches(PlainScene([OOM, TIMEOUT]), CASCADE) == ()


def test_due_to_is_blame_or_descent() -> None:
    body = "{anchor: kernel.oom, roles: {callers: {class: svc.timeout, due_to: anchor, required: true}}}"
    body = "anchor: kernel.oom\nroles: {callers: {class: svc.timeout, due_to: anchor, required: true}}"
    silent = sighting("svc.timeout", "Service/api", 15)
    assert matches(PlainScene([OOM, TIMEOUT], backs=BACKS), body)
    assert matches(PlainScene([OOM, silent], follows=[("kernel.oom", "svc.timeout")]), body)
    assert not matches(PlainScene([OOM, silent]), body)


def test_follows_asks_the_explanation() -> None:
    body = "anchor: kernel.oom\nroles: {callers: {class: svc.timeout, follows: anchor, required: true}}"
    assert matches(PlainScene([OOM, TIMEOUT], follows=[("kernel.oom", "svc.timeout")]), body)
    assert not matches(PlainScene([OOM, TIMEOUT], backs=BACKS), body)


def test_blamed_by_turns_blame_around() -> None:
    body = "anchor: svc.timeout\nroles: {own: {class: kernel.oom, blamed_by: anchor, required: true}}\nroot: own"
    (found,) = matches(PlainScene([OOM, TIMEOUT], backs=BACKS), body)
    assert found.root == OOM
    assert not matches(PlainScene([OOM, sighting("svc.timeout", "Service/api", 15)], backs=BACKS), body)


def test_any_one_of_several_places_is_enough() -> None:
    body = "anchor: kernel.oom\nroles: {restart: {class: pod.restart, at: [self, same_node], required: true}}"
    near, far = sighting("pod.restart", "Pod/cart-1", 5), sighting("pod.restart", "Pod/web-1", 5)
    (found,) = matches(PlainScene([OOM, near, far], places=[("same_node", "Pod/mysql-0", "Pod/cart-1")]), body)
    assert found.roles["restart"] == (near,)


def test_a_place_may_be_relative_to_a_role() -> None:
    body = """
        anchor: kernel.oom
        roles:
          restart: {class: pod.restart, at: any, required: true}
          change: {class: change.config, at: mounts(restart), required: true}
    """
    restart, change = sighting("pod.restart", "Pod/cart-1", 5), sighting("change.config", "ConfigMap/cart", 1)
    assert matches(PlainScene([OOM, restart, change], places=[("mounts", "Pod/cart-1", "ConfigMap/cart")]), body)
    assert not matches(PlainScene([OOM, restart, change], places=[("mounts", "Pod/mysql-0", "ConfigMap/cart")]), body)


def test_nowhere_is_any_place_of_a_role_that_is_absent() -> None:
    body = """
        anchor: kernel.oom
        roles:
          restart: {class: pod.restart, at: self}
          change: {class: change.config, at: any(restart), required: true}
    """
    assert not matches(PlainScene([OOM, sighting("change.config", "ConfigMap/cart", 1)]), body)


def test_an_exclusion_forbids_the_pattern() -> None:
    body = "anchor: kernel.oom\nnot: {class: node.mempressure, at: node_of, lag: [-2m, 30s]}"
    pressure = sighting("node.mempressure", "Node/n1", -20)
    places = [("node_of", "Pod/mysql-0", "Node/n1")]
    assert matches(PlainScene([OOM]), body)
    assert not matches(PlainScene([pressure, OOM], places=places), body)
    assert matches(PlainScene([sighting("node.mempressure", "Node/n1", -200), OOM], places=places), body)


def test_the_weight_of_the_roles_must_reach_complete_at() -> None:
    body = """
        anchor: kernel.oom
        complete_at: 1
        roles: {a: {class: pod.restart, at: any}, b: {class: svc.timeout, at: any}}
    """
    restart = sighting("pod.restart", "Pod/mysql-0", 5)
    assert not matches(PlainScene([OOM, restart]), body)
    assert matches(PlainScene([OOM, restart, TIMEOUT]), body)


@pytest.mark.parametrize(("threshold", "fills"), [("min: 3", False), ("min_entities: 3", False), ("min_units: 2", False), ("min: 2", True)])
def test_enough_is_counted_in_occurrences_entities_and_units(threshold: str, fills: bool) -> None:
    body = f"anchor: kernel.oom\nroles: {{r: {{class: pod.restart, at: any, required: true, {threshold}}}}}"
    restarts = [sighting("pod.restart", f"Pod/cart-{n}", n, unit="Deployment/cart") for n in (1, 2)]
    assert bool(matches(PlainScene([OOM, *restarts]), body)) is fills


STORM = "anchor: svc.5xx\nroles: {storm: {class: svc.5xx, at: self, with_anchor: true, within: 30s, min_count: 5, required: true}}"


@pytest.mark.parametrize(
    ("count", "lasts", "fills"), [(5, 29, True), (4, 5, False), (5, 60, False), (20, 60, True), (9, 60, True), (8, 60, False)]
)
def test_events_within_a_span_are_taken_as_spread_evenly(count: int, lasts: float, fills: bool) -> None:
    assert bool(matches(PlainScene([sighting("svc.5xx", "Service/web", 0, count=count, lasts=lasts)]), STORM)) is fills


def test_what_began_before_the_span_counts_from_its_start() -> None:
    body = "anchor: pod.restart\nroles: {storm: {class: svc.5xx, at: any, within: 10s, min_count: 6, required: true}}"
    errors = sighting("svc.5xx", "Service/web", -10, count=21, lasts=20)
    assert matches(PlainScene([errors, sighting("pod.restart", "Pod/a", 0)]), body.replace("6", "11"))
    assert not matches(PlainScene([errors, sighting("pod.restart", "Pod/a", 0.5)]), body.replace("6", "11"))


def test_what_begins_after_the_span_does_not_count() -> None:
    first = sighting("svc.5xx", "Service/web", 0, count=3, peer="Service/a")
    later = sighting("svc.5xx", "Service/web", 40, count=3, peer="Service/b")
    assert not matches(PlainScene([first, later]), STORM)


def test_the_anchor_is_no_evidence_of_itself() -> None:
    body = "anchor: kernel.oom\nroles: {again: {class: kernel.oom, at: self, required: true}}"
    assert not matches(PlainScene([OOM]), body)
    assert matches(PlainScene([OOM, sighting("kernel.oom", "Pod/mysql-0", 90)]), body)


def test_the_root_is_the_first_that_is_there() -> None:
    body = """
        anchor: kernel.oom
        roles: {change: {class: change.config, at: any}, restart: {class: pod.restart, at: any}}
        root: [change, restart, silent, anchor]
    """
    restart = sighting("pod.restart", "Pod/mysql-0", 5)
    change = sighting("change.config", "ConfigMap/mysql", -60)
    (without,) = matches(PlainScene([OOM, restart]), body)
    assert without.roots == (restart, OOM)
    assert without.may_be_silent
    (found,) = matches(PlainScene([change, OOM, restart]), body)
    assert found.root == change
    assert found.roots == (change, restart, OOM)


def test_only_a_silent_cause_will_do_where_nothing_else_is_named() -> None:
    (found,) = matches(PlainScene([TIMEOUT]), "anchor: svc.timeout\nroot: silent")
    assert (found.roots, found.may_be_silent, found.root) == ((), True, TIMEOUT)


def test_more_required_roles_win_then_weight_then_id() -> None:
    alone = "anchor: kernel.oom"
    heavier = "anchor: kernel.oom\nroles: {r: {class: pod.restart, at: any, weight: 3}}"
    required = "anchor: kernel.oom\nroles: {r: {class: pod.restart, at: any, required: true, weight: 1}}"
    scene = PlainScene([OOM, sighting("pod.restart", "Pod/mysql-0", 5)])
    found = matches(scene, alone, heavier, alone, required)
    assert [instance.pattern.id for instance in found] == ["p3", "p1", "p0", "p2"]


def test_each_fault_unit_keeps_its_own_best_match() -> None:
    first, second = sighting("kernel.oom", "Pod/a-1", 0, unit="Deployment/a"), sighting("kernel.oom", "Pod/a-2", 3, unit="Deployment/a")
    other = sighting("kernel.oom", "Pod/b-1", 9, unit="Deployment/b")
    found = matches(PlainScene([other, second, first]), "anchor: kernel.oom")
    assert [instance.root for instance in found] == [first, other]


def test_the_best_anchor_of_a_unit_is_the_one_with_more_evidence() -> None:
    first, second = sighting("kernel.oom", "Pod/a-1", 0, unit="Deployment/a"), sighting("kernel.oom", "Pod/a-2", 3, unit="Deployment/a")
    body = "anchor: kernel.oom\nroles: {restart: {class: pod.restart, at: self}}"
    (found,) = matches(PlainScene([first, second, sighting("pod.restart", "Pod/a-2", 5, unit="Deployment/a")]), body)
    assert found.root == second


def test_too_many_anchors_are_not_tried_and_that_is_said() -> None:
    many = [sighting("kernel.oom", f"Pod/a-{n}", n) for n in range(ANCHORS_MAX + 1)]
    found = matches(PlainScene(many), "anchor: kernel.oom")
    assert len(found) == ANCHORS_MAX
    assert all(instance.limits == (LIMIT_ANCHORS,) for instance in found)


def test_too_many_references_are_not_compared_and_that_is_said() -> None:
    callers = [sighting("svc.timeout", f"Service/c{n:03}", 10, peer="Service/mysql") for n in range(REFERENCES_MAX + 1)]
    blaming_last = sighting("svc.5xx", "Service/web", 30, peer=f"Service/c{REFERENCES_MAX:03}")
    (found,) = matches(PlainScene([OOM, *callers, blaming_last], backs=BACKS), CASCADE)
    assert found.limits == (LIMIT_REFERENCES,)
    assert "upstream" not in found.roles


CHAIN = [
    OOM,
    TIMEOUT,
    ERROR,
    sighting("svc.timeout", "Service/cart", 16, unit="Deployment/cart", peer="Service/mysql"),
    sighting("svc.5xx", "Service/web", 31, unit="Deployment/web", peer="Service/cart"),
    sighting("kernel.oom", "Pod/mysql-1", 0, unit="StatefulSet/mysql"),
]


@settings(max_examples=50, deadline=None)
@given(st.permutations(CHAIN))
def test_no_order_of_sightings_changes_a_match(order: list[Sighting]) -> None:
    patterns = library(CASCADE, "anchor: [kernel.oom]\nroles: {r: {class: svc.timeout, at: other_unit, min_units: 2, required: true}}")
    backs = [*BACKS, ("Pod/mysql-1", "Service/mysql")]
    assert match(patterns, PlainScene(order, backs=backs)) == match(patterns, PlainScene(CHAIN, backs=backs))


def test_a_condition_may_name_one_kind_of_a_class() -> None:
    exact = (
        "anchor: [pod.restart/killed]\nroles: {r: {class: [pod.restart/killed, pod.restart], at: self, with_anchor: true, required: true}}"
    )
    texts = PatternLibrary.from_texts({"p.yaml": _as_pattern(exact)}, classes=CLASSES | {"pod.restart/killed"})
    killed, ended = sighting("pod.restart", "Pod/a", details=("killed", "late")), sighting("pod.restart", "Pod/b", details=("failed",))
    (found,) = match(texts, PlainScene([killed, ended]))
    assert found.anchor == killed
    assert found.roles["r"] == (killed,)  # once, though both names fit it
    assert match(texts, PlainScene([ended])) == ()


def test_an_anchor_counts_as_blaming_the_outside_only_where_it_does() -> None:
    body = """
        anchor: svc.timeout
        roles:
          outside: {class: svc.timeout, at: blames_outside, with_anchor: true, required: true}
    """
    inside = PlainScene([TIMEOUT], backs=BACKS)
    outside = PlainScene([sighting("svc.timeout", "Service/api", 15, unit="Deployment/api", peer="External/api.bank.example")])
    assert matches(inside, body) == ()
    assert [found.pattern.id for found in matches(outside, body)] == ["p0"]
