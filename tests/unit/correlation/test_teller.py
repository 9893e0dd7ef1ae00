"""The teller: one id per incident, revisions with reasons, hysteresis, and alerts when somebody must know."""

from typing import Any

import msgspec
import pytest
from tests.unit.correlation.making import vertex

from headwater.correlation.judgement import Finding
from headwater.correlation.limits import QUIET_BEFORE_RESOLVED, WATERMARK_DELAY, Settings
from headwater.correlation.teller import ROOT_HOLD, Instant, Teller
from headwater.correlation.told import REVISION_REFILL, REVISIONS_FREE
from headwater.correlation.vertices import Vertex
from headwater.model.effects import PublishResult
from headwater.model.results import Alternative, Cause, CorrelationResult, Impact, Member, decode_result
from headwater.model.severity import Severity
from headwater.model.times import format_time
from headwater.testing.bare_objects import instant

MYSQL = "Pod/mysql-0"
API = vertex(0, "svc.timeout", "Service/api", "Service/mysql")
OOM = vertex(-15, "kernel.oom", MYSQL)
WEB = vertex(100, "svc.5xx", "Service/web", "Service/api")


@pytest.fixture(autouse=True)
def _untold() -> None:
    """Each test begins with vertices that were never told of."""
    for each in (API, OOM, WEB, SLOW):
        for one in each.occurrences:
            one.told_in = ""


def finding(
    *vertices: Vertex, root: Vertex | None = None, share: float = 0.9, may_be_told: bool = True, services: tuple[str, ...] = ("api",),
    pods: int = 3, last: float = 0, rival: tuple[Vertex, float] | None = None, **what: Any,
) -> Finding:  # fmt: skip
    """A finding about these vertices; the first is its root unless said otherwise."""
    members = list(vertices) or [API]
    root = root or members[0]
    judged: dict[str, Any] = {"type": "oom_kill", "severity": "high", "verdict": "likely", "confidence": 0.7} | what
    result = CorrelationResult(
        id="", fingerprint="f", revision=0, status="", reason="", **judged,
        root_cause="", cause=Cause(str(root.entity), str(root.unit), root.key.symptom_class),
        impact=Impact(services=list(services), pods=pods), members=[Member(str(each.entity), each.key.symptom_class) for each in members],
        alternatives=[Alternative(str(rival[0].entity), rival[0].key.symptom_class, rival[1])] if rival else [],
        last_seen=format_time(instant(last)),
    )  # fmt: skip
    return Finding(result, members, root, Severity.HIGH, share, may_be_told, members[0].first, instant(last))


def at(second: float, *, watermark: float | None = None, position: int = 1) -> Instant:
    return Instant(instant(second), instant(second) - WATERMARK_DELAY if watermark is None else instant(watermark), position)


class Telling:
    """A teller and what it said."""

    def __init__(self) -> None:
        self.teller = Teller(Settings())
        self.said: list[PublishResult] = []

    def of(
        self, *findings: Finding, now: Instant | None = None, is_late: bool = False, is_final: bool = False
    ) -> list[tuple[str, str, int]]:
        effects = self.teller.tell(list(findings), now or at(1), is_late=is_late, is_final=is_final)
        self.said += effects
        return [(effect.result.reason, effect.result.status, effect.result.revision) for effect in effects]

    @property
    def last(self) -> CorrelationResult:
        return self.said[-1].result


def test_what_may_not_be_told_is_not_told() -> None:
    assert Telling().of(finding(may_be_told=False)) == []


def test_the_first_telling_says_when_it_was_detected_and_how_long_that_took() -> None:
    telling = Telling()
    assert telling.of(finding(API), now=at(12, position=77)) == [("first_told", "open", 1)]
    result = telling.last
    assert (result.supersedes, result.final, result.late) == (0, False, False)
    assert (result.detected_at, result.detection_delay_ms) == (format_time(instant(12)), 12_000)
    assert result.engine.input == "77"
    assert decode_result(telling.said[0].body) == result


