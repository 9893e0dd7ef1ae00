"""
How often the published results name the true cause of recorded failures, beside floors that know nothing.

Plays every case of every set in the folders to a fresh engine of one configuration. A set without truths counts as fault-free.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from bench.accuracy.cases import CaseSet, find_sets
from bench.accuracy.evaluation import Evaluation, evaluate
from bench.accuracy.features import features_of
from bench.accuracy.miss_summary import summary_lines
from bench.accuracy.misses import misses_of, type_lines
from bench.accuracy.outcomes import run_cases
from bench.accuracy.record import RECORD, record_of, write
from bench.accuracy.report import print_calibration, print_effort, print_quiet, print_scored


def main() -> int:
    options = _options()
    sets = [each for folder in options.folders for each in find_sets(folder) if options.set in (None, each.name)]
    sets = [_only(each, options.case) for each in sets]
    folders = [folder for each in sets for folder in each.cases]
    if not folders:
        print(f"no cases in {', '.join(map(str, options.folders))}: give a folder of recorded failures", file=sys.stderr)
        return 2
    outcomes = {outcome.folder.path: outcome for outcome in run_cases(folders, options.jobs, through_nats=options.through_nats)}
    evaluations = [evaluate(each, [outcomes[folder.path] for folder in each.cases]) for each in sets if each.cases]
    for evaluation in evaluations:
        _print(evaluation)
    record = record_of(evaluations)
    for file in (RECORD if options.record else None, options.json):
        if file is not None:
            write(record, file)
    if record.calibration.cases:
        print_calibration(record.calibration)
    if options.explain_misses:
        _explain_misses(options.explain_misses, evaluations)
    if options.calibration:
        _write_calibration(options.calibration, evaluations)
    if options.predictions:
        _write_predictions(options.predictions, evaluations)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.accuracy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path, help="folders with sets of cases, at any depth")
    parser.add_argument("--set", help="only the set of this name")
    parser.add_argument("--case", help="only the case of this name")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--through-nats", action="store_true", help="play each case over a server of its own to a live engine")
    parser.add_argument("--record", action="store_true", help="write the figures to bench/accuracy.json, below which none may fall again")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    parser.add_argument("--calibration", type=Path, metavar="FILE", help="write confidence, its features and hit of each case")
    parser.add_argument("--predictions", type=Path, help="write the predictions of each set to <set>.jsonl in this folder")
    parser.add_argument("--explain-misses", metavar="FILE", help="write why each wrong case is wrong; - to standard output")
    return parser.parse_args()


def _only(each: CaseSet, case: str | None) -> CaseSet:
    return each if case is None else msgspec.structs.replace(each, cases=tuple(folder for folder in each.cases if folder.name == case))


def _print(evaluation: Evaluation) -> None:
    if evaluation.rows:
        print_scored(evaluation.set.name, evaluation.figures, evaluation.floors)
        print_effort(evaluation.outcomes, evaluation.false_incidents)
    else:
        print_quiet(evaluation.set.name, evaluation.outcomes, evaluation.minutes)
        print_effort(evaluation.outcomes, ())


def _explain_misses(file: str, evaluations: Sequence[Evaluation]) -> None:
    lines: list[str] = []
    accounts: list[str] = []
    for evaluation in evaluations:
        outcomes = {outcome.folder.name: outcome for outcome in evaluation.outcomes}
        misses = misses_of(evaluation.rows, outcomes)
        if evaluation.rows:
            lines += [f"##### {evaluation.set.name}", *summary_lines(evaluation.rows, misses), ""]
            lines += ["right ones of another type:", *type_lines(evaluation.rows, outcomes), ""]
        accounts += [line for miss in misses for line in (*miss.lines(), "")]
    text = "\n".join([*lines, *accounts]) + "\n"
    if file == "-":
        print(text, end="")
    else:
        Path(file).write_text(text, encoding="utf-8")


def _write_calibration(file: Path, evaluations: Sequence[Evaluation]) -> None:
    found = [
        features_of(row, outcome)
        for evaluation in evaluations
        for outcomes in [{outcome.folder.name: outcome for outcome in evaluation.outcomes}]
        for row in evaluation.rows
        for outcome in [outcomes[row.label.case]]
    ]
    file.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in found if each is not None))


def _write_predictions(folder: Path, evaluations: Sequence[Evaluation]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for evaluation in evaluations:
        lines = [msgspec.json.encode(outcome.prediction) for outcome in evaluation.outcomes]
        (folder / f"{evaluation.set.name}.jsonl").write_bytes(b"\n".join(lines) + b"\n")


if __name__ == "__main__":
    sys.exit(main())
