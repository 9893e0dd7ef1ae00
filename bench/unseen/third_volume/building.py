"""How stories of the third volume are registered."""

from functools import partial

from bench.unseen.truths import story

third = partial(story, volume=3)
"""Registers a story of this volume."""
