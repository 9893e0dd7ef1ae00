"""Where vertices are found: by entity and class, by the service they blame, by class."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

from headwater.correlation.vertices import Vertex
from headwater.model.entities import Entity

_Key = TypeVar("_Key", bound=Hashable)
_Held = dict[str, dict[Vertex, None]]

ByClass = Mapping[str, Collection[Vertex]]
"""Vertices by their class."""

_NONE: ByClass = {}


class VertexIndex:
    """Look-ups of the evidence graph; an index holds each vertex under what `add` saw, so `remove` finds it again after a change."""

    def __init__(self) -> None:
        self._about: dict[Entity, _Held] = {}
        self._blaming: dict[Entity, _Held] = {}
        self._of_class: dict[str, dict[Vertex, None]] = {}
        self._about_entity: dict[Entity, dict[Vertex, None]] = {}
        self._blamed: dict[Vertex, tuple[Entity, ...]] = {}

    def add(self, vertex: Vertex) -> None:
        """Index a vertex by what it is about and whom it blames now."""
        name = vertex.key.symptom_class
        self._about.setdefault(vertex.entity, {}).setdefault(name, {})[vertex] = None
        self._of_class.setdefault(name, {})[vertex] = None
        peer = vertex.key.peer
        for entity in (vertex.entity, peer) if peer is not None else (vertex.entity,):
            self._about_entity.setdefault(entity, {})[vertex] = None
        self._blamed[vertex] = vertex.peer_services
        for service in vertex.peer_services:
            self._blaming.setdefault(service, {}).setdefault(name, {})[vertex] = None

    def remove(self, vertex: Vertex) -> None:
        """Forget a vertex; one that is not here changes nothing."""
        blamed = self._blamed.pop(vertex, None)
        if blamed is None:
            return
        name = vertex.key.symptom_class
        _discard_of_class(self._about, vertex.entity, name, vertex)
        _discard(self._of_class, name, vertex)
        peer = vertex.key.peer
        for entity in {vertex.entity: None, **({peer: None} if peer is not None else {})}:
            _discard(self._about_entity, entity, vertex)
        for service in blamed:
            _discard_of_class(self._blaming, service, name, vertex)

    @property
    def classes(self) -> Collection[str]:
        """The classes of which there are vertices."""
        return self._of_class

    def by_class_about(self, entity: Entity) -> ByClass:
        """The vertices about the entity."""
        return self._about.get(entity, _NONE)

    def by_class_blaming(self, service: Entity) -> ByClass:
        """The vertices that blame the service."""
        return self._blaming.get(service, _NONE)

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


def _discard_of_class(index: dict[Entity, _Held], entity: Entity, name: str, vertex: Vertex) -> None:
    held = index.get(entity)
    if held is not None:
        _discard(held, name, vertex)
        if not held:
            del index[entity]
