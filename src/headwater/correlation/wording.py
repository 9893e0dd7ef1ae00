"""Occurrences in words, as a person on call would say them: "mysql-pod-abc OOM", "api timeout to mysql-service"."""

from headwater.correlation.vertices import Vertex
from headwater.model.times import clock_of
from headwater.topology.graph import TopologyGraph


def subject(vertex: Vertex, topology: TopologyGraph) -> str:
    """Whom a sentence is about: a service by its display name, anything else by its own."""
    if vertex.symptom_class.is_service or vertex.entity.kind == "Service":
        return topology.display_name(vertex.entity, vertex.onset)
    return vertex.entity.name


def phrase(vertex: Vertex) -> str:
    """What was wrong, without whom: the words of the earliest observation."""
    if vertex.occurrences:
        return min(occurrence.earliest for occurrence in vertex.occurrences).text
    return f"{vertex.symptom_class.mechanism} (inferred)"


def sentence(vertex: Vertex, topology: TopologyGraph) -> str:
    """Subject and phrase."""
    return f"{subject(vertex, topology)} {phrase(vertex)}"


def dated_sentence(vertex: Vertex, topology: TopologyGraph) -> str:
    """The sentence of a root cause: when it began is part of it."""
    return f"{sentence(vertex, topology)} at {clock_of(vertex.onset)}"


def label(vertex: Vertex) -> str:
    """An occurrence as edges name it."""
    return f"{vertex.entity} {vertex.key.symptom_class}"
