"""A version of an object told later than the horizon holds from when it was told; a cluster loaded today existed yesterday."""

from headwater.correlation.limits import HORIZON
from headwater.correlation.system import CorrelationSystem
from headwater.model.entities import Entity
from headwater.model.inputs import TopologyObserved
from headwater.model.objects import ObjectVersion, encode_object_version
from headwater.model.relations import Relation
from headwater.testing.bare_objects import entity, instant, pod
from headwater.testing.playback import packaged_system
from headwater.topology.limits import VERSION_LATENESS_MAX

DAY = 86_400
FIRST = pod("a", node="n1", at=0, created=0, uid="u", revision=1)
MOVED = pod("a", node="n2", at=DAY, created=0, uid="u", revision=2)


def told(system: CorrelationSystem, *pairs: tuple[ObjectVersion, float]) -> CorrelationSystem:
    for sequence, (version, second) in enumerate(pairs, start=1):
        system.handle(TopologyObserved(encode_object_version(version), instant(second), sequence))
    return system


def nodes(system: CorrelationSystem, second: float) -> tuple[Entity, ...]:
    return system.topology.related_back(entity("Pod", "a"), Relation.HOSTS, instant(second), instant(second))


def test_versions_are_late_when_observations_are() -> None:
    assert VERSION_LATENESS_MAX == HORIZON


def test_a_change_told_in_time_holds_from_when_it_happened() -> None:
    system = told(packaged_system(), (FIRST, 5 * DAY), (MOVED, DAY + 900))
    assert (nodes(system, DAY - 1), nodes(system, DAY)) == ((entity("Node", "n1"),), (entity("Node", "n2"),))


def test_a_change_told_too_late_holds_from_its_arrival_whether_read_live_or_again() -> None:
    arrivals = ((FIRST, 5 * DAY), (MOVED, 6 * DAY))
    live = told(packaged_system(), *arrivals)
    restored = CorrelationSystem.restore(live.snapshot(), live._knowledge)
    for system in (live, told(live, *arrivals), restored, told(restored, *arrivals), told(packaged_system(), *reversed(arrivals))):
        assert nodes(system, 10) == nodes(system, 5 * DAY) == nodes(system, 6 * DAY - 1) == (entity("Node", "n1"),)
        assert nodes(system, 6 * DAY) == (entity("Node", "n2"),)
