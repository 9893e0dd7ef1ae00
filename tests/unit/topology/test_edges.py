"""Relations stated by several claimants."""

from headwater.model.relations import Relation
from headwater.testing.bare_objects import entity
from headwater.topology.edges import EdgeStore, collected
from headwater.topology.facts import Edge

SETTINGS, API, WEB = entity("ConfigMap", "settings"), entity("Deployment", "api"), entity("Deployment", "web")
EDGE: Edge = (Relation.MOUNTED_BY, SETTINGS, API)
OTHER: Edge = (Relation.MOUNTED_BY, SETTINGS, WEB)


def test_a_relation_holds_when_any_claimant_says_so() -> None:
    store = EdgeStore()
    assert store.replace("a", {EDGE: ((0, 10),)}) == [EDGE]
    assert store.replace("b", {EDGE: ((5, 20),)}) == [EDGE]
    assert store.replace("c", {EDGE: ((6, 7),)}) == []
    assert store.successors(SETTINGS, Relation.MOUNTED_BY) == {API: ((0, 20),)}
    assert store.replace("b", {EDGE: ((15, 20),)}) == [EDGE]
    assert store.successors(SETTINGS, Relation.MOUNTED_BY) == {API: ((0, 10), (15, 20))}
    assert store.replace("a", {}) == [EDGE]
    assert store.predecessors(API, Relation.MOUNTED_BY) == {SETTINGS: ((6, 7), (15, 20))}


def test_a_relation_nobody_states_any_more_is_gone() -> None:
    store = EdgeStore()
    store.replace("a", {EDGE: ((0, 10),), OTHER: ((0, 10),)})
    assert store.replace("a", {OTHER: ((0, 10),)}) == [EDGE]
    assert store.entities() == {SETTINGS, WEB}
    assert store.replace("a", {}) == [OTHER]
    assert store.replace("a", {}) == []
    assert store.entities() == set()


def test_neighbours_are_sorted_and_filtered_by_the_window() -> None:
    store = EdgeStore()
    store.replace("a", {OTHER: ((0, 10), (20, 30)), EDGE: ((20, 30),)})
    assert store.related(SETTINGS, Relation.MOUNTED_BY, 25, 40) == (API, WEB)
    assert store.related(SETTINGS, Relation.MOUNTED_BY, 0, 40) == (API, WEB)
    assert store.related(SETTINGS, Relation.MOUNTED_BY, 12, 15) == ()
    assert store.related_back(WEB, Relation.MOUNTED_BY, 5, 5) == (SETTINGS,)
    store.replace("b", {(Relation.MOUNTED_BY, SETTINGS, entity("Deployment", "db")): ((0, 50),)})
    assert [each.name for each in store.related(SETTINGS, Relation.MOUNTED_BY, 25, 40)] == ["api", "db", "web"]
    assert store.adjacent(API) == {SETTINGS}


def test_a_relation_that_never_holds_is_not_collected() -> None:
    assert collected([(EDGE, (5, 5)), (OTHER, (0, 5)), (OTHER, (5, 9))]) == {OTHER: ((0, 9),)}


def test_what_is_asked_of_unknown_things_is_not_remembered() -> None:
    store = EdgeStore()
    store.replace("a", {EDGE: ((0, 10),)})
    asked = [store.related(entity("Pod", f"pod-{number}"), Relation.MOUNTED_BY, 0, 10) for number in range(100)]
    asked += [store.related_back(entity("Pod", f"pod-{number}"), Relation.MOUNTED_BY, 0, 10) for number in range(100)]
    assert set(asked) == {()}
    assert len(store._forward_sorted) + len(store._backward_sorted) == 0
