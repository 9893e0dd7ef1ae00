"""The fifth volume: a site that sells journeys and a laboratory's computers, by another author who had read no rules."""

from bench.unseen.fifth_volume import doors, machines, programs, settings, starting, stores
from bench.unseen.truths import STORIES

MODULES = (doors, machines, programs, settings, starting, stores)
ALL = tuple(STORIES[name] for name in sorted(STORIES) if STORIES[name].volume == 5)
