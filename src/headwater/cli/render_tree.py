"""The causal tree as text, as DOT and as Mermaid: what led to what, by which rule, on which evidence."""

from collections.abc import Iterator
from typing import NamedTuple

from rich.text import Text

from headwater.cli.terminal import clean, wrapped
from headwater.cli.tree import Forest, Node, forest_of, observed_only
from headwater.cli.words import clock, entity_name, entity_place, lag, name_of, sentence_of, shortened
from headwater.model.results import CorrelationResult, Edge

_LABEL_MAX = 120
_EVENT_IDS_SHOWN = 3
_INFERRED = {
    "svc.degraded": "degraded",
    "net.suspect": "with its network under suspicion",
    "node.suspect": "under suspicion",
    "zone.suspect": "under suspicion",
    "registry.suspect": "under suspicion",
}


def tree_lines(result: CorrelationResult, *, is_whole: bool = False, has_unexplained: bool = True) -> Iterator[Text]:
    """The tree of what was observed; the whole has what was inferred too, and the evidence of every step."""
    forest = forest_of(result)
    if forest.root is not None:
        root = forest.root if is_whole else observed_only(forest.root)
        yield from _branch(root, "  ", "  ", is_whole=is_whole, is_root=True)
    if forest.others:
        yield Text("  of the same cause:", style="dim")
        for node in forest.others:
            yield from _branch(node if is_whole else observed_only(node), "  ", "  ", is_whole=is_whole, is_root=False)
    if forest.unexplained and has_unexplained:
        yield Text("  connected, but not explained by it:", style="dim")
        for node in forest.unexplained:
            top = node if is_whole or node.member is None else observed_only(node)
            yield from _branch(top, "  · ", "    ", is_whole=is_whole, is_root=False)


def _branch(node: Node, lead: str, indent: str, *, is_whole: bool, is_root: bool) -> Iterator[Text]:
    # A loop over a stack: the depth of a tree that somebody else published must not be the depth of our calls.
    stack: list[tuple[Node, str, str, bool]] = [(node, lead, indent, is_root)]
    while stack:
        current, lead, indent, is_top = stack.pop()
        yield _node_line(current, lead, is_whole=is_whole, is_root=is_top)
        if is_whole:
            rail = indent + ("│  " if current.children else "   ")
            yield from _evidence_lines(current, rail)
        for index, child in reversed(list(enumerate(current.children))):
            is_last = index == len(current.children) - 1
            stack.append((child, indent + ("└─ " if is_last else "├─ "), indent + ("   " if is_last else "│  "), False))


def _node_line(node: Node, lead: str, *, is_whole: bool, is_root: bool) -> Text:
    line = Text(lead, style="dim")
    line.append(label_of(node), style="bold red" if is_root else "default" if node.member is not None else "italic")
    if node.member is not None:
        line.append(f"  {clock(node.member.first_seen)}", style="dim")
    if node.edge is not None and is_whole:
        line.append(f"  {lag(node.edge.lag_seconds)}", style="dim")
    return line


def _evidence_lines(node: Node, rail: str) -> Iterator[Text]:
    told: list[str] = []
    if node.member is not None:
        events = f"; event {', '.join(node.member.event_ids[:_EVENT_IDS_SHOWN])}" if node.member.event_ids else ""
        times = f"; {node.member.count} times" if node.member.count > 1 else ""
        told.append(f"{entity_place(node.member.entity)} {node.member.symptom_class}{times}{events}")
        if node.member.novelty:
            told.append(f"a new line: {node.member.novelty}")
    if node.edge is not None:
        told.append(f"by {_edge_words(node.edge)}")
        told += [f"because {shortened(evidence)}" for evidence in node.edge.evidence]
    for edge, _ in node.other_edges:
        cause, _, symptom_class = edge.cause.rpartition(" ")
        told.append(f"also explained, less well, by {entity_name(cause)} {symptom_class} ({_edge_words(edge)})")
    for text in told:
        yield from (Text(line, style="dim") for line in wrapped(text, rail, rail + "  "))


