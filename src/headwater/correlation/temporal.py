"""The temporal correlator: whether a delay fits, what shared traces add, and what is near enough in time to belong together."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from headwater.causes.lag import lag_factor
from headwater.causes.rules import Rule
from headwater.correlation.limits import EDGE_WEIGHT_MIN, TRACE_WINDOW
from headwater.correlation.vertices import Edge, Vertex

TRACE_BOOST = 0.5
"""What each shared trace takes off the doubt in an edge."""

TRACES_BOOSTING_MAX = 3
WEIGHT_MAX = 0.98


def propose(cause: Vertex, effect: Vertex, rule: Rule, factor: float = 1.0, *, reach: int) -> Edge | None:
    """
    The edge of a rule whose path holds, None where the delay does not fit; `factor` is what of the rule the topology leaves.

    `reach` bounds the distance of the observers' times too: what comes after an incident is final can never reach into it.
    """
    if abs(effect.first - cause.first) >= reach or cause is effect:
        return None
    if rule.cause_blames is not None and rule.cause_blames is not (cause.key.peer is not None):
        return None
    if rule.effect_blames is not None and rule.effect_blames is not (effect.key.peer is not None):
        return None
    if (rule.cause_kind and rule.cause_kind not in cause.details) or (rule.effect_kind and rule.effect_kind not in effect.details):
        return None
    lag = effect.onset - cause.onset
    weight = rule.probability * factor * lag_factor(rule, _best_lag(cause, effect, rule))
    return Edge(cause, effect, rule.id, rule.path, weight, lag) if weight >= EDGE_WEIGHT_MIN else None


def _best_lag(cause: Vertex, effect: Vertex, rule: Rule) -> int:
    """The delay that fits the rule best, of those possible where either began unseen."""
    lag = effect.onset - cause.onset
    if lag < rule.lag_min:
        return min(lag + cause.onset_spread, rule.lag_min)
    if lag > rule.lag_typical:
        if lasts_until(cause, effect.onset):
            return rule.lag_typical
        return max(lag - max(effect.onset_spread, effect.resumes), rule.lag_typical)
    return lag


def lasts_until(cause: Vertex, instant: int) -> bool:
    """Whether a state is still seen then: as long as it is, it may bring about something new. A change is over when it is made."""
    return cause.last >= instant and not cause.symptom_class.is_change


def may_yet_last(cause: Vertex, effect: Vertex, rule: Rule) -> bool:
    """Whether the step would be better if the cause were seen for longer than it has been."""
    return effect.onset - cause.onset > rule.lag_typical and effect.onset > cause.last and not cause.symptom_class.is_change


def weight_of(edge: Edge) -> float:
    """The edge's weight with the evidence of shared traces."""
    weight = edge.base_weight
    shared = shared_traces(edge.cause, edge.effect)
    if shared:
        weight = 1 - (1 - weight) * (1 - TRACE_BOOST) ** min(shared, TRACES_BOOSTING_MAX)
    return min(weight, WEIGHT_MAX)


def shared_traces(cause: Vertex, effect: Vertex) -> int:
    """How many traces both are part of, of those remembered."""
    ours, theirs = cause.traces, effect.traces
    if not ours or not theirs:
        return 0
    return len(ours.keys() & theirs.keys())


def neighbours_in_time(members: Iterable[Vertex]) -> Iterator[tuple[Vertex, Vertex]]:
    """Pairs next to each other in time, where they are within two minutes."""
    ordered = sorted(members, key=lambda vertex: (vertex.first, vertex.sort_key))
    for earlier, later in pairwise(ordered):
        if later.first - earlier.first <= TRACE_WINDOW:
            yield earlier, later
