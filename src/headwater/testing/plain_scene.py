"""A Scene over plainly stated relations, so that the matcher can be tried without a topology."""

from collections.abc import Iterable, Sequence

from headwater.model.entities import CLUSTER_SCOPED_KINDS, DEFAULT_CLUSTER, Entity
from headwater.model.times import seconds
from headwater.patterns.scene import Place, Sighting


def entity(text: str) -> Entity:
    """The entity called `Kind/name`, in the namespace `shop`."""
    kind, name = text.split("/")
    return Entity(DEFAULT_CLUSTER, kind, "" if kind in CLUSTER_SCOPED_KINDS else "shop", name)


def sighting(
    symptom_class: str,
    about: str,
    at: float = 0,
    *,
    unit: str = "",
    peer: str = "",
    count: int = 1,
    lasts: float = 0,
    details: tuple[str, ...] = (),
) -> Sighting:
    """A sighting `at` so many seconds, that lasts so many; things are called `Kind/name`."""
    return Sighting(
        key=f"{at:09.3f} {about} {symptom_class} {peer}",
        entity=entity(about),
        unit=entity(unit or about),
        symptom_class=symptom_class,
        peer=entity(peer) if peer else None,
        onset=seconds(at),
        last=seconds(at + lasts),
        count=count,
        details=details,
    )


class PlainScene:
    """
    Sightings and their relations: `places` as (place, here, there), `backs` as (backing, service), things called `Kind/name`.

    `follows` are pairs of classes: every sighting of the second follows from every one of the first.
    """

    def __init__(
        self,
        sightings: Iterable[Sighting],
        *,
        places: Iterable[tuple[str, str, str]] = (),
        backs: Iterable[tuple[str, str]] = (),
        follows: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.sightings: Sequence[Sighting] = tuple(sightings)
        self._places = {(place, entity(here), entity(there)) for place, here, there in places}
        self._backs = {(entity(backing), entity(service)) for backing, service in backs}
        self._follows = set(follows)

    def is_at(self, place: str, anchor: Sighting, other: Sighting) -> bool:
        """By entity and unit where that decides it, else as stated."""
        if place == Place.SELF:
            return anchor.entity == other.entity
        if place == Place.SAME_UNIT:
            return anchor.unit == other.unit
        if place == Place.OTHER_UNIT:
            return anchor.unit != other.unit
        if place == Place.BLAMES_OUTSIDE:
            return other.peer is not None and other.peer.kind == "External"
        return (place, anchor.entity, other.entity) in self._places

    def blames(self, other: Sighting, blamed: Sighting) -> bool:
        """Whether the peer is the blamed entity, or a service it backs."""
        return other.peer is not None and (other.peer == blamed.entity or (blamed.entity, other.peer) in self._backs)

    def follows(self, cause: Sighting, effect: Sighting) -> bool:
        """As stated, by class."""
        return (cause.symptom_class, effect.symptom_class) in self._follows
