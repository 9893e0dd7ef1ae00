"""The graph: relations, changes, contexts, limits, and that its answers depend on nothing but what it was told."""

import json
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwater.model.entities import Entity, Reference
from headwater.model.objects import ObjectVersion
from headwater.model.relations import Relation
from headwater.testing.bare_objects import deployment, entity, instant, pod, reference, service, version
from headwater.topology import graph as graph_module
from headwater.topology import watched as watched_module
from headwater.topology.changes import NO_CHANGE, TopologyChange
from headwater.topology.graph import TopologyGraph
from headwater.topology.kinds import KINDS
from headwater.topology.snapshots import SnapshotError

NOW = instant(100)


def graph_of(*versions: ObjectVersion) -> TopologyGraph:
    graph = TopologyGraph()
    for each in versions:
        graph.observe(each)
    return graph


def told(graph: TopologyGraph, kind: str, seen: ObjectVersion) -> TopologyChange:
    return graph.observe(seen) if kind == "observe" else graph.observe_context(seen, said_at=NOW)


def related(graph: TopologyGraph, relation: Relation, kind: str, name: str, at: int = NOW) -> list[str]:
    return [each.short for each in graph.related(entity(kind, name), relation, at, at)]


def test_a_pod_is_owned_by_the_top_owner_and_hosted_by_its_node() -> None:
    graph = graph_of(
        pod("api-1-a", owner=("ReplicaSet", "api-1"), node="n1"),
        version("ReplicaSet", "api-1", owner=("Deployment", "api")),
        pod("static", owner=("Node", "n1")),
    )
    assert related(graph, Relation.OWNS, "Deployment", "api") == ["Pod/api-1-a"]
    assert related(graph, Relation.OWNS, "ReplicaSet", "api-1") == []
    assert related(graph, Relation.OWNS, "Node", "n1") == []
    assert related(graph, Relation.HOSTS, "Node", "n1") == ["Pod/api-1-a"]
    assert graph.related_back(entity("Pod", "api-1-a"), Relation.OWNS, NOW, NOW) == (entity("Deployment", "api"),)


def test_a_pod_keeps_its_owner_after_the_replica_set_is_gone() -> None:
    graph = graph_of(
        pod("a", owner=("ReplicaSet", "r"), at=0, created=0),
        version("ReplicaSet", "r", owner=("Deployment", "d"), at=10, created=10),
        version("ReplicaSet", "r", at=50, deleted=True),
    )
    assert [graph.unit_of(entity("Pod", "a"), instant(second)).name for second in (5, 20, 80)] == ["d", "d", "d"]
    assert related(graph, Relation.OWNS, "Deployment", "d", instant(80)) == ["Pod/a"]


def test_a_service_is_backed_by_the_pods_it_selects_while_both_say_so() -> None:
    graph = graph_of(
        service("api", {"app": "api", "track": "stable"}, at=0, created=0),
        service("api", {"app": "api", "track": "canary"}, at=50, created=0),
        pod("a", labels={"app": "api", "track": "stable"}, at=20, created=20),
        pod("b", labels={"app": "api", "track": "canary"}, at=20, created=20),
        pod("c", labels={"app": "api", "track": "stable"}, namespace="other"),
    )
    backs = {
        second: [each.name for each in graph.related_back(entity("Service", "api"), Relation.BACKS, instant(second), instant(second))]
        for second in (10, 30, 60)
    }
    assert backs == {10: [], 30: ["a"], 60: ["b"]}
    assert [each.name for each in graph.related_back(entity("Service", "api"), Relation.BACKS, instant(0), instant(60))] == ["a", "b"]


