"""One case played and ranked: what the scorer, the calibration and the tables of misses are made from. Knows no truth."""

import sys
from collections.abc import Iterable, Sequence
from functools import partial
from multiprocessing import get_context

import msgspec
from bench.accuracy.cases import Case, CaseFolder, read_case
from bench.accuracy.fault_types import packaged_types
from bench.accuracy.names import Names
from bench.accuracy.playing import Published, play
from bench.accuracy.ranking import Prediction, in_order, predict
from bench.accuracy.through_nats import play_through_nats

from headwater.model.results import CorrelationResult

_PROGRESS_EVERY = 20


class Outcome(msgspec.Struct, frozen=True):
    """What was published of a case and what it predicts."""

    folder: CaseFolder
    prediction: Prediction
    incidents: Sequence[CorrelationResult]  # the weightiest first
    named: Sequence[str]  # of each incident, whom it blames
    alerts: int
    events: int
    minutes: float
    rejected: int
    seconds: float
    topology_seconds: float

    @property
    def confidence(self) -> float:
        """Of the first suspect's incident; 0 where nothing was told."""
        return self.incidents[0].confidence if self.incidents else 0.0


def run_case(folder: CaseFolder, *, through_nats: bool = False) -> Outcome:
    """Play one case to a fresh system."""
    case = read_case(folder)
    if not through_nats:
        return outcome_of(case, play(case))
    found = outcome_of(case, play_through_nats(case))
    # A live engine tells by the machine's clock, years after the recording: that is no delay.
    return msgspec.structs.replace(found, prediction=msgspec.structs.replace(found.prediction, detected_at=None))


def outcome_of(case: Case, published: Published) -> Outcome:
    """What published results come to."""
    names = Names(case.versions)
    incidents = in_order(published)
    return Outcome(
        folder=case.folder,
        prediction=predict(case.folder.name, published, names, packaged_types()),
        incidents=incidents,
        named=[names.name_of(result.cause.owner or result.cause.entity) for result in incidents],
        alerts=sum(published.alerts.values()),
        events=case.events,
        minutes=case.minutes,
        rejected=published.rejected + case.invalid,
        seconds=published.seconds,
        topology_seconds=published.topology_seconds,
    )


def run_cases(folders: Sequence[CaseFolder], jobs: int, *, through_nats: bool = False) -> list[Outcome]:
    """Play all, in this order, over so many processes; progress goes to standard error."""
    run = partial(run_case, through_nats=through_nats)
    if jobs <= 1 or len(folders) <= 1:
        return list(_with_progress(map(run, folders), len(folders)))
    with get_context("spawn").Pool(min(jobs, len(folders))) as pool:
        return list(_with_progress(pool.imap(run, folders, chunksize=4), len(folders)))


def _with_progress(outcomes: Iterable[Outcome], total: int) -> Iterable[Outcome]:
    for number, outcome in enumerate(outcomes, start=1):
        if number % _PROGRESS_EVERY == 0 or number == total:
            print(f"{number} of {total} cases", file=sys.stderr)
        yield outcome
