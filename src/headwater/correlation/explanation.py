"""The explanation of an incident: which occurrences the root explains, in which role, by which steps and on what evidence."""

import msgspec

from headwater.causes.lag import DECAY_MIN
from headwater.correlation import temporal
from headwater.correlation.attribution_view import Weighed
from headwater.correlation.sequence import is_service_hop
from headwater.correlation.vertices import Edge as GraphEdge
from headwater.correlation.wording import label, novelty_in_words, phrase
from headwater.model.entities import Entity
from headwater.model.results import Alternative, Edge, Member
from headwater.model.times import NANOSECONDS_PER_SECOND, format_time

ALTERNATIVES_MAX = 3
ALTERNATIVE_SHARE_MIN = 0.01
EVENT_IDS_MAX = 8
MEMBERS_LISTED_MAX = 256
"""Longer lists of members and edges are cut there, in causal order."""


class Explanation(msgspec.Struct, eq=False):
    """The tree under the winning unit. Lists hold indices of vertices."""

    root: int
    tree: list[int]  # in causal order; the root first among equals
    context: list[int]  # connected, but not explained by the root, or no news
    explained: list[int]  # the tree with what is no news


def explain(weighed: Weighed, unit: Entity) -> Explanation:
    """Everything that descends from the unit in the tree of best causes."""
    root = weighed.root_of_unit[unit]
    vertices = weighed.vertices
    tree: list[int] = []
    context: list[int] = []
    for v in range(len(vertices)):
        chain = (v, *weighed.ancestors(v))
        (tree if any(vertices[step].unit == unit for step in chain) else context).append(v)
    # What explains the root itself belongs to the story too.
    tree += [v for v in weighed.ancestors(root) if v not in tree]
    story = _telling(weighed, tree, root)
    context = [v for v in range(len(vertices)) if v not in story and (v in tree or v in context) and vertices[v].is_real]
    return Explanation(root, _in_causal_order(weighed, story, root), context, tree)


def _in_causal_order(weighed: Weighed, tree: list[int], root: int) -> list[int]:
    """
    By time, and yet each cause before its effects.

    A cause that is noticed late (a node falls silent long before anyone says so) counts from the onset of its earliest effect.
    """
    vertices = weighed.vertices
    begins = {v: vertices[v].onset for v in tree}
    for v in tree:
        for step in weighed.ancestors(v):
            if step in begins:
                begins[step] = min(begins[step], vertices[v].onset)
    return sorted(tree, key=lambda v: (begins[v], len(weighed.ancestors(v)), v != root, v))


def _telling(weighed: Weighed, tree: list[int], root: int) -> list[int]:
    """What leads to something that is observed and news; a state that was only inferred, or is usual, tells nothing by itself."""
    carrying = {root}
    for v in tree:
        if weighed.vertices[v].is_real and not weighed.is_ordinary(v):
            carrying.update((v, *weighed.ancestors(v)))
    return [v for v in tree if v in carrying]


def members_of(weighed: Weighed, explanation: Explanation) -> list[Member]:
    """The observed occurrences, explained ones first."""
    has_effects = {parent for v in explanation.tree if (parent := weighed.parent(v)) is not None}
    found: list[Member] = []
    for v in (*explanation.tree, *explanation.context):
        if not weighed.vertices[v].is_real:
            continue
        if v == explanation.root:
            role = "root"
        elif v in explanation.tree and (v in has_effects or not weighed.is_ordinary(v)):
            role = "cause" if v in has_effects else "symptom"
        else:
            role = "context"
        found.append(_member(weighed, v, role))
    return found[:MEMBERS_LISTED_MAX]


def _member(weighed: Weighed, v: int, role: str) -> Member:
    vertex = weighed.vertices[v]
    samples = sorted({*(o.earliest for o in vertex.occurrences), *(s for o in vertex.occurrences for s in o.samples.values())})
    return Member(
        entity=str(vertex.entity),
        symptom_class=vertex.key.symptom_class,
        peer=str(vertex.key.peer) if vertex.key.peer else "",
        role=role,
        text=phrase(vertex),
        first_seen=format_time(vertex.onset),
        last_seen=format_time(vertex.last),
        count=vertex.count,
        count_is_estimated=any(occurrence.count_is_estimated for occurrence in vertex.occurrences),
        severity=vertex.severity.wire,
        event_ids=[sample.event_id for sample in samples][:EVENT_IDS_MAX],
        sources=sorted({source for occurrence in vertex.occurrences for source in occurrence.sources}),
        novelty=novelty_in_words(vertex) or msgspec.UNSET,
    )


