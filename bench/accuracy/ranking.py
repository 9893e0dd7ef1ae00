"""
From published results to a ranking of suspects; the rule, in one place.

Each incident weighs: how severe it is × its confidence × (1 + ln of how many things show what it explains); how much a single thing shows
makes no difference. Its cause counts with that weight, each alternative with that weight × its share, so never before its own incident's
cause. A suspect that several name counts once, where it stands highest. Only findings are read, not what was told on the way to them: how
fast the events came makes no difference.
"""

from collections.abc import Sequence
from math import log

import msgspec
from bench.accuracy.fault_types import FaultTypes
from bench.accuracy.names import Names
from bench.accuracy.playing import Published

from headwater.model.results import CorrelationResult

SEVERITY_WEIGHTS = {"critical": 4.0, "high": 3.0, "warning": 2.0, "info": 1.0}
RANKED_MAX = 10


class Suspect(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a ranking, in the form that scorers take."""

    object: str
    fault_type: str = ""


class Prediction(msgspec.Struct, frozen=True):
    """What is predicted of one case, in the form that scorers take."""

    case: str
    ranking: Sequence[Suspect]
    detected_at: str | None = None


def weight_of(result: CorrelationResult) -> float:
    """How much an incident weighs beside others."""
    things = len({member.entity for member in result.members if member.role != "context"})
    return SEVERITY_WEIGHTS.get(result.severity, 1.0) * result.confidence * (1 + log(max(1, things)))


def in_order(published: Published) -> list[CorrelationResult]:
    """The incidents, the weightiest first."""
    return sorted(
        published.incidents,
        key=lambda result: (-weight_of(result), result.first_seen, result.cause.entity, result.cause.symptom_class),
    )


def predict(case: str, published: Published, names: Names, types: FaultTypes) -> Prediction:
    """The ranking of a case, and when its first suspect was told."""
    weighed: list[tuple[float, int, Suspect]] = []
    incidents = in_order(published)
    for result in incidents:
        weight = weight_of(result)
        cause = Suspect(names.name_of(result.cause.owner or result.cause.entity), types.of_result(case, result))
        weighed.append((weight, len(weighed), cause))
        for alternative in result.alternatives:
            suspect = Suspect(names.name_of(alternative.entity), types.of_class(case, alternative.symptom_class))
            weighed.append((weight * min(alternative.share, 1.0), len(weighed), suspect))
    ranking: dict[str, Suspect] = {}
    for _, _, suspect in sorted(weighed, key=lambda item: (-item[0], item[1])):
        ranking.setdefault(suspect.object, suspect)
    detected_at = incidents[0].detected_at if incidents else None
    return Prediction(case, list(ranking.values())[:RANKED_MAX], detected_at)