def test_a_service_without_selector_is_backed_by_its_endpoints() -> None:
    targets = [
        {"targetRef": {"kind": "Pod", "name": "a"}},
        {"targetRef": {"kind": "Pod", "name": "b"}, "conditions": {"ready": False}},
        {"addresses": ["1.2.3.4"]},
    ]
    addresses = [{"targetRef": {"kind": "Pod", "name": "c"}}]
    graph = graph_of(
        service("db"),
        version("EndpointSlice", "db-x", labels={"kubernetes.io/service-name": "db"}, endpoints=targets),
        version("Endpoints", "db", subsets=[{"notReadyAddresses": addresses}]),
    )
    assert [each.name for each in graph.related_back(entity("Service", "db"), Relation.BACKS, NOW, NOW)] == ["a", "b", "c"]
    graph.observe(version("EndpointSlice", "db-x", labels={"kubernetes.io/service-name": "db"}, at=120, endpoints=[]))
    assert [each.name for each in graph.related_back(entity("Service", "db"), Relation.BACKS, instant(130), instant(130))] == ["c"]


def test_what_pods_mount_is_mounted_by_their_workload() -> None:
    volumes = {"volumes": [{"configMap": {"name": "settings"}}]}
    graph = graph_of(
        pod("bare", spec=volumes),
        pod("api-0", owner=("StatefulSet", "api"), spec=volumes),
        deployment("web", spec=volumes),
        version("CronJob", "backup", spec={"jobTemplate": {"spec": {"template": {"spec": volumes}}}}),
        version("Job", "backup-1", owner=("CronJob", "backup"), spec={"template": {"spec": volumes}}),
        version("ReplicaSet", "old", owner=("Deployment", "old"), spec={"template": {"spec": volumes}}),
    )
    assert related(graph, Relation.MOUNTED_BY, "ConfigMap", "settings") == [
        "CronJob/backup",
        "Deployment/web",
        "Pod/bare",
        "StatefulSet/api",
    ]


def test_volumes_claims_autoscalers_and_ingresses_are_related() -> None:
    rules = [{"http": {"paths": [{"backend": {"service": {"name": "api"}}}, {"backend": {"serviceName": "old"}}]}}]
    graph = graph_of(
        version("PersistentVolumeClaim", "data", spec={"volumeName": "pv-1"}),
        version("PersistentVolume", "pv-2", spec={"claimRef": {"namespace": "shop", "name": "data"}}),
        version("PersistentVolume", "free"),
        version("HorizontalPodAutoscaler", "api", spec={"scaleTargetRef": {"kind": "Deployment", "name": "api"}}),
        version("HorizontalPodAutoscaler", "broken"),
        version("Ingress", "edge", spec={"defaultBackend": {"service": {"name": "web"}}, "rules": rules}),
    )
    assert related(graph, Relation.CLAIMED_BY, "PersistentVolume", "pv-1") == ["PersistentVolumeClaim/data"]
    assert related(graph, Relation.CLAIMED_BY, "PersistentVolume", "pv-2") == ["PersistentVolumeClaim/data"]
    assert related(graph, Relation.SCALES, "HorizontalPodAutoscaler", "api") == ["Deployment/api"]
    for name in ("api", "web", "old"):
        assert related(graph, Relation.ROUTED_BY, "Service", name) == ["Ingress/edge"]


def test_an_equal_version_and_one_that_says_nothing_new_change_nothing() -> None:
    graph = graph_of(pod("a", node="n1", at=10, revision=1))
    assert graph.observe(pod("a", node="n1", at=10, revision=1)) is NO_CHANGE
    assert graph.observe(pod("a", node="n1", at=20, revision=2)).empty()
    assert len(graph.versions_of(entity("Pod", "a"))) == 2


def test_a_change_names_everybody_whose_relations_differ() -> None:
    graph = graph_of(
        service("api", {"app": "api"}), deployment("api", {"app": "api"}), version("ReplicaSet", "api-1", owner=("Deployment", "api"))
    )
    change = graph.observe(pod("api-1-a", labels={"app": "api"}, owner=("ReplicaSet", "api-1"), node="n1"))
    assert [each.short for each in change.entities] == ["Deployment/api", "Node/n1", "Pod/api-1-a", "ReplicaSet/api-1", "Service/api"]


def test_what_events_say_counts_until_there_is_something_better() -> None:
    graph = TopologyGraph()
    said = pod("a", node="n1", owner=("StatefulSet", "s"))
    assert not graph.observe_context(said, said_at=NOW).empty()
    assert graph.observe_context(said, said_at=NOW).empty()
    assert graph.related_back(entity("Pod", "a"), Relation.HOSTS, 0, 0) == (entity("Node", "n1"),)
    graph.observe(pod("a", node="n2", at=10))
    assert graph.observe_context(said, said_at=NOW).empty()
    assert graph.related_back(entity("Pod", "a"), Relation.HOSTS, 0, NOW) == (entity("Node", "n2"),)
    assert related(graph, Relation.OWNS, "StatefulSet", "s") == []


