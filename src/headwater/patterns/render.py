"""A pattern's advice with the incident's names put in: text only, never executed, and no value can leave its word of a command."""

import shlex
from collections.abc import Mapping
from itertools import pairwise
from re import compile as compile_pattern

from headwater.model.results import RemediationDetails
from headwater.patterns.schema import Pattern, Template, TextField

VALUE_CHARACTERS_MAX = 253
"""The longest name Kubernetes allows; longer values are cut."""

FALLBACKS: Mapping[str, str] = {
    "name": "the cause", "kind": "the kind", "namespace": "the namespace", "service": "the service", "owner": "the workload",
    "owner_kind": "the workload's kind", "owner_name": "the workload", "node": "the node",
}  # fmt: skip
"""What prose says for a value that is not known, by the last part of the placeholder."""

_ROLLED = frozenset({"Deployment", "StatefulSet", "DaemonSet"})

_OWNERS: Mapping[str, frozenset[str]] = {
    "rollout": _ROLLED,
    "set": _ROLLED,
    "scale": frozenset({"Deployment", "StatefulSet", "ReplicaSet"}),
    "logs": _ROLLED | {"ReplicaSet", "Job", "Pod", "Service"},
}
"""The kinds of workload that a verb of kubectl takes."""

_NAMED_BY_VERB: Mapping[str, str] = {"logs": "pod", "cordon": "node", "uncordon": "node", "drain": "node"}
"""The kind of what a verb takes by its name alone."""

_NOT_OBJECTS = frozenset({"external", "registry", "zone"})
"""Kinds of causes that no API server knows."""

_PLACEHOLDER = compile_pattern(r"\{([^{}]*)\}")


def placeholders_of(template: Template) -> tuple[str, ...]:
    """The names in braces, as they stand."""
    return tuple(_PLACEHOLDER.findall(template.text))


def fill(template: Template, context: Mapping[str, str]) -> str:
    """The template with its values. Absent ones become a word in prose and `<node>` in a command, which then wants completing."""

    def value_of(name: str) -> str:
        value = "".join(character for character in context.get(name, "") if character.isprintable())[:VALUE_CHARACTERS_MAX].strip()
        field = name.rsplit(".", 1)[-1]
        if template.field is TextField.PROSE:
            return value or FALLBACKS.get(field, "it")
        # A value that began with a dash would be read as an option.
        return shlex.quote(value.lstrip("-") or f"<{field.replace('_', '-')}>")

    return _PLACEHOLDER.sub(lambda found: value_of(found.group(1)), template.text)


def is_applicable(command: Template, context: Mapping[str, str]) -> bool:
    """Whether kubectl would take the command for a cause of this kind; what is not known may still be of the right one."""
    kind, owner_kind = context.get("cause.kind", "").lower(), context.get("cause.owner_kind", "")
    words = command.text.split()
    if ("{cause.kind}" in words and kind in _NOT_OBJECTS) or ("{cause.owner}" in words and owner_kind.lower() in _NOT_OBJECTS):
        return False
    for before, word in pairwise(words):
        if word == "{cause.name}" and kind and before != "{cause.kind}" and _NAMED_BY_VERB.get(before, before) != kind:
            return False
    if "{cause.owner}" in words and owner_kind:
        return all(owner_kind in kinds for verb, kinds in _OWNERS.items() if verb in words)
    return True


def render(pattern: Pattern, context: Mapping[str, str]) -> tuple[str, RemediationDetails]:
    """The one-line remedy and its details: steps and the commands that apply, least risky first, and the risk."""
    details = RemediationDetails(
        steps=[fill(step, context) for step in pattern.steps],
        commands=[fill(command, context) for command in pattern.commands if is_applicable(command, context)],
        risk=pattern.risk,
    )
    return fill(pattern.remediation, context), details
