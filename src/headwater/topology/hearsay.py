"""Entities that only events mention: what goes first where there are too many."""

from collections.abc import Mapping

from headwater.model.entities import Entity
from headwater.topology.history import History
from headwater.topology.intervals import BEGINNING, FOREVER

_SHARE_EVICTED = 10
"""A tenth goes at once, so that the search for the longest unmentioned is rare."""


class Hearsay:
    """Keeps the entities that have no authoritative version."""

    def __init__(self, histories: Mapping[Entity, History]) -> None:
        self._histories = histories
        self._entities: dict[Entity, None] = {}
        self._oldest_at_least = BEGINNING  # nothing was mentioned last before this instant: saves a search that finds nothing

    def add(self, entity: Entity) -> None:
        """Only events mention this one."""
        if entity not in self._entities:
            self._entities[entity] = None
            self._oldest_at_least = BEGINNING

    def discard(self, entity: Entity) -> None:
        """It is known better, or not at all any more."""
        self._entities.pop(entity, None)

    def oldest(self, before: int = FOREVER) -> list[Entity]:
        """A tenth of those last mentioned in an hour before an instant, at least one if there are any: the longest unmentioned ones."""
        if before <= self._oldest_at_least:
            return []
        last_said = ((self._histories[entity].sayings.last_said_at, entity) for entity in self._entities)
        found = sorted(each for each in last_said if each[0] < before)
        if not found:
            self._oldest_at_least = before
        return [entity for _, entity in found[: max(1, len(found) // _SHARE_EVICTED)]]