def test_nothing_new_is_not_told_again() -> None:
    telling = Telling()
    telling.of(finding(API))
    assert telling.of(finding(API), now=at(2)) == []


def test_each_revision_replaces_the_one_before_and_keeps_the_id() -> None:
    telling = Telling()
    telling.of(finding(API))
    assert telling.of(finding(OOM, API), is_late=True) == [("root_changed", "open", 2)]
    assert telling.of(finding(OOM, API, WEB)) == [("new_evidence", "open", 3)]
    first, second, third = (effect.result for effect in telling.said)
    assert first.id == second.id == third.id
    assert [result.supersedes for result in (first, second, third)] == [0, 1, 2]
    assert [result.late for result in (first, second, third)] == [False, True, False]
    assert first.detected_at == third.detected_at


def test_the_anchor_is_the_earliest_observation_when_it_is_first_told() -> None:
    early_cause, late_cause = Telling(), Telling()
    early_cause.of(finding(OOM, API))
    late_cause.of(finding(API))
    late_cause.of(finding(OOM, API))
    assert early_cause.last.id != late_cause.last.id


def test_two_findings_are_two_incidents() -> None:
    telling = Telling()
    assert telling.of(finding(API), finding(WEB)) == [("first_told", "open", 1), ("first_told", "open", 1)]
    assert telling.said[0].result.id != telling.said[1].result.id


def test_of_two_told_incidents_that_are_one_the_first_told_survives() -> None:
    telling = Telling()
    telling.of(finding(WEB))
    telling.of(finding(API))
    web, api = (effect.result.id for effect in telling.said)
    assert telling.of(finding(OOM, API, WEB)) == [("merged", "merged", 2), ("root_changed", "open", 2)]
    merged, survivor = (effect.result for effect in telling.said[-2:])
    assert (merged.id, merged.merged_into, survivor.id) == (api, web, web)
    assert telling.of(finding(OOM, API, WEB, may_be_told=True)) == []


def test_a_part_that_holds_no_anchor_is_new_and_says_what_it_split_from() -> None:
    telling = Telling()
    telling.of(finding(API, WEB, root=WEB))
    assert sorted(telling.of(finding(API), finding(WEB), now=at(200))) == [("root_changed", "open", 2), ("split", "open", 1)]
    whole, part = sorted((effect.result for effect in telling.said[-2:]), key=lambda result: -result.revision)
    assert part.split_from == whole.id != part.id


def test_what_proves_to_be_too_little_is_taken_back_and_may_come_again() -> None:
    telling = Telling()
    telling.of(finding(API))
    assert telling.of(finding(API, may_be_told=False)) == [("retracted", "retracted", 2)]
    assert telling.of(finding(API, may_be_told=False)) == []
    assert telling.of(finding(API)) == [("reopened", "open", 3)]


def test_after_five_quiet_minutes_an_incident_is_resolved_once() -> None:
    telling = Telling()
    telling.of(finding(API, last=10))
    due = instant(10) + QUIET_BEFORE_RESOLVED
    assert telling.teller.next_resolution() == due
    assert telling.teller.resolve_quiet(Instant(due, due - 1, 5)) == []
    (resolved,) = telling.teller.resolve_quiet(Instant(due, due, 5))
    assert (resolved.result.reason, resolved.result.status, resolved.result.revision) == ("resolved", "resolved", 2)
    assert telling.teller.next_resolution() is None
    assert telling.teller.resolve_quiet(Instant(due, due, 5)) == []


def test_what_goes_on_after_it_was_resolved_is_opened_again() -> None:
    telling = Telling()
    telling.of(finding(API))
    telling.teller.resolve_quiet(at(400))
    assert telling.of(finding(API, last=390), now=at(402)) == [("reopened", "open", 3)]


def test_what_is_learned_of_quiet_times_reopens_nothing() -> None:
    telling = Telling()
    telling.of(finding(API))
    telling.teller.resolve_quiet(at(400))
    assert telling.of(finding(OOM, API), now=at(420)) == [("root_changed", "resolved", 3)]


