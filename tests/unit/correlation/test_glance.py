"""A glance must never dismiss what a judgement would tell."""

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.correlation.making import link, vertex

from headwater.correlation.glance import is_widespread, may_be_told
from headwater.correlation.judgement import judge
from headwater.correlation.limits import Settings
from headwater.correlation.vertices import Vertex
from headwater.testing.playback import packaged_knowledge
from headwater.topology.graph import TopologyGraph

CLASSES = sorted(packaged_knowledge().catalogue.classes)
NAMES = st.sampled_from("abc")


@st.composite
def components(draw: st.DrawFn) -> list[Vertex]:
    made: dict[int, Vertex] = {}
    for index in range(draw(st.integers(1, 6))):
        name, peer = draw(st.sampled_from(CLASSES)), draw(st.one_of(st.just(""), NAMES))
        kind = draw(st.sampled_from(["Pod", "Service", "Node"]))
        each = vertex(index, name, f"{kind}/{draw(NAMES)}", f"Service/{peer}" if peer else "", count=draw(st.integers(1, 5)))
        made[each.number] = each
    found = sorted(made.values(), key=lambda each: each.sort_key)
    for effect in found[1:]:
        link(draw(st.sampled_from([each for each in found if each is not effect])), effect, draw(st.floats(0.1, 0.9)))
    return found


def glanced(component: list[Vertex], *, news: float = 1.0) -> bool:
    return may_be_told(component, packaged_knowledge().patterns, TopologyGraph(), lambda _: news)


@given(components(), st.sampled_from([1.0, 0.05]))
def test_whatever_a_judgement_would_tell_passes_the_glance(component: list[Vertex], news: float) -> None:
    findings = judge(
        component, tied=lambda _: [], topology=TopologyGraph(), knowledge=packaged_knowledge(), settings=Settings(), partial=[],
        news_of=lambda _: news,
    )  # fmt: skip
    if any(finding.may_be_told for finding in findings):
        assert glanced(component, news=news)


def test_a_change_alone_is_nothing_to_tell_and_a_kill_is() -> None:
    assert not glanced([vertex(0, "change.rollout", "Deployment/a", count=9)])
    assert glanced([vertex(0, "kernel.oom", "Pod/a")])


def test_what_is_inferred_or_no_news_is_nothing_to_tell() -> None:
    assert not glanced([vertex(0, "svc.degraded", "Service/a")])
    assert not glanced([vertex(0, "kernel.oom", "Pod/a")], news=0.05)


def test_four_symptoms_of_three_entities_are_enough_blamed_ones_included() -> None:
    one, other = vertex(0, "svc.timeout", "Service/a", "Service/b", count=2), vertex(1, "svc.timeout", "Service/b", "Service/c", count=2)
    assert is_widespread([one, other])
    assert not is_widespread([one, one])
    assert not is_widespread([one])


def test_symptoms_that_come_one_by_one_are_everyday_life_and_four_within_two_minutes_are_not() -> None:
    line = [vertex(each * 90, "svc.error", f"Pod/a-{each % 2}") for each in range(8)]
    lone = vertex(300, "svc.timeout", "Service/b", "Service/c")
    assert not is_widespread([*line, lone])
    assert is_widespread([*line, lone, vertex(310, "svc.timeout", "Service/d", "Service/c")])
