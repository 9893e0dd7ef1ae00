"""The evidence graph is a cache: whatever came in whatever order, it is what its occurrences and the topology make of it now."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from tests.unit.correlation.making import occurrence, symptom

from headwater.correlation.evidence_graph import EvidenceGraph
from headwater.correlation.limits import QUIET_BEFORE_RESOLVED, Limits
from headwater.correlation.occurrences import Occurrence, OccurrenceStore, join, occurrence_of
from headwater.model.objects import ObjectVersion
from headwater.testing.bare_objects import deployment, pod, service, version
from headwater.testing.playback import packaged_knowledge
from headwater.topology.graph import TopologyGraph

KNOWLEDGE = packaged_knowledge()


def new_graph(topology: TopologyGraph) -> EvidenceGraph:
    return EvidenceGraph(
        catalogue=KNOWLEDGE.catalogue, rules=KNOWLEDGE.rules, topology=topology, limits=Limits(), reach=KNOWLEDGE.reach,
        is_background=lambda vertex: vertex.key.is_usual and vertex.count < 3,
    )  # fmt: skip


def described(graph: EvidenceGraph) -> list[str]:
    """Every vertex with its meaning, its edges, and its component."""
    found = []
    for each in graph.all_vertices():
        edges = sorted((str(edge.cause.sort_key), edge.rule, edge.lag, edge.base_weight) for edge in each.causes)
        together = [other.sort_key for other in graph.component(each)]
        meaning = (each.unit, each.services, each.peer_services, each.last, [one.sort_key for one in each.occurrences])
        found.append(str((each.sort_key, meaning, edges, together)))
    return sorted(found)


def cluster() -> list[ObjectVersion]:
    found = [version("Node", "n1"), version("Node", "n2"), service("kube-dns", namespace="kube-system")]
    for app in ("api", "web", "mysql"):
        labels = {"app": app}
        found += [service(app, labels), deployment(app, labels, labels=labels)]
        found += [pod(f"{app}-{n}", node=f"n{n + 1}", labels=labels, owner=("Deployment", app), at=0, created=0) for n in range(2)]
    found.append(version("Pod", "api-1", at=150, deleted=True))
    found.append(pod("web-0", node="n2", labels={"app": "web"}, owner=("Deployment", "web"), at=100))
    return found


SERVICES = ("api", "web", "mysql")
steps = st.one_of(
    st.tuples(
        st.just("told"), st.integers(0, 60).map(lambda n: n * 5), st.sampled_from(("svc.timeout", "svc.5xx", "svc.error", "svc.dns")),
        st.sampled_from(SERVICES), st.sampled_from(("", *SERVICES)), st.booleans(),
    ),
    st.tuples(st.just("known"), st.integers(0, 16)),
    st.tuples(st.just("forget"), st.integers(0, 1_000)),
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(steps, min_size=1, max_size=25))
def test_kept_up_to_date_it_is_what_it_would_be_made_anew(log: list[tuple[Any, ...]]) -> None:
    topology, store = TopologyGraph(), OccurrenceStore()
    graph = new_graph(topology)
    objects = cluster()
    for number, step in enumerate(log):
        if step[0] == "told":
            _, second, symptom_class, about, peer, is_usual = step
            gap = KNOWLEDGE.catalogue.classes[symptom_class].gap
            told = symptom(second, symptom_class, about, peer, event_id=f"e{number}")
            change = store.fold(structs.replace(told, is_usual=is_usual), gap, QUIET_BEFORE_RESOLVED)
            graph.update(changed=[change.occurrence, *change.resuming], gone=change.absorbed)
        elif step[0] == "known":
            change_of_topology = topology.observe(objects[step[1] % len(objects)])
            graph.update(entities=change_of_topology.entities, references=change_of_topology.references)
        elif store:
            vertices = sorted(graph.all_vertices(), key=lambda each: each.sort_key)
            store.forget(graph.forget(graph.component(vertices[step[1] % len(vertices)])))
    fresh = new_graph(topology)
    fresh.update(changed=list(store))
    assert described(graph) == described(fresh)


def graph_of(*occurrences: Occurrence, versions: list[ObjectVersion] | None = None) -> EvidenceGraph:
    topology = TopologyGraph()
    for each in versions if versions is not None else cluster():
        topology.observe(each)
    graph = new_graph(topology)
    graph.update(changed=occurrences)
    return graph


def test_occurrences_that_mean_one_thing_are_one_vertex() -> None:
    one, other = occurrence(symptom(0, about="api", peer="mysql")), occurrence(symptom(20, about="web", peer="mysql"))
    graph = graph_of(one, other)
    assert graph.vertex_of(one) is not graph.vertex_of(other)
    same = graph_of(one, occurrence(symptom(20, about="api", peer="mysql")))
    vertex = same.vertex_of(one)
    assert vertex is not None
    assert (vertex.count, len(vertex.occurrences)) == (2, 2)


def test_what_is_not_there_has_no_vertex() -> None:
    one = occurrence(symptom(0))
    graph = graph_of(one)
    graph.update(gone=[one])
    assert graph.vertex_of(one) is None
    assert graph.all_vertices() == []
    graph.update(gone=[one])


def test_only_what_changed_is_dirty_and_what_only_grew_is_touched() -> None:
    one = occurrence(symptom(0, about="api", peer="mysql"))
    graph = graph_of(one, occurrence(symptom(300, about="web")))
    graph.dirty.clear()
    graph.update(changed=[one])
    assert (list(graph.dirty), len(graph.touched)) == ([], 1)
    graph.touched.clear()
    one.onset = one.first = one.first - 1_000_000_000
    graph.update(changed=[one])
    assert graph.vertex_of(one) in graph.dirty


def test_what_is_always_there_has_no_part_in_it_until_there_is_more_of_it() -> None:
    usual = [structs.replace(symptom(second, "svc.error", "mysql"), is_usual=True) for second in (0, 3, 6)]
    blaming = occurrence(symptom(5, "svc.5xx", "api", "mysql"))
    chatter = occurrence(*usual[:2])
    graph = graph_of(chatter, blaming)
    quiet, failed = graph.vertex_of(chatter), graph.vertex_of(blaming)
    assert quiet is not None
    assert failed is not None
    assert (graph.component(quiet), quiet.is_background) == ([quiet], True)
    assert quiet not in graph.component(failed)
    join(chatter, occurrence_of(usual[2]))
    graph.update(changed=[chatter])
    assert (quiet in graph.component(failed), quiet.is_background) == (True, False)


def test_what_is_always_written_is_another_vertex_than_what_is_new() -> None:
    chatter = occurrence(structs.replace(symptom(0, "svc.error"), is_usual=True))
    new = occurrence(symptom(5, "svc.error"))
    graph = graph_of(chatter, new)
    assert graph.vertex_of(chatter) is not graph.vertex_of(new)


def test_an_update_of_nothing_changes_nothing() -> None:
    graph = graph_of(occurrence(symptom(0)))
    graph.dirty.clear()
    graph.update()
    assert (graph.dirty, graph.touched) == ({}, {})


def test_the_numbers_of_vertices_order_nothing() -> None:
    occurrences = [occurrence(symptom(second, about=about, peer="mysql")) for second, about in ((0, "api"), (5, "web"), (9, "mysql"))]
    rng = Random(1)
    expected = described(graph_of(*occurrences))
    for _ in range(5):
        rng.shuffle(occurrences)
        assert described(graph_of(*occurrences)) == expected


def test_a_rollout_explains_only_the_pods_that_came_after_it() -> None:
    topology = TopologyGraph()
    labels = {"app": "api"}
    topology.observe(deployment("api", labels, labels=labels))
    for name, created in (("api-old", -3600), ("api-new", 105)):
        topology.observe(pod(name, node="n1", labels=labels, owner=("Deployment", "api"), at=max(created, 0), created=created))
    graph, store = new_graph(topology), OccurrenceStore()
    told = [
        ("change.rollout", "Deployment", "api", 100),
        ("pod.crashloop", "Pod", "api-old", 160),
        ("pod.crashloop", "Pod", "api-new", 160),
    ]
    for symptom_class, kind, name, second in told:
        each = symptom(second, symptom_class, name)
        about = each.about._replace(scheme=kind)
        graph.update(changed=[store.fold(structs.replace(each, about=about), 10**9).occurrence])
    weights = {each.entity.name: [edge.base_weight for edge in each.causes] for each in graph.all_vertices() if each.causes}
    assert weights["api-old"] == [pytest.approx(0.2 * weights["api-new"][0])]


def test_a_cause_that_is_seen_again_after_its_effect_began_explains_it_as_at_first() -> None:
    store, graph = OccurrenceStore(), new_graph(TopologyGraph())
    late = symptom(150, "svc.5xx", "web", "api")
    for told in (late, *(symptom(second, "svc.error", "api") for second in range(0, 160, 10))):
        found = store.fold(told, KNOWLEDGE.catalogue.classes[told.symptom_class].gap)
        graph.update(changed=[found.occurrence], gone=found.absorbed)
    (effect,) = (each for each in graph.all_vertices() if each.key.symptom_class == "svc.5xx")
    (edge,) = (edge for edge in effect.causes if edge.cause.entity.name == "api")
    assert (edge.lag // 10**9, edge.base_weight) == (150, 0.85)
