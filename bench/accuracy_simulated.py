"""
How often the largest incident told names the true culprit, over simulated faults; beside it two baselines on the same incident.

The simulator (headwater.testing) has its own mechanisms, lags and noise and never imports the rules.
"""

import argparse
import json
import math
import multiprocessing
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from multiprocessing.pool import Pool
from pathlib import Path

from headwater.testing.accuracy import PairScore, Score, root_of, score, score_pair
from headwater.testing.faults import FAMILIES
from headwater.testing.playback import told_of
from headwater.testing.simulator import CLEAN, HARD, NOISY, simulate, simulate_quiet, simulate_two

CONDITIONS = {"clean": CLEAN, "noisy": NOISY, "hard": HARD}
PAIRS = [("oom", "config"), ("oom", "rollout"), ("config", "image"), ("oomloop", "oom"), ("rollout", "oomloop")]
SKEWED_SECONDS = 2.0


@dataclass(frozen=True)
class Job:
    """One run of the engine, small enough to send to another process."""

    kind: str  # single, pair, quiet, skew
    family: str
    seed: int
    condition: str = "noisy"


def run_single(job: Job) -> Score:
    scenario = simulate(job.family, job.seed, CONDITIONS[job.condition])
    return score(scenario, told_of(scenario))


def run_pair(job: Job) -> PairScore:
    first, second = job.family.split("+")
    scenario = simulate_two((first, second), job.seed, CONDITIONS[job.condition])
    return score_pair(scenario, told_of(scenario))


def run_quiet(job: Job) -> tuple[int, int, int]:
    """Events, incidents and alerts of an hour in which nothing is wrong."""
    scenario = simulate_quiet(job.seed)
    told = told_of(scenario)
    return len(scenario.events), len(told.incidents()), len(told.alerts())


def run_skew(job: Job) -> tuple[bool, bool]:
    """Whether clocks that are wrong by up to two seconds change the root; and whether they change the unit it is of."""
    plain = CONDITIONS[job.condition]
    roots = []
    for conditions in (plain, replace(plain, node_skew_seconds=SKEWED_SECONDS)):
        scenario = simulate(job.family, job.seed, conditions)
        result = told_of(scenario).largest_incident()
        roots.append((result.cause.entity, result.cause.symptom_class, root_of(scenario.cluster, result)) if result else ("", "", ""))
    return roots[0][:2] != roots[1][:2], roots[0][2] != roots[1][2]


def interval(right: int, total: int) -> str:
    """Wilson's 95 % interval of a share."""
    if not total:
        return "-"
    z, share = 1.96, right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return f"{middle - half:.2f}-{middle + half:.2f}"


COLUMNS = ["family", "runs", "AC@1", "95 %", "AC@3", "earliest", "alerts", "precision", "recall", "untold"]


def print_accuracy(condition: str, scores: list[Score], *, misses: bool) -> dict[str, float]:
    """The table of one condition; returns its overall shares."""
    by_family: defaultdict[str, list[Score]] = defaultdict(list)
    for one in scores:
        by_family[one.family].append(one)
    print(f"\n{condition}: {CONDITIONS[condition]}")
    print(" ".join(f"{column:>10}" for column in COLUMNS))
    for family, group in [*by_family.items(), ("all", scores)]:
        print(" ".join(f"{cell:>10}" for cell in accuracy_row(family, group)))
    seen = [one for one in scores if one.root_event_arrived]
    print(f"where the root's event arrived: AC@1 {share(one.is_right for one in seen):.3f} of {len(seen)}")
    for one in scores if misses else []:
        if not one.is_right:
            print(f"  miss {one.name}: {one.named} [{one.named_class}] {one.verdict} {one.confidence:.2f}; truth {one.truth}")
            print(f"       root event {'arrived' if one.root_event_arrived else 'lost'}; alternatives {', '.join(one.alternatives[:3])}")
    return {
        "accuracy": share(one.is_right for one in scores),
        "earliest": share(one.earliest == one.truth for one in scores),
        "alerts": share(one.most_alerts == one.truth for one in scores),
    }