def test_known_entities_are_those_with_versions_or_relations() -> None:
    graph = graph_of(pod("a", node="n1"))
    assert [each.short for each in graph.entities()] == ["Node/n1", "Pod/a"]
    assert graph.entities("Pod") == [entity("Pod", "a")]
    assert graph.versions_of(entity("Node", "n1")) == []


def test_one_entity_more_than_the_limit_is_refused_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_module, "ENTITIES_MAX", 1)
    graph = graph_of(pod("a"), pod("b"))
    assert graph.observe_context(pod("c"), said_at=NOW).empty()
    assert graph.entities() == [entity("Pod", "a")]
    assert graph.counters == {"entities_refused": 2}


def test_what_events_said_yields_to_what_kubernetes_tells_the_longest_silent_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_module, "ENTITIES_MAX", 3)
    for order in permutations([("a", 2), ("b", 0), ("b", 1), ("c", 1)]):
        graph = TopologyGraph()
        for name, hour in order:
            graph.observe_context(pod(name, node="n1"), said_at=instant(3_600 * hour))
        change = graph.observe(pod("d"))
        assert entity("Pod", "b") in change.entities
        assert graph.entities("Pod") == [entity("Pod", name) for name in "acd"]
        assert graph.counters == {"contexts_evicted": 1}
    for name in "efg":
        graph.observe(pod(name))
    assert graph.entities("Pod") == [entity("Pod", name) for name in "def"]
    assert graph.counters == {"contexts_evicted": 3, "entities_refused": 1}


def test_what_events_said_yields_to_what_they_say_later_but_not_to_as_old_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_module, "ENTITIES_MAX", 2)
    graph = graph_of(pod("seen"))
    for name, hour in (("a", 1), ("b", 1), ("c", 2), ("d", 2), ("e", 0)):
        graph.observe_context(pod(name, node="n1"), said_at=instant(3_600 * hour))
        assert TopologyGraph.restore(graph.snapshot()).snapshot() == graph.snapshot()
    assert graph.entities("Pod") == [entity("Pod", "c"), entity("Pod", "seen")]
    assert graph.counters == {"contexts_evicted": 1, "entities_refused": 3}


def test_pods_that_only_events_mention_are_forgotten_after_a_day() -> None:
    graph = TopologyGraph()
    most = 0
    for hour in range(5 * 24):
        for index in range(4):
            said = pod(f"job-{hour}-{index}", owner=("Job", f"job-{hour}"), node="n1", labels={"job": str(hour)})
            graph.observe_context(said, said_at=instant(3_600 * hour))
            graph.observe_context(version("Job", f"job-{hour}", owner=("CronJob", "backup")), said_at=instant(3_600 * hour))
        graph.observe_context(pod("steady", node="n1"), said_at=instant(3_600 * hour))
        graph.forget(instant(3_600 * (hour - 24)))
        most = max(most, len(graph.snapshot()["objects"]))
    assert most <= 26 * 5 + 1
    assert graph.versions_of(entity("Pod", "steady"))
    assert graph.pods_of(entity("CronJob", "backup"), NOW)
    graph.forget(instant(3_600 * 6 * 24 + 3_600))
    assert graph.entities() == []
    assert graph.snapshot() == TopologyGraph().snapshot()


def test_remembered_answers_are_bounded_and_do_not_outlive_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_module, "ANSWERS_MAX", 2)
    graph = graph_of(service("api", {"app": "api"}))
    for second in range(5):
        assert graph.resolve(reference("service.name", "api"), instant(second)).name == "api"
        assert related(graph, Relation.HOSTS, "Node", "n1", instant(second)) == []
    graph.observe(pod("a", node="n1"))
    assert related(graph, Relation.HOSTS, "Node", "n1", instant(4)) == ["Pod/a"]


