"""What one version of an object says about relations and names. Versions with equal facts leave the graph as it is."""

import msgspec

from headwater.model.entities import Entity
from headwater.model.relations import Relation
from headwater.topology.targets import PodTraits, Target

Edge = tuple[Relation, Entity, Entity]
"""A relation `from → to`."""


class Facts(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The part of a version that the graph reads."""

    uid: str = ""
    labels: dict[str, str] = {}
    manifest_uid: str = ""  # of a static pod: its kubelet knows it by this uid, the API server by the other
    owner: Entity | None = None  # its controller
    edges: tuple[Edge, ...] = ()  # what the version says by itself
    mounts: tuple[Entity, ...] = ()  # what its pods mount or read
    selector: tuple[tuple[str, str], ...] = ()
    template_labels: dict[str, str] = {}  # of the pods a workload makes
    addresses: tuple[str, ...] = ()  # that lead to it
    containers: tuple[str, ...] = ()
    service: Entity | None = None  # whose endpoints it lists
    is_finished: bool = False  # a pod that will not run again
    is_headless: bool = False  # a service without an address of its own
    traits: PodTraits | None = None  # of a pod, or of the pods a workload makes
    targets: tuple[Target, ...] = ()  # whom it limits


def sharing(facts: Facts, others: Facts | None) -> Facts:
    """Equal facts that hold what they have in common with others in common: most versions of an object differ in one thing."""
    if others is None:
        return facts
    if facts == others:
        return others
    said = [(getattr(facts, name), getattr(others, name)) for name in Facts.__struct_fields__]
    return Facts(*[other if one == other else one for one, other in said])


APP_LABELS = ("app.kubernetes.io/name", "app")
"""The labels that name a service, best first."""

DNS_LABEL = ("k8s-app", "kube-dns")


def app_name(labels: dict[str, str]) -> str:
    """The service name that labels give, empty where they give none."""
    return labels.get("app.kubernetes.io/name") or labels.get("app") or ""


def app_names(facts: Facts) -> list[str]:
    """All names that labels, selector or template of an object give to a service."""
    names = [labels[key] for labels in (facts.labels, facts.template_labels) for key in APP_LABELS if labels.get(key)]
    names += [value for key, value in facts.selector if key in APP_LABELS and value]
    return names
