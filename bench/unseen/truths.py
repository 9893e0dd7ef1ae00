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


class Truth(msgspec.Struct, frozen=True):
    """What somebody who knows all would say: the app, node, zone, namespace or host that failed, and how."""

    object: str
    fault_type: str
    fault_class: str
    object_kind: str = "app"


class Story(msgspec.Struct, frozen=True):
    """One failure and how it is told."""

    name: str
    family: str
    application: Application
    truth: Truth
    tell: Callable[["Recording"], None]
    has_decoy: bool

    @property
    def case(self) -> str:
        """The name of its case, which says nothing."""
        return f"uns-{sha256(self.name.encode()).hexdigest()[:8]}"


STORIES: dict[str, Story] = {}


def story(
    application: Application, family: str, truth: Truth, *, decoy: bool = False
) -> Callable[[Callable[["Recording"], None]], Callable[["Recording"], None]]:
    """Register a story under the name of its function."""

    def register(tell: Callable[["Recording"], None]) -> Callable[["Recording"], None]:
        name = tell.__name__
        assert name not in STORIES, name
        STORIES[name] = Story(name, family, application, truth, tell, decoy)
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
