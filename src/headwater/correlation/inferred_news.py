"""How much news there is in what nobody observed: a service that only chatter calls degraded is degraded as ever."""

from collections.abc import Sequence

from headwater.correlation.inferred import DEGRADED
from headwater.correlation.vertices import Vertex
from headwater.model.entities import Entity


def with_inferred(vertices: Sequence[Vertex], news: list[float]) -> list[float]:
    """The news of each vertex, where an inferred state of a service is as much news as the newest that implies it."""
    implying: dict[Entity, list[tuple[int, float]]] = {}
    for vertex, known in zip(vertices, news, strict=True):
        if vertex.is_real and vertex.symptom_class.is_service:
            for service in dict.fromkeys((*vertex.services, *vertex.peer_services)):
                implying.setdefault(service, []).append((vertex.first, known))
    return [
        known if vertex.is_real or vertex.key.symptom_class != DEGRADED else _newest(vertex, implying.get(vertex.entity, []))
        for vertex, known in zip(vertices, news, strict=True)
    ]


def _newest(state: Vertex, implying: list[tuple[int, float]]) -> float:
    return max((known for first, known in implying if state.first <= first <= state.last), default=1.0)
