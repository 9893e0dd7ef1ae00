"""`headwater explain`: why this is the root cause, and why the others are not."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from cyclopts import Parameter
from rich.text import Text

from headwater.cli.asynchronous import run_async
from headwater.cli.incidents import fetch_incident
from headwater.cli.options import ConnectionOptions, settings_of
from headwater.cli.output import print_json, print_yaml
from headwater.cli.render_incident import alternative_lines, cause_sentence
from headwater.cli.render_tree import dot_lines, mermaid_lines, tree_lines
from headwater.cli.terminal import clean, say, wrapped
from headwater.cli.words import VERDICT_STYLES
from headwater.model.results import CorrelationResult


class ExplanationFormat(StrEnum):
    """What `-o` takes here."""

    TREE = "tree"
    DOT = "dot"
    MERMAID = "mermaid"
    JSON = "json"
    YAML = "yaml"


def explain(
    incident: str = "latest",
    /,
    *,
    output: Annotated[ExplanationFormat, Parameter(name=["--output", "-o"])] = ExplanationFormat.TREE,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Show the causal tree of an incident, with the evidence for every step.

    Parameters
    ----------
    incident
        The beginning of its id, or `latest`.
    output
        Format: `dot` for Graphviz, `mermaid` for Markdown.
    """
    result = run_async(fetch_incident(settings_of(connection), incident))
    print_explanation(result, output)
    return 0


def print_explanation(result: CorrelationResult, output: ExplanationFormat) -> None:
    """Print it in the format asked for."""
    if output is ExplanationFormat.JSON:
        print_json(explanation_of(result))
    elif output is ExplanationFormat.YAML:
        print_yaml(explanation_of(result))
    elif output is ExplanationFormat.DOT:
        for line in dot_lines(result):
            say(line)
    elif output is ExplanationFormat.MERMAID:
        for line in mermaid_lines(result):
            say(line)
    else:
        for text in explanation_lines(result):
            say(text)


def explanation_of(result: CorrelationResult) -> dict[str, object]:
    """The part of a result that explains it."""
    return {
        "id": result.id,
        "revision": result.revision,
        "root_cause": result.root_cause,
        "verdict": result.verdict,
        "confidence": result.confidence,
        "cause": result.cause,
        "edges": result.edges,
        "members": result.members,
        "alternatives": result.alternatives,
        "sequence": result.sequence,
        "engine": result.engine,
    }


def explanation_lines(result: CorrelationResult) -> Iterator[Text]:
    """The tree with its evidence, alternatives and why they lost."""
    yield from (Text(line, style="bold") for line in wrapped(cause_sentence(result)))
    sure = Text(result.verdict, style=VERDICT_STYLES.get(result.verdict, ""))
    sure.append(
        f" ({result.confidence:.2f})   incident {clean(result.id)}, revision {result.revision}: {clean(result.reason)}", style="dim"
    )
    yield sure
    yield Text()
    yield from tree_lines(result, is_whole=True)
    sequence = result.sequence
    if sequence.is_cascade:
        expected = f"; next it would reach {clean(', '.join(sequence.expected_next))}" if sequence.expected_next else ""
        yield Text()
        yield Text(f"A cascade, {sequence.depth} service hops deep, over {sequence.width} services{expected}.")
    yield from alternative_lines(result)
    if not result.alternatives:
        yield Text("\nNothing else came into question.", style="dim")
    yield Text(f"\njudged by headwater {clean(result.engine.version)}, rules {clean(result.engine.rules)[:12]}", style="dim")
