"""
The explanation of a result as a tree: each effect hangs under the cause that explains it best.

Edges come from a published result, which anyone may have written: cycles and unknown ends must not hang or crash.
"""

from collections.abc import Collection
from typing import NamedTuple

import msgspec

from headwater.model.results import CorrelationResult, Edge, Member

CONTEXT = "context"
_DEPTH_MAX = 64


class Node(msgspec.Struct, eq=False):
    """One occurrence, the edge that leads to it, and what it explains."""

    key: str  # `entity class`, as edges name their ends; several occurrences may share it
    member: Member | None
    edge: Edge | None
    children: "list[Node]" = []
    other_edges: list[tuple[Edge, "Node"]] = []  # weaker explanations of the same, with what would cause it


class Forest(NamedTuple):
    """The tree under the root cause, what else its unit brought about, and occurrences that it does not explain."""

    root: Node | None
    others: list[Node]
    unexplained: list[Node]


def forest_of(result: CorrelationResult) -> Forest:
    """The tree of the result."""
    ends = _Ends(result)
    incoming: dict[int, list[tuple[Edge, int]]] = {}
    for edge in result.edges:
        incoming.setdefault(ends.effect_of(edge), []).append((edge, ends.cause_of(edge)))
    nodes = ends.nodes
    root = ends.root_of(result, incoming)
    parents: dict[int, int] = {}
    for at, found in incoming.items():
        found.sort(key=lambda way: (-way[0].weight, way[0].cause, way[0].rule, way[1]))
        best = None if at == root else next((way for way in found if not _leads_to(parents, way[1], at)), None)
        if best is not None:
            nodes[at].edge, parents[at] = best
        nodes[at].other_edges = [(way[0], nodes[way[1]]) for way in found if way is not best]
    for at, parent in parents.items():
        nodes[parent].children.append(nodes[at])
    for node in nodes:
        node.children.sort(key=_order)
    tops = sorted((node for at, node in enumerate(nodes) if at not in parents and at != root), key=_order)
    others = [node for node in tops if _is_of_the_story(node)]
    return Forest(None if root is None else nodes[root], others, [node for node in tops if node not in others])


class _Ends:
    """The occurrences that members and ends of edges name, each once, as places in `nodes`; the members are first and in their order."""

    def __init__(self, result: CorrelationResult) -> None:
        self.nodes = [Node(f"{member.entity} {member.symptom_class}", member, None) for member in result.members]
        self._members = len(self.nodes)
        self._first_of_key: dict[str, int] = {}
        for at, node in enumerate(self.nodes):
            self._first_of_key.setdefault(node.key, at)
        self._inferred: dict[tuple[str, int | None], int] = {}

    def cause_of(self, edge: Edge) -> int:
        return self._at(edge.cause, edge.cause_member)

    def effect_of(self, edge: Edge) -> int:
        return self._at(edge.effect, edge.effect_member)

    def _at(self, key: str, place: int | None) -> int:
        if place is not None and 0 <= place < self._members and self.nodes[place].key == key:
            return place
        if place is None and key in self._first_of_key:
            return self._first_of_key[key]
        if (key, place) not in self._inferred:
            self._inferred[key, place] = len(self.nodes)
            self.nodes.append(Node(key, None, None))
        return self._inferred[key, place]

    def root_of(self, result: CorrelationResult, incoming: Collection[int]) -> int | None:
        """The member that is the root; where it was inferred, the state of that name, and of several one that nothing else explains."""
        key = f"{result.cause.entity} {result.cause.symptom_class}"
        named = [at for at, node in enumerate(self.nodes) if node.key == key]
        said = (at for at in named if (member := self.nodes[at].member) is not None and member.role == "root")
        inferred = sorted((at for at in named if self.nodes[at].member is None), key=lambda at: (at in incoming, at))
        return next(iter([*said, *inferred, *named]), None)


def observed_only(node: Node) -> Node:
    """The same tree without what was only inferred: its effects hang under what explains it."""
    children: list[Node] = []
    pending = list(node.children)
    while pending:
        child = pending.pop(0)
        if child.member is None:
            pending = child.children + pending
        else:
            children.append(observed_only(child))
    return Node(node.key, node.member, node.edge, children)


def _is_of_the_story(node: Node) -> bool:
    """Whether the engine tells it as an effect of the cause, by whichever of the unit's symptoms."""
    return bool(node.children) if node.member is None else node.member.role != CONTEXT


def _leads_to(parents: dict[int, int], start: int, target: int) -> bool:
    """Whether `target` is an ancestor of `start`, or itself."""
    at: int | None = start
    for _ in range(_DEPTH_MAX):
        if at is None:
            return False
        if at == target:
            return True
        at = parents.get(at)
    return True


def _order(node: Node) -> tuple[str, str]:
    return (node.member.first_seen if node.member else "~", node.key)
