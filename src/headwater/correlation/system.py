"""
CorrelationSystem: inputs in, effects out; the only owner of mutable state.

Effects are a function of the sequence of inputs; final findings of the set of admitted ones. Nothing here reads a clock, rolls dice,
logs, or performs anything.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import assert_never

import msgspec

from headwater.correlation.calls import CallLearner
from headwater.correlation.event_clock import EventClock
from headwater.correlation.evidence_graph import EvidenceGraph
from headwater.correlation.glance import may_be_told
from headwater.correlation.intake import Admitted, Intake
from headwater.correlation.judgement import FINALLY, judge
from headwater.correlation.knowledge import Knowledge
from headwater.correlation.limits import HORIZON, QUIET_BEFORE_RESOLVED, WATERMARK_DELAY, Settings
from headwater.correlation.novelty import Novelty
from headwater.correlation.occurrences import Occurrence, OccurrenceStore
from headwater.correlation.state import SCHEMA_VERSION, State, decode_state, encode_state
from headwater.correlation.teller import Instant, Teller
from headwater.correlation.vertices import Vertex
from headwater.model.effects import Effect, PublishRejected, PublishResult, RejectionReason
from headwater.model.entities import Entity, Reference
from headwater.model.errors import InvalidEventError
from headwater.model.events import check_symptomatic
from headwater.model.inputs import EventObserved, Input, TimePassed, TopologyObserved
from headwater.model.objects import decode_object_version
from headwater.model.relations import Relation
from headwater.model.results import CorrelationResult
from headwater.model.symptoms import Symptom
from headwater.model.times import seconds
from headwater.topology.changes import TopologyChange
from headwater.topology.graph import TopologyGraph
from headwater.topology.loader import K8sRelationshipLoader

TOUCHED_DELAY = seconds(0.5)
"""Where only counts and last times changed, an incident is judged again after this time."""

SWEEP_INTERVAL = seconds(60)
"""Of the event clock: how often what can no longer change is told finally and forgotten."""

TOPOLOGY_KEPT = seconds(86_400)

COUNTERS = (
    "events", "events_healthy", "events_rejected", "symptoms", "trace_disagreements", "topology_versions", "judgements",
    "results", "alerts", "occurrences_forgotten",
)  # fmt: skip


class CorrelationSystem:
    """One correlation domain."""

    def __init__(self, knowledge: Knowledge, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.counters: dict[str, int] = dict.fromkeys(COUNTERS, 0)
        self.position = 0
        self.clock = EventClock()
        self._knowledge = knowledge
        self._intake = Intake(self.clock, self.counters)
        self._teller = Teller(self.settings)
        self._store = OccurrenceStore()
        self._touched: OrderedDict[Occurrence, int] = OrderedDict()  # to the received time at which it is judged, the next first
        self._limits_hit: dict[str, int] = {}  # to the event clock
        self._next_sweep = 0
        self._novelty = Novelty(knowledge.catalogue.recoveries)
        # Where no rule walks the call graph, a call learned changes no finding.
        self._judges_by_calls = knowledge.rules.reads(Relation.CALLED_BY)
        self._start(TopologyGraph())

    def _start(self, topology: TopologyGraph) -> None:
        limits = self.settings.limits
        self.topology = topology
        self._calls = CallLearner(topology, limits.spans_remembered_max)
        self._graph = EvidenceGraph(
            catalogue=self._knowledge.catalogue, rules=self._knowledge.rules, topology=topology, limits=limits, reach=self._knowledge.reach,
            is_background=self._novelty.is_background,
        )  # fmt: skip

    def handle(self, item: Input) -> list[Effect]:
        """Take one input; return what must be done about it."""
        return self.handle_batch((item,))

    def handle_batch(self, items: Iterable[Input]) -> list[Effect]:
        """Take inputs in their order and judge once; the final findings cannot tell."""
        effects: list[Effect] = []
        changed: dict[Occurrence, None] = {}
        late: dict[Occurrence, None] = {}
        gone: dict[Occurrence, None] = {}
        entities: dict[Entity, None] = {}
        references: dict[Reference, None] = {}
        learned: list[TopologyChange] = []
        for item in items:
            match item:
                case EventObserved():
                    self.counters["events"] += 1
                    self.position = max(self.position, item.sequence)
                    admitted = self._intake.admit(item)
                    if isinstance(admitted, PublishRejected):
                        effects.append(admitted)
                        continue
                    self._novelty.base_rates.note(admitted.occurred_at)
                    symptoms = self._knowledge.catalogue.symptoms_of(
                        admitted.head, admitted.data, occurred_at=admitted.occurred_at, trace_id=admitted.trace_id
                    )
                    self._learn_calls(admitted, learned)
                    if admitted.head.kubernetes is not None:
                        self._learn_recovery(admitted)
                    if not symptoms:
                        self.counters["events_healthy"] += 1
                        continue
                    refused = self._check(item, admitted)
                    if refused is not None:
                        effects.append(refused)
                        continue
                    self._learn_context(admitted, learned)
                    for symptom in symptoms:
                        self._fold(symptom, changed, gone, late if admitted.is_late else None)
                case TopologyObserved():
                    effects += self._observe_topology(item, learned)
                case TimePassed():
                    self.clock.pass_time(item.received_at)
                case _:
                    assert_never(item)
        for change in learned:
            entities.update(dict.fromkeys(change.entities))
            references.update(dict.fromkeys(change.references))
        if changed or gone or entities or references:
            self._graph.update(changed=changed, gone=gone, entities=entities, references=references)
        effects += self._judge_due(late)
        return effects

    def next_wakeup(self) -> int | None:
        """The received time, in nanoseconds, at which the system wants to be told that time passed; None if nothing is pending."""
        due = [next(iter(self._touched.values()))] if self._touched else []
        waits = self._teller.memory.waits()
        if waits.due_at is not None:
            due.append(waits.due_at)
        if waits.awaited_until is not None:
            due.append(self.clock.received_when(waits.awaited_until + WATERMARK_DELAY + 1))
        resolution = self._teller.next_resolution()
        if resolution is not None:
            due.append(self.clock.received_when(resolution + WATERMARK_DELAY))
        if len(self._store):
            due.append(self.clock.received_when(self._next_sweep))
        return min(due, default=None)

    def snapshot(self) -> bytes:
        """The state, without what can be derived from it."""
        occurrences = sorted(self._store, key=lambda occurrence: occurrence.sort_key)
        place = {occurrence: index for index, occurrence in enumerate(occurrences)}
        return encode_state(
            State(
                schema=SCHEMA_VERSION,
                position=self.position,
                clock=self.clock,
                counters=self.counters,
                occurrences=occurrences,
                touched={place[occurrence]: due for occurrence, due in self._touched.items() if occurrence in place},
                limits_hit=self._limits_hit,
                next_sweep=self._next_sweep,
                told=self._teller.memory.all_incidents(),
                told_order=self._teller.order,
                recurrences=self._teller.memory.recurrences(),
                published=[self._teller.memory.published[key] for key in sorted(self._teller.memory.published)],
                replay_until=self._teller.memory.replay_until,
                topology=self.topology.snapshot(),
                calls=self._calls.snapshot(),
                learned=self._novelty.snapshot(),
            )
        )

    def remember_published(self, results: Iterable[CorrelationResult]) -> None:
        """Before the log is read on: what an earlier run told last, by incident, so that nothing is told twice."""
        self._teller.remember((result for result in results if result.domain == self.settings.domain), self.position)

    @classmethod
    def restore(cls, snapshot: bytes, knowledge: Knowledge, settings: Settings | None = None) -> "CorrelationSystem":
        """A system that goes on exactly where the snapshot was taken. Raises ValueError where it is none, or of another schema."""
        state = decode_state(snapshot)
        system = cls(knowledge, settings)
        system.position = state.position
        system.clock = state.clock
        system.counters.update(state.counters)
        system._intake = Intake(system.clock, system.counters)
        system._limits_hit, system._next_sweep = state.limits_hit, state.next_sweep
        system._teller.memory.restore(state.told, state.recurrences)
        system._teller.order = state.told_order
        for order, result in state.published:
            system._teller.memory.publish_earlier(order, result)
        system._teller.memory.replay_until = state.replay_until
        system._novelty = Novelty(knowledge.catalogue.recoveries, state.learned)
        system._start(TopologyGraph.restore(state.topology))
        system._calls.restore(state.calls)
        system._store.restore(state.occurrences)
        system._touched = OrderedDict((state.occurrences[index], due) for index, due in sorted(state.touched.items(), key=itemgetter(1)))
        system._graph.update(changed=state.occurrences)
        # What was dirty had been judged before the snapshot was taken.
        system._graph.dirty.clear()
        system._graph.touched.clear()
        return system

    def _check(self, item: EventObserved, admitted: Admitted) -> PublishRejected | None:
        try:
            check_symptomatic(admitted.data)
        except InvalidEventError as error:
            return self._intake.refused(item, error.reason, error.detail)
        return None

    def _learn_calls(self, admitted: Admitted, learned: list[TopologyChange]) -> None:
        call = self._knowledge.catalogue.call_of(admitted.head)
        if call is not None:
            change = self._calls.call(*call, admitted.occurred_at, admitted.head.id)
            if change is not None and self._judges_by_calls:
                learned.append(change)
        # A span that names its peer says all that joining it with its children would.
        elif admitted.head.trace_context is not None and admitted.head.attributes:
            changes = self._calls.join_span(admitted.head, admitted.occurred_at)
            if self._judges_by_calls:
                learned += changes

    def _learn_recovery(self, admitted: Admitted) -> None:
        for recovery, about in self._knowledge.catalogue.recoveries.told_by(admitted.head):
            if self._novelty.recoveries.note(recovery, about, admitted.occurred_at):
                for occurrence in self._graph.naming(about):
                    if occurrence.key.symptom_class in recovery.concerns:
                        self._mark(occurrence)

    def _learn_context(self, admitted: Admitted, learned: list[TopologyChange]) -> None:
        if admitted.head.k8s_context is None:
            return
        versions = K8sRelationshipLoader.from_context(admitted.head, admitted.occurred_at)
        learned += [self.topology.observe_context(version, said_at=admitted.occurred_at) for version in versions]

    def _fold(
        self, symptom: Symptom, changed: dict[Occurrence, None], gone: dict[Occurrence, None], late: dict[Occurrence, None] | None
    ) -> None:
        self.counters["symptoms"] += 1
        symptom = self._novelty.learn(symptom)
        symptom_class = self._knowledge.catalogue.classes[symptom.symptom_class]
        # What is asked seldom fails seldom; a change is another each time.
        change = self._store.fold(symptom, symptom_class.gap, 0 if symptom_class.is_change else QUIET_BEFORE_RESOLVED)
        for absorbed in change.absorbed:
            changed.pop(absorbed, None)
            self._touched.pop(absorbed, None)
            gone[absorbed] = None
        changed.update(dict.fromkeys(change.resuming))
        if change.has_grown:
            changed[change.occurrence] = None
            if late is not None:
                late[change.occurrence] = None
        if change.is_new and len(self._store) > self.settings.limits.occurrences_max:
            self._forget_oldest(gone, changed)

    def _forget_oldest(self, gone: dict[Occurrence, None], changed: dict[Occurrence, None]) -> None:
        """At the limit: the tenth that ended first goes."""
        limit = self.settings.limits.occurrences_max
        oldest = sorted(self._store, key=lambda occurrence: (occurrence.last, occurrence.sort_key))[: max(1, limit // 10)]
        self._store.forget(oldest)
        for occurrence in oldest:
            gone[occurrence] = None
            changed.pop(occurrence, None)
            self._touched.pop(occurrence, None)
        self.counters["occurrences_forgotten"] += len(oldest)
        self._limits_hit["occurrences"] = self.clock.at

    def _observe_topology(self, item: TopologyObserved, learned: list[TopologyChange]) -> list[Effect]:
        self.counters["topology_versions"] += 1
        try:
            version = decode_object_version(item.data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            detail = f"{error}: publish versions with `headwater topology load`"
            self.counters["events_rejected"] += 1
            return [PublishRejected(RejectionReason.INVALID_TOPOLOGY, detail, "topology", item.sequence, item.received_at, item.data)]
        learned.append(self.topology.observe(version, received_at=item.received_at))
        return []

    def _judge_due(self, late: dict[Occurrence, None]) -> list[Effect]:
        self._note_limits()
        now = Instant(self.clock.received_at, self.clock.watermark, self.position)
        for vertex in self._graph.touched:
            for occurrence in vertex.occurrences[:1]:
                self._touched.setdefault(occurrence, now.received_at + TOUCHED_DELAY)
        self._graph.touched.clear()
        self._wake(now)
        effects: list[Effect] = list(self._judge_dirty(now, late))
        resolution = self._teller.next_resolution()
        if resolution is not None and now.watermark >= resolution:
            effects += self._count(self._teller.resolve_quiet(now))
        if self.clock.at >= self._next_sweep:
            effects += self._sweep(now)
        return effects

    def _note_limits(self) -> None:
        """Findings say for a while which limit was reached; the counters say how often."""
        for name, reached in (
            ("candidates", self._graph.kubernetes.left_out),
            ("incidents", self._teller.memory.forgotten),
            ("spans", self._calls.forgotten),
            *self._novelty.left_out(),
            ("topology", sum(self.topology.counters.values())),
        ):
            # Asked for every batch, and nearly always of limits that nothing has reached.
            if reached and reached > self.counters.get(key := f"limit_{name}_reached", 0):
                self.counters[key] = reached
                if name != "spans":
                    self._limits_hit[name] = self.clock.at

    def _wake(self, now: Instant) -> None:
        """Mark what waits for this instant as to be judged."""
        while self._touched and next(iter(self._touched.values())) <= now.received_at:
            self._mark(self._touched.popitem(last=False)[0])
        for told in self._teller.memory.take_due(now.received_at, now.watermark):
            found = self._store.find(told.anchor.key, told.anchor.occurred_at)
            if found is not None:
                self._mark(found)
            else:
                told.due_at, told.held_root = 0, ""
        if 0 < self._teller.memory.replay_until <= self.position:
            # The log has come to where an earlier run stood: what that run did not live to tell is told now.
            self._teller.memory.replay_until = 0
            self._graph.dirty.update(dict.fromkeys(self._graph.all_vertices()))

    def _mark(self, occurrence: Occurrence) -> None:
        vertex = self._graph.vertex_of(occurrence)
        if vertex is not None:
            self._graph.dirty[vertex] = None

    def _judge_dirty(self, now: Instant, late: dict[Occurrence, None]) -> Sequence[PublishResult]:
        dirty, self._graph.dirty = self._graph.dirty, {}
        effects: list[PublishResult] = []
        for component in self._graph.components(vertex for vertex in dirty if not vertex.is_gone):
            for vertex in component:
                for occurrence in vertex.occurrences[:1]:
                    self._touched.pop(occurrence, None)
            is_late = any(occurrence in late for vertex in component for occurrence in vertex.occurrences) if late else False
            effects += self._judge(component, now, is_late=is_late, is_final=False)
        return effects

    def _judge(self, component: list[Vertex], now: Instant, *, is_late: bool, is_final: bool) -> Sequence[PublishResult]:
        self.counters["judgements"] += 1
        # Most of what happens in a cluster can never be told, and ends here.
        if not self._teller.holds(component) and not may_be_told(component, self._knowledge.patterns, self.topology, self._novelty.news_of):
            return []
        self._novelty.mark_new_lines(component)
        findings = judge(
            component,
            tied=self._graph.tied_by_trace,
            topology=self.topology,
            knowledge=self._knowledge,
            settings=self.settings,
            partial=sorted(self._limits_hit),
            news_of=self._novelty.news_of,
            watermark=FINALLY if is_final else now.watermark,
        )
        return self._count(self._teller.tell(findings, now, is_late=is_late, is_final=is_final))

    def _count(self, effects: list[PublishResult]) -> list[PublishResult]:
        self.counters["results"] += len(effects)
        self.counters["alerts"] += sum(effect.is_alert for effect in effects)
        return effects

    def _sweep(self, now: Instant) -> list[Effect]:
        """Tell finally, then forget, every component that no admitted observation can reach any more."""
        self._next_sweep = self.clock.at + SWEEP_INTERVAL
        horizon = self.clock.at - self._knowledge.reach - HORIZON
        self._novelty.seal(self.clock.at, horizon - HORIZON, lambda about: bool(self._graph.naming(about)))
        effects: list[Effect] = []
        quiet = self._graph.components(vertex for vertex in self._graph.all_vertices() if vertex.last <= horizon)
        ended = [component for component in quiet if all(member.last <= horizon for member in component)]
        for component in ended:
            effects += self._judge(component, now, is_late=False, is_final=True)
        # Only when all are judged: forgetting one makes the vertices of its keys anew, also those of another.
        occurrences = self._graph.forget([vertex for component in ended for vertex in component])
        self._store.forget(occurrences)
        for occurrence in occurrences:
            self._touched.pop(occurrence, None)
        self._graph.dirty.clear()
        self._teller.memory.forget_ended(horizon)
        if not self._teller.memory.replay_until:
            self._teller.memory.forget_published()
        forgotten = self.topology.forget(self.clock.at - TOPOLOGY_KEPT).change
        # What rested on it must not outlive it: a restart would not find it any more.
        if forgotten.entities or forgotten.references:
            self._graph.update(entities=forgotten.entities, references=forgotten.references)
        self._limits_hit = {name: at for name, at in self._limits_hit.items() if at > horizon}
        return effects
