"""A small Scene over plain relations, for the matcher's tests."""

from collections.abc import Iterable, Sequence

from headwater.model.entities import Entity
from headwater.patterns.scene import Place, Sighting

SECOND = 1_000_000_000


def entity(text: str) -> Entity:
    kind, name = text.split("/")
    return Entity("default", kind, "" if kind == "Node" else "shop", name)


def sighting(
    symptom_class: str, about: str, at: float = 0, *, unit: str = "", peer: str = "", count: int = 1, lasts: float = 0
) -> Sighting:
    onset = round(at * SECOND)
    return Sighting(
        key=f"{about}|{symptom_class}|{peer}|{onset}",
        entity=entity(about),
        unit=entity(unit or about),
        symptom_class=symptom_class,
        peer=entity(peer) if peer else None,
        onset=onset,
        last=onset + round(lasts * SECOND),
        count=count,
    )


class PlainScene:
    """Relations as sets of pairs of `Kind/name`; `follows` as pairs of classes."""

    def __init__(
        self,
        sightings: Iterable[Sighting],
        *,
        places: Iterable[tuple[str, str, str]] = (),
        backs: Iterable[tuple[str, str]] = (),
        follows: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._sightings = list(sightings)
        self._places = {(place, entity(here), entity(there)) for place, here, there in places}
        self._backs = {(entity(backing), entity(service)) for backing, service in backs}
        self._follows = set(follows)

    @property
    def sightings(self) -> Sequence[Sighting]:
        return self._sightings

    def is_at(self, place: str, anchor: Sighting, other: Sighting) -> bool:
        if place == Place.SELF:
            return anchor.entity == other.entity
        if place == Place.SAME_UNIT:
            return anchor.unit == other.unit
        if place == Place.OTHER_UNIT:
            return anchor.unit != other.unit
        return (place, anchor.entity, other.entity) in self._places

    def blames(self, other: Sighting, blamed: Sighting) -> bool:
        return other.peer is not None and (other.peer == blamed.entity or (blamed.entity, other.peer) in self._backs)

    def follows(self, cause: Sighting, effect: Sighting) -> bool:
        return (cause.symptom_class, effect.symptom_class) in self._follows
