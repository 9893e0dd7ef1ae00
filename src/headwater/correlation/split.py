"""Two independent faults that merely meet (one caller of both) stay two incidents."""

from math import fsum

from headwater.correlation.attribution_view import Weighed, weigh
from headwater.model.entities import Entity

SHARE_OF_FAULT_MIN = 0.30
"""A unit with less of the evidence is not a second fault."""

SYMPTOMS_OF_FAULT_MIN = 2
PATH_WEIGHT_MAX = 0.25
"""One that the other reaches by a path at least this likely is its effect."""

PARTS_MAX = 4
_HOPS_MAX = 12


def split_faults(weighed: Weighed) -> list[Weighed]:
    """
    The set itself, or its parts, each attributed among itself.

    A part is what descends from its unit in the tree of best causes; all else stays with the strongest.
    """
    faults = _independent_faults(weighed)
    if len(faults) < 2:
        return [weighed]
    parts: list[list[int]] = [[] for _ in faults]
    for v in range(len(weighed.vertices)):
        units = [weighed.vertices[step].unit for step in (v, *weighed.ancestors(v))]
        of = next((place for unit in units for place, fault in enumerate(faults) if unit == fault), 0)
        parts[of].append(v)
    if any(sum(weighed.vertices[v].is_real for v in part) < SYMPTOMS_OF_FAULT_MIN for part in parts):
        return [weighed]
    return [weigh([weighed.vertices[v] for v in part]) for part in parts]


def _independent_faults(weighed: Weighed) -> list[Entity]:
    candidates = [unit for unit in weighed.units[:PARTS_MAX] if weighed.unit_shares[unit] >= SHARE_OF_FAULT_MIN]
    faults: list[Entity] = []
    for unit in candidates:
        if not any(_reaches(weighed, one, another) for fault in faults for one, another in ((fault, unit), (unit, fault))):
            faults.append(unit)
    return faults


def _reaches(weighed: Weighed, cause: Entity, effect: Entity) -> bool:
    """Whether the cause's unit leads to the effect's by a path that is likely enough: the best product of weights over all paths."""
    best = {v: 1.0 for v, vertex in enumerate(weighed.vertices) if vertex.unit == effect}
    frontier = dict(best)
    for _ in range(_HOPS_MAX):
        further: dict[int, float] = {}
        for v, likely in sorted(frontier.items()):
            total = weighed.vertices[v].symptom_class.spontaneity + fsum(weight for weight, _ in weighed.edges[v].values())
            for parent, (weight, _) in sorted(weighed.edges[v].items()):
                through = likely * max(weight, 0.0) / max(1.0, total)
                if through >= PATH_WEIGHT_MAX and through > best.get(parent, 0.0):
                    best[parent] = through
                    further[parent] = through
        if not further:
            break
        frontier = further
    return any(weighed.vertices[v].unit == cause for v in best)
