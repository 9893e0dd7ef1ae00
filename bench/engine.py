"""
The engine alone, from the JSON of events to effects in memory, on one core, told as the service tells it.

Time is processor time of this process, so other work on the machine changes little. Each figure is the median of `--repeats` runs on
fresh systems that had seen the topology and some traffic before. Garbage collection is on and as the service sets it.
"""

import argparse
import gc
import sys
import time
from collections.abc import Sequence

from headwater.correlation.system import CorrelationSystem
from headwater.model.inputs import EventObserved, TimePassed
from headwater.model.times import parse_time, seconds
from headwater.service.driving import tell
from headwater.testing.measuring import machine, median
from headwater.testing.playback import packaged_system, topology_inputs
from headwater.testing.traffic import HEALTHY_KINDS, Mix, Traffic

START = parse_time("2026-01-05T10:00:00Z")
BATCH = 500


class CollectorWatch:
    """How often and how long the garbage collector ran."""

    def __init__(self) -> None:
        self.runs = 0
        self.seconds = 0.0
        self.longest = 0.0
        self._began = 0.0

    def __call__(self, phase: str, _info: dict[str, int]) -> None:
        """Take the collector's word that it starts or has ended."""
        if phase == "start":
            self._began = time.process_time()
        else:
            took = time.process_time() - self._began
            self.runs += 1
            self.seconds += took
            self.longest = max(self.longest, took)


def warm_system(traffic: Traffic, count: int, per_second: float) -> tuple[CorrelationSystem, int]:
    """A system that knows the cluster and has seen some traffic, and the time it is there."""
    system = packaged_system()
    tell(system, topology_inputs(traffic.objects(), received_at=START - seconds(60)), BATCH)
    warm = list(traffic.events(count, START, per_second))
    tell(system, warm, BATCH)
    return system, warm[-1].received_at


def tell_all(system: CorrelationSystem, events: Sequence[EventObserved]) -> float:
    """Processor seconds that the events took."""
    began = time.process_time()
    for start in range(0, len(events), BATCH):
        tell(system, events[start : start + BATCH], BATCH)
    return time.process_time() - began


def measure_mix(options: argparse.Namespace) -> None:
    rates, judgements, tells = [], [], []
    watch = CollectorWatch()
    kept = 0
    for repeat in range(options.repeats):
        traffic = Traffic(f"mix/{repeat}")
        system, now = warm_system(traffic, options.warm, options.per_second)
        events = list(traffic.events(options.events, now + 1, options.per_second))
        before = dict(system.counters)
        gc.collect()
        blocks = sys.getallocatedblocks()
        gc.callbacks.append(watch)
        took = tell_all(system, events)
        gc.callbacks.remove(watch)
        kept = sys.getallocatedblocks() - blocks
        rates.append(len(events) / took)
        judgements.append((system.counters["judgements"] - before["judgements"]) / took)
        tells.append(system.counters["results"] - before["results"])
        if repeat == 0:
            healthy = system.counters["events_healthy"] - before["events_healthy"]
            size = sum(len(event.data) for event in events) / len(events)
            print(f"mix: {healthy / len(events):.1%} healthy, {size:.0f} B an event, {options.per_second:,.0f} events a second of the log")
    print(f"  {median(rates):>10,.0f} events/s   ({1e6 / median(rates):.2f} us an event; from {min(rates):,.0f} to {max(rates):,.0f})")
    print(f"  {median(judgements):>10,.0f} judgements/s, {median(tells):.0f} results told")
    print(
        f"  garbage collector: {watch.runs} runs, {watch.seconds / options.repeats * 1e6 / options.events:.2f} us an event,"
        f" longest {watch.longest * 1e3:.1f} ms; {kept / options.events:.3f} blocks kept an event"
    )


def measure_kind(kind: str, options: argparse.Namespace) -> float:
    """Microseconds an event of one kind, everything else being warm."""
    figures = []
    for repeat in range(options.repeats):
        traffic = Traffic(f"kind/{repeat}")
        system, now = warm_system(traffic, options.warm // 5, options.per_second)
        count = options.of_kind // (10 if kind == "fresh" else 1)
        step = seconds(1 / options.per_second)
        events = [traffic.event_of(kind, now + index * step).observed(now + index * step, index + 1) for index in range(count)]
        # One call, no judging in between but what falls due: judging has its own figure.
        began = time.process_time()
        system.handle_batch(events)
        figures.append((time.process_time() - began) * 1e6 / count)
    return median(figures)


def measure_judging(options: argparse.Namespace) -> tuple[float, float]:
    """Microseconds a judgement, of incidents whose counts grew; and how many vertices they have on average."""
    figures, sizes = [], []
    for repeat in range(options.repeats):
        traffic = Traffic(f"judge/{repeat}", Mix(storms=0.5, blips=0.0, fresh=0.0))
        system, now = warm_system(traffic, 5_000, options.per_second)
        spent, judged = 0.0, 0
        for second in range(30):
            now += seconds(2)
            batch = [traffic.event_of("storm", now).observed(now, second * 200 + index) for index in range(200)]
            system.handle_batch(batch)
            before = system.counters["judgements"]
            now += seconds(1.5)
            began = time.process_time()
            system.handle_batch([TimePassed(now)])
            spent += time.process_time() - began
            judged += system.counters["judgements"] - before
        figures.append(spent * 1e6 / max(1, judged))
        sizes.append(judged / 30)
    return median(figures), median(sizes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000, help="events of the mix in each run")
    parser.add_argument("--of-kind", type=int, default=20_000, help="events of each single kind in each run")
    parser.add_argument("--warm", type=int, default=20_000, help="events before measuring")
    parser.add_argument("--per-second", type=float, default=10_000, help="events in each second of the log")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    print(f"engine alone, one core, batches of {BATCH}, median of {options.repeats} runs; {machine()}")
    measure_mix(options)
    print("by kind, judging apart:")
    for kind in HEALTHY_KINDS:
        print(f"  {measure_kind(kind, options):>10.2f} us  healthy {kind}")
    for kind, name in (("storm", "symptom, repeated"), ("blip", "symptom, of 1,500 that come and go"), ("fresh", "symptom of a new pod")):
        print(f"  {measure_kind(kind, options):>10.2f} us  {name}")
    cost, count = measure_judging(options)
    print(f"  {cost:>10.0f} us  judging one incident of a storm again ({count:.1f} at once)")


if __name__ == "__main__":
    main()
