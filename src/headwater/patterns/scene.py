"""What a pattern may ask of an incident: its sightings, where one stands to another, whom it blames and what it follows from."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from headwater.model.entities import Entity


class Sighting(msgspec.Struct, frozen=True):
    """One occurrence as patterns see it; two with the same key are the same occurrence."""

    key: str
    entity: Entity
    unit: Entity  # the fault unit: the workload of a pod or service, else the entity itself
    symptom_class: str
    peer: Entity | None  # whom it blames
    onset: int  # nanoseconds
    last: int
    count: int  # events folded into it
    details: tuple[str, ...] = ()  # the kinds of its class that they told

    @property
    def names(self) -> tuple[str, ...]:
        """By what a condition may call it: its class, or one kind of it as `class/kind`."""
        return names_of(self.symptom_class, self.details)


def names_of(symptom_class: str, details: Sequence[str]) -> tuple[str, ...]:
    """A class, and each kind of it as `class/kind`."""
    return (symptom_class, *[f"{symptom_class}/{detail}" for detail in details]) if details else (symptom_class,)


class Place(StrEnum):
    """
    Where another sighting (`other`) may stand to the one a condition is written for (`here`).

    Relations are taken as of the time of the two sightings. No place holds for a relation the topology does not show, except
    `same_namespace` and `any`.
    """

    SELF = "self"
    """The entity of `other` is the entity of `here`."""
    SAME_UNIT = "same_unit"
    """`other` and `here` have the same fault unit: a workload, its pods and the services it backs are one."""
    OTHER_UNIT = "other_unit"
    """`other` and `here` have different fault units."""
    BLAMES_OUTSIDE = "blames_outside"
    """`other` blames something that is not of the cluster."""
    SERVICE_OF = "service_of"
    """`other` is about a Service that the entity of `here` backs, or about something that backs a Service `here` backs."""
    NODE_OF = "node_of"
    """`other` is about a Node that hosts the pod of `here`, or a pod of its workload or service."""
    ON_NODE = "on_node"
    """`here` is about a Node; `other` is about a pod it hosts, or about a workload or Service with a pod there."""
    SAME_NODE = "same_node"
    """A pod of `other` and a pod of `here` are hosted by one node (a pod stands for itself)."""
    MOUNTED_BY = "mounted_by"
    """`here` is about a ConfigMap, Secret or PersistentVolumeClaim; the fault unit of `other` mounts or reads it."""
    MOUNTS = "mounts"
    """The reverse: `other` is about a ConfigMap, Secret or PersistentVolumeClaim that the fault unit of `here` mounts or reads."""
    LINKED = "linked"
    """The services `other` is about or blames, and those `here` is about or blames, have one in common."""
    CLUSTER_DNS = "cluster_dns"
    """`other` is about the cluster DNS: its Service, workload or a pod of it."""
    SAME_NAMESPACE = "same_namespace"
    """`other` and `here` are in one namespace of one cluster."""
    ANY = "any"
    """Anywhere in the incident."""


class Scene(Protocol):
    """One incident, as patterns see it."""

    @property
    def sightings(self) -> Sequence[Sighting]:
        """The real (not virtual) occurrences of the incident, by (onset, key)."""
        ...

    def is_at(self, place: str, anchor: Sighting, other: Sighting) -> bool:
        """Whether `other` stands at this place of `anchor` (the `here` of Place)."""
        ...

    def blames(self, other: Sighting, blamed: Sighting) -> bool:
        """Whether the peer of `other` is the entity of `blamed`, or a Service that it, its unit or (of a Node) one of its pods backs."""
        ...

    def follows(self, cause: Sighting, effect: Sighting) -> bool:
        """Whether `effect` descends from `cause`, or from an inferred state of its fault unit, in the explanation of the incident."""
        ...
