"""
The explanation of a result as a tree: each effect hangs under the cause that explains it best.

Edges come from a published result, which anyone may have written: cycles and unknown ends must not hang or crash.
"""

from typing import NamedTuple

import msgspec

from headwater.model.results import CorrelationResult, Edge, Member

_DEPTH_MAX = 64


class Node(msgspec.Struct):
    """One occurrence, the edge that leads to it, and what it explains."""

    key: str  # `entity class`, as edges name their ends
    member: Member | None
    edge: Edge | None
    children: "list[Node]" = []
    other_edges: list[Edge] = []  # weaker explanations of the same


class Forest(NamedTuple):
    """The tree under the root cause, and occurrences that it does not explain."""

    root: Node | None
    unexplained: list[Node]


def member_key(member: Member) -> str:
    """How edges name this member."""
    return f"{member.entity} {member.symptom_class}"


def forest_of(result: CorrelationResult) -> Forest:
    """The tree of the result."""
    members = {member_key(member): member for member in reversed(result.members)}
    incoming: dict[str, list[Edge]] = {}
    for edge in result.edges:
        incoming.setdefault(edge.effect, []).append(edge)
    nodes = {key: Node(key, members.get(key), None) for key in _keys(result, members)}
    root_key = f"{result.cause.entity} {result.cause.symptom_class}"
    parents: dict[str, str] = {}
    for key, edges in incoming.items():
        edges.sort(key=lambda edge: (-edge.weight, edge.cause, edge.rule))
        if key == root_key:
            nodes[key].other_edges = edges
            continue
        best = next((edge for edge in edges if not _leads_to(parents, edge.cause, key)), None)
        if best is not None:
            parents[key] = best.cause
            nodes[key].edge = best
            nodes[key].other_edges = [edge for edge in edges if edge is not best]
    for key, parent in parents.items():
        nodes[parent].children.append(nodes[key])
    for node in nodes.values():
        node.children.sort(key=_order)
    tops = sorted((node for key, node in nodes.items() if key not in parents and key != root_key), key=_order)
    return Forest(nodes.get(root_key), tops)


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


def _keys(result: CorrelationResult, members: dict[str, Member]) -> dict[str, None]:
    keys = dict.fromkeys(members)
    for edge in result.edges:
        keys.update(dict.fromkeys((edge.cause, edge.effect)))
    return keys


def _leads_to(parents: dict[str, str], start: str, target: str) -> bool:
    """Whether `target` is an ancestor of `start`, or itself."""
    key: str | None = start
    for _ in range(_DEPTH_MAX):
        if key is None:
            return False
        if key == target:
            return True
        key = parents.get(key)
    return True


def _order(node: Node) -> tuple[str, str]:
    return (node.member.first_seen if node.member else "~", node.key)
