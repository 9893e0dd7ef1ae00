"""The stories of each volume; volumes have different authors, applications and failures, and each has two halves of its own."""

from collections.abc import Mapping, Sequence

from bench.unseen import fifth_volume, fourth_volume, second_volume, sixth_volume, stories, third_volume
from bench.unseen.truths import Story

VOLUMES: Mapping[int, Sequence[Story]] = {
    1: stories.ALL,
    2: second_volume.ALL,
    3: third_volume.ALL,
    4: fourth_volume.ALL,
    5: fifth_volume.ALL,
    6: sixth_volume.ALL,
}
