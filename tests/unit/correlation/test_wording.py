"""Occurrences in words."""

from tests.unit.correlation.making import occurrence, symptom, vertex

from headwater.correlation.vertices import Vertex
from headwater.correlation.wording import dated_sentence, label, phrase, sentence, subject
from headwater.testing.bare_objects import deployment, pod, service
from headwater.topology.graph import TopologyGraph


def shop() -> TopologyGraph:
    graph = TopologyGraph()
    labels = {"app": "shop-api"}
    for each in (
        service("api-service", labels),
        deployment("api", labels, labels=labels),
        pod("api-0", labels=labels, owner=("Deployment", "api")),
    ):
        graph.observe(each)
    return graph


def test_a_service_is_called_by_its_display_name_and_anything_else_by_its_own() -> None:
    assert subject(vertex(0, "svc.timeout", "Service/api-service", "Service/x"), shop()) == "shop-api"
    assert subject(vertex(0, "svc.error", "Pod/api-0"), shop()) == "shop-api"
    assert subject(vertex(0, "kernel.oom", "Pod/api-0"), shop()) == "api-0"
    assert subject(vertex(0, "node.notready", "Node/n1"), shop()) == "n1"
    assert subject(vertex(0, "svc.degraded", "Service/unknown"), shop()) == "unknown"


def worded() -> Vertex:
    found = vertex(0, "svc.timeout", "Service/api-service", "Service/x")
    found.occurrences = [occurrence(symptom(1, text="later")), occurrence(symptom(0, text="timeout to x"), symptom(2, text="latest"))]
    return found


def test_the_words_are_those_of_the_earliest_observation() -> None:
    assert phrase(worded()) == "timeout to x"
    assert sentence(worded(), shop()) == "shop-api timeout to x"
    assert dated_sentence(worded(), shop()) == "shop-api timeout to x at 08:00:00"


def test_what_is_inferred_says_so() -> None:
    assert sentence(vertex(0, "svc.degraded", "Service/api-service"), shop()) == "shop-api is not serving as it should (inferred)"


def test_a_label_is_the_entity_and_the_class() -> None:
    assert label(worded()) == "default/Service/shop/api-service svc.timeout"
