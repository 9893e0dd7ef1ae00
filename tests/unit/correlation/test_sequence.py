"""The sequence detector: ordered chains read off the explanation."""

from tests.unit.correlation.making import link, rule, vertex
from tests.unit.correlation.test_attribution_view import cascade

from headwater.causes.rules import compile_rules
from headwater.correlation.attribution_view import weigh
from headwater.correlation.explanation import explain
from headwater.correlation.sequence import EXPECTED_MAX, depth_of, is_service_hop, read_sequence
from headwater.correlation.vertices import Vertex
from headwater.model.results import SequenceReading
from headwater.model.times import format_time
from headwater.testing.bare_objects import instant

NO_RULES = compile_rules(())


def read(*vertices: Vertex, rules: list[tuple[str, float]] | None = None) -> SequenceReading:
    weighed = weigh(vertices)
    explanation = explain(weighed, weighed.units[0])
    known = compile_rules(tuple(rule("svc.5xx", effect, probability=probability) for effect, probability in rules or ()))
    return read_sequence(weighed, explanation.tree, explanation.root, known)


def test_a_cascade_has_an_onset_a_depth_in_units_and_a_width() -> None:
    found = read(*cascade())
    assert (found.is_cascade, found.onset, found.depth, found.width) == (True, format_time(instant(0)), 2, 3)


def test_steps_within_a_unit_are_no_hops() -> None:
    weighed = weigh(cascade())
    hops = [is_service_hop(weighed, v) for v in range(5)]
    assert hops.count(True) == 2
    assert max(depth_of(weighed, v) for v in range(5)) == 2
    assert depth_of(weighed, 0) == 0


def test_two_units_are_no_cascade() -> None:
    oom, restart = vertex(0, "kernel.oom", "Pod/a"), vertex(1, "pod.restart", "Pod/b")
    link(oom, restart)
    found = read(oom, restart)
    assert (found.is_cascade, found.depth, found.width) == (False, 1, 2)


def test_many_units_beside_each_other_are_wide_and_no_cascade() -> None:
    root = vertex(0, "node.notready", "Node/n")
    pods = [vertex(1, "pod.unready", f"Pod/{n}") for n in range(4)]
    for each in pods:
        link(root, each)
    found = read(root, *pods)
    assert (found.is_cascade, found.depth, found.width) == (False, 1, 5)


def test_what_is_far_out_of_order_is_no_cascade() -> None:
    vertices = cascade()
    late = vertices[2]
    late.onset += 30_000_000_000
    assert read(*vertices).is_cascade is False


def test_what_the_last_link_usually_brings_about_is_expected_the_likeliest_first() -> None:
    rules = [("svc.latency", 0.5), ("svc.error", 0.9), ("svc.pool", 0.49), ("svc.degraded", 0.9), ("svc.timeout", 0.9)]
    assert read(*cascade(), rules=rules).expected_next == ["svc.error", "svc.latency"]


def test_few_are_expected() -> None:
    assert len(read(*cascade(), rules=[(f"svc.x{n}", 0.9) for n in range(9)]).expected_next) == EXPECTED_MAX


def test_a_tree_of_inferred_states_alone_can_be_read() -> None:
    assert read(vertex(0, "svc.degraded", "Service/a")).width == 1
