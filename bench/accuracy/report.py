"""What is printed: tables of figures with their floors beside them."""

from collections.abc import Mapping, Sequence
from statistics import median

from bench.accuracy.calibration import Calibration
from bench.accuracy.outcomes import Outcome
from bench.accuracy.scorer import Figures

HEADER = (
    f"{'group':44s} {'n':>4s}  {'AC@1 [95 %]':21s} {'AC@3':>5s} {'AC@5':>5s} {'Avg@5':>5s} {'MRR':>5s} | {'fault@1':>7s} {'fault@3':>7s} "
    f"{'class@1':>7s} | delay s"
)


def figures_line(name: str, figures: Figures) -> str:
    """One group."""
    low, high = figures.at_1_interval
    delay = "-" if figures.median_delay is None else f"{figures.median_delay:.0f}"
    return (
        f"{name:44s} {figures.cases:4d}  {figures.at_1:.3f} [{low:.3f}, {high:.3f}]  {figures.at_3:.3f} {figures.at_5:.3f} "
        f"{figures.average_5:.3f} {figures.reciprocal_rank:.3f} | {figures.fault_at_1:7.3f} {figures.fault_at_3:7.3f} "
        f"{figures.class_at_1:7.3f} | {delay}"
    )


def print_scored(name: str, scored: Mapping[str, Figures], floors: Mapping[str, Figures]) -> None:
    """The table of a set with truths."""
    print(f"\n== {name}\n{HEADER}")
    for group, figures in scored.items():
        print(figures_line(group, figures))
    for floor, figures in floors.items():
        print(figures_line(f"floor: {floor}", figures))


def print_effort(outcomes: Sequence[Outcome], false_incidents: Sequence[int]) -> None:
    """What a case costs, and how many incidents of it are about nothing that happened."""
    false = f"{sum(false_incidents) / len(false_incidents):.2f} false incidents a case, " if false_incidents else ""
    rejected = sum(outcome.rejected for outcome in outcomes)
    print(
        f"{false}{1000 * median(outcome.seconds for outcome in outcomes):.0f} ms a case (topology "
        f"{1000 * median(outcome.topology_seconds for outcome in outcomes):.0f} ms), {milliseconds_per_thousand(outcomes):.1f} ms per "
        f"1,000 events (medians, one core), {rejected} events rejected"
    )


def milliseconds_per_thousand(outcomes: Sequence[Outcome]) -> float:
    """The median over cases of the time for all of it, topology included, per thousand events."""
    return median(1e6 * outcome.seconds / max(1, outcome.events) for outcome in outcomes)


def print_quiet(name: str, outcomes: Sequence[Outcome], minutes: float) -> None:
    """A set in which nothing failed: whatever is told is false."""
    alerts, incidents = sum(outcome.alerts for outcome in outcomes), sum(len(outcome.incidents) for outcome in outcomes)
    print(f"\n== {name}: nothing failed in {len(outcomes)} windows, {minutes:.0f} minutes together")
    tens = max(minutes, 1.0) / 10
    print(f"{alerts} false alerts, {alerts / tens:.2f} per 10 minutes; {incidents} incidents, {incidents / tens:.2f}")


def print_calibration(found: Calibration) -> None:
    """All sets with truths together."""
    low, high = found.error_interval
    print(
        f"\n== calibration over {found.cases} cases: ECE {found.error:.3f} [{low:.3f}, {high:.3f}], Brier {found.brier:.3f}, "
        f"AURC {found.risk_area:.3f}"
    )