def edges_of(weighed: Weighed, explanation: Explanation, pattern_members: set[int]) -> list[Edge]:
    """The steps of the tree, in causal order of their effects."""
    edges: list[Edge] = []
    inside = set(explanation.tree)
    places = _places(weighed, explanation)
    for effect in explanation.tree:
        cause = weighed.parent(effect)
        if cause is None or cause not in inside:
            continue
        weight, edge = weighed.edges[effect][cause]
        correlators = ["kubernetes", "temporal"]
        if is_service_hop(weighed, effect):
            correlators.append("sequence")
        if cause in pattern_members or effect in pattern_members:
            correlators.append("pattern")
        edges.append(
            Edge(
                cause=label(edge.cause),
                effect=label(edge.effect),
                rule=edge.rule,
                correlators=correlators,
                lag_seconds=round(edge.lag / NANOSECONDS_PER_SECOND, 3),
                weight=round(weight, 4),
                evidence=_evidence_of(edge),
                cause_member=places[cause],
                effect_member=places[effect],
            )
        )
    return edges[:MEMBERS_LISTED_MAX]


def _places(weighed: Weighed, explanation: Explanation) -> dict[int, int]:
    """Of what was observed its place among the members; of each inferred state a number below 0."""
    observed = [v for v in (*explanation.tree, *explanation.context) if weighed.vertices[v].is_real]
    inferred = [v for v in explanation.tree if not weighed.vertices[v].is_real]
    return {v: place for place, v in enumerate(observed)} | {v: -1 - number for number, v in enumerate(inferred)}


def _evidence_of(edge: GraphEdge) -> list[str]:
    evidence = [f"kubernetes: {_relation_in_words(edge)}"]
    spread = max(edge.cause.onset_spread, edge.effect.onset_spread)
    fits = f"may have begun up to {spread // NANOSECONDS_PER_SECOND} s before it was seen" if spread else "is within the rule's window"
    evidence.append(f"temporal: {edge.lag / NANOSECONDS_PER_SECOND:+.1f} s {fits}")
    if edge.lag > DECAY_MIN and temporal.lasts_until(edge.cause, edge.effect.onset):
        evidence.append("temporal: the cause still lasted")
    if edge.effect.resumes:
        evidence.append(f"temporal: the effect was there {edge.effect.resumes // NANOSECONDS_PER_SECOND} s before, and paused")
    shared = temporal.shared_traces(edge.cause, edge.effect)
    if shared:
        evidence.append(f"temporal: {shared} shared trace{'s' if shared > 1 else ''}")
    return evidence


def _relation_in_words(edge: GraphEdge) -> str:
    cause, effect = edge.cause.entity.short, edge.effect.entity.short
    if edge.cause.entity == edge.effect.entity:
        return f"both are about {cause}"
    return f"{cause} {' what '.join(_STEPS_IN_WORDS.get(step, step) for step in edge.path)} {effect}"


_STEPS_IN_WORDS = {
    "service": "serves",
    "^service": "is served by",
    "peer": "is blamed by",
    "dns": "resolves names for",
    "cluster": "is of the control plane of",
    "owns": "owns",
    "hosts": "hosts",
    "backs": "backs",
    "mounted_by": "is mounted by",
    "claimed_by": "is claimed by",
    "scales": "scales",
    "routed_by": "is routed to by",
    "called_by": "is called by",
}


def alternatives_of(weighed: Weighed, unit: Entity) -> list[Alternative]:
    """The runners-up, and why each lost."""
    found: list[Alternative] = []
    for other in weighed.units:
        share = weighed.unit_shares[other]
        if other == unit or share < ALTERNATIVE_SHARE_MIN:
            continue
        index = weighed.root_of_unit[other]
        vertex = weighed.vertices[index]
        found.append(
            Alternative(
                entity=str(vertex.entity),
                symptom_class=vertex.key.symptom_class,
                share=round(share, 4),
                why_not=_why_not(weighed, index, unit),
            )
        )
    return found[:ALTERNATIVES_MAX]


def _why_not(weighed: Weighed, index: int, unit: Entity) -> str:
    """Why it lost: to the cause it follows from, to something else it follows from, by being no news, or by how much it explains."""
    vertices, own = weighed.vertices, weighed.vertices[index].unit
    chain = weighed.ancestors(index)
    from_winner = next((place for place, step in enumerate(chain) if vertices[step].unit == unit), None)
    if from_winner is not None:
        weight, edge = weighed.edges[index][chain[0]]
        way = f", by way of {label(vertices[chain[0]])}" if from_winner else ""
        return f"it is explained by {label(vertices[chain[from_winner]])}{way} (rule {edge.rule}, weight {weight:.2f})"
    if weighed.is_ordinary(index):
        return "it is no news: it passed by itself, or happens at this rate all the time"
    shares = f"it explains {weighed.unit_shares[own]:.0%} of the evidence"
    # A unit's own state, inferred from something else, says nothing of why the unit lost.
    foreign = next((step for step in reversed(chain) if vertices[step].unit != own), None)
    if foreign is not None:
        shares += f" and may follow from {label(vertices[foreign])}"
    if vertices[index].number in weighed.doubted:
        shares += ", since what it always brings about did not follow"
    return f"{shares}, {label(vertices[weighed.root_of_unit[unit]])} explains {weighed.unit_shares[unit]:.0%}"
