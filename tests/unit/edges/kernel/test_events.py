"""A kill becomes an event about its pod, or its node; the engine's own reading of it is asked, since that is what counts."""

from functools import cache

import pytest

from headwater.edges.kernel.events import Moment, Observer, oom_event
from headwater.edges.kernel.oom_kills import CgroupMemory, Constraint, OomKill
from headwater.model.events import print_event, validate_event
from headwater.model.observations import decode_observation
from headwater.service.engine import load_knowledge
from headwater.signals.catalogue import Catalogue

UID = "11111111-2222-3333-4444-555555555555"
CONTAINER = "ab" * 32
PATH = f"/kubepods/burstable/pod{UID}/{CONTAINER}"
NOW = 1_767_607_200_000_000_000
OBSERVER = Observer("ebpf", "node-a", "", "boot-1")
KILL = OomKill(
    since_boot=7_329_132_855_968,
    pid=31389,
    command="mysqld",
    user=999,
    constraint=Constraint.CGROUP,
    cgroup_path=PATH,
    limited_path=PATH,
    limited=CgroupMemory(PATH, 31_457_280, 31_457_280),
    figures=(("total_vm", 42_225_664),),
)


@cache
def catalogue() -> Catalogue:
    return load_knowledge("").catalogue


def symptoms(kill: OomKill, observer: Observer = OBSERVER) -> list[tuple[str, str, str]]:
    """What the engine makes of it: class, scheme and name of whom it is about."""
    data = print_event(oom_event(kill, observer, Moment(NOW, 500)))
    validate_event(data)
    found = catalogue().symptoms_of(decode_observation(data), data, occurred_at=NOW, trace_id="")
    return [(symptom.symptom_class, symptom.about.scheme, symptom.about.name) for symptom in found]


def test_a_kill_in_a_container_is_about_its_pod_by_uid() -> None:
    event = oom_event(KILL, OBSERVER, Moment(NOW, 500))
    assert (event.type, event.source, event.timestamp) == ("ebpf", "ebpf", "2026-01-05T10:00:00.000Z")
    assert event.kernel is not None
    assert (event.kernel.syscall, event.kernel.comm, event.kernel.pid, event.kernel.uid) == ("oom_kill", "mysqld", 31389, 999)
    assert event.k8s_context is not None
    assert (event.k8s_context.kind, event.k8s_context.uid, event.k8s_context.node_name) == ("Pod", UID, "node-a")
    assert event.message == "the kernel killed mysqld (pid 31389) because its container reached the memory limit of 30 MiB"
    assert event.attributes == {
        "container.id": CONTAINER,
        "constraint": "CONSTRAINT_MEMCG",
        "limit.of": "container",
        "memory.total_vm_bytes": 42_225_664,
        "memory.limit_bytes": 31_457_280,
        "memory.usage_bytes": 31_457_280,
        "cgroup.path": PATH,
        "time.error_ns": 500,
    }
    assert symptoms(KILL) == [("kernel.oom", "uid", UID)]


def test_a_node_without_memory_is_told_beside_the_pod_that_paid_for_it() -> None:
    kill = KILL._replace(constraint=Constraint.NODE, limited_path="", limited=None)
    assert sorted(symptoms(kill)) == [("kernel.oom", "uid", UID), ("node.sysoom", "Node", "node-a")]


def test_a_process_of_no_pod_is_told_of_its_node() -> None:
    kill = KILL._replace(cgroup_path="/system.slice/kubelet.service", limited_path="/system.slice/kubelet.service", limited=None)
    assert symptoms(kill) == [("kernel.oom", "Node", "node-a")]


@pytest.mark.parametrize("constraint", [*Constraint, None])
def test_every_constraint_has_words_and_is_a_kill(constraint: Constraint | None) -> None:
    kill = KILL._replace(constraint=constraint)
    assert oom_event(kill, OBSERVER, Moment(NOW, 0)).message
    assert ("kernel.oom", "uid", UID) in symptoms(kill)


def test_the_cluster_is_named_where_it_has_a_name() -> None:
    context = oom_event(KILL, OBSERVER._replace(cluster="production"), Moment(NOW, 0)).k8s_context
    assert context is not None
    assert context.cluster_name == "production"


def test_the_same_kill_has_the_same_id_and_another_has_another() -> None:
    def identity(kill: OomKill = KILL, observer: Observer = OBSERVER, at: int = NOW) -> str:
        return oom_event(kill, observer, Moment(at, 0)).id

    assert identity() == identity(at=NOW + 5)
    others = [
        identity(KILL._replace(pid=1)),
        identity(KILL._replace(since_boot=1)),
        identity(observer=OBSERVER._replace(boot_id="boot-2")),
        identity(observer=OBSERVER._replace(node="node-b")),
    ]
    assert len({identity(), *others}) == 5
