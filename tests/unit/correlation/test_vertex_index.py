"""Look-ups of vertices by what they are about, by whom they blame, and by class."""

from tests.unit.correlation.making import vertex

from headwater.correlation.vertex_index import VertexIndex
from headwater.correlation.vertices import Vertex
from headwater.testing.bare_objects import entity

API, MYSQL = entity("Service", "api"), entity("Service", "mysql")


def index(*vertices: Vertex) -> VertexIndex:
    found = VertexIndex()
    for each in vertices:
        found.add(each)
    return found


def test_a_vertex_is_found_by_entity_class_and_blame() -> None:
    one = vertex(0, "svc.timeout", "Service/api", "Service/mysql")
    found = index(one)
    assert list(found.classes) == ["svc.timeout"]
    assert list(found.by_class_about(API)["svc.timeout"]) == list(found.by_class_blaming(MYSQL)["svc.timeout"]) == [one]
    assert found.of_class("svc.timeout") == [one]
    assert not found.by_class_about(MYSQL)
    assert not found.by_class_blaming(API)
    assert found.about_any([MYSQL]) == found.about_any([API, MYSQL]) == [one]


def test_a_removed_vertex_is_found_no_more_even_if_it_came_to_blame_another() -> None:
    one, other = vertex(0, "svc.timeout", "Service/api", "Service/mysql"), vertex(1, "svc.timeout", "Service/api", "Service/mysql")
    found = index(one, other)
    one.peer_services = (API,)
    found.remove(one)
    assert list(found.by_class_blaming(MYSQL)["svc.timeout"]) == list(found.by_class_about(API)["svc.timeout"]) == [other]
    assert found.about_any([MYSQL]) == [other]
    found.remove(one)
    found.remove(other)
    assert not found.classes
    assert found.about_any([API, MYSQL]) == []
