"""What changed, version by version and between two instants."""

from headwater.model.objects import ObjectVersion
from headwater.model.times import parse_time
from headwater.service.topology_changes import ChangeRow, changes_since, difference
from headwater.service.topology_view import graph_of

AT = parse_time("2026-01-05T10:00:00Z")
MINUTE = 60_000_000_000
POD = "default/Pod/shop/mysql-0"


def pod(minute: int, *, node: str = "node-a", uid: str = "u1", deleted: bool = False, ready: str = "True") -> ObjectVersion:
    content = {
        "metadata": {"creationTimestamp": "2026-01-05T10:00:00Z", "uid": uid},
        "spec": {"nodeName": node},
        "status": {"conditions": [{"type": "Ready", "status": ready}]},
    }
    return ObjectVersion(
        "Pod",
        "mysql-0",
        "shop",
        uid=uid,
        resource_version=str(minute + 1),
        valid_from=AT + minute * MINUTE,
        deleted=deleted,
        object={} if deleted else content,
    )


def test_each_version_says_which_fields_it_changed() -> None:
    graph = graph_of([pod(0), pod(5, ready="False"), pod(9, deleted=True)])
    assert changes_since(graph, AT, AT + 10 * MINUTE) == [
        ChangeRow("2026-01-05T10:00:00.000Z", "appeared", POD, []),
        ChangeRow("2026-01-05T10:05:00.000Z", "changed", POD, ["status.conditions.[Ready].status"]),
        ChangeRow("2026-01-05T10:09:00.000Z", "gone", POD, []),
    ]
    assert [row.change for row in changes_since(graph, AT + MINUTE, AT + 6 * MINUTE)] == ["changed"]


def test_an_object_that_was_made_again_is_another() -> None:
    graph = graph_of([pod(0), pod(5, uid="u2")])
    assert changes_since(graph, AT + MINUTE, AT + 6 * MINUTE)[0].what == ["made again under the same name"]


def test_two_instants_differ_in_relations_and_existence() -> None:
    nodes = [ObjectVersion("Node", name) for name in ("node-a", "node-b")]
    graph = graph_of([*nodes, pod(0), pod(5, node="node-b")])
    rows = {row.entity: row for row in difference(graph, AT + MINUTE, AT + 6 * MINUTE)}
    assert rows[POD].what == ["+ runs on default/Node//node-b", "- runs on default/Node//node-a"]
    assert set(rows) == {POD, "default/Node//node-a", "default/Node//node-b"}
    assert difference(graph, AT + MINUTE, AT + 2 * MINUTE) == []
    gone = graph_of([pod(0), pod(5, deleted=True)])
    assert ("gone", POD) in [(row.change, row.entity) for row in difference(gone, AT + MINUTE, AT + 6 * MINUTE)]
