"""CorrelationResult: one published revision of an incident, a superset of the seed's fields (schema in model/schemas/)."""

from typing import Any

import msgspec

SCHEMA_VERSION = 1


class Cause(msgspec.Struct, omit_defaults=True):
    """The root cause, structured."""

    entity: str
    owner: str  # the fault unit: the workload of a pod or service, else the entity itself
    symptom_class: str = msgspec.field(name="class")
    event_id: str = ""
    time: str = ""
    mechanism: str = ""  # the class in words
    share: float = 0.0  # of the evidence, what the fault unit explains


class Alternative(msgspec.Struct):
    """A runner-up, and why it lost."""

    entity: str
    symptom_class: str = msgspec.field(name="class")
    share: float = 0.0
    why_not: str = ""


class Member(msgspec.Struct):
    """One occurrence of the incident."""

    entity: str
    symptom_class: str = msgspec.field(name="class")
    peer: str = ""
    role: str = "symptom"  # root, cause (on the way), symptom, context (connected, but not explained by the root, or no news)
    text: str = ""
    first_seen: str = ""
    last_seen: str = ""
    count: int = 1
    count_is_estimated: bool = False
    severity: str = "warning"
    event_ids: list[str] = []
    sources: list[str] = []
    novelty: str | msgspec.UnsetType = msgspec.UNSET  # of a log line that is new: since when, and how long it was not there before


class Edge(msgspec.Struct):
    """One step of the explanation: cause → effect, who proposed it and on what evidence."""

    cause: str  # `entity class`
    effect: str
    rule: str
    correlators: list[str]  # which of kubernetes, temporal, sequence, pattern stand behind it
    lag_seconds: float
    weight: float
    evidence: list[str]  # readable: the relation path, the lag window, shared traces
    # Two occurrences may be of one entity and class: the cause's place in `members`, or a number below 0 for an inferred state.
    cause_member: int | None = None
    effect_member: int | None = None


class Impact(msgspec.Struct):
    """Who is affected."""

    services: list[str] = []  # in causal order, root first
    pods: int = 0  # all pods of the affected workloads at the time
    workloads: list[str] = []
    nodes: list[str] = []
    namespaces: list[str] = []


class RemediationDetails(msgspec.Struct):
    """What to do, least risky first. Never executed."""

    steps: list[str] = []
    commands: list[str] = []
    risk: str = ""


class SequenceReading(msgspec.Struct):
    """What the sequence correlator read off the explanation."""

    is_cascade: bool = False
    onset: str = ""
    depth: int = 0  # service hops from the root
    width: int = 0  # distinct services
    expected_next: list[str] = []


class EngineInfo(msgspec.Struct):
    """Which engine said it, with which rules, from which inputs."""

    version: str = ""
    rules: str = ""
    input: str = ""  # the stream sequence the revision was judged at; telling, not finding


class CorrelationResult(msgspec.Struct):
    """
    A finding and its telling.

    Telling: id, revision, supersedes, status, final, reason, late, merged_into, split_from, recurrence_of, detected_at,
    detection_delay_ms, anchor, engine.input. All else is the finding, a pure function of the set of observations.
    """

    id: str
    fingerprint: str
    revision: int
    status: str  # open, resolved, merged, retracted
    reason: str
    type: str
    severity: str
    verdict: str  # confirmed, likely, inconclusive
    confidence: float
    root_cause: str
    cause: Cause
    schema_version: int = SCHEMA_VERSION
    domain: str = "default"
    supersedes: int = 0  # the revision this one replaces, 0 for the first
    final: bool = False
    late: bool = False
    merged_into: str = ""
    split_from: str = ""
    recurrence_of: str = ""
    partial: list[str] = []
    pattern: str = ""
    also_matches: list[str] = []
    related_events: list[str] = []
    impact: Impact = msgspec.field(default_factory=Impact)
    remediation: str = ""
    remediation_details: RemediationDetails = msgspec.field(default_factory=RemediationDetails)
    alternatives: list[Alternative] = []
    members: list[Member] = []
    edges: list[Edge] = []
    sequence: SequenceReading = msgspec.field(default_factory=SequenceReading)
    trace_ids: list[str] = []
    first_seen: str = ""
    last_seen: str = ""
    detected_at: str = ""
    detection_delay_ms: int = 0
    anchor: list[str] = []  # the observation that the id stands for: about, class, peer, time in ns, hash; `usual` for usual lines
    engine: EngineInfo = msgspec.field(default_factory=EngineInfo)


TELLING_FIELDS = frozenset(
    {
        "id", "revision", "supersedes", "status", "final", "reason", "late", "merged_into", "split_from", "recurrence_of",
        "detected_at", "detection_delay_ms",
        "anchor",
    }
)  # fmt: skip

_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(CorrelationResult)


def encode_result(result: CorrelationResult) -> bytes:
    """The result as JSON: equal results give equal bytes."""
    return _ENCODER.encode(result)


def decode_result(data: bytes) -> CorrelationResult:
    """The result in these bytes. Raises msgspec.MsgspecError where they are none."""
    return _DECODER.decode(data)


def finding_bytes(result: CorrelationResult) -> bytes:
    """The finding without its telling, canonical: what order-free tests and replay compare."""
    content: dict[str, Any] = msgspec.to_builtins(result)
    for name in TELLING_FIELDS:
        del content[name]
    del content["engine"]["input"]
    return _ENCODER.encode(content)
