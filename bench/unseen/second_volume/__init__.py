"""The second volume: by an author who had read neither the engine's knowledge nor the stories of the first."""

from bench.unseen.second_volume import (
    access,
    configuration,
    databases,
    images,
    machines,
    memory,
    networks,
    probing,
    scaling,
    secrecy,
    serving,
)
from bench.unseen.truths import STORIES

MODULES = (access, configuration, databases, images, machines, memory, networks, probing, scaling, secrecy, serving)
ALL = tuple(STORIES[name] for name in sorted(STORIES) if STORIES[name].volume == 2)
