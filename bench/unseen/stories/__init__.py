"""All stories, by family; each module registers its own."""

from bench.unseen.stories import configuration, images, memory, probes
from bench.unseen.truths import STORIES

MODULES = (configuration, images, memory, probes)
ALL = tuple(STORIES[name] for name in sorted(STORIES))
