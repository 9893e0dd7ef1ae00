"""
Weak ties: what belongs to one incident without being a cause.

Symptoms of one trace, and like troubles of one fault unit (three replicas that fail alike), next to each other in time.
"""

from collections.abc import Iterable

from headwater.correlation import temporal
from headwater.correlation.vertices import Vertex
from headwater.model.entities import Entity

Bond = int | tuple[Entity, str]
"""What ties: the hash of a trace, or a fault unit and a class."""


class Ties:
    """Which vertices share a bond closely enough in time."""

    def __init__(self) -> None:
        self._bonded: dict[Bond, dict[Vertex, None]] = {}
        self._bonds_of: dict[Vertex, tuple[Bond, ...]] = {}
        self._neighbours: dict[Bond, dict[Vertex, list[Vertex]]] = {}
        self._parted: dict[Vertex, None] = {}

    def index(self, vertex: Vertex, *, has_moved: bool = True) -> None:
        """Take over the bonds of a vertex, and its place in time where that changed."""
        before, now = self._bonds_of.get(vertex, ()), _bonds(vertex)
        if now == before and not has_moved:
            return
        kept = {} if has_moved else dict.fromkeys(before)
        for bond in now:
            if bond not in kept:
                self._part(bond)
                held = self._bonded.setdefault(bond, {})
                held[vertex] = None
                if len(held) > 1:
                    self._parted[vertex] = None
            kept.pop(bond, None)
        for bond in before if has_moved else kept:
            if bond not in now:
                self._part(bond)
                self._drop(bond, vertex)
        self._bonds_of[vertex] = now

    def remove(self, vertex: Vertex) -> None:
        """Forget a vertex."""
        for bond in self._bonds_of.pop(vertex, ()):
            self._part(bond)
            self._drop(bond, vertex)
        self._parted.pop(vertex, None)

    def neighbours(self, vertex: Vertex) -> list[Vertex]:
        """The vertices tied to this one."""
        return self._tied(vertex, self._bonds_of.get(vertex, ()))

    def neighbours_in_trace(self, vertex: Vertex) -> list[Vertex]:
        """Those tied to it by a trace."""
        return self._tied(vertex, [bond for bond in self._bonds_of.get(vertex, ()) if isinstance(bond, int)])

    def _tied(self, vertex: Vertex, bonds: Iterable[Bond]) -> list[Vertex]:
        found: list[Vertex] = []
        for bond in bonds:
            ties = self._neighbours.get(bond)
            if ties is None:
                ties = self._neighbours[bond] = self._tie(bond)
            found += ties.get(vertex, ())
        return found

    def take_parted(self) -> list[Vertex]:
        """The vertices whose ties may have changed since the last call."""
        parted, self._parted = list(self._parted), {}
        return parted

    def _tie(self, bond: Bond) -> dict[Vertex, list[Vertex]]:
        ties: dict[Vertex, list[Vertex]] = {}
        for earlier, later in temporal.neighbours_in_time(self._bonded.get(bond, ())):
            ties.setdefault(earlier, []).append(later)
            ties.setdefault(later, []).append(earlier)
        return ties

    def _part(self, bond: Bond) -> None:
        if self._neighbours.pop(bond, None):
            self._parted.update(self._bonded.get(bond, {}))

    def _drop(self, bond: Bond, vertex: Vertex) -> None:
        held = self._bonded.get(bond)
        if held is not None:
            held.pop(vertex, None)
            if not held:
                del self._bonded[bond]


def _bonds(vertex: Vertex) -> tuple[Bond, ...]:
    """Its traces; and its unit, for a trouble of its own. Service symptoms are told apart by whom they blame, changes by their paths."""
    symptom_class = vertex.symptom_class
    if not vertex.is_real or symptom_class.is_service or symptom_class.is_change:
        return tuple(vertex.traces)
    return (*vertex.traces, (vertex.unit, vertex.key.symptom_class))
