"""
Explaining away: of rivals for one symptom, the one that explains more besides is the likelier cause.

One step of expectation and maximisation over the attribution flow. A lone time-out and a killed process may each have degraded a
service by their rules alike; ten other symptoms speak for one of them, and none for the other.
"""

from collections.abc import Sequence
from math import fsum

from headwater.causes.attribution import Attribution, WeightedCause

PRIOR_EVIDENCE = 0.5
"""What a cause has for it before anything is observed: half a symptom, after Jeffreys' prior."""

WEIGHT_MAX = 0.98
"""However well supported, a cause leaves some doubt."""


def with_support(
    causes: Sequence[Sequence[WeightedCause]], *, spontaneity: Sequence[float], attribution: Attribution
) -> list[list[WeightedCause]]:
    """
    The causes of each occurrence, strongest first, where its rivals share the same sum of weights by their support.

    The support of a cause is the evidence that came to it in the flow given, but for what came from the very symptom in question. An
    occurrence with one possible cause, or none, is left as it is.
    """
    totals = [spontaneity[v] + fsum(c.weight for c in causes[v]) for v in range(len(causes))]
    passed = [attribution.shares[v] * attribution.evidence * totals[v] / spontaneity[v] for v in range(len(causes))]
    return [
        _shared(rivals, [PRIOR_EVIDENCE + max(0.0, passed[c.cause] - passed[v] * c.weight / totals[v]) for c in rivals])
        if len(rivals) > 1
        else list(rivals)
        for v, rivals in enumerate(causes)
    ]


def _shared(rivals: Sequence[WeightedCause], support: list[float]) -> list[WeightedCause]:
    supported = fsum(c.weight * backing for c, backing in zip(rivals, support, strict=True))
    if supported <= 0.0:
        return list(rivals)
    scale = fsum(c.weight for c in rivals) / supported
    weights = (min(WEIGHT_MAX, c.weight * backing * scale) for c, backing in zip(rivals, support, strict=True))
    return sorted((WeightedCause(c.cause, weight) for c, weight in zip(rivals, weights, strict=True)), key=lambda c: (-c.weight, c.cause))
