"""Where vertices are found: by entity and class, by the service they blame, by class."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

from headwater.correlation.vertices import Vertex
from headwater.model.entities import Entity

_Key = TypeVar("_Key", bound=Hashable)


class VertexIndex:
    """Look-ups of the evidence graph; an index holds each vertex under what `add` saw, so `remove` finds it again after a change."""

    def __init__(self) -> None:
        self._about: dict[tuple[Entity, str], dict[Vertex, None]] = {}
        self._blaming: dict[tuple[Entity, str], dict[Vertex, None]] = {}
        self._of_class: dict[str, dict[Vertex, None]] = {}
        self._about_entity: dict[Entity, dict[Vertex, None]] = {}
        self._blamed: dict[Vertex, tuple[Entity, ...]] = {}

    def add(self, vertex: Vertex) -> None:
        """Index a vertex by what it is about and whom it blames now."""
        name = vertex.key.symptom_class
        self._about.setdefault((vertex.entity, name), {})[vertex] = None
        self._of_class.setdefault(name, {})[vertex] = None
        peer = vertex.key.peer
        for entity in (vertex.entity, peer) if peer is not None else (vertex.entity,):
            self._about_entity.setdefault(entity, {})[vertex] = None
        self._blamed[vertex] = vertex.peer_services
        for service in vertex.peer_services:
            self._blaming.setdefault((service, name), {})[vertex] = None

    def remove(self, vertex: Vertex) -> None:
        """Forget a vertex; one that is not here changes nothing."""
        blamed = self._blamed.pop(vertex, None)
        if blamed is None:
            return
        name = vertex.key.symptom_class
        _discard(self._about, (vertex.entity, name), vertex)
        _discard(self._of_class, name, vertex)
        peer = vertex.key.peer
        for entity in {vertex.entity: None, **({peer: None} if peer is not None else {})}:
            _discard(self._about_entity, entity, vertex)
        for service in blamed:
            _discard(self._blaming, (service, name), vertex)

    def has_class(self, symptom_class: str) -> bool:
        """Whether any vertex is of this class."""
        return symptom_class in self._of_class

    def about(self, entity: Entity, symptom_class: str) -> list[Vertex]:
        """The vertices of this class about the entity."""
        return list(self._about.get((entity, symptom_class), ()))

    def blaming(self, service: Entity, symptom_class: str) -> list[Vertex]:
        """The vertices of this class that blame the service."""
        return list(self._blaming.get((service, symptom_class), ()))

    def of_class(self, symptom_class: str) -> list[Vertex]:
        """All vertices of the class."""
        return list(self._of_class.get(symptom_class, ()))

    def about_any(self, entities: Iterable[Entity]) -> list[Vertex]:
        """The vertices about, or blaming, one of the entities."""
        found: dict[Vertex, None] = {}
        for entity in sorted(entities):
            found.update(self._about_entity.get(entity, {}))
        return list(found)


def _discard(index: dict[_Key, dict[Vertex, None]], key: _Key, vertex: Vertex) -> None:
    held = index.get(key)
    if held is not None:
        held.pop(vertex, None)
        if not held:
            del index[key]
