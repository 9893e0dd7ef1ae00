"""
Whether the numbers that were set by hand fit the mechanisms, or only the recorded cases.

Each number is halved and doubled (or set to its neighbours), all cases are played again, and for every fault type the value is chosen
that does best on all other types. Where the types held out score less than with the committed value, the committed value owes its place
to single types: it is overfitted. Then all probabilities, spontaneities and weights of evidence are disturbed at once: what comes of
the figures says how much the exact numbers matter.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal

import msgspec
from bench.accuracy.cases import Case, CaseFolder, CaseSet, find_sets, read_case
from bench.accuracy.held_out import COMMITTED, Hit, Hits, at_first, figures_of, held_out, row_of
from bench.accuracy.labels import Label, read_labels
from bench.accuracy.outcomes import outcome_of
from bench.accuracy.playing import play_at_once
from bench.accuracy.ranking import Prediction
from bench.accuracy.scorer import mean, score
from bench.accuracy.tuned_numbers import NUMBERS, Number, Variant, in_force, knowledge_of, values_of

from headwater.model.times import seconds
from headwater.service.knowledge import rule_texts

SEEDS = range(8)
SECOND = seconds(1)


def run(variant: Variant, folder: CaseFolder) -> Prediction:
    """Play one case in one setting."""
    case, rules = _case(folder), knowledge_of(variant)
    with in_force(variant):
        return outcome_of(case, play_at_once(case, rules)).prediction


@cache
def _case(folder: CaseFolder) -> Case:
    """Read once per process, since every variant plays all."""
    return read_case(folder)


class Truths(msgspec.Struct, frozen=True):
    """The sets of one folder and what is true of them."""

    sets: Sequence[CaseSet]
    labels: Mapping[str, Sequence[Label]]  # by name of the set

    @property
    def folders(self) -> list[CaseFolder]:
        """All cases."""
        return [folder for each in self.sets for folder in each.cases]

    def hits(self, predictions: Mapping[CaseFolder, Prediction]) -> list[Hit]:
        """Each case of these sets, scored."""
        found: list[Hit] = []
        for each in self.sets:
            of_set = {folder.name: predictions[folder] for folder in each.cases}
            rows = score([label for label in self.labels[each.name] if label.case in of_set], of_set)
            found += [Hit(each.name, f"{each.name}/{row.label.fault_type}", row.rank == 1) for row in rows]
        return found


def read_truths(folder: Path, cases_max: int | None = None) -> Truths:
    """The sets of a folder that have truths; of each at most so many cases."""
    labels = {each.name: read_labels(each.path) for each in find_sets(folder)}
    sets = [msgspec.structs.replace(each, cases=each.cases[:cases_max]) for each in find_sets(folder) if labels[each.name]]
    return Truths(sets, labels)


def variants_of(numbers: Iterable[Number], seeds: Iterable[int]) -> Iterator[Variant]:
    """All settings: as it is, everything disturbed, and each number beside its value."""
    yield Variant()
    yield from (Variant(seed=seed) for seed in seeds)
    yield from (Variant(number.name, factor) for number in numbers for factor in number.factors)


def main() -> int:
    options = _options()
    truths = [read_truths(folder, options.cases) for folder in (options.folder, options.unseen) if folder is not None]
    folders = [folder for each in truths for folder in each.folders]
    if not folders:
        print(f"no cases with truths in {options.folder}", file=sys.stderr)
        return 2
    numbers = [number for number in NUMBERS if options.only in (None, number.name)]
    variants = list(variants_of(numbers, SEEDS))
    hits: dict[Variant, list[list[Hit]]] = {}
    with get_context("spawn").Pool(options.jobs, initializer=signal, initargs=(SIGINT, SIG_IGN)) as pool, suppress(KeyboardInterrupt):
        # An interrupt ends it early, with the tables of what has been played.
        for variant in variants:
            found = dict(zip(folders, pool.imap(partial(run, variant), folders, chunksize=4), strict=True))
            hits[variant] = [each.hits(found) for each in truths]
            told = "  ".join(map(figures_of, hits[variant]))
            print(f"{len(hits)} of {len(variants)}: {told}  {variant}", file=sys.stderr, flush=True)
    if not hits:
        return 1
    for place in range(len(truths)):
        _print({variant: of_variant[place] for variant, of_variant in hits.items()}, numbers)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.accuracy.cross_validation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="a folder with sets of cases and their truths")
    parser.add_argument("--unseen", type=Path, metavar="FOLDER", help="do the same on these, apart")
    parser.add_argument("--only", metavar="NAME", help="only this number")
    parser.add_argument("--cases", type=int, metavar="N", help="only the first N cases of each set")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    return parser.parse_args()


def _print(hits: Mapping[Variant, Hits], numbers: Sequence[Number]) -> None:
    committed = hits[Variant()]
    print(f"\nAC@1 of {', '.join(at_first(committed))}; {len(committed)} cases, {len({hit.fault_type for hit in committed})} fault types\n")
    print("| number | as it is | less | AC@1 as it is | more | types held out | difference | another value chosen | |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    texts = rule_texts()
    for number in numbers:
        if any(Variant(number.name, factor) not in hits for factor in number.factors):
            continue
        by_factor = {COMMITTED: committed, **{factor: hits[Variant(number.name, factor)] for factor in number.factors}}
        print(row_of(number.name, _value(values_of(number, texts)), by_factor))
    # The first, as committed, has the factor that says so; the others only need one that differs.
    any_of_all = {float(place): found for place, found in enumerate(_tuned(hits), start=1)}
    held = held_out(any_of_all)
    print(f"\nThe best of all these settings, chosen without the type: {figures_of(held.hits)}, as committed: {figures_of(committed)}")
    print("\nAll probabilities, spontaneities and weights of evidence disturbed by factors from 1/3 to 3:\n")
    print("| set | as it is | mean | least | most |\n| --- | --- | --- | --- | --- |")
    runs = [at_first(found) for variant, found in hits.items() if variant.seed is not None]
    for name, value in at_first(committed).items() if runs else ():
        figures = [figure[name] for figure in runs]
        print(f"| {name} | {value:.3f} | {mean(figures):.3f} | {min(figures):.3f} | {max(figures):.3f} |")


def _value(values: Sequence[float]) -> str:
    """A number as it is committed, a group by its least and greatest; times are in nanoseconds."""
    told = [f"{value / SECOND:g} s" if value >= SECOND else f"{value:g}" for value in dict.fromkeys((values[0], values[-1]))]
    return " to ".join(told)


def _tuned(hits: Mapping[Variant, Hits]) -> Iterator[Hits]:
    """All but the disturbed ones, as committed first."""
    yield from (found for variant, found in hits.items() if variant.seed is None)


if __name__ == "__main__":
    sys.exit(main())
