"""Judging: a connected set of occurrences becomes findings. A pure function of the set, the topology and the knowledge."""

from collections.abc import Callable

import msgspec

from headwater.causes.confidence import certainty, confidence
from headwater.correlation import keys_read
from headwater.correlation.attribution_view import NewsOf, Weighed, always_news, weigh
from headwater.correlation.expectations import doubts
from headwater.correlation.explanation import MEMBERS_LISTED_MAX, Explanation, alternatives_of, edges_of, explain, members_of
from headwater.correlation.glance import is_widespread, may_be_told
from headwater.correlation.impact import impact_of
from headwater.correlation.knowledge import Knowledge
from headwater.correlation.limits import Settings
from headwater.correlation.partition import Tied, partition
from headwater.correlation.pattern import Naming, name_incident
from headwater.correlation.revisions import carried_by
from headwater.correlation.scene import IncidentScene
from headwater.correlation.sequence import read_sequence
from headwater.correlation.vertices import Vertex
from headwater.correlation.wording import dated_sentence, sentence, subject, witness
from headwater.model.identity import digest
from headwater.model.relations import Relation
from headwater.model.results import Cause, CorrelationResult, EngineInfo, RemediationDetails
from headwater.model.severity import Severity
from headwater.model.times import format_time
from headwater.patterns.match import PatternMatch
from headwater.patterns.render import render
from headwater.patterns.unnamed import render_unnamed
from headwater.topology.graph import TopologyGraph

FINALLY = 2**63 - 1
"""The watermark of a judgement after which nothing can come."""

UNCATEGORISED = "uncategorised"
TRACE_IDS_MAX = 16


class Finding(msgspec.Struct, eq=False):
    """
    What is concluded about one fault; `result` has no telling yet.

    Most judgements say nothing new. So `outline` has what decides whether they do, and only where they do is the rest written.
    """

    outline: CorrelationResult
    vertices: list[Vertex]  # all of the fault's part of the component, in their total order
    root: Vertex
    severity: Severity
    share: float  # of the evidence, what the root's unit explains
    may_be_told: bool
    first: int  # nanoseconds: the earliest observation
    last: int
    members: int = 0  # how many the result lists
    awaited_until: int | None = None  # until then an expected effect may come; then it is missing
    write: Callable[[CorrelationResult], CorrelationResult] | None = None  # completes the outline; None once it is complete

    @property
    def result(self) -> CorrelationResult:
        """The whole result."""
        if self.write is not None:
            self.outline, self.write = self.write(self.outline), None
        return self.outline


def judge(
    component: list[Vertex],
    *,
    tied: Tied,
    topology: TopologyGraph,
    knowledge: Knowledge,
    settings: Settings,
    partial: list[str],
    news_of: NewsOf = always_news,
    watermark: int = FINALLY,
) -> list[Finding]:
    """The findings of a connected set of vertices: one per cause. What was to come before the watermark, and did not, is missing."""
    if not any(vertex.is_real for vertex in component):
        return []
    limit = settings.limits.vertices_judged_max
    component, left_out = component[:limit], component[limit:]
    if left_out:
        partial = [*partial, "members"]
    known = doubts(component, rules=knowledge.rules, classes=knowledge.catalogue.classes, watermark=watermark)
    carried = carried_by(component, topology.was_there, news_of)
    share_of = keys_read.shares_as_of(topology)
    weighed = weigh(component, news_of, known.left, carried, share_of)

    def find(part: list[Vertex]) -> Finding:
        of_part = weighed if len(part) == len(component) else weigh(part, news_of, known.left, carried, share_of)
        return _finding(of_part, topology=topology, knowledge=knowledge, settings=settings, partial=partial)

    news = dict(zip((vertex.number for vertex in weighed.vertices), weighed.news, strict=True))

    def can_be_told(part: list[Vertex]) -> bool:
        return may_be_told(part, knowledge.patterns, topology, lambda vertex: news[vertex.number])

    largest, *others = partition(weighed, tied)
    findings: list[Finding] = []
    crumbs: list[Vertex] = []
    for part in others:
        # What would not be told by itself is context of the largest, to which it is connected.
        finding = find(part) if can_be_told(part) else None
        if finding is not None and finding.may_be_told:
            findings.append(finding)
        else:
            crumbs += part
    main = find(largest + crumbs)
    # Too many to judge, they are members all the same: the incident is known by one of them, and lasts as long as the last.
    main.vertices = sorted([*main.vertices, *left_out], key=lambda vertex: vertex.sort_key)
    main.last = max([main.last, *(vertex.last for vertex in left_out if vertex.is_real)])
    findings = [main, *findings]
    for finding in findings:
        # Whichever of them is told: the whole set is judged anew then.
        finding.awaited_until = known.awaited_until
    return findings


