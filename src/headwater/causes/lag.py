"""How well a delay between two onsets fits a rule: the temporal half of an edge's weight."""

from math import exp

from headwater.causes.rules import Rule
from headwater.model.times import seconds

DECAY_MIN = seconds(30)


def lag_factor(rule: Rule, lag: int) -> float:
    """
    0 outside the rule's window, 1 up to the typical lag, then decaying; `lag` is effect minus cause, in nanoseconds.

    The window's lower end is negative where causes are noticed late (a node is declared not ready 40 s after its pods fail).
    """
    if not rule.lag_min <= lag <= rule.lag_max:
        return 0.0
    if lag <= rule.lag_typical:
        return 1.0
    return exp(-(lag - rule.lag_typical) / max(DECAY_MIN, rule.lag_typical))
