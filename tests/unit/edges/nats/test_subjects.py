"""Subjects: no id can break out of its token."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.edges.nats import subjects
from headwater.model.entities import Entity
from headwater.model.identity import trace_token

HOSTILE = [
    "a.b",
    "",
    " ",
    "a b",
    "a\r\nPUB x 0\r\n",
    "*",
    ">",
    "a*b",
    "ä",
    "x" * 129,
    "x" * 5_000,
    "$SYS",
    "none",
    "h-" + "0" * 32,
    "\x00",
    "\ud800",
]


def test_a_plain_trace_and_source_stand_in_the_subject_as_they_are() -> None:
    assert subjects.trace_subject("trace-1", "ebpf") == "traces.trace-1.ebpf"
    assert subjects.parse_trace_subject("traces.trace-1.ebpf") == ("trace-1", "ebpf")


def test_an_absent_trace_is_none_and_an_absent_source_has_a_token() -> None:
    assert subjects.trace_subject(None, "") == "traces.none._"
    assert subjects.parse_trace_subject("traces.none._") == ("none", "_")


@pytest.mark.parametrize("trace_id", HOSTILE)
@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_ids_cannot_break_out_of_their_token(trace_id: str, source: str) -> None:
    subject = subjects.trace_subject(trace_id, source)
    assert subject.isascii()
    assert not set(subject) & set(" \t\r\n*>\x00")
    assert len(subject) < 300
    assert subjects.parse_trace_subject(subject)[0] == trace_token(trace_id)


@given(st.text(), st.text(min_size=1))
def test_what_is_published_is_parsed_into_the_same_tokens(trace_id: str, source: str) -> None:
    tokens = subjects.parse_trace_subject(subjects.trace_subject(trace_id, source))
    assert subjects.trace_subject(trace_id, source) == f"traces.{tokens[0]}.{tokens[1]}"


@pytest.mark.parametrize(
    "subject", ["traces", "traces.a", "traces.a.b.c", "traces..b", "traces.a.", "other.a.b", "", "traces.a.b.", ".a.b"]
)
def test_more_or_fewer_tokens_are_refused_with_a_remedy(subject: str) -> None:
    with pytest.raises(subjects.BadSubjectError, match="replace dots"):
        subjects.parse_trace_subject(subject)


def test_a_token_that_others_did_not_make_safe_is_the_one_we_would_have_made() -> None:
    assert subjects.parse_trace_subject("traces.a/b.my source") == (trace_token("a/b"), trace_token("my source"))


def test_an_object_has_one_token_for_each_part() -> None:
    assert subjects.topology_subject(Entity("default", "Pod", "shop", "mysql-0")) == "topology.default.Pod.shop.mysql-0"
    assert subjects.topology_subject(Entity("default", "Node", "", "node-1.example.org")) == "topology.default.Node._.node-1_example_org"


names = st.text(alphabet="ab.-_*> \n", min_size=1, max_size=6)


@given(names, names)
def test_no_two_names_share_a_subject(one: str, other: str) -> None:
    first = subjects.topology_subject(Entity("c", "Pod", "n", one))
    second = subjects.topology_subject(Entity("c", "Pod", "n", other))
    assert (first == second) == (one == other)
    assert first.count(".") == 4
    assert not set(first) & set(" \n*>")


def test_checkpoints_lie_below_their_domain() -> None:
    assert subjects.checkpoint_manifest_subject("shop") == "correlations.checkpoint.shop.manifest"
    assert subjects.checkpoint_part_subject("shop", "g", 2) == "correlations.checkpoint.shop.part.g.2"
    assert subjects.checkpoint_parts_subjects("shop") == "correlations.checkpoint.shop.part.>"
    assert "*" not in subjects.checkpoint_manifest_subject("*")
