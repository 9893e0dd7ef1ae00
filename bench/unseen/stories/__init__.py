"""All stories, by family; each module registers its own."""

from bench.unseen.stories import (
    code,
    configuration,
    databases,
    images,
    load,
    memory,
    network,
    node_losses,
    node_troubles,
    outside,
    probes,
    reaching,
    scheduling,
    storage,
)
from bench.unseen.truths import STORIES

MODULES = (
    code,
    configuration,
    databases,
    images,
    load,
    memory,
    network,
    node_losses,
    node_troubles,
    outside,
    probes,
    reaching,
    scheduling,
    storage,
)
ALL = tuple(STORIES[name] for name in sorted(STORIES) if STORIES[name].volume == 1)
