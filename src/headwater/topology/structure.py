"""
What the histories imply: relations, aliases and selections, kept current object by object.

Everything here can be made again from the histories alone, and is then the same.
"""

from collections.abc import Iterator

from headwater.model.entities import WORKLOAD_KINDS, Entity
from headwater.model.relations import Relation
from headwater.topology.aliases import OWN, OWNER, SCHEME_NAME, AliasIndex, AliasKey, aliases_of
from headwater.topology.edges import EdgeStore, collected
from headwater.topology.facts import Edge, Facts, app_names
from headwater.topology.guessing import possible_owners
from headwater.topology.history import History, Segment
from headwater.topology.intervals import ALWAYS, BEGINNING, FOREVER, Span, Spans
from headwater.topology.kinds import COLLAPSED_KINDS, HUB_RELATIONS
from headwater.topology.limiting import Limiting
from headwater.topology.selection import Selection
from headwater.topology.serving import Serving

_OWNERS_OF_COLLAPSED = WORKLOAD_KINDS - COLLAPSED_KINDS


class Touched:
    """What a change reached: entities whose relations differ and alias keys whose meaning may differ."""

    __slots__ = ("entities", "keys")

    def __init__(self) -> None:
        self.entities: set[Entity] = set()
        self.keys: set[AliasKey] = set()

    def add(self, others: "Touched") -> None:
        """Reach what another change reached, too."""
        self.entities |= others.entities
        self.keys |= others.keys


