"""
Which end of slow calls has them in common: how evenly a service's lost time is spread over those it talks to.

Time that one service loses with everybody is lost at that service; time that it loses with one peer only is as well lost there. The
measure is the effective number of peers n, the square of the sum over the sum of squares: 1 - 1/n, from 0 (one peer) to almost 1.
"""

from collections.abc import Iterable, Mapping
from math import fsum

from headwater.correlation.vertices import Edge, Vertex
from headwater.model.entities import Entity

SUSPECT = "net.suspect"
LOST_ON_THE_WAY = "svc.gap"


def evenness_of(vertices: Iterable[Vertex]) -> Mapping[Entity, float]:
    """For each service at an end of slow calls, how evenly it loses time with its peers."""
    lost: dict[Entity, dict[Entity, float]] = {}
    for vertex in vertices:
        if vertex.key.symptom_class != LOST_ON_THE_WAY or vertex.key.peer is None:
            continue
        amount = vertex.count * vertex.weight
        for caller in vertex.services:
            for callee in vertex.peer_services:
                _add(lost, caller, callee, amount)
                _add(lost, callee, caller, amount)
    return {service: _evenness(sorted(peers.values())) for service, peers in lost.items()}


def factor_of(edge: Edge, evenness: Mapping[Entity, float]) -> float:
    """What an edge from a suspected network is worth; 1 for every other edge."""
    return evenness.get(edge.cause.entity, 0.0) if edge.cause.key.symptom_class == SUSPECT else 1.0


def _add(lost: dict[Entity, dict[Entity, float]], one: Entity, other: Entity, amount: float) -> None:
    peers = lost.setdefault(one, {})
    peers[other] = peers.get(other, 0.0) + amount


def _evenness(amounts: list[float]) -> float:
    whole = fsum(amounts)
    return 1.0 - fsum(amount * amount for amount in amounts) / (whole * whole) if whole > 0.0 else 0.0
