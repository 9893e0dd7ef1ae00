"""Judging from what users feel: where a service misses its objective, what has nothing to do with that matters less."""

from collections.abc import Mapping, Sequence

from headwater.correlation.vertices import Edge, Vertex

UNRELATED = 0.3
"""What the evidence of a symptom counts that leads to nothing which users feel. It may be a fault of its own, so it is not nothing."""

LEADS_TO_MIN = 0.1
"""A weaker step leads nowhere."""


def anchored(vertices: Sequence[Vertex], evidence: list[float], edges: Sequence[Mapping[int, tuple[float, Edge]]]) -> list[float]:
    """
    The evidence of each vertex, less where it is on no way to a symptom that users feel; all of it where there is none.

    `edges` are the possible causes of each, as indices, with their weights.
    """
    on_the_way = {v: None for v, vertex in enumerate(vertices) if vertex.is_user_visible}
    if not on_the_way:
        return evidence
    waiting = list(on_the_way)
    while waiting:
        for cause, (weight, _) in edges[waiting.pop()].items():
            if cause not in on_the_way and weight >= LEADS_TO_MIN:
                on_the_way[cause] = None
                waiting.append(cause)
    return [amount if v in on_the_way else UNRELATED * amount for v, amount in enumerate(evidence)]
