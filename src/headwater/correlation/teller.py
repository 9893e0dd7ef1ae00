"""The teller: gives findings their ids and revisions, and decides what is said, when, and whether it is an alert."""

from collections.abc import Iterable

import msgspec

from headwater.correlation.judgement import Finding
from headwater.correlation.limits import QUIET_BEFORE_RESOLVED, Settings
from headwater.correlation.told import REVISION_REFILL, Anchor, Told, ToldMemory, anchor_on_the_wire, incident_id
from headwater.correlation.verdict import (
    LESSER_REASONS,
    SHARE_ADVANTAGE_MIN,
    Reason,
    Summary,
    deserves_alert,
    is_escalation,
    reason_to_tell,
    summary_of,
    summary_of_result,
)
from headwater.correlation.vertices import Vertex
from headwater.model.effects import PublishResult
from headwater.model.results import CorrelationResult, EngineInfo, encode_result
from headwater.model.times import format_time, parse_time, seconds

ROOT_HOLD = seconds(5)
"""A new root that hardly explains more than the old one must hold for so long before it is told."""

OPEN, RESOLVED, MERGED, RETRACTED = "open", "resolved", "merged", "retracted"


class Instant(msgspec.Struct, frozen=True):
    """When something is told."""

    received_at: int
    watermark: int
    position: int


