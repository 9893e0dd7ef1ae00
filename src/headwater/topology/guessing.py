"""Who may own a pod that only its name is known of: controllers name their pods after themselves."""

from re import compile as compile_pattern

from headwater.model.entities import Entity

_GENERATED = compile_pattern(r"(.{1,248})-[bcdfghjklmnpqrstvwxz2456789]{5}").fullmatch
"""Kubernetes draws five of these characters, which spell no words."""
_NUMBERED = compile_pattern(r"(.{1,248})-(?:0|[1-9]\d{0,5})").fullmatch


def possible_owners(pod: Entity) -> tuple[Entity, ...]:
    """The ReplicaSet, DaemonSet or Job, or the StatefulSet, that would name its pod so, the likeliest first."""
    generated, numbered = _GENERATED(pod.name), _NUMBERED(pod.name)
    owners = [pod._replace(kind=kind, name=generated.group(1)) for kind in ("ReplicaSet", "DaemonSet", "Job")] if generated else []
    return (*owners, *([pod._replace(kind="StatefulSet", name=numbered.group(1))] if numbered else []))
