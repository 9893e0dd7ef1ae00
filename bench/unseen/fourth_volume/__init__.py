"""The fourth volume: by an author who had read neither the engine's knowledge nor how well it did."""

from bench.unseen.fourth_volume import (
    crashing,
    crowds,
    doors,
    fences,
    halls,
    leaders,
    machines,
    names,
    papers,
    places,
    probes,
    pulling,
    releases,
    settings,
    swelling,
    volumes,
    waiting,
)
from bench.unseen.truths import STORIES

MODULES = (
    crashing,
    crowds,
    doors,
    fences,
    halls,
    leaders,
    machines,
    names,
    papers,
    places,
    probes,
    pulling,
    releases,
    settings,
    swelling,
    volumes,
    waiting,
)
ALL = tuple(STORIES[name] for name in sorted(STORIES) if STORIES[name].volume == 4)
