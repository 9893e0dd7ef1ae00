"""The pattern matcher: which known pattern an incident completes, hence its type, remedy and severity. It never outvotes the flow."""

import msgspec

from headwater.correlation.attribution_view import Weighed
from headwater.correlation.scene import IncidentScene
from headwater.model.entities import Entity
from headwater.patterns.match import PatternMatch, match
from headwater.patterns.pattern_library import PatternLibrary
from headwater.topology.graph import TopologyGraph
from headwater.topology.object_checks import CHECKS

SHARES_CLOSE = 0.1
"""Where the two strongest units are this close, a complete pattern chooses between them."""


class Naming(msgspec.Struct, eq=False):
    """What patterns made of an incident."""

    match: PatternMatch | None
    unit: Entity  # the winning fault unit
    also_matches: list[str]
    limits: list[str]


def name_incident(weighed: Weighed, library: PatternLibrary, topology: TopologyGraph) -> tuple[Naming, IncidentScene]:
    """Choose the best complete pattern whose root is in the winning unit, or in the second one where the two are close."""
    scene = IncidentScene(weighed, topology, compared=compared_by(library))
    matches = match(library, scene)
    winner = weighed.units[0]
    eligible = [winner]
    if len(weighed.units) > 1 and weighed.unit_shares[winner] - weighed.unit_shares[weighed.units[1]] < SHARES_CLOSE:
        eligible.append(weighed.units[1])
    for unit in eligible:
        for found in matches:
            if _fits(found, unit, weighed, scene):
                others = [other.pattern.id for other in matches if other.pattern.id != found.pattern.id]
                return Naming(found, unit, _unique(others), list(found.limits)), scene
    return Naming(None, winner, _unique([found.pattern.id for found in matches]), []), scene


def _fits(found: PatternMatch, unit: Entity, weighed: Weighed, scene: IncidentScene) -> bool:
    """
    Whether the unit is what the pattern calls the cause.

    A pattern allows several occurrences as its cause, and some also one that nothing reported but that the anchor follows from.
    """
    if any(root.unit == unit for root in found.roots):
        return True
    if not found.may_be_silent or weighed.vertices[weighed.root_of_unit[unit]].is_real:
        return False
    anchor = scene.index_of(found.anchor)
    return any(weighed.vertices[step].unit == unit for step in weighed.ancestors(anchor))


def compared_by(library: PatternLibrary) -> frozenset[str]:
    """The classes of which patterns ask what objects tell when they are held against each other."""
    return library.classes_asked_for(CHECKS)


def _unique(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))
