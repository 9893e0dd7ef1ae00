"""A kill as a UnifiedEvent: about its pod where it had one, else about its node. Equal kills give equal ids, whoever reads them again."""

from typing import Any, NamedTuple

from headwater.edges.kernel.cgroup_paths import CgroupPlace, place_of
from headwater.edges.kernel.oom_kills import Constraint, OomKill
from headwater.model.event_analysis import CollectorMetadata
from headwater.model.event_contexts import KubernetesContext
from headwater.model.event_layers import EntityContext, KernelData
from headwater.model.event_parts import EventSeverity
from headwater.model.events import UnifiedEvent
from headwater.model.identity import digest
from headwater.model.times import format_time

_MEBIBYTE = 1024 * 1024
_SYSTEM_CALL = "oom_kill"


class Observer(NamedTuple):
    """Who saw it, and where."""

    source: str  # ebpf or kmsg
    node: str
    cluster: str  # empty where there is only one
    boot_id: str


class Moment(NamedTuple):
    """When it happened, by the clock that everybody shares."""

    occurred_at: int
    error: int  # nanoseconds, either way


def oom_event(kill: OomKill, observer: Observer, moment: Moment) -> UnifiedEvent:
    """The event of one kill."""
    place = place_of(kill.cgroup_path)
    return UnifiedEvent(
        id=f"oom-{digest(observer.node, observer.boot_id, str(kill.since_boot), str(kill.pid))}",
        timestamp=format_time(moment.occurred_at),
        type="ebpf",
        source=observer.source,
        category="memory",
        severity=EventSeverity.CRITICAL,
        message=_message(kill),
        entity=None if place.pod_uid else EntityContext(type="node", name=observer.node),
        kernel=KernelData(syscall=_SYSTEM_CALL, pid=kill.pid, uid=kill.user, comm=kill.command),
        k8s_context=_context(place, observer),
        attributes=_attributes(kill, place, moment),
        collector_metadata=CollectorMetadata(id=f"kernel/{observer.node}", type="kernel", node=observer.node),
    )


def _context(place: CgroupPlace, observer: Observer) -> KubernetesContext:
    cluster = observer.cluster or None
    if place.pod_uid:
        return KubernetesContext(kind="Pod", uid=place.pod_uid, node_name=observer.node, cluster_name=cluster)
    return KubernetesContext(kind="Node", name=observer.node, node_name=observer.node, cluster_name=cluster)


def _attributes(kill: OomKill, place: CgroupPlace, moment: Moment) -> dict[str, Any]:
    attributes: dict[str, Any] = {f"memory.{name}_bytes": amount for name, amount in kill.figures}
    if place.container_id:
        attributes["container.id"] = place.container_id
    if kill.constraint is not None:
        attributes["constraint"] = kill.constraint.value
    if kill.limited_path:
        attributes["limit.of"] = place_of(kill.limited_path).level
    if kill.limited is not None:
        attributes["memory.limit_bytes"] = kill.limited.limit
        attributes["memory.usage_bytes"] = kill.limited.usage
    if kill.cgroup_path:
        attributes["cgroup.path"] = kill.cgroup_path
    attributes["time.error_ns"] = moment.error
    return attributes


def _message(kill: OomKill) -> str:
    who = f"the kernel killed {kill.command or 'a process'} (pid {kill.pid})"
    if kill.constraint is Constraint.NODE:
        return f"{who} because the node has no memory left"
    if kill.constraint is not Constraint.CGROUP:
        return f"{who} for want of memory"
    limit = f" of {kill.limited.limit / _MEBIBYTE:.0f} MiB" if kill.limited is not None else ""
    whose = {"container": "its container", "pod": "its pod", "pods": "all pods together"}.get(
        place_of(kill.limited_path or kill.cgroup_path).level, "its cgroup"
    )
    return f"{who} because {whose} reached the memory limit{limit}"