def test_nothing_follows_the_final_revision() -> None:
    telling = Telling()
    telling.of(finding(API))
    assert telling.of(finding(API), now=at(3_000), is_final=True) == [("final", "resolved", 2)]
    assert telling.last.final
    assert telling.of(finding(OOM, API), now=at(3_001)) == []
    assert telling.teller.next_resolution() is None


def test_what_was_never_told_may_be_told_finally_at_once() -> None:
    telling = Telling()
    assert telling.of(finding(API), now=at(3_000), is_final=True) == [("first_told", "resolved", 1)]
    assert telling.last.final


def test_the_same_fault_after_the_final_revision_says_what_it_repeats() -> None:
    telling = Telling()
    telling.of(finding(OOM), now=at(3_000), is_final=True)
    again = vertex(4_000, "kernel.oom", MYSQL)
    assert telling.of(finding(again, last=4_000), now=at(4_001)) == [("first_told", "open", 1)]
    assert telling.last.recurrence_of == telling.said[0].result.id != telling.last.id


# Hysteresis: a root that hardly leads.

SLOW = vertex(-10, "svc.latency", "Service/mysql")


def test_a_root_that_explains_much_more_is_told_at_once() -> None:
    telling = Telling()
    telling.of(finding(SLOW, API))
    assert telling.of(finding(OOM, SLOW, API, share=0.6, rival=(SLOW, 0.4))) == [("root_changed", "open", 2)]


def test_a_root_that_hardly_leads_must_hold_for_a_while() -> None:
    telling = Telling()
    telling.of(finding(SLOW, API))
    close = finding(OOM, SLOW, API, share=0.5, rival=(SLOW, 0.48))
    assert telling.of(close, now=at(2)) == []
    (told,) = telling.teller.memory.open_incidents()
    assert told.due_at == instant(2) + ROOT_HOLD
    assert telling.of(close, now=at(4)) == []
    assert told.due_at == instant(2) + ROOT_HOLD
    assert telling.of(close, now=at(7)) == [("root_changed", "open", 2)]
    assert (told.due_at, told.held_root) == (0, "")


def test_a_root_that_does_not_hold_is_never_told() -> None:
    telling = Telling()
    telling.of(finding(SLOW, API))
    assert telling.of(finding(OOM, SLOW, API, share=0.5, rival=(SLOW, 0.48)), now=at(2)) == []
    assert telling.of(finding(SLOW, API), now=at(4)) == []
    (told,) = telling.teller.memory.open_incidents()
    assert (told.due_at, told.held_root) == (0, "")


def test_another_close_root_begins_to_hold_anew() -> None:
    telling = Telling()
    telling.of(finding(SLOW, API))
    other = vertex(-12, "node.notready", "Node/n")
    assert telling.of(finding(OOM, SLOW, API, share=0.5, rival=(SLOW, 0.48)), now=at(2)) == []
    assert telling.of(finding(other, SLOW, API, share=0.5, rival=(SLOW, 0.48)), now=at(6)) == []
    assert telling.of(finding(other, SLOW, API, share=0.5, rival=(SLOW, 0.48)), now=at(8)) == []
    assert telling.of(finding(other, SLOW, API, share=0.5, rival=(SLOW, 0.48)), now=at(11)) == [("root_changed", "open", 2)]


def test_a_close_root_with_a_new_type_or_of_the_same_unit_is_told_at_once() -> None:
    telling = Telling()
    telling.of(finding(SLOW, API))
    rival, named = (SLOW, 0.48), "cascading_failure"
    assert telling.of(finding(OOM, SLOW, API, share=0.5, rival=rival, type=named)) == [("root_changed", "open", 2)]
    same_unit = vertex(-14, "pod.restart", MYSQL)
    assert telling.of(finding(same_unit, SLOW, API, share=0.5, rival=rival, type=named)) == [("root_changed", "open", 3)]


