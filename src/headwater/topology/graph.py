"""
The entity graph over time.

Its answers are a pure function of the set of versions, contexts and calls it was told, in whatever order they came.
"""

from collections.abc import Iterable
from typing import Any, Self, TypeVar

from headwater.model.entities import Entity, Reference
from headwater.model.objects import ObjectVersion
from headwater.model.relations import Relation
from headwater.topology import views
from headwater.topology.call_graph import CallGraph, Pair
from headwater.topology.changes import NO_CHANGE, Forgotten, TopologyChange
from headwater.topology.edges import collected
from headwater.topology.hearsay import Hearsay
from headwater.topology.history import History
from headwater.topology.intervals import FOREVER
from headwater.topology.limits import ANSWERS_MAX, CONTEXT_BUCKET, ENTITIES_MAX
from headwater.topology.object_views import checks_of, is_init_container, reads_any
from headwater.topology.records import record_of
from headwater.topology.resolve import resolve
from headwater.topology.snapshots import restore_into, snapshot_of
from headwater.topology.structure import Structure, Touched
from headwater.topology.watched import WatchedReferences

Question = tuple[object, ...]
Answer = TypeVar("Answer")


class TopologyGraph:
    """Who is related to whom, and who is meant by what, as of any instant."""

    def __init__(self) -> None:
        self._structure = Structure()
        self._calls = CallGraph()
        self._hearsay = Hearsay(self._structure.histories)
        self._watched = WatchedReferences()
        self.counters: dict[str, int] = {}
        # Answers between two changes: a cache of pure results, emptied when full and with every change.
        self._resolved: dict[tuple[Reference, int], Entity] = {}
        self._answers: dict[Question, Any] = {}

    # Being told.

    def observe(self, version: ObjectVersion, *, received_at: int | None = None) -> TopologyChange:
        """
        Take an authoritative version; an equal one changes nothing.

        One that was received over 15 minutes after it began to hold holds only from then, so that what was judged stays true. That
        is a function of the message (of when it was stored, not of when it is read), so a restart that reads the topology again
        finds the same. Never late is the first version of an object's life, which holds since the object was made, be it ever so
        long ago: a cluster loaded today existed yesterday. Nor is what is told within 15 minutes of the first thing told of that life:
        a history may be told at once. Nor is one without a beginning, nor one of unknown arrival.
        """
        touched, entity = Touched(), version.entity
        history = self._history(entity, touched)
        if history is None or not history.add(record_of(version, received_at=received_at), version):
            return NO_CHANGE
        self._hearsay.discard(entity)
        self._count("versions_forgotten", history.trim())
        touched.add(self._structure.update(entity))
        return self._changed(touched)

    def observe_context(self, version: ObjectVersion, *, said_at: int) -> TopologyChange:
        """
        Take what an event said of an object at an instant.

        It counts only while the object has no authoritative version, and then always: until it is forgotten, when no event said so
        for long.
        """
        if version.deleted:
            return NO_CHANGE  # an event knows of no end
        history = self._structure.histories.get(version.entity)
        if history is not None and (history.records or history.sayings.knows(version, said_at)):
            return NO_CHANGE
        touched = Touched()
        history = history or self._history(version.entity, touched, said_at)
        if history is None:
            return NO_CHANGE
        self._hearsay.add(version.entity)
        is_news, dropped = history.sayings.add(version, said_at)
        self._count("contexts_dropped", dropped)
        if is_news:
            touched.add(self._structure.update(version.entity))
        return self._changed(touched)

    def observe_call(self, caller: Reference, callee: Reference, *, occurred_at: int, observation: int) -> TopologyChange:
        """Take a span that says that one calls the other."""
        pairs = self._calls.observe((caller, callee), occurred_at, observation, self.counters)
        if not pairs:
            return NO_CHANGE
        touched = Touched()
        for pair in pairs:
            self._relate_call(pair, touched)
        return self._tell(touched)

    def knows_call(self, caller: Reference, callee: Reference, occurred_at: int) -> bool:
        """Whether `observe_call` of this instant would change nothing that can be asked; far cheaper than that."""
        call = self._calls.calls.get((caller, callee))
        return call is not None and call.covers(occurred_at)

    def _history(self, entity: Entity, touched: Touched, said_at: int = FOREVER) -> History | None:
        """The history to add to, None where there are too many entities for another."""
        histories = self._structure.histories
        history = histories.get(entity)
        if history is None:
            if len(histories) >= ENTITIES_MAX and not self._make_room(said_at, touched):
                self._count("entities_refused", 1)
                return None
            history = histories[entity] = History()
        return history

    def _make_room(self, said_at: int, touched: Touched) -> bool:
        """Forget entities that only events mention, none of them in or after the hour of that instant. Returns whether there were any."""
        evicted = self._hearsay.oldest(said_at // CONTEXT_BUCKET * CONTEXT_BUCKET)
        for entity in evicted:
            self._structure.histories[entity].sayings.clear()
            touched.add(self._structure.update(entity))
            self._discard(entity)
        self._count("contexts_evicted", len(evicted))
        return bool(evicted)

    def _discard(self, entity: Entity) -> None:
        self._structure.discard(entity)
        if entity not in self._structure.histories:
            self._hearsay.discard(entity)

    def _count(self, counter: str, amount: int) -> None:
        if amount:
            self.counters[counter] = self.counters.get(counter, 0) + amount

    def _changed(self, touched: Touched) -> TopologyChange:
        """Let the calls follow a change, and tell it."""
        if touched.entities or touched.keys:
            # What a call's ends mean must not be remembered from before.
            self._forget_answers()
        for pair in self._calls.concerned(touched.keys):
            self._relate_call(pair, touched)
        return self._tell(touched)

    def _relate_call(self, pair: Pair, touched: Touched) -> None:
        call = self._calls.calls.get(pair)
        claims = []
        if call is not None and call.is_relation:
            for at in (call.first_at, call.last_at):
                callers, called = (self._services_meant(reference, at) for reference in pair)
                claims += [
                    ((Relation.CALLED_BY, service, caller), call.span) for service in called for caller in callers if service != caller
                ]
        for _relation, service, caller in self._structure.edges.replace(pair, collected(claims)):
            touched.entities.update((service, caller))

    def _services_meant(self, reference: Reference, at: int) -> tuple[Entity, ...]:
        entity = resolve(self._structure, reference, at)
        return views.services_of(self._structure, entity, at, at) or (entity,)

    def _tell(self, touched: Touched) -> TopologyChange:
        references = self._watched.concerned(touched.keys)
        if not touched.entities and not references:
            return NO_CHANGE
        self._forget_answers()
        return TopologyChange(tuple(sorted(touched.entities)), references)

    def _forget_answers(self) -> None:
        self._resolved.clear()
        self._answers.clear()

    # Being asked.

    def resolve(self, reference: Reference, at: int) -> Entity:
        """The entity a reference meant at an instant; an unknown thing gets an entity made from the reference itself."""
        key = (reference, at)
        entity = self._resolved.get(key)
        if entity is None:
            if reference not in self._watched:
                self._watched.add(reference, self.counters)
            if len(self._resolved) >= ANSWERS_MAX:
                self._resolved.clear()
            entity = self._resolved[key] = resolve(self._structure, reference, at)
        return entity

    def related(self, entity: Entity, relation: Relation, start: int, end: int) -> tuple[Entity, ...]:
        """Where a relation leads from an entity, valid at some instant from `start` to `end`; sorted."""
        question = (relation, entity, start, end)
        answer: tuple[Entity, ...] | None = self._answers.get(question)
        return self._remember(question, self._structure.related(entity, relation, start, end)) if answer is None else answer

    def related_back(self, entity: Entity, relation: Relation, start: int, end: int) -> tuple[Entity, ...]:
        """From where a relation leads to an entity, valid at some instant from `start` to `end`; sorted."""
        question = ("back", relation, entity, start, end)
        answer: tuple[Entity, ...] | None = self._answers.get(question)
        if answer is None:
            answer = self._remember(question, self._structure.related_back(entity, relation, start, end))
        return answer

    def services_of(self, entity: Entity, start: int, end: int) -> tuple[Entity, ...]:
        """The services an entity is behind; a long-running workload that no Service ever selected stands for its own service."""
        question = ("services", entity, start, end)
        answer: tuple[Entity, ...] | None = self._answers.get(question)
        return self._remember(question, views.services_of(self._structure, entity, start, end)) if answer is None else answer

    def served_by(self, service: Entity, start: int, end: int) -> tuple[Entity, ...]:
        """Whose service this is: itself, the pods and workloads behind it; the inverse of `services_of`."""
        question = ("served", service, start, end)
        answer: tuple[Entity, ...] | None = self._answers.get(question)
        return self._remember(question, views.served_by(self._structure, service, start, end)) if answer is None else answer

    def pods_of(self, entity: Entity, at: int) -> tuple[Entity, ...]:
        """The pods of a workload, service or node at an instant, without those that finished; the pod itself of a pod."""
        question = ("pods", entity, at)
        answer: tuple[Entity, ...] | None = self._answers.get(question)
        return self._remember(question, views.pods_of(self._structure, entity, at)) if answer is None else answer

    def unit_of(self, entity: Entity, at: int) -> Entity:
        """The fault unit: of a pod or ReplicaSet its top owner, of a service the workload that backs it, else the entity itself."""
        question = ("unit", entity, at)
        answer: Entity | None = self._answers.get(question)
        return self._remember(question, views.unit_of(self._structure, entity, at)) if answer is None else answer

    def revision_of(self, pod: Entity, at: int) -> Entity | None:
        """The ReplicaSet that a pod came from, None where it came from none."""
        return views.revision_of(self._structure, pod, at)

    def was_there(self, entity: Entity, at: int) -> bool:
        """Whether the entity is known to have existed at an instant; not where its beginning is unknown."""
        history = self._structure.histories.get(entity)
        return history is not None and history.began_before(at)

    def display_name(self, entity: Entity, at: int) -> str:
        """The name people give to the service that an entity is part of; other things have their own name."""
        question = ("name", entity, at)
        answer: str | None = self._answers.get(question)
        return self._remember(question, views.display_name(self._structure, entity, at)) if answer is None else answer

    def cluster_dns(self, cluster: str, start: int, end: int) -> tuple[Entity, ...]:
        """The Services of a cluster's DNS that existed at some instant from `start` to `end`; sorted."""
        question = ("dns", cluster, start, end)
        answer: tuple[Entity, ...] | None = self._answers.get(question)
        return self._remember(question, views.cluster_dns(self._structure, cluster, start, end)) if answer is None else answer

    def _remember(self, question: Question, answer: Answer) -> Answer:
        if len(self._answers) >= ANSWERS_MAX:
            self._answers.clear()
        self._answers[question] = answer
        return answer

    def checks_of(self, entity: Entity, at: int) -> tuple[str, ...]:
        """What objects tell when they are held against each other: words of CHECKS about this pod, workload, Service or claim."""
        question = ("checks", entity, at)
        answer: tuple[str, ...] | None = self._answers.get(question)
        return self._remember(question, checks_of(self._structure, self._of_kind, entity, at)) if answer is None else answer

    def is_init_container(self, pod: Entity, container: str, at: int) -> bool:
        """Whether a pod, as of an instant, runs this container before its others."""
        return is_init_container(self._structure, pod, container, at)

    def reads_any(self, workload: Entity, read: Entity, keys: frozenset[str], at: int) -> bool:
        """Whether a workload, as of an instant, reads one of these keys of a ConfigMap or Secret; also where that is not known."""
        return read.kind not in ("ConfigMap", "Secret") or reads_any(self._structure, workload, read, keys, at)

    def _of_kind(self, kind: str) -> list[Entity]:
        question = ("kind", kind)
        answer: list[Entity] | None = self._answers.get(question)
        if answer is None:
            answer = self._remember(question, sorted(entity for entity in self._structure.histories if entity.kind == kind))
        return answer

    def neighbourhood(self, entities: Iterable[Entity], hops: int, entities_max: int) -> frozenset[Entity] | None:
        """Whatever is within so many relations of any kind and time, either way; None where that is more than `entities_max`."""
        return views.neighbourhood(self._structure, entities, hops, entities_max)

    def entities(self, kind: str | None = None) -> list[Entity]:
        """Everything that has versions or relations, sorted; of one kind where one is given."""
        return views.known_entities(self._structure, kind)

    def versions_of(self, entity: Entity) -> list[ObjectVersion]:
        """What was observed of an entity, oldest first; what events said of it where there is nothing better."""
        history = self._structure.histories.get(entity)
        return history.versions() if history else []

    # Being taken out, put back and relieved of the past.

    def forget(self, before: int) -> Forgotten:
        """Drop versions, tombstones and calls that had ended before an instant, and what no event said since."""
        count = 0
        touched = Touched()
        histories = self._structure.histories
        for entity in self._structure.ended(before):
            dropped = histories[entity].forget(before)
            if dropped:
                count += dropped
                without = self._structure.update(entity)
                for pair in self._calls.concerned(without.keys):
                    self._relate_call(pair, without)
                touched.add(without)
                self._discard(entity)
        for pair in self._calls.ended(before):
            count += 1
            self._calls.drop(pair)
            self._relate_call(pair, touched)
        return Forgotten(count, self._tell(touched) if count else NO_CHANGE)

    def snapshot(self) -> Any:
        """The whole graph in builtin values: equal graphs give equal ones."""
        return snapshot_of(self._structure, self._calls, self.counters)

    @classmethod
    def restore(cls, snapshot: Any) -> Self:
        """The graph that was taken out."""
        graph = cls()
        restore_into(snapshot, graph._structure, graph._calls, graph.counters)
        for entity in sorted(graph._structure.histories):
            graph._structure.update(entity)
            if graph._structure.histories[entity].sayings.kept:
                graph._hearsay.add(entity)
        for pair in sorted(graph._calls.calls):
            graph._relate_call(pair, Touched())
        return graph
