"""What an observation, or forgetting, changed, so that those who read the graph need only look again at that."""

import msgspec

from headwater.model.entities import Entity, Reference


class TopologyChange(msgspec.Struct, frozen=True):
    """The entities whose relations, life or labels may differ, and the references that may now mean another entity; both sorted."""

    entities: tuple[Entity, ...] = ()
    references: tuple[Reference, ...] = ()

    def empty(self) -> bool:
        """Whether nothing changed."""
        return not self.entities and not self.references


NO_CHANGE = TopologyChange()


class Forgotten(msgspec.Struct, frozen=True):
    """How many versions, sayings and calls were dropped, and what differs without them."""

    count: int
    change: TopologyChange
