"""An incident that no pattern names still says where to look, and nothing that would change anything."""

import shlex

from headwater.patterns.unnamed import render_unnamed

POD = {
    "cause.name": "cart-1", "cause.kind": "Pod", "cause.namespace": "shop", "cause.owner": "Deployment/cart",
    "cause.owner_kind": "Deployment", "cause.owner_name": "cart",
}  # fmt: skip
NODE = {"cause.name": "n1", "cause.kind": "Node", "cause.namespace": "", "cause.owner": "Node/n1", "cause.owner_kind": "Node"}


def test_it_names_where_to_look_in_commands_that_only_read() -> None:
    remedy, details = render_unnamed(POD)
    assert remedy.startswith("look at Deployment/cart")
    assert details.commands[:2] == ["kubectl -n shop describe Pod cart-1", "kubectl -n shop logs Deployment/cart --since=15m"]
    assert all({"describe", "logs", "history", "get"} & set(shlex.split(command)) for command in details.commands)


def test_what_has_no_namespace_or_logs_is_not_asked_for_them() -> None:
    _, details = render_unnamed(NODE)
    assert details.commands == ["kubectl describe Node n1", "kubectl get --all-namespaces events --sort-by=.lastTimestamp"]