def test_a_reference_no_longer_watched_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_module, "REFERENCES_MAX", 1)
    graph = TopologyGraph()
    for name in ("first", "second"):
        graph.resolve(reference("service.name", name), NOW)
    assert graph.observe(pod("a")).references == (reference("service.name", "first"),)
    assert graph.observe(pod("b")).references == ()
    assert graph.counters == {"references_dropped": 1}


def test_what_ended_is_forgotten_with_all_that_followed_from_it() -> None:
    graph = graph_of(
        service("api", {"app": "api"}),
        pod("old", labels={"app": "api"}, address="10.0.0.1", at=0, created=0, uid="u-old"),
        version("Pod", "old", at=50, deleted=True),
        pod("new", labels={"app": "api"}, address="10.0.0.1", at=60, created=60, uid="u-new"),
    )
    assert graph.forget(instant(10)).count == 0
    assert graph.forget(instant(55)).count == 2
    assert graph.entities("Pod") == [entity("Pod", "new")]
    assert graph.related_back(entity("Service", "api"), Relation.BACKS, 0, NOW) == (entity("Pod", "new"),)
    assert graph.resolve(reference("uid", "u-old"), NOW).kind == "External"
    restored = TopologyGraph.restore(graph.snapshot())
    assert restored.entities() == graph.entities()


def test_a_snapshot_survives_json_and_another_version_is_refused() -> None:
    graph = world_told(list(range(len(WORLD))))
    snapshot = graph.snapshot()
    assert TopologyGraph.restore(json.loads(json.dumps(snapshot))).snapshot() == snapshot
    assert TopologyGraph.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(snapshot))).snapshot() == snapshot
    with pytest.raises(SnapshotError, match="version 99"):
        TopologyGraph.restore({**snapshot, "version": 99})
    with pytest.raises(SnapshotError, match="cannot be read"):
        TopologyGraph.restore({"version": 1})


FIELDS = (
    *(
        "metadata",
        "name",
        "namespace",
        "labels",
        "app",
        "ownerReferences",
        "kind",
        "controller",
        "uid",
        "creationTimestamp",
        "spec",
        "status",
    ),
    *(
        "selector",
        "template",
        "volumes",
        "configMap",
        "containers",
        "env",
        "valueFrom",
        "podIP",
        "phase",
        "nodeName",
        "endpoints",
        "targetRef",
    ),
    *("rules", "http", "paths", "backend", "service", "claimRef", "scaleTargetRef", "clusterIP", "addresses", "subsets", "jobTemplate"),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.sampled_from(["", "a", "Pod", "ReplicaSet", "10.0.0.1", "a/b", "ü"]))
CONTENT = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)),
    max_leaves=25,
)


@given(
    st.lists(
        st.builds(
            ObjectVersion,
            kind=st.sampled_from([*KINDS, "Odd"]),
            name=st.sampled_from(["", "a", "b/c", "a-1"]),
            namespace=st.sampled_from(["", "a", "a/b"]),
            uid=st.sampled_from(["", "u"]),
            resource_version=st.sampled_from(["", "1", "٣", "x"]),
            valid_from=st.integers(-(2**70), 2**70),
            deleted=st.booleans(),
            object=st.dictionaries(st.sampled_from(FIELDS), CONTENT, max_size=4),
        ),
        max_size=8,
    )
)
def test_no_object_however_malformed_breaks_the_graph(versions: list[ObjectVersion]) -> None:
    graph = TopologyGraph()
    for index, seen in enumerate(versions):
        told(graph, "observe" if index % 3 else "context", seen)
    for each in graph.entities():
        graph.services_of(each, 0, NOW)
        graph.pods_of(each, NOW)
        graph.display_name(each, NOW)
        graph.resolve(Reference(each.cluster, each.kind, each.namespace, each.name), NOW)
        graph.resolve(Reference(each.cluster, "service.name", each.namespace, each.name), NOW)
    snapshot = graph.snapshot()
    assert TopologyGraph.restore(json.loads(json.dumps(snapshot))).snapshot() == snapshot
    graph.forget(2**62)