def accuracy_row(family: str, group: list[Score]) -> list[str]:
    """The cells of one family, in the order of COLUMNS."""
    right = sum(one.is_right for one in group)
    shares = [
        share(one.is_among_three for one in group),
        share(one.earliest == one.truth for one in group),
        share(one.most_alerts == one.truth for one in group),
        mean(one.precision for one in group),
        mean(one.recall for one in group),
    ]
    untold = sum(not one.verdict for one in group)
    return [
        family,
        str(len(group)),
        f"{right / len(group):.3f}",
        interval(right, len(group)),
        *(f"{value:.3f}" for value in shares),
        str(untold),
    ]


def share(claims: Iterable[bool]) -> float:
    """The share of claims that hold."""
    return mean(float(claim) for claim in claims)


def mean(values: Iterable[float]) -> float:
    """The mean, 0 of nothing."""
    known = list(values)
    return math.fsum(known) / len(known) if known else 0.0


def measure_singles(pool: Pool, options: argparse.Namespace) -> dict[str, object]:
    figures: dict[str, object] = {}
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    for condition in options.conditions if options.seeds else []:
        jobs = [Job("single", family, seed, condition) for family in options.families for seed in seeds]
        began = time.perf_counter()
        scores = pool.map(run_single, jobs, chunksize=5)
        figures[condition] = print_accuracy(condition, scores, misses=options.misses)
        print(f"{len(jobs)} runs in {time.perf_counter() - began:.0f} s")
    return figures


def measure_pairs(pool: Pool, options: argparse.Namespace) -> dict[str, int]:
    seeds = range(options.first_seed, options.first_seed + options.pairs)
    pairs = pool.map(run_pair, [Job("pair", "+".join(pair), seed) for pair in PAIRS for seed in seeds], chunksize=2)
    apart, right = sum(one.is_apart for one in pairs), sum(one.is_right for one in pairs)
    print(f"\ntwo faults on one node: {len(pairs)} runs, {apart} stayed apart, both named in {right}")
    for one in pairs if options.misses else []:
        if not (one.is_apart and one.is_right):
            print(f"  miss {one.name}: truths {one.truths}, named {one.named}, mixed incidents {one.shared}")
    return {"runs": len(pairs), "apart": apart, "right": right}


def measure_skew(pool: Pool, options: argparse.Namespace) -> dict[str, int]:
    seeds = range(options.first_seed, options.first_seed + options.skew)
    changed = pool.map(run_skew, [Job("skew", family, seed) for family in options.families for seed in seeds], chunksize=5)
    roots, units = (sum(change[index] for change in changed) for index in range(2))
    total = len(changed)
    print(f"\nclocks wrong by up to 2 s: the root changed in {roots} of {total} runs ({roots / total:.2%}), its unit in {units}")
    return {"runs": total, "changed": roots, "unit_changed": units}


def measure_quiet(pool: Pool, options: argparse.Namespace) -> dict[str, int]:
    jobs = [Job("quiet", "", options.first_seed + seed) for seed in range(options.quiet)]
    hours = pool.map(run_quiet, jobs, chunksize=1)
    events, incidents, alerts = (sum(hour[index] for hour in hours) for index in range(3))
    print(f"\nnothing wrong for {len(hours)} hours: {events} events, {incidents} incidents told, {alerts} alerts")
    return {"hours": len(hours), "incidents": incidents, "alerts": alerts}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100, help="seeds per family and condition")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--families", nargs="*", default=list(FAMILIES), choices=list(FAMILIES))
    parser.add_argument("--conditions", nargs="*", default=list(CONDITIONS), choices=list(CONDITIONS))
    parser.add_argument("--pairs", type=int, default=20, help="seeds per pair of simultaneous faults")
    parser.add_argument("--quiet", type=int, default=20, help="hours in which nothing is wrong")
    parser.add_argument("--skew", type=int, default=30, help="seeds per family for clocks wrong by two seconds")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--misses", action="store_true", help="print every run that named another")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    with multiprocessing.Pool(options.processes) as pool:
        figures = measure_singles(pool, options)
        if options.pairs:
            figures["pairs"] = measure_pairs(pool, options)
        if options.skew:
            figures["skew"] = measure_skew(pool, options)
        if options.quiet:
            figures["quiet"] = measure_quiet(pool, options)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
