"""A number that was set by hand, chosen anew without one fault type at a time: what the types held out then score."""

from collections.abc import Mapping, Sequence

import msgspec
from bench.accuracy.scorer import mean

POINT = 0.01
"""A number that loses more than this where types are held out is overfitted."""

COMMITTED = 1.0
"""The factor of the value as it is."""


class Hit(msgspec.Struct, frozen=True):
    """Whether the true cause of one case came first."""

    set: str
    fault_type: str  # with the set's name before it
    is_first: bool


Hits = Sequence[Hit]


class Held(msgspec.Struct, frozen=True):
    """What came of choosing a value without the type that it is then tried on."""

    hits: Hits
    chosen: Mapping[str, float]  # by fault type: the factor that does best on all others


def held_out(by_factor: Mapping[float, Hits]) -> Held:
    """Every case as it is with the factor that does best on all other fault types; the committed value where that is as good."""
    chosen: dict[str, float] = {}
    for fault_type in sorted({hit.fault_type for hit in by_factor[COMMITTED]}):
        others = {factor: sum(hit.is_first for hit in hits if hit.fault_type != fault_type) for factor, hits in by_factor.items()}
        chosen[fault_type] = max(sorted(others), key=lambda factor: (others[factor], factor == COMMITTED))
    hits = [by_factor[chosen[hit.fault_type]][place] for place, hit in enumerate(by_factor[COMMITTED])]
    return Held(hits, chosen)


def at_first(hits: Hits) -> dict[str, float]:
    """AC@1 of each set."""
    return {name: mean(float(hit.is_first) for hit in hits if hit.set == name) for name in dict.fromkeys(hit.set for hit in hits)}


def losses(committed: Hits, held: Hits) -> dict[str, float]:
    """How much less each set scores where types are held out; less than nothing where it scores more."""
    before, after = at_first(committed), at_first(held)
    return {name: before[name] - after[name] for name in before}


def is_overfitted(committed: Hits, held: Hits) -> bool:
    """Whether all sets together lose more than a point."""
    return mean(float(hit.is_first) for hit in committed) - mean(float(hit.is_first) for hit in held) > POINT


def row_of(name: str, value: str, by_factor: Mapping[float, Hits]) -> str:
    """One line of the table; the number has been tried with a lesser and with a greater factor."""
    held = held_out(by_factor)
    committed = by_factor[COMMITTED]
    lost = losses(committed, held.hits)
    least, most = min(by_factor), max(by_factor)
    elsewhere = sum(factor != COMMITTED for factor in held.chosen.values())
    marks = [name for name, loss in lost.items() if loss > POINT]
    remark = "overfitted" if is_overfitted(committed, held.hits) else ", ".join(f"loses on {name}" for name in marks)
    cells = [
        name, value,
        f"×{least:g}: {figures_of(by_factor[least])}", figures_of(committed), f"×{most:g}: {figures_of(by_factor[most])}",
        figures_of(held.hits), " ".join(_signed(-loss) for loss in lost.values()), f"{elsewhere} of {len(held.chosen)}", remark,
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def figures_of(hits: Hits) -> str:
    """AC@1 of each set, in a row."""
    return " ".join(f"{value:.3f}" for value in at_first(hits).values())


def _signed(difference: float) -> str:
    return f"{difference:+.3f}" if round(difference, 3) else "0"
