"""The pattern matcher names what the flow found, and never outvotes it."""

from tests.unit.correlation.making import link, vertex

from headwater.correlation.attribution_view import weigh
from headwater.correlation.pattern import Naming, name_incident
from headwater.correlation.vertices import Vertex
from headwater.testing.bare_objects import entity
from headwater.testing.playback import packaged_knowledge
from headwater.topology.graph import TopologyGraph


def naming(*vertices: Vertex) -> Naming:
    found, _ = name_incident(weigh(vertices), packaged_knowledge().patterns, TopologyGraph())
    return found


def pattern_of(found: Naming) -> str:
    return found.match.pattern.id if found.match else ""


def test_an_incident_takes_the_name_of_the_pattern_whose_root_leads() -> None:
    oom = vertex(0, "kernel.oom", "Pod/a", unit="Deployment/a")
    found = naming(oom)
    assert (pattern_of(found), found.unit) == ("oom_kill", entity("Deployment", "a"))


def test_without_a_pattern_the_flow_decides_alone() -> None:
    found = naming(vertex(0, "svc.error", "Service/a"))
    assert (pattern_of(found), found.unit, found.also_matches) == ("", entity("Service", "a"), [])


def test_a_pattern_of_a_unit_that_does_not_lead_is_only_mentioned() -> None:
    crashing = [vertex(n, "svc.error", f"Service/loud{n}", unit="Deployment/loud", count=30) for n in range(6)]
    oom = vertex(50, "kernel.oom", "Pod/a")
    found = naming(*crashing, oom)
    assert (pattern_of(found), found.unit) == ("", entity("Deployment", "loud"))
    assert "oom_kill" in found.also_matches


def test_where_two_units_are_close_a_complete_pattern_chooses() -> None:
    oom = vertex(50, "kernel.oom", "Pod/a")
    close = vertex(0, "svc.error", "Service/b")
    assert weigh([oom, close]).units[0] == entity("Service", "b")
    found = naming(oom, close)
    assert (pattern_of(found), found.unit) == ("oom_kill", entity("Pod", "a"))


def test_patterns_that_also_fit_are_named_once() -> None:
    first, second = (vertex(n * 40, "kernel.oom", "Pod/a", unit="Deployment/a", count=3) for n in (0, 3))
    restart = vertex(5, "pod.restart", "Pod/a", unit="Deployment/a")
    link(first, restart, 0.9)
    found = naming(first, second, restart)
    assert len(set(found.also_matches)) == len(found.also_matches)
    assert pattern_of(found) not in found.also_matches
