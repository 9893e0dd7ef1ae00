"""Whether a finding says something new, and why: a named reason, never a bare bool. It reads only what was told before."""

from enum import StrEnum

import msgspec

from headwater.correlation.judgement import Finding
from headwater.model.results import CorrelationResult
from headwater.model.severity import SEVERITY_BY_WIRE, Severity

PODS_CHANGE_MIN = 0.2
"""A smaller change of the number of affected pods is not news."""

SHARE_ADVANTAGE_MIN = 1.15
"""By so much a new root must explain more than the old one to be told at once; otherwise it must first hold for a while."""


class Reason(StrEnum):
    """Why a revision is told."""

    FIRST_TOLD = "first_told"
    ROOT_CHANGED = "root_changed"
    TYPE_CHANGED = "type_changed"
    SEVERITY_CHANGED = "severity_changed"
    VERDICT_CHANGED = "verdict_changed"
    IMPACT_CHANGED = "impact_changed"
    NEW_EVIDENCE = "new_evidence"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    MERGED = "merged"
    SPLIT = "split"
    RETRACTED = "retracted"
    FINAL = "final"


LESSER_REASONS = frozenset({Reason.IMPACT_CHANGED, Reason.NEW_EVIDENCE, Reason.VERDICT_CHANGED})
"""These wait for their turn where an incident has said much lately."""


class Summary(msgspec.Struct, frozen=True):
    """What of a told finding later ones are compared with."""

    root: str  # entity and class
    unit: str
    onset: str
    type: str
    severity: Severity
    verdict: str
    confidence: float
    services: tuple[str, ...]
    pods: int
    members: int


def summary_of(finding: Finding) -> Summary:
    """The summary of a finding, without writing the rest of it."""
    summary = summary_of_result(finding.outline)
    return summary if finding.write is None else msgspec.structs.replace(summary, members=finding.members)


def summary_of_result(result: CorrelationResult) -> Summary:
    """The summary of a result, whoever told it."""
    return Summary(
        root=f"{result.cause.entity} {result.cause.symptom_class}",
        unit=result.cause.owner,
        onset=result.cause.time,
        type=result.type,
        severity=SEVERITY_BY_WIRE.get(result.severity, Severity.WARNING),
        verdict=result.verdict,
        confidence=result.confidence,
        services=tuple(sorted(result.impact.services)),
        pods=result.impact.pods,
        members=len(result.members),
    )


def reason_to_tell(fresh: Summary, told: Summary) -> Reason | None:
    """The weightiest difference, None where there is no news."""
    if (fresh.root, fresh.unit) != (told.root, told.unit):
        return Reason.ROOT_CHANGED
    if fresh.type != told.type:
        return Reason.TYPE_CHANGED
    if fresh.severity != told.severity:
        return Reason.SEVERITY_CHANGED
    if fresh.services != told.services or abs(fresh.pods - told.pods) > PODS_CHANGE_MIN * max(told.pods, 1):
        return Reason.IMPACT_CHANGED
    if fresh.verdict != told.verdict:
        return Reason.VERDICT_CHANGED
    if fresh.members != told.members:
        return Reason.NEW_EVIDENCE
    return None


def deserves_alert(fresh: Summary, *, confidence_min: float) -> bool:
    """The alert rule's condition: grave, not inconclusive, and sure enough."""
    return fresh.severity >= Severity.HIGH and fresh.verdict != "inconclusive" and fresh.confidence >= confidence_min


def is_escalation(fresh: Summary, alerted: Summary) -> bool:
    """Whether an incident already alerted on is worse now: graver, surer, or on more services."""
    return (
        fresh.severity > alerted.severity
        or (fresh.verdict == "confirmed" and alerted.verdict != "confirmed")
        or bool(set(fresh.services) - set(alerted.services))
    )