def _finding(weighed: Weighed, *, topology: TopologyGraph, knowledge: Knowledge, settings: Settings, partial: list[str]) -> Finding:
    naming, scene = name_incident(weighed, knowledge.patterns, topology)
    case = _Case(weighed, naming, scene, explain(weighed, naming.unit), topology, knowledge)
    explanation, vertices, root = case.explanation, weighed.vertices, case.root
    observed = [vertex for vertex in vertices if vertex.is_real]
    value = _confidence(weighed, naming, explanation)
    severity = naming.match.pattern.severity if naming.match else _severity_of_unnamed(observed)
    outline = CorrelationResult(
        id="", revision=0, status="", reason="", domain=settings.domain,
        fingerprint=digest(settings.domain, str(root.entity), root.key.symptom_class, str(root.onset)),
        type=naming.match.pattern.type if naming.match else UNCATEGORISED,
        pattern=naming.match.pattern.id if naming.match else "",
        also_matches=naming.also_matches,
        severity=severity.wire,
        verdict=certainty(value).value,
        confidence=value,
        root_cause="",
        cause=_cause(root, weighed.unit_shares[naming.unit]),
        impact=impact_of([case.root, *case.explained], topology),
        partial=sorted({*partial, *naming.limits}),
        engine=EngineInfo(version=knowledge.engine_version, rules=knowledge.rules_hash),
    )  # fmt: skip
    return Finding(
        outline=outline,
        vertices=vertices,
        root=root,
        severity=severity,
        share=weighed.unit_shares[naming.unit],
        may_be_told=_may_be_told(weighed, case.real, observed, naming),
        first=min(vertex.first for vertex in observed),
        last=max(vertex.last for vertex in observed),
        members=min(MEMBERS_LISTED_MAX, sum(vertices[v].is_real for v in (*explanation.tree, *explanation.context))),
        write=case.write,
    )


class _Case(msgspec.Struct, eq=False):
    """All that a finding was concluded from, kept until it is written."""

    weighed: Weighed
    naming: Naming
    scene: IncidentScene
    explanation: Explanation
    topology: TopologyGraph
    knowledge: Knowledge
    explained: list[Vertex] = []
    real: list[Vertex] = []  # the observed vertices of the story; where it has none, all that were observed

    def __post_init__(self) -> None:
        vertices = self.weighed.vertices
        self.explained = [vertices[v] for v in self.explanation.tree]
        self.real = [vertex for vertex in self.explained if vertex.is_real] or [vertex for vertex in vertices if vertex.is_real]

    @property
    def root(self) -> Vertex:
        return self.weighed.vertices[self.explanation.root]

    def write(self, outline: CorrelationResult) -> CorrelationResult:
        weighed, explanation, match, real = self.weighed, self.explanation, self.naming.match, self.real
        pattern_members = {self.scene.index_of(s) for members in match.roles.values() for s in members} if match else set()
        remediation, details = _remedy(match, self.root, weighed.vertices, self.topology)
        return msgspec.structs.replace(
            outline,
            root_cause=dated_sentence(self.root, self.topology),
            alternatives=alternatives_of(weighed, self.naming.unit),
            related_events=[sentence(vertex, self.topology) for vertex in self.explained if vertex.is_real],
            members=members_of(weighed, explanation),
            edges=edges_of(weighed, explanation, pattern_members),
            sequence=read_sequence(weighed, explanation.tree, explanation.root, self.knowledge.rules),
            remediation=remediation,
            remediation_details=details,
            trace_ids=sorted({trace for vertex in real for trace in vertex.traces.values()})[:TRACE_IDS_MAX],
            first_seen=format_time(min(vertex.onset for vertex in real)),
            last_seen=format_time(max(vertex.last for vertex in real)),
        )


