"""Which services select which pods: found by label, so that a change looks only at those it may concern."""

from collections.abc import Callable, Iterable

from headwater.model.entities import Entity
from headwater.topology.facts import Facts
from headwater.topology.history import Segment
from headwater.topology.intervals import Spans, merged

_Key = tuple[str, str, str, str]
"""Cluster, namespace, label and value."""


Labels = Callable[[Facts], dict[str, str]]


class Selection:
    """Services by the labels they select and what they select by its labels, of any time."""

    def __init__(self, labels_of: Labels) -> None:
        self._labels_of = labels_of
        self._labelled: dict[_Key, dict[Entity, None]] = {}
        self._services: dict[_Key, dict[Entity, None]] = {}

    def update_labelled(self, entity: Entity, before: Iterable[Segment], after: Iterable[Segment]) -> list[Entity]:
        """Know an entity by the labels it has now, no longer by those it had. Returns the services it may concern, sorted."""
        keys_before, keys_after = self._label_keys(entity, before), self._label_keys(entity, after)
        if not keys_before and not keys_after:
            return []
        _move(self._labelled, entity, keys_before, keys_after)
        return sorted({service for key in keys_before | keys_after for service in self._services.get(key, ())})

    def update_service(self, service: Entity, before: Iterable[Segment], after: Iterable[Segment]) -> list[Entity]:
        """Know a service by the labels it selects now, no longer by those it selected. Returns whom it may concern, sorted."""
        _move(self._services, service, _selector_keys(service, before), _selector_keys(service, after))
        found: set[Entity] = set()
        for _start, _end, facts in (*before, *after):
            keys = [(service.cluster, service.namespace, label, value) for label, value in facts.selector]
            # All pairs must match, so the rarest of them already holds every candidate.
            if keys:
                candidates: list[dict[Entity, None]] = [self._labelled.get(key, {}) for key in keys]
                found.update(sorted(candidates, key=len)[0])
        return sorted(found)

    def selected(self, service_segments: Iterable[Segment], segments: Iterable[Segment]) -> Spans:
        """When the selector of the one matched the labels of the other, while both existed."""
        spans = [
            (max(service_start, start), min(service_end, end))
            for service_start, service_end, service in service_segments
            if service.selector
            for start, end, facts in segments
            if matches(service.selector, self._labels_of(facts))
        ]
        return merged(spans) if spans else ()

    def _label_keys(self, entity: Entity, segments: Iterable[Segment]) -> set[_Key]:
        labels = [labels for _start, _end, facts in segments if (labels := self._labels_of(facts))]
        if not labels:
            return set()
        return {(entity.cluster, entity.namespace, label, value) for each in labels for label, value in each.items()}


def matches(selector: tuple[tuple[str, str], ...], labels: dict[str, str]) -> bool:
    """Whether the labels have every pair of the selector."""
    return all(labels.get(label) == value for label, value in selector)


def _selector_keys(service: Entity, segments: Iterable[Segment]) -> set[_Key]:
    return {(service.cluster, service.namespace, label, value) for _start, _end, facts in segments for label, value in facts.selector}


def _move(index: dict[_Key, dict[Entity, None]], entity: Entity, before: set[_Key], after: set[_Key]) -> None:
    for key in before - after:
        del index[key][entity]
        if not index[key]:
            del index[key]
    for key in after - before:
        index.setdefault(key, {})[entity] = None
