"""
Why the scheduler found no node: the reason that most nodes gave of those that the pod may run on, read off its message.

The scheduler asks a node for cordons, taints and labels first, and for room only where these fit: a node that says that it has no room
would have been taken.
"""

from re import compile as compile_pattern

_REASON = compile_pattern(r"(\d{1,6}) ([^,]{1,300})").match
_DEVICE_MAKER = compile_pattern(r"insufficient ([a-z0-9.-]{1,253})/").findall
_TAINT_MAKER = compile_pattern(r"untolerated taint \{([a-z0-9.-]{1,253})/").findall
_BEFORE_PREEMPTION = " preemption:"
_AVAILABLE = "nodes are available:"

_OF_THE_POD = (
    ("claim_unbound", ("unbound immediate persistentvolumeclaims",)),
    ("claim_missing", ("persistentvolumeclaim *not found", "non-existent persistentvolume", "persistentvolumeclaim *is being deleted")),
    ("gated", ("scheduling is blocked due to non-empty scheduling gates",)),
    ("no_nodes", ("no nodes available to schedule pods",)),
    ("failing", ("failed to fit in any node", "running *plugin *failed", "running * filter plugin", "context deadline exceeded")),
)
"""What the scheduler says of the pod, whatever the nodes are."""

_OF_NODES = (
    ("insufficient_cpu", ("insufficient cpu",)),
    ("insufficient_memory", ("insufficient memory",)),
    ("insufficient_disk", ("insufficient ephemeral-storage", "insufficient storage")),
    ("too_many_pods", ("too many pods", "insufficient pods")),
    ("insufficient_device", ("insufficient ",)),
    ("volume_elsewhere", ("volume node affinity conflict", "volume zone conflict", "no available volume zone")),
    ("volume_limit", ("max volume count",)),
    ("claim_unbound", ("find available persistent volumes to bind", "not enough free storage")),
    ("pod_anti_affinity", ("anti-affinity rules",)),
    ("pod_affinity", ("pod affinity rules",)),
    ("topology_spread", ("topology spread constraints",)),
    ("node_affinity", ("match pod's node affinity/selector", "match node selector", "match pod's node affinity")),
    ("host_port", ("free ports for the requested pod ports", "host port")),
    ("control_plane", ("taint {node-role.kubernetes.io/control-plane", "taint {node-role.kubernetes.io/master")),
    ("cordoned", ("taint {node.kubernetes.io/unschedulable", "were unschedulable", "was unschedulable")),
    ("node_trouble", ("taint {node.kubernetes.io/", "taint {node.cloudprovider.kubernetes.io/", "were not ready", "was not ready")),
    ("untolerated_taint", ("untolerated taint", "had taint", "had taints that the pod didn't tolerate")),
)
"""What it says of nodes, the more telling before the more general; reasons are told apart by the first that fits."""

_NOT_ELIGIBLE = frozenset({"node_affinity", "control_plane", "cordoned", "node_trouble", "untolerated_taint"})
"""What nodes say that are not asked for more: an obstacle only where no node came further."""

_BACKGROUND = ("cordoned", "control_plane")
"""What nodes say that never take such pods: an obstacle only where most nodes say so and none says anything else so often."""

OBSTACLES = tuple(dict.fromkeys(name for name, _ in (*_OF_THE_POD, *_OF_NODES)))
"""All that `obstacle_in` may answer."""


def obstacle_in(message: str) -> str:
    """
    The obstacle that a message of FailedScheduling tells, in one word; "" where it tells none.

    `message` is in lower case. Of "1 node(s) were unschedulable, 3 Insufficient cpu" it is the second.
    """
    return next(iter(obstacles_in(message)), "")


def obstacles_in(message: str) -> list[str]:
    """What stands in the way at the nodes that came furthest, the one that counts most first."""
    told = message.partition(_BEFORE_PREEMPTION)[0]
    for name, texts in _OF_THE_POD:
        if any(_stands_in(told, text) for text in texts):
            return [name]
    counted: dict[str, int] = {}
    for part in told.partition(_AVAILABLE)[2].split(", "):
        match = _REASON(part.strip())
        if match is not None and (name := _obstacle_of_nodes(match[2])):
            counted[name] = counted.get(name, 0) + int(match[1])
    if "insufficient_device" in counted and not set(_DEVICE_MAKER(told)).isdisjoint(_TAINT_MAKER(told)):
        # Most nodes never have such devices; those that do are tainted by what makes them.
        del counted["insufficient_device"]
    order = {name: place for place, (name, _) in enumerate(_OF_NODES)}
    found = sorted(counted, key=lambda name: (name in _NOT_ELIGIBLE, -counted[name], name in _BACKGROUND, order[name]))
    alike = [name for name in found if (name in _NOT_ELIGIBLE) == (found[0] in _NOT_ELIGIBLE)]
    return [name for place, name in enumerate(alike) if place == 0 or name not in _BACKGROUND]


def _obstacle_of_nodes(reason: str) -> str:
    return next((name for name, texts in _OF_NODES if any(text in reason for text in texts)), "")


def _stands_in(text: str, wanted: str) -> bool:
    at = 0
    for part in wanted.split("*"):
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True
