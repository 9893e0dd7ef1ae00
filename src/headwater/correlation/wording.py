"""Occurrences in words, as a person on call would say them: "mysql-pod-abc OOM", "api timeout to mysql-service"."""

from headwater.correlation.occurrences import Sample
from headwater.correlation.vertices import Vertex
from headwater.model.times import clock_of, seconds
from headwater.topology.graph import TopologyGraph

_MINUTE = seconds(60)
_HOURS_FROM = 120
"""Minutes: longer times are told in hours."""


def subject(vertex: Vertex, topology: TopologyGraph) -> str:
    """Whom a sentence is about: a service by its display name, anything else by its own."""
    if vertex.symptom_class.is_service or vertex.entity.kind == "Service":
        return topology.display_name(vertex.entity, vertex.onset)
    return vertex.entity.name


def witness(vertex: Vertex) -> Sample | None:
    """The observation that speaks for an occurrence: of a log line that is new, else the earliest; None where it is inferred."""
    if vertex.new_line is not None:
        return vertex.new_line.sample
    return min((occurrence.earliest for occurrence in vertex.occurrences), default=None)


def phrase(vertex: Vertex) -> str:
    """What was wrong, without whom: the words of its witness."""
    found = witness(vertex)
    if found is not None:
        return found.text
    return f"is {vertex.symptom_class.mechanism} (inferred)"


def sentence(vertex: Vertex, topology: TopologyGraph) -> str:
    """Subject and phrase."""
    return f"{subject(vertex, topology)} {phrase(vertex)}"


def dated_sentence(vertex: Vertex, topology: TopologyGraph) -> str:
    """The sentence of a root cause: when it began is part of it."""
    return f"{sentence(vertex, topology)} at {clock_of(vertex.onset)}"


def novelty_in_words(vertex: Vertex) -> str:
    """Since when a log line is new, and how long before it was not written; empty where none is."""
    new = vertex.new_line
    if new is None:
        return ""
    at = new.sample.occurred_at
    minutes = (at - new.unseen_since) // _MINUTE
    before = f"{minutes} minutes" if minutes < _HOURS_FROM else f"{minutes // 60} hours"
    return f"first written at {clock_of(at)}, never in the {before} before"


def label(vertex: Vertex) -> str:
    """An occurrence as edges name it."""
    return f"{vertex.entity} {vertex.key.symptom_class}"