def _edge_words(edge: Edge) -> str:
    return (
        f"{clean(edge.rule)}, weight {edge.weight:.2f}, {'+'.join(clean(name, 20) for name in edge.correlators) or 'no correlator named'}"
    )


def label_of(node: Node) -> str:
    """What happened to what, as a person says it."""
    entity, _, symptom_class = node.key.rpartition(" ")
    if node.member is not None:
        return sentence_of(node.member)
    return clean(f"{name_of(entity)} {_INFERRED.get(symptom_class, symptom_class)} (inferred)", _LABEL_MAX)


def dot_lines(result: CorrelationResult) -> Iterator[str]:
    """The explanation for Graphviz."""
    yield "digraph incident {"
    yield '  rankdir=LR; node [shape=box, style=rounded, fontname="sans-serif"]; edge [fontname="sans-serif", fontsize=10];'
    graph = _graph(result)
    for node in graph.nodes:
        label = f"{_dot_text(label_of(node))}\\n{_dot_text(_place_of(node))}"
        yield f'  {graph.name(node)} [label="{label}"{", color=red, penwidth=2" if node is graph.root else ""}];'
    for step in graph.steps:
        label = f"{_dot_text(step.edge.rule)}\\n{lag(step.edge.lag_seconds)}, {step.edge.weight:.2f}"
        yield f'  {graph.name(step.cause)} -> {graph.name(step.effect)} [label="{label}"{"" if step.is_best else ", style=dashed"}];'
    yield "}"


def mermaid_lines(result: CorrelationResult) -> Iterator[str]:
    """The explanation for Mermaid."""
    yield "flowchart LR"
    graph = _graph(result)
    for node in graph.nodes:
        yield f'  {graph.name(node)}["{_mermaid_text(label_of(node))}<br/>{_mermaid_text(_place_of(node))}"]'
    for step in graph.steps:
        arrow = "-->" if step.is_best else "-.->"
        label = f"{_mermaid_text(step.edge.rule)} {lag(step.edge.lag_seconds)}"
        yield f'  {graph.name(step.cause)} {arrow}|"{label}"| {graph.name(step.effect)}'
    if graph.root is not None:
        yield f"  style {graph.name(graph.root)} stroke:#c00,stroke-width:3px"


class _Step(NamedTuple):
    cause: Node
    effect: Node
    edge: Edge
    is_best: bool


class _Graph:
    """The forest as nodes with names, and steps between them."""

    def __init__(self, forest: Forest) -> None:
        self.root = forest.root
        self.nodes: list[Node] = []
        self.steps: list[_Step] = []
        pending = [*([forest.root] if forest.root else []), *forest.others, *forest.unexplained]
        while pending:
            node = pending.pop(0)
            self.nodes.append(node)
            self.steps += [_Step(node, child, child.edge, is_best=True) for child in node.children if child.edge is not None]
            self.steps += [_Step(cause, node, edge, is_best=False) for edge, cause in node.other_edges]
            pending.extend(node.children)
        self._names = {id(node): f"n{number}" for number, node in enumerate(self.nodes)}

    def name(self, node: Node) -> str:
        return self._names[id(node)]


def _graph(result: CorrelationResult) -> _Graph:
    return _Graph(forest_of(result))


def _place_of(node: Node) -> str:
    return entity_place(node.key.rpartition(" ")[0])


def _dot_text(text: str) -> str:
    return clean(text, _LABEL_MAX).replace("\\", "\\\\").replace('"', '\\"')


def _mermaid_text(text: str) -> str:
    # Mermaid reads entity codes; anything that could end a label or start markup is written as one.
    return "".join(
        character if character.isalnum() or character in " -_.,:/+()=" else f"#{ord(character)};" for character in clean(text, _LABEL_MAX)
    )