def test_owners_that_own_each_other_end_the_walk() -> None:
    graph = graph_of(version("ReplicaSet", "a", owner=("ReplicaSet", "b")), version("ReplicaSet", "b", owner=("ReplicaSet", "a")))
    assert graph.services_of(entity("ReplicaSet", "a"), NOW, NOW) == ()
    assert graph.pods_of(entity("ReplicaSet", "a"), NOW) == ()


# A small world in which everything that can change does.

Told = ObjectVersion | tuple[Reference, Reference, int, int]
API, MYSQL, ADDRESS = reference("service.name", "api", ""), reference("service.name", "mysql"), reference("address", "10.0.0.1", "")
VOLUMES = {"volumes": [{"configMap": {"name": "settings"}}]}
PRIMARY = {"app": "mysql", "role": "primary"}
API_LABELS = {"app": "api", "pod-template-hash": "1"}
SLICE_LABELS = {"kubernetes.io/service-name": "api-service"}


def database(labels: dict[str, str], node: str, address: str, **rest: Any) -> ObjectVersion:
    return pod("db-0", labels=labels, owner=("StatefulSet", "db"), node=node, address=address, **rest)


def api(name: str, **rest: Any) -> ObjectVersion:
    return pod(name, labels=API_LABELS, owner=("ReplicaSet", "api-1"), spec=VOLUMES, **rest)


WORLD: list[tuple[str, Any]] = [
    ("observe", version("Node", "n1", status={"addresses": [{"address": "192.168.0.1"}]})),
    ("observe", service("mysql-service", {"app": "mysql"}, at=0, created=0, revision=1)),
    ("observe", service("mysql-service", PRIMARY, at=40, created=0, revision=5)),
    ("observe", version("StatefulSet", "db", labels={"app": "mysql"})),
    ("observe", database({"app": "mysql"}, "n1", "10.0.0.1", at=5, created=5, uid="u1", revision=2)),
    ("observe", database(PRIMARY, "n1", "10.0.0.1", at=30, created=5, uid="u1", revision=4)),
    ("observe", version("Pod", "db-0", at=60, uid="u1", revision=6, deleted=True)),
    ("observe", database(PRIMARY, "n2", "10.0.0.2", at=70, created=65, uid="u2", revision=8)),
    ("observe", version("ReplicaSet", "api-1", owner=("Deployment", "api"), at=10, created=2)),
    ("observe", deployment("api", {"app": "api"}, spec=VOLUMES, at=2, created=2)),
    ("observe", api("api-1-a", address="10.0.0.1", at=61, created=61)),
    ("observe", api("api-1-b", at=3, created=3)),
    ("observe", version("Pod", "api-1-b", at=90, deleted=True)),
    ("observe", pod("api-1-c", owner=("ReplicaSet", "api-1"), at=3, created=3)),
    ("observe", service("api-service", {"app": "api"}, at=20, created=20)),
    (
        "observe",
        version("EndpointSlice", "api-x", labels=SLICE_LABELS, endpoints=[{"targetRef": {"kind": "Pod", "name": "api-1-b"}}], at=50),
    ),
    ("context", pod("db-0", node="n9", owner=("StatefulSet", "wrong"))),
    ("context", pod("web-0", node="n1", owner=("ReplicaSet", "web-5"), labels={"app": "web"})),
    ("context", version("ReplicaSet", "web-5", owner=("Deployment", "web"))),
    ("context", version("ReplicaSet", "api-1", owner=("Deployment", "wrong"))),
    *(("call", (API, MYSQL, 10 + index, index)) for index in range(4)),
    *(("call", (ADDRESS, API, 62 + index, index)) for index in range(3)),
    *(("call", (reference("service.name", "web"), ADDRESS, 20 + index, index)) for index in range(3)),
]
NAMES = ("db", "db-0", "web", "mysql-service.shop.svc", "n1", "api.elsewhere")
REFERENCES = [
    *(API, MYSQL, ADDRESS, reference("address", "10.0.0.2"), reference("uid", "u1")),
    *(reference("service.name", name) for name in NAMES),
    *(reference("EndpointSlice", "api-x"), reference("Service", "api"), reference("Pod", "db-0", "")),
]


