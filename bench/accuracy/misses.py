"""
Why a case is wrong: the winner and its tree, where the true cause stood, and what it lacked.

What was lacking is one of: nothing was told at all; no event is about it; events are, but none has a class; its symptoms are in no
incident, or in another than the winner's (no edge to what that one explains); it was connected and outweighed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from bench.accuracy.cases import read_case
from bench.accuracy.evidence import NO_SYMPTOM, evidence_of
from bench.accuracy.names import Names
from bench.accuracy.outcomes import Outcome
from bench.accuracy.scorer import Row

from headwater.model.results import CorrelationResult

EDGES_SHOWN = 12
INCIDENTS_SHOWN = 6
KINDS_SHOWN = 10

NOTHING_TOLD = "nothing was told"
NO_EVENT = "no event is about it"
NO_CLASS = "its events have no class"
NOT_TOLD = "its symptoms are in no incident"
NO_EDGE = "no edge from it to what the winner explains"
OUTRANKED = "it is the cause of another incident, that weighs less"
OUTWEIGHED = "it is connected, and outweighed"


class Miss:
    """One wrong case."""

    def __init__(self, row: Row, outcome: Outcome) -> None:
        case = read_case(outcome.folder)
        self.row, self.outcome = row, outcome
        self.truth = row.label.truth
        self.names = Names(case.versions)
        self.evidence = evidence_of(case, self.names)

    @property
    def winner(self) -> CorrelationResult | None:
        """The weightiest incident."""
        return self.outcome.incidents[0] if self.outcome.incidents else None

    def lacking(self) -> str:
        """What the true cause lacked."""
        if self.winner is None:
            return NOTHING_TOLD
        if self.truth in self.outcome.named[1:]:
            return OUTRANKED
        if self._is_in(self.winner):
            return OUTWEIGHED
        said = self.evidence.about.get(self.truth, Counter())
        if not said:
            return NO_EVENT
        if all(each.symptom_class == NO_SYMPTOM for each in said):
            return NO_CLASS
        return NO_EDGE if any(self._is_in(result) for result in self.outcome.incidents[1:]) else NOT_TOLD

    def _is_in(self, result: CorrelationResult) -> bool:
        return any(self.names.name_of(member.entity) == self.truth for member in result.members) or any(
            self.names.name_of(alternative.entity) == self.truth for alternative in result.alternatives
        )

    def lines(self) -> Iterator[str]:
        """The whole account."""
        label, ranking = self.row.label, self.outcome.prediction.ranking
        suspects = ", ".join(f"{suspect.object} [{suspect.fault_type}]" for suspect in ranking)
        yield f"=== {label.case}: {label.object_kind or 'app'} {self.truth}, {label.fault_type} ({label.fault_class}, {label.system})"
        yield f"    rank {self.row.rank or '-'} of {suspects or 'nothing'}"
        yield f"    lacking: {self.lacking()}"
        yield "  what is said of the truth:"
        yield from self._said(self.truth)
        if self.winner is not None:
            yield from self._incident(1, self.winner, is_whole=True)
        for number, result in enumerate(self.outcome.incidents[1:INCIDENTS_SHOWN], start=2):
            yield from self._incident(number, result, is_whole=self._is_in(result))
        if len(self.outcome.incidents) > INCIDENTS_SHOWN:
            yield f"  … {len(self.outcome.incidents) - INCIDENTS_SHOWN} more incidents"

    def _said(self, name: str) -> Iterator[str]:
        said = self.evidence.about.get(name, Counter())
        if not said:
            yield "    (nothing)"
        order = sorted(said.items(), key=lambda item: (item[0].symptom_class == NO_SYMPTOM, item[0].severity == "info", -item[1]))
        for each, count in order[:KINDS_SHOWN]:
            yield f"    {count:4d} × {each.kind} ({each.severity}) → {each.symptom_class or 'no class'}: {each.example}"
        for (who, symptom_class), count in self.evidence.blaming.get(name, Counter()).most_common(KINDS_SHOWN):
            yield f"    {count:4d} × blamed by {who} ({symptom_class})"

    def _incident(self, number: int, result: CorrelationResult, *, is_whole: bool) -> Iterator[str]:
        yield (
            f"  incident {number}: {self.outcome.named[number - 1]} [{result.cause.symptom_class}] {result.pattern or '-'} {result.type} "
            f"{result.severity} {result.verdict} {result.confidence:.2f}, {len(result.members)} members: {result.root_cause}"
        )
        if not is_whole:
            return
        for edge in result.edges[:EDGES_SHOWN]:
            yield f"      {edge.cause} → {edge.effect} ({edge.rule}, {edge.lag_seconds:+.0f} s, weight {edge.weight:.2f})"
        if len(result.edges) > EDGES_SHOWN:
            yield f"      … {len(result.edges) - EDGES_SHOWN} more steps"
        for member in result.members:
            if self.names.name_of(member.entity) == self.truth:
                what = f"{member.symptom_class} ({member.role}) × {member.count} from {member.first_seen}"
                yield f"      truth's member: {what}: {member.text}"
        for alternative in result.alternatives:
            mark = "  ← the truth" if self.names.name_of(alternative.entity) == self.truth else ""
            yield f"      not {alternative.entity} [{alternative.symptom_class}] share {alternative.share:.2f}: {alternative.why_not}{mark}"


def misses_of(rows: Sequence[Row], outcomes: dict[str, Outcome]) -> list[Miss]:
    """The cases in which the truth is not the first suspect."""
    return [Miss(row, outcomes[row.label.case]) for row in rows if row.rank != 1]


def type_lines(rows: Sequence[Row], outcomes: dict[str, Outcome]) -> Iterator[str]:
    """Cases that name the right one with another fault type, one a line."""
    for row in sorted(rows, key=lambda row: (row.label.fault_type or "", row.label.case)):
        if row.rank == 1 and row.fault_rank != 1:
            outcome = outcomes[row.label.case]
            first = outcome.incidents[0]
            yield (
                f"{row.label.fault_type}: {row.label.case} predicts {outcome.prediction.ranking[0].fault_type or 'none'} from pattern "
                f"{first.pattern or '-'} and class {first.cause.symptom_class}: {first.root_cause}"
            )
