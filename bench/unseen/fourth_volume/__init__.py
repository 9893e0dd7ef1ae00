"""The fourth volume: by an author who had read neither the engine's knowledge nor how well it did."""

from bench.unseen.fourth_volume import probes, pulling, settings, swelling
from bench.unseen.truths import STORIES

MODULES = (probes, pulling, settings, swelling)
ALL = tuple(STORIES[name] for name in sorted(STORIES) if STORIES[name].volume == 4)
