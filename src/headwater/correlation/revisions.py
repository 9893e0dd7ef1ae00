"""
Whether the new revision carries the errors: a rollout explains those of its workload only as far as its new pods have them.

Where old and new pods fail alike, what they have in common fails, and that is not the revision. The measure is the share of failures
that new pods show, of all that the workload's pods show once it is rolled out: docs/explanation/root-cause.md, section 5.
"""

from collections.abc import Callable, Mapping, Sequence
from math import fsum

from headwater.correlation.limits import RELATION_SLACK
from headwater.correlation.vertices import Edge, Vertex
from headwater.model.entities import Entity

ROLLOUT = "change.rollout"
CARRIED_FROM, SHARED_BELOW = 0.8, 0.5
"""From this share on the new revision carries the errors; up to that one it does not."""

NOT_CARRIED = 0.2
"""What is left of what a rollout explains whose new pods fail no more than its old ones."""

NAMED_FROM = 0.5
"""Of a rollout of which less is left, nothing is called after it."""

WasThere = Callable[[Entity, int], bool]
"""Whether an entity is known to have existed at an instant."""


def carried_by(vertices: Sequence[Vertex], was_there: WasThere, news_of: Callable[[Vertex], float]) -> Mapping[int, float]:
    """
    For each rollout, by number, what of its workload's errors its new pods carry, as a factor from 0.2 to 1; 1 where it is not here.

    Errors count as far as they are news: what old pods always show speaks for no rollout and against none.
    """
    rollouts = [vertex for vertex in vertices if vertex.key.symptom_class == ROLLOUT]
    return {rollout.number: factor for rollout in rollouts if (factor := _factor(rollout, vertices, was_there, news_of)) < 1.0}


def factor_of(edge: Edge, carried: Mapping[int, float]) -> float:
    """What an edge from a rollout to what its service shows is worth; 1 for every other edge."""
    concerns = edge.effect.symptom_class.is_service or edge.effect.symptom_class.is_virtual
    return carried.get(edge.cause.number, 1.0) if concerns and carried else 1.0


def is_carried(vertex: Vertex, carried: Mapping[int, float]) -> bool:
    """Whether it may name a failure: not so a rollout of which less than half is left."""
    return carried.get(vertex.number, 1.0) >= NAMED_FROM


def _factor(rollout: Vertex, vertices: Sequence[Vertex], was_there: WasThere, news_of: Callable[[Vertex], float]) -> float:
    at = rollout.onset - RELATION_SLACK
    shown: dict[bool, list[float]] = {True: [], False: []}  # by whether the pod was there before
    for vertex in vertices:
        fails = vertex.is_real and vertex.symptom_class.is_service and vertex.entity.kind == "Pod" and vertex.unit == rollout.unit
        if not fails or vertex.onset < rollout.onset:
            continue
        shown[was_there(vertex.entity, at)].append(vertex.count * news_of(vertex))
    old, new = fsum(shown[True]), fsum(shown[False])
    if not old:
        return 1.0
    share = new / (old + new)
    risen = (share - SHARED_BELOW) / (CARRIED_FROM - SHARED_BELOW)
    return NOT_CARRIED + (1.0 - NOT_CARRIED) * max(0.0, min(1.0, risen))
