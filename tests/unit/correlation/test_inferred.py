"""Inferred states: degraded services, suspect nodes and a DNS that resolves nothing, from what is observed."""

import pytest
from tests.unit.correlation.making import vertex

from headwater.correlation.inferred import DNS_WINDOW, InferredStates, _crowded
from headwater.correlation.vertices import Vertex, VertexKey
from headwater.model.times import seconds
from headwater.testing.bare_objects import deployment, entity, instant, pod, service, version
from headwater.testing.playback import packaged_knowledge
from headwater.testing.story import Story
from headwater.topology.graph import TopologyGraph

APPS = ("cart", "web", "search")
HAIR = 0.000001


def topology(pods: int = 4) -> TopologyGraph:
    graph = TopologyGraph()
    graph.observe(version("Node", "n1"))
    for app in APPS:
        graph.observe(service(app, {"app": app}))
        graph.observe(deployment(app, {"app": app}))
    for number in range(pods):
        app = APPS[number % 2]
        graph.observe(pod(f"{app}-{number}", node="n1", labels={"app": app}, owner=("Deployment", app)))
    graph.observe(service("kube-dns", namespace="kube-system"))
    return graph


def states(*vertices: Vertex, graph: TopologyGraph | None = None) -> InferredStates:
    knowledge = packaged_knowledge()
    found = InferredStates(catalogue=knowledge.catalogue, rules=knowledge.rules, topology=graph or topology())
    for each in vertices:
        found.index(each)
    return found


def spans(found: InferredStates, symptom_class: str, about: str, namespace: str = "shop") -> list[tuple[float, float]]:
    kind, _, name = about.partition("/")
    inferred = found.spans(VertexKey(entity(kind, name, namespace), symptom_class))
    return sorted(((first - instant(0)) / seconds(1), (last - instant(0)) / seconds(1)) for _, first, last, _ in inferred)


def test_a_service_that_shows_a_symptom_and_one_that_is_blamed_are_degraded() -> None:
    found = states(vertex(3, "svc.timeout", "Service/cart", "Service/web", services=("Service/cart",), last=9))
    assert spans(found, "svc.degraded", "Service/cart") == spans(found, "svc.degraded", "Service/web") == [(3, 9)]
    assert spans(found, "svc.degraded", "Service/search") == []
    assert {str(key.entity.name) for key in found.take_touched()} == {"cart", "web"}
    assert found.take_touched() == []


def test_troubles_of_pods_and_inferred_states_imply_no_degraded_service() -> None:
    pod_trouble = vertex(3, "kernel.oom", "Pod/cart-0", services=("Service/cart",))
    assert states(pod_trouble, vertex(3, "svc.degraded", "Service/web")).take_touched() == []


def test_a_vertex_that_lasts_longer_or_is_gone_touches_what_it_implies() -> None:
    one = vertex(3, "svc.error", "Service/cart", services=("Service/cart",))
    found = states(one)
    found.take_touched()
    found.extend(one)
    assert [key.entity.name for key in found.take_touched()] == ["cart"]
    one.services = (entity("Service", "web"),)
    found.index(one)
    assert {key.entity.name for key in found.take_touched()} == {"cart", "web"}
    assert spans(found, "svc.degraded", "Service/cart") == []
    found.remove(one)
    assert [key.entity.name for key in found.take_touched()] == ["web"]
    assert (spans(found, "svc.degraded", "Service/web"), found.implied_by(one)) == ([], ())


def test_members_of_an_inferred_state_are_those_that_began_within_it() -> None:
    inside = vertex(3, "svc.error", "Service/cart", services=("Service/cart",))
    outside = vertex(300, "svc.5xx", "Service/cart", services=("Service/cart",))
    found = states(inside, outside)
    assert found.members(vertex(0, "svc.degraded", "Service/cart", last=10)) == [inside]


# A suspect node: four pods, two units and seven tenths of what it hosts, within half a minute.


def unready(*moments: float) -> list[Vertex]:
    return [
        vertex(moment, "pod.unready", f"Pod/{APPS[n % 2]}-{n}", unit=f"Deployment/{APPS[n % 2]}") for n, moment in enumerate(moments)
    ]  # fmt: skip


def test_most_pods_of_a_node_turning_bad_within_half_a_minute_make_it_suspect() -> None:
    assert spans(states(*unready(0, 10, 20, 30)), "node.suspect", "Node/n1") == [(0, 30)]