def _confidence(weighed: Weighed, naming: Naming, explanation: Explanation) -> float:
    vertices = weighed.vertices
    symptoms = {(vertices[v].entity, vertices[v].key.symptom_class) for v in explanation.explained if vertices[v].is_real}
    others = [weighed.unit_shares[unit] for unit in weighed.units if unit != naming.unit]
    return confidence(
        share=weighed.unit_shares[naming.unit],
        runner_up_share=max(others, default=0.0),
        symptoms=len(symptoms),
        modalities=len({vertices[v].symptom_class.modality for v in explanation.explained if vertices[v].is_real}),
        pattern_is_complete=naming.match is not None,
        root_is_latent=not vertices[explanation.root].is_real,
    )


def _severity_of_unnamed(real: list[Vertex]) -> Severity:
    """Where no pattern says how grave it is: as grave as what stands for itself, else a warning; many small things are no great one."""
    return max((vertex.severity for vertex in real if vertex.is_told_alone), default=Severity.WARNING)


def _may_be_told(weighed: Weighed, real: list[Vertex], observed: list[Vertex], naming: Naming) -> bool:
    """
    A complete pattern, three entities (showing or blamed) with four symptoms, or a class that stands for itself, explained or not.

    What happens all the time, or has passed by itself, does not count.
    """
    ordinary = {vertex.number for v, vertex in enumerate(weighed.vertices) if weighed.is_ordinary(v)}
    if naming.match is not None or any(vertex.is_told_alone and vertex.number not in ordinary for vertex in observed):
        return True
    return is_widespread(vertex for vertex in real if vertex.number not in ordinary)


def _cause(root: Vertex, share: float) -> Cause:
    return Cause(
        entity=str(root.entity),
        owner=str(root.unit),
        symptom_class=root.key.symptom_class,
        event_id=found.event_id if (found := witness(root)) is not None else "",
        time=format_time(root.onset),
        mechanism=root.symptom_class.mechanism,
        share=round(share, 4),
    )


def _remedy(found: PatternMatch | None, root: Vertex, vertices: list[Vertex], topology: TopologyGraph) -> tuple[str, RemediationDetails]:
    nodes = topology.related_back(root.entity, Relation.HOSTS, root.onset, root.onset)
    context = {
        "cause.name": root.entity.name,
        "cause.kind": root.entity.kind,
        "cause.namespace": root.entity.namespace,
        "cause.service": topology.display_name(root.entity, root.onset),
        "cause.owner": root.unit.short,
        "cause.owner_kind": root.unit.kind,
        "cause.owner_name": root.unit.name,
        "cause.node": root.entity.name if root.entity.kind == "Node" else (nodes[0].name if nodes else ""),
    }
    if found is None:
        return render_unnamed(context)
    if not root.entity.namespace:
        # What has none, such as a host outside, is looked for where it was missed.
        context["cause.namespace"] = found.anchor.entity.namespace
    for role, sightings in found.roles.items():
        first = min(sightings, key=lambda sighting: (sighting.onset, sighting.key))
        vertex = vertices[int(first.key)]
        context[f"role.{role}.name"] = first.entity.name
        context[f"role.{role}.service"] = subject(vertex, topology)
    return render(found.pattern, context)
