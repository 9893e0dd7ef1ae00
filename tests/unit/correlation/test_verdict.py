"""Whether there is news, for which reason, and whether it is worth waking somebody."""

import msgspec
import pytest

from headwater.correlation.verdict import LESSER_REASONS, Reason, Summary, deserves_alert, is_escalation, reason_to_tell, summary_of_result
from headwater.model.results import Cause, CorrelationResult, Impact, Member
from headwater.model.severity import Severity

TOLD = Summary(
    root="default/Pod/shop/mysql-0 kernel.oom", unit="default/Deployment/shop/mysql", onset="2026-01-05T10:00:00.000Z",
    type="cascading_failure", severity=Severity.HIGH, verdict="likely", confidence=0.6, services=("api", "mysql"), pods=10, members=3,
)  # fmt: skip


def changed(**what: object) -> Summary:
    return msgspec.structs.replace(TOLD, **what)


@pytest.mark.parametrize(
    ("fresh", "reason"),
    [
        (changed(), None),
        (changed(confidence=0.61), None),
        (changed(onset="2026-01-05T09:59:59.000Z"), None),
        (changed(pods=12), None),
        (changed(pods=8), None),
        (changed(root="default/Node//n kernel.oom"), Reason.ROOT_CHANGED),
        (changed(unit="default/Node//n"), Reason.ROOT_CHANGED),
        (changed(type="oom_kill"), Reason.TYPE_CHANGED),
        (changed(severity=Severity.CRITICAL), Reason.SEVERITY_CHANGED),
        (changed(severity=Severity.WARNING), Reason.SEVERITY_CHANGED),
        (changed(services=("api",)), Reason.IMPACT_CHANGED),
        (changed(pods=13), Reason.IMPACT_CHANGED),
        (changed(pods=7), Reason.IMPACT_CHANGED),
        (changed(verdict="confirmed"), Reason.VERDICT_CHANGED),
        (changed(members=4), Reason.NEW_EVIDENCE),
    ],
)
def test_a_difference_has_a_reason(fresh: Summary, reason: Reason | None) -> None:
    assert reason_to_tell(fresh, TOLD) is reason


def test_of_many_differences_the_weightiest_is_the_reason() -> None:
    everything = changed(root="r", type="t", severity=Severity.LOW, services=(), verdict="confirmed", members=9)
    reasons = []
    for name in ("root", "type", "severity", "services", "verdict", "members"):
        reasons.append(reason_to_tell(everything, TOLD))
        everything = msgspec.structs.replace(everything, **{name: getattr(TOLD, name)})
    assert reasons == [
        Reason.ROOT_CHANGED, Reason.TYPE_CHANGED, Reason.SEVERITY_CHANGED, Reason.IMPACT_CHANGED, Reason.VERDICT_CHANGED,
        Reason.NEW_EVIDENCE,
    ]  # fmt: skip
    assert reason_to_tell(everything, TOLD) is None


def test_the_first_pod_of_none_is_news() -> None:
    assert reason_to_tell(changed(pods=1), changed(pods=0)) is Reason.IMPACT_CHANGED


def test_only_evidence_impact_and_verdict_may_wait() -> None:
    assert {Reason.NEW_EVIDENCE, Reason.IMPACT_CHANGED, Reason.VERDICT_CHANGED} == LESSER_REASONS


@pytest.mark.parametrize(
    ("fresh", "is_worth_it"),
    [
        (changed(), True),
        (changed(severity=Severity.CRITICAL), True),
        (changed(severity=Severity.WARNING), False),
        (changed(verdict="inconclusive"), False),
        (changed(confidence=0.599), False),
    ],
)
def test_somebody_is_called_for_what_is_grave_and_sure(fresh: Summary, is_worth_it: bool) -> None:
    assert deserves_alert(fresh, confidence_min=0.6) is is_worth_it


@pytest.mark.parametrize(
    ("fresh", "is_worse"),
    [
        (changed(), False),
        (changed(severity=Severity.CRITICAL), True),
        (changed(severity=Severity.WARNING), False),
        (changed(verdict="confirmed"), True),
        (changed(verdict="inconclusive"), False),
        (changed(services=("api", "frontend", "mysql")), True),
        (changed(services=("api",)), False),
        (changed(pods=500, members=90, confidence=0.74), False),
    ],
)
def test_what_is_graver_surer_or_wider_is_an_escalation(fresh: Summary, is_worse: bool) -> None:
    assert is_escalation(fresh, TOLD) is is_worse


def test_confirmed_once_is_no_escalation_again() -> None:
    assert not is_escalation(changed(verdict="confirmed"), changed(verdict="confirmed"))


def test_a_result_is_summed_up_whoever_told_it() -> None:
    result = CorrelationResult(
        id="i", fingerprint="f", revision=1, status="open", reason="first_told", type="cascading_failure", severity="high",
        verdict="likely", confidence=0.6, root_cause="mysql-0 OOM at 10:00:00",
        cause=Cause("default/Pod/shop/mysql-0", "default/Deployment/shop/mysql", "kernel.oom", time="2026-01-05T10:00:00.000Z"),
        impact=Impact(services=["mysql", "api"], pods=10), members=[Member("e", "c")] * 3,
    )  # fmt: skip
    assert summary_of_result(result) == TOLD
    assert summary_of_result(msgspec.structs.replace(result, severity="unheard of")).severity is Severity.WARNING