def test_a_held_root_that_is_gone_does_not_ask_for_the_past_again_and_again() -> None:
    telling = Telling()
    telling.of(finding(SLOW, API))
    (told,) = telling.teller.memory.open_incidents()
    told.allowance = 0
    assert telling.of(finding(OOM, SLOW, API, share=0.5, rival=(SLOW, 0.48)), now=at(2)) == []
    assert telling.of(finding(SLOW, API, WEB), now=at(2.5)) == []
    assert told.held_root == ""
    assert told.due_at > instant(2.5)


# Allowance: lesser news of an incident that says much.


def test_lesser_news_waits_when_much_was_said_and_weighty_news_does_not() -> None:
    telling = Telling()
    telling.of(finding(API))
    counts = [len(telling.of(finding(API, pods=10**n), now=at(1.5))) for n in range(1, 12)]
    assert counts == [1] * REVISIONS_FREE + [0] * (11 - REVISIONS_FREE)
    (told,) = telling.teller.memory.open_incidents()
    assert told.due_at == instant(1.5) + REVISION_REFILL
    assert telling.of(finding(OOM, API, pods=1), now=at(1.6))[0][0] == "root_changed"
    assert telling.of(finding(OOM, API, pods=50), now=at(60)) == [("impact_changed", "open", REVISIONS_FREE + 3)]


# Alerts.


def alerts(telling: Telling) -> list[bool]:
    return [effect.is_alert for effect in telling.said]


@pytest.mark.parametrize("what", [{"severity": "warning"}, {"verdict": "inconclusive"}, {"confidence": 0.59}])
def test_nobody_is_called_for_what_is_slight_or_unsure(what: dict[str, Any]) -> None:
    telling = Telling()
    telling.of(finding(API, **what))
    assert alerts(telling) == [False]


def test_somebody_is_called_when_it_first_holds_and_not_for_lesser_news() -> None:
    telling = Telling()
    telling.of(finding(API, confidence=0.5))
    telling.of(finding(API, WEB, confidence=0.65))
    telling.of(finding(API, WEB, confidence=0.65, pods=90))
    assert alerts(telling) == [False, True, False]


@pytest.mark.parametrize("what", [{"severity": "critical"}, {"verdict": "confirmed"}, {"services": ("api", "web")}])
def test_somebody_is_called_again_when_it_gets_worse(what: dict[str, Any]) -> None:
    telling = Telling()
    telling.of(finding(API))
    telling.of(finding(API, **what))
    telling.of(finding(API, WEB, **what))
    assert alerts(telling) == [True, True, False]


def test_somebody_is_called_when_the_root_changes_the_incident_ends_or_is_taken_back() -> None:
    telling = Telling()
    telling.of(finding(API))
    telling.of(finding(OOM, API))
    telling.said += telling.teller.resolve_quiet(at(400))
    telling.of(finding(OOM, API), now=at(3_000), is_final=True)
    assert [(effect.result.reason, effect.is_alert) for effect in telling.said] == [
        ("first_told", True), ("root_changed", True), ("resolved", True), ("final", False),
    ]  # fmt: skip
    other = Telling()
    other.of(finding(API))
    other.of(finding(API, may_be_told=False))
    assert alerts(other) == [True, True]


def test_nobody_who_was_not_called_hears_of_the_end() -> None:
    telling = Telling()
    telling.of(finding(API, severity="warning"))
    telling.said += telling.teller.resolve_quiet(at(400))
    assert alerts(telling) == [False, False]


def test_the_threshold_is_configured() -> None:
    teller = Teller(Settings(alert_confidence_min=0.9))
    (effect,) = teller.tell([finding(API, confidence=0.89)], at(1), is_late=False)
    assert not effect.is_alert


def test_a_result_and_its_alert_share_a_body_and_no_message_id() -> None:
    telling = Telling()
    telling.of(finding(API))
    (effect,) = telling.said
    assert effect.message_id("result") != effect.message_id("alert")
    assert effect.message_id("result").startswith(f"{effect.result.id}.1.result.")
    assert msgspec.json.decode(effect.body)["id"] == effect.result.id
