"""Prints a digest of every effect of some scenarios: run by a test in processes that hash strings differently."""

from collections.abc import Iterator
from hashlib import blake2b
from random import Random

import msgspec
from tests.properties.orders import Way, arrivals, told_by
from tests.properties.worlds import Chaos, chaos, crowded_windows

from headwater.model.effects import Effect, PublishResult
from headwater.model.inputs import Input
from headwater.model.times import seconds
from headwater.testing.playback import packaged_system, scenario_inputs
from headwater.testing.scenarios import demo_scenario
from headwater.testing.simulator import HARD, simulate, simulate_two

SPREAD = Way(lateness=seconds(60), topology_lateness=seconds(600), duplicates=0.2)


def logs() -> Iterator[tuple[str, list[Input]]]:
    """Logs in which sets are likely to matter: many entities, ties, merges."""
    yield "story", scenario_inputs(demo_scenario("story"))
    yield "node", scenario_inputs(simulate("node", 3, HARD))
    yield "two faults", scenario_inputs(simulate_two(("oomloop", "config"), 4, HARD))
    yield "windows", arrivals(crowded_windows(), SPREAD, Random("windows"))
    for seed in range(3):
        yield f"chaos {seed}", arrivals(chaos(f"hash/{seed}", Chaos(events=60, span=600)), SPREAD, Random(seed))


def text_of(effect: Effect) -> bytes:
    """All that an effect asks for."""
    return msgspec.json.encode(effect) + (effect.body if isinstance(effect, PublishResult) else b"")


if __name__ == "__main__":
    for name, inputs in logs():
        system = packaged_system()
        told = told_by(inputs, batch_max=16, system=system)
        digest = blake2b(digest_size=16)
        for effect in told.effects:
            digest.update(text_of(effect))
        digest.update(system.snapshot())
        print(name, len(told.effects), digest.hexdigest())