@pytest.mark.parametrize("moments", [(0, 10, 20), (0, 10, 20, 30 + 2 * HAIR)])
def test_too_few_or_too_slowly_do_not(moments: tuple[float, ...]) -> None:
    assert spans(states(*unready(*moments)), "node.suspect", "Node/n1") == []


def test_a_small_part_of_what_a_node_hosts_does_not() -> None:
    assert spans(states(*unready(0, 1, 2, 3), graph=topology(pods=6)), "node.suspect", "Node/n1") == []
    assert spans(states(*unready(0, 1, 2, 3), graph=topology(pods=5)), "node.suspect", "Node/n1") == [(0, 3)]


def test_pods_of_one_unit_alone_do_not() -> None:
    found = unready(0, 1, 2, 3)
    for each in found:
        each.unit = entity("Deployment", "cart")
    assert spans(states(*found), "node.suspect", "Node/n1") == []


# A DNS that resolves nothing: three units within two minutes.


def unresolved(*moments: float) -> list[Vertex]:
    return [
        vertex(moment, "svc.dns", f"Service/{APPS[n % 3]}", unit=f"Deployment/{APPS[n % 3]}", services=(f"Service/{APPS[n % 3]}",))
        for n, moment in enumerate(moments)
    ]


def test_three_units_that_cannot_resolve_names_make_the_dns_degraded_while_they_cannot() -> None:
    window = DNS_WINDOW / seconds(1)
    assert spans(states(*unresolved(0, 60, window)), "svc.degraded", "Service/kube-dns", "kube-system") == [(0, window)]
    assert spans(states(*unresolved(0, 60, window + HAIR)), "svc.degraded", "Service/kube-dns", "kube-system") == []
    assert spans(states(*unresolved(0, 60)), "svc.degraded", "Service/kube-dns", "kube-system") == []


def test_windows_that_overlap_are_one() -> None:
    assert spans(states(*unresolved(0, 60, 120, 180, 240)), "svc.degraded", "Service/kube-dns", "kube-system") == [(0, 240)]
    apart = spans(states(*unresolved(0, 1, 2, 300, 301, 302)), "svc.degraded", "Service/kube-dns", "kube-system")
    assert apart == [(0, 2), (300, 302)]


def test_only_services_of_the_dns_concern_it() -> None:
    found = states()
    assert found.concerns_dns([entity("Service", "cart"), entity("Service", "kube-dns", "kube-system")])
    assert not found.concerns_dns([entity("Service", "cart"), entity("Pod", "kube-dns", "kube-system")])


def test_windows_are_those_of_any_order() -> None:
    members = unresolved(5, 3, 100, 60, 220, 400)
    expected = _crowded(members, DNS_WINDOW, lambda entities, units, at: units >= 2)
    for turn in range(6):
        assert _crowded([*members[turn:], *members[:turn]], DNS_WINDOW, lambda entities, units, at: units >= 2) == expected


def test_what_implies_a_degraded_service_is_in_one_incident_with_what_it_explains() -> None:
    story = Story().knows(service("cart", {"app": "cart"}), service("web", {"app": "web"}), service("api", {"app": "api"}))
    story.told(0, "svc.error", "Service/cart").told(1, "svc.timeout", "Service/web", "Service/cart")
    story.told(2, "svc.timeout", "Service/api", "Service/web").told(2.5, "svc.timeout", "Service/api", "Service/web").settles()
    (found,) = story.standing
    assert {member.entity.rpartition("/")[2] for member in found.members} == {"cart", "web", "api"}


# A suspect network: calls that lose time between one service and two others or more.


def slow_call(second: float, caller: str, callee: str) -> Vertex:
    return vertex(second, "svc.gap", f"Service/{caller}", f"Service/{callee}", services=(f"Service/{caller}",))


def test_a_service_whose_calls_lose_time_at_either_end_has_a_suspect_network() -> None:
    found = states(slow_call(3, "web", "cart"), slow_call(20, "cart", "search"))
    assert spans(found, "net.suspect", "Service/cart") == [(3, 20)]
    assert spans(found, "net.suspect", "Service/web") == spans(found, "net.suspect", "Service/search") == []


def test_calls_that_lose_time_with_one_peer_make_no_suspect_network() -> None:
    found = states(slow_call(3, "web", "cart"), slow_call(5, "cart", "web"), vertex(7, "svc.gap", "Service/web"))
    assert spans(found, "net.suspect", "Service/cart") == spans(found, "net.suspect", "Service/web") == []
