"""
What a forecast of confidence can be made from: read off the published result, in the terms of `headwater.causes.confidence`.

One line per case, with whether it was right; the truth has no other part in it.
"""

import msgspec
from bench.accuracy.outcomes import Outcome
from bench.accuracy.playing import knowledge
from bench.accuracy.scorer import Row

from headwater.model.results import CorrelationResult


class Features(msgspec.Struct, frozen=True):
    """Of the first suspect's incident."""

    case: str
    set: str
    fault_type: str
    hit: bool
    confidence: float
    share: float
    runner_up_share: float
    symptoms: int
    modalities: int
    pattern_is_complete: bool
    root_is_latent: bool
    is_change: bool
    incidents: int


def features_of(row: Row, outcome: Outcome) -> Features | None:
    """None where nothing was told: there is no confidence to calibrate."""
    if not outcome.incidents:
        return None
    first = outcome.incidents[0]
    classes = knowledge().catalogue.classes
    explained = [member for member in first.members if member.role != "context"]
    return Features(
        case=row.label.case,
        set=outcome.folder.set_name,
        fault_type=row.label.fault_type or "",
        hit=row.rank == 1,
        confidence=first.confidence,
        share=first.cause.share,
        runner_up_share=max((alternative.share for alternative in first.alternatives), default=0.0),
        symptoms=len({(member.entity, member.symptom_class) for member in explained}),
        modalities=len({classes[member.symptom_class].modality for member in explained if member.symptom_class in classes}),
        pattern_is_complete=bool(first.pattern),
        root_is_latent=is_latent(first),
        is_change=first.cause.symptom_class.startswith("change."),
        incidents=len(outcome.incidents),
    )


def is_latent(result: CorrelationResult) -> bool:
    """Whether nobody saw the cause itself: it was inferred from its effects."""
    return not any(member.role == "root" for member in result.members)
