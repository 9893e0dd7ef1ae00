"""
Missing expected effects: a cause whose sure effect did not come explains less.

A process that the kernel killed takes its container with it; where the container lived on, the kill is hardly why its service fails. It
is a doubt, never a veto: events get lost, and nobody may have watched. So it is raised only once the effect can no longer come in
time, and only where the incident holds something else of the same kind of observer.
"""

from collections.abc import Mapping, Sequence

import msgspec

from headwater.causes.rules import Rule, RuleSet
from headwater.correlation.vertices import Vertex
from headwater.signals.classes import SymptomClass

LOST = 0.2
"""The part of all events that never arrives, as far as a missing one goes."""

DOUBT_MIN = 0.2
"""What is left at least of what a doubted cause explains."""


class Doubts(msgspec.Struct, frozen=True):
    """Which causes are doubted, and when the next may be."""

    left: Mapping[int, float]  # by number of a vertex: what is left of what it explains; all of it where it is not here
    awaited_until: int | None = None  # the instant at which the next expected effect is overdue


NO_DOUBTS = Doubts({})


def doubts(vertices: Sequence[Vertex], *, rules: RuleSet, classes: Mapping[str, SymptomClass], watermark: int) -> Doubts:
    """
    The doubts about these vertices, as of a watermark.

    Where a class has several expected effects, one of them will do.
    """
    watched = {vertex.symptom_class.modality for vertex in vertices if vertex.is_real}
    left: dict[int, float] = {}
    overdue: list[int] = []
    for vertex in vertices:
        expected = [rule for rule in rules.expected.get(vertex.key.symptom_class, ()) if classes[rule.effect].modality in watched]
        if not expected or not vertex.is_real or any(_has_come(vertex, rule) for rule in expected):
            continue
        until = max(vertex.first + rule.lag_max for rule in expected)
        if until < watermark:
            surest = max(rule.probability for rule in expected)
            left[vertex.number] = max(DOUBT_MIN, 1.0 - surest * (1.0 - LOST))
        else:
            overdue.append(until)
    return Doubts(left, min(overdue, default=None)) if left or overdue else NO_DOUBTS


def _has_come(cause: Vertex, rule: Rule) -> bool:
    return any(edge.cause is cause and edge.rule == rule.id for effect in cause.effects.values() for edge in effect.causes)
