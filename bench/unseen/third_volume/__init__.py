"""The third volume: by an author who had read neither the engine's knowledge nor the stories of the former ones."""

from bench.unseen.third_volume import (
    attaching,
    contention,
    crowds,
    hardware,
    identity,
    leave,
    machines,
    matches,
    outages,
    places,
    reaching,
    readiness,
    reels,
    starting,
    stores,
    trust,
    waits,
    wards,
    ways,
)
from bench.unseen.truths import STORIES

MODULES = (
    attaching,
    contention,
    crowds,
    hardware,
    identity,
    leave,
    machines,
    matches,
    outages,
    places,
    reaching,
    readiness,
    reels,
    starting,
    stores,
    trust,
    waits,
    wards,
    ways,
)
ALL = tuple(STORIES[name] for name in sorted(STORIES) if STORIES[name].volume == 3)
