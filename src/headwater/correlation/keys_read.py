"""
Whether a changed key is read: a ConfigMap or Secret explains less of who reads only other keys of it.

Asked when an incident is judged, and not when its steps are found: which keys are read is in the content of objects, of which a change
that touches no relation finds no step anew.
"""

from collections.abc import Callable

from headwater.correlation.occurrences import DETAILS_MAX
from headwater.correlation.vertices import Edge
from headwater.model.relations import Relation
from headwater.signals.details import KEYS_BETWEEN, KEYS_MARK
from headwater.topology.graph import TopologyGraph

KEY_UNREAD = 0.5
"""What a step is worth to who reads none of the keys that were changed: what he reads may depend on them elsewhere."""


def share_of(edge: Edge, topology: TopologyGraph) -> float:
    """What of a step from a change holds for its effect; 1 for every step that does not lead to who mounts something."""
    told = edge.cause.details
    if edge.path[:1] != (Relation.MOUNTED_BY,) or not told or not all(detail.startswith(KEYS_MARK) for detail in told):
        return 1.0
    if len(told) >= DETAILS_MAX:
        return 1.0  # there may have been others
    keys = frozenset(key for detail in told for key in detail.removeprefix(KEYS_MARK).split(KEYS_BETWEEN))
    is_read = "" in keys or topology.reads_any(edge.effect.unit, edge.cause.entity, keys, edge.cause.onset)
    return 1.0 if is_read else KEY_UNREAD


def shares_as_of(topology: TopologyGraph) -> Callable[[Edge], float]:
    """The same of any step, by what a topology knows."""
    return lambda edge: share_of(edge, topology)
