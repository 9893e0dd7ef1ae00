"""Names that lead to entities: uids and containers for ever, addresses only while held, app labels and host names as candidates."""

from collections.abc import Iterable

from headwater.model.entities import SCHEME_ADDRESS, SCHEME_CONTAINER, SCHEME_UID, Entity
from headwater.topology.facts import DNS_LABEL, app_names
from headwater.topology.history import Segment
from headwater.topology.intervals import ALWAYS, Spans, merged, start_of_span_at

AliasKey = tuple[str, str, str]
"""Cluster, scheme and name in lower case."""

SCHEME_NAME = "name"
"""Not a scheme of references: the key under which everything of one name is found, whatever its namespace."""


OWN, OWNER = ASPECTS = ("own", "owner")
"""What a claimant states of itself, and what a pod states of its owner."""


class AliasIndex:
    """Who is called how, and when."""

    def __init__(self) -> None:
        self._spans: dict[AliasKey, dict[Entity, Spans]] = {}
        self._stated: dict[tuple[Entity, str], dict[tuple[AliasKey, Entity], Spans]] = {}
        self._claims: dict[tuple[AliasKey, Entity], dict[tuple[Entity, str], Spans]] = {}

    def replace(self, claimant: Entity, aspect: str, aliases: dict[tuple[AliasKey, Entity], Spans]) -> list[AliasKey]:
        """Let a claimant state these aliases and, in this aspect, no others. Returns the keys whose answer may differ."""
        claim = (claimant, aspect)
        before = self._stated.get(claim, {})
        if before == aliases:
            return []
        changed = [pair for pair in before if before[pair] != aliases.get(pair)] + [pair for pair in aliases if pair not in before]
        if aliases:
            self._stated[claim] = aliases
        else:
            del self._stated[claim]
        for pair in changed:
            self._settle(pair, claim, aliases.get(pair))
        return [key for key, _ in changed]

    def _settle(self, pair: tuple[AliasKey, Entity], claim: tuple[Entity, str], spans: Spans | None) -> None:
        claims = self._claims.setdefault(pair, {})
        if spans is None:
            del claims[claim]
        else:
            claims[claim] = spans
        key, entity = pair
        if claims:
            always = spans == ALWAYS or next(iter(claims.values())) == ALWAYS
            united = ALWAYS if always else merged(span for each in claims.values() for span in each)
            self._spans.setdefault(key, {})[entity] = united
            return
        del self._claims[pair]
        del self._spans[key][entity]
        if not self._spans[key]:
            del self._spans[key]

    def keys_of(self, claimant: Entity) -> list[AliasKey]:
        """Every key that a claimant states something about."""
        return [key for aspect in ASPECTS for key, _ in self._stated.get((claimant, aspect), ())]

    def holder(self, key: AliasKey, at: int) -> Entity | None:
        """Who held an alias at an instant; of several, the one who took it last."""
        entities = self._spans.get(key)
        if not entities:
            return None
        best: tuple[int, Entity] | None = None
        for entity, spans in entities.items():
            start = start_of_span_at(spans, at)
            # Of two that took it at the same instant the first by name, so that no order leaks.
            if start is not None and (best is None or start > best[0] or (start == best[0] and entity < best[1])):
                best = (start, entity)
        return None if best is None else best[1]

    def named(self, cluster: str, name: str) -> Iterable[Entity]:
        """Everything that may be meant by a name, in no particular order."""
        return self._spans.get((cluster, SCHEME_NAME, name), ())


def aliases_of(entity: Entity, segments: Iterable[Segment]) -> dict[tuple[AliasKey, Entity], Spans]:
    """The aliases by which an entity's own versions make it known."""
    cluster = entity.cluster
    held: dict[AliasKey, list[tuple[int, int]]] = {}
    found: dict[tuple[AliasKey, Entity], Spans] = {((cluster, SCHEME_NAME, entity.name.lower()), entity): ALWAYS}
    for start, end, facts in segments:
        # A uid or a container id is never given twice, so an observation just after the end still means the same.
        for uid in (facts.uid, facts.manifest_uid):
            if uid:
                found[(cluster, SCHEME_UID, uid.lower()), entity] = ALWAYS
        for container in facts.containers:
            found[(cluster, SCHEME_CONTAINER, container.lower()), entity] = ALWAYS
        for address in facts.addresses:
            held.setdefault((cluster, SCHEME_ADDRESS, address.lower()), []).append((start, end))
        # A pod's app label names its workload, which the pod says of its owner.
        names = [] if entity.kind == "Pod" else app_names(facts)
        if facts.labels.get(DNS_LABEL[0]) == DNS_LABEL[1]:
            names.append(DNS_LABEL[1])
        for name in names:
            found[(cluster, SCHEME_NAME, name.lower()), entity] = ALWAYS
    found.update({(key, entity): merged(spans) for key, spans in held.items()})
    return found
