"""What healthy spans teach of who calls whom: a function of the set of spans, however often and in whatever order they came."""

from itertools import permutations
from typing import Any, NamedTuple

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from headwater.correlation.calls import CHILDREN_MAX, PARTS_MAX, CallLearner, CallMemory
from headwater.model.entities import Reference
from headwater.model.heads import EventHead, TraceHead
from headwater.model.relations import Relation
from headwater.testing.bare_objects import entity, instant
from headwater.topology.graph import TopologyGraph

MEMORY = 1_000


class Span(NamedTuple):
    """A span as one process reports it."""

    service: str
    span: str
    parent: str = ""
    trace: str = "t"
    second: int = 0

    def head(self) -> EventHead:
        trace = TraceHead(trace_id=self.trace, span_id=self.span, parent_span_id=self.parent)
        return EventHead(
            id=f"{self.trace}/{self.span}/{self.service}/{self.second}", trace_context=trace, attributes={"service.name": self.service}
        )


class Learning:
    """A topology and who teaches it."""

    def __init__(self, spans_max: int = MEMORY) -> None:
        self.spans_max = spans_max
        self.topology = TopologyGraph()
        self.calls = CallLearner(self.topology, spans_max)

    def learn(self, *spans: Span) -> "Learning":
        for span in spans:
            self.calls.join_span(span.head(), instant(span.second))
        return self

    def observe(self, caller: str, called: str, *sightings: tuple[int, str]) -> "Learning":
        for second, identity in sightings:
            self.calls.call(reference(caller), reference(called), instant(second), identity)
        return self

    def restarted(self) -> "Learning":
        again = Learning(self.spans_max)
        again.topology = TopologyGraph.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(self.topology.snapshot())))
        again.calls = CallLearner(again.topology, self.spans_max)
        again.calls.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(self.calls.snapshot()), type=CallMemory))
        return again

    def pairs(self) -> set[tuple[str, str]]:
        """Every call seen, be it a relation yet or not."""
        return {(call[0][3], call[1][3]) for call in self.topology.snapshot()["calls"]}

    def relations(self) -> list[Any]:
        """What findings can see of calls."""
        calls = self.topology.snapshot()["calls"]
        found: list[Any] = [call[:4] for call in calls if len(call[4]) == 3]
        at = instant(0)
        for _caller, called, *_rest in calls:
            found.append(self.topology.related(entity("Service", called[3], "default"), Relation.CALLED_BY, at, at))
        return found


def reference(name: str) -> Reference:
    return Reference("default", "service.name", "", name)


def test_a_repeated_call_counts_once_and_never_hides_another() -> None:
    repeated = Learning().observe("api", "mysql", *((1, "a"),) * 5, (2, "b"), (3, "c"))
    assert repeated.relations() == Learning().observe("api", "mysql", (1, "a"), (2, "b"), (3, "c")).relations()
    assert len(repeated.relations()) == 2
    assert Learning().observe("api", "mysql", *((1, "a"),) * 5, (2, "b")).relations() == [()]


def test_a_restart_within_the_minute_makes_no_difference() -> None:
    learning = Learning().observe("api", "mysql", (1, "a"), (2, "b")).restarted()
    assert learning.observe("api", "mysql", (3, "b"), (4, "a")).relations() == [()]
    assert learning.restarted().observe("api", "mysql", (5, "c")).relations()[-1] == (entity("Service", "api", "default"),)


def test_what_is_known_is_not_learned_again() -> None:
    learning = Learning().observe("api", "mysql", (60, "a"), (70, "b"), (80, "c"))
    before = learning.topology.snapshot()
    learning.observe("api", "mysql", *((second, str(second)) for second in range(60, 3_000, 50)))
    assert learning.topology.snapshot() == before
    learning.observe("api", "mysql", (0, "earlier"))
    assert learning.topology.snapshot() != before


def test_a_span_and_its_parent_of_another_service_are_a_call_in_either_order() -> None:
    spans = (Span("api", "1"), Span("mysql", "2", parent="1"), Span("api", "3", parent="1"))
    for order in permutations(spans):
        assert Learning().learn(*order).pairs() == {("api", "mysql")}


def test_each_calling_span_is_one_observation_however_many_children_it_has() -> None:
    for children in (1, 5):
        spans = [Span("api", "1"), *(Span("mysql", f"c{index}", parent="1") for index in range(children))]
        for order in (spans, spans[::-1]):
            (call,) = Learning().learn(*order).topology.snapshot()["calls"]
            assert len(call[4]) == 1