class Teller:
    """Owns what was told."""

    def __init__(self, settings: Settings) -> None:
        self.memory = ToldMemory(settings.limits.incidents_told_max)
        self.order = 0
        self._settings = settings

    def remember(self, results: Iterable[CorrelationResult], position: int) -> None:
        """
        Take over what an earlier run told last, by incident, the one told first first.

        Up to the place in the log where that run stood all was told that was to be told, so nothing is said before it.
        """
        for result in sorted(results, key=lambda result: (result.detected_at, result.id)):
            told = self.memory.get(result.id)
            if told is None:
                self.memory.publish_earlier(self.order, result)
                self.order += 1
            elif result.revision > told.revision:
                self._take_over(told, result)
            self.memory.replay_until = max(self.memory.replay_until, _input_of(result))
        if self.memory.replay_until <= position:
            self.memory.replay_until = 0

    def holds(self, component: Iterable[Vertex]) -> bool:
        """Whether anything told may go on in these vertices; else a finding that must not be told changes nothing."""
        return any(self.memory.is_anchored_at(occurrence.key) for vertex in component for occurrence in vertex.occurrences)

    def tell(self, findings: list[Finding], now: Instant, *, is_late: bool, is_final: bool = False) -> list[PublishResult]:
        """The revisions that the findings of one component call for."""
        effects: list[PublishResult] = []
        for finding in sorted(findings, key=lambda found: found.vertices[0].sort_key):
            holders = self._holders(finding, now)
            if holders:
                survivor, *others = holders
                ended = [other for other in others if other.status != MERGED and not other.is_final and not _is_silent(other, now)]
                effects += [self._end(other, MERGED, Reason.MERGED, now, merged_into=survivor.id) for other in ended]
                effects += self._continue(survivor, finding, now, is_late=is_late, is_final=is_final)
            elif finding.may_be_told and (is_final or now.position >= self.memory.replay_until):
                effects.append(self._first(finding, now, is_late=is_late, is_final=is_final))
        self.memory.note_change()
        return effects

    def resolve_quiet(self, now: Instant) -> list[PublishResult]:
        """Resolve incidents that have been quiet for long enough."""
        effects = [
            self._say(told, told.result, Reason.RESOLVED, now, status=RESOLVED, must_alert=told.alerted is not None)
            for told in self.memory.open_incidents()
            if told.status == OPEN and now.watermark >= told.last + QUIET_BEFORE_RESOLVED and not _is_silent(told, now)
        ]
        self.memory.note_change()
        return effects

    def next_resolution(self) -> int | None:
        """The instant of the watermark at which the next incident resolves."""
        quiet_since = self.memory.waits().quiet_since
        return None if quiet_since is None else quiet_since + QUIET_BEFORE_RESOLVED

    def _holders(self, finding: Finding, now: Instant) -> list[Told]:
        held: dict[str, Told] = {}
        for vertex in finding.vertices:
            for occurrence in vertex.occurrences:
                for anchor, identifier in self.memory.published_at(occurrence.key):
                    if occurrence.holds(anchor.key, anchor.occurred_at):
                        self._resume(identifier, anchor)
                for told in self.memory.anchored_at(occurrence.key):
                    is_candidate = told.status != MERGED or _is_silent(told, now)
                    if is_candidate and occurrence.holds(told.anchor.key, told.anchor.occurred_at):
                        held[told.id] = told
        return sorted(held.values(), key=lambda told: told.order)

    def _first(self, finding: Finding, now: Instant, *, is_late: bool, is_final: bool) -> PublishResult:
        earliest = min(
            (occurrence for vertex in finding.vertices for occurrence in vertex.occurrences),
            key=lambda occurrence: (occurrence.earliest, occurrence.key.sort_key),
        )
        anchor = Anchor(earliest.key, earliest.earliest.occurred_at, earliest.earliest.observation)
        identifier = incident_id(self._settings.domain, anchor)
        split_from = next((o.told_in for v in finding.vertices for o in v.occurrences if o.told_in and o.told_in != identifier), "")
        told = self.memory.get(identifier)
        if told is None:
            summary = summary_of(finding)
            told = Told(
                id=identifier, anchor=anchor, order=self.order, summary=summary, result=finding.result, revision=0, status=OPEN,
                last=finding.last, detected_at=now.received_at, allowance_at=now.received_at,
                recurrence_of=self.memory.recurrence(summary.root, finding.first),
            )  # fmt: skip
            self.order += 1
            self.memory.add(told)
        told.split_from = split_from
        reason = Reason.SPLIT if split_from else Reason.FIRST_TOLD
        return self._say_finding(told, finding, reason, now, is_late=is_late, is_final=is_final)

    def _resume(self, identifier: str, anchor: Anchor) -> None:
        """Go on with an incident that an earlier run told."""
        order, result = self.memory.published.pop(identifier)
        told = Told(
            id=identifier, anchor=anchor, order=order, summary=summary_of_result(result), result=result, revision=0, status=OPEN,
            last=0, detected_at=parse_time(result.detected_at),
        )  # fmt: skip
        self._take_over(told, result)
        self.memory.add(told)

    def _take_over(self, told: Told, result: CorrelationResult) -> None:
        summary = summary_of_result(result)
        told.summary, told.result, told.revision, told.status = summary, result, result.revision, result.status
        told.last, told.is_final = parse_time(result.last_seen), result.final
        told.split_from, told.recurrence_of = result.split_from, result.recurrence_of
        if deserves_alert(summary, confidence_min=self._settings.alert_confidence_min):
            told.alerted = summary
        told.due_at, told.held_root = 0, ""
        self.memory.note_change()
        told.silent_until = _input_of(result)

    def _continue(self, told: Told, finding: Finding, now: Instant, *, is_late: bool, is_final: bool) -> list[PublishResult]:
        if told.is_final:
            return []
        told.awaited_until = finding.awaited_until or 0
        if _is_silent(told, now) and not is_final:
            _mark_members(told, finding)
            return []
        if not finding.may_be_told:
            if told.status == RETRACTED:
                return []
            return [self._end(told, RETRACTED, Reason.RETRACTED, now)]
        was_quiet = told.status == RESOLVED and now.watermark >= finding.last + QUIET_BEFORE_RESOLVED
        if is_final:
            return [self._say_finding(told, finding, Reason.FINAL, now, is_late=is_late, is_final=True)]
        fresh = summary_of(finding)
        if told.status != OPEN and not was_quiet and (told.status == RETRACTED or finding.last > told.last):
            return [self._say_finding(told, finding, Reason.REOPENED, now, is_late=is_late)]
        told.last = finding.last
        reason = reason_to_tell(fresh, told.summary)
        if reason is None:
            told.due_at, told.held_root = 0, ""
            return []
        if not self._may_say(told, fresh, reason, finding, now):
            return []
        return [self._say_finding(told, finding, reason, now, is_late=is_late)]

    def _may_say(self, told: Told, fresh: Summary, reason: Reason, finding: Finding, now: Instant) -> bool:
        """Hold back a root that hardly leads, and lesser news of an incident that said much lately."""
        if reason is Reason.ROOT_CHANGED and fresh.unit != told.summary.unit:
            old_share = next((a.share for a in finding.result.alternatives if a.entity == told.result.cause.entity), 0.0)
            leads = finding.share > SHARE_ADVANTAGE_MIN * old_share or fresh.type != told.summary.type
            if not leads and (told.held_root != fresh.root or now.received_at < told.due_at):
                if told.held_root != fresh.root:
                    told.held_root, told.due_at = fresh.root, now.received_at + ROOT_HOLD
                return False
        if reason is not Reason.ROOT_CHANGED and told.held_root:
            # The old root is back: the instant for which the new one was held is no longer waited for.
            told.held_root, told.due_at = "", 0
        if reason in LESSER_REASONS and not told.spend(now.received_at):
            told.due_at = told.due_at or now.received_at + REVISION_REFILL
            return False
        return True

    def _say_finding(
        self, told: Told, finding: Finding, reason: Reason, now: Instant, *, is_late: bool, is_final: bool = False
    ) -> PublishResult:
        fresh = summary_of(finding)
        root_changed = fresh.root != told.summary.root
        told.summary, told.last = fresh, finding.last
        told.due_at, told.held_root, told.awaited_until = 0, "", finding.awaited_until or 0
        _mark_members(told, finding)
        is_quiet = now.watermark >= finding.last + QUIET_BEFORE_RESOLVED
        alert = self._alert(told, fresh, root_changed=root_changed)
        if is_final:
            told.is_final = True
            self.memory.remember_end(told, finding.last)
        return self._say(
            told, finding.result, reason, now, status=RESOLVED if is_quiet else OPEN, must_alert=alert, is_late=is_late
        )  # fmt: skip

    def _alert(self, told: Told, fresh: Summary, *, root_changed: bool) -> bool:
        if not deserves_alert(fresh, confidence_min=self._settings.alert_confidence_min):
            return False
        is_news = told.alerted is None or root_changed or is_escalation(fresh, told.alerted)
        if is_news:
            told.alerted = fresh
        return is_news

    def _end(self, told: Told, status: str, reason: Reason, now: Instant, *, merged_into: str = "") -> PublishResult:
        return self._say(told, told.result, reason, now, status=status, must_alert=told.alerted is not None, merged_into=merged_into)

    def _say(
        self, told: Told, finding: CorrelationResult, reason: Reason, now: Instant, *, status: str, must_alert: bool,
        is_late: bool = False, merged_into: str = "",
    ) -> PublishResult:  # fmt: skip
        told.revision += 1
        told.status = status
        first_seen = told.anchor.occurred_at
        result = msgspec.structs.replace(
            finding,
            id=told.id,
            revision=told.revision,
            supersedes=told.revision - 1,
            status=status,
            reason=reason.value,
            final=told.is_final,
            late=is_late,
            merged_into=merged_into,
            split_from=told.split_from,
            recurrence_of=told.recurrence_of,
            detected_at=format_time(told.detected_at),
            detection_delay_ms=max(0, (told.detected_at - first_seen) // 1_000_000),
            anchor=anchor_on_the_wire(told.anchor),
            engine=EngineInfo(version=finding.engine.version, rules=finding.engine.rules, input=str(now.position)),
        )
        told.result = result
        return PublishResult(result=result, body=encode_result(result), is_alert=must_alert)


def _is_silent(told: Told, now: Instant) -> bool:
    """Whether the log is still before the place at which an earlier run told this."""
    return now.position < told.silent_until


def _input_of(result: CorrelationResult) -> int:
    return int(result.engine.input) if result.engine.input.isdecimal() else 0


def _mark_members(told: Told, finding: Finding) -> None:
    for vertex in finding.vertices:
        for occurrence in vertex.occurrences:
            occurrence.told_in = told.id
