"""The fourth volume: by an author who had read neither the engine's knowledge nor how well it did."""

from bench.unseen.fourth_volume import (
    crashing,
    doors,
    fences,
    halls,
    leaders,
    machines,
    names,
    papers,
    probes,
    pulling,
    releases,
    settings,
    swelling,
)
from bench.unseen.truths import STORIES

MODULES = (crashing, doors, fences, halls, leaders, machines, names, papers, probes, pulling, releases, settings, swelling)
ALL = tuple(STORIES[name] for name in sorted(STORIES) if STORIES[name].volume == 4)