def test_two_services_may_share_a_span_and_both_are_joined_in_any_order() -> None:
    spans = (Span("api", "1", parent="0"), Span("mysql", "1", parent="0"), Span("disk", "2", parent="1"), Span("api", "0"))
    for order in permutations(spans):
        assert Learning().learn(*order).pairs() == {("api", "mysql"), ("api", "disk"), ("mysql", "disk")}


def test_of_too_many_children_the_same_ones_wait_in_any_order_and_the_others_are_counted() -> None:
    children = [Span(f"s{index:02}", f"c{index}", parent="1") for index in range(CHILDREN_MAX + 3)]
    for order in (children, children[::-1]):
        learning = Learning().learn(*order)
        assert learning.calls.counters["span_children_left_out"] == 3
        learning.learn(Span("api", "1"))
        assert learning.pairs() == {("api", f"s{index:02}") for index in range(CHILDREN_MAX)}


def test_of_too_many_services_of_one_span_the_same_ones_are_kept_and_the_others_are_counted() -> None:
    parts = [Span(f"s{index}", "1") for index in range(PARTS_MAX + 2)]
    for order in (parts, parts[::-1]):
        learning = Learning().learn(*order)
        assert learning.calls.counters["span_services_left_out"] == 2
        assert learning.learn(Span("mysql", "2", parent="1")).pairs() == {(f"s{index}", "mysql") for index in range(PARTS_MAX)}


def test_spans_beyond_the_memory_are_forgotten_and_counted_also_over_a_restart() -> None:
    learning = Learning(spans_max=2).learn(*(Span("api", str(index)) for index in range(5)))
    assert learning.calls.counters == {"spans_forgotten": 3}
    assert learning.calls.forgotten == 3
    assert learning.restarted().calls.counters == {"spans_forgotten": 3}
    assert learning.learn(Span("mysql", "x", parent="0")).pairs() == set()


def test_an_event_that_is_no_span_of_a_service_teaches_nothing() -> None:
    learning = Learning()
    for head in (
        EventHead(id="1"),
        EventHead(id="1", trace_context=TraceHead(trace_id="t", span_id="1")),
        EventHead(id="1", trace_context=TraceHead(trace_id="t", span_id="1"), attributes={"service.name": 7}),
        EventHead(id="1", trace_context=TraceHead(trace_id="t"), attributes={"service.name": "api"}),
    ):
        assert not learning.calls.join_span(head, instant(0))
    assert learning.calls.snapshot().spans == []


SPANS = st.builds(
    Span,
    service=st.sampled_from(("a", "b", "c")),
    span=st.sampled_from(("1", "2", "3")),
    parent=st.sampled_from(("", "1", "2", "3")),
    trace=st.sampled_from(("t", "u", "v", "w")),
    second=st.sampled_from((0, 30, 70, 3_000, 4_000, 7_500)),
)


@given(spans=st.sets(SPANS, max_size=25), data=st.data())
def test_any_order_any_repetition_and_any_restart_give_the_same_relations(spans: set[Span], data: st.DataObject) -> None:
    in_order = sorted(spans)
    expected = Learning().learn(*in_order)
    order = data.draw(st.permutations(in_order))
    again = data.draw(st.lists(st.sampled_from(in_order), max_size=10)) if in_order else []
    cut = data.draw(st.integers(0, len(order)))
    if "span_services_left_out" in expected.calls.counters:
        return  # at the limit what came before it was full stays
    assert Learning().learn(*order, *again, *again).relations() == expected.relations()
    assert Learning().learn(*order[:cut]).restarted().learn(*again, *order[cut:]).relations() == expected.relations()


@given(
    sightings=st.lists(st.tuples(st.integers(0, 3 * 3_600), st.sampled_from("abcde")), max_size=15),
    data=st.data(),
)
def test_named_peers_too(sightings: list[tuple[int, str]], data: st.DataObject) -> None:
    order = data.draw(st.permutations(sightings))
    cut = data.draw(st.integers(0, len(order)))
    expected = Learning().observe("api", "mysql", *sightings).relations()
    assert Learning().observe("api", "mysql", *order, *sightings).relations() == expected
    assert Learning().observe("api", "mysql", *order[:cut]).restarted().observe("api", "mysql", *order[cut:]).relations() == expected


def test_knowing_a_call_needs_a_relation_that_covers_the_instant() -> None:
    topology = Learning().observe("api", "mysql", (0, "a"), (60, "b"), (7_300, "c")).topology
    api, mysql = reference("api"), reference("mysql")
    known = [topology.knows_call(api, mysql, instant(second)) for second in (-1, 0, 3_700, 7_300, 7_400, 20_000)]
    assert known == [False, True, True, True, True, False]
    assert not topology.knows_call(mysql, api, instant(0))
    assert not Learning().observe("api", "mysql", (0, "a"), (60, "b")).topology.knows_call(api, mysql, instant(0))
