"""What to do about an incident that no pattern names: look, and change nothing yet."""

from collections.abc import Mapping

from headwater.model.results import RemediationDetails
from headwater.patterns.render import fill, is_applicable
from headwater.patterns.schema import Template, TextField

_REMEDY = Template("look at {cause.owner}; no known pattern says what to do about it")
_STEPS = (
    Template("Read what {cause.owner} says of itself, and what changed there last."),
    Template("Ask of each alternative whether it would explain more of what you see."),
)
_COMMANDS = tuple(
    Template(text, TextField.COMMAND)
    for text in (
        "kubectl -n {cause.namespace} describe {cause.kind} {cause.name}",
        "kubectl -n {cause.namespace} logs {cause.owner} --since=15m",
        "kubectl -n {cause.namespace} rollout history {cause.owner}",
        "kubectl -n {cause.namespace} get events --sort-by=.lastTimestamp",
    )
)
_RISK = "None; these only read."


def render_unnamed(context: Mapping[str, str]) -> tuple[str, RemediationDetails]:
    """The one-line remedy and its details, of commands that read and apply to what the cause is."""
    commands = [command for command in _COMMANDS if is_applicable(command, context)]
    if not context.get("cause.namespace"):
        commands = [
            Template(command.text.replace("-n {cause.namespace} get", "get --all-namespaces"), command.field) for command in commands
        ]
        commands = [Template(command.text.replace("-n {cause.namespace} ", ""), command.field) for command in commands]
    details = RemediationDetails(
        steps=[fill(step, context) for step in _STEPS],
        commands=[fill(command, context) for command in commands],
        risk=_RISK,
    )
    return fill(_REMEDY, context), details