def world_told(order: list[int]) -> TopologyGraph:
    graph = TopologyGraph()
    for place, index in enumerate(order):
        kind, content = WORLD[index]
        if kind != "call":
            told(graph, kind, content)
        else:
            caller, called, second, observation = content
            graph.observe_call(caller, called, occurred_at=instant(second), observation=observation)
        # Asking in between must not make a difference to later answers.
        graph.resolve(REFERENCES[place % len(REFERENCES)], instant(place * 3))
        graph.services_of(entity("Deployment", "api"), 0, NOW)
        graph.unit_of(entity("Service", "mysql-service"), instant(place * 3))
    return graph


def answers(graph: TopologyGraph) -> dict[str, Any]:
    """Everything one can ask of the world, at many instants."""
    entities = graph.entities()
    found: dict[str, Any] = {"entities": entities}
    for second in range(-2, 100, 4):
        at = instant(second)
        found[f"resolve {second}"] = [graph.resolve(each, at) for each in REFERENCES]
        for each in entities:
            found[f"{each} {second}"] = (
                graph.unit_of(each, at),
                graph.display_name(each, at),
                graph.pods_of(each, at),
                graph.services_of(each, at, at),
                [graph.related(each, relation, at, at) for relation in Relation],
                [graph.related_back(each, relation, at, at) for relation in Relation],
            )
    return found


EVERYTHING = list(range(len(WORLD)))
EXPECTED = world_told(EVERYTHING)
EXPECTED_ANSWERS = answers(EXPECTED)


@settings(max_examples=30)
@given(order=st.permutations(EVERYTHING), again=st.lists(st.sampled_from(EVERYTHING), max_size=12))
def test_any_order_and_any_repetition_give_the_same_graph(order: list[int], again: list[int]) -> None:
    graph = world_told(order + again)
    assert graph.snapshot() == EXPECTED.snapshot()
    assert answers(graph) == EXPECTED_ANSWERS


@settings(max_examples=30)
@given(order=st.permutations(EVERYTHING), cut=st.integers(0, len(WORLD)))
def test_a_graph_taken_out_and_put_back_anywhere_answers_the_same(order: list[int], cut: int) -> None:
    halfway = world_told(order[:cut])
    restored = TopologyGraph.restore(halfway.snapshot())
    assert answers(restored) == answers(halfway)


@settings(max_examples=30)
@given(order=st.permutations(EVERYTHING))
def test_a_change_tells_every_reference_that_means_something_else(order: list[int]) -> None:
    graph = TopologyGraph()
    instants = [instant(second) for second in range(0, 100, 9)]
    before = {each: [graph.resolve(each, at) for at in instants] for each in REFERENCES}
    for index in order:
        kind, content = WORLD[index]
        if kind == "call":
            continue
        change = told(graph, kind, content)
        after = {each: [graph.resolve(each, at) for at in instants] for each in REFERENCES}
        assert {each for each in REFERENCES if before[each] != after[each]} <= set(change.references)
        before = after


@settings(max_examples=30)
@given(order=st.permutations(EVERYTHING))
def test_a_change_tells_every_entity_whose_relations_differ(order: list[int]) -> None:
    graph = TopologyGraph()
    everybody = EXPECTED.entities()
    before = {each: seen_from(graph, each) for each in everybody}
    for index in order:
        kind, content = WORLD[index]
        if kind == "call":
            caller, called, second, observation = content
            change = graph.observe_call(caller, called, occurred_at=instant(second), observation=observation)
        else:
            change = told(graph, kind, content)
        after = {each: seen_from(graph, each) for each in everybody}
        assert {each for each in everybody if before[each] != after[each]} <= set(change.entities)
        before = after


def seen_from(graph: TopologyGraph, each: Entity) -> list[Any]:
    """What is told of an entity itself: its relations, its services and, for those that have one, its unit."""
    found: list[Any] = []
    for second in range(0, 100, 20):
        at = instant(second)
        found += [graph.related(each, relation, at, at) for relation in Relation]
        found += [graph.related_back(each, relation, at, at) for relation in Relation]
        found += [graph.services_of(each, at, at), graph.unit_of(each, at)]
    return found
