"""Rendering: prose reads well, and no value can leave its word of a command."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.model.severity import Severity
from headwater.patterns.render import VALUE_CHARACTERS_MAX, fill, is_applicable, render
from headwater.patterns.schema import Pattern, Template, TextField


def test_prose_takes_values_as_they_are() -> None:
    assert fill(Template("increase {cause.service} memory limits"), {"cause.service": "mysql"}) == "increase mysql memory limits"


def test_prose_has_a_word_for_what_is_not_known() -> None:
    assert (
        fill(Template("restart {cause.owner} on {cause.node}, {role.x.odd}"), {"cause.node": " "}) == "restart the workload on the node, it"
    )


def test_values_lose_control_characters_and_their_tail() -> None:
    filled = fill(Template("{cause.name}"), {"cause.name": "\x1b[31mred\n" + "x" * 999})
    assert filled.startswith("[31mredxxx")
    assert len(filled) == VALUE_CHARACTERS_MAX


def test_a_command_names_what_must_be_completed() -> None:
    assert fill(Template("kubectl -n {cause.namespace} get pods", TextField.COMMAND), {}) == "kubectl -n '<namespace>' get pods"


@given(st.text(max_size=300))
def test_a_value_stays_one_word_of_its_command_and_no_option(value: str) -> None:
    words = shlex.split(fill(Template("kubectl get pod {cause.name} now", TextField.COMMAND), {"cause.name": value}))
    assert len(words) == 5
    assert words[-1] == "now"
    assert not words[3].startswith("-")


def test_a_pattern_is_rendered_whole() -> None:
    pattern = Pattern(
        id="p",
        type="t",
        summary="s",
        severity=Severity.HIGH,
        anchor=("kernel.oom",),
        roles=(),
        exclusions=(),
        roots=(),
        complete_at=0,
        remediation=Template("mend {cause.name}"),
        steps=(Template("look at {cause.name}"),),
        commands=(Template("kubectl get pod {cause.name}", TextField.COMMAND),),
        risk="none",
        tests=(),
    )
    remediation, details = render(pattern, {"cause.name": "a"})
    assert remediation == "mend a"
    assert (details.steps, details.commands, details.risk) == (["look at a"], ["kubectl get pod a"], "none")


@pytest.mark.parametrize(
    ("command", "kind", "owner_kind", "applies"),
    [
        ("kubectl -n {cause.namespace} rollout undo {cause.owner}", "Pod", "Deployment", True),
        ("kubectl -n {cause.namespace} rollout undo {cause.owner}", "Service", "Service", False),
        ("kubectl -n {cause.namespace} rollout undo {cause.owner}", "Pod", "Job", False),
        ("kubectl -n {cause.namespace} rollout undo {cause.owner}", "", "", True),
        ("kubectl -n {cause.namespace} scale {cause.owner} --replicas=MORE_REPLICAS", "Pod", "DaemonSet", False),
        ("kubectl -n {cause.namespace} set resources {cause.owner} --limits=cpu=NEW_LIMIT", "Pod", "Pod", False),
        ("kubectl -n {cause.namespace} logs {cause.owner} --since=15m", "Service", "Service", True),
        ("kubectl -n {cause.namespace} logs {cause.owner} --since=15m", "Node", "Node", False),
        ("kubectl -n {cause.namespace} describe {cause.owner}", "Node", "Node", True),
        ("kubectl -n {cause.namespace} logs {cause.name} --previous", "Pod", "Deployment", True),
        ("kubectl -n {cause.namespace} logs {cause.name} --previous", "Service", "Deployment", False),
        ("kubectl -n {cause.namespace} describe pod {cause.name}", "Service", "Deployment", False),
        ("kubectl -n {cause.namespace} describe {cause.kind} {cause.name}", "ConfigMap", "ConfigMap", True),
        ("kubectl -n {cause.namespace} describe {cause.kind} {cause.name}", "External", "External", False),
        ("kubectl -n {cause.namespace} describe {cause.owner}", "Registry", "Registry", False),
        ("kubectl cordon {cause.name}", "Node", "Node", True),
        ("kubectl cordon {cause.name}", "Pod", "Deployment", False),
    ],
)
def test_a_command_that_kubectl_would_refuse_for_this_kind_is_left_out(command: str, kind: str, owner_kind: str, *, applies: bool) -> None:
    context = {"cause.kind": kind, "cause.owner_kind": owner_kind}
    assert is_applicable(Template(command, TextField.COMMAND), context) == applies
