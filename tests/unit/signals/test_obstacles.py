"""The scheduler counts what each node said first; what stands in a pod's way is what the nodes say that it may run on."""

import pytest

from headwater.signals.obstacles import obstacle_in, obstacles_in

MESSAGES = {
    "0/3 nodes are available: 3 insufficient cpu.": "insufficient_cpu",
    "0/3 nodes are available: 1 node(s) were unschedulable, 2 insufficient memory.": "insufficient_memory",
    "0/3 nodes are available: 3 node(s) didn't match pod's node affinity/selector.": "node_affinity",
    # Nodes that the pod does not ask for, or that are kept for others, are asked about room no more.
    "0/18 nodes are available: 2 insufficient cpu, 16 node(s) didn't match pod's node affinity/selector.": "insufficient_cpu",
    "0/9 nodes are available: 1 too many pods, 8 node(s) had untolerated taint {team: search}.": "too_many_pods",
    "0/9 nodes are available: 1 node(s) had volume node affinity conflict, 8 node(s) had untolerated taint {a: b}.": "volume_elsewhere",
    "0/4 nodes are available: 1 node(s) had untolerated taint {team: search}, 3 node(s) didn't match pod's node affinity/selector.": (
        "node_affinity"
    ),
    "0/18 nodes are available: 1 node(s) were unschedulable, 1 too many pods, 16 node(s) didn't match pod's node affinity/selector. "
    "preemption: 0/18 nodes are available: 1 no preemption victims found for incoming pod, 17 preemption is not helpful.": "too_many_pods",
    # Nodes without devices have too few of them for ever; a taint of whoever makes the devices is on those that have them.
    "0/5 nodes are available: 1 node(s) had untolerated taint {gpu.example/kind: a}, 4 insufficient gpu.example/gpu.": "untolerated_taint",
    "0/5 nodes are available: 1 node(s) had untolerated taint {team: search}, 4 insufficient gpu.example/gpu.": "insufficient_device",
    "all is well": "",
}


@pytest.mark.parametrize("message", MESSAGES)
def test_the_obstacle_is_what_eligible_nodes_say(message: str) -> None:
    assert obstacle_in(message) == MESSAGES[message]


def test_several_obstacles_are_told_where_nodes_came_equally_far() -> None:
    said = (
        "0/4 nodes are available: 1 node(s) had untolerated taint {a: b}, 1 node(s) were unschedulable, 2 node(s) didn't match pod's node "
    )
    assert obstacles_in(said + "affinity/selector.") == ["node_affinity", "untolerated_taint"]
    assert obstacles_in("0/5 nodes are available: 2 insufficient cpu, 1 insufficient memory, 2 node(s) had untolerated taint {a: b}.") == [
        "insufficient_cpu", "insufficient_memory",
    ]  # fmt: skip
    assert obstacles_in("all is well") == []
