"""Weak ties: symptoms of one trace, next to each other in time, belong to one incident. A tie never makes a cause."""

from headwater.correlation import temporal
from headwater.correlation.vertices import Vertex


class TraceTies:
    """Which vertices share a trace closely enough in time."""

    def __init__(self) -> None:
        self._in_trace: dict[int, dict[Vertex, None]] = {}
        self._traces_of: dict[Vertex, tuple[int, ...]] = {}
        self._neighbours: dict[int, dict[Vertex, list[Vertex]]] = {}
        self._parted: dict[Vertex, None] = {}

    def index(self, vertex: Vertex) -> None:
        """Take over the traces of a vertex, or that its place in time changed."""
        before, now = self._traces_of.get(vertex, ()), tuple(vertex.traces)
        if not before and not now:
            return
        for trace in {*before, *now}:
            self._part(trace)
            if trace not in now:
                self._drop(trace, vertex)
            else:
                self._in_trace.setdefault(trace, {})[vertex] = None
                self._parted[vertex] = None
        self._traces_of[vertex] = now

    def remove(self, vertex: Vertex) -> None:
        """Forget a vertex."""
        for trace in self._traces_of.pop(vertex, ()):
            self._part(trace)
            self._drop(trace, vertex)
        self._parted.pop(vertex, None)

    def neighbours(self, vertex: Vertex) -> list[Vertex]:
        """The vertices tied to this one."""
        found: list[Vertex] = []
        for trace in self._traces_of.get(vertex, ()):
            ties = self._neighbours.get(trace)
            if ties is None:
                ties = self._neighbours[trace] = self._tie(trace)
            found += ties.get(vertex, ())
        return found

    def take_parted(self) -> list[Vertex]:
        """The vertices whose ties may have changed since the last call."""
        parted, self._parted = list(self._parted), {}
        return parted

    def _tie(self, trace: int) -> dict[Vertex, list[Vertex]]:
        ties: dict[Vertex, list[Vertex]] = {}
        for earlier, later in temporal.neighbours_in_trace(self._in_trace.get(trace, ())):
            ties.setdefault(earlier, []).append(later)
            ties.setdefault(later, []).append(earlier)
        return ties

    def _part(self, trace: int) -> None:
        if self._neighbours.pop(trace, None) is not None:
            self._parted.update(self._in_trace.get(trace, {}))

    def _drop(self, trace: int, vertex: Vertex) -> None:
        held = self._in_trace.get(trace)
        if held is not None:
            held.pop(vertex, None)
            if not held:
                del self._in_trace[trace]
