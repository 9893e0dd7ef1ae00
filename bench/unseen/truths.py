"""What failed in a story, the stories themselves, and which half each belongs to."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
from bench.unseen.clusters import Application

if TYPE_CHECKING:
    from bench.unseen.telemetry import Recording

SHOWN, KEPT = "shown", "kept"


FAULT_CLASSES = {
    "resource": ("out_of_memory", "memory_pressure"),
    "image": ("image_not_found", "image_pull_denied", "image_rate_limited", "image_unusable"),
    "config": ("config_error", "missing_config", "credentials_rotated", "bad_command", "init_failure"),
    "probe": ("probe_misconfigured", "startup_too_slow"),
    "code": ("bad_rollout",),
    "crash": ("crash_loop", "job_failure", "leader_lost", "database_failover"),
    "node": (
        "node_down", "kubelet_down", "runtime_down", "node_reboot", "node_drain", "zone_outage", "disk_pressure", "node_kernel_fault",
        "node_disk_fault", "node_network_fault", "process_ids_exhausted", "clock_skew", "conntrack_exhaustion", "files_exhausted",
    ),
    "network": (
        "dns_failure", "network_policy", "certificate", "service_selector", "service_port", "mesh_policy", "access_denied",
        "ingress_refused", "pod_network_failure",
    ),
    "waiting": ("slow_service", "lock_contention", "pool_exhaustion"),
    "storage": ("volume_full", "volume_attach", "claim_class_missing"),
    "scheduling": ("quota", "unschedulable", "untolerated_taint", "webhook_unanswered", "scaled_too_low"),
    "load": ("cpu_throttling", "noisy_neighbour", "retry_storm", "thundering_herd", "autoscaler_maxed", "queue_backlog"),
    "outside": ("external_outage",),
}  # fmt: skip
"""Mechanisms, and what kind of thing each is."""


class Truth(msgspec.Struct, frozen=True):
    """What somebody who knows all would say: the app, node, zone, namespace or host that failed, and how."""

    object: str
    fault_type: str
    object_kind: str = "app"

    @property
    def fault_class(self) -> str:
        """The class of the type."""
        return next(name for name, types in FAULT_CLASSES.items() if self.fault_type in types)


class Story(msgspec.Struct, frozen=True):
    """One failure and how it is told."""

    name: str
    family: str
    application: Application
    truth: Truth
    tell: Callable[["Recording"], None]
    has_decoy: bool
    volume: int = 1

    @property
    def case(self) -> str:
        """The name of its case, which says nothing."""
        of_volume = "" if self.volume == 1 else f"{self.volume}-"
        return f"uns-{of_volume}{sha256(self.name.encode()).hexdigest()[:8]}"


STORIES: dict[str, Story] = {}


def story(
    application: Application, family: str, truth: Truth, *, decoy: bool = False, volume: int = 1
) -> Callable[[Callable[["Recording"], None]], Callable[["Recording"], None]]:
    """Register a story under the name of its function."""

    def register(tell: Callable[["Recording"], None]) -> Callable[["Recording"], None]:
        name = tell.__name__
        assert name not in STORIES, name
        STORIES[name] = Story(name, family, application, truth, tell, decoy, volume)
        return tell

    return register


def halves(stories: Iterable[Story]) -> dict[str, str]:
    """Which half each story is in, by its name: of each family every other one, in an order that says nothing."""
    families: dict[str, list[Story]] = defaultdict(list)
    for each in stories:
        families[each.family].append(each)
    found: dict[str, str] = {}
    for family, members in sorted(families.items()):
        first = sha256(family.encode()).digest()[0] % 2
        for place, each in enumerate(sorted(members, key=lambda each: each.case)):
            found[each.name] = (SHOWN, KEPT)[(place + first) % 2]
    return found
