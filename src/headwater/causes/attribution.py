"""
The absorbing attribution flow: which occurrence explains how much of the evidence.

Every occurrence either had one cause `u`, with weight `w(u, v)`, or arose by itself, with weight `spontaneity(v)`. Evidence walks from
each symptom to its causes and is absorbed where things are spontaneous; what was absorbed, over all evidence, is a candidate's share.
It holds "the deepest anomalous node", set cover and personalised random walks as special cases (docs/explanation/root-cause.md).
"""

from collections.abc import Sequence
from math import fsum

import msgspec

SWEEPS_MAX = 64
"""A graph without cycles needs one sweep; retry loops converge geometrically, since every spontaneity is positive."""

REMAINDER = 1e-9
"""The part of all evidence that may still be walking when the sweeps end."""


class WeightedCause(msgspec.Struct, frozen=True, gc=False):
    """One possible cause of an occurrence: the index of the cause, and how strongly it is believed to bring the effect about."""

    cause: int
    weight: float


class Attribution(msgspec.Struct, frozen=True):
    """What the flow found; every list is in the order of the occurrences given."""

    shares: list[float]  # of all evidence, how much was absorbed here; they sum to 1
    best_causes: list[int | None]  # the most likely parent, None where the occurrence more likely arose by itself
    evidence: float  # the evidence put in


def attribute(
    *,
    evidence: Sequence[float],
    spontaneity: Sequence[float],
    causes: Sequence[Sequence[WeightedCause]],
    effects_first: Sequence[int],
) -> Attribution:
    """
    Let the evidence of each occurrence flow to where it began.

    Args:
        evidence: what each occurrence weighs, at least 0.
        spontaneity: how plausible each is without a cause, above 0.
        causes: the possible causes of each, strongest first, at most one entry a cause.
        effects_first: all indices, effects before causes as far as there is such an order; the sums run in it, so that equal sets
            of occurrences give equal bits.
    """
    totals = [spontaneity[v] + fsum(c.weight for c in causes[v]) for v in range(len(evidence))]
    walking = list(evidence)
    absorbed = [0.0] * len(evidence)
    whole = fsum(evidence) or 1.0
    for _ in range(SWEEPS_MAX):
        for v in effects_first:
            amount = walking[v]
            if amount <= 0.0:
                continue
            walking[v] = 0.0
            absorbed[v] += amount * spontaneity[v] / totals[v]
            for candidate in causes[v]:
                walking[candidate.cause] += amount * candidate.weight / totals[v]
        if fsum(walking) < REMAINDER * whole:
            break
    return Attribution(
        # What still goes round a tight circle stays where it is, so that nothing is lost.
        shares=[(amount + rest) / whole for amount, rest in zip(absorbed, walking, strict=True)],
        best_causes=[c[0].cause if c and c[0].weight > spontaneity[v] else None for v, c in enumerate(causes)],
        evidence=fsum(evidence),
    )


def local_roots(best_causes: Sequence[int | None]) -> list[int]:
    """
    For each occurrence, where the chain of best causes from it ends.

    A chain that runs in a circle (a retry loop) ends at the circle's lowest index, the same for all on it.
    """
    roots: list[int | None] = [None] * len(best_causes)
    for start in range(len(best_causes)):
        path: list[int] = []
        on_path: dict[int, int] = {}
        v = start
        while roots[v] is None and v not in on_path:
            on_path[v] = len(path)
            path.append(v)
            parent = best_causes[v]
            if parent is None:
                roots[v] = v
                break
            v = parent
        known = roots[v]
        end = known if known is not None else min(path[on_path[v] :])
        for u in path:
            roots[u] = end
    return [root if root is not None else v for v, root in enumerate(roots)]
