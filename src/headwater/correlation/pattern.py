"""The pattern matcher: which known pattern an incident completes, hence its type, remedy and severity. It never outvotes the flow."""

import msgspec

from headwater.correlation.attribution_view import Weighed
from headwater.correlation.scene import IncidentScene
from headwater.model.entities import Entity
from headwater.patterns.match import PatternMatch, match
from headwater.patterns.pattern_library import PatternLibrary
from headwater.topology.graph import TopologyGraph

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
    scene = IncidentScene(weighed, topology)
    matches = match(library, scene)
    winner = weighed.units[0]
    eligible = [winner]
    if len(weighed.units) > 1 and weighed.unit_shares[winner] - weighed.unit_shares[weighed.units[1]] < SHARES_CLOSE:
        eligible.append(weighed.units[1])
    # A pattern allows several occurrences as its cause: it fits where one of them is in an eligible unit.
    for unit in eligible:
        for found in matches:
            if any(root.unit == unit for root in found.roots):
                others = [other.pattern.id for other in matches if other.pattern.id != found.pattern.id]
                return Naming(found, unit, _unique(others), list(found.limits)), scene
    return Naming(None, winner, _unique([found.pattern.id for found in matches]), []), scene


def _unique(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))