class Structure:
    """Histories, and what follows from them."""

    def __init__(self) -> None:
        self.histories: dict[Entity, History] = {}
        self._ends_first = FOREVER  # before this instant no history has anything to forget
        self.edges = EdgeStore()
        self.template_edges = EdgeStore()  # workload → service that selects the pods its template makes
        self.hub_edges = EdgeStore()  # of what nearly everything hangs on: no walk over the neighbourhood takes them
        self.serving = Serving(self.edges, self.template_edges)
        self.limiting = Limiting(self.segments, self.edges)
        self.aliases = AliasIndex()
        self._pod_selection = Selection(lambda facts: facts.labels)
        self._template_selection = Selection(lambda facts: facts.template_labels)
        self._orphans: dict[Entity, dict[Entity, None]] = {}  # pods of which events know no owner, by who may own them
        self._guesses: dict[Entity, tuple[Entity, ...]] = {}  # who may own each of these pods
        self._children: dict[Entity, dict[Entity, None]] = {}  # of any time: pods of a ReplicaSet or Job, and these of their owner

    def segments(self, entity: Entity) -> list[Segment]:
        """When the entity existed, with what facts."""
        history = self.histories.get(entity)
        return history.segments if history else []

    def related(self, entity: Entity, relation: Relation, start: int, end: int) -> tuple[Entity, ...]:
        """Where a relation leads from an entity, valid at some instant of the closed interval; sorted."""
        if relation is Relation.LIMITS:
            return self.limiting.limited(entity, start, end)
        return (self.hub_edges if relation in HUB_RELATIONS else self.edges).related(entity, relation, start, end)

    def related_back(self, entity: Entity, relation: Relation, start: int, end: int) -> tuple[Entity, ...]:
        """From where a relation leads to an entity, valid at some instant of the closed interval; sorted."""
        if relation is Relation.LIMITS:
            return self.limiting.limiting(entity, start, end)
        return (self.hub_edges if relation in HUB_RELATIONS else self.edges).related_back(entity, relation, start, end)

    def children(self, owner: Entity) -> list[Entity]:
        """The pods of a ReplicaSet or Job, and the ReplicaSets or Jobs of a workload, of any time, sorted."""
        return sorted(self._children.get(owner, ()))

    def update(self, entity: Entity) -> Touched:
        """Follow a changed history."""
        touched = Touched()
        history = self.histories[entity]
        before, after = history.refresh(), history.segments
        self._ends_first = min(self._ends_first, history.ends_first)
        if not self._update_orphan(entity, after) and before == after:
            return touched
        touched.entities.add(entity)
        touched.keys.add((entity.cluster, SCHEME_NAME, entity.name.lower()))
        touched.keys.update(self.aliases.replace(entity, OWN, aliases_of(entity, after) if after else {}))
        owners_between = self._update_children(entity, before, after)
        self._relate(entity, touched)
        for orphan in sorted(self._orphans.get(entity, ())):
            self._relate(orphan, touched)
        if entity.kind in COLLAPSED_KINDS:
            for child in self.children(entity):
                self._relate(child, touched)
        self._select(entity, before, after, touched)
        touched.entities.update(self.limiting.update(entity, after))
        # A ReplicaSet or Job is what its owner is, and where nobody told of it, what its pods say.
        touched.entities.update(owners_between)
        for each in [each for each in touched.entities if each.kind in _OWNERS_OF_COLLAPSED]:
            touched.entities.update(self._children.get(each, ()))
        for each in touched.entities:
            self.serving.forget(each)
        return touched

    def _update_children(self, entity: Entity, before: list[Segment], after: list[Segment]) -> set[Entity]:
        """Know whose a pod, ReplicaSet or Job is. Returns the ReplicaSets and Jobs that a pod is or was of."""
        if entity.kind != "Pod" and entity.kind not in COLLAPSED_KINDS:
            return set()
        owners_before, owners_after = _owners_around(entity, before), _owners_around(entity, after)
        for owner in owners_before - owners_after:
            del self._children[owner][entity]
            if not self._children[owner]:
                del self._children[owner]
        for owner in owners_after - owners_before:
            self._children.setdefault(owner, {})[entity] = None
        return owners_before | owners_after if entity.kind == "Pod" else set()

    def _update_orphan(self, entity: Entity, after: list[Segment]) -> bool:
        """
        Know a pod as one without a known owner, or no longer. Returns whether that is news.

        An authoritative version says of itself that it has none.
        """
        if entity.kind != "Pod":
            return False
        is_orphan = bool(after) and not self.histories[entity].records and all(facts.owner is None for *_, facts in after)
        if is_orphan is (entity in self._guesses):
            return False
        if is_orphan:
            owners = self._guesses[entity] = possible_owners(entity)
            for owner in owners:
                self._orphans.setdefault(owner, {})[entity] = None
            return bool(owners)
        owners = self._guesses.pop(entity)
        for owner in owners:
            del self._orphans[owner][entity]
            if not self._orphans[owner]:
                del self._orphans[owner]
        return bool(owners)

    def _guessed_owner(self, pod: Entity) -> Entity | None:
        """The known object that would name a pod so whose owner nobody tells: the pod went before its cluster was looked at."""
        return next((owner for owner in self._guesses.get(pod, ()) if self.segments(owner)), None)

    def _relate(self, entity: Entity, touched: Touched) -> None:
        """State what an entity's own versions say of its relations and, of a pod, of its owner's names."""
        is_pod = entity.kind == "Pod"
        claims: list[tuple[Edge, Span]] = []
        hub_claims: list[tuple[Edge, Span]] = []
        names: dict[tuple[AliasKey, Entity], Spans] = {}
        for start, end, facts in self.segments(entity):
            for edge in facts.edges:
                (hub_claims if edge[0] in HUB_RELATIONS else claims).append((edge, (start, end)))
            if not is_pod and not facts.mounts:
                continue  # whom it belongs to matters for nothing else
            for top, span in self._tops(entity, facts, start, end):
                claims += [((Relation.MOUNTED_BY, mounted, top), span) for mounted in facts.mounts]
                if is_pod:
                    if top != entity:
                        claims.append(((Relation.OWNS, top, entity), span))
                    for name in (top.name, *app_names(facts)):
                        names[(entity.cluster, SCHEME_NAME, name.lower()), top] = ALWAYS
        if is_pod:
            touched.keys.update(self.aliases.replace(entity, OWNER, names))
        for store, claimed in ((self.edges, claims), (self.hub_edges, hub_claims)):
            if claimed or store.is_claimant(entity):
                self._touch(store.replace(entity, collected(claimed)), touched)

    def _tops(self, entity: Entity, facts: Facts, start: int, end: int) -> Iterator[tuple[Entity, Span]]:
        """The workload that an object belongs to in an interval: of a ReplicaSet or Job its owner, and of whatever has none itself."""
        owner = (facts.owner or self._guessed_owner(entity)) if entity.kind == "Pod" else entity
        if owner is None:
            yield entity, (start, end)
        elif owner.kind not in COLLAPSED_KINDS:
            yield owner, (start, end)
        elif not (segments := self.segments(owner)):
            yield _derived_owner(owner, facts), (start, end)
        else:
            # Pods outlive the ReplicaSet they came from, and may be seen before it: it keeps its owner beyond its own life.
            for index, (begins, _ends, owner_facts) in enumerate(segments):
                first = BEGINNING if index == 0 or begins == BEGINNING else begins
                last = segments[index + 1][0] if index + 1 < len(segments) and segments[index + 1][0] > begins else FOREVER
                if max(start, first) < min(end, last):
                    yield owner_facts.owner or owner, (max(start, first), min(end, last))

    def _select(self, entity: Entity, before: list[Segment], after: list[Segment], touched: Touched) -> None:
        if entity.kind == "Pod":
            services = self._pod_selection.update_labelled(entity, before, after)
            self._claim_backing(self._pod_selection, self.edges, [(entity, service) for service in services], touched)
        elif entity.kind != "Service":
            services = self._template_selection.update_labelled(entity, before, after)
            self._claim_backing(self._template_selection, self.template_edges, [(entity, service) for service in services], touched)
        else:
            for selection, store in ((self._pod_selection, self.edges), (self._template_selection, self.template_edges)):
                labelled = selection.update_service(entity, before, after)
                self._claim_backing(selection, store, [(each, entity) for each in labelled], touched)

    def _claim_backing(self, selection: Selection, store: EdgeStore, pairs: list[tuple[Entity, Entity]], touched: Touched) -> None:
        """State anew of which services a selector matches what is labelled."""
        for labelled, service in pairs:
            spans = selection.selected(self.segments(service), self.segments(labelled))
            claim = {(Relation.BACKS, labelled, service): spans} if spans else {}
            self._touch(store.replace((labelled, service), claim), touched)

    def _touch(self, changed: list[Edge], touched: Touched) -> None:
        """Whoever is concerned by changed relations: their ends and, as services are found through pods, those beyond a pod."""
        for relation, source, sink in changed:
            touched.entities.update((source, sink))
            if relation is Relation.BACKS:
                owners = [source] if source.kind in WORKLOAD_KINDS else sorted(self.edges.predecessors(source, Relation.OWNS))
                touched.entities.update(owners)
                renamed = [source, *owners]
            elif relation is Relation.OWNS:
                services = self.edges.successors(sink, Relation.BACKS)
                owners = [source] if services else []
                touched.entities.update(services)
                renamed = [source, sink]
            else:
                continue
            # Of a ReplicaSet or Job nobody told of, its pods are all that is known.
            for end in (source, sink):
                touched.entities.update(_owners_around(end, self.segments(end)))
            for owner in owners:
                # With its first service, or without its last, a workload no longer or again stands for its own.
                pods = self.edges.successors(owner, Relation.OWNS)
                if not any(self.edges.successors(pod, Relation.BACKS) for pod in pods if pod not in (source, sink)):
                    touched.entities.update(pods)
            for entity in renamed:
                touched.keys.add((entity.cluster, SCHEME_NAME, entity.name.lower()))
                touched.keys.update(self.aliases.keys_of(entity))

    def ended(self, before: int) -> list[Entity]:
        """The entities of which something had ended before an instant, sorted."""
        if before < self._ends_first:
            return []
        ends = {entity: history.ends_first for entity, history in self.histories.items()}
        self._ends_first = min(ends.values(), default=FOREVER)
        return sorted(entity for entity, end in ends.items() if end <= before)

    def discard(self, entity: Entity) -> None:
        """Forget an entity whose history is empty."""
        if entity in self.histories and not self.segments(entity) and not self.histories[entity].records:
            del self.histories[entity]


def _owners_around(entity: Entity, segments: list[Segment]) -> set[Entity]:
    """The ReplicaSets or Jobs of a pod, and the owners of a ReplicaSet or Job; of other things none."""
    owners = {facts.owner for _start, _end, facts in segments if facts.owner is not None}
    if entity.kind in COLLAPSED_KINDS:
        return owners
    return {owner for owner in owners if owner.kind in COLLAPSED_KINDS} if entity.kind == "Pod" else set()


def _derived_owner(owner: Entity, facts: Facts) -> Entity:
    """The Deployment by the name it gave its ReplicaSet, where nobody has seen that ReplicaSet."""
    template_hash = facts.labels.get("pod-template-hash", "")
    if owner.kind == "ReplicaSet" and template_hash and owner.name.endswith(f"-{template_hash}"):
        return owner._replace(kind="Deployment", name=owner.name[: -len(template_hash) - 1])
    return owner
