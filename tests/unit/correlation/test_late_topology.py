"""A version of an object told later than the horizon holds from when it was told; a cluster loaded today existed yesterday."""

from headwater.correlation.limits import HORIZON
from headwater.correlation.system import CorrelationSystem
from headwater.model.entities import Entity
from headwater.model.inputs import TopologyObserved
from headwater.model.objects import ObjectVersion, encode_object_version
from headwater.model.relations import Relation
from headwater.testing.bare_objects import entity, instant, pod, version
from headwater.testing.playback import packaged_system
from headwater.testing.story import Story
from headwater.topology.limits import VERSION_LATENESS_MAX

DAY = 86_400
FIRST = pod("a", node="n1", at=0, created=0, uid="u", revision=1)
MOVED = pod("a", node="n2", at=DAY, created=0, uid="u", revision=2)


def told(system: CorrelationSystem, *pairs: tuple[ObjectVersion, float]) -> CorrelationSystem:
    for sequence, (seen, second) in enumerate(pairs, start=1):
        system.handle(TopologyObserved(encode_object_version(seen), instant(second), sequence))
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


def in_zone(name: str) -> ObjectVersion:
    return version("Node", name, labels={"topology.kubernetes.io/zone": "zone-a"})


def test_a_zone_of_which_more_becomes_known_is_suspected_by_the_whole_of_it() -> None:
    """No walk over the neighbourhood passes a zone, so what hangs on it must be counted anew when it says that it differs."""
    nodes = [in_zone(f"node-{number}") for number in range(1, 7)]

    def failing(story: Story) -> Story:
        return story.told(0, "node.notready", "Node/node-1").told(5, "node.notready", "Node/node-2")

    whole, late = failing(Story().knows(*nodes)), failing(Story().knows(*nodes[:2]))
    assert [result.root_cause for result in late.results if "zone-a" in result.root_cause]
    late.knows(*nodes[2:])
    ends = [sorted(result.root_cause for result in each.settles().results if result.final) for each in (whole, late)]
    assert ends[0] == ends[1] != []
    assert "zone-a" not in str(ends)
