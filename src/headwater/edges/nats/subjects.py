"""The only subject names of Headwater. Every token that comes from outside is made safe here, so that no id can break out of its place."""

from re import compile as compile_pattern

from headwater.model.entities import Entity
from headwater.model.identity import subject_token, trace_token

TRACES = "traces.>"
TOPOLOGY = "topology.>"
CORRELATIONS = "correlations.>"

RESULTS = "correlations.results"
ALERTS = "correlations.alerts"
REJECTED = "correlations.rejected"

ABSENT = "_"
"""The token of a namespace that an object does not have; no Kubernetes name contains it."""

_SAFE_TRACE_SUBJECT = compile_pattern(r"traces\.([A-Za-z0-9_-]{1,128})\.([A-Za-z0-9_-]{1,128})").fullmatch
_KUBERNETES_NAME = compile_pattern(r"[A-Za-z0-9.-]{1,253}").fullmatch


class BadSubjectError(ValueError):
    """A subject is not `traces.{trace_id}.{source}`."""


def trace_subject(trace_id: str | None, source: str) -> str:
    """Where an event of this trace is published; an absent trace is `none`, an absent source `_`."""
    return f"traces.{trace_token(trace_id)}.{subject_token(source) if source else ABSENT}"


def source_subjects(source: str) -> str:
    """The subjects of all events of a source, of any trace."""
    return f"traces.*.{subject_token(source) if source else ABSENT}"


def parse_trace_subject(subject: str) -> tuple[str, str]:
    """
    The trace and source tokens of a subject.

    A token that other publishers did not make safe is made safe here, so that an event has the same tokens whoever published it.
    Raises BadSubjectError where there are more or fewer tokens.
    """
    match = _SAFE_TRACE_SUBJECT(subject)
    if match:
        return match[1], match[2]
    tokens = subject.split(".")
    if len(tokens) != 3 or tokens[0] != "traces" or not all(tokens):
        raise BadSubjectError(
            f"{subject[:256]!r} has {len(tokens)} tokens where traces.{{trace_id}}.{{source}} has three: "
            "replace dots in the trace id and the source, or hash them"
        )
    return subject_token(tokens[1]), subject_token(tokens[2])


def topology_subject(entity: Entity) -> str:
    """Where versions of this object are published."""
    namespace = object_token(entity.namespace) if entity.namespace else ABSENT
    return f"topology.{object_token(entity.cluster)}.{object_token(entity.kind)}.{namespace}.{object_token(entity.name)}"


def cluster_subjects(cluster: str) -> str:
    """The subjects of all objects of a cluster."""
    return f"topology.{object_token(cluster)}.>"


def object_token(name: str) -> str:
    """A name as one token: dots become `_`, which Kubernetes names cannot contain; any other unusual name is hashed."""
    return name.replace(".", "_") if _KUBERNETES_NAME(name) else subject_token(f"object {name}")


def checkpoint_manifest_subject(domain: str) -> str:
    """Where a domain's checkpoint manifest is: the subject whose last sequence is the fence."""
    return f"correlations.checkpoint.{subject_token(domain)}.manifest"


def checkpoint_part_subject(domain: str, generation: str, index: int) -> str:
    """Where one part of a checkpoint's state is."""
    return f"correlations.checkpoint.{subject_token(domain)}.part.{generation}.{index}"


def checkpoint_parts_subjects(domain: str) -> str:
    """The subjects of all parts of a domain's checkpoints."""
    return f"correlations.checkpoint.{subject_token(domain)}.part.>"
